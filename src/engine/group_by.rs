//! Groups selected records by the values of several fields together, for the command line.

mod blocks;
mod cells;
mod codes;
mod distinct;
mod layout;
mod local;
mod ranking;
mod reader;
mod sums;
mod table;
#[cfg(test)]
mod tests;

use thiserror::Error;

use codes::{FieldCodes, Limits};
use layout::{KeyLayout, MAX_WORDS};
use ranking::{Listed, ListedGroup, Task};

use crate::analysis::{Counts, Key, Measure, Selection, Sum};
use crate::schema::{FieldId, id};
use crate::store::Catalog;

/// How many leading bits of addresses a group shares; MAC addresses stay whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prefix {
    /// Of IPv4 addresses, at most 32.
    pub v4: u8,
    /// Of IPv6 addresses, at most 128.
    pub v6: u8,
}

/// A field to group by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupField {
    /// A record of a field that means either of two values (`addr`, `port`) counts once for each.
    pub field: FieldId,
    /// Group addresses by network.
    pub prefix: Option<Prefix>,
}

/// What to group by, and what to find out about each group besides its [`Counts`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupBy {
    /// Group by stretches of time of this many seconds first: a record counts in the one in which it starts. The
    /// first key is then the second in which the stretch begins.
    pub every: Option<u64>,
    /// The fields; there may be none.
    pub fields: Vec<GroupField>,
    /// Count the distinct values of this field in each group; of a field that means either of two values, those of
    /// both. A missing value is none.
    pub distinct: Option<FieldId>,
    /// Find the smallest `start` and the largest `end` of each group.
    pub seen: bool,
    /// Count only records: the other [`Counts`] are 0, unless groups are ordered by them.
    pub records_only: bool,
}

/// What groups are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rank {
    /// Their records, packets or bytes.
    Measure(Measure),
    /// Their distinct values.
    Distinct,
}

/// The order of a list of groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By value: first by time where that was asked for, then by the first field, and so on; missing values last.
    ByValue,
    /// The largest first, ties by value.
    Largest(Rank),
}

/// Which groups are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Which come first.
    pub order: Order,
    /// Groups that are smaller, by the [`Rank`] of the order, are left out; by value, it is their records that count.
    pub at_least: u64,
    /// At most so many are listed.
    pub limit: usize,
}

/// Selected records that share the values of several fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Combination {
    /// The values, the beginning of the stretch of time first where one was asked for; of addresses by network, the
    /// first of the network.
    pub keys: Vec<Key>,
    /// The values as a flow log prints them; networks as `10.0.1.0/24`.
    pub labels: Vec<String>,
    /// What is counted of the records.
    pub counts: Counts,
    /// How many distinct values they have of the field that was asked for.
    pub distinct: Option<u64>,
    /// The smallest `start` and the largest `end`, in epoch seconds, where that was asked for and any record has a time.
    pub seen: Option<(u64, u64)>,
}

/// Selected records grouped by the values of several fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Combinations {
    /// The groups in the order of the listing.
    pub list: Vec<Combination>,
    /// How many groups are large enough, listed or not.
    pub total: usize,
}

impl From<FieldId> for GroupField {
    fn from(field: FieldId) -> Self {
        Self {
            field,
            prefix: None,
        }
    }
}

impl Listing {
    /// The `limit` largest.
    pub fn largest(rank: Rank, limit: usize) -> Self {
        Self {
            order: Order::Largest(rank),
            at_least: 0,
            limit,
        }
    }

    /// All of them by value.
    pub fn by_value() -> Self {
        Self {
            order: Order::ByValue,
            at_least: 0,
            limit: usize::MAX,
        }
    }
}

/// Why records are not grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum GroupError {
    /// Keys would be too long, or a record would have too many: there are some hundred fields, or many of those that
    /// mean either of two values.
    #[error("the records have too many combinations of values to tell them apart")]
    TooManyFields,
    /// It would take too much memory.
    #[error("the records have too many groups for the memory that is left")]
    TooManyGroups,
}

/// Groups `selection` on up to `threads` threads. Without anything to group by there is one group.
///
/// # Panics
///
/// Where there are too many fields.
pub fn group_by(
    selection: &Selection,
    by: &GroupBy,
    listing: &Listing,
    threads: usize,
) -> Combinations {
    let grouped = group_by_within(selection, by, listing, threads, usize::MAX);
    grouped.expect("no memory is too much, and there are few fields")
}

/// As [`group_by`], in about `max_bytes` of memory.
///
/// # Errors
///
/// When that is not enough, or when there are too many fields.
pub fn group_by_within(
    selection: &Selection,
    by: &GroupBy,
    listing: &Listing,
    threads: usize,
    max_bytes: usize,
) -> Result<Combinations, GroupError> {
    let limits = Limits { threads, max_bytes };
    let time = by.every.map(|_| GroupField::from(id::START));
    let fields = time.into_iter().chain(by.fields.iter().copied());
    let fields = fields.enumerate().map(|(index, field)| {
        let every = by.every.filter(|_| index == 0);
        FieldCodes::new(field, every, selection, limits)
    });
    let catalog = &selection.store().catalog;
    let layout = KeyLayout::new(fields.collect::<Result<_, _>>()?, catalog);
    let choices = layout.choices().ok_or(GroupError::TooManyFields)?;
    let distinct = by.distinct.map(GroupField::from);
    let distinct = distinct.map(|field| FieldCodes::new(field, None, selection, limits));
    let distinct = distinct.transpose()?;
    let task = Task {
        selection,
        layout: &layout,
        distinct: distinct.as_ref(),
        seen: by.seen,
        records_only: by.records_only,
        listing,
        choices,
        limits,
    };
    match layout.words() {
        0 | 1 => combinations(&task, task.run::<1>()?),
        2 => combinations(&task, task.run::<2>()?),
        3..=8 => combinations(&task, task.run::<8>()?),
        9..=MAX_WORDS => combinations(&task, task.run::<MAX_WORDS>()?),
        _ => Err(GroupError::TooManyFields),
    }
}

/// The groups with their values.
fn combinations<const N: usize>(
    task: &Task<'_>,
    listed: Listed<N>,
) -> Result<Combinations, GroupError> {
    let value = size_of::<Key>() + 2 * size_of::<String>();
    let combination = size_of::<Combination>() + task.layout.fields.len() * value;
    task.limits
        .check(listed.groups.len().saturating_mul(combination) / 2)?;
    let catalog = &task.selection.store().catalog;
    let list = listed
        .groups
        .iter()
        .map(|group| task.combination(catalog, group));
    Ok(Combinations {
        list: list.collect(),
        total: listed.total,
    })
}

impl Task<'_> {
    fn combination<const N: usize>(
        &self,
        catalog: &Catalog,
        group: &ListedGroup<N>,
    ) -> Combination {
        let keys = self.layout.keys(&group.key);
        let labels = keys.iter().zip(&self.layout.fields);
        Combination {
            labels: labels
                .map(|(key, codes)| label(catalog, *key, codes))
                .collect(),
            keys,
            counts: self.counts(&group.sum),
            distinct: self.distinct.map(|_| group.distinct),
            seen: group.seen,
        }
    }

    /// What was asked of the records of a group.
    fn counts(&self, sum: &Sum) -> Counts {
        let counts = Counts::from(sum);
        match self.listing.order {
            Order::Largest(Rank::Measure(Measure::Packets | Measure::Bytes)) => counts,
            _ if !self.records_only => counts,
            _ => Counts {
                records: counts.records,
                ..Counts::default()
            },
        }
    }
}

fn label(catalog: &Catalog, key: Key, codes: &FieldCodes) -> String {
    let label = key.label(catalog, codes.field);
    let bits = match key {
        Key::Address(address) => codes.prefix_of(address),
        Key::Missing | Key::Number(_) | Key::Word(_) => None,
    };
    bits.map_or_else(|| label.clone(), |bits| format!("{label}/{bits}"))
}
