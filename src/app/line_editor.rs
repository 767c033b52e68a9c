//! One line of text with a cursor, edited with the keys of a shell.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::keymap::Action;

/// What a key did to the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// The text has changed.
    Changed,
    /// At most the cursor has moved.
    Moved,
    /// The key does not edit text.
    Unhandled,
}

/// A line of text and a cursor between two of its characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineEditor {
    text: String,
    cursor: usize,
}

impl LineEditor {
    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where the cursor is, in bytes; always between two characters.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// The text before the cursor.
    pub fn before(&self) -> &str {
        self.text.get(..self.cursor).unwrap_or("")
    }

    /// The text after the cursor.
    pub fn after(&self) -> &str {
        self.text.get(self.cursor..).unwrap_or("")
    }

    /// Replaces the text; the cursor goes to its end.
    pub fn set(&mut self, text: String) {
        self.cursor = text.len();
        self.text = text;
    }

    /// Types `text` at the cursor. Line ends and tabs become spaces; other control characters are left out.
    pub fn insert(&mut self, text: &str) {
        let clean: String = text
            .chars()
            .map(|c| {
                if matches!(c, '\n' | '\r' | '\t') {
                    ' '
                } else {
                    c
                }
            })
            .filter(|c| !c.is_control())
            .collect();
        self.text.insert_str(self.cursor, &clean);
        self.cursor += clean.len();
    }

    /// Puts `text` in the place of the bytes `span`; the cursor goes behind it.
    pub fn replace(&mut self, span: Range<usize>, text: &str) {
        if self.text.get(span.clone()).is_some() {
            self.text.replace_range(span.clone(), text);
            self.cursor = span.start + text.len();
        }
    }

    /// Does what `action` asks for.
    pub fn act(&mut self, action: Action) -> Edit {
        let old = self.text.len();
        match action {
            Action::Left => self.cursor = self.left(),
            Action::Right => self.cursor = self.right(),
            Action::WordLeft => self.cursor = self.word_left(),
            Action::WordRight => self.cursor = self.word_right(),
            Action::First => self.cursor = 0,
            Action::Last => self.cursor = self.text.len(),
            Action::DeleteBack => self.delete(self.left(), self.cursor),
            Action::DeleteForward => self.delete(self.cursor, self.right()),
            Action::DeleteWord => self.delete(self.word_left(), self.cursor),
            Action::DeleteToStart => self.delete(0, self.cursor),
            Action::DeleteToEnd => self.delete(self.cursor, self.text.len()),
            _ => return Edit::Unhandled,
        }
        if self.text.len() == old {
            Edit::Moved
        } else {
            Edit::Changed
        }
    }

    fn delete(&mut self, from: usize, to: usize) {
        self.text.replace_range(from..to, "");
        self.cursor = from;
    }

    fn left(&self) -> usize {
        let last = self.before().graphemes(true).next_back();
        self.cursor - last.map_or(0, str::len)
    }

    fn right(&self) -> usize {
        let next = self.after().graphemes(true).next();
        self.cursor + next.map_or(0, str::len)
    }

    fn word_left(&self) -> usize {
        let trimmed = self.before().trim_end();
        trimmed.rfind(char::is_whitespace).map_or(0, |space| {
            space
                + trimmed
                    .get(space..)
                    .and_then(|rest| rest.chars().next())
                    .map_or(0, char::len_utf8)
        })
    }

    fn word_right(&self) -> usize {
        let after = self.after();
        let start = after.len() - after.trim_start().len();
        let word = after.trim_start();
        self.cursor + start + word.find(char::is_whitespace).unwrap_or(word.len())
    }
}
