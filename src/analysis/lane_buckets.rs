//! Sums by the value of a field and the bucket of `start`: the lanes of timelines and sparklines.

#[cfg(test)]
mod tests;
mod time_grid;

use time_grid::{NO_LANE, TimeGrid};

use super::dimension::Dimension;
use super::group_cells::GroupCells;
use super::grouping::Grouping;
use super::scan::Rows;
use super::sum::{Accumulate, BatchMeasures};
use super::{Key, Window};
use crate::schema::FieldId;
use crate::store::{Chunk, Store};

/// A sum for each lane and bucket. Each lane has two buckets more than the window: for rows outside it, and for rows
/// without a `start`.
#[derive(Clone, Debug)]
pub(crate) struct LaneBuckets<T: Accumulate> {
    dimension: Dimension,
    lanes: Lanes,
    grid: TimeGrid<T>,
}

/// Which lanes there are.
#[derive(Clone, Debug)]
enum Lanes {
    /// One for each value; the lane is its slot.
    Every,
    /// One for each of these values, and one more for all other rows; if a record can count in two lanes, the last is
    /// for all rows.
    Chosen {
        keys: Vec<Key>,
        /// The last lane.
        rest: u32,
        /// The lane of each slot; slots past the end have none.
        lane_of: Vec<u32>,
    },
}

impl<T: Accumulate> LaneBuckets<T> {
    /// With a lane for each value of `field`, which must be few.
    pub(crate) fn every(field: FieldId, window: Window) -> Self {
        Self {
            dimension: Dimension::new(field),
            lanes: Lanes::Every,
            grid: TimeGrid::new(window, 0),
        }
    }

    /// With a lane for each of `keys`.
    pub(crate) fn chosen(field: FieldId, window: Window, keys: Vec<Key>, store: &Store) -> Self {
        let mut dimension = Dimension::new(field);
        dimension.prepare(store);
        dimension.freeze(&keys);
        let mut lane_of = Vec::new();
        for (lane, key) in (0u32..).zip(&keys) {
            let slot = dimension.slot(*key) as usize;
            if lane_of.len() <= slot {
                lane_of.resize(slot + 1, NO_LANE);
            }
            lane_of[slot] = lane;
        }
        let rest = u32::try_from(keys.len()).unwrap_or(NO_LANE);
        Self {
            dimension,
            grid: TimeGrid::new(window, keys.len() + 1),
            lanes: Lanes::Chosen {
                keys,
                rest,
                lane_of,
            },
        }
    }

    /// Empty ones of the same lanes and buckets.
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
            Lanes::Chosen { lane_of, .. } => keys.iter().all(|key| {
                let lane = lane_of.get(self.dimension.find(*key) as usize);
                lane.is_some_and(|lane| *lane != NO_LANE)
            }),
        }
    }

    /// Whether these sums, made of the same records, would do for `wanted`: the same field and buckets, and a lane for
    /// each value, or at least for those that are `needed`.
    pub(crate) fn can_stand_for(&self, wanted: &Self, needed: &[Key]) -> bool {
        let lanes = match (&self.lanes, &wanted.lanes) {
            (Lanes::Every, Lanes::Every) => true,
            (Lanes::Chosen { .. }, Lanes::Chosen { .. }) => self.has_lanes(needed),
            _ => false,
        };
        lanes && self.field() == wanted.field() && self.window() == wanted.window()
    }

    /// Reads what the chunks of `store` do not hold.
    pub(crate) fn prepare(&mut self, store: &Store) {
        self.dimension.prepare(store);
    }

    /// Begins `chunk`, of which exactly `selected` rows will be added.
    pub(crate) fn begin(&mut self, chunk: &Chunk, selected: usize) {
        self.dimension.begin(chunk, selected);
        let lanes = match &self.lanes {
            Lanes::Every => self.dimension.bound(),
            Lanes::Chosen { keys, .. } => keys.len() + 1,
        };
        self.grid.begin(chunk, selected, lanes);
    }

    /// Adds a batch of rows of the chunk that was begun.
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
            Lanes::Chosen { rest, lane_of, .. } => {
                let counts_once = dimension.sides() == 1;
                let other = if counts_once { *rest } else { NO_LANE };
                for side in 0..dimension.sides() {
                    let slots = dimension.slots(side).iter();
                    let lanes = slots.map(|slot| match lane_of.get(*slot as usize) {
                        None | Some(&NO_LANE) => other,
                        Some(lane) => *lane,
                    });
                    grid.add(lanes, measures);
                }
                if !counts_once {
                    grid.add(measures.buckets.iter().map(|_| *rest), measures);
                }
            }
        }
        grid.finish_batch(rows.len());
    }

    /// Adds the sums of a fork.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.combine(other, T::merge);
    }

    /// Subtracts the sums of a fork, whose rows have all been added here.
    pub(crate) fn remove(&mut self, other: &Self) {
        self.combine(other, T::remove);
    }

    fn combine(&mut self, other: &Self, combine: impl Fn(&mut T, &T)) {
        if self.grid.sums.len() < other.grid.sums.len() {
            self.grid.sums.resize(other.grid.sums.len(), T::default());
        }
        for (own, other) in self.grid.sums.iter_mut().zip(&other.grid.sums) {
            combine(own, other);
        }
    }

    /// For each slot of `groups` its lane; none if every value has one, or a record may count in two.
    fn lanes_of(&self, groups: &Grouping) -> Option<Vec<u32>> {
        let Lanes::Chosen { keys, rest, .. } = &self.lanes else {
            return None;
        };
        if self.dimension.sides() > 1 || groups.field() != self.field() {
            return None;
        }
        let mut lanes = vec![*rest; groups.bound()];
        for (lane, key) in (0u32..).zip(keys) {
            if let Some(place) = lanes.get_mut(groups.find(*key) as usize) {
                *place = lane;
            }
        }
        Some(lanes)
    }

    /// Approximate heap size in bytes.
    pub(crate) fn memory(&self) -> usize {
        self.grid.sums.len() * size_of::<T>()
    }

    /// Changes to another window without reading the rows again. Returns whether that was possible: each bucket must
    /// lie within one of the new ones, and no row may have been outside.
    pub(crate) fn move_to(&mut self, window: Window) -> bool {
        let old = self.window();
        if old == window {
            return true;
        }
        let stride = self.grid.stride();
        let aligned = old.first >= window.first
            && window.width.is_multiple_of(old.width)
            && (old.first - window.first).is_multiple_of(old.width);
        let mut outside = self.grid.sums.iter().skip(old.buckets).step_by(stride);
        if !aligned || outside.any(|sum| sum.amount() > 0) {
            return false;
        }
        let mut moved = TimeGrid::<T>::new(window, self.grid.sums.len() / stride);
        let new_stride = moved.stride();
        let lanes = moved.sums.chunks_mut(new_stride);
        for (lane, moved) in self.grid.sums.chunks(stride).zip(lanes) {
            for (bucket, sum) in lane.iter().enumerate() {
                let target = if bucket > old.buckets {
                    window.buckets + 1
                } else {
                    let inside = window.bucket(old.start_of(bucket));
                    inside.unwrap_or(window.buckets)
                };
                moved[target].merge(sum);
            }
        }
        self.grid = moved;
        true
    }

    /// The sums of the lane of `key`, the last two for rows in no bucket; none if the value has no lane.
    pub(crate) fn lane(&mut self, key: Key) -> Option<&[T]> {
        let slot = self.dimension.slot(key);
        let lane = match &self.lanes {
            Lanes::Every => slot,
            Lanes::Chosen { lane_of, .. } => lane_of.get(slot as usize).copied()?,
        };
        let first = (lane as usize).checked_mul(self.grid.stride())?;
        self.grid.sums.get(first..first + self.grid.stride())
    }

    /// The lanes of all values, if every value has one; lanes without a record are skipped.
    pub(crate) fn lanes(&self) -> Vec<(Key, &[T])> {
        let lanes = self.grid.sums.chunks(self.grid.stride());
        (0u32..)
            .zip(lanes)
            .filter(|(_, lane)| lane.iter().any(|sum| sum.amount() > 0))
            .map(|(slot, lane)| (self.dimension.key(slot), lane))
            .collect()
    }

    /// The sums over all rows, whatever their value.
    pub(crate) fn all(&self) -> Vec<T> {
        let stride = self.grid.stride();
        let mut all = vec![T::default(); stride];
        let lanes: &[T] = match &self.lanes {
            Lanes::Chosen { rest, .. } if self.dimension.sides() > 1 => {
                &self.grid.sums[*rest as usize * stride..]
            }
            Lanes::Chosen { .. } | Lanes::Every => &self.grid.sums,
        };
        for lane in lanes.chunks(stride) {
            for (total, sum) in all.iter_mut().zip(lane) {
                total.merge(sum);
            }
        }
        all
    }
}

impl LaneBuckets<u32> {
    /// Adds the records of whole chunks, which `groups` has counted. Returns whether that was possible.
    pub(crate) fn add_cells(&mut self, groups: &Grouping, cells: &GroupCells) -> bool {
        let lanes = self
            .lanes_of(groups)
            .filter(|_| cells.window == self.window());
        let Some(lanes) = lanes else {
            return false;
        };
        let stride = self.grid.stride();
        for cell in &cells.cells {
            let lane = lanes[cell.slot as usize] as usize;
            self.grid.sums[lane * stride + cell.bucket as usize] += cell.records;
        }
        true
    }
}
