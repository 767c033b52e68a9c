//! How the reading of a file ended, and how it goes on when the file grows.

use super::row_reader::RowReader;
use super::unsupported::Unsupported;
use crate::ingest::source::decode::End;
use crate::ingest::text::value::Doubt;
use crate::schema::FieldId;
use crate::store::{Compression, ReadProblem};

/// How a file ended, and what it was.
pub(crate) struct Outcome {
    pub(crate) end: End,
    pub(crate) warnings: Vec<String>,
    /// What had to be assumed of values: the field, and a word that stands for others like it.
    pub(crate) doubts: Vec<(FieldId, Doubt, String)>,
    /// The name of the format.
    pub(crate) format: &'static str,
    /// How many of its events had ids that were seen before.
    pub(crate) duplicates: u64,
    /// The log group of all its events, where its records do not keep that.
    pub(crate) log_group: Option<String>,
    /// Where the content ends early or is not valid.
    pub(crate) problem: Option<ReadProblem>,
    /// What it is, where that is not read.
    pub(crate) unsupported: Option<Unsupported>,
    /// What it is, where it was read to its end and had no records.
    pub(crate) without_records: Option<Unsupported>,
    /// Bytes taken from the file.
    pub(crate) taken: u64,
    /// Bytes after decompression.
    pub(crate) decoded: u64,
    /// How reading goes on when the file grows; none where appended bytes cannot be read from there.
    pub(crate) rest: Option<Rest>,
    /// How the file is compressed, or that it is not.
    pub(crate) compression: Compression,
    /// Whether the checksum of a compressed member was wrong.
    pub(crate) has_bad_checksum: bool,
}

/// How reading goes on when a file grows.
#[derive(Default)]
pub(crate) struct Rest {
    /// Bytes of a last line without an end, which were left for later. A reader of rows leaves none: it keeps them.
    pub(crate) held: usize,
    /// What reads the bytes behind these, where they are rows.
    pub(crate) reader: Option<Box<dyn RowReader>>,
    /// Whether the file ends in the middle of something.
    pub(crate) is_open: bool,
}

/// The state of a file that may grow.
#[derive(Default)]
pub(crate) struct Growth {
    /// Whether this begins in the middle of the file, whose format is known.
    pub(super) is_resumed: bool,
    /// The length of the last line that has no end.
    pub(super) held: usize,
    /// How many repeated events were counted before.
    pub(super) duplicates: u64,
    /// Whether a last line of text without an end is taken as it is.
    pub(super) takes_last_line: bool,
}

impl Growth {
    /// Of a file that is read from its beginning.
    pub(crate) fn at_start(takes_last_line: bool) -> Self {
        Self {
            takes_last_line,
            ..Self::default()
        }
    }
}
