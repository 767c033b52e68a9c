//! Columns of text: their values become words, numbers and addresses.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use parquet::basic::ConvertedType;
use parquet::data_type::{ByteArray, ByteArrayType, FixedLenByteArrayType};
use parquet::schema::types::ColumnDescPtr;

use super::bytes_value;
use super::bytes_value::{is_printable, without_zeros};
use super::guard::pages::{Dictionary, Pages};
use super::problem::Problem;
use super::values::{Batch, Cells, Rows};
use crate::ingest::builder::column::ColumnBuilder;
use crate::ingest::builder::word_cache::WordCache;
use crate::ingest::text::missing::MissingWords;
use crate::ingest::text::value::canonical_ipv6;
use crate::ingest::text::{account, missing, value};
use crate::schema::{Address, FieldId, Kind, Storage, Value};

/// A longer word is left to the scalar path, which bounds the whole row.
const MAX_WORD_BYTES: usize = 1 << 16;

/// A column of words, whatever the field.
pub(super) struct Words {
    rows: Rows<ByteArrayType>,
    field: FieldId,
    raw_addresses: RawAddresses,
    dictionary: Arc<Dictionary>,
    /// What is known of the words of the dictionary, by where they begin: there are four bytes before each.
    known: Vec<Known>,
}

/// Which values of a column are the bytes of an address instead of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RawAddresses {
    /// None: its type says that it is text, or it is not of addresses.
    No,
    /// Those that cannot be text.
    Unprintable,
    /// All that are not the text of an address: a value was met that cannot be text.
    Yes,
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
    /// It is the bytes of such a value.
    WideBytes,
    /// It is for the scalar path.
    Irregular,
}

impl Words {
    pub(super) fn new(
        column: &ColumnDescPtr,
        pages: Pages,
        dictionary: Arc<Dictionary>,
        field: FieldId,
    ) -> Self {
        Self {
            rows: Rows::new(column, pages),
            field,
            raw_addresses: RawAddresses::of(column, field),
            dictionary,
            known: Vec::new(),
        }
    }
}

impl Cells for Words {
    fn read(&mut self, rows: usize) -> Result<usize, Problem> {
        let read = self.rows.read(rows)?;
        if self.raw_addresses == RawAddresses::Unprintable {
            let mut values = self.rows.values.iter();
            if values.any(|value| is_raw_address(value.data())) {
                self.raw_addresses = RawAddresses::Yes;
            }
        }
        if let (true, Some(page)) = (self.known.is_empty(), self.dictionary.get()) {
            self.known = vec![Known::Nothing; page.buffer().len() / 4 + 1];
        }
        Ok(read)
    }

    fn note_missing_words(&self, words: &mut MissingWords) {
        for value in &self.rows.values {
            words.note(value.data());
        }
    }

    fn fill(&mut self, rows: Range<usize>, position: usize, batch: &mut Batch<'_>) {
        let (field, raw_addresses) = (self.field, self.raw_addresses);
        let mut target = Target::new(batch, position, field);
        let known = &mut self.known;
        let base = self.dictionary.get().map_or((0, 0), |page| {
            (page.buffer().as_ptr().addr(), page.buffer().len())
        });
        self.rows.each(rows, |row, value| {
            let Some(bytes) = value.map(ByteArray::data) else {
                return target.column.push_absent();
            };
            let offset = bytes.as_ptr().addr().wrapping_sub(base.0);
            let known = if offset < base.1 {
                let known = &mut known[offset / 4];
                if *known == Known::Nothing {
                    *known = target.know(bytes, raw_addresses);
                }
                *known
            } else {
                target.know(bytes, raw_addresses)
            };
            target.push(row, bytes, known);
        });
    }

    fn word(&mut self, row: usize) -> Option<Cow<'_, [u8]>> {
        let raw_addresses = self.raw_addresses;
        let mut word = None;
        self.rows.each(row..row + 1, |_, value| {
            // Cloned: this is rare.
            word = value.map(|value| match raw_address(value.data(), raw_addresses) {
                Some(address) => address.to_string().into_bytes(),
                None => value.data().to_vec(),
            });
        });
        word.map(Cow::Owned)
    }
}

/// The column of a chunk that words are put into.
struct Target<'b> {
    field: FieldId,
    column: &'b mut ColumnBuilder,
    /// The words of a text field.
    words: Option<&'b mut WordCache>,
    irregular: &'b mut Vec<usize>,
    is_missing_text: &'b dyn Fn(&[u8]) -> bool,
}

impl<'b> Target<'b> {
    fn new(batch: &'b mut Batch<'_>, position: usize, field: FieldId) -> Self {
        let (column, words) = if field.storage() == Storage::Word {
            let (column, words) = batch.builder.word_column(position);
            (column, Some(words))
        } else {
            (batch.builder.column(position), None)
        };
        Self {
            field,
            column,
            words,
            irregular: &mut batch.irregular,
            is_missing_text: batch.is_missing_text,
        }
    }

    /// What is known of a word.
    fn know(&mut self, bytes: &[u8], raw_addresses: RawAddresses) -> Known {
        match raw_address(bytes, raw_addresses) {
            Some(Address::V4(address)) => return Known::Narrow(address.into()),
            Some(_) => return Known::WideBytes,
            None => {}
        }
        let may_be_missing = missing::is_missing_unless_text(bytes);
        if self.words.is_some() && may_be_missing && (self.is_missing_text)(bytes) {
            return Known::Missing;
        }
        know(bytes, self.field, self.words.as_deref_mut())
    }

    fn push(&mut self, row: usize, bytes: &[u8], known: Known) {
        match known {
            Known::Missing => self.column.push_absent(),
            Known::Narrow(value) => self.column.values.push(value),
            Known::Wide => push_wide(self.column, bytes, self.field),
            Known::WideBytes => push_bytes(self.column, bytes),
            Known::Irregular | Known::Nothing => self.irregular.push(row),
        }
    }
}

/// A column of text of a fixed length, filled up with zero bytes.
pub(super) struct FixedWords {
    rows: Rows<FixedLenByteArrayType>,
    field: FieldId,
}

impl FixedWords {
    pub(super) fn new(column: &ColumnDescPtr, pages: Pages, field: FieldId) -> Self {
        Self {
            rows: Rows::new(column, pages),
            field,
        }
    }
}

impl Cells for FixedWords {
    fn read(&mut self, rows: usize) -> Result<usize, Problem> {
        self.rows.read(rows)
    }

    fn note_missing_words(&self, words: &mut MissingWords) {
        for value in &self.rows.values {
            words.note(without_zeros(value.data()));
        }
    }

    fn fill(&mut self, rows: Range<usize>, position: usize, batch: &mut Batch<'_>) {
        let mut target = Target::new(batch, position, self.field);
        self.rows.each(rows, |row, value| {
            let Some(bytes) = value.map(|value| without_zeros(value.data())) else {
                return target.column.push_absent();
            };
            let known = target.know(bytes, RawAddresses::No);
            target.push(row, bytes, known);
        });
    }

    fn word(&mut self, row: usize) -> Option<Cow<'_, [u8]>> {
        let mut word = None;
        self.rows.each(row..row + 1, |_, value| {
            word = value.map(|value| without_zeros(value.data()).to_vec());
        });
        word.map(Cow::Owned)
    }
}

impl RawAddresses {
    fn of(column: &ColumnDescPtr, field: FieldId) -> Self {
        let is_untyped =
            column.logical_type_ref().is_none() && column.converted_type() == ConvertedType::NONE;
        if field.storage() == Storage::Address && is_untyped {
            Self::Unprintable
        } else {
            Self::No
        }
    }
}

/// Whether `bytes` are an address and cannot be text.
fn is_raw_address(bytes: &[u8]) -> bool {
    matches!(bytes.len(), 4 | 16) && !is_printable(bytes)
}

/// The address of which `bytes` are not the text.
fn raw_address(bytes: &[u8], raw_addresses: RawAddresses) -> Option<Address> {
    let is_raw = match raw_addresses {
        RawAddresses::No => false,
        RawAddresses::Unprintable => is_raw_address(bytes),
        // Four characters may be an IPv4 address, but sixteen are no IPv6 address that is in use.
        RawAddresses::Yes => bytes.len() == 4 || is_raw_address(bytes),
    };
    if !is_raw || missing::is_missing_unless_text(bytes) {
        return None;
    }
    let address = bytes_value::address(bytes)?;
    let is_text = str::from_utf8(bytes).is_ok_and(|text| text.parse::<Address>().is_ok());
    (!is_text).then_some(address)
}

/// Puts an IPv6 address, as its bytes, into a column.
fn push_bytes(column: &mut ColumnBuilder, bytes: &[u8]) {
    match bytes_value::address(bytes) {
        Some(address) => column.push_address(address),
        None => column.push_absent(),
    }
}

/// Finds out what a word of `field` is; `words` are those of a text field.
fn know(bytes: &[u8], field: FieldId, words: Option<&mut WordCache>) -> Known {
    let is_missing = match words {
        Some(_) => missing::is_missing(bytes),
        None => missing::is_missing_unless_text(bytes),
    };
    if is_missing {
        return Known::Missing;
    }
    let text = str::from_utf8(bytes).ok();
    let Some(word) = text.filter(|text| text.len() <= MAX_WORD_BYTES && !has_control(text)) else {
        return Known::Irregular;
    };
    if let Some(words) = words {
        return if account::is_account(field) && account::of_number(word).is_some() {
            Known::Irregular
        } else {
            Known::Narrow(words.code_of(word))
        };
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
