//! Tallies by lane and bucket.

use std::ops::RangeInclusive;

use crate::analysis::Window;
use crate::analysis::sum::{Accumulate, BatchMeasures, SUM_COPIES};
use crate::schema::id;
use crate::store::Chunk;

/// Not a lane.
pub(super) const NO_LANE: u32 = u32::MAX;

/// At most so many sums of a chunk stay in a near cache.
const NEAR: usize = 1 << 13;
/// Where there are no more, rows that follow one another are often in the same cell.
const FEW: usize = 1 << 8;

/// A tally for each lane and bucket, and those of the chunk at hand.
///
/// The times of a chunk lie close together, so that its rows are in few of the cells. They are added up apart,
/// where they stay in a near cache, and put to the others when the last of them has come.
#[derive(Clone, Debug)]
pub(super) struct TimeGrid<T: Accumulate> {
    window: Window,
    pub(super) tallies: Vec<T>,
    places: Vec<u32>,
    /// The buckets of the chunk at hand; none where its rows are put to the others one by one.
    near: Option<RangeInclusive<u32>>,
    /// A sum for each lane and each of these buckets, and one more of what has no `start`.
    sums: Vec<T::Chunk>,
    /// How many sums each of these cells has.
    turns: usize,
    /// How many rows of the chunk are still to come.
    left: usize,
}

impl<T: Accumulate> TimeGrid<T> {
    /// A grid of `lanes` lanes.
    pub(super) fn new(window: Window, lanes: usize) -> Self {
        Self {
            window,
            tallies: vec![T::default(); lanes * stride_of(window) as usize],
            places: Vec::new(),
            near: None,
            sums: Vec::new(),
            turns: 1,
            left: 0,
        }
    }

    pub(super) fn window(&self) -> Window {
        self.window
    }

    /// How many tallies a lane has: two more than buckets, for what lies outside the window, and for what has no
    /// `start`.
    pub(super) fn stride(&self) -> usize {
        stride_of(self.window) as usize
    }

    /// Makes ready for `selected` rows of `chunk`, which are in the first `lanes` lanes.
    pub(super) fn begin(&mut self, chunk: &Chunk, selected: usize, lanes: usize) {
        self.left = selected;
        let sums = |buckets: &_| lanes.saturating_mul(near_stride(buckets) as usize);
        let near = self.buckets_of(chunk);
        self.near = near.filter(|buckets| sums(buckets) <= NEAR.min(selected));
        let are_few = self
            .near
            .as_ref()
            .is_some_and(|buckets| sums(buckets) <= FEW);
        self.turns = if are_few { SUM_COPIES } else { 1 };
        self.sums.clear();
        self.reach(lanes);
    }

    /// Makes room for so many lanes.
    pub(super) fn reach(&mut self, lanes: usize) {
        let wanted = lanes * self.stride();
        if self.tallies.len() < wanted {
            self.tallies.resize(wanted, T::default());
        }
        let wanted = lanes * self.near.as_ref().map_or(0, near_stride) as usize * self.turns;
        if self.sums.len() < wanted {
            self.sums.resize(wanted, T::Chunk::default());
        }
    }

    /// The buckets of the rows of a chunk that have a `start`; none where some may lie outside the window.
    fn buckets_of(&self, chunk: &Chunk) -> Option<RangeInclusive<u32>> {
        let (low, high) = chunk.column(id::START)?.range?;
        let bucket = |time| u32::try_from(self.window.bucket(time)?).ok();
        Some(bucket(low)?..=bucket(high)?)
    }

    /// Adds each row of a batch to its lane, if it has one.
    #[inline]
    pub(super) fn add(&mut self, lanes: impl Iterator<Item = u32>, measures: &BatchMeasures) {
        let buckets = measures.buckets.iter().copied();
        let Some(near) = &self.near else {
            lay(&mut self.places, lanes.zip(buckets), stride_of(self.window));
            T::add(&mut self.tallies, &self.places, measures);
            return;
        };
        let (first, last) = (*near.start(), near.end() - near.start() + 1);
        let buckets = buckets.map(|bucket| bucket.wrapping_sub(first).min(last));
        lay(&mut self.places, lanes.zip(buckets), last + 1);
        if self.turns > 1 {
            T::add_in_chunk::<SUM_COPIES>(&mut self.sums, &self.places, measures);
        } else {
            T::add_in_chunk::<1>(&mut self.sums, &self.places, measures);
        }
    }

    /// Says that `rows` rows have been added to all of their lanes.
    pub(super) fn have_added(&mut self, rows: usize) {
        self.left = self.left.saturating_sub(rows);
        let Some(near) = self.near.take_if(|_| self.left == 0) else {
            return;
        };
        let (stride, width) = (self.stride(), near_stride(&near) as usize);
        let lanes = self.tallies.chunks_mut(stride);
        for (lane, sums) in lanes.zip(self.sums.chunks(width * self.turns)) {
            let (first, last) = (*near.start() as usize, *near.end() as usize);
            let timeless = stride - 1;
            let places = (first..=last).chain([timeless]);
            for (place, sums) in places.zip(sums.chunks(self.turns)) {
                for sum in sums.iter().filter(|sum| **sum != T::Chunk::default()) {
                    lane[place].take_in(sum);
                }
            }
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a window has fewer buckets than a screen has columns, or a day seconds"
)]
fn stride_of(window: Window) -> u32 {
    window.buckets as u32 + 2
}

fn near_stride(buckets: &RangeInclusive<u32>) -> u32 {
    buckets.end() - buckets.start() + 2
}

/// Fills `places` with the place of each lane and bucket.
#[inline]
fn lay(places: &mut Vec<u32>, cells: impl Iterator<Item = (u32, u32)>, stride: u32) {
    places.clear();
    // Without a branch, so that several are done at once.
    places.extend(cells.map(|(lane, bucket)| {
        let nowhere = u32::from(lane == NO_LANE).wrapping_neg();
        lane.wrapping_mul(stride).wrapping_add(bucket) | nowhere
    }));
}
