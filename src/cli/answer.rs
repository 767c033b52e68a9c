//! Queries of the engine for commands, and sorting by several fields.

use std::cmp::Reverse;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;

use super::failure::Failure;
use super::filter;
use super::options::Reading;
use crate::analysis::sorted_rows::field_value;
use crate::analysis::{Key, Measure, SortBy};
use crate::engine;
use crate::engine::{
    Answer, Combinations, GroupBy, Listing, Question, Request, SortTooLarge, Ticket,
};
use crate::ingest;
use crate::query::Expression;
use crate::schema::{Address, id};
use crate::store::{RowId, Store};

/// The engine's answer for the records of `store` that `reading` selects, sorted by the first of `sorts`, or in reading
/// order without one. [`rows`] also applies the others.
pub(super) fn answer(
    reading: &Reading,
    store: &Store,
    sorts: &[SortBy],
) -> Result<Answer, Failure> {
    let filter = filter::expression(reading, store)?;
    let answer = ask(filter, store, sorts, reading.jobs);
    let fits = match answer.not_sorted {
        Some(problem) => Err(problem),
        None => check_refinement(&answer, sorts),
    };
    fits.map_err(|problem| Failure::at("--sort", problem))?;
    Ok(answer)
}

/// Checks that there is memory to sort the rows of `answer` by all of `sorts`: in the worst case all of them have the
/// same value in the first.
fn check_refinement(answer: &Answer, sorts: &[SortBy]) -> Result<(), SortTooLarge> {
    let Some(order) = answer.sorted_rows.as_deref().filter(|_| sorts.len() > 1) else {
        return Ok(());
    };
    let rows = order.rows.len();
    let needed = rows * (size_of::<RowId>() + size_of::<((bool, Option<SortKey>), usize)>());
    let used = answer.selection.store().memory() + rows * size_of::<RowId>();
    SortTooLarge::check(rows, needed, ingest::memory_left(used))
}

/// The engine's answer for the records of `store` that match `filter`, in reading order.
pub(super) fn answer_to(
    filter: Option<Arc<Expression>>,
    store: &Store,
    jobs: Option<u16>,
) -> Answer {
    ask(filter, store, &[], jobs)
}

fn ask(
    filter: Option<Arc<Expression>>,
    store: &Store,
    sorts: &[SortBy],
    jobs: Option<u16>,
) -> Answer {
    let request = Request {
        ticket: Ticket::default(),
        store: store.clone(),
        question: Question {
            filter,
            window: None,
            lanes: id::INTERFACE_ID,
            lane_limit: 0,
            breakdown: id::ACTION,
            measure: Measure::Records,
            by_action: false,
            group_limit: 0,
            sort: sorts.first().copied(),
        },
        anchor: None,
    };
    engine::answer(&request, threads(jobs))
}

/// The rows of `answer`, sorted by all of `sorts`.
pub(super) fn rows<'a>(
    answer: &'a Answer,
    sorts: &[SortBy],
) -> Box<dyn Iterator<Item = RowId> + 'a> {
    match (&answer.sorted_rows, sorts) {
        (Some(order), [first, more @ ..]) if !more.is_empty() => {
            let mut rows = order.rows.clone();
            refine(answer.selection.store(), &mut rows, *first, more);
            Box::new(rows.into_iter())
        }
        (Some(order), _) => Box::new(order.rows.iter().copied()),
        (None, _) => Box::new(answer.selection.rows()),
    }
}

/// Groups the records of `answer`.
pub(super) fn group(
    answer: &Answer,
    by: &GroupBy,
    listing: &Listing,
    jobs: Option<u16>,
) -> Result<Combinations, Failure> {
    let left = ingest::memory_left(answer.selection.store().memory());
    let left = left.and_then(|left| usize::try_from(left).ok());
    let left = left.unwrap_or(usize::MAX);
    engine::group_by_within(&answer.selection, by, listing, threads(jobs), left)
        .map_err(|error| Failure::at("--by", error))
}

fn threads(jobs: Option<u16>) -> usize {
    let cores = || thread::available_parallelism().map_or(1, NonZeroUsize::get);
    jobs.map_or_else(cores, usize::from)
}

struct Criterion {
    sort: SortBy,
    /// The sort rank of each dictionary word of the field, indexed by code.
    ranks: Vec<u32>,
}

/// A sort key: a number, the rank of a word, or an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum SortKey {
    Number(u64),
    Address(Address),
}

/// Sorts runs of `rows` with equal values in `done` by `more`. The sort is stable, and missing values come last in
/// either direction.
fn refine(store: &Store, rows: &mut [RowId], done: SortBy, more: &[SortBy]) {
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
                let key = next.key(store, *row);
                (key.is_none(), Reverse(key))
            });
        } else {
            run.sort_by_cached_key(|row| {
                let key = next.key(store, *row);
                (key.is_none(), key)
            });
        }
        among_equals(store, run, next.sort, rest);
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
