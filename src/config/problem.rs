//! What can go wrong with the files that are kept between sessions.

use std::borrow::Cow;

use thiserror::Error;

use super::saved_filters::NameProblem;
use crate::format;
use crate::format::Problem as _;
use crate::theme;

/// Why something could not be read or kept.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Problem {
    /// There is no folder for the file.
    #[error("set HOME or XDG_CONFIG_HOME to an absolute path")]
    NoFolder,
    /// A file cannot be used, or a part of it.
    #[error("{}", kind.message(&location(file, *line)))]
    File {
        /// Its path, with `~` for the home folder.
        file: String,
        /// Counted from 1; none where the file as a whole is meant.
        line: Option<usize>,
        /// What is wrong.
        kind: FileProblem,
    },
    /// flowdeck itself failed.
    #[error(transparent)]
    Internal(#[from] format::InternalError),
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FileProblem {
    /// The system's reason for which it cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// The system's reason for which it cannot be written.
    #[error("cannot be written: {0}")]
    Unwritable(String),
    /// A folder, a pipe or a device.
    #[error("not a regular file")]
    NotAFile,
    /// More bytes than this.
    #[error("larger than {}", format::bytes(*.0))]
    TooLarge(u64),
    /// Another session holds the lock.
    #[error("another session is writing to it")]
    Locked,
    /// Bytes that are no text.
    #[error("not valid UTF-8")]
    NotUtf8,
    /// The parser's reason.
    #[error("{0}")]
    NotToml(String),
    /// A setting that there is not, or a value of another type.
    #[error("{0} is not a setting, or its value has the wrong type")]
    UnknownSetting(String),
    /// A theme.
    #[error(transparent)]
    Theme(#[from] theme::Problem),
    /// A value that is not a string.
    #[error("{0} is not a filter")]
    NotAFilter(String),
    /// So many lines of the history.
    #[error("{}", format::counted(*.0 as u64, "line is not a filter", "lines are not filters"))]
    UnknownLines(usize),
    /// A name that a filter cannot have.
    #[error(transparent)]
    Name(#[from] NameProblem),
    /// A change of it would change something else as well.
    #[error("it is written in a way that flowdeck cannot change safely")]
    NotEditable,
    /// The folder whose log format was accepted.
    #[error("the name of the folder is not valid UTF-8")]
    FolderNotUtf8,
    /// A log format.
    #[error("the log format is too long to be saved")]
    FormatTooLong,
}

impl format::Problem for FileProblem {
    fn advice(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::TooLarge(_) => Some("delete it, or move it away".into()),
            Self::UnknownSetting(_) => Some("write theme = \"…\" or a table [themes.NAME]".into()),
            Self::Theme(problem) => problem.advice(),
            Self::NotAFilter(name) => Some(format!("write {name} = \"…\"").into()),
            Self::NotEditable => Some("edit it by hand".into()),
            _ => None,
        }
    }
}

impl Problem {
    /// A problem of `file` as a whole.
    pub(super) fn of(file: &str, kind: FileProblem) -> Self {
        Self::File {
            file: file.to_owned(),
            line: None,
            kind,
        }
    }
}

fn location(file: &str, line: Option<usize>) -> String {
    match line {
        Some(line) => format!("{file}:{line}"),
        None => file.to_owned(),
    }
}
