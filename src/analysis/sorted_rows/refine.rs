//! Sorts rows that have the same value in one column by others.

use std::cmp::Reverse;

use super::{SortBy, Stop, field_value};
use crate::analysis::Key;
use crate::analysis::parallel::fold_parallel_owned;
use crate::schema::{Address, id};
use crate::store::{RowId, Store};

/// More rows with the same value than this are sorted on several threads.
const MIN_SHARED_ROWS: usize = 1 << 15;

/// A sort key: a number, the rank of a word, or an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum SortKey {
    Number(u64),
    Address(Address),
}

/// A row without a value comes last in either direction.
type RowKey = (bool, Option<SortKey>);

struct Criterion {
    sort: SortBy,
    /// The sort rank of each dictionary word of the field, indexed by code.
    ranks: Vec<u32>,
}

/// Sorts each run of `rows` with equal values in `done` by `more`, and leaves the order of those that are equal in these
/// too; stops at some point if `stop` says so.
pub(super) struct Refinement<'a> {
    pub(super) store: &'a Store,
    pub(super) threads: usize,
    pub(super) stop: Stop<'a>,
}

/// The bytes that it takes to sort `rows` rows by further columns: in the worst case all have the same value in the
/// first.
pub(super) fn memory(rows: usize) -> usize {
    rows * size_of::<(RowKey, u32, RowId)>()
}

impl Refinement<'_> {
    pub(super) fn sort(&self, rows: &mut [RowId], done: SortBy, more: &[SortBy]) {
        let more: Vec<Criterion> = more
            .iter()
            .map(|sort| Criterion::new(self.store, *sort))
            .collect();
        self.among_equals(rows, done, &more);
    }

    fn among_equals(&self, rows: &mut [RowId], done: SortBy, more: &[Criterion]) {
        let Some((next, rest)) = more.split_first() else {
            return;
        };
        let value = |row: &RowId| field_value(self.store, *row, done.field);
        for run in rows.chunk_by_mut(|a, b| value(a) == value(b)) {
            if (self.stop)() {
                return;
            }
            if run.len() > 1 {
                self.sort_run(run, next);
                self.among_equals(run, next.sort, rest);
            }
        }
    }

    fn sort_run(&self, run: &mut [RowId], by: &Criterion) {
        let key = |row: &RowId| -> RowKey {
            let key = by.key(self.store, *row);
            (key.is_none(), key)
        };
        if run.len() < MIN_SHARED_ROWS || self.threads < 2 {
            return sort_part(run, key, by.sort.descending);
        }
        let share = run.len().div_ceil(self.threads);
        let parts: Vec<&mut [RowId]> = run.chunks_mut(share).collect();
        let work = |(): &mut (), part: &mut [RowId]| sort_part(part, key, by.sort.descending);
        fold_parallel_owned(parts, self.threads, || (), work, self.stop);
        // The sort of the standard library merges stretches that are in order already.
        sort_part(run, key, by.sort.descending);
    }
}

fn sort_part(rows: &mut [RowId], key: impl Fn(&RowId) -> RowKey, descending: bool) {
    if descending {
        rows.sort_by_cached_key(|row| {
            let (is_missing, key) = key(row);
            (is_missing, Reverse(key))
        });
    } else {
        rows.sort_by_cached_key(key);
    }
}

impl Criterion {
    fn new(store: &Store, sort: SortBy) -> Self {
        let words = store.catalog.dictionaries.of(sort.field);
        if sort.field == id::FILE {
            // The dictionary of file names is built on first use.
            for source in store.sources() {
                words.code(&source.path_text());
            }
        }
        Self {
            sort,
            ranks: words.ranks(),
        }
    }

    fn key(&self, store: &Store, row: RowId) -> Option<SortKey> {
        match field_value(store, row, self.sort.field) {
            Key::Missing => None,
            Key::Number(number) => Some(SortKey::Number(number)),
            Key::Word(code) => {
                let rank = self.ranks.get(code as usize).copied();
                Some(SortKey::Number(rank.unwrap_or(u32::MAX).into()))
            }
            Key::Address(address) => Some(SortKey::Address(address)),
        }
    }
}
