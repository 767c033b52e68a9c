//! How a filter reuses what is known of others: of one that it differs from by a refinement, and of one that selects
//! nearly the same records.

use std::sync::Arc;

use super::accumulator::NeededKeys;
use super::accumulators::{Accumulators, Reusable};
use super::evaluator::Predecessor;
use super::filter_state::{FilterState, Run};
use crate::analysis::{Selection, SortBy, SortedRows};
use crate::query::{Mask, Refinement};
use crate::schema::id;
use crate::store::Store;

/// How many chunks are compared to see which of the other filters is closest to this one.
const PROBED_CHUNKS: usize = 8;
/// A sorted list is filtered, rather than sorted anew, if at least one in this many of its rows is wanted.
const MAX_ROWS_PER_WANTED: usize = 8;

impl FilterState {
    /// Finds the filter from which one refinement leads to this one, and which leaves the fewest rows to evaluate.
    pub(super) fn find_predecessor(&self, others: &[Self]) -> Option<Predecessor> {
        let filter = self.filter.as_ref()?;
        if self.masks.iter().any(Option::is_some) {
            return None;
        }
        let known = others
            .iter()
            .filter(|other| other.is_searched() && !other.masks.is_empty());
        let steps = known.filter_map(|other| {
            let refinement = filter.refinement_of(other.filter.as_ref()?)?;
            let selected = other.selected();
            let left = match refinement {
                Refinement::Narrowed(_) => selected,
                Refinement::Widened(_) => self.store.rows().saturating_sub(selected),
            };
            Some((left, refinement, other))
        });
        let (_, refinement, other) = steps.min_by_key(|(left, _, _)| *left)?;
        Some(Predecessor {
            masks: other.records(),
            refinement,
        })
    }

    /// Derives the accumulators from those of the filter whose records differ least from those of this one, if that
    /// is less work than starting from nothing.
    pub(super) fn reuse_accumulators(&mut self, run: &Run<'_>) {
        if self.accumulators.is_begun() || !self.may_reuse(run) {
            return;
        }
        let mut probes = Vec::with_capacity(PROBED_CHUNKS);
        for chunk in self.probed_chunks() {
            if (run.context.superseded)() {
                return;
            }
            let mask = self.masks[chunk].clone();
            probes.push((chunk, mask.unwrap_or_else(|| run.evaluator.mask(chunk))));
        }
        let probes = run.evaluator.keep(probes);
        let closest = self.closest(run, probes, |other| {
            let chunks = other.masks.len();
            self.accumulators
                .reusable(&other.accumulators, chunks, NeededKeys::default())
        });
        if let Some((reusable, other)) = closest {
            self.accumulators = Accumulators::derive_from(&reusable, Arc::new(other.records()));
            self.prepare();
        }
    }

    /// The same for the lanes and sparklines of chosen values, which must include the `needed` ones.
    pub(super) fn reuse_details(&mut self, run: &Run<'_>, needed: NeededKeys<'_>) {
        let details = &self.details;
        if details.is_empty() || details.is_begun() || !self.is_searched() || !self.may_reuse(run) {
            return;
        }
        let probed = self.probed_chunks();
        let masks: Vec<(usize, Mask)> = probed.map(|at| (at, self.mask(at).clone())).collect();
        let closest = self.closest(run, &masks, |other| {
            details.reusable(&other.details, other.masks.len(), needed)
        });
        if let Some((reusable, other)) = closest {
            self.details = Accumulators::derive_from(&reusable, Arc::new(other.records()));
            self.prepare();
        }
    }

    /// The chunks that are compared.
    fn probed_chunks(&self) -> impl Iterator<Item = usize> + use<> {
        let chunks = self.store.chunks().len();
        let step = chunks.div_ceil(PROBED_CHUNKS).max(1);
        (0..chunks).step_by(step)
    }

    fn may_reuse(&self, run: &Run<'_>) -> bool {
        // Slow filters stream partial answers, which need sums of their own.
        let is_slow = self
            .filter
            .as_ref()
            .is_some_and(|filter| filter.reads_lines());
        !is_slow && !run.context.others.is_empty() && sums_are_exact(&self.store)
    }

    /// What is reusable of the filter whose records differ least from `own`, the rows of some chunks; none if starting
    /// from nothing costs less.
    fn closest<'a>(
        &self,
        run: &Run<'a>,
        own: &[(usize, Mask)],
        reusable: impl Fn(&'a Self) -> Option<Reusable<'a>>,
    ) -> Option<(Reusable<'a>, &'a Self)> {
        let rows = |chunk: usize| self.store.chunks()[chunk].rows();
        let looked_at: usize = own.iter().map(|(chunk, _)| rows(*chunk)).sum();
        let scale = self.store.rows() as f64 / looked_at.max(1) as f64;
        let selected = own.iter().map(|(chunk, mask)| mask.count(rows(*chunk)));
        let mut least = selected.sum::<usize>() as f64 * scale;
        let mut best = None;
        let others = run.context.others.iter();
        for other in others.filter(|other| other.is_searched()) {
            let Some(reusable) = reusable(other) else {
                continue;
            };
            let differing = own
                .iter()
                .map(|(chunk, mask)| mask.differing(other.mask(*chunk), rows(*chunk)));
            let copied = reusable.memory() / run.context.settings.bytes_per_row.max(1);
            let cost = differing.sum::<usize>() as f64 * scale + copied as f64;
            if cost < least {
                (least, best) = (cost, Some((reusable, other)));
            }
        }
        best
    }

    /// The rows of `selection` in the order of a longer list that is sorted already, if most of that is wanted.
    pub(super) fn sorted_from_others(
        &self,
        run: &Run<'_>,
        selection: &Selection,
        sort: &[SortBy],
    ) -> Option<SortedRows> {
        let holds_all = |other: &&Self| match (&other.filter, &self.filter) {
            (None, _) => true,
            (Some(other), Some(own)) => {
                matches!(own.refinement_of(other), Some(Refinement::Narrowed(_)))
            }
            (Some(_), None) => false,
        };
        let lists = run.context.others.iter().filter(holds_all);
        let lists = lists.filter_map(|other| other.sorted_by(sort, self.masks.len()));
        let shortest = lists.min_by_key(|list| list.rows.len())?;
        if shortest.rows.len() > MAX_ROWS_PER_WANTED.saturating_mul(selection.len()) {
            return None;
        }
        shortest.among(
            selection,
            run.context.settings.threads,
            run.context.superseded,
        )
    }

    /// The rows of the chunk at `index` that are known to match.
    fn mask(&self, index: usize) -> &Mask {
        let mask = self.masks.get(index).and_then(Option::as_ref);
        mask.unwrap_or(&Mask::None)
    }

    /// How many records are known to match.
    fn selected(&self) -> usize {
        let chunks = self.store.chunks().iter().enumerate();
        chunks
            .map(|(index, chunk)| self.mask(index).count(chunk.rows()))
            .sum()
    }
}

/// Whether no sum can exceed 2⁶⁴ − 1, where it would saturate and could not be subtracted again.
fn sums_are_exact(store: &Store) -> bool {
    let bound = |field| {
        let chunks = store.chunks().iter();
        let sums = chunks.map(|chunk| {
            let range = chunk.column(field).and_then(|column| column.range);
            let highest = range.map_or(0, |(_, highest)| highest);
            u128::from(highest) * chunk.rows() as u128
        });
        sums.sum::<u128>()
    };
    let limit = u128::from(u64::MAX);
    bound(id::BYTES) <= limit && bound(id::PACKETS) <= limit
}
