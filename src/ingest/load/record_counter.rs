//! Counts plain records by their text, where only their number is asked for: their values are checked and not kept.

use std::sync::Arc;

use crate::ingest::builder::ChunkBuilder;
use crate::ingest::event::Counted;
use crate::ingest::input::LineCounter;
use crate::ingest::text::piece::LineSource;
use crate::ingest::text::vectorized::{self, Irregular, Lines};
use crate::store::{CHUNK_ROWS, Catalog, Layout, LineStyle};

/// Counts records for one thread.
pub(crate) struct RecordCounter {
    counter: Box<dyn LineCounter>,
    /// Converts values only to check them. It never has rows.
    builder: ChunkBuilder,
    /// How many lines the builder has checked.
    checked: usize,
    /// Whether records of the current file may be counted.
    is_allowed: bool,
    counted: Counted,
}

impl RecordCounter {
    pub(crate) fn new(counter: &dyn LineCounter, catalog: Arc<Catalog>) -> Self {
        Self {
            counter: counter.for_thread(),
            builder: ChunkBuilder::new(catalog),
            checked: 0,
            is_allowed: false,
            counted: Counted::default(),
        }
    }

    /// Prepares for lines of a file, whose records may be counted or have to be kept.
    pub(crate) fn begin_file(&mut self, is_allowed: bool) {
        self.is_allowed = is_allowed;
    }

    /// Whether plain lines of `layout` are counted.
    pub(crate) fn applies(&self, source: LineSource, layout: &Layout) -> bool {
        // The line of a record from another source is formatted from its values and may differ from the text that was
        // read. Columns that are no fields may name the flow log of a record.
        self.is_allowed
            && source == LineSource::Text
            && layout.style == LineStyle::Words
            && layout.fields.iter().all(|field| field.def().is_some())
    }

    /// Whether `lines` can be counted. Those that are not plain come back in `irregular`.
    pub(crate) fn check(
        &mut self,
        lines: Lines<'_>,
        layout: &Arc<Layout>,
        irregular: &mut Irregular,
    ) -> bool {
        if vectorized::has_shortened_account(lines, layout) {
            return false;
        }
        // Its index of IPv6 addresses grows until the builder is replaced.
        if self.checked >= CHUNK_ROWS {
            self.builder = ChunkBuilder::new(Arc::clone(self.builder.catalog()));
            self.checked = 0;
        }
        self.checked += lines.count;
        self.builder.bind(layout);
        vectorized::convert_values(lines, layout, &mut self.builder, irregular);
        self.builder.discard();
        true
    }

    /// Counts `lines`, all of which are plain.
    pub(crate) fn count(&mut self, lines: Lines<'_>) {
        self.counted.records += lines.count as u64;
        self.counted.matching += self.counter.count(lines.text());
    }

    /// What has been counted since this was last called.
    pub(crate) fn take(&mut self) -> Counted {
        std::mem::take(&mut self.counted)
    }
}
