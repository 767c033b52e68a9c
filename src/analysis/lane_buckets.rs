//! Adds up rows by the value of a field and the bucket of their `start`.

#[cfg(test)]
mod tests;
mod time_grid;

use time_grid::{NO_LANE, TimeGrid};

use super::dimension::Dimension;
use super::scan::Rows;
use super::sum::{Accumulate, BatchMeasures};
use super::{Key, Window};
use crate::schema::FieldId;
use crate::store::{Chunk, Store};

/// A tally for each lane and bucket. Each lane has two buckets more than the window: what lies outside, and
/// what has no `start`.
#[derive(Clone, Debug)]
pub(crate) struct LaneBuckets<T: Accumulate> {
    dimension: Dimension,
    lanes: Lanes,
    grid: TimeGrid<T>,
}

/// Which lanes there are.
#[derive(Clone, Debug)]
enum Lanes {
    /// One for each slot.
    Every,
    /// One for each of these values, and one more: of all other rows, or of all rows for a field whose
    /// records count in two lanes.
    Chosen {
        keys: Vec<Key>,
        /// The lane of the other rows, or of all.
        rest: u32,
        /// The lane of each slot; other slots have none.
        of: Vec<u32>,
    },
}

impl<T: Accumulate> LaneBuckets<T> {
    /// A lane for each value of `field`, of which there had better be few.
    pub(crate) fn every(field: FieldId, window: Window) -> Self {
        Self {
            dimension: Dimension::new(field, 1),
            lanes: Lanes::Every,
            grid: TimeGrid::new(window, 0),
        }
    }

    /// A lane for each of `keys`.
    pub(crate) fn chosen(field: FieldId, window: Window, keys: Vec<Key>, store: &Store) -> Self {
        let mut dimension = Dimension::new(field, 1);
        dimension.prepare(store);
        dimension.freeze(&keys);
        let mut of = Vec::new();
        for (lane, key) in (0u32..).zip(&keys) {
            let slot = dimension.slot(*key) as usize;
            if of.len() <= slot {
                of.resize(slot + 1, NO_LANE);
            }
            of[slot] = lane;
        }
        let rest = u32::try_from(keys.len()).unwrap_or(NO_LANE);
        Self {
            dimension,
            grid: TimeGrid::new(window, keys.len() + 1),
            lanes: Lanes::Chosen { keys, rest, of },
        }
    }

    /// Empty cells of the same lanes and buckets.
    pub(crate) fn fork(&self) -> Self {
        let lanes = match &self.lanes {
            Lanes::Every => 0,
            Lanes::Chosen { keys, .. } => keys.len() + 1,
        };
        Self {
            dimension: self.dimension.clone(),
            lanes: self.lanes.clone(),
            grid: TimeGrid::new(self.window(), lanes),
        }
    }

    pub(crate) fn window(&self) -> Window {
        self.grid.window()
    }

    pub(crate) fn field(&self) -> FieldId {
        self.dimension.field()
    }

    /// Whether each of `keys` has its lane.
    pub(crate) fn has_lanes(&self, keys: &[Key]) -> bool {
        match &self.lanes {
            Lanes::Every => true,
            Lanes::Chosen { keys: known, .. } => keys.iter().all(|key| known.contains(key)),
        }
    }

    /// Whether these can stand for `wanted`: the same buckets of the same field, and a lane for each value, or
    /// for each of those that are `needed`.
    pub(crate) fn can_stand_for(&self, wanted: &Self, needed: &[Key]) -> bool {
        let lanes = match (&self.lanes, &wanted.lanes) {
            (Lanes::Every, Lanes::Every) => true,
            (Lanes::Chosen { .. }, Lanes::Chosen { .. }) => self.has_lanes(needed),
            _ => false,
        };
        lanes && self.field() == wanted.field() && self.window() == wanted.window()
    }

    /// Learns what of `store` is not in its chunks.
    pub(crate) fn prepare(&mut self, store: &Store) {
        self.dimension.prepare(store);
    }

    /// Makes ready for the rows of `chunk`, of which `selected` will be added, no more and no fewer.
    pub(crate) fn begin(&mut self, chunk: &Chunk, selected: usize) {
        self.dimension.begin(chunk, selected);
        let lanes = match &self.lanes {
            Lanes::Every => self.dimension.bound(),
            Lanes::Chosen { keys, .. } => keys.len() + 1,
        };
        self.grid.begin(chunk, selected, lanes);
    }

    /// Adds rows of the chunk that was begun.
    pub(crate) fn add(&mut self, chunk: &Chunk, rows: &Rows<'_>, measures: &BatchMeasures) {
        self.dimension.read(chunk, rows);
        let Self {
            dimension,
            lanes,
            grid,
        } = self;
        match lanes {
            Lanes::Every => {
                grid.reach(dimension.bound());
                grid.add(dimension.slots(0).iter().copied(), measures);
            }
            Lanes::Chosen { rest, of, .. } => {
                let once = dimension.sides() == 1;
                let other = if once { *rest } else { NO_LANE };
                for side in 0..dimension.sides() {
                    let slots = dimension.slots(side).iter();
                    let lanes = slots.map(|slot| match of.get(*slot as usize) {
                        None | Some(&NO_LANE) => other,
                        Some(lane) => *lane,
                    });
                    grid.add(lanes, measures);
                }
                if !once {
                    grid.add(measures.buckets.iter().map(|_| *rest), measures);
                }
            }
        }
        grid.have_added(rows.len());
    }

    /// Takes in what was added to other cells of the same lanes and buckets.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.settle(other, T::merge);
    }

    /// Takes out what was added to other cells of the same lanes and buckets, all of which was added to these too.
    pub(crate) fn remove(&mut self, other: &Self) {
        self.settle(other, T::remove);
    }

    fn settle(&mut self, other: &Self, settle: impl Fn(&mut T, &T)) {
        if self.grid.tallies.len() < other.grid.tallies.len() {
            self.grid
                .tallies
                .resize(other.grid.tallies.len(), T::default());
        }
        for (own, other) in self.grid.tallies.iter_mut().zip(&other.grid.tallies) {
            settle(own, other);
        }
    }

    /// Bytes on the heap, nearly.
    pub(crate) fn memory(&self) -> usize {
        self.grid.tallies.len() * size_of::<T>()
    }

    /// Makes the cells those of another window, without looking at the rows again. Says whether that could be
    /// done: each bucket must lie in one of the new ones, and no row may have lain outside.
    pub(crate) fn move_to(&mut self, window: Window) -> bool {
        let old = self.window();
        if old == window {
            return true;
        }
        let stride = self.grid.stride();
        let aligned = old.first >= window.first
            && window.width.is_multiple_of(old.width)
            && (old.first - window.first).is_multiple_of(old.width);
        let mut outside = self.grid.tallies.iter().skip(old.buckets).step_by(stride);
        if !aligned || outside.any(|tally| tally.amount() > 0) {
            return false;
        }
        let mut moved = TimeGrid::<T>::new(window, self.grid.tallies.len() / stride);
        let new_stride = moved.stride();
        let lanes = moved.tallies.chunks_mut(new_stride);
        for (lane, moved) in self.grid.tallies.chunks(stride).zip(lanes) {
            for (bucket, tally) in lane.iter().enumerate() {
                let place = if bucket > old.buckets {
                    window.buckets + 1
                } else {
                    let inside = window.bucket(old.start_of(bucket));
                    inside.unwrap_or(window.buckets)
                };
                moved[place].merge(tally);
            }
        }
        self.grid = moved;
        true
    }

    /// The tallies of the lane of `key`, the last two for what is in no bucket; none where the value has no
    /// lane.
    pub(crate) fn lane(&mut self, key: Key) -> Option<&[T]> {
        let slot = self.dimension.slot(key);
        let lane = match &self.lanes {
            Lanes::Every => slot,
            Lanes::Chosen { of, .. } => of.get(slot as usize).copied()?,
        };
        let first = (lane as usize).checked_mul(self.grid.stride())?;
        self.grid.tallies.get(first..first + self.grid.stride())
    }

    /// The tallies of each value's lane where every value has one; those without a record are passed over.
    pub(crate) fn lanes(&self) -> Vec<(Key, &[T])> {
        let lanes = self.grid.tallies.chunks(self.grid.stride());
        (0u32..)
            .zip(lanes)
            .filter(|(_, lane)| lane.iter().any(|tally| tally.amount() > 0))
            .map(|(slot, lane)| (self.dimension.key(slot), lane))
            .collect()
    }

    /// The tallies of all rows together, whatever their value.
    pub(crate) fn all(&self) -> Vec<T> {
        let stride = self.grid.stride();
        let mut all = vec![T::default(); stride];
        let lanes: &[T] = match &self.lanes {
            Lanes::Chosen { rest, .. } if self.dimension.sides() > 1 => {
                &self.grid.tallies[*rest as usize * stride..]
            }
            Lanes::Chosen { .. } | Lanes::Every => &self.grid.tallies,
        };
        for lane in lanes.chunks(stride) {
            for (total, tally) in all.iter_mut().zip(lane) {
                total.merge(tally);
            }
        }
        all
    }
}
