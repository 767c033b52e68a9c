//! The order of the fields of a file without a header: what it seems to be, and what somebody makes of it.

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::filter::FilterBar;
use super::line_editor::LineEditor;
use super::{App, Cmd, Overlay};
use crate::config::{Change, FolderFormat};
use crate::format;
use crate::keymap::Action;
use crate::schema;
use crate::schema::{FIELDS, Origin};
use crate::store::source::{InferredColumn, InferredOrder};
use crate::store::{Catalog, Source};

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
    fn new(source: &Source, guess: &InferredOrder) -> Self {
        Self {
            path: source.path.clone(),
            columns: guess.columns.clone(),
            confidence: guess.confidence,
            is_used: guess.is_used,
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

    /// Whether somebody types a name.
    pub fn is_typing(&self) -> bool {
        !self.editor.text().is_empty()
    }

    /// Types `text`.
    pub(super) fn insert(&mut self, text: &str) {
        self.editor.insert(text);
        self.find();
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

    fn act(&mut self, action: Action, page: usize) {
        let last = |count: usize| count.saturating_sub(1);
        match action {
            Action::Down if self.is_typing() => {
                self.chosen = (self.chosen + 1).min(last(self.found.len()));
            }
            Action::Up if self.is_typing() => self.chosen = self.chosen.saturating_sub(1),
            Action::Down => self.position += 1,
            Action::Up => self.position = self.position.saturating_sub(1),
            Action::PageDown => self.position += page,
            Action::PageUp => self.position = self.position.saturating_sub(page),
            _ if self.editor.act(action) => self.find(),
            _ => {}
        }
        self.position = self.position.min(last(self.columns.len()));
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
        self.editor = LineEditor::default();
        self.found.clear();
    }

    /// Brings cursor and scroll into a list of `page` lines.
    pub(super) fn settle(&mut self, page: usize) {
        let page = page.max(1);
        let lowest = (self.position + 1).saturating_sub(page);
        self.top = self.top.clamp(lowest, self.position);
    }

    /// The order as a log format.
    fn names(&self) -> String {
        let names: Vec<&str> = self.columns.iter().map(|column| &*column.name).collect();
        names.join(" ")
    }
}

impl App {
    /// Shows the order of the first file that has one to show; one that was not read like this comes first.
    pub(super) fn open_format_dialog(&mut self) {
        let guessed = || {
            let sources = self.store.sources().iter();
            sources.filter_map(|source| Some((source, source.inferred_order.as_deref()?)))
        };
        let doubtful = guessed().find(|(_, guess)| !guess.is_used);
        match doubtful.or_else(|| guessed().next()) {
            Some((source, guess)) => {
                self.overlay = Some(Overlay::Format(FormatDialog::new(source, guess)));
            }
            None => self.notice = Some("every file has a header or a known order of fields".into()),
        }
    }

    /// Asks for the order when files were read whose order nobody is sure of, and nothing else is open.
    pub(super) fn check_guessed_formats(&mut self) {
        let guesses = self.store.sources().iter();
        let guesses: Vec<&InferredOrder> = guesses
            .filter_map(|source| source.inferred_order.as_deref())
            .collect();
        let Some(least) = guesses.iter().map(|guess| guess.confidence).min() else {
            return;
        };
        if guesses.iter().all(|guess| guess.is_used) {
            self.notice = Some(format!(
                "order of fields guessed, {least} % sure; press o to check it"
            ));
        } else if self.overlay.is_none() {
            self.open_format_dialog();
        }
    }

    /// Does what a key asks for while the order is shown.
    pub(super) fn act_in_format_dialog(&mut self, action: Action, cmds: &mut Vec<Cmd>) {
        let page = super::layout::format_page(self.layout.screen);
        let Some(Overlay::Format(dialog)) = &mut self.overlay else {
            return;
        };
        match action {
            Action::Enter if dialog.is_typing() => dialog.rename(),
            Action::Enter => self.accept_format(cmds),
            Action::Back if dialog.is_typing() => {
                dialog.editor = LineEditor::default();
                dialog.found.clear();
            }
            Action::Back => self.overlay = None,
            _ => dialog.act(action, page),
        }
    }

    /// Has everything read again, with the order for the files of the folder, and remembers it.
    fn accept_format(&mut self, cmds: &mut Vec<Cmd>) {
        let Some(Overlay::Format(dialog)) = &self.overlay else {
            return;
        };
        if !dialog.is_a_file() {
            self.notice = Some("standard input cannot be read again; use --log-format".into());
            return;
        }
        if self.load.is_running() {
            self.notice = Some("wait until loading has finished".into());
            return;
        }
        let accepted = FolderFormat {
            folder: dialog.folder().to_owned(),
            log_format: dialog.names(),
        };
        let shown = format::visible(&accepted.folder.to_string_lossy()).into_owned();
        let catalog = Arc::new(Catalog::default());
        self.start_over(Arc::clone(&catalog));
        self.notice = Some(format!("order of fields saved for {shown}"));
        cmds.push(Cmd::SaveState(Change::AcceptFormat(accepted.clone())));
        cmds.push(Cmd::ReadAgain { catalog, accepted });
    }

    /// Forgets everything that was read, and keeps what somebody typed.
    fn start_over(&mut self, catalog: Arc<Catalog>) {
        let new = Self::new(self.title.clone(), String::new(), catalog);
        let mut old = std::mem::replace(self, new);
        self.filter = FilterBar::new(old.filter.applied.clone(), self.breakdown.field);
        old.results.forget();
        self.results = old.results;
        self.completing = old.completing;
        self.completing.suppress();
        self.layout = old.layout;
        self.library = old.library;
        self.lay_out();
        self.refilter();
    }
}
