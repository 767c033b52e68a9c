//! What the groups of a breakdown are drawn with: their measure over time, and by action.

use super::by_action::{ByAction, SumsByAction};
use super::lane_buckets::LaneBuckets;
use super::scan::Rows;
use super::sum::{Accumulate, BatchMeasures};
use super::{Key, Measure, Window};
use crate::schema::FieldId;
use crate::store::{Chunk, Store};

/// A measure of the groups of a field over time.
#[derive(Clone, Debug)]
pub(crate) enum Sparklines {
    /// How many records. How many of them were accepted and rejected the sums of the groups say.
    Records(LaneBuckets<u32>),
    /// Packets or bytes, by action.
    Sizes(Measure, LaneBuckets<SumsByAction>),
}

/// Does the same with the cells of either kind.
macro_rules! cells {
    ($sparklines:expr, $cells:ident => $done:expr) => {
        match $sparklines {
            Sparklines::Records($cells) => $done,
            Sparklines::Sizes(_, $cells) => $done,
        }
    };
}

/// What one group is drawn with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sparkline {
    /// The measure in each bucket of the window.
    pub(crate) buckets: Vec<u64>,
    /// The measure by action; none where the sums of the groups say it.
    pub(crate) by_action: Option<ByAction>,
}

impl Sparklines {
    /// A lane for each value of `field`, of which there had better be few.
    pub(crate) fn every(measure: Measure, field: FieldId, window: Window) -> Self {
        match measure {
            Measure::Records => Self::Records(LaneBuckets::every(field, window)),
            measure => Self::Sizes(measure, LaneBuckets::every(field, window)),
        }
    }

    /// A lane for each of `keys`.
    pub(crate) fn chosen(
        measure: Measure,
        field: FieldId,
        window: Window,
        keys: Vec<Key>,
        store: &Store,
    ) -> Self {
        match measure {
            Measure::Records => Self::Records(LaneBuckets::chosen(field, window, keys, store)),
            measure => Self::Sizes(measure, LaneBuckets::chosen(field, window, keys, store)),
        }
    }

    /// Empty cells of the same measure, lanes and buckets.
    pub(crate) fn fork(&self) -> Self {
        match self {
            Self::Records(cells) => Self::Records(cells.fork()),
            Self::Sizes(measure, cells) => Self::Sizes(*measure, cells.fork()),
        }
    }

    pub(crate) fn measure(&self) -> Measure {
        match self {
            Self::Records(_) => Measure::Records,
            Self::Sizes(measure, _) => *measure,
        }
    }

    pub(crate) fn window(&self) -> Window {
        cells!(self, cells => cells.window())
    }

    /// Whether these are `measure` by `field`.
    pub(crate) fn is_of(&self, measure: Measure, field: FieldId) -> bool {
        self.measure() == measure && cells!(self, cells => cells.field()) == field
    }

    /// Whether each of `keys` has its lane.
    pub(crate) fn has_lanes(&self, keys: &[Key]) -> bool {
        cells!(self, cells => cells.has_lanes(keys))
    }

    /// Whether these can stand for `wanted`: see [`LaneBuckets::can_stand_for`].
    pub(crate) fn can_stand_for(&self, wanted: &Self, needed: &[Key]) -> bool {
        match (self, wanted) {
            (Self::Records(own), Self::Records(wanted)) => own.can_stand_for(wanted, needed),
            (Self::Sizes(measure, own), Self::Sizes(other, wanted)) => {
                measure == other && own.can_stand_for(wanted, needed)
            }
            _ => false,
        }
    }

    /// Learns what of `store` is not in its chunks.
    pub(crate) fn prepare(&mut self, store: &Store) {
        cells!(self, cells => cells.prepare(store));
    }

    /// Makes ready for the rows of `chunk`, of which `selected` will be added, no more and no fewer.
    pub(crate) fn begin(&mut self, chunk: &Chunk, selected: usize) {
        cells!(self, cells => cells.begin(chunk, selected));
    }

    /// Adds rows of the chunk that was begun.
    pub(crate) fn add(&mut self, chunk: &Chunk, rows: &Rows<'_>, measures: &BatchMeasures) {
        cells!(self, cells => cells.add(chunk, rows, measures));
    }

    /// Takes in what was added to others of the same measure, lanes and buckets.
    pub(crate) fn merge(&mut self, other: &Self) {
        match (self, other) {
            (Self::Records(own), Self::Records(other)) => own.merge(other),
            (Self::Sizes(_, own), Self::Sizes(_, other)) => own.merge(other),
            _ => unreachable!("the sheets of a question have one measure"),
        }
    }

    /// Takes out what was added to others of the same measure, lanes and buckets, all of which was added to these too.
    pub(crate) fn remove(&mut self, other: &Self) {
        match (self, other) {
            (Self::Records(own), Self::Records(other)) => own.remove(other),
            (Self::Sizes(_, own), Self::Sizes(_, other)) => own.remove(other),
            _ => unreachable!("the sheets of a question have one measure"),
        }
    }

    /// Bytes on the heap, nearly.
    pub(crate) fn memory(&self) -> usize {
        cells!(self, cells => cells.memory())
    }

    /// Makes the cells those of another window; see [`LaneBuckets::move_to`].
    pub(crate) fn move_to(&mut self, window: Window) -> bool {
        cells!(self, cells => cells.move_to(window))
    }

    /// What the group of `key` is drawn with.
    pub(crate) fn of(&mut self, key: Key) -> Sparkline {
        let count = self.window().buckets;
        match self {
            Self::Records(cells) => Sparkline {
                buckets: amounts(cells.lane(key), count),
                by_action: None,
            },
            Self::Sizes(_, cells) => {
                let lane = cells.lane(key);
                Sparkline {
                    buckets: amounts(lane, count),
                    by_action: Some(together(lane.unwrap_or_default())),
                }
            }
        }
    }

    /// The measure of all rows by action; none where the sums of the groups say it.
    pub(crate) fn by_action(&self) -> Option<ByAction> {
        match self {
            Self::Records(_) => None,
            Self::Sizes(_, cells) => Some(together(&cells.all())),
        }
    }
}

/// How much was added to each of the first `buckets` tallies of a lane.
fn amounts<T: Accumulate>(lane: Option<&[T]>, buckets: usize) -> Vec<u64> {
    let mut amounts: Vec<u64> = lane
        .unwrap_or_default()
        .iter()
        .map(Accumulate::amount)
        .collect();
    amounts.resize(buckets, 0);
    amounts
}

/// What was added to any of `tallies`.
fn together(tallies: &[SumsByAction]) -> ByAction {
    let mut sum = SumsByAction::default();
    for tally in tallies {
        sum.merge(tally);
    }
    ByAction::from(&sum)
}
