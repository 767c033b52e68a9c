//! The selected rows sorted by columns.

mod bucket_arena;
mod bucket_sort;
mod buckets;
mod radix;
mod refine;
mod sort_keys;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;

use bucket_sort::BucketSort;
use refine::Refinement;
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

/// The rows of a selection, sorted: numbers and addresses by size, words by their text. Rows that are equal in all
/// columns are in reading order, and rows without a value come last in either direction.
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
    /// About how many bytes it takes to sort `selection` by `sorts` on up to `threads` threads.
    pub fn memory(selection: &Selection, sorts: &[SortBy], threads: usize) -> usize {
        let [first, more @ ..] = sorts else {
            return 0;
        };
        let (is_narrow, keys) = sort_keys::size(selection, first.field);
        let item = if is_narrow {
            size_of::<u64>()
        } else {
            size_of::<(u64, u32)>()
        };
        let rows = selection.len();
        let refined = if more.is_empty() {
            0
        } else {
            refine::memory(rows) + rows * size_of::<RowId>()
        };
        refined.max(keys + bucket_sort::memory(rows, item, threads))
    }

    /// Sorts `selection` by `sorts`, the most significant first, on up to `threads` threads; none if stopped.
    pub fn new(
        selection: &Selection,
        sorts: &[SortBy],
        threads: usize,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Option<Self> {
        let Some((first, more)) = sorts.split_first() else {
            let rows = selection.rows().collect();
            return Some(Self { rows });
        };
        let keys = SortKeys::new(selection, first.field);
        let span = keys.span(selection);
        let bucket_sort = BucketSort {
            selection,
            keys: &keys,
            span: span.unwrap_or((0, u64::MAX)),
            descending: first.descending,
            stop,
        };
        let mut rows = match span {
            Some((low, high)) if u32::try_from(high - low).is_ok() => {
                bucket_sort.rows::<u64>(threads)?
            }
            _ => bucket_sort.rows::<(u64, u32)>(threads)?,
        };
        let refinement = Refinement {
            store: selection.store(),
            threads,
            stop,
        };
        refinement.sort(&mut rows, *first, more);
        (!stop()).then_some(Self { rows })
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
    pub fn position(&self, selection: &Selection, sorts: &[SortBy], row: RowId) -> usize {
        let store = selection.store();
        let value = |row: RowId, sort: &SortBy| field_value(store, row, sort.field);
        let columns = sorts.iter().map(|sort| {
            let names = ValueNames::new(&store.catalog, sort.field);
            (names, sort, value(row, sort))
        });
        let columns: Vec<_> = columns.collect();
        let reading = selection.reading_position(row);
        self.rows.partition_point(|other| {
            let by_value = columns.iter().map(|(names, sort, wanted)| {
                compare(names, sort.descending, value(*other, sort), *wanted)
            });
            let by_value = by_value.fold(Ordering::Equal, Ordering::then);
            let by_reading = || selection.reading_position(*other).cmp(&reading);
            by_value.then_with(by_reading) == Ordering::Less
        })
    }
}

/// Compares two values of a column; the missing one comes last in either direction.
fn compare(names: &ValueNames, descending: bool, a: Key, b: Key) -> Ordering {
    match names.compare(a, b) {
        order if a == Key::Missing || b == Key::Missing => order,
        order if descending => order.reverse(),
        order => order,
    }
}
