//! Selected rows in the order of a column.

mod keys;
mod radix;

use std::cmp::Ordering;
use std::ops::Range;

use keys::Keys;
pub use keys::value;
use radix::{Item, merge, sort};

use super::names::Names;
use super::parallel::{each, spread, useful};
use super::scan::{BATCH, Rows, listed};
use super::{Key, Selection};
use crate::query::Mask;
use crate::schema::FieldId;
use crate::store::RowId;

/// Which column to sort by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The column. For a field that means either of two values it is the source's, or else the other.
    pub field: FieldId,
    /// Largest first.
    pub descending: bool,
}

/// The rows of a selection, sorted: numbers and addresses by size, words by their text. Rows with equal
/// values stand in reading order, and rows without a value last, whatever the direction.
#[derive(Clone, Debug, Default)]
pub struct Order {
    /// The rows.
    pub rows: Vec<RowId>,
}

/// Asked now and then whether to give up.
pub(crate) type Stop<'a> = &'a (dyn Fn() -> bool + Sync);

/// What one thread has of the rows: a stretch in reading order.
struct Part<I> {
    place: usize,
    items: Vec<I>,
    missing: Vec<RowId>,
}

impl Order {
    /// Sorts `selection` on up to `threads` threads; none where `stop` said so before the end.
    pub fn new(
        selection: &Selection,
        sort: Sort,
        threads: usize,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Option<Self> {
        let keys = Keys::new(selection, sort.field);
        let parts = stretches(selection, useful(threads, selection.masks().len()));
        let rows = match keys.span(selection) {
            Some((low, high)) if u32::try_from(high - low).is_ok() => {
                let directed = |key: u64| {
                    if sort.descending {
                        high.saturating_sub(key)
                    } else {
                        key.saturating_sub(low)
                    }
                };
                let parts = gather::<u64>(selection, &keys, &parts, (&directed, stop))?;
                finish(parts, high - low, stop)?
            }
            _ => {
                let mut parts = gather::<(u64, u32)>(selection, &keys, &parts, (&|key| key, stop))?;
                let all = || parts.iter().flat_map(|part| &part.items);
                let low = all().map(Item::key).min().unwrap_or(0);
                let high = all().map(Item::key).max().unwrap_or(0);
                for item in parts.iter_mut().flat_map(|part| &mut part.items) {
                    item.0 = if sort.descending {
                        high - item.0
                    } else {
                        item.0 - low
                    };
                }
                finish(parts, high - low, stop)?
            }
        };
        Some(Self { rows })
    }

    /// The rows of this order that are in `selection`, as they stand, found on up to `threads` threads; none
    /// where `stop` said so before the end.
    pub(crate) fn among(
        &self,
        selection: &Selection,
        threads: usize,
        stop: Stop<'_>,
    ) -> Option<Self> {
        let wanted = selection.bits();
        let share = self.rows.len().div_ceil(threads.max(1)).max(BATCH);
        let parts: Vec<(usize, &[RowId])> = self.rows.chunks(share).enumerate().collect();
        let read = |found: &mut Vec<(usize, Vec<RowId>)>, (place, part): &(usize, &[RowId])| {
            let mut rows = Vec::new();
            for batch in part.chunks(1 << 16) {
                if stop() {
                    return;
                }
                rows.extend(batch.iter().filter(|row| wanted.get(row.0 as usize)));
            }
            found.push((*place, rows));
        };
        let found = spread(&parts, parts.len(), Vec::new, read, stop);
        if stop() {
            return None;
        }
        let mut found: Vec<(usize, Vec<RowId>)> = found.into_iter().flatten().collect();
        found.sort_unstable_by_key(|(place, _)| *place);
        Some(Self {
            rows: found.into_iter().flat_map(|(_, rows)| rows).collect(),
        })
    }

    /// Where `row` stands in this order of `selection`, or where it would stand if it were selected.
    ///
    /// # Panics
    ///
    /// When the store of the selection has no such row.
    pub fn position(&self, selection: &Selection, sort: Sort, row: RowId) -> usize {
        let names = Names::new(&selection.store().catalog, sort.field);
        let wanted = place(selection, sort.field, row);
        self.rows.partition_point(|other| {
            let other = place(selection, sort.field, *other);
            before(&names, sort.descending, other, wanted) == Ordering::Less
        })
    }
}

type Place = (Key, (u32, usize));

/// What a row is sorted by: its value, then its place in reading order.
fn place(selection: &Selection, field: FieldId, row: RowId) -> Place {
    let key = value(selection.store(), row, field);
    (key, selection.reading_place(row))
}

fn before(names: &Names, descending: bool, a: Place, b: Place) -> Ordering {
    let missing = |place: Place| place.0 == Key::Missing;
    let by_value = match names.compare(a.0, b.0) {
        order if missing(a) || missing(b) => order,
        order if descending => order.reverse(),
        order => order,
    };
    by_value.then(a.1.cmp(&b.1))
}

/// Cuts the chunks in reading order into so many stretches with about as many selected rows each.
fn stretches(selection: &Selection, parts: usize) -> Vec<Range<usize>> {
    let store = selection.store();
    let share = selection.len().div_ceil(parts.max(1)).max(1);
    let (mut ranges, mut first, mut rows) = (Vec::new(), 0, 0);
    for (place, &index) in store.reading_order().iter().enumerate() {
        let index = index as usize;
        rows += selection.masks()[index].count(store.chunks()[index].rows());
        if rows >= share {
            ranges.push(first..place + 1);
            (first, rows) = (place + 1, 0);
        }
    }
    ranges.push(first..store.reading_order().len());
    ranges
}

fn gather<I: Item>(
    selection: &Selection,
    keys: &Keys,
    stretches: &[Range<usize>],
    (directed, stop): (&(dyn Fn(u64) -> u64 + Sync), Stop<'_>),
) -> Option<Vec<Part<I>>> {
    let store = selection.store();
    let places: Vec<usize> = (0..stretches.len()).collect();
    let read = |parts: &mut Vec<Part<I>>, place: &usize| {
        let mut part = Part {
            place: *place,
            items: Vec::new(),
            missing: Vec::new(),
        };
        let (mut list, mut buffer) = (Vec::with_capacity(BATCH), Vec::new());
        for &index in &store.reading_order()[stretches[*place].clone()] {
            if stop() {
                break;
            }
            let index = index as usize;
            let (chunk, base) = (&store.chunks()[index], store.base(index));
            let mask = &selection.masks()[index];
            part.items.reserve(mask.count(chunk.rows()));
            let mut add = |rows: &Rows<'_>| {
                keys.each(chunk, rows, &mut buffer, |row, key| {
                    let row = base + u32::try_from(row).unwrap_or(0);
                    match key {
                        Some(key) => part.items.push(I::new(directed(key), row)),
                        None => part.missing.push(RowId(row)),
                    }
                });
            };
            match mask {
                Mask::None => {}
                Mask::All => add(&Rows::Run(0..chunk.rows())),
                Mask::Bits(bits) => listed(bits, &mut list, |list| add(&Rows::List(list))),
            }
        }
        parts.push(part);
    };
    let parts = spread(&places, stretches.len(), Vec::new, read, stop);
    if stop() {
        return None;
    }
    let mut parts: Vec<Part<I>> = parts.into_iter().flatten().collect();
    parts.sort_unstable_by_key(|part| part.place);
    Some(parts)
}

/// Sorts each part, merges them, and puts the rows without a value behind. Keys are at most `highest`.
fn finish<I: Item>(parts: Vec<Part<I>>, highest: u64, stop: Stop<'_>) -> Option<Vec<RowId>> {
    let bits = u64::BITS - highest.leading_zeros();
    let mut missing = Vec::new();
    let mut lists = Vec::new();
    for part in parts {
        missing.extend(part.missing);
        lists.push(part.items);
    }
    each(lists.iter_mut().collect(), |list| sort(list, bits, stop));
    if stop() {
        return None;
    }
    let mut rows = merge(&lists);
    rows.extend(missing);
    (!stop()).then_some(rows)
}
