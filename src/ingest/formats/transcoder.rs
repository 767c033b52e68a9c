//! Makes lines of files that are no lines: one for each event or row, whatever the pieces in which bytes come.

use std::fmt;

use super::csv::Csv;
use super::feed::PIECE_BYTES;
use super::json::Json;
use super::sniff::Unsupported;
use crate::ingest::source::decode::End;
use crate::store::ReadProblem;

/// How many bytes are asked for at once.
const ASKED: usize = 1 << 17;

/// What reads a file that is no text.
pub(crate) enum Transcoder {
    /// Documents and rows of JSON.
    Json(Box<Json>),
    /// Rows of a table.
    Csv(Box<Csv>),
}

/// Bytes that have come and have not been used up.
#[derive(Debug, Default)]
pub(crate) struct Input {
    bytes: Vec<u8>,
    begin: usize,
    end: usize,
    /// How many bytes have been used up.
    used: u64,
}

impl Input {
    /// What there is.
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
    fn shrink(&mut self) {
        self.bytes = self.data().to_vec();
        self.end -= self.begin;
        self.begin = 0;
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

impl Transcoder {
    /// The bytes that wait to be read.
    pub(crate) fn input(&mut self) -> &mut Input {
        match self {
            Self::Json(json) => &mut json.input,
            Self::Csv(csv) => &mut csv.input,
        }
    }

    /// Writes lines until there are enough, and says whether it stopped for that; else it wants more bytes.
    pub(crate) fn run(&mut self, out: &mut Vec<u8>) -> bool {
        match self {
            Self::Json(json) => json.run(out, false),
            Self::Csv(csv) => csv.run(out, false),
        }
        out.len() >= PIECE_BYTES
    }

    /// Writes what is left when there will be no more bytes.
    pub(crate) fn finish(&mut self, end: &End, out: &mut Vec<u8>) {
        match self {
            Self::Json(json) => json.finish(end, out),
            Self::Csv(csv) => csv.finish(end, out),
        }
    }

    /// Whether it is in the middle of something that more bytes would end.
    pub(crate) fn is_open(&self) -> bool {
        match self {
            Self::Json(json) => json.is_open(),
            Self::Csv(csv) => !csv.input.data().is_empty(),
        }
    }

    /// The same, of a file that may grow: it takes little memory until more comes.
    pub(crate) fn waiting(mut self) -> Self {
        self.input().shrink();
        self
    }

    /// The name of what it turned out to be.
    pub(crate) fn format(&self) -> &'static str {
        match self {
            Self::Json(json) => json.format(),
            Self::Csv(csv) => csv.format(),
        }
    }

    /// How many events were met before.
    pub(crate) fn duplicates(&self) -> u64 {
        match self {
            Self::Json(json) => json.duplicates(),
            Self::Csv(_) => 0,
        }
    }

    /// Where it breaks off, if it does.
    pub(crate) fn problem(&self) -> Option<ReadProblem> {
        match self {
            Self::Json(json) => json.problem(),
            Self::Csv(_) => None,
        }
    }

    /// What it is, where that is nothing to read.
    pub(crate) fn foreign(&self) -> Option<Unsupported> {
        match self {
            Self::Json(json) => json.foreign(),
            Self::Csv(csv) => csv.foreign.clone(),
        }
    }

    /// What it is, where nothing of it could be read although it went on.
    pub(crate) fn unread(&self) -> Option<Unsupported> {
        match self {
            Self::Json(json) => json.unread(),
            Self::Csv(_) => None,
        }
    }
}

impl fmt::Debug for Transcoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.format())
    }
}
