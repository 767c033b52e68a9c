//! Parses a row with quotation marks, which may have line ends within them.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};
use memchr::{memchr, memchr_iter};

use crate::ingest::text::piece::LINE_BYTES;

/// A row that is being parsed.
pub(super) struct Row {
    reader: Reader,
    /// How many bytes of it have been read.
    pub(super) read: usize,
    text: Vec<u8>,
    ends: Vec<usize>,
    text_used: usize,
    ends_used: usize,
}

/// What there is of a row.
pub(super) enum Taken {
    /// So many bytes.
    Row(usize),
    /// More bytes are needed.
    Hungry,
    /// A quotation mark opens what nothing closes.
    Open,
}

impl Row {
    /// With this separator.
    pub(super) fn new(separator: u8) -> Self {
        let reader = ReaderBuilder::new()
            .delimiter(separator)
            .terminator(Terminator::Any(b'\n'))
            .build();
        Self {
            reader,
            read: 0,
            text: vec![0; 1024],
            ends: vec![0; 64],
            text_used: 0,
            ends_used: 0,
        }
    }

    /// Begins with another row.
    pub(super) fn reset(&mut self) {
        self.reader.reset();
        self.read = 0;
        self.text_used = 0;
        self.ends_used = 0;
    }

    /// Goes on with the row that `data` begins with.
    pub(super) fn take(&mut self, data: &[u8], is_over: bool) -> Taken {
        loop {
            if self.read > LINE_BYTES {
                return Taken::Open;
            }
            let rest = &data[self.read..];
            if rest.is_empty() && !is_over {
                return Taken::Hungry;
            }
            let (result, read, written, ends) = self.reader.read_record(
                rest,
                &mut self.text[self.text_used..],
                &mut self.ends[self.ends_used..],
            );
            self.read += read;
            self.text_used += written;
            self.ends_used += ends;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.text.resize(self.text.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record | ReadRecordResult::End => {
                    // At the end of the file an open quotation mark is closed by nothing.
                    let is_open = rest.is_empty() && is_over && self.is_open(data);
                    return if is_open {
                        Taken::Open
                    } else {
                        Taken::Row(self.read)
                    };
                }
            }
        }
    }

    /// Whether a row that came to the end of the file lacks a quotation mark.
    fn is_open(&self, data: &[u8]) -> bool {
        let row = &data[..self.read];
        memchr(b'\n', row).is_some() || memchr_iter(b'"', row).count() % 2 == 1
    }

    /// The values. A carriage return before the line end is none of them.
    pub(super) fn values(&self) -> Vec<&[u8]> {
        let ends = &self.ends[..self.ends_used];
        let begins = [0].into_iter().chain(ends.iter().copied());
        let values = begins.zip(ends).map(|(begin, end)| &self.text[begin..*end]);
        let mut values: Vec<&[u8]> = values.collect();
        if let Some(last) = values.last_mut() {
            *last = last.strip_suffix(b"\r").unwrap_or(last);
        }
        values
    }
}
