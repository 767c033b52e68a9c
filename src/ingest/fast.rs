//! Turns many even lines into columns at once, a column after the other; knows only canonical values.
//!
//! Whatever it does not know it leaves to the plain way: it never decides that a line is bad.

use super::builder::ChunkBuilder;
use super::split::Split;
use super::staged::Staged;
use super::swar;
use super::value::{self, canonical_ipv6};
use super::words::{MISSING, WordCache};
use crate::schema::{Kind, Storage};
use crate::store::Layout;

/// Even lines of one layout that follow one another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lines<'a> {
    /// The text that they are in.
    pub(super) text: &'a [u8],
    /// Their words.
    pub(super) split: &'a Split,
    /// The first of them.
    pub(super) first: usize,
    /// How many there are.
    pub(super) count: usize,
    /// How many words each has.
    pub(super) words: usize,
}

/// Whether headers in the middle of a file cannot pass for lines of this layout: a name is no number and no
/// address.
pub(super) fn fits(layout: &Layout) -> bool {
    layout
        .fields
        .iter()
        .any(|field| field.storage() != Storage::Word)
}

/// Puts the numbers and addresses of `lines` into the columns of `builder`. The lines that are not for this
/// way come back in `odd`, ascending; if there are any, the columns must be discarded.
pub(super) fn convert_values(
    lines: Lines<'_>,
    layout: &Layout,
    builder: &mut ChunkBuilder,
    odd: &mut Vec<u32>,
) {
    odd.clear();
    for (position, field) in layout.fields.iter().enumerate() {
        match field.kind() {
            Kind::Address => lines.addresses(position, builder.column(position), odd),
            Kind::Choice(_) | Kind::Text => {}
            kind @ (Kind::Port
            | Kind::Protocol
            | Kind::Number
            | Kind::Time
            | Kind::Duration
            | Kind::Flags) => {
                let limit = value::limit(kind);
                lines.numbers(position, limit, builder.column(position), odd);
            }
        }
    }
    odd.sort_unstable();
    odd.dedup();
}

/// Puts the words of `lines` into the columns of `builder`.
pub(super) fn convert_words(lines: Lines<'_>, layout: &Layout, builder: &mut ChunkBuilder) {
    for (position, field) in layout.fields.iter().enumerate() {
        if field.storage() == Storage::Word {
            let (column, words) = builder.word_column(position);
            lines.words(position, column, words);
        }
    }
}

impl<'a> Lines<'a> {
    /// Of each line, where its word at `position` begins, and how long it is.
    #[inline]
    fn spans(self, position: usize) -> impl Iterator<Item = (usize, usize)> + 'a {
        let first = match self.first {
            0 => 0,
            line => self.split.ends[line - 1] as usize,
        };
        let gaps = &self.split.gaps[first..];
        (0..self.count).map(move |line| {
            let at = line * self.words + position;
            let begin = gaps[at].wrapping_add(1);
            (begin as usize, gaps[at + 1].wrapping_sub(begin) as usize)
        })
    }

    fn numbers(self, position: usize, limit: u64, column: &mut Staged, odd: &mut Vec<u32>) {
        let mut values = std::mem::take(&mut column.values);
        let mut row = next_row(&values);
        let mut last = values.last().copied().unwrap_or(0);
        let mut line = 0;
        values.extend(self.spans(position).map(|(at, len)| {
            match swar::number(self.text, at, len) {
                Some(number) if number <= limit => {
                    last = u32::try_from(number).unwrap_or_else(|_| column.narrow(row, number));
                }
                _ if len == 1 && self.text[at] == b'-' => column.absent.push(row),
                _ => odd.push(line),
            }
            row = row.wrapping_add(1);
            line = line.wrapping_add(1);
            last
        }));
        column.values = values;
    }

    fn addresses(self, position: usize, column: &mut Staged, odd: &mut Vec<u32>) {
        let mut values = std::mem::take(&mut column.values);
        let mut row = next_row(&values);
        let mut last = values.last().copied().unwrap_or(0);
        let mut line = 0;
        values.extend(self.spans(position).map(|(at, len)| {
            match swar::ipv4(self.text, at, len) {
                Some(bits) => last = bits,
                None if len == 1 && self.text[at] == b'-' => column.absent.push(row),
                None => match wide(column, row, &self.text[at..at + len]) {
                    Some(index) => last = index,
                    None => odd.push(line),
                },
            }
            row = row.wrapping_add(1);
            line = line.wrapping_add(1);
            last
        }));
        column.values = values;
    }

    fn words(self, position: usize, column: &mut Staged, words: &mut WordCache) {
        let mut row = next_row(&column.values);
        let mut last = column.values.last().copied().unwrap_or(0);
        let absent = &mut column.absent;
        column.values.extend(self.spans(position).map(|(at, len)| {
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
fn wide(column: &mut Staged, row: u32, text: &[u8]) -> Option<u32> {
    column.wide(row, text, || canonical_ipv6(str::from_utf8(text).ok()?))
}

#[expect(clippy::cast_possible_truncation, reason = "a chunk has 65,536 rows")]
fn next_row(values: &[u32]) -> u32 {
    values.len() as u32
}
