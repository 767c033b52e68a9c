//! The records in memory: an append-only list of immutable chunks of columns.
//!
//! A [`Store`] is a snapshot: cloning it copies a few pointers, and its readers never wait for a loading thread. A
//! [`RowId`] stays valid as long as the program runs. Reading order (file by file, line by line) is the order of the
//! chunks by [`Chunk::key`].

pub mod assumed;
pub mod bitmap;
pub mod catalog;
pub mod chunk;
pub mod column;
mod computed;
pub mod coverage;
pub mod dictionary;
mod directions;
pub mod inferred_order;
mod interner;
mod odd_times;
mod overlap;
mod problem;
pub mod source;
mod start_order;
#[cfg(test)]
pub(crate) mod tests;
mod value_index;

use std::collections::HashMap;
use std::sync::Arc;

pub use assumed::{Assumed, AssumedKind, Assumption};
pub use bitmap::Bitmap;
pub use catalog::Catalog;
pub use chunk::{CHUNK_ROWS, Cell, Chunk, Run};
pub use column::{Addresses, Column, Integers, Values, Wide};
pub(crate) use computed::{Computed, EXPORTED_FILES, address};
pub use coverage::{FolderValue, SkippedColumn};
pub use dictionary::{Dictionaries, Dictionary, decoded};
pub(crate) use directions::Directions;
pub use inferred_order::{InferredColumn, InferredOrder};
pub(crate) use interner::{Interner, PREFETCHED};
pub use odd_times::OddTimes;
pub use overlap::Overlap;
pub use problem::ReadProblem;
pub use source::{
    Compression, Layout, LineCounts, LineStyle, MissingPath, Reject, RejectReason, Rejects, Source,
    Status,
};
pub(crate) use value_index::{IndexedValue, IndexedValues, NumberedValue, Numbering, ValueIndex};

use crate::schema::{FieldId, id};

/// A row, valid as long as the program runs: its index in the order in which chunks were published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowId(pub u32);

/// The index of a source, and a line of it counted from 1. Ordered as files are read.
pub type SourcePosition = (u32, u64);

/// A snapshot of everything loaded so far.
#[derive(Clone, Debug, Default)]
pub struct Store {
    /// The shared names.
    pub catalog: Arc<Catalog>,
    chunks: Arc<Vec<Arc<Chunk>>>,
    bases: Arc<Vec<u32>>,
    reading: Arc<Vec<u32>>,
    /// Where each field was met first: the position of the line, and the place in its layout.
    fields: Arc<HashMap<FieldId, (SourcePosition, usize)>>,
    rows: u32,
    span: Option<(u64, u64)>,
    /// The span of the records whose times are not odd.
    usual_span: Option<(u64, u64)>,
    odd_times: OddTimes,
    sources: Arc<Vec<Source>>,
    rejects: Arc<Rejects>,
    overlaps: Arc<Vec<Overlap>>,
}

impl Store {
    /// An empty store of `sources`, which are about to be read with `catalog`.
    pub fn new(catalog: Arc<Catalog>, sources: Vec<Source>) -> Self {
        Self {
            catalog,
            sources: Arc::new(sources),
            ..Self::default()
        }
    }

    /// Adds a chunk.
    ///
    /// # Panics
    ///
    /// When there are more than 2³² rows, or chunks.
    pub fn push(&mut self, chunk: Arc<Chunk>) {
        let index = u32::try_from(self.chunks.len()).expect("fewer chunks than rows");
        let at = self
            .reading
            .partition_point(|&other| self.chunks[other as usize].key() <= chunk.key());
        Arc::make_mut(&mut self.reading).insert(at, index);
        Arc::make_mut(&mut self.bases).push(self.rows);
        let rows = u32::try_from(chunk.rows()).expect("a chunk is small");
        self.rows = self.rows.checked_add(rows).expect("at most 2^32 rows");
        self.note_layouts(&chunk);
        let wider = |known: Option<(u64, u64)>, span: Option<(u64, u64)>| match (known, span) {
            (Some((a, b)), Some((first, last))) => Some((a.min(first), b.max(last))),
            (known, span) => known.or(span),
        };
        self.span = wider(self.span, chunk.span());
        self.usual_span = wider(self.usual_span, self.odd_times.add(&chunk));
        Arc::make_mut(&mut self.chunks).push(chunk);
    }

    /// Replaces source `index`, and adds its rejects.
    pub fn update_source(&mut self, index: usize, source: Source, rejects: Rejects) {
        let sources = Arc::make_mut(&mut self.sources);
        if sources.len() <= index {
            sources.resize_with(index + 1, Source::default);
        }
        sources[index] = source;
        Self::warn_of_overlaps(sources, &self.overlaps);
        if rejects.count() > 0 {
            Arc::make_mut(&mut self.rejects).append(rejects);
        }
    }

    /// Appends new files.
    pub fn add_sources(&mut self, more: Vec<Source>) {
        Arc::make_mut(&mut self.sources).extend(more);
    }

    /// Notes that source `index` has the bytes of source `first`; its records are there twice, or were left out.
    pub fn note_duplicate(&mut self, index: usize, first: usize, is_dropped: bool) {
        let sources = Arc::make_mut(&mut self.sources);
        // Events that are in both were noticed in whichever was read later.
        let noticed = sources
            .get(index)
            .map_or(0, |source| source.line_counts.duplicates);
        let Some(source) = sources.get_mut(first) else {
            return;
        };
        let (records, path) = (source.line_counts.records, source.path_text().into_owned());
        if !is_dropped && noticed < records {
            let rest = source
                .line_counts
                .duplicates
                .saturating_sub(records - noticed);
            source.line_counts.duplicates = rest;
        }
        let what = if is_dropped {
            "it was skipped"
        } else {
            "its records count twice; `--drop-duplicates` skips it"
        };
        if let Some(source) = sources.get_mut(index) {
            source.line_counts.duplicates = records;
            source
                .warnings
                .push(format!("same bytes as {path}; {what}"));
        }
    }

    /// Notes which interfaces are in several flow logs over the same time.
    pub fn note_overlaps(&mut self, overlaps: Vec<Overlap>) {
        self.overlaps = Arc::new(overlaps);
        let sources: &mut Vec<Source> = Arc::make_mut(&mut self.sources);
        Self::warn_of_overlaps(sources, &self.overlaps);
    }

    fn warn_of_overlaps(sources: &mut [Source], overlaps: &[Overlap]) {
        for overlap in overlaps {
            if let Some(source) = sources.get_mut(overlap.source)
                && !source.warnings.contains(&overlap.message)
            {
                source.warnings.push(overlap.message.clone());
            }
        }
    }

    /// Which interfaces are in several flow logs over the same time.
    pub fn overlaps(&self) -> &[Overlap] {
        &self.overlaps
    }

    /// Drops all rows, but keeps their fields and their span.
    pub fn forget_rows(&mut self) {
        self.chunks = Arc::default();
        self.bases = Arc::default();
        self.reading = Arc::default();
        self.rows = 0;
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows as usize
    }

    /// The chunks, in the order in which they were published: a chunk's index never changes.
    pub fn chunks(&self) -> &[Arc<Chunk>] {
        &self.chunks
    }

    /// The indexes of the chunks in reading order.
    pub fn reading_order(&self) -> &[u32] {
        &self.reading
    }

    /// The row id of the first row of chunk `index`.
    pub fn base(&self, index: usize) -> u32 {
        self.bases[index]
    }

    /// The index of the chunk of `row`, and the row in it.
    ///
    /// # Panics
    ///
    /// When the store has no such row.
    pub fn locate(&self, row: RowId) -> (usize, usize) {
        assert!(row.0 < self.rows, "row {} of {}", row.0, self.rows);
        let chunk = self.bases.partition_point(|base| *base <= row.0) - 1;
        (chunk, (row.0 - self.bases[chunk]) as usize)
    }

    /// The chunk of `row`, and the row in it.
    ///
    /// # Panics
    ///
    /// When the store has no such row.
    pub fn chunk_of(&self, row: RowId) -> (&Arc<Chunk>, usize) {
        let (chunk, offset) = self.locate(row);
        (&self.chunks[chunk], offset)
    }

    /// The value of `field` in `row`; words are still codes. Not for computed fields.
    pub fn cell(&self, row: RowId, field: FieldId) -> Cell {
        let (chunk, offset) = self.chunk_of(row);
        chunk.cell(offset, field)
    }

    /// The number of `field` in `row`, if it has one.
    pub fn number(&self, row: RowId, field: FieldId) -> Option<u64> {
        match self.cell(row, field) {
            Cell::Number(number) => Some(number),
            Cell::Missing | Cell::Word(_) | Cell::Address(_) => None,
        }
    }

    /// The value of `field` in `row` as a flow log prints it; `-` where it is missing. Not for computed fields.
    pub fn cell_text(&self, row: RowId, field: FieldId) -> String {
        let (chunk, offset) = self.chunk_of(row);
        chunk.cell_text(offset, field, &self.catalog.dictionaries)
    }

    /// The line of `row`, exactly as it stood in its file.
    pub fn line_text(&self, row: RowId) -> String {
        let (chunk, offset) = self.chunk_of(row);
        chunk.line_text(offset, &self.catalog.dictionaries)
    }

    /// Index into the sources, and line in that source counted from 1.
    pub fn source_position(&self, row: RowId) -> (usize, u64) {
        let (chunk, offset) = self.chunk_of(row);
        (chunk.run(offset).source as usize, chunk.line(offset))
    }

    /// The path of a file by its number, which [`Chunk::file`] gives.
    pub(crate) fn file_path(&self, file: u64) -> Option<String> {
        if let Some(code) = file.checked_sub(EXPORTED_FILES) {
            let words = self.catalog.dictionaries.of(id::FILE);
            return Some(words.word(u32::try_from(code).ok()?).to_string());
        }
        let source = self.sources.get(usize::try_from(file).ok()?)?;
        Some(source.path_text().into_owned())
    }

    /// The earliest start and the latest end of all rows, in epoch seconds.
    pub fn span(&self) -> Option<(u64, u64)> {
        self.span
    }

    /// As [`Self::span`], without records of another age, unless there are no others.
    pub fn usual_span(&self) -> Option<(u64, u64)> {
        self.usual_span.or(self.span)
    }

    /// How many records have times that cannot be right.
    pub fn odd_times(&self) -> OddTimes {
        self.odd_times
    }

    /// The files.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The lines that could not be read.
    pub fn rejects(&self) -> &Rejects {
        &self.rejects
    }

    /// The account of all lines of the sources that have been read to their end.
    pub fn line_counts(&self) -> LineCounts {
        let mut total = LineCounts::default();
        for source in self.sources.iter() {
            total += source.line_counts;
        }
        total
    }

    /// The fields of the layouts met, in the order of the files, then of the words of a line; then those that only
    /// folders give.
    pub fn fields(&self) -> Vec<FieldId> {
        let mut fields: Vec<_> = self
            .fields
            .iter()
            .filter(|(field, _)| !field.is_computed())
            .collect();
        fields.sort_unstable_by_key(|(_, place)| **place);
        let mut fields: Vec<FieldId> = fields.into_iter().map(|(field, _)| *field).collect();
        for value in self.sources.iter().flat_map(|source| &source.folder_values) {
            if !fields.contains(&value.field) {
                fields.push(value.field);
            }
        }
        fields
    }

    /// Records where the fields of a chunk were met first. A file may change its layout with every line, so layouts are
    /// not compared with one another.
    fn note_layouts(&mut self, chunk: &Chunk) {
        let mut last: Option<&Arc<Layout>> = None;
        for run in chunk.runs() {
            if last.is_some_and(|seen| Arc::ptr_eq(seen, &run.layout)) {
                continue;
            }
            last = Some(&run.layout);
            let position = (run.source, run.line);
            for (index, field) in run.layout.fields.iter().enumerate() {
                let place = (position, index);
                let known = self.fields.get(field);
                if known.is_none_or(|known| place < *known) {
                    Arc::make_mut(&mut self.fields).insert(*field, place);
                }
            }
        }
    }

    /// How many interfaces the rows name.
    pub fn interfaces(&self) -> usize {
        self.catalog.dictionaries.of(id::INTERFACE_ID).len()
    }

    /// Heap size in bytes.
    pub fn memory(&self) -> usize {
        let chunks: usize = self
            .chunks
            .iter()
            .map(|chunk| chunk.memory() + size_of::<Chunk>())
            .sum();
        chunks
            + self.catalog.dictionaries.memory()
            + self.catalog.numberings.memory()
            + self.rejects.memory()
    }
}
