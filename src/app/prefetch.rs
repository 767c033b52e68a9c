//! Prefetching: the answers to the most frequent filters are prepared before they are typed.

#[cfg(test)]
mod tests;

use super::{App, Cmd};
use crate::engine::PrefetchRequest;
use crate::query::{self, Context};
use crate::schema::id;

/// The most frequent filters. They select so many records that preparing their answers takes longest.
const FILTERS: [&str; 2] = ["action == REJECT", "action == ACCEPT"];

impl App {
    /// Requests that answers be prepared once all records have been loaded and are shown without a filter, and again
    /// if the panes show something else of them.
    pub(super) fn prefetch(&mut self, cmds: &mut Vec<Cmd>) {
        if self.load.is_running() || self.load.is_live {
            return;
        }
        let Some((ticket, question)) = self.results.take_unprefetched() else {
            return;
        };
        let fields = self.store.fields();
        if !fields.contains(&id::ACTION) {
            return;
        }
        let context = Context::of(&self.store, &fields);
        let filters = FILTERS.iter();
        let filters = filters.filter_map(|text| query::compile(text, &context).expression);
        cmds.push(Cmd::Prefetch(Box::new(PrefetchRequest {
            ticket,
            store: self.store.clone(),
            question,
            filters: filters.collect(),
        })));
    }
}
