//! Searches the original lines: the slowest test, done last and only on rows that are still undecided.

mod value_search;

use std::sync::Arc;

use memchr::memmem::Finder;

use crate::format;
use crate::query::mask::Mask;
use crate::query::pattern::Pattern;
use crate::schema::{FieldId, Storage};
use crate::store::{Bitmap, Chunk, Column, LineStyle, Store, Values};
use value_search::ValueSearch;

/// Searching the columns of a chunk costs as much as building the lines of one in this many rows.
const LINE_COST_IN_COLUMN_ROWS: usize = 8;

/// A search of lines, and the words that the lines consist of.
#[derive(Clone, Debug)]
pub(in crate::query) struct LineSearch {
    needle: Needle,
    /// The words of every text field by code, at the time of planning.
    words: Vec<(FieldId, Vec<Arc<str>>)>,
}

#[derive(Clone, Debug)]
enum Needle {
    WithinValue(ValueSearch),
    Text(Box<Finder<'static>>),
    Pattern(Pattern),
}

impl LineSearch {
    pub(in crate::query) fn new(pattern: &Pattern, store: &Store) -> Self {
        let mut words: Vec<(FieldId, Vec<Arc<str>>)> = store
            .fields()
            .into_iter()
            .filter(|field| field.storage() == Storage::Word)
            .map(|field| (field, store.catalog.dictionaries.of(field).original_words()))
            .collect();
        words.sort_by_key(|(field, _)| *field);
        let needle = match pattern.literal() {
            Some(text) => match ValueSearch::new(text, &words) {
                Some(search) => Needle::WithinValue(search),
                None => Needle::Text(Box::new(Finder::new(text.as_bytes()).into_owned())),
            },
            None => Needle::Pattern(pattern.clone()),
        };
        Self { needle, words }
    }

    /// The rows of `rows` whose line matches.
    pub(in crate::query) fn find(&self, chunk: &Chunk, rows: &Mask) -> Mask {
        if let Needle::WithinValue(search) = &self.needle
            && search.suits(chunk)
            && rows.count(chunk.rows()) * LINE_COST_IN_COLUMN_ROWS > chunk.rows()
        {
            return search.find(chunk, rows);
        }
        let mut found = Bitmap::none(chunk.rows());
        let mut line = Vec::new();
        let mut run = 0;
        let mut parts = self.parts(chunk, run);
        rows.for_each(chunk.rows(), |row| {
            let holds = if let Some(original) = chunk.original(row) {
                self.holds(original.as_bytes())
            } else {
                let ends = |next: usize| {
                    chunk
                        .runs()
                        .get(next)
                        .map_or(usize::MAX, |run| run.row as usize)
                };
                if row >= ends(run + 1) {
                    while row >= ends(run + 1) {
                        run += 1;
                    }
                    parts = self.parts(chunk, run);
                }
                let style = chunk
                    .runs()
                    .get(run)
                    .map_or(LineStyle::Words, |run| run.layout.style);
                line.clear();
                for (index, part) in parts.iter().enumerate() {
                    if index > 0 {
                        line.push(style.separator());
                    }
                    part.write(row, style, &mut line);
                }
                line.extend_from_slice(style.end().as_bytes());
                self.holds(&line)
            };
            if holds {
                found.set(row);
            }
        });
        Mask::of(found)
    }

    fn holds(&self, line: &[u8]) -> bool {
        match &self.needle {
            Needle::WithinValue(search) => search.is_in_line(line),
            Needle::Text(finder) => finder.find(line).is_some(),
            Needle::Pattern(pattern) => {
                std::str::from_utf8(line).is_ok_and(|line| pattern.is_in(line))
            }
        }
    }

    /// The columns of the lines of a run.
    fn parts<'a>(&'a self, chunk: &'a Chunk, run: usize) -> Vec<Part<'a>> {
        let fields = chunk
            .runs()
            .get(run)
            .map_or(&[][..], |run| &run.layout.fields);
        let part = |field: &FieldId| {
            let index = self.words.binary_search_by_key(field, |(known, _)| *known);
            Part {
                column: chunk.column(*field),
                words: index.ok().map_or(&[][..], |index| &self.words[index].1),
            }
        };
        fields.iter().map(part).collect()
    }
}

/// One column of a line, with the words of its codes.
struct Part<'a> {
    column: Option<&'a Column>,
    words: &'a [Arc<str>],
}

impl Part<'_> {
    /// Writes a value as [`Chunk::line_text`] does, without a lock or a string per value.
    fn write(&self, row: usize, style: LineStyle, line: &mut Vec<u8>) {
        let Some(column) = self.column.filter(|column| column.is_present(row)) else {
            line.extend_from_slice(style.missing().as_bytes());
            return;
        };
        line.extend_from_slice(style.quote().as_bytes());
        match &column.values {
            Values::Numbers(integers) => format::push_decimal(integers.get(row), line),
            Values::Words(integers) => {
                let code = usize::try_from(integers.get(row)).unwrap_or(usize::MAX);
                let word = self.words.get(code).map_or("", |word| word);
                line.extend_from_slice(word.as_bytes());
            }
            Values::Addresses(addresses) => addresses.get(row).push_to(line),
        }
        line.extend_from_slice(style.quote().as_bytes());
    }
}
