//! How one filter profits from what is known of others: one that it comes from by a step, and one that selects
//! nearly the same records.

use std::sync::Arc;

use super::accumulators::Reusable;
use super::evaluator::Parent;
use super::filter_state::{FilterState, Run};
use crate::analysis::{Key, Selection, SortBy, SortedRows};
use crate::query::{Mask, Step};
use crate::schema::id;
use crate::store::Store;

/// So many chunks are looked at to see which of the other filters is closest to this one.
const PROBES: usize = 8;
/// A list of which one row in so many is wanted is gone through rather than sorted anew.
const SPARSE: usize = 8;

impl FilterState {
    /// Finds the filter from which one step leads to this one, and which leaves the fewest records to be asked.
    pub(super) fn find_parent(&self, others: &[Self]) -> Option<Parent> {
        let filter = self.filter.as_ref()?;
        if self.masks.iter().any(Option::is_some) {
            return None;
        }
        let known = others
            .iter()
            .filter(|other| other.is_searched() && !other.masks.is_empty());
        let steps = known.filter_map(|other| {
            let step = filter.step_from(other.filter.as_ref()?)?;
            let selected = other.selected();
            let left = match step {
                Step::Narrowed(_) => selected,
                Step::Widened(_) => self.store.rows().saturating_sub(selected),
            };
            Some((left, step, other))
        });
        let (_, step, other) = steps.min_by_key(|(left, _, _)| *left)?;
        Some(Parent {
            masks: other.records(),
            step,
        })
    }

    /// Begins with the sums of the filter whose records differ least from those of this one, where that leaves
    /// less to look at than to begin with nothing.
    pub(super) fn reuse_accumulators(&mut self, run: &Run<'_>) {
        if !self.accumulators.are_empty() || !self.may_reuse(run) {
            return;
        }
        let chunks = self.store.chunks().len();
        let step = chunks.div_ceil(PROBES).max(1);
        let mut probes = Vec::with_capacity(PROBES);
        for chunk in (0..chunks).step_by(step) {
            if (run.superseded)() {
                return;
            }
            let mask = self.masks[chunk].clone();
            probes.push((chunk, mask.unwrap_or_else(|| run.evaluator.mask(chunk))));
        }
        let probes = run.evaluator.keep(probes);
        let closest = self.closest(run, probes, |other| {
            self.accumulators
                .reusable(&other.accumulators, other.masks.len(), (&[], &[]))
        });
        if let Some((reusable, other)) = closest {
            self.accumulators = reusable.derive(Arc::new(other.records()));
            self.prepare();
        }
    }

    /// The same for the lanes and sparklines of chosen values, of which `needed` must be there.
    pub(super) fn reuse_details(&mut self, run: &Run<'_>, needed: (&[Key], &[Key])) {
        if self.details.are_none()
            || !self.details.are_empty()
            || !self.is_searched()
            || !self.may_reuse(run)
        {
            return;
        }
        let masks: Vec<(usize, Mask)> = (0..).zip(self.records()).collect();
        let closest = self.closest(run, &masks, |other| {
            self.details
                .reusable(&other.details, other.masks.len(), needed)
        });
        if let Some((reusable, other)) = closest {
            self.details = reusable.derive(Arc::new(other.records()));
            self.prepare();
        }
    }

    fn may_reuse(&self, run: &Run<'_>) -> bool {
        // Where it is slow to find the records, first parts are wanted, and those need sums of their own.
        let slow = self
            .filter
            .as_ref()
            .is_some_and(|filter| filter.reads_lines());
        !slow && !run.others.is_empty() && sums_are_exact(&self.store)
    }

    /// What is offered by the filter whose records differ least from `own` ones, which are those of some chunks,
    /// unless it costs less to begin with nothing.
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
        for other in run.others.iter().filter(|other| other.is_searched()) {
            let Some(reusable) = reusable(other) else {
                continue;
            };
            let differing = own
                .iter()
                .map(|(chunk, mask)| mask.differing(other.mask(*chunk), rows(*chunk)));
            let copied = reusable.memory() / run.settings.bytes_a_row.max(1);
            let cost = differing.sum::<usize>() as f64 * scale + copied as f64;
            if cost < least {
                (least, best) = (cost, Some((reusable, other)));
            }
        }
        best
    }

    /// The rows of `selection` in the order of a longer list that is known, where most of that is wanted.
    pub(super) fn order_from_others(
        &self,
        run: &Run<'_>,
        selection: &Selection,
        sort: SortBy,
    ) -> Option<SortedRows> {
        let holds_all = |other: &&Self| match (&other.filter, &self.filter) {
            (None, _) => true,
            (Some(other), Some(own)) => matches!(own.step_from(other), Some(Step::Narrowed(_))),
            (Some(_), None) => false,
        };
        let lists = run.others.iter().filter(holds_all);
        let lists = lists.filter_map(|other| other.order_of(sort, self.masks.len()));
        let shortest = lists.min_by_key(|order| order.rows.len())?;
        if shortest.rows.len() > SPARSE.saturating_mul(selection.len()) {
            return None;
        }
        shortest.among(selection, run.settings.threads, run.superseded)
    }
}

/// Whether no sum of any records can pass the largest number, where it would stay and could not be taken back.
fn sums_are_exact(store: &Store) -> bool {
    let most = |field| {
        let chunks = store.chunks().iter();
        let sums = chunks.map(|chunk| {
            let column = chunk.column(field);
            let most = column
                .and_then(|column| column.range)
                .map_or(0, |(_, most)| most);
            u128::from(most) * chunk.rows() as u128
        });
        sums.sum::<u128>()
    };
    let limit = u128::from(u64::MAX);
    most(id::BYTES) <= limit && most(id::PACKETS) <= limit
}

impl FilterState {
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
