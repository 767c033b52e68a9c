//! Finds a text in the original lines: the slow question, asked last and only of rows that are still in
//! doubt.

mod token;

use std::sync::Arc;

use memchr::memmem::Finder;

use crate::format;
use crate::query::mask::Mask;
use crate::query::pattern::Pattern;
use crate::schema::{FieldId, Storage};
use crate::store::{Bitmap, Chunk, Column, LineStyle, Store, Values};
use token::Token;

/// To put together the line of one row in so many costs less than to ask every column.
const FEW: usize = 8;

/// What to find in lines, and the words that lines are made of.
#[derive(Clone, Debug)]
pub(super) struct LineSearch {
    wanted: Wanted,
    /// The words of every text field by code, as they were when the plan was made.
    words: Vec<(FieldId, Vec<Arc<str>>)>,
}

#[derive(Clone, Debug)]
enum Wanted {
    Token(Token),
    Text(Box<Finder<'static>>),
    Pattern(Pattern),
}

impl LineSearch {
    /// A search for `pattern` in the lines of `store`.
    pub(super) fn new(pattern: &Pattern, store: &Store) -> Self {
        let mut words: Vec<(FieldId, Vec<Arc<str>>)> = store
            .fields()
            .into_iter()
            .filter(|field| field.storage() == Storage::Word)
            .map(|field| (field, store.catalog.dictionaries.of(field).words()))
            .collect();
        words.sort_by_key(|(field, _)| *field);
        let wanted = match pattern.literal() {
            Some(text) => match Token::new(text, &words) {
                Some(token) => Wanted::Token(token),
                None => Wanted::Text(Box::new(Finder::new(text.as_bytes()).into_owned())),
            },
            None => Wanted::Pattern(pattern.clone()),
        };
        Self { wanted, words }
    }

    /// The rows of `chunk` among those of `rows` whose line has the text.
    pub(super) fn find(&self, chunk: &Chunk, rows: &Mask) -> Mask {
        if let Wanted::Token(token) = &self.wanted
            && token.suits(chunk)
            && rows.count(chunk.rows()) * FEW > chunk.rows()
        {
            return token.find(chunk, rows);
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
        match &self.wanted {
            Wanted::Token(token) => token.is_in_line(line),
            Wanted::Text(finder) => finder.find(line).is_some(),
            Wanted::Pattern(pattern) => {
                std::str::from_utf8(line).is_ok_and(|line| pattern.is_in(line))
            }
        }
    }

    /// What the lines of a run are made of.
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
    /// Writes what [`Chunk::line_text`] has of a value, without a lock or a string for each.
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
