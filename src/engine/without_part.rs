//! When nothing matches: how many records would, without one part of the filter or another.

use std::cmp::Reverse;
use std::sync::Arc;

use super::filter_state::Run;
use crate::analysis::{fold_parallel, useful_threads};
use crate::query::{Expression, Mask};
use crate::store::Chunk;

/// Filters of more parts are not taken apart.
const PARTS: usize = 8;

/// What a filter would select without one of its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithoutPart {
    /// The part, in its canonical form.
    pub part: String,
    /// How many records match all the others.
    pub records: usize,
}

/// For each part of the filter of `run` how many records match the others, the most first; those that leave
/// nothing are left out. Empty where the filter is not several parts joined by `and`, or slow to ask.
pub(super) fn without(run: &Run<'_>) -> Vec<WithoutPart> {
    let parts = match run.request.question.filter.as_deref() {
        Some(filter @ Expression::All(parts)) if !filter.reads_lines() => parts,
        _ => return Vec::new(),
    };
    if parts.len() > PARTS {
        return Vec::new();
    }
    let store = &run.request.store;
    let ask = |part: &Expression| (run.settings.planner)(Some(part), store);
    let asked: Vec<_> = parts.iter().map(ask).collect();
    let count = |counts: &mut Vec<usize>, chunk: &Arc<Chunk>| {
        let masks: Vec<Mask> = asked.iter().map(|ask| ask(chunk, &Mask::All)).collect();
        for (place, total) in counts.iter_mut().enumerate() {
            let others = masks
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != place);
            let left = others.fold(Mask::All, |left, (_, mask)| left.and(mask.clone()));
            *total += left.count(chunk.rows());
        }
    };
    let results = fold_parallel(
        store.chunks(),
        useful_threads(run.settings.threads, store.chunks().len()),
        || vec![0; parts.len()],
        count,
        run.superseded,
    );
    let mut found: Vec<WithoutPart> = parts
        .iter()
        .enumerate()
        .map(|(place, part)| WithoutPart {
            part: part.to_string(),
            records: results.iter().map(|result| result[place]).sum(),
        })
        .collect();
    found.retain(|without| without.records > 0);
    found.sort_by_key(|without| Reverse(without.records));
    found
}
