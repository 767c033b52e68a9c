//! Selected rows in the order of a column.

mod bucket_arena;
mod bucket_sort;
mod buckets;
mod radix;
mod sort_keys;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;

use bucket_sort::BucketSort;
use sort_keys::SortKeys;
pub use sort_keys::field_value;

use super::parallel::fold_parallel;
use super::scan::BATCH;
use super::value_names::ValueNames;
use super::{Key, Selection};
use crate::schema::FieldId;
use crate::store::RowId;

/// Which column to sort by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SortBy {
    /// The column. For a field that means either of two values it is the source's, or else the other.
    pub field: FieldId,
    /// Largest first.
    pub descending: bool,
}

/// The rows of a selection, sorted: numbers and addresses by size, words by their text. Rows with equal
/// values stand in reading order, and rows without a value last, whatever the direction.
#[derive(Clone, Debug, Default)]
pub struct SortedRows {
    /// The rows.
    pub rows: Vec<RowId>,
}

/// Asked now and then whether to give up.
pub(crate) type Stop<'a> = &'a (dyn Fn() -> bool + Sync);

impl SortedRows {
    /// Sorts `selection` on up to `threads` threads; none where `stop` said so before the end.
    pub fn new(
        selection: &Selection,
        sort: SortBy,
        threads: usize,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Option<Self> {
        let keys = SortKeys::new(selection, sort.field);
        let span = keys.span(selection);
        let sort = BucketSort {
            selection,
            keys: &keys,
            span: span.unwrap_or((0, u64::MAX)),
            descending: sort.descending,
            stop,
        };
        let rows = match span {
            Some((low, high)) if u32::try_from(high - low).is_ok() => sort.rows::<u64>(threads)?,
            _ => sort.rows::<(u64, u32)>(threads)?,
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
        let found = fold_parallel(&parts, parts.len(), Vec::new, read, stop);
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
    pub fn position(&self, selection: &Selection, sort: SortBy, row: RowId) -> usize {
        let names = ValueNames::new(&selection.store().catalog, sort.field);
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
    let key = field_value(selection.store(), row, field);
    (key, selection.reading_position(row))
}

fn before(names: &ValueNames, descending: bool, a: Place, b: Place) -> Ordering {
    let missing = |place: Place| place.0 == Key::Missing;
    let by_value = match names.compare(a.0, b.0) {
        order if missing(a) || missing(b) => order,
        order if descending => order.reverse(),
        order => order,
    };
    by_value.then(a.1.cmp(&b.1))
}
