//! Rows as comma-separated values.
//!
//! A missing value is an empty cell. Text that a spreadsheet would take for a formula, which is text that
//! begins with `=`, `+`, `-`, `@`, a tab or a carriage return, gets a `'` in front; numbers and addresses
//! never begin so. Text that would be such a text without its own `'` gets another one, so that both can be read again.

use std::borrow::Cow;
use std::io;
use std::io::Write;

use super::{Column, RowWriter, Value};
use crate::format;

/// Writes rows as CSV.
pub struct Rows<'a> {
    out: ::csv::Writer<Box<dyn Write + 'a>>,
    terminal: bool,
    /// Where a number or an address is printed before it becomes a cell.
    cell: Vec<u8>,
}

impl<'a> Rows<'a> {
    /// A writer to `out`, which is a terminal or is not; writes the heading.
    pub fn new(columns: &[Column], out: Box<dyn Write + 'a>, terminal: bool) -> io::Result<Self> {
        let mut rows = Self {
            out: ::csv::WriterBuilder::new()
                .buffer_capacity(1 << 16)
                .from_writer(out),
            terminal,
            cell: Vec::new(),
        };
        for column in columns {
            rows.text(&column.name)?;
        }
        rows.end()?;
        Ok(rows)
    }

    fn text(&mut self, text: &str) -> io::Result<()> {
        let guarded = guard(text);
        let shown = if self.terminal {
            format::visible(&guarded)
        } else {
            Cow::Borrowed(guarded.as_ref())
        };
        self.out.write_field(shown.as_bytes()).map_err(plain)
    }

    fn end(&mut self) -> io::Result<()> {
        self.out.write_record(None::<&[u8]>).map_err(plain)
    }
}

impl RowWriter for Rows<'_> {
    fn row(&mut self, values: &[Value<'_>]) -> io::Result<()> {
        for value in values {
            match value {
                Value::Missing => self.out.write_field([]).map_err(plain)?,
                Value::Text(text) => self.text(text)?,
                Value::Number(number) => {
                    self.cell.clear();
                    format::push_decimal(*number, &mut self.cell);
                    self.out.write_field(&self.cell).map_err(plain)?;
                }
                Value::Address(address) => {
                    self.cell.clear();
                    address.push_to(&mut self.cell);
                    self.out.write_field(&self.cell).map_err(plain)?;
                }
            }
        }
        self.end()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// `text` as a spreadsheet shows it without running it.
fn guard(text: &str) -> Cow<'_, str> {
    let is_formula = |text: &str| text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if is_formula(text.trim_start_matches('\'')) {
        return Cow::Owned(format!("'{text}"));
    }
    Cow::Borrowed(text)
}

/// The error of the stream below, so that a broken pipe is still known as one.
fn plain(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
