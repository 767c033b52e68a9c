//! Why a file was not read, or not whole.

use std::borrow::Cow;
use std::io;

use thiserror::Error;

use super::Compression;
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
    /// The system does not let this user read it.
    #[error("permission denied")]
    NoPermission,
    /// The system's reason for which the link leads nowhere.
    #[error("broken link ({0})")]
    BrokenLink(String),
    /// The system's reason.
    #[error("cannot be read ({0})")]
    Unreadable(String),
    /// The system's reason for which it could not be read on.
    #[error("reading failed part-way ({0}); everything before that was kept")]
    Interrupted(String),
    /// A device.
    #[error("this is a device, not a file or a pipe")]
    Device,
    /// The file that standard output or standard error goes to.
    #[error("this is the file that the output goes to, so it is not read")]
    OwnOutput,
    /// A folder of a table format, which also has files whose rows were replaced.
    #[error("{what}; its folder also holds outdated files, so they cannot be read individually")]
    TableFolder {
        /// Which table it is, or is a part of.
        what: String,
        /// How to get its rows.
        advice: &'static str,
    },
    /// Folders in folders, more than are walked.
    #[error("nested {depth} folders deep, so it was not searched{}", other_folders(*.others))]
    TooDeep {
        /// How deep it lies below the path that was given.
        depth: usize,
        /// How many more such folders there are.
        others: usize,
    },
    /// The compressed stream is cut off.
    #[error("the {} stream ends early; what comes before was read", .0.name())]
    CompressedTruncated(Compression),
    /// The compressed stream is not valid.
    #[error(
        "the {} stream is damaged ({why}); what comes before was read, but may be wrong",
        .compression.name()
    )]
    CompressedDamaged {
        /// How the file is compressed.
        compression: Compression,
        /// What the decoder says.
        why: String,
    },
    /// The compressed stream asks for something that is not supported.
    #[error("the {} stream {what}; what comes before was read", .compression.name())]
    CompressedUnsupported {
        /// How the file is compressed.
        compression: Compression,
        /// What it asks for: `needs …`.
        what: String,
    },
    /// All was decompressed, but something in it is wrong.
    #[error("the {} checksum does not match; the records were kept, but may be wrong", .0.name())]
    CompressedChecksum(Compression),
    /// The JSON is cut off.
    #[error("the JSON ends early, in event {} at byte {}; what comes before was read", format::count(*.event), format::count(*.byte))]
    JsonTruncated {
        /// Counted from 1.
        event: u64,
        /// Counted from 0.
        byte: u64,
    },
    /// The JSON is not valid.
    #[error("invalid JSON in event {} at byte {} ({why}); the readable parts were kept", format::count(*.event), format::count(*.byte))]
    JsonInvalid {
        /// Counted from 1.
        event: u64,
        /// Counted from 0.
        byte: u64,
        /// What is wrong.
        why: &'static str,
    },
    /// The Parquet file is cut off.
    #[error("the file is cut off: it has no footer, so nothing can be read")]
    ParquetTruncated,
    /// The Parquet file is encrypted.
    #[error("this is encrypted Parquet, which is not supported")]
    ParquetEncrypted,
    /// Where the Parquet file is damaged, and how.
    #[error("the Parquet file is damaged ({0}); the rest of it was read")]
    ParquetDamaged(String),
    /// What is larger than is read.
    #[error("{0}, which is more than flowdeck supports")]
    ParquetTooLarge(String),
    /// What is not read.
    #[error("{0}, which is not supported")]
    ParquetUnsupported(String),
    /// Where the file could not be read, and the system's reason.
    #[error("{place}cannot be read ({reason}); the rest of it was read")]
    ParquetUnreadable {
        /// A row group and a colon, or nothing.
        place: String,
        /// What the system says.
        reason: String,
    },
    /// Something that is not a flow log.
    #[error("{what}")]
    NotFlowLog {
        /// What it is, as a sentence.
        what: String,
        /// What to do about it.
        advice: Cow<'static, str>,
    },
    /// The output of describe-flow-logs, which was found beside files and has the order of their fields.
    #[error(
        "this describes flow logs: files without a header were read in the order that it gives"
    )]
    Description,
    /// Something that may have flow logs in it, in a form that is not read.
    #[error("{what}")]
    Unsupported {
        /// What it is and that it is not read, as a sentence.
        what: String,
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
    #[error("stopped before the end of the file")]
    Stopped,
    /// flowdeck itself failed.
    #[error(transparent)]
    Internal(#[from] InternalError),
}

impl ReadProblem {
    /// Why a file could not be opened.
    pub fn of_open(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied => Self::NoPermission,
            _ => Self::Unreadable(format::reason(error)),
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
            let were = if count == 1 { "was" } else { "were" };
            format!(" (nor {were} {folders})")
        }
    }
}

const DOWNLOAD_AGAIN: &str = "download the file again";
const REWRITE_PARQUET: &str = "rewrite it: duckdb -c \"copy (from 'FILE') to 'NEW.parquet' \
                               (compression gzip, row_group_size 100000)\"";

impl format::Problem for ReadProblem {
    fn advice(&self) -> Option<Cow<'_, str>> {
        Some(match self {
            Self::NoPermission => "check its permissions".into(),
            Self::BrokenLink(_) => "remove or repair it".into(),
            Self::TooDeep { .. } => "give its path".into(),
            Self::Device => "copy what it holds into a file".into(),
            Self::OwnOutput => "write to a file outside of what is read".into(),
            Self::TableFolder { advice, .. } | Self::UnclearOrder { advice, .. } => {
                (*advice).into()
            }
            Self::CompressedTruncated(_)
            | Self::CompressedDamaged { .. }
            | Self::CompressedChecksum(_)
            | Self::JsonTruncated { .. }
            | Self::JsonInvalid { .. }
            | Self::ParquetTruncated
            | Self::ParquetDamaged(_) => DOWNLOAD_AGAIN.into(),
            Self::CompressedUnsupported { .. } => {
                "decompress it with the program that wrote it".into()
            }
            Self::ParquetEncrypted => "decrypt it with the program that wrote it".into(),
            Self::ParquetTooLarge(_) | Self::ParquetUnsupported(_) => REWRITE_PARQUET.into(),
            Self::NotFlowLog { advice, .. } | Self::Unsupported { advice, .. } => {
                advice.as_ref().into()
            }
            Self::Description => "give --log-format to read them in another order".into(),
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
