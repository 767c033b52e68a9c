//! The part of a list that is narrowed by what is typed: the words, the entries that are found, the cursor and the scroll
//! position.

use super::layout;
use super::line_editor::{Edit, LineEditor};
use crate::keymap::Action;

/// A list of entries, which its owner keeps, and what is typed to find some of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchList {
    /// What is typed.
    pub(crate) editor: LineEditor,
    /// Indexes of the entries that are found, in the order in which they are listed.
    pub(crate) found: Vec<usize>,
    /// Index in `found` of the entry under the cursor.
    pub(crate) position: usize,
    /// Index in `found` of the first entry on the screen.
    pub(crate) top: usize,
}

impl SearchList {
    /// The words that are typed, in small letters.
    pub(crate) fn words(&self) -> Vec<String> {
        let words = self.editor.text().split_whitespace();
        words.map(str::to_lowercase).collect()
    }

    /// The index of the entry under the cursor.
    pub(crate) fn current(&self) -> Option<usize> {
        self.found.get(self.position).copied()
    }

    /// Lists what other words find; the cursor goes to the best of them, which is the first.
    pub(super) fn start_over(&mut self, found: Vec<usize>) {
        self.found = found;
        (self.position, self.top) = (0, 0);
    }

    /// Moves the cursor in a list of which `page` rows are on the screen, or edits the words.
    pub(super) fn act(&mut self, action: Action, page: usize) -> Edit {
        let page = page.max(1);
        match action {
            Action::Down => self.position += 1,
            Action::Up => self.position = self.position.saturating_sub(1),
            Action::PageDown => self.position += page,
            Action::PageUp => self.position = self.position.saturating_sub(page),
            _ => return self.editor.act(action),
        }
        Edit::Moved
    }

    /// Keeps the cursor among the entries, and on the screen.
    pub(super) fn settle(&mut self, page: usize) {
        (self.position, self.top) =
            layout::in_list(self.position, self.top, self.found.len(), page);
    }
}
