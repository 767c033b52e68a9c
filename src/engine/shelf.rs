//! The filters that are remembered: going back to one costs nothing, and new ones build on them.

use std::cmp::Reverse;
use std::sync::Arc;

use super::listing::Listed;
use super::pass::Settings;
use super::workbench::Workbench;
use super::{Answer, Listing, Request, Wish};
use crate::query::Expression;
use crate::store::Store;

/// The most filters that are remembered.
const FILTERS: usize = 16;

/// What is known of the filters asked for last.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    /// The one used last is last.
    benches: Vec<Workbench>,
    listed: Option<Listed>,
}

impl Shelf {
    /// Answers `request`, building on what is there. First parts go to `publish`; none when superseded.
    pub(super) fn answer(
        &mut self,
        request: &Request,
        settings: &Settings,
        superseded: &(dyn Fn() -> bool + Sync),
        publish: &mut dyn FnMut(Answer),
    ) -> Option<Answer> {
        let mut bench = self.take(request.question.filter.as_ref(), &request.store);
        let others = &self.benches[..];
        let answer = bench.answer(request, settings, superseded, (others, publish));
        self.benches.push(bench);
        self.forget(settings.memory.saturating_add(request.store.memory() / 2));
        answer
    }

    /// Lists the values that `wish` asks for, building on what is there; none when superseded.
    pub(super) fn list(
        &mut self,
        wish: &Wish,
        settings: &Settings,
        superseded: &(dyn Fn() -> bool + Sync),
    ) -> Option<Listing> {
        let known = self.listed.as_ref();
        if !known.is_some_and(|listed| listed.is_of(wish)) {
            let mut bench = self.take(wish.wanted.rest.as_ref(), &wish.store);
            let others = &self.benches[..];
            let listed = Listed::new(wish, settings, superseded, (&mut bench, others));
            self.benches.push(bench);
            self.forget(settings.memory.saturating_add(wish.store.memory() / 2));
            self.listed = Some(listed?);
        }
        Some(self.listed.as_ref()?.answer(wish))
    }

    /// What is known of a filter, taken down to be worked on.
    fn take(&mut self, filter: Option<&Arc<Expression>>, store: &Store) -> Workbench {
        self.benches.retain(|bench| bench.holds(store));
        let mut known = self.benches.iter();
        match known.position(|bench| bench.filter.as_ref() == filter) {
            Some(place) => self.benches.remove(place),
            None => Workbench::new(filter.cloned()),
        }
    }

    /// The filters that are remembered.
    #[cfg(test)]
    pub(super) fn filters(&self) -> Vec<Option<Arc<Expression>>> {
        self.benches
            .iter()
            .map(|bench| bench.filter.clone())
            .collect()
    }

    /// Forgets the filters used longest ago, until the others are few and take at most `memory` bytes beside
    /// the one in force. That of all records stays: every other one can build on it.
    fn forget(&mut self, memory: usize) {
        let kept = self.benches.len().saturating_sub(1);
        let mut memory = memory;
        let mut left = FILTERS;
        let mut keep = vec![true; self.benches.len()];
        let others = self.benches.iter().enumerate().take(kept);
        let mut others: Vec<(usize, &Workbench)> = others.collect();
        others.sort_by_key(|(place, bench)| (bench.filter.is_some(), Reverse(*place)));
        for (place, bench) in others {
            let fits = left > 0 && bench.memory() <= memory;
            keep[place] = fits || bench.filter.is_none();
            if keep[place] {
                memory = memory.saturating_sub(bench.memory());
                left -= 1;
            }
        }
        let mut keep = keep.into_iter();
        self.benches.retain(|_| keep.next().unwrap_or(true));
    }
}
