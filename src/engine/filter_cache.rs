//! The filters used last, with what was found out about each: going back to one costs nothing, and new ones build
//! on them.

use std::cmp::Reverse;
use std::sync::Arc;

use super::filter_state::{Context, FilterState};
use super::pass::Settings;
use super::value_counts::GroupedValues;
use super::{Answer, PrefetchRequest, Question, Request, ValueCounts, ValuesRequest};
use crate::query::Expression;
use crate::store::Store;

/// The most filters that are kept besides the current one.
const MAX_FILTERS: usize = 16;

#[derive(Debug, Default)]
pub(super) struct FilterCache {
    /// In order of use, the newest last.
    states: Vec<FilterState>,
    /// The groups whose values were requested last.
    values: Option<GroupedValues>,
}

impl FilterCache {
    /// Answers `request` from what is known and what is still missing. Partial answers go to `publish`; none when
    /// superseded.
    pub(super) fn answer(
        &mut self,
        request: &Request,
        settings: &Settings,
        superseded: &(dyn Fn() -> bool + Sync),
        publish: &mut dyn FnMut(Answer),
    ) -> Option<Answer> {
        let mut state = self.take(request.question.filter.as_ref(), &request.store);
        let context = Context {
            settings,
            superseded,
            others: &self.states,
        };
        let answer = state.answer(request, context, publish);
        let place = self.states.len();
        self.put_back(state, place, &request.store, settings);
        answer
    }

    /// Finds out what answering the filters of `request` needs; returns false when superseded. The filter used last
    /// remains the last.
    pub(super) fn prefetch(
        &mut self,
        request: &PrefetchRequest,
        settings: &Settings,
        superseded: &(dyn Fn() -> bool + Sync),
    ) -> bool {
        let settings = &Settings {
            patience: None,
            ..settings.clone()
        };
        for state in &mut self.states {
            let filter = state.filter.as_ref();
            state.is_likely = filter.is_some_and(|filter| request.filters.contains(filter));
        }
        request.filters.iter().all(|filter| {
            let request = Request {
                ticket: request.ticket,
                store: request.store.clone(),
                question: Question {
                    filter: Some(Arc::clone(filter)),
                    ..request.question.clone()
                },
                anchor: None,
            };
            let mut state = self.take(request.question.filter.as_ref(), &request.store);
            state.is_likely = true;
            let context = Context {
                settings,
                superseded,
                others: &self.states,
            };
            let answer = state.answer(&request, context, &mut |_| {});
            let place = self.states.len().saturating_sub(1);
            self.put_back(state, place, &request.store, settings);
            answer.is_some()
        })
    }

    /// Counts the values that `request` asks for; none when superseded.
    pub(super) fn values(
        &mut self,
        request: &ValuesRequest,
        settings: &Settings,
        superseded: &(dyn Fn() -> bool + Sync),
    ) -> Option<ValueCounts> {
        let known = self.values.as_ref();
        if !known.is_some_and(|values| values.is_for(request)) {
            let mut state = self.take(request.wanted.rest.as_ref(), &request.store);
            let context = Context {
                settings,
                superseded,
                others: &self.states,
            };
            let values = GroupedValues::new(request, &mut state, context);
            let place = self.states.len();
            self.put_back(state, place, &request.store, settings);
            self.values = Some(values?);
        }
        Some(self.values.as_ref()?.most_frequent(request))
    }

    /// Takes the state of a filter out, or makes a new one; forgets states of other stores.
    fn take(&mut self, filter: Option<&Arc<Expression>>, store: &Store) -> FilterState {
        self.states.retain(|state| state.holds_for(store));
        let mut known = self.states.iter();
        match known.position(|state| state.filter.as_ref() == filter) {
            Some(place) => self.states.remove(place),
            None => FilterState::new(filter.cloned()),
        }
    }

    /// Inserts `state` at `place`, and drops what has become too much.
    fn put_back(&mut self, state: FilterState, place: usize, store: &Store, settings: &Settings) {
        self.states.insert(place, state);
        let records = store.memory();
        let most = settings.cache_bytes.saturating_add(records / 2);
        // What is left is mostly for the answers themselves.
        let left = (settings.memory_left)(records).map(|left| left / 3);
        let left = left.and_then(|left| usize::try_from(left).ok());
        self.evict(left.map_or(most, |left| left.min(most)));
    }

    #[cfg(test)]
    pub(super) fn filters(&self) -> Vec<Option<Arc<Expression>>> {
        self.states
            .iter()
            .map(|state| state.filter.clone())
            .collect()
    }

    /// Drops the filters used longest ago until the rest are few enough and take at most `memory` bytes besides the
    /// current one. The state without a filter is kept: every other one can build on it. Likely filters are kept as
    /// long as memory allows, even if others are used.
    fn evict(&mut self, memory: usize) {
        let others = self.states.len().saturating_sub(1);
        let mut memory = memory;
        let mut places_left = MAX_FILTERS;
        let mut keep = vec![true; self.states.len()];
        let others = self.states.iter().enumerate().take(others);
        let mut others: Vec<(usize, &FilterState)> = others.collect();
        others.sort_by_key(|(place, state)| {
            (state.filter.is_some(), !state.is_likely, Reverse(*place))
        });
        for (place, state) in others {
            let has_place = state.is_likely || places_left > 0;
            let fits = has_place && state.memory() <= memory;
            keep[place] = fits || state.filter.is_none();
            if keep[place] {
                memory = memory.saturating_sub(state.memory());
                places_left -= usize::from(!state.is_likely);
            }
        }
        let mut keep = keep.into_iter();
        self.states.retain(|_| keep.next().unwrap_or(true));
    }
}
