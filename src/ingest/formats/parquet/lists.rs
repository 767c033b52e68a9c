//! Columns whose rows have lists of text, of which the first is read: the addresses on the way of OCSF events.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::schema::types::ColumnDescPtr;

use super::guard::pages::Pages;
use super::guard::panics::guarded;
use super::problem::Problem;
use super::values::{Batch, Cells};

/// How many values of lists the pages may have that one read takes.
const MAX_LIST_VALUES: u64 = 1 << 22;

/// The first words of lists.
pub(super) struct FirstWords {
    reader: ColumnReaderImpl<ByteArrayType>,
    values: Vec<ByteArray>,
    /// For each value, or row without one, a level: `present` where it has a value.
    definition: Vec<i16>,
    present: i16,
    /// For each of them 0 where a row begins.
    repetition: Vec<i16>,
    /// The place of the first value of each row.
    firsts: Vec<Option<usize>>,
    /// What the pages may still have.
    values_left: Arc<AtomicU64>,
}

impl FirstWords {
    pub(super) fn new(column: &ColumnDescPtr, pages: Pages, values_left: Arc<AtomicU64>) -> Self {
        Self {
            reader: ColumnReaderImpl::new(Arc::clone(column), Box::new(pages)),
            values: Vec::new(),
            definition: Vec::new(),
            present: column.max_def_level(),
            repetition: Vec::new(),
            firsts: Vec::new(),
            values_left,
        }
    }
}

impl Cells for FirstWords {
    fn read(&mut self, rows: usize) -> Result<usize, Problem> {
        self.values.clear();
        self.definition.clear();
        self.repetition.clear();
        self.firsts.clear();
        self.values_left.store(MAX_LIST_VALUES, Ordering::Relaxed);
        let (reader, values) = (&mut self.reader, &mut self.values);
        let (definition, repetition) = (&mut self.definition, &mut self.repetition);
        let (read, ..) =
            guarded(|| reader.read_records(rows, Some(definition), Some(repetition), values))??;
        let mut next = 0;
        for (definition, repetition) in self.definition.iter().zip(&self.repetition) {
            if *repetition == 0 {
                self.firsts.push(None);
            }
            if *definition == self.present {
                if let Some(first) = self.firsts.last_mut() {
                    first.get_or_insert(next);
                }
                next += 1;
            }
        }
        Ok(read.min(self.firsts.len()))
    }

    fn is_text(&self) -> bool {
        true
    }

    fn fill(&mut self, rows: Range<usize>, _: usize, batch: &mut Batch<'_>) {
        batch.irregular.extend(rows);
    }

    fn word(&mut self, row: usize) -> Option<Cow<'_, [u8]>> {
        let first = self.firsts.get(row).copied().flatten()?;
        self.values
            .get(first)
            .map(|word| Cow::Borrowed(word.data()))
    }
}
