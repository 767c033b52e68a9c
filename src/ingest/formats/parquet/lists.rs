//! Columns whose rows have lists of text: the addresses on the way of OCSF events, of which the first is read, and the keys
//! and values of maps.

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

/// The pages of a column of lists, and how many values of lists they may still have.
pub(super) struct ListPages {
    pub(super) pages: Pages,
    pub(super) values_left: Arc<AtomicU64>,
}

/// Lists of text.
pub(super) struct Lists {
    reader: ColumnReaderImpl<ByteArrayType>,
    values: Vec<ByteArray>,
    /// For each value, or row without one, a level: `present` where it has a value.
    definition: Vec<i16>,
    present: i16,
    /// For each of them 0 where a row begins.
    repetition: Vec<i16>,
    values_left: Arc<AtomicU64>,
}

/// An entry of a list, or a row without one.
#[derive(Clone, Copy)]
pub(super) struct ListEntry {
    /// Whether a row begins with it.
    pub(super) is_first: bool,
    /// The place of its value.
    pub(super) value: Option<usize>,
}

impl Lists {
    pub(super) fn new(column: &ColumnDescPtr, pages: ListPages) -> Self {
        Self {
            reader: ColumnReaderImpl::new(Arc::clone(column), Box::new(pages.pages)),
            values: Vec::new(),
            definition: Vec::new(),
            present: column.max_def_level(),
            repetition: Vec::new(),
            values_left: pages.values_left,
        }
    }

    /// Reads the next rows, and says how many there were.
    pub(super) fn read(&mut self, rows: usize) -> Result<usize, Problem> {
        self.values.clear();
        self.definition.clear();
        self.repetition.clear();
        self.values_left.store(MAX_LIST_VALUES, Ordering::Relaxed);
        let (reader, values) = (&mut self.reader, &mut self.values);
        let (definition, repetition) = (&mut self.definition, &mut self.repetition);
        let (read, ..) =
            guarded(|| reader.read_records(rows, Some(definition), Some(repetition), values))??;
        Ok(read)
    }

    /// The entries that were read last.
    pub(super) fn entries(&self) -> impl Iterator<Item = ListEntry> {
        let mut next = 0;
        let levels = self.definition.iter().zip(&self.repetition);
        levels.map(move |(definition, repetition)| {
            let is_present = *definition == self.present;
            let value = is_present.then_some(next);
            next += usize::from(is_present);
            ListEntry {
                is_first: *repetition == 0,
                value,
            }
        })
    }

    /// The value at a place.
    pub(super) fn value(&self, at: usize) -> Option<&[u8]> {
        self.values.get(at).map(ByteArray::data)
    }
}

/// The first words of lists.
pub(super) struct FirstWords {
    lists: Lists,
    /// The place of the first value of each row.
    firsts: Vec<Option<usize>>,
    /// Whether a row has more of them.
    has_several: bool,
}

impl FirstWords {
    pub(super) fn new(column: &ColumnDescPtr, pages: ListPages) -> Self {
        Self {
            lists: Lists::new(column, pages),
            firsts: Vec::new(),
            has_several: false,
        }
    }
}

impl Cells for FirstWords {
    fn read(&mut self, rows: usize) -> Result<usize, Problem> {
        self.firsts.clear();
        self.has_several = false;
        let read = self.lists.read(rows)?;
        for entry in self.lists.entries() {
            if entry.is_first {
                self.firsts.push(None);
            }
            if let (Some(value), Some(first)) = (entry.value, self.firsts.last_mut()) {
                self.has_several |= first.is_some();
                first.get_or_insert(value);
            }
        }
        Ok(read.min(self.firsts.len()))
    }

    fn has_several(&self) -> bool {
        self.has_several
    }

    fn fill(&mut self, rows: Range<usize>, _: usize, batch: &mut Batch<'_>) {
        batch.irregular.extend(rows);
    }

    fn word(&mut self, row: usize) -> Option<Cow<'_, [u8]>> {
        let first = self.firsts.get(row).copied().flatten()?;
        self.lists.value(first).map(Cow::Borrowed)
    }
}
