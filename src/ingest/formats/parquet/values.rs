//! The values of a column, some rows at a time, and how they become a column of a chunk.
//!
//! What the vectorized path cannot read is left to the scalar path, which parses the words of a row.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use parquet::basic::Type;
use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FloatType, Int32Type, Int64Type,
    Int96Type,
};
use parquet::schema::types::ColumnDescPtr;

use super::encoding::{Form, Number, Numeric};
use super::guard::pages::{Dictionary, Pages};
use super::guard::panics::guarded;
use super::problem::Problem;
use crate::ingest::builder::ChunkBuilder;
use crate::ingest::builder::column::ColumnBuilder;
use crate::ingest::builder::word_cache::{MISSING, WordCache};
use crate::ingest::text::value::canonical_ipv6;
use crate::ingest::text::zone::InputZone;
use crate::ingest::text::{missing, value};
use crate::schema::{Address, FieldId, Kind, Storage, Value};

/// A longer word is left to the scalar path, which bounds the whole row.
const LONG: usize = 1 << 16;

/// A column that is being read.
pub(crate) trait Cells {
    /// Reads the next rows, and says how many there were.
    fn read(&mut self, rows: usize) -> Result<usize, Problem>;

    /// Puts `rows` of those that were read last into column `position` of `builder`. Those that are not for this way
    /// come in `irregular`. Calls ascend, or begin again at 0.
    fn fill(
        &mut self,
        rows: Range<usize>,
        position: usize,
        builder: &mut ChunkBuilder,
        irregular: &mut Vec<usize>,
    );

    /// The word of a row, none where it is missing. Calls ascend with those of [`Cells::fill`].
    fn word(&mut self, row: usize) -> Option<Cow<'_, [u8]>>;

    /// The field, and a number of it that may be another one that was rounded, where that was met first by the last
    /// read.
    fn inexact(&mut self) -> Option<(FieldId, String)> {
        None
    }
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
) -> Result<Box<dyn Cells>, Problem> {
    fn numbers<T: DataType<T: Numeric> + 'static>(
        column: &ColumnDescPtr,
        pages: Pages,
        meaning: Meaning,
    ) -> Box<dyn Cells> {
        Box::new(Numbers {
            rows: Rows::<T>::new(column, pages),
            meaning,
            inexact: None,
            is_told: false,
        })
    }
    Ok(match column.physical_type() {
        Type::BOOLEAN => numbers::<BoolType>(column, pages, meaning),
        Type::INT32 => numbers::<Int32Type>(column, pages, meaning),
        Type::INT64 => numbers::<Int64Type>(column, pages, meaning),
        Type::INT96 => numbers::<Int96Type>(column, pages, meaning),
        Type::FLOAT => numbers::<FloatType>(column, pages, meaning),
        Type::DOUBLE => numbers::<DoubleType>(column, pages, meaning),
        Type::BYTE_ARRAY => Box::new(Words {
            rows: Rows::<ByteArrayType>::new(column, pages),
            field: meaning.field,
            dictionary,
            known: Vec::new(),
        }),
        Type::FIXED_LEN_BYTE_ARRAY => {
            return Err(Problem::damaged(
                "a column changes its type between row groups",
            ));
        }
    })
}

/// Some rows of a column, and where among their values one is.
struct Rows<T: DataType> {
    reader: ColumnReaderImpl<T>,
    values: Vec<T::T>,
    /// For each row 1 where it has a value; empty where all have one.
    levels: Vec<i16>,
    /// The row that was come to, and the place of its value.
    row: usize,
    next: usize,
}

impl<T: DataType> Rows<T> {
    fn new(column: &ColumnDescPtr, pages: Pages) -> Self {
        Self {
            reader: ColumnReaderImpl::new(Arc::clone(column), Box::new(pages)),
            values: Vec::new(),
            levels: Vec::new(),
            row: 0,
            next: 0,
        }
    }

    fn read(&mut self, rows: usize) -> Result<usize, Problem> {
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
    fn each(&mut self, rows: Range<usize>, mut visit: impl FnMut(usize, Option<&T::T>)) {
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
        self.next += passed.iter().filter(|level| **level > 0).count();
        for row in rows.clone() {
            if self.levels[row] > 0 {
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
    /// The first one that may be another number.
    inexact: Option<String>,
    is_told: bool,
}

impl Meaning {
    /// What `value` is, with times in UTC.
    #[inline]
    fn number(self, value: impl Numeric) -> Number {
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
        let limit = value::limit(meaning.field.kind());
        self.rows.each(rows, |row, value| {
            let number = match value.map(|value| meaning.number(*value)) {
                None | Some(Number::Missing) => return column.push_absent(),
                Some(Number::Whole(number)) => u64::try_from(number).ok(),
                Some(Number::Large(number)) => Some(number),
                Some(Number::Fraction(_) | Number::Truth(_)) => None,
            };
            match number.filter(|number| *number <= limit) {
                Some(number) => column.push_number(number),
                None => irregular.push(row),
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
            let Some(number) = value.map(|value| meaning.number(*value)) else {
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
        if self.meaning.form == Form::Fraction && !self.is_told {
            let Meaning { field, form, .. } = self.meaning;
            let found = self.rows.values.iter().find(|value| value.is_inexact());
            self.inexact = found.and_then(|value| value.number(form).word(form, field));
        }
        Ok(read)
    }

    fn fill(
        &mut self,
        rows: Range<usize>,
        position: usize,
        builder: &mut ChunkBuilder,
        irregular: &mut Vec<usize>,
    ) {
        match self.meaning.field.storage() {
            Storage::Number => self.fill_numbers(rows, builder.column(position), irregular),
            Storage::Word => self.fill_words(rows, builder.word_column(position)),
            Storage::Address => irregular.extend(rows),
        }
    }

    fn word(&mut self, row: usize) -> Option<Cow<'_, [u8]>> {
        let meaning = self.meaning;
        let mut word = None;
        self.rows.each(row..row + 1, |_, value| {
            let number = value.map(|value| meaning.number(*value));
            word = number.and_then(|number| number.word(meaning.form, meaning.field));
        });
        word.map(|word| Cow::Owned(word.into_bytes()))
    }

    fn inexact(&mut self) -> Option<(FieldId, String)> {
        let number = self.inexact.take()?;
        self.is_told = true;
        Some((self.meaning.field, number))
    }
}

/// A column of words, whatever the field.
struct Words {
    rows: Rows<ByteArrayType>,
    field: FieldId,
    dictionary: Arc<Dictionary>,
    /// What is known of the words of the dictionary, by where they begin: there are four bytes before each.
    known: Vec<Known>,
}

/// What is known of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    /// Nothing yet.
    Nothing,
    /// It stands for no value.
    Missing,
    /// This is what stands for it in the column.
    Narrow(u32),
    /// It has a value that has to be put into the column one by one.
    Wide,
    /// It is for the scalar path.
    Irregular,
}

impl Cells for Words {
    fn read(&mut self, rows: usize) -> Result<usize, Problem> {
        let read = self.rows.read(rows)?;
        if let (true, Some(page)) = (self.known.is_empty(), self.dictionary.get()) {
            self.known = vec![Known::Nothing; page.buffer().len() / 4 + 1];
        }
        Ok(read)
    }

    fn fill(
        &mut self,
        rows: Range<usize>,
        position: usize,
        builder: &mut ChunkBuilder,
        irregular: &mut Vec<usize>,
    ) {
        let field = self.field;
        let is_word = field.storage() == Storage::Word;
        let (column, mut words) = if is_word {
            let (column, words) = builder.word_column(position);
            (column, Some(words))
        } else {
            (builder.column(position), None)
        };
        let known = &mut self.known;
        let base = self.dictionary.get().map_or((0, 0), |page| {
            (page.buffer().as_ptr().addr(), page.buffer().len())
        });
        self.rows.each(rows, |row, value| {
            let Some(bytes) = value.map(ByteArray::data) else {
                return column.push_absent();
            };
            let offset = bytes.as_ptr().addr().wrapping_sub(base.0);
            let known = if offset < base.1 {
                let known = &mut known[offset / 4];
                if *known == Known::Nothing {
                    *known = know(bytes, field, words.as_deref_mut());
                }
                *known
            } else {
                know(bytes, field, words.as_deref_mut())
            };
            match known {
                Known::Missing => column.push_absent(),
                Known::Narrow(value) => column.values.push(value),
                Known::Wide => push_wide(column, bytes, field),
                Known::Irregular | Known::Nothing => irregular.push(row),
            }
        });
    }

    fn word(&mut self, row: usize) -> Option<Cow<'_, [u8]>> {
        let mut word = None;
        self.rows.each(row..row + 1, |_, value| {
            // Cloned: this is rare.
            word = value.map(|value| value.data().to_vec());
        });
        word.filter(|word| !missing::is_missing(word))
            .map(Cow::Owned)
    }
}

/// Finds out what a word of `field` is; `words` are those of a text field.
fn know(bytes: &[u8], field: FieldId, words: Option<&mut WordCache>) -> Known {
    if missing::is_missing(bytes) {
        return Known::Missing;
    }
    let text = str::from_utf8(bytes).ok();
    let Some(word) = text.filter(|text| text.len() <= LONG && !has_control(text)) else {
        return Known::Irregular;
    };
    if let Some(words) = words {
        return Known::Narrow(words.code_of(word));
    }
    match value::read(field, word) {
        Some(Value::Address(Address::V4(address))) => Known::Narrow(address.into()),
        Some(Value::Address(Address::V6(_))) => Known::Wide,
        Some(Value::Number(_)) if field.kind() == Kind::Time && value::is_scaled(word) => {
            Known::Irregular
        }
        Some(Value::Number(number)) => u32::try_from(number).map_or(Known::Wide, Known::Narrow),
        Some(Value::Missing) => Known::Missing,
        Some(Value::Word(_) | Value::Address(Address::Mac(_))) | None => Known::Irregular,
    }
}

/// Whether a word has a character that no line has.
pub(crate) fn has_control(word: &str) -> bool {
    word.bytes()
        .any(|byte| matches!(byte, b'\0' | b'\n' | b'\r'))
}

fn push_code(column: &mut ColumnBuilder, code: u32) {
    if code == MISSING {
        column.push_absent();
    } else {
        column.values.push(code);
    }
}

/// Puts a value that needs more than 32 bits into a column.
fn push_wide(column: &mut ColumnBuilder, bytes: &[u8], field: FieldId) {
    let Ok(word) = str::from_utf8(bytes) else {
        return column.push_absent();
    };
    #[expect(clippy::cast_possible_truncation, reason = "a chunk has 65,536 rows")]
    let row = column.values.len() as u32;
    if let Some(index) = column.wide(row, bytes, || canonical_ipv6(word)) {
        column.values.push(index);
        return;
    }
    match value::read(field, word) {
        Some(Value::Number(number)) => column.push_number(number),
        Some(Value::Address(address)) => column.push_address(address),
        _ => column.push_absent(),
    }
}
