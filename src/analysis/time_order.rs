//! The selected records in the order of time, found page by page.
//!
//! Each chunk knows the range of its starts. A chunk before or after a page adds only the number of its rows; the rows
//! of the others are put in order, chunk by chunk, and merged where the page is. So the list of a filter costs as much
//! as the chunks whose times overlap those of the page, not as much as sorting all of it.

#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::{Arc, OnceLock};

use super::parallel::{fold_parallel, useful_threads};
use super::sorted_rows::Stop;
use super::{Key, Selection, field_value};
use crate::query::Mask;
use crate::schema::id;
use crate::store::{Chunk, Column, RowId};

/// A mask that selects at most one row in this many is sorted, rather than looked up row by row.
const SPARSE: usize = 16;

/// The rows of a selection by `start`; rows with the same start in reading order, and rows without one last.
#[derive(Debug)]
pub struct TimeOrder {
    selection: Arc<Selection>,
    descending: bool,
    /// The chunks with selected rows, in reading order.
    parts: Vec<Part>,
    /// How many rows have a start.
    dated: usize,
}

/// The selected rows of a chunk.
#[derive(Debug)]
struct Part {
    /// The place of the chunk in reading order.
    place: u32,
    chunk: usize,
    dated: usize,
    undated: usize,
    /// The lowest and the highest key of all rows of the chunk.
    keys: (u64, u64),
    /// In order; filled when a page needs it.
    rows: OnceLock<Box<[u16]>>,
}

/// Whether rows with the key itself count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bound {
    Below,
    UpTo,
}

/// The next row of a chunk while pages are merged, or the lowest key it can have where the rows are not known yet.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Next {
    key: u64,
    part: usize,
    at: Option<usize>,
}

impl TimeOrder {
    /// The order of `selection`. No row has been looked at yet.
    pub fn new(selection: Arc<Selection>, descending: bool) -> Self {
        let store = selection.store();
        let chunks = (0u32..).zip(store.reading_order());
        let parts = chunks.filter_map(|(place, &chunk)| {
            let index = chunk as usize;
            let mask = &selection.masks()[index];
            Part::new(place, index, &store.chunks()[index], mask, descending)
        });
        let parts: Vec<Part> = parts.collect();
        Self {
            dated: parts.iter().map(|part| part.dated).sum(),
            parts,
            descending,
            selection,
        }
    }

    /// The rows at the positions `first..first + count`, or as many as there are.
    pub fn page(&self, first: usize, count: usize) -> Vec<RowId> {
        let count = count.min(self.selection.len().saturating_sub(first));
        let mut rows = Vec::with_capacity(count);
        if first < self.dated {
            self.merge(first, count, &mut rows);
        }
        let mut skipped = (first + rows.len()).saturating_sub(self.dated);
        for part in &self.parts {
            if rows.len() == count {
                break;
            }
            let here = part.undated.saturating_sub(skipped);
            skipped = skipped.saturating_sub(part.undated);
            let list = self.rows(part);
            let list = list.iter().skip(list.len() - here);
            rows.extend(list.take(count - rows.len()).map(|row| self.id(part, *row)));
        }
        rows
    }

    /// The position of `row`, or the one that it would have if it were selected.
    ///
    /// # Panics
    ///
    /// When the store has no such row.
    pub fn position(&self, row: RowId) -> usize {
        let (place, offset) = self.selection.reading_position(row);
        let offset = u16::try_from(offset).unwrap_or(u16::MAX);
        let Some(key) = self.key_of(row) else {
            let before = self.parts.iter().map(|part| {
                let undated = || self.rows(part)[part.dated..].partition_point(|r| *r < offset);
                match part.place.cmp(&place) {
                    std::cmp::Ordering::Less => part.undated,
                    std::cmp::Ordering::Equal => undated(),
                    std::cmp::Ordering::Greater => 0,
                }
            });
            return self.dated + before.sum::<usize>();
        };
        let before = self.parts.iter().map(|part| match part.place.cmp(&place) {
            std::cmp::Ordering::Less => self.rank(part, key, Bound::UpTo),
            std::cmp::Ordering::Greater => self.rank(part, key, Bound::Below),
            std::cmp::Ordering::Equal => {
                let column = self.column(part);
                self.rows(part)[..part.dated]
                    .partition_point(|row| (self.key(column, *row), *row) < (key, offset))
            }
        });
        before.sum()
    }

    /// The first row that starts at `start` or later; or, in descending order, at `start` or earlier.
    pub fn first_at(&self, start: u64) -> Option<RowId> {
        let position = self.ranks(key(start, self.descending), Bound::Below);
        let page = (position < self.dated).then(|| self.page(position, 1))?;
        page.first().copied()
    }

    /// Puts the rows in order that [`Self::position`] of `row` needs.
    pub(crate) fn prepare_row(&self, row: RowId, threads: usize, stop: Stop<'_>) {
        if let Some(key) = self.key_of(row) {
            self.prepare((key, key), threads, stop);
        }
    }

    /// Puts the rows in order that the page at `first..first + count` needs.
    pub(crate) fn prepare_page(&self, first: usize, count: usize, threads: usize, stop: Stop<'_>) {
        let Some(last) = self.dated.checked_sub(1).filter(|last| first <= *last) else {
            return;
        };
        let (low, _) = self.bounds(first);
        let (_, high) = self.bounds(last.min(first.saturating_add(count)));
        self.prepare((low, high), threads, stop);
    }

    fn prepare(&self, keys: (u64, u64), threads: usize, stop: Stop<'_>) {
        let parts = self.parts.iter().filter(|part| {
            part.dated > 0
                && part.keys.0 <= keys.1
                && part.keys.1 >= keys.0
                && part.rows.get().is_none()
        });
        let parts: Vec<&Part> = parts.collect();
        let work = |(): &mut (), part: &&Part| {
            self.rows(part);
        };
        fold_parallel(
            &parts,
            useful_threads(threads, parts.len()),
            || (),
            work,
            stop,
        );
    }

    /// Appends the dated rows from position `first` on, `count` at most.
    fn merge(&self, first: usize, count: usize, rows: &mut Vec<RowId>) {
        let key = self.key_at(first);
        let mut skip = first - self.ranks(key, Bound::Below);
        let mut heap = BinaryHeap::new();
        let dated = self
            .parts
            .iter()
            .enumerate()
            .filter(|(_, part)| part.dated > 0);
        for (index, part) in dated {
            if part.keys.0 > key {
                heap.push(Reverse(Next {
                    key: part.keys.0,
                    part: index,
                    at: None,
                }));
                continue;
            }
            let (from, to) = (
                self.rank(part, key, Bound::Below),
                self.rank(part, key, Bound::UpTo),
            );
            let skipped = skip.min(to - from);
            skip -= skipped;
            heap.extend(self.next(index, from + skipped));
        }
        while rows.len() < count {
            let Some(Reverse(next)) = heap.pop() else {
                break;
            };
            let Some(at) = next.at else {
                heap.extend(self.next(next.part, 0));
                continue;
            };
            let part = &self.parts[next.part];
            rows.push(self.id(part, self.rows(part)[at]));
            heap.extend(self.next(next.part, at + 1));
        }
    }

    fn next(&self, index: usize, at: usize) -> Option<Reverse<Next>> {
        let part = &self.parts[index];
        let row = (at < part.dated).then(|| self.rows(part)[at])?;
        Some(Reverse(Next {
            key: self.key(self.column(part), row),
            part: index,
            at: Some(at),
        }))
    }

    /// The key of the dated row at position `n`.
    fn key_at(&self, n: usize) -> u64 {
        first_true(self.bounds(n), |key| self.ranks(key, Bound::UpTo) > n)
    }

    /// Keys between which that of the dated row at position `n` is, told from the ranges of the chunks alone.
    fn bounds(&self, n: usize) -> (u64, u64) {
        let sum = |test: &dyn Fn(&Part) -> bool| -> usize {
            let parts = self
                .parts
                .iter()
                .filter(|part| part.dated > 0 && test(part));
            parts.map(|part| part.dated).sum()
        };
        let dated = || self.parts.iter().filter(|part| part.dated > 0);
        let low = dated().map(|part| part.keys.0).min().unwrap_or(0);
        let high = dated().map(|part| part.keys.1).max().unwrap_or(0);
        (
            first_true((low, high), |key| sum(&|part| part.keys.0 <= key) > n),
            first_true((low, high), |key| sum(&|part| part.keys.1 <= key) > n),
        )
    }

    /// How many dated rows have a key in `bound`.
    fn ranks(&self, key: u64, bound: Bound) -> usize {
        let parts = self.parts.iter();
        parts.map(|part| self.rank(part, key, bound)).sum()
    }

    fn rank(&self, part: &Part, key: u64, bound: Bound) -> usize {
        let is_in = |other: u64| other < key || bound == Bound::UpTo && other == key;
        if part.dated == 0 || !is_in(part.keys.0) {
            return 0;
        }
        if is_in(part.keys.1) {
            return part.dated;
        }
        let column = self.column(part);
        self.rows(part)[..part.dated].partition_point(|row| is_in(self.key(column, *row)))
    }

    fn column(&self, part: &Part) -> Option<&Column> {
        self.selection.store().chunks()[part.chunk].column(id::START)
    }

    fn key(&self, column: Option<&Column>, row: u16) -> u64 {
        let start = column.map_or(0, |column| column.integers().get(row.into()));
        key(start, self.descending)
    }

    fn key_of(&self, row: RowId) -> Option<u64> {
        match field_value(self.selection.store(), row, id::START) {
            Key::Number(start) => Some(key(start, self.descending)),
            Key::Missing | Key::Word(_) | Key::Address(_) => None,
        }
    }

    fn id(&self, part: &Part, row: u16) -> RowId {
        RowId(self.selection.store().base(part.chunk) + u32::from(row))
    }

    fn rows<'a>(&self, part: &'a Part) -> &'a [u16] {
        part.rows.get_or_init(|| {
            let chunk = &self.selection.store().chunks()[part.chunk];
            let mask = &self.selection.masks()[part.chunk];
            let mut rows = in_order(chunk, mask, part.dated + part.undated);
            if self.descending {
                let column = self.column(part);
                reverse_groups(&mut rows[..part.dated], |row| self.key(column, row));
            }
            rows.into()
        })
    }
}

impl Part {
    fn new(place: u32, index: usize, chunk: &Chunk, mask: &Mask, descending: bool) -> Option<Self> {
        let selected = mask.count(chunk.rows());
        if selected == 0 {
            return None;
        }
        let column = chunk.column(id::START);
        let range = column.and_then(|column| column.range);
        let dated = match (range, column.and_then(|column| column.present.as_ref())) {
            (None, _) => 0,
            (Some(_), None) => selected,
            (Some(_), Some(present)) => match mask {
                Mask::All => present.count(),
                Mask::None => 0,
                Mask::Bits(bits) => {
                    let words = bits.words().iter().zip(present.words());
                    words.map(|(a, b)| (a & b).count_ones() as usize).sum()
                }
            },
        };
        let (low, high) = range.unwrap_or_default();
        let (low, high) = (key(low, descending), key(high, descending));
        Some(Self {
            place,
            chunk: index,
            dated,
            undated: selected - dated,
            keys: (low.min(high), low.max(high)),
            rows: OnceLock::new(),
        })
    }
}

/// A number that sorts as starts are listed.
fn key(start: u64, descending: bool) -> u64 {
    if descending { !start } else { start }
}

/// The lowest number of a range for which `test` holds, as it does for all above it and for the highest.
fn first_true((mut low, mut high): (u64, u64), test: impl Fn(u64) -> bool) -> u64 {
    while low < high {
        let middle = low + (high - low) / 2;
        if test(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// The rows of `chunk` that `mask` selects, by start, those without one last.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a chunk has at most 2^16 rows"
)]
fn in_order(chunk: &Chunk, mask: &Mask, selected: usize) -> Vec<u16> {
    let order = chunk.by_start();
    let mut rows = Vec::with_capacity(selected);
    match (order, mask) {
        (Some(order), Mask::All) => rows.extend_from_slice(order),
        (Some(order), Mask::Bits(bits)) if selected * SPARSE > chunk.rows() => {
            rows.extend(order.iter().filter(|row| bits.get(usize::from(**row))));
        }
        (order, mask) => {
            mask.for_each(chunk.rows(), |row| rows.push(row as u16));
            if order.is_some() {
                let start = |row: &u16| match chunk.column(id::START) {
                    Some(column) => column.integer((*row).into()),
                    None => None,
                };
                rows.sort_by_cached_key(|row| {
                    let start = start(row);
                    (start.is_none(), start)
                });
            }
        }
    }
    rows
}

/// Reverses the order of the groups of rows with equal keys; within a group it stays.
fn reverse_groups(rows: &mut [u16], key: impl Fn(u16) -> u64) {
    rows.reverse();
    for group in rows.chunk_by_mut(|a, b| key(*a) == key(*b)) {
        group.reverse();
    }
}
