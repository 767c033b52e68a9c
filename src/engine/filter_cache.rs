//! The filters that are remembered: going back to one costs nothing, and new ones build on them.

use std::cmp::Reverse;
use std::sync::Arc;

use super::filter_state::FilterState;
use super::pass::Settings;
use super::value_counts::GroupedValues;
use super::{Answer, Request, ValueCounts, ValuesRequest};
use crate::query::Expression;
use crate::store::Store;

/// The most filters that are remembered.
const FILTERS: usize = 16;

/// What is known of the filters asked for last.
#[derive(Debug, Default)]
pub(super) struct FilterCache {
    /// The one used last is last.
    states: Vec<FilterState>,
    listed: Option<GroupedValues>,
}

impl FilterCache {
    /// Answers `request`, building on what is there. First parts go to `publish`; none when superseded.
    pub(super) fn answer(
        &mut self,
        request: &Request,
        settings: &Settings,
        superseded: &(dyn Fn() -> bool + Sync),
        publish: &mut dyn FnMut(Answer),
    ) -> Option<Answer> {
        let mut state = self.take(request.question.filter.as_ref(), &request.store);
        let others = &self.states[..];
        let answer = state.answer(request, settings, superseded, (others, publish));
        self.states.push(state);
        self.forget(settings.memory.saturating_add(request.store.memory() / 2));
        answer
    }

    /// Lists the values that `request` asks for, building on what is there; none when superseded.
    pub(super) fn values(
        &mut self,
        request: &ValuesRequest,
        settings: &Settings,
        superseded: &(dyn Fn() -> bool + Sync),
    ) -> Option<ValueCounts> {
        let known = self.listed.as_ref();
        if !known.is_some_and(|listed| listed.is_of(request)) {
            let mut state = self.take(request.wanted.rest.as_ref(), &request.store);
            let others = &self.states[..];
            let listed = GroupedValues::new(request, settings, superseded, (&mut state, others));
            self.states.push(state);
            self.forget(settings.memory.saturating_add(request.store.memory() / 2));
            self.listed = Some(listed?);
        }
        Some(self.listed.as_ref()?.answer(request))
    }

    /// What is known of a filter, taken down to be worked on.
    fn take(&mut self, filter: Option<&Arc<Expression>>, store: &Store) -> FilterState {
        self.states.retain(|state| state.holds(store));
        let mut known = self.states.iter();
        match known.position(|state| state.filter.as_ref() == filter) {
            Some(place) => self.states.remove(place),
            None => FilterState::new(filter.cloned()),
        }
    }

    /// The filters that are remembered.
    #[cfg(test)]
    pub(super) fn filters(&self) -> Vec<Option<Arc<Expression>>> {
        self.states
            .iter()
            .map(|state| state.filter.clone())
            .collect()
    }

    /// Forgets the filters used longest ago, until the others are few and take at most `memory` bytes beside
    /// the one in force. That of all records stays: every other one can build on it.
    fn forget(&mut self, memory: usize) {
        let kept = self.states.len().saturating_sub(1);
        let mut memory = memory;
        let mut left = FILTERS;
        let mut keep = vec![true; self.states.len()];
        let others = self.states.iter().enumerate().take(kept);
        let mut others: Vec<(usize, &FilterState)> = others.collect();
        others.sort_by_key(|(place, state)| (state.filter.is_some(), Reverse(*place)));
        for (place, state) in others {
            let fits = left > 0 && state.memory() <= memory;
            keep[place] = fits || state.filter.is_none();
            if keep[place] {
                memory = memory.saturating_sub(state.memory());
                left -= 1;
            }
        }
        let mut keep = keep.into_iter();
        self.states.retain(|_| keep.next().unwrap_or(true));
    }
}
