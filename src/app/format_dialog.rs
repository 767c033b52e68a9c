//! The field order of a file without a header: the inferred order, and the user's changes to it.

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use ratatui::layout::Rect;

use super::layout;
use super::line_editor::{Edit, LineEditor};
use super::view::{Context, Effect, View};
use crate::config::FolderFormat;
use crate::keymap::{Action, Scope};
use crate::schema;
use crate::schema::{FIELDS, Origin};
use crate::store::Source;
use crate::store::{InferredColumn, InferredOrder};

/// How many names are offered.
const OFFERED: usize = 12;

/// The open question whether an order is right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormatDialog {
    /// The file that it is about.
    pub path: PathBuf,
    /// The columns as they would be read.
    pub columns: Vec<InferredColumn>,
    /// How sure the whole was before anybody changed it, in percent.
    pub confidence: u8,
    /// Whether the file has been read like this.
    pub is_used: bool,
    /// How many records it was inferred from, if they are too few to be sure.
    pub few_records: Option<usize>,
    /// The words of the first lines.
    pub lines: Vec<Vec<String>>,
    /// The column under the cursor.
    pub position: usize,
    /// The first column on the screen.
    pub top: usize,
    /// What is typed to find another name for it.
    pub editor: LineEditor,
    /// The names that fit what is typed.
    pub found: Vec<String>,
    /// Which of them is chosen.
    pub chosen: usize,
}

impl FormatDialog {
    pub(super) fn new(source: &Source, guess: &InferredOrder) -> Self {
        Self {
            path: source.path.clone(),
            columns: guess.columns.clone(),
            confidence: guess.confidence,
            is_used: guess.is_used,
            few_records: guess.has_few_records().then_some(guess.records),
            lines: guess.lines.clone(),
            ..Self::default()
        }
    }

    /// The folder whose files would be read like this.
    pub fn folder(&self) -> &Path {
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }

    /// Whether the file can be read a second time.
    pub fn is_a_file(&self) -> bool {
        self.path.as_os_str() != "-"
    }

    /// Whether a field name is being typed.
    pub fn is_typing(&self) -> bool {
        !self.editor.text().is_empty()
    }

    /// Finds the names that fit what is typed: those that begin with it, then those that have it in them.
    fn find(&mut self) {
        self.chosen = 0;
        self.found.clear();
        let typed = schema::normalize(self.editor.text().trim());
        if typed.is_empty() {
            return;
        }
        let fields = FIELDS.iter().filter(|def| def.origin != Origin::Computed);
        let names: Vec<&str> = fields.map(|def| def.name).collect();
        let (mut first, mut second) = (Vec::new(), Vec::new());
        for name in names {
            let normal = schema::normalize(name);
            if normal.starts_with(&typed) {
                first.push(name.to_owned());
            } else if normal.contains(&typed) {
                second.push(name.to_owned());
            }
        }
        first.append(&mut second);
        first.truncate(OFFERED);
        self.found = first;
    }

    /// Gives the column under the cursor the chosen name. A column that has it takes the old one.
    fn rename(&mut self) {
        let Some(name) = self.found.get(self.chosen).cloned() else {
            return;
        };
        let Some(old) = self
            .columns
            .get(self.position)
            .map(|column| column.name.clone())
        else {
            return;
        };
        for (index, column) in self.columns.iter_mut().enumerate() {
            if index == self.position {
                column.name.clone_from(&name);
                column.confidence = 100;
            } else if column.name == name {
                column.name.clone_from(&old);
                column.confidence = 0;
            }
        }
        self.clear_name();
    }

    /// The order as a log format.
    fn names(&self) -> String {
        let names: Vec<&str> = self.columns.iter().map(|column| &*column.name).collect();
        names.join(" ")
    }
}

impl FormatDialog {
    fn accept(&self) -> Effect {
        if !self.is_a_file() {
            let text = "standard input cannot be read again; use --log-format";
            return Effect::Notice(text.to_owned());
        }
        Effect::AcceptFormat(FolderFormat {
            folder: self.folder().to_owned(),
            log_format: self.names(),
        })
    }

    fn clear_name(&mut self) {
        self.editor = LineEditor::default();
        self.found.clear();
    }
}

impl View for FormatDialog {
    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Format, Scope::Line]
    }

    fn act(&mut self, action: Action, context: &Context<'_>) -> Effect {
        let page = layout::format_page(context.layout.screen);
        let last = |count: usize| count.saturating_sub(1);
        match action {
            Action::Enter if self.is_typing() => self.rename(),
            Action::Enter => return self.accept(),
            Action::Back if self.is_typing() => self.clear_name(),
            Action::Back => return Effect::CloseOverlay,
            Action::Down if self.is_typing() => {
                self.chosen = (self.chosen + 1).min(last(self.found.len()));
            }
            Action::Up if self.is_typing() => self.chosen = self.chosen.saturating_sub(1),
            Action::Down => self.position += 1,
            Action::Up => self.position = self.position.saturating_sub(1),
            Action::PageDown => self.position += page,
            Action::PageUp => self.position = self.position.saturating_sub(page),
            _ => match self.editor.act(action) {
                Edit::Changed => self.find(),
                Edit::Moved => {}
                Edit::Unhandled => return Effect::Unhandled,
            },
        }
        self.position = self.position.min(last(self.columns.len()));
        Effect::None
    }

    fn insert(&mut self, text: &str, _context: &Context<'_>) -> Effect {
        self.editor.insert(text);
        self.find();
        Effect::None
    }

    fn settle(&mut self, screen: Rect, _context: &Context<'_>) {
        let page = layout::format_page(screen).max(1);
        let lowest = (self.position + 1).saturating_sub(page);
        self.top = self.top.clamp(lowest, self.position);
    }
}
