//! Gives the masks of a filter: from the masks of the filter that it comes from, as far as those are known.

use std::sync::OnceLock;

use super::Request;
use super::pass::{Masks, Settings};
use crate::query::{Mask, Step};

/// What is known of the filter that another one comes from.
#[derive(Debug)]
pub(super) struct Parent {
    /// Its records, by chunk.
    pub(super) masks: Vec<Mask>,
    /// What is to be asked beyond it.
    pub(super) step: Step,
}

/// The filter of a request, ready to be asked; what it takes to ask is made when it is first needed.
pub(super) struct Evaluator<'a> {
    request: &'a Request,
    settings: &'a Settings,
    parent: Option<&'a Parent>,
    whole: OnceLock<Masks>,
    rest: OnceLock<Masks>,
    /// The masks of some chunks, found before it was their turn.
    probes: OnceLock<Vec<(usize, Mask)>>,
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(
        request: &'a Request,
        settings: &'a Settings,
        parent: Option<&'a Parent>,
    ) -> Self {
        Self {
            request,
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
        let store = &self.request.store;
        let chunk = &store.chunks()[index];
        let filter = self.request.question.filter.as_deref();
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
