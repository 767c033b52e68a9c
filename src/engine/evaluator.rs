//! Gives the masks of a filter: from the masks of the filter that it comes from, as far as those are known.

use std::sync::OnceLock;

use super::pass::{Masks, Settings};
use crate::query::{Expression, Mask, Step};
use crate::store::Store;

/// What is known of the filter that another one comes from.
#[derive(Debug)]
pub(super) struct Parent {
    /// Its records, by chunk.
    pub(super) masks: Vec<Mask>,
    /// What is to be asked beyond it.
    pub(super) step: Step,
}

/// A filter and a snapshot, ready to be asked; what it takes to ask is made when it is first needed.
pub(super) struct Evaluator<'a> {
    filter: Option<&'a Expression>,
    store: &'a Store,
    settings: &'a Settings,
    parent: Option<&'a Parent>,
    whole: OnceLock<Masks>,
    rest: OnceLock<Masks>,
    /// The masks of some chunks, found before it was their turn.
    probes: OnceLock<Vec<(usize, Mask)>>,
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(
        (filter, store): (Option<&'a Expression>, &'a Store),
        settings: &'a Settings,
        parent: Option<&'a Parent>,
    ) -> Self {
        Self {
            filter,
            store,
            settings,
            parent,
            whole: OnceLock::new(),
            rest: OnceLock::new(),
            probes: OnceLock::new(),
        }
    }

    /// Keeps the masks of chunks that are wanted before it is their turn. There is one such time.
    pub(super) fn keep(&self, probes: Vec<(usize, Mask)>) -> &[(usize, Mask)] {
        self.probes.get_or_init(|| probes)
    }

    /// The rows of the chunk at `index` that match.
    pub(super) fn mask(&self, index: usize) -> Mask {
        let mut probes = self.probes.get().into_iter().flatten();
        if let Some((_, mask)) = probes.find(|(chunk, _)| *chunk == index) {
            return mask.clone();
        }
        let (filter, store) = (self.filter, self.store);
        let chunk = &store.chunks()[index];
        let Some((known, step)) = self
            .parent
            .and_then(|parent| Some((parent.masks.get(index)?, &parent.step)))
        else {
            let whole = self
                .whole
                .get_or_init(|| (self.settings.planner)(filter, store));
            return whole(chunk, &Mask::All);
        };
        let rest = |expression| {
            self.rest
                .get_or_init(|| (self.settings.planner)(Some(expression), store))
        };
        match step {
            Step::Narrowed(_) if *known == Mask::None => Mask::None,
            Step::Narrowed(expression) => known.clone().and(rest(expression)(chunk, known)),
            Step::Widened(_) if *known == Mask::All => Mask::All,
            Step::Widened(expression) => {
                let others = known.clone().inverted();
                let more = rest(expression)(chunk, &others).and(others);
                known.clone().or(more)
            }
        }
    }
}
