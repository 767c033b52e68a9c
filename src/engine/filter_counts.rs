//! Counts the records of several filters in one pass over the chunks, for a menu that shows them before one is chosen.

use std::sync::Arc;

use super::pass::Settings;
use super::{CountRequest, FilterCounts};
use crate::analysis::{fold_parallel, useful_threads};
use crate::query::Mask;
use crate::store::Chunk;

/// Counts the records of each filter; none when superseded.
pub(super) fn count(
    request: &CountRequest,
    settings: &Settings,
    superseded: &(dyn Fn() -> bool + Sync),
) -> Option<FilterCounts> {
    let store = &request.store;
    let filters = request.filters.iter();
    let plans: Vec<_> = filters
        .map(|filter| (settings.planner)(Some(filter), store))
        .collect();
    let count = |counts: &mut Vec<u64>, chunk: &Arc<Chunk>| {
        for (plan, total) in plans.iter().zip(counts) {
            *total += plan(chunk, &Mask::All).count(chunk.rows()) as u64;
        }
    };
    let parts = fold_parallel(
        store.chunks(),
        useful_threads(settings.threads, store.chunks().len()),
        || vec![0; plans.len()],
        count,
        superseded,
    );
    if superseded() {
        return None;
    }
    let total = |place: usize| parts.iter().map(|part| part[place]).sum();
    Some(FilterCounts {
        ticket: request.ticket,
        counts: (0..plans.len()).map(total).collect(),
    })
}
