//! A grid of sums by lane and bucket.

use std::ops::RangeInclusive;

use crate::analysis::Window;
use crate::analysis::sum::{Accumulate, BatchMeasures, SUM_COPIES};
use crate::schema::id;
use crate::store::Chunk;

/// Rows with this lane are not added.
pub(super) const NO_LANE: u32 = u32::MAX;

/// The sums of a chunk are kept apart if they are at most this many, so that they stay in the L1 or L2 cache.
const MAX_CHUNK_SUMS: usize = 1 << 13;
/// With at most this many sums, consecutive rows often go to the same one; see [`SUM_COPIES`].
const MAX_COPIED_SUMS: usize = 1 << 8;

/// A sum for each lane and bucket.
///
/// The times of a chunk are close together, so that its rows are in few of the buckets. They are added up apart, in
/// sums that stay in the cache, which are added to the others after the last row of the chunk.
#[derive(Clone, Debug)]
pub(super) struct TimeGrid<T: Accumulate> {
    window: Window,
    pub(super) sums: Vec<T>,
    /// The index of the sum of each row of the batch.
    indexes: Vec<u32>,
    /// The buckets of the current chunk; none if its rows are added to `sums` one by one.
    chunk_buckets: Option<RangeInclusive<u32>>,
    /// A sum for each lane and each of these buckets, and one more for rows without a `start`.
    chunk_sums: Vec<T::Chunk>,
    /// How many copies of each chunk sum there are.
    copies: usize,
    /// How many rows of the chunk are still to be added.
    rows_left: usize,
}

impl<T: Accumulate> TimeGrid<T> {
    pub(super) fn new(window: Window, lanes: usize) -> Self {
        Self {
            window,
            sums: vec![T::default(); lanes * stride_of(window) as usize],
            indexes: Vec::new(),
            chunk_buckets: None,
            chunk_sums: Vec::new(),
            copies: 1,
            rows_left: 0,
        }
    }

    pub(super) fn window(&self) -> Window {
        self.window
    }

    /// How many sums a lane has: one for each bucket, one for rows outside the window, and one for rows without a
    /// `start`.
    pub(super) fn stride(&self) -> usize {
        stride_of(self.window) as usize
    }

    /// Begins `chunk`, of which `selected` rows will be added to the first `lanes` lanes.
    pub(super) fn begin(&mut self, chunk: &Chunk, selected: usize, lanes: usize) {
        self.rows_left = selected;
        let sums = |buckets: &_| lanes.saturating_mul(chunk_stride(buckets) as usize);
        let span = self.buckets_of(chunk);
        self.chunk_buckets = span.filter(|buckets| sums(buckets) <= MAX_CHUNK_SUMS.min(selected));
        let are_few = self
            .chunk_buckets
            .as_ref()
            .is_some_and(|buckets| sums(buckets) <= MAX_COPIED_SUMS);
        self.copies = if are_few { SUM_COPIES } else { 1 };
        self.chunk_sums.clear();
        self.reach(lanes);
    }

    /// Makes room for this many lanes.
    pub(super) fn reach(&mut self, lanes: usize) {
        let wanted = lanes * self.stride();
        if self.sums.len() < wanted {
            self.sums.resize(wanted, T::default());
        }
        let wanted =
            lanes * self.chunk_buckets.as_ref().map_or(0, chunk_stride) as usize * self.copies;
        if self.chunk_sums.len() < wanted {
            self.chunk_sums.resize(wanted, T::Chunk::default());
        }
    }

    /// The buckets of the rows of a chunk that have a `start`; none if some may be outside the window.
    fn buckets_of(&self, chunk: &Chunk) -> Option<RangeInclusive<u32>> {
        let (low, high) = chunk.column(id::START)?.range?;
        let bucket = |time| u32::try_from(self.window.bucket(time)?).ok();
        Some(bucket(low)?..=bucket(high)?)
    }

    /// Adds each row of a batch to its lane, if it has one. Called once for each lane that a row may count in.
    #[inline]
    pub(super) fn add(&mut self, lanes: impl Iterator<Item = u32>, measures: &BatchMeasures) {
        let buckets = measures.buckets.iter().copied();
        let Some(span) = &self.chunk_buckets else {
            find_indexes(
                &mut self.indexes,
                lanes.zip(buckets),
                stride_of(self.window),
            );
            T::add(&mut self.sums, &self.indexes, measures);
            return;
        };
        let (first, last) = (*span.start(), span.end() - span.start() + 1);
        let buckets = buckets.map(|bucket| bucket.wrapping_sub(first).min(last));
        find_indexes(&mut self.indexes, lanes.zip(buckets), last + 1);
        if self.copies > 1 {
            T::add_in_chunk::<SUM_COPIES>(&mut self.chunk_sums, &self.indexes, measures);
        } else {
            T::add_in_chunk::<1>(&mut self.chunk_sums, &self.indexes, measures);
        }
    }

    /// Ends a batch of `rows` rows, which have been added to all of their lanes.
    pub(super) fn finish_batch(&mut self, rows: usize) {
        self.rows_left = self.rows_left.saturating_sub(rows);
        let Some(span) = self.chunk_buckets.take_if(|_| self.rows_left == 0) else {
            return;
        };
        let (stride, width) = (self.stride(), chunk_stride(&span) as usize);
        let lanes = self.sums.chunks_mut(stride);
        for (lane, sums) in lanes.zip(self.chunk_sums.chunks(width * self.copies)) {
            let (first, last) = (*span.start() as usize, *span.end() as usize);
            let timeless = stride - 1;
            let indexes = (first..=last).chain([timeless]);
            for (place, sums) in indexes.zip(sums.chunks(self.copies)) {
                for sum in sums.iter().filter(|sum| **sum != T::Chunk::default()) {
                    lane[place].add_chunk(sum);
                }
            }
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a window has fewer buckets than a day has seconds"
)]
fn stride_of(window: Window) -> u32 {
    window.buckets as u32 + 2
}

fn chunk_stride(buckets: &RangeInclusive<u32>) -> u32 {
    buckets.end() - buckets.start() + 2
}

/// Fills `indexes` with the index of the sum of each lane and bucket.
#[inline]
fn find_indexes(indexes: &mut Vec<u32>, cells: impl Iterator<Item = (u32, u32)>, stride: u32) {
    indexes.clear();
    // Branch-free, so that the compiler vectorizes it.
    indexes.extend(cells.map(|(lane, bucket)| {
        let nowhere = u32::from(lane == NO_LANE).wrapping_neg();
        lane.wrapping_mul(stride).wrapping_add(bucket) | nowhere
    }));
}
