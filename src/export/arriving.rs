//! Writes records that arrive in parts; each part is flushed before the next one.

use std::io;
use std::io::Write;

use super::lines::Lines;
use super::{Format, Records, RowWriter, Spelling, row_writer};
use crate::schema::FieldId;
use crate::store::{RowId, Store};

/// Writes parts of records, all with the columns that the first part has.
pub struct Arriving<'a> {
    fields: Vec<FieldId>,
    spelling: Spelling,
    writer: Writer<'a>,
}

enum Writer<'a> {
    Rows(Box<dyn RowWriter + 'a>),
    Lines(Lines, Box<dyn Write + 'a>, bool),
}

impl<'a> Arriving<'a> {
    /// Writes to `out` the columns of `records`, whose catalog all later parts must have. `terminal` says whether `out`
    /// is one.
    pub fn new(
        records: &Records<'_>,
        format: Format,
        out: Box<dyn Write + 'a>,
        terminal: bool,
    ) -> io::Result<Self> {
        let writer = if format == Format::Lines {
            Writer::Lines(Lines::default(), out, terminal)
        } else {
            Writer::Rows(row_writer(format, records.columns(), out, terminal)?)
        };
        Ok(Self {
            fields: records.fields.clone(),
            spelling: records.spelling,
            writer,
        })
    }

    /// Writes `rows` of `store`, which need not be the store of the part before but has to have its catalog.
    /// Gives how many there were.
    pub fn write(&mut self, store: &Store, rows: impl Iterator<Item = RowId>) -> io::Result<u64> {
        match &mut self.writer {
            Writer::Rows(writer) => {
                let records = Records {
                    store,
                    fields: self.fields.clone(),
                    spelling: self.spelling,
                };
                let count = records.write(rows, writer.as_mut())?;
                writer.flush()?;
                Ok(count)
            }
            Writer::Lines(lines, out, terminal) => lines.write(store, rows, out, *terminal),
        }
    }
}
