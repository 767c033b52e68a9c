//! Why a file was not read, or not whole.

use std::borrow::Cow;
use std::io;

use thiserror::Error;

use crate::format;
use crate::format::InternalError;

/// Why a file was not read, or not completely. The caller adds the path.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReadProblem {
    /// There is nothing at the path.
    #[error("no such file or folder")]
    NoSuchFile,
    /// The glob matches no file.
    #[error("no file matches")]
    NoMatch,
    /// The system's reason.
    #[error("it may not be read ({0})")]
    NoPermission(String),
    /// The system's reason for which the link leads nowhere.
    #[error("broken link ({0})")]
    BrokenLink(String),
    /// The system's reason.
    #[error("cannot be read ({0})")]
    Unreadable(String),
    /// The system's reason for which it could not be read on.
    #[error("reading failed before the end ({0}); what comes before was read")]
    Interrupted(String),
    /// A folder of a table format, which also has files whose rows were replaced.
    #[error(
        "{what}; its folder also has files with replaced rows, so its files are not read one by one"
    )]
    TableFolder {
        /// Which table it is, or is a part of.
        what: String,
        /// How to get its rows.
        advice: &'static str,
    },
    /// Folders in folders, more than are walked.
    #[error("{depth} folders deep, so it was not searched{}", other_folders(*.others))]
    TooDeep {
        /// How deep it lies below the path that was given.
        depth: usize,
        /// How many more such folders there are.
        others: usize,
    },
    /// The gzip stream is cut off.
    #[error("the gzip stream ends early; what comes before was read")]
    GzipTruncated,
    /// What the decoder says.
    #[error("the gzip stream is damaged ({0}); what comes before was read, but may be wrong")]
    GzipDamaged(String),
    /// All was decoded, but something in it is wrong.
    #[error("the gzip checksum does not match; the records were kept, but may be wrong")]
    GzipChecksum,
    /// The JSON is cut off.
    #[error("the JSON ends early, in event {} at byte {}; what comes before was read", format::count(*.event), format::count(*.byte))]
    JsonTruncated {
        /// Counted from 1.
        event: u64,
        /// Counted from 0.
        byte: u64,
    },
    /// The JSON is not valid.
    #[error("the JSON is not valid in event {} at byte {} ({why}); what could be read was read", format::count(*.event), format::count(*.byte))]
    JsonInvalid {
        /// Counted from 1.
        event: u64,
        /// Counted from 0.
        byte: u64,
        /// What is wrong.
        why: &'static str,
    },
    /// The Parquet file is cut off.
    #[error(
        "the Parquet file ends early: its footer is missing, without which nothing can be read"
    )]
    ParquetTruncated,
    /// The Parquet file is encrypted.
    #[error("this is encrypted Parquet, which is not read")]
    ParquetEncrypted,
    /// Where the Parquet file is damaged, and how.
    #[error("the Parquet file is damaged ({0}); the rest of it was read")]
    ParquetDamaged(String),
    /// What is larger than is read.
    #[error("{0}, which is more than flowdeck reads")]
    ParquetTooLarge(String),
    /// What is not read.
    #[error("{0}, which is not read")]
    ParquetUnsupported(String),
    /// Where the file could not be read, and the system's reason.
    #[error("{place}cannot be read ({reason}); the rest of it was read")]
    ParquetUnreadable {
        /// A row group and a colon, or nothing.
        place: String,
        /// What the system says.
        reason: String,
    },
    /// Something that is not a flow log, or not in a form that is read.
    #[error("this is {name}, {verdict}")]
    Unsupported {
        /// What it is, with an article.
        name: Cow<'static, str>,
        /// Why it is not read.
        verdict: &'static str,
        /// How to get flow logs that can be read.
        advice: Cow<'static, str>,
    },
    /// Several orders of fields were given, and none or more than one may be that of the file.
    #[error("{what}")]
    UnclearOrder {
        /// Which orders there are, and why none was chosen.
        what: String,
        /// How to choose one.
        advice: &'static str,
    },
    /// The records need more memory than they may have.
    #[error("{} because the records reached the memory limit of {}", how_far(*.is_begun), format::bytes(*.limit))]
    MemoryLimit {
        /// In bytes.
        limit: u64,
        /// Whether a part of the file was read.
        is_begun: bool,
    },
    /// The user ended the load.
    #[error("reading was stopped before its end")]
    Stopped,
    /// flowdeck itself failed.
    #[error(transparent)]
    Internal(#[from] InternalError),
}

impl ReadProblem {
    /// Why a file could not be opened.
    pub fn of_open(error: &io::Error) -> Self {
        let reason = format::reason(error);
        match error.kind() {
            io::ErrorKind::PermissionDenied => Self::NoPermission(reason),
            _ => Self::Unreadable(reason),
        }
    }
}

fn how_far(is_begun: bool) -> &'static str {
    if is_begun {
        "only read in part"
    } else {
        "not read"
    }
}

fn other_folders(count: usize) -> String {
    match count {
        0 => String::new(),
        count => {
            let folders = format::counted(count as u64, "other folder", "other folders");
            format!(", like {folders}")
        }
    }
}

const DOWNLOAD_AGAIN: &str = "download the file again";
const REWRITE_PARQUET: &str = "rewrite it: duckdb -c \"copy (from 'FILE') to 'NEW.parquet' \
                               (compression gzip, row_group_size 100000)\"";

impl format::Problem for ReadProblem {
    fn advice(&self) -> Option<Cow<'_, str>> {
        Some(match self {
            Self::NoPermission(_) => "check its permissions".into(),
            Self::BrokenLink(_) => "remove or repair it".into(),
            Self::TooDeep { .. } => "give its path".into(),
            Self::TableFolder { advice, .. } | Self::UnclearOrder { advice, .. } => {
                (*advice).into()
            }
            Self::GzipTruncated
            | Self::GzipDamaged(_)
            | Self::GzipChecksum
            | Self::JsonTruncated { .. }
            | Self::JsonInvalid { .. }
            | Self::ParquetTruncated
            | Self::ParquetDamaged(_) => DOWNLOAD_AGAIN.into(),
            Self::ParquetEncrypted => "decrypt it with the program that wrote it".into(),
            Self::ParquetTooLarge(_) | Self::ParquetUnsupported(_) => REWRITE_PARQUET.into(),
            Self::Unsupported { advice, .. } => advice.as_ref().into(),
            Self::MemoryLimit { .. } => "raise --max-memory, or read fewer files".into(),
            Self::Internal(error) => return error.advice(),
            Self::NoSuchFile
            | Self::NoMatch
            | Self::Unreadable(_)
            | Self::Interrupted(_)
            | Self::ParquetUnreadable { .. }
            | Self::Stopped => return None,
        })
    }
}
