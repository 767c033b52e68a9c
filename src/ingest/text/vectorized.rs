//! Turns many uniform lines into columns at once, a column after the other; knows only canonical values.
//!
//! Everything else is left to the scalar path; only that one rejects lines.

use super::split::Split;
use super::swar;
use super::value;
use super::value::canonical_ipv6;
use crate::ingest::builder::ChunkBuilder;
use crate::ingest::builder::column::ColumnBuilder;
use crate::ingest::builder::word_cache::{MISSING, WordCache};
use crate::schema::{Kind, Storage};
use crate::store::Layout;

/// Uniform lines of one layout that follow one another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lines<'a> {
    /// The text that they are in.
    pub(crate) text: &'a [u8],
    pub(crate) split: &'a Split,
    /// The first of them.
    pub(crate) first: usize,
    /// How many there are.
    pub(crate) count: usize,
    /// How many words each has.
    pub(crate) words: usize,
}

/// The lines that are not for the vectorized path, as far as they are known.
#[derive(Debug, Default)]
pub(crate) struct Irregular {
    /// Which of the lines, ascending.
    pub(crate) lines: Vec<usize>,
    /// Room for the words of a column that need a second look.
    unknown: Vec<usize>,
}

/// Whether headers in the middle of a file cannot pass for lines of this layout: a name is no number and no
/// address.
pub(crate) fn fits(layout: &Layout) -> bool {
    layout
        .fields
        .iter()
        .any(|field| field.storage() != Storage::Word)
}

/// Puts the numbers and addresses of `lines` into the columns of `builder`. The lines that are not for this
/// way come back in `irregular`, ascending; if there are any, the columns must be discarded.
pub(crate) fn convert_values(
    lines: Lines<'_>,
    layout: &Layout,
    builder: &mut ChunkBuilder,
    irregular: &mut Irregular,
) {
    irregular.lines.clear();
    for (position, field) in layout.fields.iter().enumerate() {
        match field.kind() {
            Kind::Address => {
                lines.words_at(position).fill(
                    builder.column(position),
                    irregular,
                    swar::ipv4,
                    wide,
                );
            }
            Kind::Choice(_) | Kind::Text => {}
            kind @ (Kind::Port
            | Kind::Protocol
            | Kind::Number
            | Kind::Time
            | Kind::Duration
            | Kind::Flags) => {
                lines
                    .words_at(position)
                    .fill_numbers(kind, builder.column(position), irregular);
            }
        }
    }
    irregular.lines.sort_unstable();
    irregular.lines.dedup();
}

/// Puts the words of `lines` into the columns of `builder`.
pub(crate) fn convert_words(lines: Lines<'_>, layout: &Layout, builder: &mut ChunkBuilder) {
    for (position, field) in layout.fields.iter().enumerate() {
        if field.storage() == Storage::Word {
            let (column, words) = builder.word_column(position);
            lines.words_at(position).fill_words(column, words);
        }
    }
}

/// The words of some lines that belong into one column.
#[derive(Clone, Copy)]
struct Words<'a> {
    text: &'a [u8],
    /// The gap before the first of them, the gap behind it, and those of all words after it.
    gaps: &'a [u32],
    /// How many gaps further the word of the next line is.
    step: usize,
    count: usize,
}

impl<'a> Lines<'a> {
    /// The lines with their line ends.
    pub(crate) fn text(&self) -> &'a [u8] {
        let (first, last) = (self.first, self.first + self.count - 1);
        &self.text[self.split.line(first).start..=self.split.line(last).end]
    }

    /// Where the first word begins, and the gap behind each word.
    pub(crate) fn gaps(&self) -> (u32, &'a [u32]) {
        let first = match self.first {
            0 => 0,
            line => self.split.ends[line - 1] as usize,
        };
        let gaps = &self.split.gaps()[first..=first + self.count * self.words];
        (gaps[0].wrapping_add(1), &gaps[1..])
    }

    /// The word at `position` of each line.
    fn words_at(&self, position: usize) -> Words<'a> {
        let first = match self.first {
            0 => 0,
            line => self.split.ends[line - 1] as usize,
        };
        Words {
            text: self.text,
            gaps: &self.split.gaps()[first + position..],
            step: self.words,
            count: self.count,
        }
    }
}

impl Words<'_> {
    /// Where the word of a line begins, and how long it is.
    #[inline]
    fn span(&self, line: usize) -> (usize, usize) {
        let at = line.wrapping_mul(self.step);
        let begin = self.gaps[at].wrapping_add(1);
        (
            begin as usize,
            self.gaps[at + 1].wrapping_sub(begin) as usize,
        )
    }

    /// Fills `column` with what `convert` makes of each word, without a branch that could be guessed wrong, and
    /// gives the words that it does not know to `other`, which may know better.
    #[inline]
    fn fill(
        &self,
        column: &mut ColumnBuilder,
        irregular: &mut Irregular,
        convert: impl Fn(&[u8], usize, usize) -> (u32, bool),
        other: impl Fn(&mut ColumnBuilder, u32, &[u8]) -> Option<u32>,
    ) {
        let first = column.values.len();
        column.values.resize(first + self.count, 0);
        irregular.unknown.resize(self.count + 1, 0);
        let mut unknown = 0;
        for (line, value) in column.values[first..].iter_mut().enumerate() {
            let (at, len) = self.span(line);
            let (converted, is_known) = convert(self.text, at, len);
            *value = converted;
            irregular.unknown[unknown] = line;
            unknown += usize::from(!is_known);
        }
        for line in irregular.unknown[..unknown].iter().copied() {
            let (at, len) = self.span(line);
            let word = &self.text[at..at + len];
            let row = first + line;
            let value = other(column, row_number(row), word).unwrap_or_else(|| {
                if word == b"-" {
                    column.absent.push(row_number(row));
                } else {
                    irregular.lines.push(line);
                }
                // A row without a value repeats the row before it.
                row.checked_sub(1).map_or(0, |before| column.values[before])
            });
            column.values[row] = value;
        }
    }

    fn fill_numbers(&self, kind: Kind, column: &mut ColumnBuilder, irregular: &mut Irregular) {
        let limit = value::limit(kind);
        let narrow_limit = u32::try_from(limit).unwrap_or(u32::MAX);
        let within = |(number, is_known)| (number, is_known && number <= narrow_limit);
        let other = |column: &mut ColumnBuilder, row, word: &[u8]| {
            let number = swar::number(word).filter(|number| *number <= limit)?;
            Some(column.narrow(row, number))
        };
        match kind {
            Kind::Protocol => self.fill(column, irregular, swar::octet, other),
            Kind::Time => {
                let convert = |text: &[u8], at, len| within(swar::ten_digits(text, at, len));
                self.fill(column, irregular, convert, other);
            }
            _ => {
                let convert = |text: &[u8], at, len| within(swar::eight_digits(text, at, len));
                self.fill(column, irregular, convert, other);
            }
        }
    }

    fn fill_words(&self, column: &mut ColumnBuilder, words: &mut WordCache) {
        let mut row = row_number(column.values.len());
        let mut last = column.values.last().copied().unwrap_or(0);
        let absent = &mut column.absent;
        column.values.extend((0..self.count).map(|line| {
            let (at, len) = self.span(line);
            match words.code(self.text, at, len) {
                MISSING => absent.push(row),
                code => last = code,
            }
            row = row.wrapping_add(1);
            last
        }));
    }
}

/// The index of an IPv6 address that stands in its canonical form.
fn wide(column: &mut ColumnBuilder, row: u32, text: &[u8]) -> Option<u32> {
    column.wide(row, text, || canonical_ipv6(str::from_utf8(text).ok()?))
}

#[expect(clippy::cast_possible_truncation, reason = "a chunk has 65,536 rows")]
fn row_number(row: usize) -> u32 {
    row as u32
}
