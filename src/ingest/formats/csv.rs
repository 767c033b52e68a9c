//! Reads tables with a separator between values: CSV, also with semicolons or tabs.
//!
//! Most lines are simple: only their separators are replaced by spaces, and their values reproduce them. Others are
//! parsed with `csv-core` and keep their original.

mod cells;
mod header;
mod headless;
mod notation;
mod recognize;
mod row;
mod simple;
mod table;
#[cfg(test)]
mod tests;

use memchr::memchr;

use super::log_groups::LogGroups;
use super::row_reader::{InputBuffer, RowReader};
use super::unsupported::Unsupported;
use crate::ingest::source::decode::End;
use crate::ingest::text::layouts::log_formats::FileOrder;
use crate::ingest::text::piece::{LINE_BYTES, Piece};
use crate::ingest::text::value::Doubt;
use crate::schema::FieldId;
use crate::store::RejectReason;
use crate::store::source::REJECT_BYTES;
use header::{Header, Rows};
use recognize::named_separator;
pub(crate) use recognize::{is_enough, recognize};
use row::{Row, Taken};
use table::{Ahead, Rest, Table};

/// A reader of a table.
pub(crate) struct Csv {
    /// The bytes that wait to be read.
    input: InputBuffer,
    /// Whether the rest of a line that is too long is being skipped.
    is_skipping: bool,
    row: Row,
    table: Table,
}

impl Csv {
    /// At the beginning of a table with this separator; `order` is that of the fields, for a table without a header.
    pub(crate) fn new(separator: u8, order: Option<FileOrder>) -> Self {
        Self {
            input: InputBuffer::default(),
            is_skipping: false,
            row: Row::new(separator),
            table: Table::new(separator, order),
        }
    }

    /// Writes rows until `out` is full or more bytes are needed.
    fn run(&mut self, out: &mut Piece, rest: Rest) {
        let mut input = std::mem::take(&mut self.input);
        while (rest == Rest::Nothing || !out.is_full()) && self.table.unsupported.is_none() {
            let ahead = Ahead {
                data: input.data(),
                offset: input.used(),
                rest,
            };
            let used = self.line(ahead, out);
            if used == 0 {
                break;
            }
            input.take(used);
        }
        self.input = input;
    }

    /// Writes the row that the bytes begin with, and says how many bytes it has; 0 where there are too few.
    fn line(&mut self, ahead: Ahead<'_>, out: &mut Piece) -> usize {
        let data = ahead.data;
        let is_over = ahead.rest == Rest::Nothing;
        if data.is_empty() {
            return 0;
        }
        let end = memchr(b'\n', data);
        if self.is_skipping {
            self.is_skipping = end.is_none();
            return end.map_or(data.len(), |end| end + 1);
        }
        let line = match end {
            Some(end) => &data[..end],
            None if is_over => data,
            None if data.len() > LINE_BYTES => {
                self.is_skipping = true;
                out.push_reject(RejectReason::LineTooLong, &data[..REJECT_BYTES]);
                return data.len();
            }
            None => return 0,
        };
        let whole = line.len() + usize::from(end.is_some());
        if self.row.read == 0 && self.is_written(line, out) {
            return whole;
        }
        match self.row.take(data, is_over) {
            Taken::Hungry => 0,
            Taken::Open => {
                // A quotation mark that nothing closes would take the rest of the file with it.
                let text = &line[..line.len().min(REJECT_BYTES)];
                out.push_reject(RejectReason::OpenQuote, text);
                self.row.reset();
                whole
            }
            Taken::Row(used) => {
                let used = used.max(1);
                let is_read = self.table.values(&self.row, used, ahead, out);
                self.row.reset();
                if is_read { used } else { 0 }
            }
        }
    }

    /// Writes a line that need not be taken apart, if it is such a line.
    fn is_written(&mut self, line: &[u8], out: &mut Piece) -> bool {
        if self.table.write_simple(line, out) {
            return true;
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            out.text.push(b'\n');
        } else if line[0] == b'#' || self.table.header.is_none() && named_separator(line).is_some()
        {
            out.text.extend_from_slice(b"#\n");
        } else {
            return false;
        }
        true
    }
}

impl RowReader for Csv {
    fn input(&mut self) -> &mut InputBuffer {
        &mut self.input
    }

    fn read(&mut self, out: &mut Piece) {
        self.run(out, Rest::More);
    }

    fn settle(&mut self, out: &mut Piece) {
        self.run(out, Rest::Later);
    }

    fn finish(&mut self, end: &End, out: &mut Piece) {
        match end {
            End::Stopped => {}
            End::Whole | End::BadChecksum(_) => {
                self.run(out, Rest::Nothing);
            }
            End::Truncated(_) | End::Corrupt(..) | End::Unsupported(..) | End::Failed(_) => {
                if !self.is_skipping {
                    self.input.reject_rest(out);
                }
            }
        }
    }

    fn is_open(&self) -> bool {
        !self.input.data().is_empty()
    }

    fn format(&self) -> &'static str {
        match &self.table.header {
            Some(Header {
                rows: Rows::Messages(_) | Rows::Records,
                ..
            }) => "csv-messages",
            _ => "csv",
        }
    }

    fn doubts(&self) -> Vec<(FieldId, Doubt, String)> {
        self.table.cells.doubts()
    }

    fn warnings(&self) -> Vec<String> {
        self.table.warnings()
    }

    fn log_groups(&self) -> Option<&LogGroups> {
        Some(&self.table.log_groups)
    }

    fn unsupported(&self) -> Option<Unsupported> {
        self.table.unsupported.clone()
    }
}
