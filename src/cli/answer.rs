//! Queries of the engine for commands.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;

use super::failure::Failure;
use super::filter;
use super::options::Reading;
use crate::analysis::{Measure, RowOrder, SortBy};
use crate::engine;
use crate::engine::{Answer, Combinations, GroupBy, Listing, Question, Request, Ticket};
use crate::ingest;
use crate::query::Expression;
use crate::schema::id;
use crate::store::{RowId, Store};

/// The engine's answer for the records of `store` that `reading` selects, sorted by `sorts`, or in reading order
/// without any.
pub(super) fn answer(
    reading: &Reading,
    store: &Store,
    sorts: &[SortBy],
) -> Result<Answer, Failure> {
    let filter = filter::expression(reading, store)?;
    let answer = ask(filter, store, sorts, reading.jobs);
    match answer.not_sorted {
        Some(problem) => Err(Failure::at("--sort", problem)),
        None => Ok(answer),
    }
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
            order: match sorts {
                [] => RowOrder::Reading,
                sorts => RowOrder::Columns(sorts.to_vec()),
            },
        },
        anchor: None,
    };
    engine::answer(&request, threads(jobs))
}

/// The rows of `answer`, in its order.
pub(super) fn rows(answer: &Answer) -> Box<dyn Iterator<Item = RowId> + '_> {
    match answer.rows.sorted() {
        Some(order) => Box::new(order.rows.iter().copied()),
        None => Box::new(answer.selection.rows()),
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
