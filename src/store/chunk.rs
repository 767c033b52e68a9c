//! Up to 65,536 records as columns. Immutable once built.

use std::sync::{Arc, OnceLock};

use super::column::{Column, Values};
use super::computed::EXPORTED_FILES;
use super::dictionary::Dictionaries;
use super::directions::Directions;
use super::source::Layout;
use super::start_order::start_order;
use super::value_index::ValueIndex;
use crate::schema::{Address, FieldId, id};

/// The most rows that a chunk holds.
pub const CHUNK_ROWS: usize = 1 << 16;

/// Rows that follow one another in a file without a gap, under one layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The first row of the run, in the chunk.
    pub row: u32,
    /// Which file: an index into the sources of the load.
    pub source: u32,
    /// The line of the first row, counted from 1.
    pub line: u64,
    /// Which columns the lines have.
    pub layout: Arc<Layout>,
}

/// Up to [`CHUNK_ROWS`] records.
///
/// The rows of a chunk ascend by file and line, and no other chunk of the same round has a row between its first
/// and its last; so chunks sorted by [`Chunk::key`] give the order in which the input would be read from end to
/// end, and behind it, round by round, what has come since.
#[derive(Clone, Debug)]
pub struct Chunk {
    rows: usize,
    arrival: u32,
    columns: Vec<(FieldId, Column)>,
    /// The index of each column; none where it would not pay.
    indexes: Box<[OnceLock<Option<ValueIndex>>]>,
    /// The rows by start; none where they are in that order already.
    by_start: OnceLock<Option<Box<[u16]>>>,
    runs: Vec<Run>,
    originals: Vec<(u32, Box<str>)>,
    /// Whether some rows may end before they start.
    may_be_reversed: bool,
    directions: Directions,
}

/// One value of a chunk, with words still as codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// No value.
    Missing,
    /// A number.
    Number(u64),
    /// The code of a word in the dictionary of the field.
    Word(u32),
    /// An address.
    Address(Address),
}

impl Cell {
    /// The value of `row` in `column`.
    ///
    /// # Panics
    ///
    /// When `row` is not in the chunk.
    #[expect(clippy::cast_possible_truncation, reason = "codes have 32 bits")]
    pub fn of(column: &Column, row: usize) -> Self {
        if !column.is_present(row) {
            return Self::Missing;
        }
        match &column.values {
            Values::Numbers(integers) => Self::Number(integers.get(row)),
            Values::Words(integers) => Self::Word(integers.get(row) as u32),
            Values::Addresses(addresses) => Self::Address(addresses.get(row)),
        }
    }
}

impl Chunk {
    /// A chunk of `rows` rows. `columns` are sorted by field and leave out those without any value; `runs`
    /// are sorted by row and begin at row 0; `originals` are sorted by row.
    pub fn new(
        rows: usize,
        columns: Vec<(FieldId, Column)>,
        runs: Vec<Run>,
        originals: Vec<(u32, Box<str>)>,
    ) -> Self {
        debug_assert!(rows <= CHUNK_ROWS);
        debug_assert!(columns.is_sorted_by_key(|(field, _)| *field));
        debug_assert!(rows == 0 || runs.first().is_some_and(|run| run.row == 0));
        Self {
            rows,
            arrival: 0,
            indexes: columns.iter().map(|_| OnceLock::new()).collect(),
            columns,
            by_start: OnceLock::new(),
            runs,
            originals,
            may_be_reversed: false,
            directions: Directions::default(),
        }
    }

    /// The same, with what the codes of `flow-direction` mean in it.
    #[must_use]
    pub(crate) fn with_directions(self, directions: Directions) -> Self {
        Self { directions, ..self }
    }

    /// Whether a code of `flow-direction` means egress; none if it is another word than that and ingress.
    pub(crate) fn is_egress(&self, code: u64) -> Option<bool> {
        self.directions.is_egress(code)
    }

    /// The same, of which some rows may end before they start.
    #[must_use]
    pub fn with_reversed_times(self, may_be_reversed: bool) -> Self {
        Self {
            may_be_reversed,
            ..self
        }
    }

    /// Whether some rows may end before they start. If not, none does.
    pub fn may_be_reversed(&self) -> bool {
        self.may_be_reversed
    }

    /// The same, read in round `arrival` of following files that grow; what was there before is round 0.
    #[must_use]
    pub fn arrived(self, arrival: u32) -> Self {
        Self { arrival, ..self }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The column of `field`, or none where no row has a value.
    pub fn column(&self, field: FieldId) -> Option<&Column> {
        Some(&self.columns[self.place(field)?].1)
    }

    fn place(&self, field: FieldId) -> Option<usize> {
        let place = self.columns.binary_search_by_key(&field, |(f, _)| *f);
        place.ok()
    }

    /// The index of the values of `field`, which `build` makes if nobody has asked for it before; none where there is
    /// no value, or where `build` gives none.
    pub(crate) fn value_index(
        &self,
        field: FieldId,
        build: impl FnOnce(&Column) -> Option<ValueIndex>,
    ) -> Option<&ValueIndex> {
        let place = self.place(field)?;
        let index = self.indexes[place].get_or_init(|| build(&self.columns[place].1));
        index.as_ref()
    }

    /// The same index if there is one already.
    pub(crate) fn known_value_index(&self, field: FieldId) -> Option<&ValueIndex> {
        self.indexes[self.place(field)?].get()?.as_ref()
    }

    /// The rows by `start`, those without one last; none where they are in that order already.
    pub(crate) fn by_start(&self) -> Option<&[u16]> {
        let order = self
            .by_start
            .get_or_init(|| start_order(self.column(id::START)?, self.rows));
        order.as_deref()
    }

    /// The columns, by field.
    pub fn columns(&self) -> &[(FieldId, Column)] {
        &self.columns
    }

    /// The runs, by row.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The round, and the file and line of the first row: chunks sorted by it are in reading order.
    pub fn key(&self) -> (u32, u32, u64) {
        let first = self.runs.first();
        first.map_or((self.arrival, 0, 0), |run| {
            (self.arrival, run.source, run.line)
        })
    }

    /// The run that `row` lies in.
    ///
    /// # Panics
    ///
    /// When the chunk is empty.
    pub fn run(&self, row: usize) -> &Run {
        let after = self.runs.partition_point(|run| run.row as usize <= row);
        &self.runs[after - 1]
    }

    /// The line of `row` in its file, counted from 1.
    pub fn line(&self, row: usize) -> u64 {
        let run = self.run(row);
        run.line + (row as u64 - u64::from(run.row))
    }

    /// The number of the file that `row` is from: the index of its source, or, for a record that was exported and read
    /// again, the number of the file that it was exported from.
    pub(crate) fn file(&self, row: usize) -> u64 {
        match self.cell(row, id::FILE) {
            Cell::Word(code) => EXPORTED_FILES + u64::from(code),
            _ => self.run(row).source.into(),
        }
    }

    /// The line of `row` in the file that [`Chunk::file`] gives.
    pub(crate) fn shown_line(&self, row: usize) -> u64 {
        match self.cell(row, id::LINE) {
            Cell::Number(line) => line,
            _ => self.line(row),
        }
    }

    /// The value of `field` in `row`. Of the computed fields, only the file and the line of exported records are columns.
    ///
    /// # Panics
    ///
    /// When `row` is not in the chunk.
    pub fn cell(&self, row: usize, field: FieldId) -> Cell {
        self.column(field)
            .map_or(Cell::Missing, |column| Cell::of(column, row))
    }

    /// The text of `row`'s line, where it was kept because its values do not give it back.
    pub fn original(&self, row: usize) -> Option<&str> {
        let kept = self
            .originals
            .binary_search_by_key(&row, |(at, _)| *at as usize);
        kept.ok().map(|index| &*self.originals[index].1)
    }

    /// The rows whose text was kept, ascending, and the texts.
    pub fn originals(&self) -> impl Iterator<Item = (usize, &str)> {
        let kept = self.originals.iter();
        kept.map(|(row, text)| (*row as usize, &**text))
    }

    /// The text of `row`'s line, exactly as it stood in the file, without its line end.
    ///
    /// Most lines are what printing their values gives, and are printed; the others were kept.
    pub fn line_text(&self, row: usize, dictionaries: &Dictionaries) -> String {
        if let Some(original) = self.original(row) {
            return original.to_owned();
        }
        let layout = &self.run(row).layout;
        let style = layout.style;
        let mut text = String::new();
        for (index, field) in layout.fields.iter().enumerate() {
            if index > 0 {
                text.push(style.separator().into());
            }
            if self.cell(row, *field) == Cell::Missing {
                text += style.missing();
            } else {
                text += style.quote();
                text += &self.original_cell_text(row, *field, dictionaries);
                text += style.quote();
            }
        }
        text += style.end();
        text
    }

    /// The value of `field` in `row` as a flow log prints it, tags decoded; `-` where it is missing.
    pub fn cell_text(&self, row: usize, field: FieldId, dictionaries: &Dictionaries) -> String {
        match self.cell(row, field) {
            Cell::Missing => "-".into(),
            Cell::Number(number) => number.to_string(),
            Cell::Word(code) => dictionaries.of(field).word(code).to_string(),
            Cell::Address(address) => address.to_string(),
        }
    }

    /// As [`Self::cell_text`], with tags as they are in the file.
    pub fn original_cell_text(
        &self,
        row: usize,
        field: FieldId,
        dictionaries: &Dictionaries,
    ) -> String {
        match self.cell(row, field) {
            Cell::Word(code) => dictionaries.of(field).original_word(code).to_string(),
            _ => self.cell_text(row, field, dictionaries),
        }
    }

    /// The earliest `start` and the latest `end` (or `start`, where there is no `end`) of the rows.
    pub fn span(&self) -> Option<(u64, u64)> {
        let range = |field| self.column(field).and_then(|column| column.range);
        let (start, end) = (range(id::START), range(id::END));
        let first = start.or(end)?.0;
        Some((first, end.or(start)?.1.max(first)))
    }

    /// Heap size in bytes.
    pub fn memory(&self) -> usize {
        let columns: usize = self.columns.iter().map(|(_, column)| column.memory()).sum();
        let originals: usize = self
            .originals
            .iter()
            .map(|(_, text)| text.len() + size_of::<(u32, Box<str>)>())
            .sum();
        let indexes = self
            .indexes
            .iter()
            .filter_map(|index| index.get()?.as_ref());
        columns
            + originals
            + indexes.map(ValueIndex::memory).sum::<usize>()
            + size_of_val(&*self.indexes)
            + self
                .by_start
                .get()
                .map_or(0, |order| order.as_deref().map_or(0, size_of_val))
            + self.columns.len() * size_of::<(FieldId, Column)>()
            + self.runs.len() * size_of::<Run>()
    }
}
