//! Reads tables with a separator between values: CSV, also with semicolons or tabs.
//!
//! A plain line, which is what most are, has its separators replaced by spaces and nothing else; its values
//! give it back. Every other goes the long way and takes its original along.

pub(crate) mod header;
mod row;
mod simple;
#[cfg(test)]
mod tests;

use memchr::memchr;

use super::feed::PIECE_BYTES;
use super::rows;
use super::sniff::Unsupported;
use super::transcoder::Input;
use crate::ingest::source::decode::End;
use crate::ingest::text::parse::LINE_BYTES;
use crate::ingest::text::value;
use crate::store::RejectReason;
use crate::store::source::REJECT_BYTES;
use header::Head;
pub(crate) use header::recognise;
use row::{Row, Taken};

/// A reader of a table.
pub(crate) struct Csv {
    /// The bytes that wait to be read.
    pub(crate) input: Input,
    separator: u8,
    /// What the columns are, once the header has been read.
    head: Option<Head>,
    /// Whether the rest of a line that is too long is to be passed over.
    is_skipping: bool,
    row: Row,
    /// What it is, where its header shows that it has no records.
    pub(crate) foreign: Option<Unsupported>,
}

impl Csv {
    /// At the beginning of a table with this separator.
    pub(crate) fn new(separator: u8) -> Self {
        Self {
            input: Input::default(),
            separator,
            head: None,
            is_skipping: false,
            row: Row::new(separator),
            foreign: None,
        }
    }

    /// The name of what it turned out to be.
    pub(crate) fn format(&self) -> &'static str {
        match &self.head {
            Some(Head {
                message: Some(_), ..
            }) => "csv-messages",
            _ => "csv",
        }
    }

    /// Writes lines until there are enough or more bytes are needed. Where `is_over`, there will be none.
    pub(crate) fn run(&mut self, out: &mut Vec<u8>, is_over: bool) {
        let mut input = std::mem::take(&mut self.input);
        while out.len() < PIECE_BYTES && self.foreign.is_none() {
            let used = self.line(input.data(), is_over, out);
            if used == 0 {
                break;
            }
            input.take(used);
        }
        self.input = input;
    }

    /// Writes what is left when there will be no more bytes.
    pub(crate) fn finish(&mut self, end: &End, out: &mut Vec<u8>) {
        match end {
            End::Stopped => {}
            End::Whole | End::BadChecksum => {
                self.run(out, true);
                while !self.input.data().is_empty() && self.foreign.is_none() {
                    self.run(out, true);
                }
            }
            End::Truncated | End::Corrupt(_) | End::Failed(_) => {
                let rest = self.input.data();
                if !rest.is_empty() && !self.is_skipping {
                    let text = &rest[..rest.len().min(REJECT_BYTES)];
                    rows::write_reject(&RejectReason::CutOff, text, out);
                }
            }
        }
    }

    /// Writes the row that `data` begins with, and says how many bytes it has; 0 where there are too few.
    fn line(&mut self, data: &[u8], is_over: bool, out: &mut Vec<u8>) -> usize {
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
                rows::write_reject(&RejectReason::LineTooLong, &data[..REJECT_BYTES], out);
                return data.len();
            }
            None => return 0,
        };
        let whole = line.len() + usize::from(end.is_some());
        if self.row.read == 0 {
            if let Some(head) = &self.head
                && head.foreign.is_none()
                && head.is_plain(line)
            {
                head.write_plain(line, out);
                return whole;
            }
            if is_white(line) {
                out.push(b'\n');
                return whole;
            }
            if line[0] == b'#' {
                out.extend_from_slice(b"#\n");
                return whole;
            }
        }
        match self.row.take(data, is_over) {
            Taken::Hungry => 0,
            Taken::Open => {
                // A quotation mark that nothing closes would take the rest of the file with it.
                let text = &line[..line.len().min(REJECT_BYTES)];
                rows::write_reject(&RejectReason::OpenQuote, text, out);
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
    fn values(&mut self, original: &[u8], data: &[u8], out: &mut Vec<u8>) {
        let values = self.row.values();
        let known = self.head.as_ref();
        if let Some(head) = Head::of(&values, original, self.separator, data)
            && known.is_none_or(|known| head.follows(known))
        {
            match &head.foreign {
                None => head.write_header(original, out),
                // What came before was read, and more may follow.
                Some(foreign) if known.is_some() => {
                    rows::write_reject(&foreign.reason(), original, out);
                }
                Some(foreign) => self.foreign = Some(foreign.clone()),
            }
            self.head = Some(head);
            return;
        }
        let head = self.head.get_or_insert_with(|| {
            let head = Head::without(self.separator, original);
            head.write_layout(out);
            head
        });
        if let Some(foreign) = &head.foreign {
            rows::write_reject(&foreign.reason(), original, out);
            return;
        }
        if original
            .iter()
            .any(|byte| matches!(byte, 0 | rows::LINE_END..=rows::BETWEEN))
        {
            rows::write_reject(&RejectReason::ControlCharacter, original, out);
            return;
        }
        if let Some(message) = head.message {
            match values.get(message) {
                Some(text) if values.len() == head.columns => rows::write_message(text, out),
                _ if values.len() > head.columns => {
                    rows::write_reject(&RejectReason::TooManyFields, original, out);
                }
                _ => rows::write_reject(&RejectReason::TooFewFields, original, out),
            }
            return;
        }
        out.push(rows::ROW);
        let mut is_next = false;
        for (index, text) in values.iter().enumerate() {
            if head.dropped.contains(&index) {
                continue;
            }
            if std::mem::replace(&mut is_next, true) {
                out.push(rows::BETWEEN);
            }
            let text = text.trim_ascii();
            let text = if value::is_nothing(text) { b"-" } else { text };
            rows::write_text(text, out);
        }
        out.push(rows::BEHIND);
        rows::write_original(original, out);
        out.push(b'\n');
    }
}

fn is_white(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}
