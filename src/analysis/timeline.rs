//! Selected records over time, in one lane for each value of a field.

use super::{Counts, Key};
use crate::schema::FieldId;

/// A stretch of time cut into equal buckets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Where the first bucket begins, in epoch seconds.
    pub first: u64,
    /// How long a bucket is, in seconds; at least 1.
    pub width: u64,
    /// How many there are.
    pub buckets: usize,
}

/// What happened in one bucket. A record counts in the bucket of its `start`.
pub type Bucket = Counts;

/// One value of the lane field over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// The value.
    pub key: Key,
    /// The value as text.
    pub label: String,
    /// The buckets of the window.
    pub buckets: Vec<Bucket>,
    /// The sum of the records with that value, those outside the window included.
    pub total: Counts,
}

/// Selected records over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// The buckets.
    pub window: Window,
    /// The field whose values are the lanes.
    pub field: FieldId,
    /// All lanes together.
    pub all: Lane,
    /// The lanes, those with the most records first, ties by label; at most as many as were asked for.
    pub lanes: Vec<Lane>,
    /// How many values there are in all.
    pub distinct: usize,
}
