//! The order of several fields: the first decides, and each further one among rows that were equal so far.

use std::cmp::Reverse;

use crate::analysis::sorted_rows::field_value;
use crate::analysis::{Key, SortBy};
use crate::schema::{Address, id};
use crate::store::{RowId, Store};

/// A field to sort by, made ready.
struct Criterion {
    sort: SortBy,
    /// The places of the words of the field among the sorted words, by code.
    ranks: Vec<u32>,
}

/// What stands for a value in comparisons: a number or the place of a word, or an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Number(u64),
    Address(Address),
}

/// Sorts `rows`, which are in the order of `done`, by `more` among those with equal values. Rows that are equal
/// in all of them stay in reading order, and rows without a value stand last, whatever the direction.
pub(super) fn refine(store: &Store, rows: &mut [RowId], done: SortBy, more: &[SortBy]) {
    let more: Vec<Criterion> = more
        .iter()
        .map(|sort| Criterion::new(store, *sort))
        .collect();
    among_equals(store, rows, done, &more);
}

fn among_equals(store: &Store, rows: &mut [RowId], done: SortBy, more: &[Criterion]) {
    let Some((next, rest)) = more.split_first() else {
        return;
    };
    let equal = |a: &RowId, b: &RowId| {
        field_value(store, *a, done.field) == field_value(store, *b, done.field)
    };
    for run in rows.chunk_by_mut(equal).filter(|run| run.len() > 1) {
        if next.sort.descending {
            run.sort_by_cached_key(|row| {
                let place = next.place(store, *row);
                (place.is_none(), Reverse(place))
            });
        } else {
            run.sort_by_cached_key(|row| {
                let place = next.place(store, *row);
                (place.is_none(), place)
            });
        }
        among_equals(store, run, next.sort, rest);
    }
}

impl Criterion {
    fn new(store: &Store, sort: SortBy) -> Self {
        let words = store.catalog.dictionaries.of(sort.field);
        if sort.field == id::FILE {
            // The paths become words when they are first asked for.
            for source in store.sources() {
                words.code(&source.path.to_string_lossy());
            }
        }
        Self {
            sort,
            ranks: words.ranks(),
        }
    }

    fn place(&self, store: &Store, row: RowId) -> Option<Place> {
        match field_value(store, row, self.sort.field) {
            Key::Missing => None,
            Key::Number(number) => Some(Place::Number(number)),
            Key::Word(code) => {
                let rank = self.ranks.get(code as usize).copied();
                Some(Place::Number(rank.unwrap_or(u32::MAX).into()))
            }
            Key::Address(address) => Some(Place::Address(address)),
        }
    }
}
