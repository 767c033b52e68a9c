//! When nothing matches: how many records would match without one part of the filter.

use std::cmp::Reverse;
use std::sync::Arc;

use super::Request;
use super::pass::Settings;
use crate::analysis::{fold_parallel, useful_threads};
use crate::query::{Expression, Mask};
use crate::store::Chunk;

/// Filters with more parts are not tried part by part.
const MAX_PARTS: usize = 8;

/// What a filter would select without one of its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithoutPart {
    /// The part that is left out, in its canonical form.
    pub part: String,
    /// How many records match all other parts.
    pub records: usize,
}

/// For each part of the filter how many records match the others, the most first; parts without which nothing would
/// match either are left out. Empty unless the filter is several parts joined by `and`, none of which reads lines.
pub(super) fn without_part(
    request: &Request,
    settings: &Settings,
    superseded: &(dyn Fn() -> bool + Sync),
) -> Vec<WithoutPart> {
    let parts = match request.question.filter.as_deref() {
        Some(filter @ Expression::All(parts)) if !filter.reads_lines() => parts,
        _ => return Vec::new(),
    };
    if parts.len() > MAX_PARTS {
        return Vec::new();
    }
    let store = &request.store;
    let plan = |part: &Expression| (settings.planner)(Some(part), store);
    let plans: Vec<_> = parts.iter().map(plan).collect();
    let count = |counts: &mut Vec<usize>, chunk: &Arc<Chunk>| {
        let masks: Vec<Mask> = plans.iter().map(|plan| plan(chunk, &Mask::All)).collect();
        for (place, total) in counts.iter_mut().enumerate() {
            let masks = masks.iter().enumerate();
            let others = masks.filter(|(other, _)| *other != place);
            let left = others.fold(Mask::All, |left, (_, mask)| left.and(mask.clone()));
            *total += left.count(chunk.rows());
        }
    };
    let counts = fold_parallel(
        store.chunks(),
        useful_threads(settings.threads, store.chunks().len()),
        || vec![0; parts.len()],
        count,
        superseded,
    );
    let mut found: Vec<WithoutPart> = parts
        .iter()
        .enumerate()
        .map(|(place, part)| WithoutPart {
            part: part.to_string(),
            records: counts.iter().map(|counts| counts[place]).sum(),
        })
        .collect();
    found.retain(|without| without.records > 0);
    found.sort_by_key(|without| Reverse(without.records));
    found
}
