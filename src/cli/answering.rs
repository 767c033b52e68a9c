//! Questions to the engine that the screen asks too.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;

use super::failure::Failure;
use super::filtering;
use super::options::Reading;
use super::sorting;
use crate::analysis::{Measure, SortBy};
use crate::engine;
use crate::engine::{Answer, Combinations, GroupBy, Question, Request, Ticket};
use crate::query::Expression;
use crate::schema::id;
use crate::store::{RowId, Store};

/// What the engine says of the records of `store` that `reading` asks for, in the order of the first of `sorts`;
/// in reading order where there is none. [`rows`] goes by the other ones too.
pub(super) fn answer(
    reading: &Reading,
    store: &Store,
    sorts: &[SortBy],
) -> Result<Answer, Failure> {
    let filter = filtering::expression(reading, store)?;
    Ok(ask(filter, store, sorts, reading.jobs))
}

/// What the engine says of the records of `store` that match `filter`, in reading order.
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

/// The rows of `answer`, which was asked for in the order of `sorts`.
pub(super) fn rows<'a>(
    answer: &'a Answer,
    sorts: &[SortBy],
) -> Box<dyn Iterator<Item = RowId> + 'a> {
    match (&answer.sorted_rows, sorts) {
        (Some(order), [first, more @ ..]) if !more.is_empty() => {
            let mut rows = order.rows.clone();
            sorting::refine(answer.selection.store(), &mut rows, *first, more);
            Box::new(rows.into_iter())
        }
        (Some(order), _) => Box::new(order.rows.iter().copied()),
        (None, _) => Box::new(answer.selection.rows()),
    }
}

/// Groups the records of `answer`.
pub(super) fn group(answer: &Answer, by: &GroupBy, jobs: Option<u16>) -> Combinations {
    engine::group_by(&answer.selection, by, threads(jobs))
}

/// How many threads to use.
fn threads(jobs: Option<u16>) -> usize {
    let cores = || thread::available_parallelism().map_or(1, NonZeroUsize::get);
    jobs.map_or_else(cores, usize::from)
}
