//! The largest groups of the selected records by the value of a field.

use super::by_action::ByAction;
use super::grouping::Grouping;
use super::sparklines::Sparklines;
use super::value_names::ValueNames;
use super::{Counts, Key};
use crate::schema::FieldId;
use crate::store::Catalog;

/// What groups are ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Measure {
    /// How many records there are.
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
    /// The value, with words as codes.
    pub key: Key,
    /// The value as a flow log prints it; `-` where it is missing.
    pub label: String,
    /// Counts and sums over its records.
    pub counts: Counts,
    /// Its measure by action; none if that was not asked for.
    pub by_action: Option<ByAction>,
    /// Its measure in each bucket of the window of the timeline.
    pub sparkline: Vec<u64>,
}

/// Selected records grouped by a field.
///
/// A record of a field that means either of two values (`addr`, `port`) counts once in the group of each.
/// Ports of protocols without ports are missing, so that a group holds what a filter for its value selects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breakdown {
    /// The field whose values make the groups.
    pub field: FieldId,
    /// What the groups are ordered by.
    pub measure: Measure,
    /// Counts and sums over all selected records.
    pub total: Counts,
    /// Its measure by action; none if that was not asked for.
    pub by_action: Option<ByAction>,
    /// The largest groups, largest first, ties by value; at most as many as were asked for.
    pub groups: Vec<Group>,
    /// How many groups there are, shown or not.
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

impl Breakdown {
    /// The largest groups of `grouping`, without their sparklines.
    pub(crate) fn new(
        catalog: &Catalog,
        grouping: &Grouping,
        total: Counts,
        measure: Measure,
        limit: usize,
    ) -> Self {
        let field = grouping.field();
        let names = ValueNames::new(catalog, field);
        let by_action =
            |counts: &Counts| (measure == Measure::Records).then(|| ByAction::of_records(counts));
        let group = |slot: u32| {
            let key = grouping.key(slot);
            let counts = Counts::from(grouping.sum(slot));
            Group {
                key,
                label: key.label(catalog, field),
                by_action: by_action(&counts),
                counts,
                sparkline: Vec::new(),
            }
        };
        let largest = grouping.largest(measure, limit, &names);
        Self {
            field,
            measure,
            by_action: by_action(&total),
            total,
            groups: largest.into_iter().map(group).collect(),
            distinct: grouping.filled().count(),
        }
    }

    /// The values of the groups.
    pub(crate) fn keys(&self) -> Vec<Key> {
        self.groups.iter().map(|group| group.key).collect()
    }

    /// Adds the split by action, and if `over_time` the sparklines, to the groups.
    pub(crate) fn add_sparklines(&mut self, sparklines: &mut Sparklines, over_time: bool) {
        self.by_action = sparklines.by_action().or(self.by_action);
        for group in &mut self.groups {
            let spark = sparklines.of(group.key);
            group.by_action = spark.by_action.or(group.by_action);
            if over_time {
                group.sparkline = spark.buckets;
            }
        }
    }
}
