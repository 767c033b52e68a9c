//! What the panes show of the records that a filter selects.

pub mod breakdown;
mod cells;
pub mod combination;
mod dimension;
mod grouping;
mod interner;
mod known;
#[cfg(test)]
pub(crate) mod naive;
mod names;
pub mod order;
mod parallel;
pub mod parts;
mod scan;
pub mod selection;
mod sparks;
mod sum;
#[cfg(test)]
mod tests;
pub mod timeline;

pub use breakdown::{Breakdown, Group, Measure};
pub(crate) use cells::Cells;
pub use combination::{Combination, Combinations, GroupBy, group_by};
pub(crate) use dimension::Dimension;
pub(crate) use grouping::Grouping;
pub use known::Known;
pub(crate) use names::Names;
pub use order::{Order, Sort, value};
pub(crate) use parallel::{spread, useful};
pub use parts::Parts;
pub(crate) use scan::{Reads, Scan};
pub use selection::Selection;
pub(crate) use sparks::Sparks;
pub(crate) use sum::{Sum, Tally, Totals};
pub use timeline::{Bucket, Lane, Timeline, Window};

use crate::schema::Address;

/// What is counted of a set of records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Records.
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
    /// Records whose log-status is SKIPDATA: each stands for an unknown number of lost ones.
    pub skipdata: u64,
}

/// The value that a group of records shares, with words as codes of the field's dictionary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// The records that have no value.
    Missing,
    /// A number.
    Number(u64),
    /// A word.
    Word(u32),
    /// An address.
    Address(Address),
}

impl std::ops::AddAssign for Counts {
    /// Adds up; sums that pass 2⁶⁴ − 1 stay there.
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
