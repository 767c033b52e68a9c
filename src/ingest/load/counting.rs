//! Counts plain records by their text, where only their number is asked for: their values are checked and not kept.

use std::sync::Arc;

use crate::ingest::builder::ChunkBuilder;
use crate::ingest::event::Counted;
use crate::ingest::input::LineCounter;
use crate::ingest::text::piece::LineSource;
use crate::ingest::text::vectorized::{self, Irregular, Lines};
use crate::store::{CHUNK_ROWS, Catalog, Layout, LineStyle};

/// What one thread counts records with.
pub(crate) struct Counting {
    counter: Box<dyn LineCounter>,
    /// Takes the values while they are checked. It never has rows.
    builder: ChunkBuilder,
    /// How many lines it has checked.
    checked: usize,
    /// Whether the records of the current file need not be kept.
    pub(crate) is_allowed: bool,
    counted: Counted,
}

impl Counting {
    pub(crate) fn new(counter: &dyn LineCounter, catalog: Arc<Catalog>) -> Self {
        Self {
            counter: counter.for_thread(),
            builder: ChunkBuilder::new(catalog),
            checked: 0,
            is_allowed: false,
            counted: Counted::default(),
        }
    }

    /// Whether lines of a block are counted where they are plain.
    pub(crate) fn applies(&self, source: LineSource, layout: &Layout) -> bool {
        // The text of other lines is written anew from their values, and columns of other names may tell flow logs apart.
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
        // The builder remembers IPv6 addresses.
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
