//! What can be added up of the selected records: totals, groups, lanes of the timeline, and sparklines.

use crate::analysis::{
    BatchMeasures, GroupCells, Grouping, Key, LaneBuckets, Measure, Reads, Rows, Sparklines, Sum,
    Totals, Window,
};
use crate::schema::FieldId;
use crate::store::{Chunk, Store};

/// One thing that is added up, chunk by chunk, on several threads.
#[derive(Clone, Debug)]
pub(super) enum Accumulator {
    Totals(Totals),
    Groups(Grouping),
    Lanes(LaneBuckets<Sum>),
    Sparklines(Sparklines),
    /// Packets or bytes of the lanes of the timeline.
    LaneSizes(Sparklines),
}

/// The values that must have lanes and sparklines, where only those of chosen values are kept.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct NeededKeys<'a> {
    pub(super) lanes: &'a [Key],
    pub(super) sparklines: &'a [Key],
}

impl Accumulator {
    /// An empty one of the same fields, lanes and buckets.
    pub(super) fn fork(&self) -> Self {
        match self {
            Self::Totals(_) => Self::Totals(Totals::default()),
            Self::Groups(groups) => Self::Groups(groups.fork()),
            Self::Lanes(lanes) => Self::Lanes(lanes.fork()),
            Self::Sparklines(sparklines) => Self::Sparklines(sparklines.fork()),
            Self::LaneSizes(sizes) => Self::LaneSizes(sizes.fork()),
        }
    }

    /// Reads what the chunks of `store` do not hold, like the paths of its files; to be called for a longer store too.
    pub(super) fn prepare(&mut self, store: &Store) {
        match self {
            Self::Totals(_) => {}
            Self::Groups(groups) => groups.prepare(store),
            Self::Lanes(lanes) => lanes.prepare(store),
            Self::Sparklines(sizes) | Self::LaneSizes(sizes) => sizes.prepare(store),
        }
    }

    /// Begins `chunk`, which has this index and of which exactly `selected` rows will be added.
    pub(super) fn begin(&mut self, index: usize, chunk: &Chunk, selected: usize) {
        match self {
            Self::Totals(_) => {}
            Self::Groups(groups) => groups.begin_at(index, chunk, selected),
            Self::Lanes(lanes) => lanes.begin(chunk, selected),
            Self::Sparklines(sizes) | Self::LaneSizes(sizes) => sizes.begin(chunk, selected),
        }
    }

    /// Adds a batch of rows of the chunk that was begun.
    #[inline]
    pub(super) fn add(&mut self, chunk: &Chunk, rows: &Rows<'_>, measures: &BatchMeasures) {
        match self {
            Self::Totals(totals) => totals.add(measures),
            Self::Groups(groups) => groups.add(chunk, rows, measures),
            Self::Lanes(lanes) => lanes.add(chunk, rows, measures),
            Self::Sparklines(sizes) | Self::LaneSizes(sizes) => sizes.add(chunk, rows, measures),
        }
    }

    /// Adds the sums of a fork.
    pub(super) fn merge(&mut self, other: &Self) {
        match (self, other) {
            (Self::Totals(own), Self::Totals(other)) => own.merge(other),
            (Self::Groups(own), Self::Groups(other)) => own.merge(other),
            (Self::Lanes(own), Self::Lanes(other)) => own.merge(other),
            (Self::Sparklines(own), Self::Sparklines(other))
            | (Self::LaneSizes(own), Self::LaneSizes(other)) => own.merge(other),
            _ => unreachable!("a fork is of the same kind"),
        }
    }

    /// Subtracts the sums of a fork, whose rows have all been added here.
    pub(super) fn remove(&mut self, other: &Self) {
        match (self, other) {
            (Self::Totals(own), Self::Totals(other)) => own.remove(other),
            (Self::Groups(own), Self::Groups(other)) => own.remove(other),
            (Self::Lanes(own), Self::Lanes(other)) => own.remove(other),
            (Self::Sparklines(own), Self::Sparklines(other))
            | (Self::LaneSizes(own), Self::LaneSizes(other)) => own.remove(other),
            _ => unreachable!("a fork is of the same kind"),
        }
    }

    /// Whether these sums, made of the same records, would do for `wanted`.
    pub(super) fn can_stand_for(&self, wanted: &Self, needed: NeededKeys<'_>) -> bool {
        match (self, wanted) {
            (Self::Totals(_), Self::Totals(_)) => true,
            (Self::Groups(own), Self::Groups(wanted)) => own.field() == wanted.field(),
            (Self::Lanes(own), Self::Lanes(wanted)) => own.can_stand_for(wanted, needed.lanes),
            (Self::Sparklines(own), Self::Sparklines(wanted)) => {
                own.can_stand_for(wanted, needed.sparklines)
            }
            (Self::LaneSizes(own), Self::LaneSizes(wanted)) => {
                own.can_stand_for(wanted, needed.lanes)
            }
            _ => false,
        }
    }

    /// Adds the records of whole chunks, which `groups` has counted. Returns whether that was possible.
    pub(super) fn add_cells(&mut self, groups: &Grouping, cells: &GroupCells) -> bool {
        match self {
            Self::Sparklines(sparklines) => sparklines.add_cells(groups, cells),
            Self::Totals(_) | Self::Groups(_) | Self::Lanes(_) | Self::LaneSizes(_) => false,
        }
    }

    /// The window in whose buckets rows are added.
    pub(super) fn window(&self) -> Option<Window> {
        match self {
            Self::Totals(_) => None,
            Self::Groups(groups) => groups.window(),
            Self::Lanes(lanes) => Some(lanes.window()),
            Self::Sparklines(sizes) | Self::LaneSizes(sizes) => Some(sizes.window()),
        }
    }

    /// What has to be read of rows besides their values and buckets.
    pub(super) fn reads(&self) -> Reads {
        match self {
            Self::Totals(_) | Self::Groups(_) | Self::Lanes(_) => Reads::Everything,
            Self::Sparklines(sizes) | Self::LaneSizes(sizes) => match sizes.measure() {
                Measure::Records => Reads::Nothing,
                Measure::Packets | Measure::Bytes => Reads::Weights,
            },
        }
    }

    /// Approximate heap size in bytes.
    pub(super) fn memory(&self) -> usize {
        match self {
            Self::Totals(_) => 0,
            Self::Groups(groups) => groups.memory(),
            Self::Lanes(lanes) => lanes.memory(),
            Self::Sparklines(sizes) | Self::LaneSizes(sizes) => sizes.memory(),
        }
    }

    pub(super) fn as_totals(&self) -> Option<&Totals> {
        match self {
            Self::Totals(totals) => Some(totals),
            _ => None,
        }
    }

    pub(super) fn as_groups_by(&self, field: FieldId) -> Option<&Grouping> {
        match self {
            Self::Groups(groups) if groups.field() == field => Some(groups),
            _ => None,
        }
    }

    pub(super) fn as_groups_mut(&mut self) -> Option<&mut Grouping> {
        match self {
            Self::Groups(groups) => Some(groups),
            _ => None,
        }
    }

    pub(super) fn as_lanes_mut(&mut self) -> Option<&mut LaneBuckets<Sum>> {
        match self {
            Self::Lanes(lanes) => Some(lanes),
            _ => None,
        }
    }

    pub(super) fn as_sparklines_mut(&mut self) -> Option<&mut Sparklines> {
        match self {
            Self::Sparklines(sparklines) => Some(sparklines),
            _ => None,
        }
    }

    pub(super) fn as_lane_sizes_mut(&mut self) -> Option<&mut Sparklines> {
        match self {
            Self::LaneSizes(sizes) => Some(sizes),
            _ => None,
        }
    }
}
