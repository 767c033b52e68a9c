//! The selected rows sorted by a column.

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
use super::scan::BATCH_ROWS;
use super::value_names::ValueNames;
use super::{Key, Selection};
use crate::schema::FieldId;
use crate::store::RowId;

/// What to sort records by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SortBy {
    /// The column; for fields like `addr`, that of the source, or else of the destination.
    pub field: FieldId,
    /// Whether the largest value comes first.
    pub descending: bool,
}

/// The rows of a selection, sorted: numbers and addresses by size, words by their text. Rows with equal values are in
/// reading order, and rows without a value come last in either direction.
#[derive(Clone, Debug, Default)]
pub struct SortedRows {
    /// All selected rows.
    pub rows: Vec<RowId>,
}

/// How many rows are read before `stop` is called again.
const ROWS_BETWEEN_STOPS: usize = 1 << 16;

/// Called now and then to see whether to stop.
pub(crate) type Stop<'a> = &'a (dyn Fn() -> bool + Sync);

impl SortedRows {
    /// About how many bytes it takes to sort `selection` by `field` on up to `threads` threads.
    pub fn memory(selection: &Selection, field: FieldId, threads: usize) -> usize {
        let (is_narrow, keys) = sort_keys::size(selection, field);
        let item = if is_narrow {
            size_of::<u64>()
        } else {
            size_of::<(u64, u32)>()
        };
        keys + bucket_sort::memory(selection.len(), item, threads)
    }

    /// Sorts `selection` on up to `threads` threads; none if stopped.
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

    /// Those of the rows that are in `selection`, in the same order, found on up to `threads` threads; none if stopped.
    pub(crate) fn among(
        &self,
        selection: &Selection,
        threads: usize,
        stop: Stop<'_>,
    ) -> Option<Self> {
        let wanted = selection.bits();
        let share = self.rows.len().div_ceil(threads.max(1)).max(BATCH_ROWS);
        let parts: Vec<(usize, &[RowId])> = self.rows.chunks(share).enumerate().collect();
        let read = |found: &mut Vec<(usize, Vec<RowId>)>, (index, part): &(usize, &[RowId])| {
            let mut rows = Vec::new();
            for batch in part.chunks(ROWS_BETWEEN_STOPS) {
                if stop() {
                    return;
                }
                rows.extend(batch.iter().filter(|row| wanted.get(row.0 as usize)));
            }
            found.push((*index, rows));
        };
        let found = fold_parallel(&parts, parts.len(), Vec::new, read, stop);
        if stop() {
            return None;
        }
        let mut found: Vec<(usize, Vec<RowId>)> = found.into_iter().flatten().collect();
        found.sort_unstable_by_key(|(index, _)| *index);
        Some(Self {
            rows: found.into_iter().flat_map(|(_, rows)| rows).collect(),
        })
    }

    /// The position of `row` in the sorted `selection`, or the one that it would have if it were selected.
    ///
    /// # Panics
    ///
    /// When the store of the selection has no such row.
    pub fn position(&self, selection: &Selection, sort: SortBy, row: RowId) -> usize {
        let names = ValueNames::new(&selection.store().catalog, sort.field);
        let wanted = rank(selection, sort.field, row);
        self.rows.partition_point(|other| {
            let other = rank(selection, sort.field, *other);
            before(&names, sort.descending, other, wanted) == Ordering::Less
        })
    }
}

type Rank = (Key, (u32, usize));

/// What a row is sorted by: its value, then its position in reading order.
fn rank(selection: &Selection, field: FieldId, row: RowId) -> Rank {
    let key = field_value(selection.store(), row, field);
    (key, selection.reading_position(row))
}

fn before(names: &ValueNames, descending: bool, a: Rank, b: Rank) -> Ordering {
    let missing = |rank: Rank| rank.0 == Key::Missing;
    let by_value = match names.compare(a.0, b.0) {
        order if missing(a) || missing(b) => order,
        order if descending => order.reverse(),
        order => order,
    };
    by_value.then(a.1.cmp(&b.1))
}
