//! `flowdeck query --count` with a filter on the text of lines: plain records are counted while they are read.

use std::sync::Arc;

use super::Query;
use crate::cli::filter;
use crate::ingest::LineCounter;
use crate::query::TextFilter;

#[derive(Debug)]
struct Counter(TextFilter);

impl LineCounter for Counter {
    fn for_thread(&self) -> Box<dyn LineCounter> {
        Box::new(Self(self.0.clone()))
    }

    fn count(&self, lines: &[u8]) -> u64 {
        self.0.count(lines)
    }
}

impl Query {
    /// What counts matching records by their lines, if nothing else of them is needed.
    pub(super) fn counter(&self) -> Option<Arc<dyn LineCounter>> {
        // Columns are checked, although they are not printed.
        if !self.count || !self.columns.is_empty() || !self.sort.is_empty() {
            return None;
        }
        Some(Arc::new(Counter(filter::text_filter(&self.reading)?)))
    }
}
