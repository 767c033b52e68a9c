//! What every format of rows does: takes bytes in any portions and writes a line for each event or row.

use std::fmt;

use crate::ingest::source::decode::End;
use crate::ingest::text::layouts::EVENT_TIME;
use crate::ingest::text::piece::Piece;

use super::log_groups::LogGroups;
use super::unsupported::Unsupported;
use crate::ingest::text::value::Doubt;
use crate::schema::FieldId;
use crate::store::source::REJECT_BYTES;
use crate::store::{ReadProblem, RejectReason};

/// How many bytes are asked for at once.
const ASKED: usize = 1 << 17;

/// A reader of a format whose rows are not lines of text.
pub(crate) trait RowReader: Send {
    /// The bytes that wait to be read.
    fn input(&mut self) -> &mut InputBuffer;

    /// Writes rows until `out` is full or more bytes are needed.
    fn read(&mut self, out: &mut Piece);

    /// Writes what waits for more bytes although it is whole, at the end of a file that may grow.
    fn settle(&mut self, _out: &mut Piece) {}

    /// Writes what is left when there will be no more bytes.
    fn finish(&mut self, end: &End, out: &mut Piece);

    /// Whether more bytes would complete something that has begun.
    fn is_open(&self) -> bool;

    /// The name of the format, as exactly as it is known by now.
    fn format(&self) -> &'static str;

    /// How many events had ids that were seen before.
    fn duplicates(&self) -> u64 {
        0
    }

    /// What had to be assumed of values when rows were written: the field, and a word that stands for others like it.
    fn doubts(&self) -> Vec<(FieldId, Doubt, String)> {
        Vec::new()
    }

    /// What is unusual in the rows so far but no error.
    fn warnings(&self) -> Vec<String> {
        Vec::new()
    }

    /// The log groups of events whose records do not keep them.
    fn log_groups(&self) -> Option<&LogGroups> {
        None
    }

    /// Where the content ends early or is not valid, if it is so.
    fn problem(&self) -> Option<ReadProblem> {
        None
    }

    /// What the file is, once that turns out to be nothing with records. Nothing more is read then.
    fn unsupported(&self) -> Option<Unsupported>;

    /// What the file is, where it was read to its end and had no records.
    fn without_records(&self) -> Option<Unsupported> {
        None
    }
}

impl fmt::Debug for dyn RowReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.format())
    }
}

/// Bytes that have come and have not been used up.
#[derive(Debug, Default)]
pub(crate) struct InputBuffer {
    bytes: Vec<u8>,
    begin: usize,
    end: usize,
    /// How many bytes have been used up.
    used: u64,
}

impl InputBuffer {
    pub(crate) fn data(&self) -> &[u8] {
        &self.bytes[self.begin..self.end]
    }

    /// How many bytes came before what there is.
    pub(crate) fn used(&self) -> u64 {
        self.used
    }

    /// Uses up `count` bytes.
    pub(crate) fn take(&mut self, count: usize) {
        self.begin += count;
        self.used += count as u64;
    }

    /// Room for more.
    pub(crate) fn room(&mut self) -> &mut [u8] {
        if self.begin > 0 {
            self.bytes.copy_within(self.begin..self.end, 0);
            self.end -= self.begin;
            self.begin = 0;
        }
        if self.bytes.len() < self.end + ASKED / 2 {
            self.bytes.resize(self.end + ASKED, 0);
        }
        &mut self.bytes[self.end..]
    }

    /// Says that `count` bytes have been put into the room.
    pub(crate) fn put(&mut self, count: usize) {
        self.end += count;
    }

    /// Gives back the memory of what has been used up.
    pub(crate) fn shrink(&mut self) {
        self.bytes = self.data().to_vec();
        self.end -= self.begin;
        self.begin = 0;
    }

    /// Rejects what has come and cannot be completed any more.
    pub(crate) fn reject_rest(&self, out: &mut Piece) {
        let rest = self.data();
        if !rest.is_empty() {
            let text = &rest[..rest.len().min(REJECT_BYTES)];
            out.push_reject(RejectReason::CutOff, text);
        }
    }

    /// Adds bytes.
    pub(crate) fn extend(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let room = self.room();
            let count = room.len().min(bytes.len());
            room[..count].copy_from_slice(&bytes[..count]);
            self.put(count);
            bytes = &bytes[count..];
        }
    }
}

/// The name of the column of what stands under `text`: without the mark of Logs Insights, and in one word.
/// [`EVENT_TIME`] keeps its mark, since it may stand in for the time of a record.
pub(crate) fn column_name(text: &str) -> String {
    if text == EVENT_TIME {
        return text.to_owned();
    }
    let letter = |c: char| {
        if c.is_whitespace() || c.is_control() {
            '_'
        } else {
            c
        }
    };
    text.strip_prefix('@')
        .unwrap_or(text)
        .chars()
        .map(letter)
        .collect()
}
