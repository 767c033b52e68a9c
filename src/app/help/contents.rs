//! What the help says: about a pane, ideas what to do in it, its keys, the filter language, and all other keys.

use super::Item;
use crate::app::Pane;
use crate::format;
use crate::keymap::{self, Scope};
use crate::query::OPERATORS;
use crate::query::guide::{AWKWARD, EXAMPLES};

/// The width of the column of keys and operators, in cells.
const NAME_WIDTH: usize = 18;
/// The width of the column of example filters and ideas, in cells.
const EXAMPLE_WIDTH: usize = 34;

/// The help for `pane`, with the `diagnostics` of the current filter.
pub(super) fn of(pane: Pane, diagnostics: &[String]) -> Vec<Item> {
    let mut contents = Contents(Vec::new());
    let is_filter = pane == Pane::Filter;
    if is_filter {
        contents.diagnostics(diagnostics);
    }
    contents.heading(pane.scope().title());
    contents.0.push(Item::Text(about(pane).to_owned()));
    for (question, way) in ideas(pane) {
        contents.entry(question, way, EXAMPLE_WIDTH);
    }
    if is_filter {
        contents.language();
    }
    contents.keys(pane.scope(), "Keys here");
    if is_filter {
        contents.keys(Scope::Line, Scope::Line.title());
    }
    contents.keys(Scope::Global, Scope::Global.title());
    if !is_filter {
        contents.language();
    }
    for (scope, heading) in WINDOWS {
        contents.keys(*scope, heading);
    }
    let others = Pane::ALL.into_iter().filter(|other| *other != pane);
    for other in others {
        contents.keys(other.scope(), other.scope().title());
    }
    contents.0
}

/// The windows over the panes, and how they are opened.
const WINDOWS: &[(Scope, &str)] = &[
    (Scope::Values, "Filters for a value: f, then"),
    (Scope::Palette, "Actions: :, then"),
    (Scope::Find, "Saved filters and history: Ctrl-R, then"),
    (
        Scope::Save,
        "Saving a filter: Ctrl-S in the filter bar, then",
    ),
    (
        Scope::Prompt,
        "Find (Ctrl-F), go to (Ctrl-G), time zone (T), then",
    ),
    (Scope::Columns, "Columns: C, then"),
    (Scope::Copy, "Copy: y, then"),
    (Scope::Format, "Order of fields: o, then"),
    (Scope::Problems, "Problems while reading: R, then"),
    (Scope::HelpSearch, "Searching the help: / in the help, then"),
    (
        Scope::Quit,
        "If something would be lost by quitting: q, then",
    ),
];

/// What a pane shows.
fn about(pane: Pane) -> &'static str {
    match pane {
        Pane::Filter => {
            "Type what the records have in common; all panes show only these. The line below is what the text means, \
             or where it is wrong. While the text is incomplete, the last good result stays."
        }
        Pane::Records => {
            "One record a line, as an interface reported it: traffic between two interfaces of yours is in the logs of \
             both. The cursor is a cell, and keys act on its value."
        }
        Pane::Timeline => {
            "When each interface had traffic, and how much of it was rejected. Every pane shows the same records, so a \
             filter changes the lanes too."
        }
        Pane::Breakdown => {
            "The records in groups by the values of a field, the largest group first. Drilling down keeps a group and \
             breaks it down by the next field."
        }
        Pane::Explain => {
            "The selected record as a sentence, then field by field: its value, what it means, and what is often \
             misunderstood about it."
        }
    }
}

/// Questions, and how they are answered in a pane.
fn ideas(pane: Pane) -> &'static [(&'static str, &'static str)] {
    match pane {
        Pane::Filter => &[
            (
                "No idea what to type?",
                "Ctrl-N lists what can be written here, with counts",
            ),
            ("Used it before?", "↑ walks the history, Ctrl-R searches it"),
            (
                "Needed again?",
                "Ctrl-S saves the filter under a name, for $name",
            ),
        ],
        Pane::Records => &[
            (
                "What else has this value?",
                "f lists filters for it with counts",
            ),
            ("Both directions of this flow?", "f, then c"),
            ("What happened around this time?", "f, then h"),
            ("What was rejected?", "/ and reject, then 3 for who sent it"),
            ("What does this field mean?", "e"),
        ],
        Pane::Timeline => &[
            (
                "What is this spike?",
                "go to its bar and press Enter, then 3",
            ),
            ("Only one interface?", "go to its lane and press ="),
        ],
        Pane::Breakdown => &[
            (
                "Who scans ports?",
                "/ and reject, then Enter on the first source, twice",
            ),
            ("Who sends most?", "s until it is by bytes"),
            ("One step back?", "u undoes a drill-down"),
        ],
        Pane::Explain => &[
            ("An example of this field?", "t tries a filter, u undoes it"),
            (
                "The next record?",
                "n and p, without leaving the explanation",
            ),
        ],
    }
}

struct Contents(Vec<Item>);

impl Contents {
    fn heading(&mut self, text: &str) {
        self.0.push(Item::Heading(text.to_owned()));
    }

    fn entry(&mut self, name: &str, text: &str, names: usize) {
        self.0.push(Item::Entry {
            name: name.to_owned(),
            text: text.to_owned(),
            names,
        });
    }

    /// Repeats the diagnostics of the current filter, because the filter bar may not have room for all of them.
    fn diagnostics(&mut self, diagnostics: &[String]) {
        if diagnostics.is_empty() {
            return;
        }
        self.heading("This filter");
        for sentence in diagnostics {
            self.0
                .push(Item::Text(format::visible(sentence).into_owned()));
        }
    }

    fn keys(&mut self, scope: Scope, heading: &str) {
        self.heading(heading);
        for binding in keymap::for_scope(scope) {
            let keys: Vec<String> = binding.keys.iter().map(ToString::to_string).collect();
            self.entry(&keys.join(" "), binding.help, NAME_WIDTH);
        }
    }

    fn language(&mut self) {
        self.heading("The filter language");
        for example in EXAMPLES {
            let filter = example.filters.first().copied().unwrap_or_default();
            self.entry(filter, example.selects, EXAMPLE_WIDTH);
        }
        self.heading("Common mistakes");
        for part in AWKWARD {
            self.0.push(Item::Text(part.says.to_owned()));
            self.entry(&format!("  {}", part.filter), part.is, EXAMPLE_WIDTH);
        }
        self.heading("Operators");
        for def in OPERATORS {
            self.entry(&def.spellings.join(" "), def.help, NAME_WIDTH);
        }
    }
}
