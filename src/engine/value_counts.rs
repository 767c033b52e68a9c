//! The values of a field that the records of a filter have, for completion.

use std::sync::Arc;

use super::accumulators::{Accumulators, Progress};
use super::evaluator::Evaluator;
use super::filter_state::FilterState;
use super::pass::{Pass, Settings};
use super::{ValueCounts, ValuesRequest};
use crate::analysis::{Counts, Grouping, Key, Measure, ValueNames};
use crate::query::Expression;
use crate::query::complete::begins;
use crate::schema::FieldId;

/// So many of the most frequent values are looked through before all of them are.
const FREQUENT: usize = 2_000;

/// The groups that were listed last: what is typed of a value changes which of them are shown, not the groups.
#[derive(Debug)]
pub(super) struct GroupedValues {
    rest: Option<Arc<Expression>>,
    field: FieldId,
    chunks: usize,
    grouping: Grouping,
}

impl GroupedValues {
    /// Whether these are the groups that `request` asks for.
    pub(super) fn is_of(&self, request: &ValuesRequest) -> bool {
        let wanted = &request.wanted;
        (self.field, self.chunks) == (wanted.field, request.store.chunks().len())
            && self.rest == wanted.rest
    }

    /// Groups the records that `request` asks for, which are those of the filter of `state`; none when superseded.
    pub(super) fn new(
        request: &ValuesRequest,
        settings: &Settings,
        superseded: &(dyn Fn() -> bool + Sync),
        (state, others): (&mut FilterState, &[FilterState]),
    ) -> Option<Self> {
        let mut grouping = Grouping::new(&[request.wanted.field], 1);
        grouping.prepare(&request.store);
        let mut accumulators = Accumulators {
            groupings: vec![Progress::new(grouping)],
            ..Accumulators::default()
        };
        state.store = request.store.clone();
        state.masks.resize(request.store.chunks().len(), None);
        let parent = state.find_parent(others);
        let filter = request.wanted.rest.as_deref();
        let evaluator = Evaluator::new((filter, &request.store), settings, parent.as_ref());
        let pass = Pass {
            store: &request.store,
            threads: settings.threads,
            masks: &|chunk| evaluator.mask(chunk),
            stop: &|_| superseded(),
        };
        let chunks = request.store.reading_order().iter();
        let chunks = chunks.map(|index| *index as usize);
        let done = accumulators.fill(&pass, &mut state.masks, chunks);
        let grouping = accumulators.groupings.pop().filter(|_| done)?.value;
        Some(Self {
            rest: request.wanted.rest.clone(),
            field: request.wanted.field,
            chunks: request.store.chunks().len(),
            grouping,
        })
    }

    /// The most frequent values that begin as `request` says.
    pub(super) fn answer(&self, request: &ValuesRequest) -> ValueCounts {
        let names = [ValueNames::new(&request.store.catalog, self.field)];
        let mut values = self.among(
            request,
            &self.grouping.largest(Measure::Records, FREQUENT, &names),
        );
        let distinct = self.grouping.filled().count();
        if values.len() < request.limit && distinct > FREQUENT && !request.wanted.prefix.is_empty()
        {
            // One that is rare may be the one that is typed.
            values = self.among(
                request,
                &self.grouping.largest(Measure::Records, distinct, &names),
            );
        }
        ValueCounts {
            ticket: request.ticket,
            values,
        }
    }

    fn among(&self, request: &ValuesRequest, slots: &[u32]) -> Vec<(String, u64)> {
        let label = |slot: &u32| {
            let key = self.grouping.key(*slot);
            let records = Counts::from(self.grouping.sum(*slot)).records;
            (key != Key::Missing).then(|| (key.label(&request.store.catalog, self.field), records))
        };
        let found = slots.iter().filter_map(label);
        found
            .filter(|(label, _)| begins(self.field, label, &request.wanted.prefix))
            .take(request.limit)
            .collect()
    }
}
