//! What can be wrong with a Parquet file.

use std::error::Error;
use std::fmt;
use std::io;

use parquet::errors::ParquetError;

use crate::format;
use crate::store::{ReadProblem, Status};

/// Why a file, or a part of it, was not read.
#[derive(Debug)]
pub(crate) enum Problem {
    /// The footer is missing.
    Truncated,
    /// The footer is encrypted.
    Encrypted,
    /// It is not valid.
    Damaged(String),
    /// It asks for more than there may be.
    TooLarge(&'static str),
    /// It uses something that is not read.
    Unknown(String),
    /// It could not be read.
    Failed(io::Error),
    /// The caller stopped the load.
    Stopped,
}

impl Problem {
    pub(crate) fn damaged(why: impl Into<String>) -> Self {
        Self::Damaged(why.into())
    }

    /// The same, of a column.
    pub(crate) fn of_column(self, name: &str) -> Self {
        match self {
            Self::Damaged(why) => Self::Damaged(format!("column {name}: {why}")),
            Self::Unknown(what) => Self::Unknown(format!("column {name}: {what}")),
            other => other,
        }
    }

    /// How a file ends that has the problem at `place` in it: nowhere, or before a colon.
    pub(crate) fn status(self, place: &str) -> Status {
        match self {
            Self::Truncated => Status::Truncated(ReadProblem::ParquetTruncated),
            Self::Encrypted => Status::Unreadable(ReadProblem::ParquetEncrypted),
            Self::Damaged(why) => {
                Status::Corrupt(ReadProblem::ParquetDamaged(format!("{place}{why}")))
            }
            Self::TooLarge(what) => {
                Status::Limited(ReadProblem::ParquetTooLarge(format!("{place}{what}")))
            }
            Self::Unknown(what) => {
                Status::Unreadable(ReadProblem::ParquetUnsupported(format!("{place}{what}")))
            }
            Self::Stopped => Status::Stopped,
            Self::Failed(error) => Status::Unreadable(ReadProblem::ParquetUnreadable {
                place: place.to_owned(),
                reason: format::reason(&error),
            }),
        }
    }
}

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
