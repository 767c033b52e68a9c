//! The sparklines of groups: their measure over time, and split by action.

use super::by_action::{ByAction, SumsByAction};
use super::group_cells::GroupCells;
use super::grouping::Grouping;
use super::lane_buckets::LaneBuckets;
use super::scan::Rows;
use super::sum::{Accumulate, BatchMeasures};
use super::{Key, Measure, Window};
use crate::schema::FieldId;
use crate::store::{Chunk, Store};

/// A measure of the groups of a field over time.
#[derive(Clone, Debug)]
pub(crate) enum Sparklines {
    /// The number of records; the sums of the groups have it by action.
    Records(LaneBuckets<u32>),
    /// Packets or bytes, by action.
    Sizes(Measure, LaneBuckets<SumsByAction>),
}

/// Evaluates an expression for the lanes of either variant.
macro_rules! with_lanes {
    ($sparklines:expr, $lanes:ident => $done:expr) => {
        match $sparklines {
            Sparklines::Records($lanes) => $done,
            Sparklines::Sizes(_, $lanes) => $done,
        }
    };
}

/// The sparkline of one group.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sparkline {
    /// The measure in each bucket of the window.
    pub(crate) buckets: Vec<u64>,
    /// The measure by action; none for records, which the sums of the groups have by action.
    pub(crate) by_action: Option<ByAction>,
}

/// Packets or bytes of a lane over time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SizesOverTime {
    /// By action, in each bucket of the window.
    pub(crate) buckets: Vec<ByAction>,
    /// By action, in and outside the window.
    pub(crate) total: ByAction,
}

impl SizesOverTime {
    fn new(sums: &[SumsByAction], buckets: usize) -> Self {
        let mut by_action: Vec<ByAction> = sums.iter().map(ByAction::from).collect();
        by_action.resize(buckets, ByAction::default());
        Self {
            buckets: by_action,
            total: total(sums),
        }
    }
}

impl Sparklines {
    /// With a lane for each value of `field`, which must be few.
    pub(crate) fn every(measure: Measure, field: FieldId, window: Window) -> Self {
        match measure {
            Measure::Records => Self::Records(LaneBuckets::every(field, window)),
            measure => Self::Sizes(measure, LaneBuckets::every(field, window)),
        }
    }

    /// With a lane for each of `keys`.
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

    /// Empty ones of the same measure, lanes and buckets.
    pub(crate) fn fork(&self) -> Self {
        match self {
            Self::Records(lanes) => Self::Records(lanes.fork()),
            Self::Sizes(measure, lanes) => Self::Sizes(*measure, lanes.fork()),
        }
    }

    pub(crate) fn measure(&self) -> Measure {
        match self {
            Self::Records(_) => Measure::Records,
            Self::Sizes(measure, _) => *measure,
        }
    }

    pub(crate) fn window(&self) -> Window {
        with_lanes!(self, lanes => lanes.window())
    }

    /// Whether these are `measure` by `field` with a lane for each of `keys`, and have been changed to `window`.
    pub(crate) fn adapt(
        &mut self,
        measure: Measure,
        field: FieldId,
        keys: &[Key],
        window: Window,
    ) -> bool {
        self.measure() == measure
            && with_lanes!(self, lanes => {
                lanes.field() == field && lanes.has_lanes(keys) && lanes.move_to(window)
            })
    }

    /// See [`LaneBuckets::can_stand_for`].
    pub(crate) fn can_stand_for(&self, wanted: &Self, needed: &[Key]) -> bool {
        match (self, wanted) {
            (Self::Records(own), Self::Records(wanted)) => own.can_stand_for(wanted, needed),
            (Self::Sizes(measure, own), Self::Sizes(other, wanted)) => {
                measure == other && own.can_stand_for(wanted, needed)
            }
            _ => false,
        }
    }

    /// Reads what the chunks of `store` do not hold.
    pub(crate) fn prepare(&mut self, store: &Store) {
        with_lanes!(self, lanes => lanes.prepare(store));
    }

    /// Begins `chunk`, of which exactly `selected` rows will be added.
    pub(crate) fn begin(&mut self, chunk: &Chunk, selected: usize) {
        with_lanes!(self, lanes => lanes.begin(chunk, selected));
    }

    /// Adds rows of the chunk that was begun.
    pub(crate) fn add(&mut self, chunk: &Chunk, rows: &Rows<'_>, measures: &BatchMeasures) {
        with_lanes!(self, lanes => lanes.add(chunk, rows, measures));
    }

    /// Adds the records of whole chunks, which `groups` has counted. Returns whether that was possible.
    pub(crate) fn add_cells(&mut self, groups: &Grouping, cells: &GroupCells) -> bool {
        match self {
            Self::Records(lanes) => lanes.add_cells(groups, cells),
            Self::Sizes(..) => false,
        }
    }

    /// Adds the sums of a fork.
    pub(crate) fn merge(&mut self, other: &Self) {
        match (self, other) {
            (Self::Records(own), Self::Records(other)) => own.merge(other),
            (Self::Sizes(_, own), Self::Sizes(_, other)) => own.merge(other),
            _ => unreachable!("a fork has the same measure"),
        }
    }

    /// Subtracts the sums of a fork, whose rows have all been added here.
    pub(crate) fn remove(&mut self, other: &Self) {
        match (self, other) {
            (Self::Records(own), Self::Records(other)) => own.remove(other),
            (Self::Sizes(_, own), Self::Sizes(_, other)) => own.remove(other),
            _ => unreachable!("a fork has the same measure"),
        }
    }

    /// Approximate heap size in bytes.
    pub(crate) fn memory(&self) -> usize {
        with_lanes!(self, lanes => lanes.memory())
    }

    /// The sparkline of the group of `key`.
    pub(crate) fn of(&mut self, key: Key) -> Sparkline {
        let count = self.window().buckets;
        match self {
            Self::Records(lanes) => Sparkline {
                buckets: amounts(lanes.lane(key), count),
                by_action: None,
            },
            Self::Sizes(_, lanes) => {
                let lane = lanes.lane(key);
                Sparkline {
                    buckets: amounts(lane, count),
                    by_action: Some(total(lane.unwrap_or_default())),
                }
            }
        }
    }

    /// The packets or bytes of the lane of `key` over time.
    pub(crate) fn sizes(&mut self, key: Key) -> SizesOverTime {
        let count = self.window().buckets;
        match self {
            Self::Records(_) => SizesOverTime::default(),
            Self::Sizes(_, lanes) => SizesOverTime::new(lanes.lane(key).unwrap_or_default(), count),
        }
    }

    /// The same of all rows.
    pub(crate) fn all_sizes(&self) -> SizesOverTime {
        let count = self.window().buckets;
        match self {
            Self::Records(_) => SizesOverTime::default(),
            Self::Sizes(_, lanes) => SizesOverTime::new(&lanes.all(), count),
        }
    }

    /// The measure of all rows by action; none for records, which the sums of the groups have by action.
    pub(crate) fn by_action(&self) -> Option<ByAction> {
        match self {
            Self::Records(_) => None,
            Self::Sizes(_, lanes) => Some(total(&lanes.all())),
        }
    }
}

/// The amounts of the first `buckets` sums of a lane.
fn amounts<T: Accumulate>(lane: Option<&[T]>, buckets: usize) -> Vec<u64> {
    let mut amounts: Vec<u64> = lane
        .unwrap_or_default()
        .iter()
        .map(Accumulate::amount)
        .collect();
    amounts.resize(buckets, 0);
    amounts
}

/// The total of `sums`.
fn total(sums: &[SumsByAction]) -> ByAction {
    let mut total = SumsByAction::default();
    for sum in sums {
        total.merge(sum);
    }
    ByAction::from(&total)
}
