//! What the panes show of the selected records: sums, groups, timelines, and sorted lists.

pub mod breakdown;
pub mod by_action;
mod dimension;
mod group_cells;
mod grouping;
mod known_counts;
mod lane_buckets;
mod parallel;
pub mod row_order;
mod scan;
pub mod selection;
pub mod sorted_rows;
mod sparklines;
mod sum;
#[cfg(test)]
pub(crate) mod tests;
pub mod time_order;
pub mod timeline;
mod value_names;

pub use breakdown::{Breakdown, Group, Measure};
pub use by_action::ByAction;
pub(crate) use dimension::{Dimension, count_once, hide_portless, value_index};
pub(crate) use group_cells::GroupCells;
pub(crate) use grouping::{Grouping, prefetch};
pub use known_counts::KnownCounts;
pub(crate) use lane_buckets::LaneBuckets;
pub(crate) use parallel::{fold_parallel, useful_threads};
pub use row_order::{ListedRows, RowOrder};
pub(crate) use scan::{BATCH_ROWS, Reads, Rows, Scan, for_each_list};
pub use selection::Selection;
pub use sorted_rows::{SortBy, SortedRows, field_value};
pub(crate) use sparklines::Sparklines;
pub(crate) use sum::{Accumulate, BatchMeasures, SUM_COPIES, Sum, Totals};
pub use time_order::TimeOrder;
pub(crate) use timeline::LaneSums;
pub use timeline::{Bucket, Lane, Timeline, Window};
pub(crate) use value_names::ValueNames;

use crate::schema::Address;

/// Counts and sums over a set of records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// How many there are.
    pub records: u64,
    /// The sum of `packets`.
    pub packets: u64,
    /// The sum of `bytes`.
    pub bytes: u64,
    /// Records whose action is ACCEPT.
    pub accept: u64,
    /// Records whose action is REJECT.
    pub reject: u64,
    /// Records whose log-status is NODATA.
    pub nodata: u64,
    /// Records whose log-status is SKIPDATA: each stands for an unknown number of lost records.
    pub skipdata: u64,
}

/// The value that a group of records shares, with words as codes of the field's dictionary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// No value.
    Missing,
    /// A number, time, port, protocol or mask of flags.
    Number(u64),
    /// The code of a word in the dictionary of the field.
    Word(u32),
    /// An IP or MAC address.
    Address(Address),
}

impl std::ops::AddAssign for Counts {
    /// Adds up; sums saturate at 2⁶⁴ − 1.
    fn add_assign(&mut self, other: Self) {
        self.records += other.records;
        self.packets = self.packets.saturating_add(other.packets);
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.accept += other.accept;
        self.reject += other.reject;
        self.nodata += other.nodata;
        self.skipdata += other.skipdata;
    }
}

impl Counts {
    /// Records that are neither ACCEPT nor REJECT: NODATA, SKIPDATA, and those without an action.
    pub fn other(&self) -> u64 {
        self.records - self.accept - self.reject
    }
}
