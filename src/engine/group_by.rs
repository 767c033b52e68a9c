//! Groups selected records by the values of several fields together, for the command line.

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::analysis::{
    Counts, Grouping, Key, Measure, Scan, Selection, ValueNames, fold_parallel, useful_threads,
};
use crate::schema::{FieldId, id};
use crate::store::Catalog;

/// What to group by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupBy {
    /// Group by stretches of time of this many seconds first: a record counts in the one in which it starts. The
    /// first key is then the second in which the stretch begins.
    pub every: Option<u64>,
    /// The fields. A record of a field that means either of two values (`addr`, `port`) counts once for each.
    pub fields: Vec<FieldId>,
}

/// Selected records that share the values of several fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Combination {
    /// The values, the beginning of the stretch of time first where one was asked for.
    pub keys: Vec<Key>,
    /// The values as a flow log prints them.
    pub labels: Vec<String>,
    /// What is counted of the records.
    pub counts: Counts,
}

/// Selected records grouped by the values of several fields.
pub struct Combinations {
    catalog: Arc<Catalog>,
    fields: Vec<FieldId>,
    groups: Grouping,
}

/// Groups `selection` on up to `threads` threads.
///
/// # Panics
///
/// When there is nothing to group by.
pub fn group_by(selection: &Selection, by: &GroupBy, threads: usize) -> Combinations {
    let grouped = group_by_within(selection, by, threads, usize::MAX);
    grouped.expect("no memory is too much")
}

/// As [`group_by`]; none if it would take more than about `max_bytes` of memory.
///
/// # Panics
///
/// When there is nothing to group by.
pub fn group_by_within(
    selection: &Selection,
    by: &GroupBy,
    threads: usize,
    max_bytes: usize,
) -> Option<Combinations> {
    let every = by.every.map(|_| id::START);
    let fields: Vec<FieldId> = every.into_iter().chain(by.fields.iter().copied()).collect();
    let mut grouping = Grouping::new(&fields, by.every.unwrap_or(1));
    let store = selection.store();
    grouping.prepare(store);
    let chunks: Vec<usize> = (0..store.chunks().len()).collect();
    let threads = useful_threads(threads, chunks.len());
    // The parts of all threads are there at once, and then one that has the groups of all.
    let max_part_bytes = max_bytes / (threads + 1);
    let is_too_much = AtomicBool::new(false);
    let parts = fold_parallel(
        &chunks,
        threads,
        || (grouping.fork(), Scan::new(None)),
        |(grouping, scan), &index| {
            let (chunk, mask) = (&store.chunks()[index], &selection.masks()[index]);
            grouping.begin(chunk, mask.count(chunk.rows()));
            scan.chunk(chunk, mask, |rows, measures| {
                grouping.add(chunk, rows, measures);
            });
            // While it grows, a table is there twice.
            if 2 * grouping.memory() > max_part_bytes {
                is_too_much.store(true, Ordering::Relaxed);
            }
        },
        &|| is_too_much.load(Ordering::Relaxed),
    );
    if is_too_much.into_inner() {
        return None;
    }
    let mut parts = parts.into_iter();
    let first = parts.next().map(|(first, _)| first);
    let mut grouping = first.unwrap_or(grouping);
    for (part, _) in parts {
        grouping.merge(&part);
    }
    Some(Combinations {
        catalog: Arc::clone(&store.catalog),
        fields,
        groups: grouping,
    })
}

impl Combinations {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.groups.filled().count()
    }

    /// Approximate bytes of the groups, and of a list of `limit` of them.
    pub fn memory(&self, limit: usize) -> usize {
        let value = size_of::<Key>() + 2 * size_of::<String>();
        let combination = size_of::<Combination>() + self.fields.len() * value;
        let listed = self.len().min(limit);
        self.groups
            .memory()
            .saturating_add(listed.saturating_mul(combination))
    }

    /// Whether nothing is selected.
    pub fn is_empty(&self) -> bool {
        self.groups.filled().next().is_none()
    }

    /// The `limit` largest, largest first, ties by value.
    pub fn largest(&self, measure: Measure, limit: usize) -> Vec<Combination> {
        self.list(self.groups.largest(measure, limit, &self.names()))
    }

    /// All of them by value: first by time where that was asked for, then by the first field, and so on;
    /// missing values last.
    pub fn ascending(&self) -> Vec<Combination> {
        let names = self.names();
        let mut slots: Vec<u32> = self.groups.filled().map(|(slot, _)| slot).collect();
        slots.sort_unstable_by(|a, b| self.groups.compare(*a, *b, &names));
        self.list(slots)
    }

    fn names(&self) -> Vec<ValueNames> {
        let fields = self.fields.iter();
        fields
            .map(|field| ValueNames::new(&self.catalog, *field))
            .collect()
    }

    fn list(&self, slots: Vec<u32>) -> Vec<Combination> {
        let combination = |slot: u32| {
            let keys = self.groups.keys(slot);
            let labels = keys
                .iter()
                .zip(&self.fields)
                .map(|(key, field)| key.label(&self.catalog, *field));
            Combination {
                labels: labels.collect(),
                counts: Counts::from(self.groups.sum(slot)),
                keys,
            }
        };
        slots.into_iter().map(combination).collect()
    }
}

impl fmt::Debug for Combinations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Combinations")
            .field("fields", &self.fields)
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}
