//! Where records came from: files, their layouts, and the account of their lines.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use super::{Assumed, ReadProblem, SkippedColumn};
use crate::format;
use crate::format::Problem as _;
use crate::schema::FieldId;

/// Which columns the lines of a file have, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Layout {
    /// The fields, in the order of the words of a line.
    pub fields: Vec<FieldId>,
    /// The header line exactly as it stood in the file; none where the order was given or recognised. Rows that
    /// name their fields themselves have their names here.
    pub header: Option<String>,
    /// How the lines are written.
    pub style: LineStyle,
}

/// How the lines of a layout are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LineStyle {
    /// Words with white space between them: text.
    #[default]
    Words,
    /// Not as lines at all: values that stood under names. They are given as words with single spaces.
    Values,
    /// Values with a byte between them: CSV.
    Separated {
        /// The byte: a comma, a semicolon or a tab.
        separator: u8,
        /// Whether every value stands in quotation marks.
        is_quoted: bool,
        /// Whether nothing at all stands for a missing value, rather than `-`.
        is_empty: bool,
        /// Whether a carriage return comes before the line end.
        has_return: bool,
    },
}

/// The compression of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compression(&'static str);

/// How a file ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// Read whole.
    #[default]
    Ok,
    /// There was nothing in it.
    Empty,
    /// A folder without a file to read; so many files and folders in it were passed over.
    EmptyFolder(usize),
    /// A path that was given leads nowhere.
    Missing(MissingPath),
    /// It stops in the middle; what came before was read.
    Truncated(ReadProblem),
    /// It is damaged; what came before was read.
    Corrupt(ReadProblem),
    /// It could not be opened or read.
    Unreadable(ReadProblem),
    /// Reading was stopped by a limit or by the user.
    Stopped(ReadProblem),
}

/// What there is none of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MissingPath {
    /// A file or folder at the path.
    Path,
    /// A file that the pattern matches.
    Match,
}

/// The account of the lines of a file, or of several: `lines = records + headers + comments + blanks + rejects`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineCounts {
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
    /// What the content turned out to be: `text`, `csv`, `json-events`, …
    pub format: &'static str,
    /// How it was packed.
    pub compression: Compression,
    /// The layouts met, in order of appearance.
    pub layouts: Vec<Arc<Layout>>,
    /// The account of its lines.
    pub line_counts: LineCounts,
    /// How it ended.
    pub status: Status,
    /// What the reader should know that is not an error: trailing bytes, millisecond times.
    pub warnings: Vec<String>,
    /// What the order of its fields seems to be, where it has no header and no known order.
    pub inferred_order: Option<Arc<InferredOrder>>,
    /// What was worked out about it rather than known.
    pub assumed: Vec<Assumed>,
    /// The columns that were not read.
    pub skipped_columns: Vec<SkippedColumn>,
}

/// What the order of the fields of a file seems to be, by the shapes of its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InferredOrder {
    /// The columns, in their order.
    pub columns: Vec<InferredColumn>,
    /// How sure the whole is, in percent.
    pub confidence: u8,
    /// The words of the first lines.
    pub lines: Vec<Vec<String>>,
    /// Whether the file was read with it.
    pub is_used: bool,
}

/// What a column seems to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InferredColumn {
    /// The name of the field; a name made of its number where nobody can tell.
    pub name: String,
    /// How sure that is, in percent.
    pub confidence: u8,
}

/// Why a line was not read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RejectReason {
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
    /// An element of a JSON document that is neither the text of a record nor an object with a known field.
    NoRecord,
    /// A row or an object with neither an address nor a time of a flow log.
    NoFlow,
    /// An object of another log, or of something else that is known by its names: what it is, with an article.
    OtherLog(&'static str),
    /// Not JSON, where JSON has to stand.
    BadJson,
    /// A quotation mark that nothing closes.
    OpenQuote,
}

/// A line that was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Which file: an index into the sources.
    pub source: u32,
    /// The line, counted from 1.
    pub line: u64,
    /// Why.
    pub reason: RejectReason,
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
    pub by_reason: BTreeMap<RejectReason, u64>,
    /// The bytes of the texts of those that are kept.
    bytes: usize,
}

impl LineStyle {
    /// What stands between two values.
    pub fn separator(self) -> u8 {
        match self {
            Self::Words | Self::Values => b' ',
            Self::Separated { separator, .. } => separator,
        }
    }

    /// What stands before and behind a value.
    pub fn quote(self) -> &'static str {
        match self {
            Self::Separated {
                is_quoted: true, ..
            } => "\"",
            _ => "",
        }
    }

    /// What stands in the place of a missing value, with its quotation marks.
    pub fn missing(self) -> &'static str {
        match self {
            Self::Separated { is_empty: true, .. } => "",
            Self::Separated {
                is_quoted: true, ..
            } => "\"-\"",
            _ => "-",
        }
    }

    /// What stands before the line end.
    pub fn end(self) -> &'static str {
        match self {
            Self::Separated {
                has_return: true, ..
            } => "\r",
            _ => "",
        }
    }

    /// Whether a line may have `text` in it that no value has.
    pub fn may_add(self, text: &str) -> bool {
        let own = |byte: u8| byte == self.separator() || matches!(byte, b'"' | b'\r');
        self.separator() != b' ' && text.bytes().any(own)
    }
}

impl LineCounts {
    /// Whether every line is accounted for.
    pub fn is_balanced(&self) -> bool {
        self.lines == self.records + self.headers + self.comments + self.blanks + self.rejects
    }
}

impl std::ops::AddAssign for LineCounts {
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

    /// Heap size in bytes.
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

impl InferredOrder {
    /// The order as a log format, of bare names.
    pub fn names(&self) -> String {
        let names: Vec<&str> = self.columns.iter().map(|column| &*column.name).collect();
        names.join(" ")
    }
}

impl fmt::Display for RejectReason {
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
            Self::NoRecord => f.write_str("neither a message nor a row"),
            Self::NoFlow => f.write_str("neither an address nor a time"),
            Self::OtherLog(name) => write!(f, "{name}, not a flow log"),
            Self::BadJson => f.write_str("broken JSON"),
            Self::OpenQuote => f.write_str("quotation mark not closed"),
        }
    }
}

impl Source {
    /// Why nothing was read of it, or not all, in a sentence that names it.
    pub fn complaint(&self) -> Option<String> {
        let path = self.path.to_string_lossy();
        match &self.status {
            Status::EmptyFolder(0) => Some(format!("the folder {path} is empty")),
            Status::EmptyFolder(passed) => {
                let skipped = format::counted(
                    *passed as u64,
                    "file or folder was",
                    "files and folders were",
                );
                Some(format!(
                    "no flow logs in {path}: {skipped} skipped (hidden, markers, links, sockets or pipes); \
                     name a file itself to read it"
                ))
            }
            status => Some(status.problem()?.message(&path)),
        }
    }
}

impl Compression {
    /// The bytes are stored as they are.
    pub const NONE: Self = Self("none");

    /// A compression that is called `name`.
    pub const fn named(name: &'static str) -> Self {
        Self(name)
    }

    /// The name in `inspect`.
    pub fn name(self) -> &'static str {
        self.0
    }
}

impl Default for Compression {
    fn default() -> Self {
        Self::NONE
    }
}

impl Status {
    /// The name in `inspect`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Empty | Self::EmptyFolder(_) => "empty",
            Self::Missing(_) => "missing",
            Self::Truncated(_) => "truncated",
            Self::Corrupt(_) => "corrupt",
            Self::Unreadable(_) => "unreadable",
            Self::Stopped(_) => "limit",
        }
    }

    /// What went wrong, if anything did.
    pub fn problem(&self) -> Option<&ReadProblem> {
        match self {
            Self::Ok | Self::Empty | Self::EmptyFolder(_) => None,
            Self::Missing(MissingPath::Path) => Some(&ReadProblem::NoSuchFile),
            Self::Missing(MissingPath::Match) => Some(&ReadProblem::NoMatch),
            Self::Truncated(problem)
            | Self::Corrupt(problem)
            | Self::Unreadable(problem)
            | Self::Stopped(problem) => Some(problem),
        }
    }

    /// The same as a sentence with advice, which does not name the file.
    pub fn error(&self) -> Option<String> {
        self.problem().map(ReadProblem::sentence)
    }
}
