//! Reads tables with a separator between values: CSV, also with semicolons or tabs.
//!
//! Most lines are simple: only their separators are replaced by spaces, and their values reproduce them. Others are
//! parsed with `csv-core` and keep their original.

mod cells;
pub(crate) mod header;
mod row;
mod simple;
#[cfg(test)]
mod tests;

use memchr::memchr;

use super::row_reader::{InputBuffer, RowReader};
use super::unsupported::Unsupported;
use crate::ingest::source::decode::End;
use crate::ingest::text::piece::{LINE_BYTES, Piece};
use crate::ingest::text::value::Doubt;
use crate::schema::FieldId;
use crate::store::RejectReason;
use crate::store::source::REJECT_BYTES;
use cells::Cells;
use header::Header;
pub(crate) use header::recognize;
use row::{Row, Taken};

/// A reader of a table.
pub(crate) struct Csv {
    /// The bytes that wait to be read.
    input: InputBuffer,
    separator: u8,
    /// What the columns are, once the header has been read.
    header: Option<Header>,
    /// Whether the rest of a line that is too long is being skipped.
    is_skipping: bool,
    row: Row,
    cells: Cells,
    /// What it is, where its header shows that it has no records.
    unsupported: Option<Unsupported>,
}

impl Csv {
    /// At the beginning of a table with this separator.
    pub(crate) fn new(separator: u8) -> Self {
        Self {
            input: InputBuffer::default(),
            separator,
            header: None,
            is_skipping: false,
            row: Row::new(separator),
            cells: Cells::default(),
            unsupported: None,
        }
    }

    /// Writes rows until `out` is full or more bytes are needed; with `is_over` there are none.
    fn run(&mut self, out: &mut Piece, is_over: bool) {
        let mut input = std::mem::take(&mut self.input);
        while (is_over || !out.is_full()) && self.unsupported.is_none() {
            let used = self.line(input.data(), is_over, out);
            if used == 0 {
                break;
            }
            input.take(used);
        }
        self.input = input;
    }

    /// Writes the row that `data` begins with, and says how many bytes it has; 0 where there are too few.
    fn line(&mut self, data: &[u8], is_over: bool, out: &mut Piece) -> usize {
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
        if self.row.read == 0 {
            if let Some(header) = &mut self.header
                && header.unsupported.is_none()
                && header.is_simple(line)
            {
                header.write_simple(line, &mut out.text);
                return whole;
            }
            if is_white(line) {
                out.text.push(b'\n');
                return whole;
            }
            if line[0] == b'#' {
                out.text.extend_from_slice(b"#\n");
                return whole;
            }
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
                let original = data[..used].strip_suffix(b"\n").unwrap_or(&data[..used]);
                self.values(original, data, out);
                self.row.reset();
                used
            }
        }
    }

    /// Writes a row that was taken apart.
    fn values(&mut self, original: &[u8], data: &[u8], out: &mut Piece) {
        let values = self.row.values();
        let known = self.header.as_ref();
        if let Some(header) = Header::of(&values, original, self.separator, data)
            && known.is_none_or(|known| header.follows(known))
        {
            match &header.unsupported {
                None => out.push_header(header.columns(Some(original))),
                // What came before was read, and more may follow.
                Some(unsupported) if known.is_some() => {
                    out.push_reject(unsupported.reason(), original);
                }
                Some(unsupported) => self.unsupported = Some(unsupported.clone()),
            }
            self.cells.set_columns(header.kept_names());
            self.header = Some(header);
            return;
        }
        let header = self.header.get_or_insert_with(|| {
            let header = Header::without(self.separator, original);
            out.push_layout(header.columns(None));
            self.cells.set_columns(header.kept_names());
            header
        });
        if let Some(unsupported) = &header.unsupported {
            out.push_reject(unsupported.reason(), original);
            return;
        }
        if original.iter().any(|byte| matches!(byte, 0 | 0x1d..=0x1f)) {
            out.push_reject(RejectReason::ControlCharacter, original);
            return;
        }
        if let Some(message) = header.message {
            match values.get(message) {
                Some(text) if values.len() == header.columns => out.push_message(text),
                _ if values.len() > header.columns => {
                    out.push_reject(RejectReason::TooManyFields, original);
                }
                _ => out.push_reject(RejectReason::TooFewFields, original),
            }
            return;
        }
        let kept = values.iter().enumerate();
        let kept = kept.filter(|(index, _)| !header.dropped.contains(index));
        let cells = self.cells.read(kept.map(|(_, text)| *text));
        out.push_row(cells.iter().map(AsRef::as_ref), Some(original));
    }
}

impl RowReader for Csv {
    fn input(&mut self) -> &mut InputBuffer {
        &mut self.input
    }

    fn read(&mut self, out: &mut Piece) {
        self.run(out, false);
    }

    fn finish(&mut self, end: &End, out: &mut Piece) {
        match end {
            End::Stopped => {}
            End::Whole | End::BadChecksum(_) => {
                self.run(out, true);
            }
            End::Truncated(_) | End::Corrupt(..) | End::Unsupported(..) | End::Failed(_) => {
                let rest = self.input.data();
                if !rest.is_empty() && !self.is_skipping {
                    let text = &rest[..rest.len().min(REJECT_BYTES)];
                    out.push_reject(RejectReason::CutOff, text);
                }
            }
        }
    }

    fn is_open(&self) -> bool {
        !self.input.data().is_empty()
    }

    fn format(&self) -> &'static str {
        match &self.header {
            Some(Header {
                message: Some(_), ..
            }) => "csv-messages",
            _ => "csv",
        }
    }

    fn doubts(&self) -> Vec<(FieldId, Doubt, String)> {
        self.cells.doubts()
    }

    fn warnings(&self) -> Vec<String> {
        self.cells.warnings()
    }

    fn unsupported(&self) -> Option<Unsupported> {
        self.unsupported.clone()
    }
}

fn is_white(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}
