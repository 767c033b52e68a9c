//! The help: the keys of the pane, the keys of everywhere, and the filter language.

use super::Pane;
use crate::keymap::{self, Action, Scope};
use crate::query::OPERATORS;

/// One line of the help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HelpLine {
    /// A heading.
    Heading(String),
    /// A name and what it means.
    Entry(String, String),
    /// A sentence.
    Text(String),
}

/// The open help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Help {
    /// The pane it is about.
    pub pane: Pane,
    /// What it says.
    pub lines: Vec<HelpLine>,
    /// The first line on the screen.
    pub top: usize,
}

impl Help {
    /// The help on `pane`.
    pub fn new(pane: Pane) -> Self {
        let mut lines = Vec::new();
        if pane == Pane::Filter {
            language(&mut lines);
        }
        keys(&mut lines, pane.scope());
        keys(&mut lines, Scope::Global);
        keys(&mut lines, Scope::Copy);
        if pane != Pane::Filter {
            language(&mut lines);
        }
        Self {
            pane,
            lines,
            top: 0,
        }
    }

    /// Scrolls; `page` is how many lines are on the screen.
    pub fn act(&mut self, action: Action, page: usize) {
        let last = self.lines.len().saturating_sub(page);
        self.top = match action {
            Action::Down => self.top + 1,
            Action::Up => self.top.saturating_sub(1),
            Action::PageDown => self.top + page,
            Action::PageUp => self.top.saturating_sub(page),
            Action::Top => 0,
            Action::Bottom => last,
            _ => self.top,
        }
        .min(last);
    }
}

fn keys(lines: &mut Vec<HelpLine>, scope: Scope) {
    if !lines.is_empty() {
        lines.push(HelpLine::Text(String::new()));
    }
    let title = match scope {
        Scope::Copy => "Copy: y, then".to_owned(),
        scope => scope.title().to_owned(),
    };
    lines.push(HelpLine::Heading(title));
    for binding in keymap::for_scope(scope) {
        let keys: Vec<String> = binding.keys.iter().map(ToString::to_string).collect();
        lines.push(HelpLine::Entry(keys.join(" "), binding.help.to_owned()));
    }
}

fn language(lines: &mut Vec<HelpLine>) {
    let heading = |lines: &mut Vec<HelpLine>, text: &str| {
        if !lines.is_empty() {
            lines.push(HelpLine::Text(String::new()));
        }
        lines.push(HelpLine::Heading(text.to_owned()));
    };
    heading(lines, "The filter language");
    for (text, meaning) in EXAMPLES {
        lines.push(HelpLine::Entry((*text).to_owned(), (*meaning).to_owned()));
    }
    heading(lines, "What a missing value means");
    for text in MISSING {
        lines.push(HelpLine::Text((*text).to_owned()));
    }
    heading(lines, "Operators");
    for def in OPERATORS {
        let spellings = def.spellings.join(" ");
        lines.push(HelpLine::Entry(spellings, def.help.to_owned()));
    }
}

/// What people trip over, in sentences that fit on a narrow screen.
const MISSING: &[&str] = &[
    "Every comparison with a missing value (-) is false, != included; so not (…) is true.",
    "addr and port mean either side; != and not in mean neither.",
    "Records of protocols without ports have no port to a filter, though they print 0.",
    "An address or port after or and and takes the direction and protocol before it.",
];

/// Filters that show what the language can say.
pub const EXAMPLES: &[(&str, &str)] = &[
    ("reject", "what was not let in or out"),
    (
        "dst port 22",
        "to the port of ssh; `dst port ssh` is the same",
    ),
    ("src host 10.0.100.10", "sent by this address"),
    ("addr in 10.0.0.0/16", "from or to this network"),
    ("dstport in {22, 3389, 8000..8010}", "one of these"),
    ("bytes > 1MB or packets < 3", "big, or hardly anything"),
    ("srcaddr != 10.0.0.1", "has a source, and it is another one"),
    (
        "not srcaddr 10.0.0.1",
        "the same, and also records without a source",
    ),
    (
        "log-status in {NODATA, SKIPDATA}",
        "no traffic; or records that were lost",
    ),
];
