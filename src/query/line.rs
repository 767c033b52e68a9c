//! Finds a text in the original lines: the slow question, asked last and only of rows that are still in
//! doubt.

use std::fmt::Write as _;
use std::sync::Arc;

use memchr::memmem::Finder;

use super::expression::Pattern;
use super::mask::Mask;
use crate::schema::{FieldId, Storage};
use crate::store::{Bitmap, Cell, Chunk, Store};

/// What to find in lines, and the words that lines are made of.
#[derive(Clone, Debug)]
pub(super) struct LineSearch {
    wanted: Wanted,
    /// The words of every text field by code, as they were when the plan was made.
    words: Vec<(FieldId, Vec<Arc<str>>)>,
}

#[derive(Clone, Debug)]
enum Wanted {
    Text(Box<Finder<'static>>),
    Regex(regex::Regex),
}

impl LineSearch {
    /// A search for `pattern` in the lines of `store`.
    pub(super) fn new(pattern: &Pattern, store: &Store) -> Self {
        let wanted = match pattern {
            Pattern::Text(text) => {
                Wanted::Text(Box::new(Finder::new(text.as_bytes()).into_owned()))
            }
            Pattern::Regex(regex) => Wanted::Regex(regex.compiled.clone()),
        };
        let mut words: Vec<(FieldId, Vec<Arc<str>>)> = store
            .fields()
            .into_iter()
            .filter(|field| field.storage() == Storage::Word)
            .map(|field| (field, store.catalog.dictionaries.of(field).words()))
            .collect();
        words.sort_by_key(|(field, _)| *field);
        Self { wanted, words }
    }

    /// The rows of `chunk` among those of `rows` whose line has the text.
    pub(super) fn find(&self, chunk: &Chunk, rows: &Mask) -> Mask {
        let mut found = Bitmap::none(chunk.rows());
        let mut line = String::new();
        rows.for_each(chunk.rows(), |row| {
            let holds = if let Some(original) = chunk.original(row) {
                self.holds(original)
            } else {
                line.clear();
                self.write(chunk, row, &mut line);
                self.holds(&line)
            };
            if holds {
                found.set(row);
            }
        });
        Mask::of(found)
    }

    fn holds(&self, line: &str) -> bool {
        match &self.wanted {
            Wanted::Text(finder) => finder.find(line.as_bytes()).is_some(),
            Wanted::Regex(regex) => regex.is_match(line),
        }
    }

    /// What [`Chunk::line_text`] gives, without a lock or a string for each value.
    fn write(&self, chunk: &Chunk, row: usize, line: &mut String) {
        for (index, field) in chunk.run(row).layout.fields.iter().enumerate() {
            if index > 0 {
                line.push(' ');
            }
            // Writing to a string cannot fail.
            let _ = match chunk.cell(row, *field) {
                Cell::Missing => line.write_str("-"),
                Cell::Number(number) => write!(line, "{number}"),
                Cell::Word(code) => line.write_str(self.word(*field, code)),
                Cell::Address(address) => write!(line, "{address}"),
            };
        }
    }

    fn word(&self, field: FieldId, code: u32) -> &str {
        let index = self.words.binary_search_by_key(&field, |(known, _)| *known);
        let words = index.ok().and_then(|index| self.words.get(index));
        words
            .and_then(|(_, words)| words.get(code as usize))
            .map_or("", |word| word)
    }
}
