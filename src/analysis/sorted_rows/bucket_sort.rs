//! Sorts the rows of a selection: distributes them to buckets by their keys, and sorts each bucket in the cache.

use std::ops::Range;

use super::Stop;
use super::bucket_arena::{BLOCK, BucketArena};
use super::buckets::Buckets;
use super::radix::{Item, KeyOrder, Sorter};
use super::sort_keys::{Batch, SortKeys};
use crate::analysis::Selection;
use crate::analysis::parallel::{fold_parallel, fold_parallel_owned, useful_threads};
use crate::analysis::scan::{BATCH_ROWS, Rows, for_each_list};
use crate::query::Mask;
use crate::store::RowId;

/// How many rows of a chunk are sampled to choose the buckets.
const SAMPLES_PER_CHUNK: usize = 1 << 8;
/// How many stretches there are for each thread, so that none waits long for another.
const STRETCHES_PER_THREAD: usize = 2;
/// A task is to sort at least this many rows.
const MIN_TASK_ROWS: usize = 1 << 14;

/// What is to be sorted, and how.
pub(super) struct BucketSort<'a> {
    pub(super) selection: &'a Selection,
    pub(super) keys: &'a SortKeys,
    /// The lowest and the highest key.
    pub(super) span: (u64, u64),
    pub(super) descending: bool,
    pub(super) stop: Stop<'a>,
}

/// The rows of a stretch in reading order, distributed to buckets.
struct Part<I> {
    index: usize,
    buckets: BucketArena<I>,
    missing: Vec<RowId>,
}

/// About how many bytes it takes to sort `rows` rows in items of `item_bytes` on `threads` threads.
pub(super) fn memory(rows: usize, item_bytes: usize, threads: usize) -> usize {
    let parts = threads * STRETCHES_PER_THREAD;
    // The last block of each bucket is filled only in part.
    let items = rows + parts * Buckets::most_for(rows) * BLOCK;
    items * item_bytes + rows * size_of::<RowId>()
}

impl BucketSort<'_> {
    /// The rows, sorted; none if stopped.
    pub(super) fn rows<I: Item>(&self, threads: usize) -> Option<Vec<RowId>> {
        let threads = useful_threads(threads, self.selection.masks().len());
        let highest = self.span.1 - self.span.0;
        let buckets = Buckets::new(&self.sample(), self.selection.len(), highest);
        let stretches = stretches(self.selection, threads * STRETCHES_PER_THREAD);
        let places: Vec<usize> = (0..stretches.len()).collect();
        let read = |parts: &mut Vec<Part<I>>, index: &usize| {
            let chunks = stretches[*index].clone();
            parts.extend(self.distribute(*index, chunks, &buckets));
        };
        let parts = fold_parallel(&places, threads, Vec::new, read, self.stop);
        if (self.stop)() {
            return None;
        }
        let mut parts: Vec<Part<I>> = parts.into_iter().flatten().collect();
        parts.sort_unstable_by_key(|part| part.index);
        self.sort_buckets(&parts, &buckets, threads)
    }

    /// The keys of some rows, less the lowest key.
    fn sample(&self) -> Vec<u64> {
        let store = self.selection.store();
        let (mut sample, mut list, mut batch) = (Vec::new(), Vec::new(), Batch::default());
        for (chunk, mask) in store.chunks().iter().zip(self.selection.masks()) {
            let step = chunk.rows().div_ceil(SAMPLES_PER_CHUNK).max(1);
            list.clear();
            let rows = (0..chunk.rows()).step_by(step);
            list.extend(
                rows.filter(|row| mask.get(*row))
                    .filter_map(|row| u16::try_from(row).ok()),
            );
            self.keys.load(chunk, &Rows::List(&list), &mut batch);
            sample.extend(
                batch
                    .keys()
                    .flatten()
                    .map(|key| key.saturating_sub(self.span.0)),
            );
        }
        sample
    }

    /// Distributes the rows of the chunks at `chunks` in reading order to buckets; none if stopped.
    fn distribute<I: Item>(
        &self,
        stretch: usize,
        chunks: Range<usize>,
        buckets: &Buckets,
    ) -> Option<Part<I>> {
        let store = self.selection.store();
        let order = &store.reading_order()[chunks];
        let rows = order.iter().map(|&index| {
            let index = index as usize;
            self.selection.masks()[index].count(store.chunks()[index].rows())
        });
        let mut part = Part {
            index: stretch,
            buckets: BucketArena::new(buckets.len(), rows.sum()),
            missing: Vec::new(),
        };
        let (mut list, mut ids, mut batch) =
            (Vec::with_capacity(BATCH_ROWS), Vec::new(), Batch::default());
        for &index in order {
            if (self.stop)() {
                return None;
            }
            let index = index as usize;
            let (chunk, base) = (&store.chunks()[index], store.base(index));
            let mut add = |rows: &Rows<'_>| {
                self.keys.load(chunk, rows, &mut batch);
                rows.map_into(&mut ids, |row| {
                    base.wrapping_add(u32::try_from(row).unwrap_or(0))
                });
                for (row, key) in ids.iter().zip(batch.keys()) {
                    match key.map(|key| key.saturating_sub(self.span.0)) {
                        Some(key) => part.buckets.push(buckets.of(key), I::new(key, *row)),
                        None => part.missing.push(RowId(*row)),
                    }
                }
            };
            match &self.selection.masks()[index] {
                Mask::None => {}
                Mask::All => {
                    for first in (0..chunk.rows()).step_by(BATCH_ROWS) {
                        add(&Rows::Run(first..chunk.rows().min(first + BATCH_ROWS)));
                    }
                }
                Mask::Bits(bits) => for_each_list(bits, &mut list, |list| add(&Rows::List(list))),
            }
        }
        Some(part)
    }

    /// Sorts each bucket, and appends the rows without a value.
    fn sort_buckets<I: Item>(
        &self,
        parts: &[Part<I>],
        buckets: &Buckets,
        threads: usize,
    ) -> Option<Vec<RowId>> {
        // Zeroed pages cost nothing until they are written to.
        let mut rows = vec![0u32; self.selection.len()];
        let mut blocks_of: Vec<(usize, Vec<&[I]>)> =
            (0..buckets.len()).map(|b| (b, Vec::new())).collect();
        for part in parts {
            part.buckets
                .for_each_block(|bucket, items| blocks_of[bucket].1.push(items));
        }
        if self.descending {
            blocks_of.reverse();
        }
        let (mut tasks, mut task) = (Vec::new(), Vec::new());
        let (mut rest, mut filled) = (rows.as_mut_slice(), 0);
        for (bucket, blocks) in blocks_of {
            filled += blocks.iter().map(|items| items.len()).sum::<usize>();
            task.push((bucket, blocks));
            if filled >= MIN_TASK_ROWS {
                let (own, after) = rest.split_at_mut(filled);
                tasks.push((std::mem::take(&mut task), own));
                (rest, filled) = (after, 0);
            }
        }
        let (own, after) = rest.split_at_mut(filled);
        tasks.push((task, own));
        let missing = parts.iter().flat_map(|part| &part.missing);
        for (place, row) in after.iter_mut().zip(missing) {
            *place = row.0;
        }
        let sort = |sorter: &mut Sorter<I>, (task, mut rest): SortTask<'_, I>| {
            for (bucket, blocks) in task {
                let len = blocks.iter().map(|items| items.len()).sum();
                let (own, after) = rest.split_at_mut(len);
                rest = after;
                let order = KeyOrder {
                    keys: buckets.range(bucket),
                    descending: self.descending,
                };
                sorter.sort(&blocks, &order, own, self.stop);
            }
        };
        fold_parallel_owned(tasks, threads, Sorter::default, sort, self.stop);
        (!(self.stop)()).then(|| rows.into_iter().map(RowId).collect())
    }
}

/// Consecutive buckets, each with its blocks of items, and where their rows go.
type SortTask<'a, I> = (Vec<(usize, Vec<&'a [I]>)>, &'a mut [u32]);

/// Cuts the chunks in reading order into `parts` stretches with about equally many selected rows.
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
