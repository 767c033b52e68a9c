//! `flowdeck query --count` with a filter on the text of lines: plain records are counted while they are read.

use std::sync::Arc;

use super::Query;
use crate::cli::answer;
use crate::cli::failure::Outcome;
use crate::cli::filter;
use crate::cli::interrupt::Interrupt;
use crate::cli::load;
use crate::cli::output::Destination;
use crate::ingest::LineCounter;
use crate::query::{Expression, TextFilter};

/// A count that needs nothing but the text of lines.
pub(super) struct TextCount {
    expression: Arc<Expression>,
    filter: TextFilter,
}

#[derive(Debug)]
struct Counter(TextFilter);

impl LineCounter for Counter {
    fn for_thread(&self) -> Box<dyn LineCounter> {
        Box::new(Self(self.0.clone()))
    }

    fn count(&mut self, lines: &[u8]) -> u64 {
        self.0.count(lines)
    }
}

impl Query {
    /// The count, if it needs nothing but the text of lines.
    pub(super) fn text_count(&self) -> Option<TextCount> {
        // Columns are checked, although they are not printed.
        if !self.columns.is_empty() || !self.sort.is_empty() {
            return None;
        }
        let (expression, filter) = filter::text_filter(&self.reading)?;
        Some(TextCount { expression, filter })
    }
}

impl TextCount {
    pub(super) fn run(
        self,
        query: &Query,
        destination: &Destination,
        interrupt: &Interrupt,
    ) -> Outcome {
        let counter: Arc<dyn LineCounter> = Arc::new(Counter(self.filter));
        let (reading, reporting) = (&query.reading, query.reporting);
        let loaded = load::read_counting(reading, reporting, Some(counter), interrupt)?;
        destination.refuse_input(loaded.store.sources())?;
        // For what there is to say about them.
        filter::saved(reading)?;
        // The records that had to be kept.
        let answer = answer::answer_to(Some(self.expression), &loaded.store, reading.jobs);
        let count = loaded.counted.matching + answer.selection.len() as u64;
        destination.write(interrupt, |out| writeln!(out, "{count}"))?;
        Ok(loaded.verdict(count > 0))
    }
}
