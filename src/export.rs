//! Rows out: as an aligned table, CSV, JSON, JSON lines, Parquet or the original lines; to a stream or to a whole file.
//!
//! Everything streams: a row is written as soon as it is known, except that the table buffers its first rows to measure
//! them, and Parquet a row group. Text from logs cannot control a terminal: a table shows control characters, JSON
//! escapes them, and CSV and original lines stay exact unless they go to a terminal.

mod arriving;
mod computed;
pub mod csv;
pub mod file;
pub mod json;
pub mod lines;
pub mod parquet;
pub mod records;
pub mod table;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::io::Write;

pub use arriving::Arriving;
pub use records::{Records, Spelling, write_records};

use crate::schema::Address;

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Aligned columns under their names, for people.
    Table,
    /// Comma-separated values under their names.
    Csv,
    /// One JSON array of objects.
    Json,
    /// One JSON object per line.
    Ndjson,
    /// The original lines under their original header.
    Lines,
    /// Parquet, with AWS's types; no text.
    Parquet,
}

/// A value to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// No value: `null`, an empty cell, `-` in a table.
    Missing,
    /// A whole number.
    Number(u64),
    /// An address, in its canonical form.
    Address(Address),
    /// Text, as it stood in the log.
    Text(Cow<'a, str>),
}

/// A column to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The key in JSON, the heading elsewhere.
    pub name: String,
    /// Whether a table aligns the values to the right.
    pub numeric: bool,
    /// Whether the values are times in epoch seconds that a format with types of its own holds as times.
    pub is_time: bool,
}

/// Writes rows in one format.
pub trait RowWriter {
    /// Writes a row: one value for each column.
    fn row(&mut self, values: &[Value<'_>]) -> io::Result<()>;

    /// Writes what is still buffered; more rows may follow.
    fn flush(&mut self) -> io::Result<()>;

    /// Writes what is still buffered and the end of the document, and flushes.
    fn finish(&mut self) -> io::Result<()>;
}

/// A writer of rows of `columns` in `format` to `out`, which is a terminal or is not.
///
/// # Errors
///
/// Where `out` does not take the heading, and for [`Format::Lines`], which only records have.
pub fn row_writer<'a>(
    format: Format,
    columns: Vec<Column>,
    out: Box<dyn Write + 'a>,
    terminal: bool,
) -> io::Result<Box<dyn RowWriter + 'a>> {
    Ok(match format {
        Format::Table => Box::new(table::Table::new(columns, out)),
        Format::Csv => Box::new(csv::Rows::new(&columns, out, terminal)?),
        Format::Json => Box::new(json::Rows::array(&columns, out)),
        Format::Ndjson => Box::new(json::Rows::lines(&columns, out)),
        Format::Parquet => {
            let physical: Vec<_> = columns.iter().map(parquet::Physical::of).collect();
            Box::new(parquet::Rows::new(&columns, &physical, out)?)
        }
        Format::Lines => {
            let text = "only records have original lines";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
    })
}

impl<'a> Value<'a> {
    /// The text `text`.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }
}

impl From<Option<u64>> for Value<'_> {
    fn from(number: Option<u64>) -> Self {
        number.map_or(Self::Missing, Self::Number)
    }
}

impl fmt::Display for Value<'_> {
    /// The value as a flow log prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("-"),
            Self::Number(number) => number.fmt(f),
            Self::Address(address) => address.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl Column {
    /// A column of numbers.
    pub fn number(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            numeric: true,
            is_time: false,
        }
    }

    /// A column of text.
    pub fn text(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            numeric: false,
            is_time: false,
        }
    }
}
