//! The help: what the current pane is for and its keys, the filter language, and all other keys; searchable.

mod contents;
#[cfg(test)]
mod tests;

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::Pane;
use super::layout;
use super::line_editor::{Edit, LineEditor};
use super::view::{Context, Effect, View};
use crate::format;
use crate::keymap::{Action, Scope};

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
    /// The words that are searched for; `None` unless the help is searched.
    pub(crate) search: Option<LineEditor>,
    /// Whether the words are being typed.
    pub(crate) is_typing: bool,
    /// The maximum width of a line, in cells.
    width: u16,
    items: Vec<Item>,
}

/// A part of the help before it is wrapped.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Item {
    Heading(String),
    Entry {
        name: String,
        text: String,
        /// The width of the column of names, in cells.
        names: usize,
    },
    Text(String),
}

impl Help {
    /// The help for `pane`, in lines of at most `width` cells, with the `diagnostics` of the current filter.
    pub(crate) fn new(pane: Pane, width: u16, diagnostics: &[String]) -> Self {
        let mut help = Self {
            pane,
            lines: Vec::new(),
            top: 0,
            search: None,
            is_typing: false,
            width,
            items: contents::of(pane, diagnostics),
        };
        help.lay_out();
        help
    }

    /// Wraps the items in which all of the searched words occur, below their headings.
    fn lay_out(&mut self) {
        let words = self
            .search
            .as_ref()
            .map_or("", LineEditor::text)
            .to_lowercase();
        let words: Vec<&str> = words.split_whitespace().collect();
        let mut page = Page {
            lines: Vec::new(),
            width: usize::from(self.width),
        };
        let mut heading = None;
        for item in &self.items {
            let text = match item {
                Item::Heading(text) => {
                    heading = Some(text);
                    continue;
                }
                Item::Entry { name, text, .. } => format!("{name} {text}"),
                Item::Text(text) => text.clone(),
            };
            let text = text.to_lowercase();
            if !words.iter().all(|word| text.contains(word)) {
                continue;
            }
            if let Some(heading) = heading.take() {
                page.heading(heading);
            }
            match item {
                Item::Entry { name, text, names } => page.entry(name, text, *names),
                Item::Text(text) => page.text(text),
                Item::Heading(_) => {}
            }
        }
        if page.lines.is_empty() {
            page.text("nothing in the help contains all of these words");
        }
        self.lines = page.lines;
    }

    /// Searches for other words.
    fn search_again(&mut self) {
        self.lay_out();
        self.top = 0;
    }

    /// The number of lines on the screen.
    fn page(&self, screen: Rect) -> usize {
        layout::help_page(screen).saturating_sub(usize::from(self.search.is_some()))
    }
}

impl View for Help {
    fn scopes(&self) -> &'static [Scope] {
        if self.is_typing {
            &[Scope::HelpSearch, Scope::Line]
        } else {
            &[Scope::Help]
        }
    }

    fn act(&mut self, action: Action, context: &Context<'_>) -> Effect {
        let page = self.page(context.layout.screen);
        match action {
            Action::Down => self.top += 1,
            Action::Up => self.top = self.top.saturating_sub(1),
            Action::PageDown => self.top += page,
            Action::PageUp => self.top = self.top.saturating_sub(page),
            Action::Top => self.top = 0,
            Action::Bottom => self.top = self.lines.len(),
            Action::SearchHelp => {
                self.search.get_or_insert_default();
                self.is_typing = true;
            }
            Action::Enter => self.is_typing = false,
            Action::Back if self.search.is_some() => {
                self.search = None;
                self.is_typing = false;
                self.search_again();
            }
            Action::Back => return Effect::CloseOverlay,
            action => match self.search.as_mut().map(|editor| editor.act(action)) {
                Some(Edit::Changed) => self.search_again(),
                Some(Edit::Moved) => {}
                Some(Edit::Unhandled) | None => return Effect::Unhandled,
            },
        }
        Effect::None
    }

    fn insert(&mut self, text: &str, _context: &Context<'_>) -> Effect {
        let Some(editor) = self.search.as_mut().filter(|_| self.is_typing) else {
            return Effect::Unhandled;
        };
        editor.insert(text);
        self.search_again();
        Effect::None
    }

    fn settle(&mut self, screen: Rect, _context: &Context<'_>) {
        let width = layout::help_width(screen);
        if width != self.width {
            self.width = width;
            let before = self.lines.len().max(1);
            self.lay_out();
            // Keep roughly the same lines on the screen.
            self.top = self.top * self.lines.len() / before;
        }
        let last = self.lines.len().saturating_sub(self.page(screen));
        self.top = self.top.min(last);
    }
}

/// The lines of the help while it is being wrapped.
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
}

/// The minimum width for a meaning beside its name, margin included, in cells.
const MIN_MEANING_WIDTH: usize = 28;
