//! Rows as aligned columns under their names, for people.
//!
//! Widths are measured over the first rows; a longer value that comes later is not cut, but shifts the rest of its line.

use std::io;
use std::io::BufWriter;
use std::io::Write;

use unicode_width::UnicodeWidthStr;

use super::{Column, RowWriter, Value};
use crate::format;

/// How many rows are buffered and measured.
const MEASURED_ROWS: usize = 1000;
/// Longer values do not widen their column.
const MAX_ALIGNED_COLUMNS: usize = 256;
/// Separates two columns.
const GAP: &str = "  ";

/// Writes rows as a table. Without rows it writes nothing.
pub struct Table<'a> {
    out: BufWriter<Box<dyn Write + 'a>>,
    columns: Vec<Column>,
    widths: Vec<usize>,
    held: Vec<Vec<String>>,
    measured: bool,
}

impl<'a> Table<'a> {
    /// A writer to `out`.
    pub fn new(columns: Vec<Column>, out: Box<dyn Write + 'a>) -> Self {
        Self {
            out: BufWriter::new(out),
            widths: vec![0; columns.len()],
            columns,
            held: Vec::new(),
            measured: false,
        }
    }

    /// Writes the heading and the buffered rows, in columns that fit them.
    fn release(&mut self) -> io::Result<()> {
        self.measured = true;
        let held = std::mem::take(&mut self.held);
        let heading: Vec<String> = self
            .columns
            .iter()
            .map(|column| format::visible(&column.name).into_owned())
            .collect();
        for row in std::iter::once(&heading).chain(&held) {
            for (width, cell) in self.widths.iter_mut().zip(row) {
                *width = cell.width().min(MAX_ALIGNED_COLUMNS).max(*width);
            }
        }
        self.line(&heading)?;
        for row in &held {
            self.line(row)?;
        }
        Ok(())
    }

    fn pad(&mut self, columns: usize) -> io::Result<()> {
        // Widths in format strings have an upper limit.
        for _ in 0..columns {
            self.out.write_all(b" ")?;
        }
        Ok(())
    }

    fn line(&mut self, cells: &[String]) -> io::Result<()> {
        let last = cells.len().saturating_sub(1);
        for (index, cell) in cells.iter().enumerate() {
            if index > 0 {
                self.out.write_all(GAP.as_bytes())?;
            }
            let padding = self.widths[index].saturating_sub(cell.width());
            if self.columns[index].numeric {
                self.pad(padding)?;
            }
            self.out.write_all(cell.as_bytes())?;
            if !self.columns[index].numeric && index < last {
                self.pad(padding)?;
            }
        }
        self.out.write_all(b"\n")
    }
}

impl RowWriter for Table<'_> {
    fn row(&mut self, values: &[Value<'_>]) -> io::Result<()> {
        let cells: Vec<String> = values
            .iter()
            .map(|value| format::visible(&value.to_string()).into_owned())
            .collect();
        if self.measured {
            return self.line(&cells);
        }
        self.held.push(cells);
        if self.held.len() == MEASURED_ROWS {
            self.release()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.measured && !self.held.is_empty() {
            self.release()?;
        }
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.flush()
    }
}
