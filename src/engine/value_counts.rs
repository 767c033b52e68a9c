//! Counts the values of a field among the records of a filter, for completion.

use std::sync::Arc;

use super::accumulator::Accumulator;
use super::accumulators::Accumulators;
use super::evaluator::Evaluator;
use super::filter_state::{Context, FilterState};
use super::pass::Pass;
use super::{ValueCounts, ValuesRequest};
use crate::analysis::{Counts, Grouping, Key, Measure, ValueNames};
use crate::query::Expression;
use crate::query::complete::begins;
use crate::schema::FieldId;

/// This many of the most frequent values are searched for a prefix first; all of them only if that finds too few.
const FREQUENT_VALUES: usize = 2_000;

/// The groups of the last request: typing more of a value changes which of them are shown, not the groups.
#[derive(Debug)]
pub(super) struct GroupedValues {
    filter: Option<Arc<Expression>>,
    field: FieldId,
    chunks: usize,
    groups: Grouping,
}

impl GroupedValues {
    /// Whether these are the groups that `request` needs.
    pub(super) fn is_for(&self, request: &ValuesRequest) -> bool {
        let wanted = &request.wanted;
        (self.field, self.chunks) == (wanted.field, request.store.chunks().len())
            && self.filter == wanted.rest
    }

    /// Groups the records that `request` asks for; `state` is that of their filter. None when superseded.
    pub(super) fn new(
        request: &ValuesRequest,
        state: &mut FilterState,
        context: Context<'_>,
    ) -> Option<Self> {
        let store = &request.store;
        let mut groups = Grouping::new(request.wanted.field);
        groups.prepare(store);
        let mut accumulators = Accumulators::of(Accumulator::Groups(groups));
        state.set_store(store);
        let predecessor = state.find_predecessor(context.others);
        let evaluator = Evaluator::new(
            request.wanted.rest.as_deref(),
            store,
            context.settings,
            predecessor.as_ref(),
        );
        let pass = Pass {
            store,
            threads: context.settings.threads,
            evaluate: &|chunk| evaluator.mask(chunk),
            stop: &|_| (context.superseded)(),
        };
        let chunks = store.reading_order().iter().map(|index| *index as usize);
        if !pass.run(&mut accumulators, &mut state.masks, chunks) {
            return None;
        }
        let Some(Accumulator::Groups(groups)) = accumulators.into_first() else {
            return None;
        };
        Some(Self {
            filter: request.wanted.rest.clone(),
            field: request.wanted.field,
            chunks: store.chunks().len(),
            groups,
        })
    }

    /// The most frequent values with the prefix of `request`.
    pub(super) fn most_frequent(&self, request: &ValuesRequest) -> ValueCounts {
        let names = ValueNames::new(&request.store.catalog, self.field);
        let largest = |limit| self.groups.largest(Measure::Records, limit, &names);
        let mut values = self.with_prefix(request, &largest(FREQUENT_VALUES));
        let distinct = self.groups.filled().count();
        if values.len() < request.limit
            && distinct > FREQUENT_VALUES
            && !request.wanted.prefix.is_empty()
        {
            values = self.with_prefix(request, &largest(distinct));
        }
        ValueCounts {
            ticket: request.ticket,
            values,
        }
    }

    fn with_prefix(&self, request: &ValuesRequest, slots: &[u32]) -> Vec<(String, u64)> {
        let value = |slot: &u32| {
            let key = self.groups.key(*slot);
            let records = Counts::from(self.groups.sum(*slot)).records;
            (key != Key::Missing).then(|| (key.label(&request.store.catalog, self.field), records))
        };
        let values = slots.iter().filter_map(value);
        values
            .filter(|(label, _)| begins(self.field, label, &request.wanted.prefix))
            .take(request.limit)
            .collect()
    }
}
