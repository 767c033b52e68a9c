//! Evaluates a filter on chunks; only on the rows in which it can differ from a filter that was evaluated before.

use std::sync::OnceLock;

use super::pass::{Masks, Settings};
use crate::query::{Expression, Mask, Refinement};
use crate::store::Store;

/// A filter that was evaluated before, and from which one refinement leads to the new one.
#[derive(Debug)]
pub(super) struct Predecessor {
    /// The rows that it selects, by chunk.
    pub(super) masks: Vec<Mask>,
    /// What the new filter adds to it.
    pub(super) refinement: Refinement,
}

/// A filter on a snapshot. Plans are made when they are first needed.
pub(super) struct Evaluator<'a> {
    filter: Option<&'a Expression>,
    store: &'a Store,
    settings: &'a Settings,
    predecessor: Option<&'a Predecessor>,
    whole: OnceLock<Masks>,
    refinement: OnceLock<Masks>,
    /// The masks of a few chunks, evaluated before the pass.
    probes: OnceLock<Vec<(usize, Mask)>>,
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(
        filter: Option<&'a Expression>,
        store: &'a Store,
        settings: &'a Settings,
        predecessor: Option<&'a Predecessor>,
    ) -> Self {
        Self {
            filter,
            store,
            settings,
            predecessor,
            whole: OnceLock::new(),
            refinement: OnceLock::new(),
            probes: OnceLock::new(),
        }
    }

    /// Keeps masks that were evaluated before the pass, so that it need not evaluate them again. The first call counts.
    pub(super) fn keep(&self, probes: Vec<(usize, Mask)>) -> &[(usize, Mask)] {
        self.probes.get_or_init(|| probes)
    }

    /// The matching rows of the chunk at `index`.
    pub(super) fn mask(&self, index: usize) -> Mask {
        let mut probes = self.probes.get().into_iter().flatten();
        if let Some((_, mask)) = probes.find(|(chunk, _)| *chunk == index) {
            return mask.clone();
        }
        let chunk = &self.store.chunks()[index];
        let known = self
            .predecessor
            .and_then(|other| Some((other.masks.get(index)?, &other.refinement)));
        let Some((known, refinement)) = known else {
            let whole = self
                .whole
                .get_or_init(|| (self.settings.planner)(self.filter, self.store));
            return whole(chunk, &Mask::All);
        };
        let evaluate = |expression, among: &Mask| {
            let planned = self
                .refinement
                .get_or_init(|| (self.settings.planner)(Some(expression), self.store));
            planned(chunk, among)
        };
        match refinement {
            Refinement::Narrowed(_) if *known == Mask::None => Mask::None,
            Refinement::Narrowed(expression) => known.clone().and(evaluate(expression, known)),
            Refinement::Widened(_) if *known == Mask::All => Mask::All,
            Refinement::Widened(expression) => {
                let others = known.clone().inverted();
                let more = evaluate(expression, &others).and(others);
                known.clone().or(more)
            }
        }
    }
}
