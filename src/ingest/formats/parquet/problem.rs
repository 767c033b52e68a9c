//! What may be wrong with a Parquet file, and what is said of it.

use std::error::Error;
use std::fmt;
use std::io;

use parquet::errors::ParquetError;

use crate::format::visible;
use crate::store::Status;

/// Why a file, or a part of it, was not read.
#[derive(Debug)]
pub(super) enum Problem {
    /// The footer is missing.
    Truncated,
    /// The footer is encrypted.
    Encrypted,
    /// It makes no sense.
    Damaged(String),
    /// It asks for more than there may be.
    TooLarge(&'static str),
    /// It uses something that is not read.
    Unknown(String),
    /// It could not be read.
    Failed(io::Error),
    /// Whoever asked for it wants no more.
    Stopped,
}

impl Problem {
    pub(super) fn damaged(why: impl Into<String>) -> Self {
        Self::Damaged(why.into())
    }

    /// The same, of a column.
    pub(super) fn of_column(self, name: &str) -> Self {
        match self {
            Self::Damaged(why) => Self::Damaged(format!("column {name}: {why}")),
            Self::Unknown(what) => Self::Unknown(format!("column {name}: {what}")),
            other => other,
        }
    }

    /// What is to be said of the file at `path`, where the problem is at `place` in it: nowhere, or behind a colon.
    pub(super) fn status(self, path: &str, place: &str) -> Status {
        match self {
            Self::Truncated => Status::Truncated(format!(
                "{path}: the Parquet file stops in the middle: its footer, without which nothing can be found in it, \
                 is missing; fetch the file again"
            )),
            Self::Encrypted => Status::Unreadable(format!(
                "{path}: this is encrypted Parquet, which is not read; decrypt it with the program that wrote it"
            )),
            Self::Damaged(why) => Status::Corrupt(format!(
                "{path}: the Parquet file is damaged ({place}{}); what else there is was read; fetch the file again",
                visible(&why)
            )),
            Self::TooLarge(why) => Status::Stopped(format!(
                "{path}: {place}{why}, which is more than is read; write it anew in smaller parts: {REWRITE}"
            )),
            Self::Unknown(what) => Status::Unreadable(format!(
                "{path}: {place}{}, which is not read; write it anew: {REWRITE}",
                visible(&what)
            )),
            Self::Stopped => Status::Stopped(format!("{path}: reading was stopped before its end")),
            Self::Failed(error) => Status::Unreadable(format!(
                "{path}: {place}it could not be read ({error}); what else there is was read"
            )),
        }
    }
}

/// How to get a file that can be read.
const REWRITE: &str =
    "duckdb -c \"copy (from 'FILE') to 'NEW.parquet' (compression gzip, row_group_size 100000)\"";

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge(why) => f.write_str(why),
            other => fmt::Debug::fmt(other, f),
        }
    }
}

impl Error for Problem {}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::damaged("it is shorter than it says"),
            _ => Self::Failed(error),
        }
    }
}

impl From<Problem> for ParquetError {
    fn from(problem: Problem) -> Self {
        Self::External(Box::new(problem))
    }
}

impl From<ParquetError> for Problem {
    fn from(error: ParquetError) -> Self {
        match error {
            ParquetError::External(inner) => match inner.downcast::<Self>() {
                Ok(problem) => *problem,
                Err(other) => Self::Damaged(other.to_string()),
            },
            ParquetError::NYI(what) => Self::Unknown(what),
            ParquetError::General(why) | ParquetError::EOF(why) => Self::Damaged(why),
            other => Self::Damaged(other.to_string()),
        }
    }
}
