//! Selected records grouped by the value of a field.

use super::{Counts, Key};
use crate::schema::FieldId;

/// What groups are ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Measure {
    /// The number of records.
    #[default]
    Records,
    /// The sum of packets.
    Packets,
    /// The sum of bytes.
    Bytes,
}

/// The records that share a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The value.
    pub key: Key,
    /// The value as a flow log prints it; `-` where it is missing.
    pub label: String,
    /// What is counted of them.
    pub counts: Counts,
    /// Records over time, in the buckets of the timeline's window.
    pub sparkline: Vec<u64>,
}

/// Selected records grouped by a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breakdown {
    /// The field.
    pub field: FieldId,
    /// What the groups are ordered by.
    pub measure: Measure,
    /// All selected records.
    pub total: Counts,
    /// The largest groups, largest first, ties by value; at most as many as were asked for.
    pub groups: Vec<Group>,
    /// How many groups there are in all.
    pub distinct: usize,
}

impl Measure {
    /// The measure of `counts`.
    pub fn of(self, counts: &Counts) -> u64 {
        match self {
            Self::Records => counts.records,
            Self::Packets => counts.packets,
            Self::Bytes => counts.bytes,
        }
    }
}
