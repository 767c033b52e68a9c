//! Records as rows of values.

use std::collections::HashSet;
use std::io;
use std::io::Write;
use std::sync::Arc;

use super::lines::Lines;
use super::parquet::{self, Physical};
use super::{Column, Format, RowWriter, Value, computed, row_writer};
use crate::format;
use crate::schema::formats::MAIN_FIELDS;
use crate::schema::{FieldId, Kind, ParquetType, id, protocol};
use crate::store;
use crate::store::{Cell, RowId, Store};

/// How values are spelled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spelling {
    /// Times in ISO 8601 instead of epoch seconds.
    pub iso: bool,
    /// For people: times as date and time, protocols by name, headings as flow logs name the fields.
    pub readable: bool,
}

/// Which columns of which store are written, and how.
#[derive(Clone, Debug)]
pub struct Records<'a> {
    /// Where the records are.
    pub store: &'a Store,
    /// The columns, computed ones included; of those only the ones that have a single value.
    pub fields: Vec<FieldId>,
    /// How values are spelled.
    pub spelling: Spelling,
}

/// The default columns of a table: the [`MAIN_FIELDS`] that the files of `store` have, or all fields if they have few
/// of those.
pub fn table_fields(store: &Store) -> Vec<FieldId> {
    let known = store.fields();
    let main: Vec<FieldId> = MAIN_FIELDS
        .into_iter()
        .filter(|field| known.contains(field))
        .collect();
    if main.len() < MAIN_FIELDS.len() / 2 {
        return known;
    }
    main
}

/// Every field of the files of `store`, then the file and the line of each record.
pub fn every_field(store: &Store) -> Vec<FieldId> {
    let mut fields = store.fields();
    fields.extend([id::FILE, id::LINE]);
    fields
}

/// Whether a record has at most one value of `field`, so that it can be a column.
pub fn is_single(field: FieldId) -> bool {
    field.either().is_none() && field != id::TIME
}

/// Writes `rows` in `format` to `out`, which is a terminal or is not. Gives how many there were.
///
/// [`Format::Lines`] gives whole lines, whatever the columns.
pub fn write_records<'a>(
    records: &'a Records<'a>,
    rows: impl Iterator<Item = RowId>,
    format: Format,
    out: Box<dyn Write + 'a>,
    terminal: bool,
) -> io::Result<u64> {
    if format == Format::Lines {
        return Lines::default().write(records.store, rows, out, terminal);
    }
    let columns = records.columns();
    let physical = records.physical();
    let records = &Records {
        spelling: match format {
            // Its times are numbers, whatever they are called.
            Format::Parquet => Spelling::default(),
            _ => records.spelling,
        },
        ..records.clone()
    };
    let mut writer: Box<dyn RowWriter + 'a> = if format == Format::Parquet {
        Box::new(parquet::Rows::new(&columns, &physical, out)?)
    } else {
        row_writer(format, columns, out, terminal)?
    };
    let count = records.write(rows, writer.as_mut())?;
    writer.finish()?;
    Ok(count)
}

/// The words of a text column by code, taken once so that no row has to take a lock.
type Words = Vec<Arc<str>>;

impl Records<'_> {
    /// The columns: AWS's Parquet names, or for people the names of text headers. A name that is there already
    /// gets a number, since an extra field may be called anything.
    pub fn columns(&self) -> Vec<Column> {
        let catalog = &self.store.catalog;
        let mut taken = HashSet::new();
        let mut columns = Vec::with_capacity(self.fields.len());
        for &field in &self.fields {
            let name = if self.spelling.readable {
                catalog.name(field)
            } else {
                catalog.column(field)
            };
            let mut unique = name.clone();
            let mut number = 2;
            while !taken.insert(unique.clone()) {
                unique = format!("{name}_{number}");
                number += 1;
            }
            columns.push(Column {
                name: unique,
                numeric: self.is_numeric(field),
                is_time: self.spelling.iso && field.kind() == Kind::Time,
            });
        }
        columns
    }

    /// About how many bytes it takes to write `rows` records as Parquet, which collects them in row groups.
    pub fn parquet_memory(&self, rows: usize) -> usize {
        parquet::memory(&self.physical(), rows)
    }

    /// Hands `rows` to `writer`. Gives how many there were.
    pub(super) fn write(
        &self,
        rows: impl Iterator<Item = RowId>,
        writer: &mut dyn RowWriter,
    ) -> io::Result<u64> {
        let words = self.words();
        let mut cursor = Cursor::default();
        let mut values = Vec::with_capacity(self.fields.len());
        let mut count = 0;
        for row in rows {
            values.clear();
            cursor.read(self, &words, row, &mut values);
            writer.row(&values)?;
            count += 1;
        }
        Ok(count)
    }

    fn is_numeric(&self, field: FieldId) -> bool {
        match field.kind() {
            Kind::Port | Kind::Number | Kind::Duration | Kind::Flags => true,
            Kind::Protocol => !self.spelling.readable,
            Kind::Time => !self.spelling.readable && !self.spelling.iso,
            Kind::Address | Kind::Choice(_) | Kind::Text => false,
        }
    }

    /// How Parquet holds the columns: with AWS's types, or wider ones where a value would not fit.
    fn physical(&self) -> Vec<Physical> {
        let largest = |field: FieldId| {
            let columns = self
                .store
                .chunks()
                .iter()
                .filter_map(|chunk| chunk.column(field));
            let ranges = columns.filter_map(|column| column.range);
            ranges.map(|(_, largest)| largest).max().unwrap_or(0)
        };
        let physical = |field: &FieldId| {
            if self.spelling.iso && field.kind() == Kind::Time {
                return Physical::Stamp;
            }
            if !self.is_numeric(*field) {
                return Physical::Text;
            }
            let largest = largest(*field);
            let is_narrow = field
                .def()
                .is_some_and(|def| def.parquet == ParquetType::Int32);
            if is_narrow && i32::try_from(largest).is_ok() {
                Physical::Int32
            } else if i64::try_from(largest).is_ok() {
                Physical::Int64
            } else {
                Physical::Unsigned
            }
        };
        self.fields.iter().map(physical).collect()
    }

    fn words(&self) -> Vec<Words> {
        let dictionaries = &self.store.catalog.dictionaries;
        let words = |field: &FieldId| match field.kind() {
            Kind::Choice(_) | Kind::Text if !field.is_computed() => {
                let dictionary = dictionaries.of(*field);
                // What is exported for programs can be read again.
                if self.spelling.readable {
                    dictionary.words()
                } else {
                    dictionary.original_words()
                }
            }
            _ => Vec::new(),
        };
        self.fields.iter().map(words).collect()
    }

    fn number(&self, field: FieldId, number: u64) -> Value<'static> {
        match field.kind() {
            Kind::Time if self.spelling.iso => Value::text(format::iso(number)),
            Kind::Time if self.spelling.readable => Value::text(format::date_time(number)),
            Kind::Protocol if self.spelling.readable => match protocol::name(number) {
                Some(name) => Value::text(name),
                None => Value::text(number.to_string()),
            },
            _ => Value::Number(number),
        }
    }
}

/// The columns of the chunk that was read last: rows mostly come chunk by chunk.
#[derive(Debug, Default)]
struct Cursor<'a> {
    chunk: Option<usize>,
    columns: Vec<Option<&'a store::Column>>,
}

impl<'a> Cursor<'a> {
    /// Appends the values of `row` to `values`.
    fn read(
        &mut self,
        records: &'a Records<'a>,
        words: &'a [Words],
        row: RowId,
        values: &mut Vec<Value<'a>>,
    ) {
        let (index, offset) = records.store.locate(row);
        if self.chunk != Some(index) {
            let chunk = &records.store.chunks()[index];
            self.chunk = Some(index);
            self.columns.clear();
            let columns = records.fields.iter().map(|field| chunk.column(*field));
            self.columns.extend(columns);
        }
        for (at, &field) in records.fields.iter().enumerate() {
            if field.is_computed() {
                values.push(computed::value(records.store, row, field));
                continue;
            }
            let cell = self.columns[at].map_or(Cell::Missing, |column| Cell::of(column, offset));
            values.push(match cell {
                Cell::Missing => Value::Missing,
                Cell::Number(number) => records.number(field, number),
                Cell::Word(code) => Value::text(words[at][code as usize].as_ref()),
                Cell::Address(address) => Value::Address(address),
            });
        }
    }
}
