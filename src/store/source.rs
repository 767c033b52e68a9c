//! Where records came from: files, their layouts, and the account of their lines.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use crate::schema::FieldId;

/// Which columns the lines of a file have, in order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Layout {
    /// The fields, in the order of the words of a line.
    pub fields: Vec<FieldId>,
    /// The header line exactly as it stood in the file; none where the order was given or recognised.
    pub header: Option<String>,
}

/// How the bytes of a file were packed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    #[default]
    None,
    /// As gzip, in one member or several.
    Gzip,
}

/// How a file ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// Read whole.
    #[default]
    Ok,
    /// There was nothing in it.
    Empty,
    /// It stops in the middle; what came before was read.
    Truncated(String),
    /// It is damaged; what came before was read.
    Corrupt(String),
    /// It could not be opened or read.
    Unreadable(String),
    /// Reading was stopped by a limit or by the user.
    Stopped(String),
}

/// The account of the lines of a file, or of several: `lines = records + headers + comments + blanks + rejects`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Lines read, a last one without an end included.
    pub lines: u64,
    /// Lines that became records.
    pub records: u64,
    /// Lines that name the columns.
    pub headers: u64,
    /// Lines that begin with `#` and are no header.
    pub comments: u64,
    /// Lines with nothing but white space.
    pub blanks: u64,
    /// Lines that could not be read.
    pub rejects: u64,
    /// Bytes taken from the file.
    pub bytes_read: u64,
    /// Bytes after decompression.
    pub bytes_decoded: u64,
    /// Records of a file whose checksum failed: read, but not to be trusted.
    pub suspect: u64,
    /// Records that are there twice, or were left out because they would be: those of a file that has the bytes
    /// of an earlier one, and events whose id was met before.
    pub duplicates: u64,
}

/// One file, or the standard input, or the carried lab.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// The path as it is to be opened; `-` for the standard input.
    pub path: PathBuf,
    /// What the content turned out to be: `text`.
    pub format: &'static str,
    /// How it was packed.
    pub compression: Compression,
    /// The layouts met, in order of appearance.
    pub layouts: Vec<Arc<Layout>>,
    /// The account of its lines.
    pub tally: Tally,
    /// How it ended.
    pub status: Status,
    /// What the reader should know that is not an error: trailing bytes, millisecond times.
    pub warnings: Vec<String>,
}

/// Why a line was not read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Fewer words than the layout has fields.
    TooFewFields,
    /// More words than the layout has fields.
    TooManyFields,
    /// The word of a field is not what its kind allows.
    BadValue(FieldId),
    /// Not UTF-8.
    NotUtf8,
    /// A NUL or another control character other than a tab.
    ControlCharacter,
    /// Longer than the bound.
    LineTooLong,
    /// No header came before and the words fit no known order.
    UnknownLayout,
    /// The file stops in the middle of this line.
    CutOff,
}

/// A line that was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Which file: an index into the sources.
    pub source: u32,
    /// The line, counted from 1.
    pub line: u64,
    /// Why.
    pub reason: Reason,
    /// The line, up to [`REJECT_BYTES`] bytes, with bytes that are not UTF-8 replaced.
    pub text: String,
}

/// The most bytes of a rejected line that are kept.
pub const REJECT_BYTES: usize = 4096;
/// The most rejected lines that are kept; all are counted.
pub const REJECTS_KEPT: usize = 100_000;
/// The most bytes of rejected lines that are kept in all.
pub const REJECTS_BYTES: usize = 32 << 20;

/// The lines that were not read.
#[derive(Clone, Debug, Default)]
pub struct Rejects {
    /// The first of them, up to [`REJECTS_KEPT`] with [`REJECTS_BYTES`].
    pub kept: Vec<Reject>,
    /// How many there are of each reason.
    pub by_reason: BTreeMap<Reason, u64>,
    /// The bytes of the texts of those that are kept.
    bytes: usize,
}

impl Tally {
    /// Whether every line is accounted for.
    pub fn is_balanced(&self) -> bool {
        self.lines == self.records + self.headers + self.comments + self.blanks + self.rejects
    }
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.lines += other.lines;
        self.records += other.records;
        self.headers += other.headers;
        self.comments += other.comments;
        self.blanks += other.blanks;
        self.rejects += other.rejects;
        self.bytes_read += other.bytes_read;
        self.bytes_decoded += other.bytes_decoded;
        self.suspect += other.suspect;
        self.duplicates += other.duplicates;
    }
}

impl Rejects {
    /// Takes in `reject`: counts it, and keeps it if there is room.
    pub fn push(&mut self, reject: Reject) {
        *self.by_reason.entry(reject.reason.clone()).or_default() += 1;
        self.keep(reject);
    }

    /// Whether another one would be kept.
    pub fn has_room(&self) -> bool {
        self.kept.len() < REJECTS_KEPT && self.bytes < REJECTS_BYTES
    }

    fn keep(&mut self, reject: Reject) {
        if self.has_room() {
            self.bytes += reject.text.len();
            self.kept.push(reject);
        }
    }

    /// Bytes on the heap.
    pub fn memory(&self) -> usize {
        self.bytes + self.kept.capacity() * size_of::<Reject>()
    }

    /// Takes in the rejects of another reader.
    pub fn append(&mut self, other: Self) {
        for (reason, count) in other.by_reason {
            *self.by_reason.entry(reason).or_default() += count;
        }
        other.kept.into_iter().for_each(|reject| self.keep(reject));
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.by_reason.values().sum()
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooFewFields => f.write_str("too few fields"),
            Self::TooManyFields => f.write_str("too many fields"),
            Self::BadValue(field) => match field.def() {
                Some(def) => write!(f, "bad {}", def.name),
                None => f.write_str("bad value"),
            },
            Self::NotUtf8 => f.write_str("not UTF-8"),
            Self::ControlCharacter => f.write_str("control character"),
            Self::LineTooLong => f.write_str("line too long"),
            Self::UnknownLayout => f.write_str("no header and no known order"),
            Self::CutOff => f.write_str("cut off"),
        }
    }
}

impl Compression {
    /// The name in `inspect`.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Gzip => "gzip",
        }
    }
}

impl Status {
    /// The name in `inspect`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Empty => "empty",
            Self::Truncated(_) => "truncated",
            Self::Corrupt(_) => "corrupt",
            Self::Unreadable(_) => "unreadable",
            Self::Stopped(_) => "limit",
        }
    }

    /// What went wrong, if anything did.
    pub fn error(&self) -> Option<&str> {
        match self {
            Self::Ok | Self::Empty => None,
            Self::Truncated(text)
            | Self::Corrupt(text)
            | Self::Unreadable(text)
            | Self::Stopped(text) => Some(text),
        }
    }
}
