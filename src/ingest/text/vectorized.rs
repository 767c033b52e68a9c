//! Turns many uniform lines into columns at once, a column after the other; knows only canonical values.
//!
//! Everything else is left to the scalar path; only that one rejects lines.

use std::slice::ChunksExact;

use fearless_simd::Level;
use memchr::memchr_iter;

use super::account;
#[cfg(target_arch = "x86_64")]
use super::avx2;
use super::split::Split;
use super::swar;
use super::value;
use super::value::canonical_ipv6;
use crate::ingest::builder::ChunkBuilder;
use crate::ingest::builder::column::ColumnBuilder;
use crate::ingest::builder::word_cache::{MISSING, WordCache};
use crate::schema::{FieldId, Kind, Storage};
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
    /// For each word of a column 1 where it needs a second look, else 0.
    unknown: Vec<u8>,
}

/// Whether there are several fields, and headers in the middle of a file cannot pass for lines of this layout: a name is
/// no number and no address.
pub(crate) fn fits(layout: &Layout) -> bool {
    let several = layout.fields.len() > 1;
    several
        && layout
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
        let (kind, words) = (field.kind(), lines.words_at(position));
        let conversion = Conversion {
            kind,
            level: lines.split.level,
        };
        match kind {
            Kind::Address => words.fill(conversion, builder.column(position), irregular, wide),
            Kind::Choice(_) | Kind::Text => {}
            Kind::Port
            | Kind::Protocol
            | Kind::Number
            | Kind::Time
            | Kind::Duration
            | Kind::Flags => {
                let limit = value::limit(kind);
                let number = |column: &mut ColumnBuilder, row, word: &[u8]| {
                    let number = swar::number(word).filter(|number| *number <= limit)?;
                    Some(column.narrow(row, number))
                };
                words.fill(conversion, builder.column(position), irregular, number);
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

/// Whether an account of `lines` lost digits.
pub(crate) fn has_shortened_account(lines: Lines<'_>, layout: &Layout) -> bool {
    let mut fields = layout.fields.iter().enumerate();
    fields.any(|(position, field)| {
        account::is_account(*field) && lines.words_at(position).has_shortened(*field)
    })
}

/// The words of some lines that belong into one column.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    pub(super) text: &'a [u8],
    /// The gap before the first of them, the gap behind it, and those of all words after it.
    gaps: &'a [u32],
    /// How many gaps further the word of the next line is: at least two.
    step: usize,
    count: usize,
}

/// What words are converted to.
#[derive(Clone, Copy)]
struct Conversion {
    kind: Kind,
    /// The instructions for it.
    level: Level,
}

/// What the words of a column are converted into.
pub(super) struct Converted<'a> {
    pub(super) values: &'a mut [u32],
    /// For each word 1 where it is not known what it is, else 0.
    pub(super) unknown: &'a mut [u8],
}

impl<'a> Lines<'a> {
    /// The lines with their line ends.
    pub(crate) fn text(&self) -> &'a [u8] {
        let (first, last) = (self.first, self.first + self.count - 1);
        &self.text[self.split.line(first).start..=self.split.line(last).end]
    }

    /// The word at `position` of each line.
    pub(super) fn words_at(&self, position: usize) -> Words<'a> {
        Words {
            text: self.text,
            gaps: &self.split.gaps_from(self.first)[position..],
            step: self.words,
            count: self.count,
        }
    }
}

impl<'a> Words<'a> {
    /// Where the word of a line begins, and how long it is.
    fn span(&self, line: usize) -> (usize, usize) {
        let at = line * self.step;
        span(self.gaps[at], self.gaps[at + 1])
    }

    /// Where the word of each line begins, and how long it is; after them, some that mean nothing.
    #[inline]
    pub(super) fn spans(&self) -> Spans<'a> {
        Spans(self.gaps.chunks_exact(self.step))
    }

    fn has_shortened(&self, field: FieldId) -> bool {
        let mut last: &[u8] = b"-";
        self.spans().take(self.count).any(|(at, len)| {
            let word = &self.text[at..at + len];
            // The lines of a file have few accounts.
            word != std::mem::replace(&mut last, word)
                && str::from_utf8(word).is_ok_and(|word| value::is_shortened(field, word))
        })
    }

    /// Fills `column` with what the words are as values of a kind, without a branch that could be guessed wrong, and
    /// gives the words that this does not know to `other`, which may know better.
    fn fill(
        &self,
        conversion: Conversion,
        column: &mut ColumnBuilder,
        irregular: &mut Irregular,
        other: impl Fn(&mut ColumnBuilder, u32, &[u8]) -> Option<u32>,
    ) {
        let first = column.values.len();
        column.values.resize(first + self.count, 0);
        irregular.unknown.resize(self.count, 0);
        let converted = Converted {
            values: &mut column.values[first..],
            unknown: &mut irregular.unknown,
        };
        self.convert(conversion, converted);
        for line in memchr_iter(1, &irregular.unknown) {
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

    fn convert(&self, Conversion { kind, level }: Conversion, into: Converted<'_>) {
        let limit = u32::try_from(value::limit(kind)).unwrap_or(u32::MAX);
        #[cfg(target_arch = "x86_64")]
        if let Some(avx2) = level.as_avx2() {
            return match kind {
                Kind::Address => avx2::addresses(avx2, *self, into),
                Kind::Time => avx2::times(avx2, *self, limit, into),
                _ => avx2::numbers(avx2, *self, limit, into),
            };
        }
        #[cfg(not(target_arch = "x86_64"))]
        let _ = level;
        let within = |(number, is_known)| (number, is_known && number <= limit);
        match kind {
            Kind::Address => convert_each(*self, into, swar::ipv4),
            Kind::Protocol => convert_each(*self, into, swar::octet),
            Kind::Time => convert_each(*self, into, |text, at, len| {
                within(swar::ten_digits(text, at, len))
            }),
            _ => convert_each(*self, into, |text, at, len| {
                within(swar::eight_digits(text, at, len))
            }),
        }
    }

    fn fill_words(&self, column: &mut ColumnBuilder, words: &mut WordCache) {
        let first = column.values.len();
        let mut last = column.values.last().copied().unwrap_or(0);
        column.values.resize(first + self.count, 0);
        let rows = column.values[first..].iter_mut();
        for ((line, value), (at, len)) in rows.enumerate().zip(self.spans()) {
            match words.code(self.text, at, len) {
                MISSING => column.absent.push(row_number(first + line)),
                code => last = code,
            }
            *value = last;
        }
    }
}

/// The places of words, and their lengths.
pub(super) struct Spans<'a>(ChunksExact<'a, u32>);

impl Iterator for Spans<'_> {
    type Item = (usize, usize);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        // As all rows have one length, it is compared only once.
        let [before, behind, ..] = self.0.next()? else {
            return None;
        };
        Some(span(*before, *behind))
    }
}

/// Converts one word after the other.
#[expect(
    clippy::inline_always,
    reason = "it is compiled for the instructions that `convert` has"
)]
#[inline(always)]
pub(super) fn convert_each(
    words: Words<'_>,
    into: Converted<'_>,
    convert: impl Fn(&[u8], usize, usize) -> (u32, bool),
) {
    let rows = into.values.iter_mut().zip(into.unknown);
    for ((value, unknown), (at, len)) in rows.zip(words.spans()) {
        let (converted, is_known) = convert(words.text, at, len);
        *value = converted;
        *unknown = u8::from(!is_known);
    }
}

/// Where the word between two gaps begins, and how long it is.
#[inline]
fn span(before: u32, behind: u32) -> (usize, usize) {
    let begin = before.wrapping_add(1);
    (begin as usize, behind.wrapping_sub(begin) as usize)
}

/// The index of an IPv6 address that stands in its canonical form.
fn wide(column: &mut ColumnBuilder, row: u32, text: &[u8]) -> Option<u32> {
    column.wide(row, text, || canonical_ipv6(str::from_utf8(text).ok()?))
}

#[expect(clippy::cast_possible_truncation, reason = "a chunk has 65,536 rows")]
fn row_number(row: usize) -> u32 {
    row as u32
}
