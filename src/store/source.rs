//! Where records came from: files, their layouts, and the counts of their lines.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use super::{Assumed, FolderValue, InferredOrder, ReadProblem, SkippedColumn};
use crate::format::{self, Problem as _};
use crate::schema::FieldId;

/// Which columns the lines of a file have, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Layout {
    /// The fields, in the order of the words of a line.
    pub fields: Vec<FieldId>,
    /// The header line exactly as in the file; none if the order was given or inferred. For rows with named values,
    /// the names.
    pub header: Option<String>,
    /// How values are separated and quoted.
    pub style: LineStyle,
}

/// How the lines of a layout are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LineStyle {
    /// Words separated by white space: text.
    #[default]
    Words,
    /// Named values, as in JSON and Parquet, which have no lines. They are shown as words separated by spaces.
    Values,
    /// Values separated by a byte: CSV.
    Separated {
        /// A comma, a semicolon or a tab.
        separator: u8,
        /// Whether every value is quoted.
        is_quoted: bool,
        /// Whether a missing value is empty, rather than `-`.
        is_empty: bool,
        /// Whether lines end with a carriage return and a line feed.
        has_return: bool,
    },
}

/// The compression of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compression(&'static str);

/// The outcome of reading a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// It was read to its end.
    #[default]
    Ok,
    /// It contains nothing.
    Empty,
    /// A folder without a file to read, and how many files and folders in it were skipped.
    EmptyFolder(usize),
    /// It is no flow log, and was not named but found in a folder.
    Skipped(ReadProblem),
    /// The given path does not exist.
    Missing(MissingPath),
    /// It ends in the middle; what came before was read.
    Truncated(ReadProblem),
    /// It is damaged; what came before was read.
    Corrupt(ReadProblem),
    /// It could not be opened or read.
    Unreadable(ReadProblem),
    /// The memory limit was reached, or the file is larger than what is supported.
    Limited(ReadProblem),
    /// The load was stopped before the end of the file.
    Stopped,
}

/// What does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MissingPath {
    /// A file or folder at the path.
    Path,
    /// A file that the pattern matches.
    Match,
}

/// The counts of lines of one or several files: `lines = records + headers + comments + blanks + rejects`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineCounts {
    /// Lines read, including a last one without a line end.
    pub lines: u64,
    /// Lines that became records.
    pub records: u64,
    /// Lines that name the columns.
    pub headers: u64,
    /// Lines that begin with `#` and are not a header.
    pub comments: u64,
    /// Lines of white space.
    pub blanks: u64,
    /// Lines that could not be read.
    pub rejects: u64,
    /// Bytes read from the file.
    pub bytes_read: u64,
    /// Bytes after decompression.
    pub bytes_decoded: u64,
    /// Records of files with a wrong checksum: they were read, but may be wrong.
    pub suspect: u64,
    /// Duplicate records, dropped or not: those of a file with the same bytes as an earlier one, and events with the id
    /// of an earlier one.
    pub duplicates: u64,
}

/// One file, or the standard input, or the bundled sample.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// The path to open; `-` for the standard input.
    pub path: PathBuf,
    /// The format found in its content: `text`, `csv`, `json-events`, …
    pub format: &'static str,
    /// Found in its first bytes.
    pub compression: Compression,
    /// Its layouts, in order of appearance.
    pub layouts: Vec<Arc<Layout>>,
    /// How many lines of each sort it has.
    pub line_counts: LineCounts,
    /// Whether it was read to its end.
    pub status: Status,
    /// What is unusual but no error: trailing bytes, millisecond times.
    pub warnings: Vec<String>,
    /// The inferred order of its fields, if it has no header and no known order.
    pub inferred_order: Option<Arc<InferredOrder>>,
    /// What was assumed about it.
    pub assumed: Vec<Assumed>,
    /// The columns that were not read.
    pub skipped_columns: Vec<SkippedColumn>,
    /// What the folders in its path give to records whose lines lack the field.
    pub folder_values: Vec<FolderValue>,
}

/// Why a line was rejected.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RejectReason {
    /// Fewer words than the layout has fields.
    TooFewFields,
    /// More words than the layout has fields.
    TooManyFields,
    /// The word of a field is not what its kind allows.
    BadValue(FieldId),
    /// A number with a comma or a point before three digits, which may separate thousands or a fraction.
    AmbiguousNumber(FieldId),
    /// A date whose day and month may be the other way round.
    AmbiguousDate(FieldId),
    /// The line is not UTF-8.
    NotUtf8,
    /// A NUL or another control character other than a tab.
    ControlCharacter,
    /// The line is longer than the limit.
    LineTooLong,
    /// There was no header before, and the words fit no known order.
    UnknownLayout,
    /// The file ends in the middle of this line.
    CutOff,
    /// An element of a JSON document that is neither the text of a record nor an object with a known field.
    NoRecord,
    /// A row or an object with neither an address nor a time of a flow log.
    NoFlow,
    /// An object of another log, or of something else with known names: what it is, with an article.
    OtherLog(&'static str),
    /// Invalid JSON.
    BadJson,
    /// A quotation mark is not closed.
    OpenQuote,
    /// A field has an object or a list of several values.
    NestedValue(FieldId),
    /// A table by columns whose columns do not have the same rows.
    UnevenColumns,
    /// A table by columns that is too large.
    LargeColumnTable,
    /// A string whose base64 or gzip is damaged.
    BadPacked,
    /// A string with more than 16 MiB in it, or 64 MiB with the strings inside.
    PackedTooLarge,
    /// Strings in strings, more than four.
    PackedTooDeep,
}

/// A rejected line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// The index of the file among the sources.
    pub source: u32,
    /// The number of the line, from 1.
    pub line: u64,
    /// Why it was rejected.
    pub reason: RejectReason,
    /// The text of the line, up to [`REJECT_BYTES`] bytes, with invalid UTF-8 replaced.
    pub text: String,
}

/// The most bytes of a rejected line that are kept.
pub const REJECT_BYTES: usize = 4096;
/// The most rejected lines that are kept; all are counted.
pub const REJECTS_KEPT: usize = 100_000;
/// The most bytes of all rejected lines together that are kept.
pub const REJECTS_BYTES: usize = 32 << 20;

/// The rejected lines of a load.
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
    /// The byte between two values.
    pub fn separator(self) -> u8 {
        match self {
            Self::Words | Self::Values => b' ',
            Self::Separated { separator, .. } => separator,
        }
    }

    /// The text before and after a value.
    pub fn quote(self) -> &'static str {
        match self {
            Self::Separated {
                is_quoted: true, ..
            } => "\"",
            _ => "",
        }
    }

    /// The text for a missing value, with its quotation marks.
    pub fn missing(self) -> &'static str {
        match self {
            Self::Separated { is_empty: true, .. } => "",
            Self::Separated {
                is_quoted: true, ..
            } => "\"-\"",
            _ => "-",
        }
    }

    /// The text before the line feed.
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
    /// Counts `reject`, and keeps it if there is room.
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

    /// Adds the rejects of another reader.
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

impl fmt::Display for RejectReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooFewFields => f.write_str("too few fields"),
            Self::TooManyFields => f.write_str("too many fields"),
            Self::BadValue(field) => match field.def() {
                Some(def) => write!(f, "bad {}", def.name),
                None => f.write_str("bad value"),
            },
            Self::AmbiguousNumber(field) => {
                let name = field.def().map_or("a number", |def| def.name);
                write!(
                    f,
                    "comma or point in {name} may separate thousands or a fraction"
                )
            }
            Self::AmbiguousDate(field) => {
                let name = field.def().map_or("a time", |def| def.name);
                write!(f, "day and month of {name} may be the other way round")
            }
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
            Self::NestedValue(field) => match field.def() {
                Some(def) => write!(f, "several values of {}", def.name),
                None => f.write_str("several values of a field"),
            },
            Self::UnevenColumns => f.write_str("columns have different numbers of rows"),
            Self::LargeColumnTable => f.write_str("table of columns is larger than 64 MiB"),
            Self::BadPacked => f.write_str("damaged base64 or gzip"),
            Self::PackedTooLarge => {
                f.write_str("string unpacks to more than 16 MiB, or 64 MiB with the strings inside")
            }
            Self::PackedTooDeep => f.write_str("packed more than 4 levels deep"),
        }
    }
}

impl Source {
    /// Whether it is no flow log, and of no use for reading others.
    pub fn is_skipped(&self) -> bool {
        matches!(&self.status, Status::Skipped(problem) if *problem != ReadProblem::Description)
    }

    /// The path as text, with bytes that are not UTF-8 as `\xff`.
    pub fn path_text(&self) -> Cow<'_, str> {
        format::path(&self.path)
    }

    /// Why nothing was read of it, or not all, in a sentence that names it.
    pub fn message(&self) -> Option<String> {
        let path = self.path_text();
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
            Self::Skipped(_) => "skipped",
            Self::Missing(_) => "missing",
            Self::Truncated(_) => "truncated",
            Self::Corrupt(_) => "corrupt",
            Self::Unreadable(_) => "unreadable",
            Self::Limited(_) => "limit",
            Self::Stopped => "stopped",
        }
    }

    /// Why it was not read, or not whole.
    pub fn problem(&self) -> Option<&ReadProblem> {
        match self {
            Self::Ok | Self::Empty | Self::EmptyFolder(_) => None,
            Self::Missing(MissingPath::Path) => Some(&ReadProblem::NoSuchFile),
            Self::Missing(MissingPath::Match) => Some(&ReadProblem::NoMatch),
            Self::Skipped(problem)
            | Self::Truncated(problem)
            | Self::Corrupt(problem)
            | Self::Unreadable(problem)
            | Self::Limited(problem) => Some(problem),
            Self::Stopped => Some(&ReadProblem::Stopped),
        }
    }

    /// Whether something that was to be read was not, or not whole.
    pub fn is_failure(&self) -> bool {
        !matches!(self, Self::Skipped(_)) && self.problem().is_some()
    }

    /// The same as a sentence with advice, which does not name the file.
    pub fn error(&self) -> Option<String> {
        self.problem().map(ReadProblem::sentence)
    }
}
