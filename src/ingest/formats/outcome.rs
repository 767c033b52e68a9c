//! How the reading of a file ended, and how it goes on when the file grows.

use super::row_reader::RowReader;
use super::unsupported::Unsupported;
use crate::ingest::source::decode::End;
use crate::ingest::text::value::Doubt;
use crate::schema::FieldId;
use crate::store::ReadProblem;

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
    /// Whether the file is compressed.
    pub(crate) is_compressed: bool,
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
