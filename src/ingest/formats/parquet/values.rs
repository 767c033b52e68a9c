//! The values of a column, some rows at a time, and how they become a column of a chunk.
//!
//! What the vectorized path cannot read is left to the scalar path, which parses the words of a row.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use parquet::basic::Type;
use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::{
    BoolType, ByteArrayType, DataType, DoubleType, FixedLenByteArrayType, FloatType, Int32Type,
    Int64Type, Int96Type,
};
use parquet::schema::types::ColumnDescPtr;

use super::encoding::{Form, Number, Numeric};
use super::guard::pages::{Dictionary, Pages};
use super::guard::panics::guarded;
use super::problem::Problem;
use super::words::{FixedWords, Words};
use crate::ingest::builder::ChunkBuilder;
use crate::ingest::builder::column::ColumnBuilder;
use crate::ingest::builder::word_cache::{MISSING, WordCache};
use crate::ingest::text::missing::MissingWords;
use crate::ingest::text::value::Doubt;
use crate::ingest::text::zone::InputZone;
use crate::ingest::text::{account, value};
use crate::schema::{FieldId, Storage};

/// A column that is being read.
pub(crate) trait Cells {
    /// Reads the next rows, and says how many there were.
    fn read(&mut self, rows: usize) -> Result<usize, Problem>;

    /// Notes the words for missing values among those that were read last.
    fn note_missing_words(&self, _words: &mut MissingWords) {}

    /// Puts `rows` of those that were read last into column `position` of the chunk. Calls ascend, or begin again at 0.
    fn fill(&mut self, rows: Range<usize>, position: usize, batch: &mut Batch<'_>);

    /// The word of a row, none where it is null. Calls ascend with those of [`Cells::fill`].
    fn word(&mut self, row: usize) -> Option<Cow<'_, [u8]>>;

    /// Whether a row that was read last has more values than one.
    fn has_several(&self) -> bool {
        false
    }

    /// What has to be assumed of values, where that was met first by the last read.
    fn doubts(&mut self) -> Vec<(FieldId, Doubt, String)> {
        Vec::new()
    }
}

/// What the rows of all columns are put into.
pub(crate) struct Batch<'b> {
    pub(crate) builder: &'b mut ChunkBuilder,
    /// The rows that are left to the scalar path.
    pub(crate) irregular: Vec<usize>,
    /// Whether a word of a column of text stands for a missing value.
    pub(crate) is_missing_text: &'b dyn Fn(&[u8]) -> bool,
}

/// What the values of a column mean.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Meaning {
    /// The field that they are of.
    pub(crate) field: FieldId,
    /// How they are to be read.
    pub(crate) form: Form,
    /// The zone of times.
    pub(crate) zone: InputZone,
}

/// The column of a row group that `pages` give.
pub(crate) fn open(
    column: &ColumnDescPtr,
    pages: Pages,
    dictionary: Arc<Dictionary>,
    meaning: Meaning,
) -> Box<dyn Cells> {
    fn numbers<T: DataType<T: Numeric> + 'static>(
        column: &ColumnDescPtr,
        pages: Pages,
        meaning: Meaning,
    ) -> Box<dyn Cells> {
        Box::new(Numbers {
            rows: Rows::<T>::new(column, pages),
            meaning,
            inexact: FirstValue::default(),
            lost_zeros: FirstValue::default(),
        })
    }
    match column.physical_type() {
        Type::BYTE_ARRAY if meaning.form != Form::Word => {
            numbers::<ByteArrayType>(column, pages, meaning)
        }
        Type::FIXED_LEN_BYTE_ARRAY if meaning.form != Form::Word => {
            numbers::<FixedLenByteArrayType>(column, pages, meaning)
        }
        Type::BOOLEAN => numbers::<BoolType>(column, pages, meaning),
        Type::INT32 => numbers::<Int32Type>(column, pages, meaning),
        Type::INT64 => numbers::<Int64Type>(column, pages, meaning),
        Type::INT96 => numbers::<Int96Type>(column, pages, meaning),
        Type::FLOAT => numbers::<FloatType>(column, pages, meaning),
        Type::DOUBLE => numbers::<DoubleType>(column, pages, meaning),
        Type::BYTE_ARRAY => Box::new(Words::new(column, pages, dictionary, meaning.field)),
        Type::FIXED_LEN_BYTE_ARRAY => Box::new(FixedWords::new(column, pages, meaning.field)),
    }
}

/// Some rows of a column, and where among their values one is.
pub(super) struct Rows<T: DataType> {
    reader: ColumnReaderImpl<T>,
    pub(super) values: Vec<T::T>,
    /// For each row a level, which is `present` where it has a value; empty where all have one.
    levels: Vec<i16>,
    present: i16,
    /// The row that was come to, and the place of its value.
    row: usize,
    next: usize,
}

impl<T: DataType> Rows<T> {
    pub(super) fn new(column: &ColumnDescPtr, pages: Pages) -> Self {
        Self {
            reader: ColumnReaderImpl::new(Arc::clone(column), Box::new(pages)),
            values: Vec::new(),
            levels: Vec::new(),
            present: column.max_def_level(),
            row: 0,
            next: 0,
        }
    }

    pub(super) fn read(&mut self, rows: usize) -> Result<usize, Problem> {
        self.values.clear();
        self.levels.clear();
        (self.row, self.next) = (0, 0);
        let levels = &mut self.levels;
        let (reader, into) = (&mut self.reader, &mut self.values);
        let (read, values, _) = guarded(|| reader.read_records(rows, Some(levels), None, into))??;
        if values == read {
            self.levels.clear();
        }
        Ok(read)
    }

    /// Calls `visit` with each of the rows and its value.
    #[inline]
    pub(super) fn each(&mut self, rows: Range<usize>, mut visit: impl FnMut(usize, Option<&T::T>)) {
        if self.levels.is_empty() {
            for row in rows {
                visit(row, Some(&self.values[row]));
            }
            return;
        }
        if rows.start < self.row {
            (self.row, self.next) = (0, 0);
        }
        let passed = &self.levels[self.row..rows.start];
        let present = self.present;
        self.next += passed.iter().filter(|level| **level == present).count();
        for row in rows.clone() {
            if self.levels[row] == self.present {
                visit(row, Some(&self.values[self.next]));
                self.next += 1;
            } else {
                visit(row, None);
            }
        }
        self.row = rows.end;
    }
}

/// A column of numbers.
struct Numbers<T: DataType> {
    rows: Rows<T>,
    meaning: Meaning,
    /// A number that may have been rounded.
    inexact: FirstValue,
    /// A number that was an account and lost zeros.
    lost_zeros: FirstValue,
}

/// The first value of its kind in a column, which is told once.
#[derive(Default)]
enum FirstValue {
    #[default]
    Unmet,
    Met(String),
    Told,
}

impl FirstValue {
    /// Looks for it with `find`, unless it has been met.
    fn look(&mut self, find: impl FnOnce() -> Option<String>) {
        if matches!(self, Self::Unmet)
            && let Some(value) = find()
        {
            *self = Self::Met(value);
        }
    }

    fn tell(&mut self) -> Option<String> {
        let Self::Met(value) = self else {
            return None;
        };
        let value = std::mem::take(value);
        *self = Self::Told;
        Some(value)
    }
}

impl Meaning {
    /// What `value` is, with times in UTC.
    #[inline]
    fn number(self, value: &impl Numeric) -> Number {
        match (value.number(self.form), self.form) {
            (Number::Whole(time), Form::Days | Form::Stamp(_)) => {
                Number::Whole(self.zone.shift(time))
            }
            (number, _) => number,
        }
    }
}

impl<T: DataType<T: Numeric>> Numbers<T> {
    fn fill_numbers(
        &mut self,
        rows: Range<usize>,
        column: &mut ColumnBuilder,
        irregular: &mut Vec<usize>,
    ) {
        let meaning = self.meaning;
        let kind = meaning.field.kind();
        let limit = value::limit(kind);
        self.rows.each(rows, |row, value| {
            let number = match value.map(|value| meaning.number(value)) {
                None | Some(Number::Missing) => return column.push_absent(),
                Some(number) => number.value(kind),
            };
            match number.filter(|number| *number <= limit) {
                Some(number) => column.push_number(number),
                None => irregular.push(row),
            }
        });
    }

    fn fill_addresses(
        &mut self,
        rows: Range<usize>,
        column: &mut ColumnBuilder,
        irregular: &mut Vec<usize>,
    ) {
        let meaning = self.meaning;
        self.rows.each(rows, |row, value| {
            match value.map(|value| meaning.number(value)) {
                None | Some(Number::Missing) => column.push_absent(),
                Some(number) => match number.address() {
                    Some(address) => column.push_address(address),
                    None => irregular.push(row),
                },
            }
        });
    }

    fn fill_words(
        &mut self,
        rows: Range<usize>,
        (column, words): (&mut ColumnBuilder, &mut WordCache),
    ) {
        let meaning = self.meaning;
        let mut last: Option<(Number, u32)> = None;
        self.rows.each(rows, |_, value| {
            let Some(number) = value.map(|value| meaning.number(value)) else {
                return column.push_absent();
            };
            let code = match last {
                Some((seen, code)) if seen == number => code,
                _ => number
                    .word(meaning.form, meaning.field)
                    .map_or(MISSING, |word| words.code_of(&word)),
            };
            last = Some((number, code));
            push_code(column, code);
        });
    }
}

impl<T: DataType<T: Numeric>> Cells for Numbers<T> {
    fn read(&mut self, rows: usize) -> Result<usize, Problem> {
        let read = self.rows.read(rows)?;
        let Meaning { field, form, .. } = self.meaning;
        let values = &self.rows.values;
        if form == Form::Fraction {
            self.inexact.look(|| {
                let found = values.iter().find(|value| value.is_inexact())?;
                found.number(form).word(form, field)
            });
        }
        if account::is_account(field) {
            self.lost_zeros.look(|| {
                let mut numbers = values.iter().map(|value| value.number(form));
                numbers.find(|number| number.has_lost_zeros())?.digits()
            });
        }
        Ok(read)
    }

    fn fill(&mut self, rows: Range<usize>, position: usize, batch: &mut Batch<'_>) {
        let Batch {
            builder, irregular, ..
        } = batch;
        match self.meaning.field.storage() {
            Storage::Number => self.fill_numbers(rows, builder.column(position), irregular),
            Storage::Word => self.fill_words(rows, builder.word_column(position)),
            Storage::Address => self.fill_addresses(rows, builder.column(position), irregular),
        }
    }

    fn word(&mut self, row: usize) -> Option<Cow<'_, [u8]>> {
        let meaning = self.meaning;
        let mut word = None;
        self.rows.each(row..row + 1, |_, value| {
            let number = value.map(|value| meaning.number(value));
            word = number.and_then(|number| number.word(meaning.form, meaning.field));
        });
        word.map(|word| Cow::Owned(word.into_bytes()))
    }

    fn doubts(&mut self) -> Vec<(FieldId, Doubt, String)> {
        let field = self.meaning.field;
        let doubts = [
            (Doubt::Digits, self.inexact.tell()),
            (Doubt::Zeros, self.lost_zeros.tell()),
        ];
        let met = doubts.into_iter();
        met.filter_map(|(doubt, value)| Some((field, doubt, value?)))
            .collect()
    }
}

fn push_code(column: &mut ColumnBuilder, code: u32) {
    if code == MISSING {
        column.push_absent();
    } else {
        column.values.push(code);
    }
}
