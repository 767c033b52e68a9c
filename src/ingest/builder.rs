//! Collects records into the columns of a chunk.

pub(crate) mod column;
pub(crate) mod word_cache;

use std::sync::Arc;

use crate::ingest::text::parse::Record;
use crate::ingest::text::value;
use crate::ingest::text::zone::InputZone;
use crate::schema::{Address, FieldId, Storage, Value, id};
use crate::store::{CHUNK_ROWS, Catalog, Chunk, Directions, FolderValue, Layout, Run};
use column::ColumnBuilder;
use word_cache::WordCache;

/// The most bytes of kept lines with which a chunk goes on.
const MOST_ORIGINALS: usize = 16 << 20;

/// The most columns for which room for a whole chunk is reserved, so that none is copied while it grows. Pages that are not
/// used take no memory.
const MAX_ROOMY_COLUMNS: usize = 64;

/// How many rows have to be added at once for their values to be measured at once, while they are still in the L1 cache.
const MIN_MEASURED_ROWS: usize = 64;

/// The chunk that a thread is building. It is used again for the next one.
#[derive(Debug)]
pub(crate) struct ChunkBuilder {
    catalog: Arc<Catalog>,
    rows: usize,
    columns: Vec<ColumnBuilder>,
    /// The index of the column of each field of the bound layout.
    places: Vec<usize>,
    layout: Option<Arc<Layout>>,
    /// What the folders of the current file give to fields that a layout lacks.
    folder_values: Vec<(FieldId, Constant)>,
    /// Those of the bound layout, by the indexes of their columns.
    constants: Vec<(usize, Constant)>,
    runs: Vec<Run>,
    originals: Vec<(u32, Box<str>)>,
    /// The bytes of these.
    kept: usize,
    words: Vec<Option<WordCache>>,
}

/// A value that many rows have.
#[derive(Clone, Copy, Debug)]
enum Constant {
    Missing,
    Number(u64),
    Address(Address),
    /// The code of a word.
    Word(u32),
}

/// Where records come from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    /// An index into the sources.
    pub(crate) source: u32,
    /// The line of the first of them, counted from 1.
    pub(crate) line: u64,
}

impl ChunkBuilder {
    /// Without rows.
    pub(crate) fn new(catalog: Arc<Catalog>) -> Self {
        Self {
            catalog,
            rows: 0,
            columns: Vec::new(),
            places: Vec::new(),
            layout: None,
            folder_values: Vec::new(),
            constants: Vec::new(),
            runs: Vec::new(),
            originals: Vec::new(),
            kept: 0,
            words: Vec::new(),
        }
    }

    /// The names and words that it uses.
    pub(crate) fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    /// How many rows there are.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// How many more there may be.
    pub(crate) fn room(&self) -> usize {
        if self.kept >= MOST_ORIGINALS {
            return 0;
        }
        CHUNK_ROWS - self.rows
    }

    /// Approximate heap size in bytes.
    pub(crate) fn memory(&self) -> usize {
        self.kept + self.rows * self.columns.len() * size_of::<u32>()
    }

    /// Makes the columns of `layout` ready for the next rows.
    pub(crate) fn bind(&mut self, layout: &Arc<Layout>) {
        if self
            .layout
            .as_ref()
            .is_some_and(|bound| Arc::ptr_eq(bound, layout))
        {
            return;
        }
        self.layout = None;
        self.places.clear();
        self.constants.clear();
        for field in &layout.fields {
            let place = self.place(*field);
            self.places.push(place);
            if field.storage() == Storage::Word {
                self.words_of(*field);
            }
        }
        for index in 0..self.folder_values.len() {
            let (field, constant) = self.folder_values[index];
            if !layout.fields.contains(&field) {
                let place = self.place(field);
                self.constants.push((place, constant));
            }
        }
        if self.columns.len() <= MAX_ROOMY_COLUMNS {
            for column in &mut self.columns {
                column.values.reserve(CHUNK_ROWS - column.values.len());
            }
        }
        self.layout = Some(Arc::clone(layout));
    }

    /// The index of the column of `field`, which has all rows so far.
    fn place(&mut self, field: FieldId) -> usize {
        let known = self.columns.iter().position(|column| column.field == field);
        let place = known.unwrap_or_else(|| {
            self.columns.push(ColumnBuilder::new(field, self.rows));
            self.columns.len() - 1
        });
        self.columns[place].pad(self.rows);
        place
    }

    fn words_of(&mut self, field: FieldId) -> &mut WordCache {
        let index = field.index();
        if self.words.len() <= index {
            self.words.resize_with(index + 1, || None);
        }
        self.words[index].get_or_insert_with(|| WordCache::new(&self.catalog, field))
    }

    /// Makes `values` those that the folders of the next rows give.
    pub(crate) fn set_folder_values(&mut self, values: &[FolderValue]) {
        if values.is_empty() && self.folder_values.is_empty() {
            return;
        }
        self.layout = None;
        self.folder_values.clear();
        for FolderValue { field, word } in values {
            let word = word.as_deref().unwrap_or_default();
            let read = value::read_loosely(*field, word, InputZone::Assumed);
            let constant = match read {
                None | Some((Value::Missing, _)) => Constant::Missing,
                Some((Value::Number(number), _)) => Constant::Number(number),
                Some((Value::Address(address), _)) => Constant::Address(address),
                Some((Value::Word(word), _)) => Constant::Word(self.words_of(*field).code_of(word)),
            };
            self.folder_values.push((*field, constant));
        }
    }

    /// The column of the field at `position` of the bound layout.
    pub(crate) fn column(&mut self, position: usize) -> &mut ColumnBuilder {
        &mut self.columns[self.places[position]]
    }

    /// The column of the text field at `position` of the bound layout, and the words known of it.
    pub(crate) fn word_column(&mut self, position: usize) -> (&mut ColumnBuilder, &mut WordCache) {
        let column = &mut self.columns[self.places[position]];
        let words = self.words[column.field.index()].as_mut();
        (column, words.expect("bound with its column"))
    }

    /// The fields of the bound layout in whose rows that were not added yet an account lost digits, each with one.
    pub(crate) fn shortened(&self) -> impl Iterator<Item = (FieldId, &str)> {
        self.places.iter().filter_map(|place| {
            let column = &self.columns[*place];
            let words = self.words.get(column.field.index())?.as_ref()?;
            let known = words.shortened();
            if known.is_empty() {
                return None;
            }
            let mut rows = column.present(self.rows);
            let word = rows.find_map(|code| known.get(&code))?;
            Some((column.field, &**word))
        })
    }

    /// Takes back rows that were put into columns and not added.
    pub(crate) fn discard(&mut self) {
        for place in &self.places {
            self.columns[*place].truncate(self.rows);
        }
        let rows = self.rows;
        self.originals.retain(|(row, _)| (*row as usize) < rows);
        self.kept = self.originals.iter().map(|(_, text)| text.len()).sum();
    }

    /// Adds `rows` rows that were put into the columns of the bound layout.
    #[expect(clippy::cast_possible_truncation, reason = "a chunk has 65,536 rows")]
    pub(crate) fn add(&mut self, rows: usize, origin: Origin) {
        let layout = self.layout.as_ref().expect("rows are added under a layout");
        let follows = self.runs.last().is_some_and(|run| {
            run.source == origin.source
                && run.line + (self.rows as u64 - u64::from(run.row)) == origin.line
                && Arc::ptr_eq(&run.layout, layout)
        });
        if !follows {
            self.runs.push(Run {
                row: self.rows as u32,
                source: origin.source,
                line: origin.line,
                layout: Arc::clone(layout),
            });
        }
        for (place, constant) in &self.constants {
            let column = &mut self.columns[*place];
            for _ in 0..rows {
                match *constant {
                    Constant::Missing => column.push_absent(),
                    Constant::Number(number) => column.push_number(number),
                    Constant::Address(address) => column.push_address(address),
                    Constant::Word(code) => column.values.push(code),
                }
            }
        }
        self.rows += rows;
        if rows >= MIN_MEASURED_ROWS {
            for place in &self.places {
                self.columns[*place].measure();
            }
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a chunk has 65,536 rows")]
    pub(crate) fn push(&mut self, record: &Record<'_>, origin: Origin) {
        for (position, value) in record.values.iter().enumerate() {
            match value {
                Value::Missing => self.column(position).push_absent(),
                Value::Number(number) => self.column(position).push_number(*number),
                Value::Address(address) => self.column(position).push_address(*address),
                Value::Word(word) => {
                    let (column, words) = self.word_column(position);
                    column.values.push(words.code_of(word));
                }
            }
        }
        if let Some(text) = &record.original {
            self.kept += text.len();
            self.originals
                .push((self.rows as u32, text.as_ref().into()));
        }
        self.add(1, origin);
    }

    /// The finished chunk, if there are rows. The builder is empty after that.
    pub(crate) fn finish(&mut self) -> Option<Chunk> {
        if self.rows == 0 {
            return None;
        }
        let rows = std::mem::take(&mut self.rows);
        let mut columns = Vec::with_capacity(self.columns.len());
        for staged in &mut self.columns {
            staged.pad(rows);
        }
        let may_be_reversed = self.may_be_reversed();
        for staged in &mut self.columns {
            if let Some(column) = staged.finish() {
                columns.push((staged.field, column));
            }
        }
        columns.sort_unstable_by_key(|(field, _)| *field);
        // Columns of earlier layouts would be filled up for nothing from now on.
        if self.columns.len() > self.places.len() + self.constants.len() {
            self.columns.clear();
            self.layout = None;
        }
        let mut runs = std::mem::take(&mut self.runs);
        let mut originals = std::mem::take(&mut self.originals);
        self.kept = 0;
        runs.shrink_to_fit();
        originals.shrink_to_fit();
        let chunk = Chunk::new(rows, columns, runs, originals);
        let chunk = chunk.with_reversed_times(may_be_reversed);
        if chunk.column(id::FLOW_DIRECTION).is_none() {
            return Some(chunk);
        }
        let words = self.catalog.dictionaries.of(id::FLOW_DIRECTION);
        Some(chunk.with_directions(Directions::of(&words)))
    }

    /// Whether some row may end before it starts. Rows without a value repeat the row before.
    fn may_be_reversed(&self) -> bool {
        let column = |field| self.columns.iter().find(|column| column.field == field);
        let (Some(start), Some(end)) = (column(id::START), column(id::END)) else {
            return false;
        };
        // Without a branch, the loop is vectorized.
        let times = start.values.iter().zip(&end.values);
        times.fold(0, |found, (start, end)| found | u8::from(end < start)) > 0
    }
}
