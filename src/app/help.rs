//! The help: the keys of the current pane, all other keys, and the filter language.

#[cfg(test)]
mod tests;

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::Pane;
use super::layout;
use super::view::{Context, Effect, View};
use crate::format;
use crate::keymap::{self, Action, Scope};
use crate::query::OPERATORS;
use crate::query::guide::{AWKWARD, EXAMPLES};

/// One line of the help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HelpLine {
    /// A heading.
    Heading(String),
    /// A name and what it means, in two columns. A blank name continues the entry above.
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
    /// The pane whose keys come first.
    pub(crate) pane: Pane,
    pub(crate) lines: Vec<HelpLine>,
    /// Index of the first line on the screen.
    pub(crate) top: usize,
    /// The maximum width of a line, in cells.
    width: u16,
    /// The diagnostics of the current filter, one sentence each.
    diagnostics: Vec<String>,
}

impl Help {
    /// The help for `pane`, in lines of at most `width` cells, with the `diagnostics` of the current filter.
    pub(crate) fn new(pane: Pane, width: u16, diagnostics: Vec<String>) -> Self {
        let mut text = Page {
            lines: Vec::new(),
            width: usize::from(width),
        };
        if pane == Pane::Filter {
            text.diagnostics(&diagnostics);
            text.language();
        }
        let line = (pane == Pane::Filter).then_some(Scope::Line);
        for scope in [pane.scope()].into_iter().chain(line) {
            text.keys(scope);
        }
        let others = [
            Scope::Find,
            Scope::Save,
            Scope::Format,
            Scope::Global,
            Scope::Problems,
            Scope::Copy,
        ];
        for scope in others {
            text.keys(scope);
        }
        if pane != Pane::Filter {
            text.language();
        }
        Self {
            pane,
            lines: text.lines,
            top: 0,
            width,
            diagnostics,
        }
    }
}

impl View for Help {
    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Help]
    }

    fn act(&mut self, action: Action, context: &Context<'_>) -> Effect {
        let page = layout::help_page(context.layout.screen);
        self.top = match action {
            Action::Down => self.top + 1,
            Action::Up => self.top.saturating_sub(1),
            Action::PageDown => self.top + page,
            Action::PageUp => self.top.saturating_sub(page),
            Action::Top => 0,
            Action::Bottom => self.lines.len(),
            Action::Back => return Effect::CloseOverlay,
            _ => return Effect::Unhandled,
        };
        Effect::None
    }

    fn settle(&mut self, screen: Rect, _context: &Context<'_>) {
        let width = layout::help_width(screen);
        if width != self.width {
            let diagnostics = std::mem::take(&mut self.diagnostics);
            let new = Self::new(self.pane, width, diagnostics);
            // Keep roughly the same lines on the screen.
            let top = self.top * new.lines.len() / self.lines.len().max(1);
            *self = Self { top, ..new };
        }
        let last = self.lines.len().saturating_sub(layout::help_page(screen));
        self.top = self.top.min(last);
    }
}

/// The lines of the help while it is being written.
struct Page {
    lines: Vec<HelpLine>,
    width: usize,
}

impl Page {
    fn heading(&mut self, text: &str) {
        if !self.lines.is_empty() {
            self.lines.push(HelpLine::Text(String::new()));
        }
        let lines = format::wrap(text, self.width.saturating_sub(1)).into_iter();
        self.lines.extend(lines.map(HelpLine::Heading));
    }

    /// Writes a name and its meaning: side by side if there is room, otherwise one below the other.
    fn entry(&mut self, name: &str, text: &str, names: usize) {
        let is_wide = self.width >= names + MIN_MEANING_WIDTH && name.width() <= names;
        let (names, mut left) = if is_wide {
            (names, vec![name.to_owned()])
        } else {
            (2, format::wrap(name, self.width.saturating_sub(2)))
        };
        let mut right = format::wrap(text, self.width.saturating_sub(names + 3));
        if !is_wide {
            right.splice(0..0, left.iter().map(|_| String::new()));
        }
        left.resize(right.len(), String::new());
        for (name, text) in left.into_iter().zip(right) {
            let name = format!("{name:<names$} ");
            self.lines.push(HelpLine::Entry { name, text });
        }
    }

    fn text(&mut self, text: &str) {
        let lines = format::wrap(text, self.width.saturating_sub(2)).into_iter();
        self.lines.extend(lines.map(HelpLine::Text));
    }

    /// Repeats the diagnostics of the current filter, because the filter bar may not have room for all of them.
    fn diagnostics(&mut self, diagnostics: &[String]) {
        if diagnostics.is_empty() {
            return;
        }
        self.heading("This filter");
        for sentence in diagnostics {
            self.text(&format::visible(sentence));
        }
    }

    fn keys(&mut self, scope: Scope) {
        self.heading(match scope {
            Scope::Copy => "Copy: y, then",
            Scope::Problems => "Problems while reading: R, then",
            Scope::Find => "Saved filters and history: Ctrl-R, then",
            Scope::Save => "Saving a filter: Ctrl-S in the filter bar, then",
            Scope::Format => "Order of fields: o, then",
            scope => scope.title(),
        });
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
            self.text(part.says);
            self.entry(&format!("  {}", part.filter), part.is, EXAMPLE_WIDTH);
        }
        self.heading("Operators");
        for def in OPERATORS {
            self.entry(&def.spellings.join(" "), def.help, NAME_WIDTH);
        }
    }
}

/// The minimum width for a meaning beside its name, margin included, in cells.
const MIN_MEANING_WIDTH: usize = 28;
/// The width of the column of keys and operators, in cells.
const NAME_WIDTH: usize = 18;
/// The width of the column of example filters, in cells.
const EXAMPLE_WIDTH: usize = 34;
