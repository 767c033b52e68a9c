//! Groups selected records by the values of several fields together, for the command line.

mod blocks;
mod cells;
mod codes;
mod distinct;
mod index;
mod layout;
mod local;
mod ranking;
mod reader;
mod sums;
mod table;
#[cfg(test)]
mod tests;

use codes::FieldCodes;
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
    /// The fields.
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
    /// Their order.
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

/// Groups `selection` on up to `threads` threads.
///
/// # Panics
///
/// When there is nothing to group by, or far too much of it: some hundred fields.
pub fn group_by(
    selection: &Selection,
    by: &GroupBy,
    listing: &Listing,
    threads: usize,
) -> Combinations {
    let grouped = group_by_within(selection, by, listing, threads, usize::MAX);
    grouped.expect("no memory is too much")
}

/// As [`group_by`]; none if it would take more than about `max_bytes` of memory, or if the fields are far too many.
///
/// # Panics
///
/// When there is nothing to group by.
pub fn group_by_within(
    selection: &Selection,
    by: &GroupBy,
    listing: &Listing,
    threads: usize,
    max_bytes: usize,
) -> Option<Combinations> {
    let time = by.every.map(|_| GroupField::from(id::START));
    let fields = time.into_iter().chain(by.fields.iter().copied());
    let fields = fields.enumerate().map(|(index, field)| {
        let every = by.every.filter(|_| index == 0);
        FieldCodes::new(field, every, selection, threads)
    });
    let catalog = &selection.store().catalog;
    let layout = KeyLayout::new(fields.collect(), catalog);
    let distinct = by.distinct.map(GroupField::from);
    let distinct = distinct.map(|field| FieldCodes::new(field, None, selection, threads));
    let task = Task {
        selection,
        layout: &layout,
        distinct: distinct.as_ref(),
        seen: by.seen,
        records_only: by.records_only,
        listing,
        threads,
        max_bytes,
    };
    match layout.words() {
        0 | 1 => combinations(&task, task.run::<1>()?),
        2 => combinations(&task, task.run::<2>()?),
        3..=8 => combinations(&task, task.run::<8>()?),
        9..=MAX_WORDS => combinations(&task, task.run::<MAX_WORDS>()?),
        _ => None,
    }
}

/// The groups with their values; none if they take too much memory.
fn combinations<const N: usize>(task: &Task<'_>, listed: Listed<N>) -> Option<Combinations> {
    let value = size_of::<Key>() + 2 * size_of::<String>();
    let combination = size_of::<Combination>() + task.layout.fields.len() * value;
    if listed.groups.len().saturating_mul(combination) > task.max_bytes {
        return None;
    }
    let catalog = &task.selection.store().catalog;
    let list = listed
        .groups
        .iter()
        .map(|group| task.combination(catalog, group));
    Some(Combinations {
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
}

impl Task<'_> {
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
