//! The help: the keys of the pane, the keys of everywhere, and the filter language.

use super::Pane;
use crate::keymap::{self, Action, Scope};
use crate::query::OPERATORS;
use crate::query::guide::{AWKWARD, EXAMPLES};

/// One line of the help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HelpLine {
    /// A heading.
    Heading(String),
    /// A name in a column of its own, and what it means; a name that is empty goes on with the one before.
    Entry {
        /// The name, padded.
        name: String,
        /// What it means.
        text: String,
    },
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
    /// The help on `pane`, in lines of at most `width` cells.
    pub fn new(pane: Pane, width: u16) -> Self {
        let mut sheet = Page {
            lines: Vec::new(),
            width: usize::from(width).max(NAMES + 20),
        };
        if pane == Pane::Filter {
            sheet.language();
        }
        let line = (pane == Pane::Filter).then_some(Scope::Line);
        for scope in [pane.scope()].into_iter().chain(line) {
            sheet.keys(scope);
        }
        let others = [
            Scope::Find,
            Scope::Save,
            Scope::Order,
            Scope::Global,
            Scope::Rejects,
            Scope::Copy,
        ];
        for scope in others {
            sheet.keys(scope);
        }
        if pane != Pane::Filter {
            sheet.language();
        }
        Self {
            pane,
            lines: sheet.lines,
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

/// Lines as they are written.
struct Page {
    lines: Vec<HelpLine>,
    width: usize,
}

impl Page {
    fn heading(&mut self, text: String) {
        if !self.lines.is_empty() {
            self.lines.push(HelpLine::Text(String::new()));
        }
        self.lines.push(HelpLine::Heading(text));
    }

    /// A name and what it means, on as many lines as that takes.
    fn entry(&mut self, name: &str, text: &str, names: usize) {
        let room = self.width.saturating_sub(names + 3).max(12);
        let mut name = format!("{name:<names$} ");
        for text in textwrap::wrap(text, room) {
            let text = text.into_owned();
            let blank = " ".repeat(names + 1);
            let name = std::mem::replace(&mut name, blank);
            self.lines.push(HelpLine::Entry { name, text });
        }
    }

    fn text(&mut self, text: &str) {
        for line in textwrap::wrap(text, self.width.saturating_sub(2)) {
            self.lines.push(HelpLine::Text(line.into_owned()));
        }
    }

    fn keys(&mut self, scope: Scope) {
        self.heading(match scope {
            Scope::Copy => "Copy: y, then".to_owned(),
            Scope::Rejects => "Rejects and troubles: R, then".to_owned(),
            Scope::Find => "Saved filters and history: Ctrl-R, then".to_owned(),
            Scope::Save => "Saving a filter: Ctrl-S in the filter bar, then".to_owned(),
            Scope::Order => "The order of the fields: o, then".to_owned(),
            scope => scope.title().to_owned(),
        });
        for binding in keymap::for_scope(scope) {
            let keys: Vec<String> = binding.keys.iter().map(ToString::to_string).collect();
            self.entry(&keys.join(" "), binding.help, NAMES);
        }
    }

    fn language(&mut self) {
        self.heading("The filter language".to_owned());
        for example in EXAMPLES {
            let filter = example.filters.first().copied().unwrap_or_default();
            self.entry(filter, example.selects, EXAMPLE_NAMES);
        }
        self.heading("What people trip over".to_owned());
        for part in AWKWARD {
            self.text(part.says);
            self.entry(&format!("  {}", part.filter), part.is, EXAMPLE_NAMES);
        }
        self.heading("Operators".to_owned());
        for def in OPERATORS {
            self.entry(&def.spellings.join(" "), def.help, NAMES);
        }
    }
}

/// The cells of the names of keys and operators.
const NAMES: usize = 18;
/// The cells of the examples of filters.
const EXAMPLE_NAMES: usize = 34;
