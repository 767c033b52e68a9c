//! How a command ends: its exit status, or an error.

use std::borrow::Cow;
use std::io;
use std::path::Path;

use thiserror::Error;

use super::filter::FilterError;
use super::log_format::LogFormatProblem;
use crate::config;
use crate::engine::{GroupError, SortTooLarge};
use crate::format;
use crate::format::InternalError;
pub(super) use crate::format::reason;
use crate::ingest::BadLogFormat;
use crate::store::RejectReason;
use crate::theme;
use crate::tui;

pub(super) const ERROR: u8 = 2;

/// The result of a command that ran to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Exit status 0: records were found, or the command succeeded.
    Found,
    /// No record matched: exit status 1.
    Nothing,
    /// The answer is incomplete because some input could not be read, which has already been reported.
    Incomplete,
}

/// Why a command was not completed.
#[derive(Debug)]
pub(super) enum Failure {
    /// A problem, with the option or path that it concerns.
    Problem(Option<String>, Box<Problem>),
    Filter(Box<FilterError>),
    /// The reader of standard output has closed the pipe, which is not an error.
    BrokenPipe,
    /// Interrupted by a signal; holds the exit status.
    Interrupted(u8),
}

pub(super) type Outcome = Result<Verdict, Failure>;

impl Verdict {
    pub(super) fn code(self) -> u8 {
        match self {
            Self::Found => 0,
            Self::Nothing => 1,
            Self::Incomplete => ERROR,
        }
    }

    /// [`Verdict::Found`] if `found`, otherwise [`Verdict::Nothing`].
    pub(super) fn of(found: bool) -> Self {
        if found { Self::Found } else { Self::Nothing }
    }
}

impl Failure {
    /// A problem with `place`: an option or a path.
    pub(super) fn at(place: impl Into<String>, problem: impl Into<Problem>) -> Self {
        Self::Problem(Some(place.into()), Box::new(problem.into()))
    }

    /// Converts an error of writing to standard output.
    pub(super) fn of_output(error: &io::Error) -> Self {
        Self::of_write("standard output", error, false)
    }

    /// Converts an error of writing to the file at `path`.
    pub(super) fn of_file(path: &Path, error: &io::Error) -> Self {
        let keeps_old = path.metadata().is_ok_and(|old| old.is_file());
        Self::of_write(&format::path(path), error, keeps_old)
    }

    fn of_write(place: &str, error: &io::Error, keeps_old: bool) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::BrokenPipe;
        }
        let reason = reason(error);
        Self::at(place, Problem::NotWritten { reason, keeps_old })
    }
}

impl<P: Into<Problem>> From<P> for Failure {
    fn from(problem: P) -> Self {
        Self::Problem(None, Box::new(problem.into()))
    }
}

/// A problem, without the option or path that it concerns.
#[derive(Debug, Error)]
pub(super) enum Problem {
    #[error("no such file")]
    NotACommand {
        /// The subcommand that was probably meant.
        meant: String,
    },
    #[error("unknown field {name}")]
    UnknownField {
        name: String,
        /// The field with the most similar name.
        nearest: Option<String>,
    },
    #[error("{name} stands for {first} and {second}")]
    NotOneColumn {
        name: String,
        first: String,
        second: String,
    },
    #[error("{name} has no addresses that could be grouped by prefix")]
    NoAddresses { name: String },
    #[error("/{bits} is not the length of a prefix")]
    NotAPrefix { name: String, bits: String },
    #[error("{name} is named twice")]
    NamedTwice { name: String },
    #[error(transparent)]
    Group(#[from] GroupError),
    #[error(transparent)]
    SortTooLarge(#[from] SortTooLarge),
    #[error(
        "writing Parquet takes about {}, but only {} of memory is left",
        format::bytes(*.needed),
        format::bytes(*.left)
    )]
    ParquetTooLarge { needed: u64, left: u64 },
    #[error("{0} is not a time")]
    NotATime(String),
    #[error("this is not a filter")]
    NotAFilter,
    /// A column that was not read, with the reason and the way out.
    #[error("{0}")]
    NotRead(String),
    #[error("only records have original lines")]
    NotLines,
    #[error("Parquet cannot be shown on a terminal")]
    NotOnTerminal,
    #[error("this file was read, so it is not replaced")]
    IsInput,
    #[error("this command gives one answer and ends, so it cannot follow files")]
    NeverEnds,
    #[error(transparent)]
    Follow(#[from] FollowConflict),
    #[error("no records can be read from a terminal")]
    IsTerminal,
    #[error(transparent)]
    LogFormat(#[from] LogFormatProblem),
    #[error("not a record: {0}")]
    NotARecord(RejectReason),
    #[error("it contains no record")]
    NoRecord,
    #[error("cannot write: {reason}")]
    NotWritten {
        reason: String,
        /// Whether an earlier file exists and is unchanged.
        keeps_old: bool,
    },
    #[error("this file exists and is not a flowdeck log")]
    NotALog,
    #[error("{0}")]
    Io(String),
    #[error(transparent)]
    Saved(#[from] config::Problem),
    #[error(transparent)]
    Explorer(#[from] tui::Problem),
    #[error(transparent)]
    Theme(#[from] theme::Problem),
    #[error(transparent)]
    Internal(#[from] InternalError),
}

/// Options that cannot be combined with `--follow`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(super) enum FollowConflict {
    #[error("cannot be used with --count, because followed files have no end at which to count")]
    Count,
    #[error("cannot be used with --sort, because records are printed as they arrive")]
    SortBy,
    #[error("cannot be used with --output json, because a JSON array has to end")]
    Json,
    #[error("cannot be used with --output parquet, because a Parquet file is written whole")]
    Parquet,
    #[error("cannot be used with -o, because an output file is written whole")]
    File,
}

impl format::Problem for Problem {
    fn advice(&self) -> Option<Cow<'_, str>> {
        Some(match self {
            Self::NotACommand { meant } => format!("did you mean `flowdeck {meant}`?").into(),
            Self::UnknownField {
                nearest: Some(name),
                ..
            } => format!("did you mean {name}?").into(),
            Self::UnknownField { nearest: None, .. } => "`flowdeck fields` lists all fields".into(),
            Self::NotOneColumn { .. } => "name one of them".into(),
            Self::NoAddresses { name } => format!("write {name} alone").into(),
            Self::NotAPrefix { name, .. } => format!(
                "write {name}/24 for IPv4 (at most 32), {name}/56 for IPv6 (at most 128), or {name}/24/56 for both"
            )
            .into(),
            Self::NamedTwice { .. } => "name it once".into(),
            Self::Group(GroupError::TooManyFields) => "group by fewer fields".into(),
            Self::Group(GroupError::TooManyGroups) => {
                "group by fewer fields, select fewer records with --filter, or load fewer with \
                 --max-memory"
                    .into()
            }
            Self::SortTooLarge(problem) => return problem.advice(),
            Self::ParquetTooLarge { .. } => {
                "write fewer --columns, or load fewer records with --max-memory".into()
            }
            Self::NotATime(_) => "write epoch seconds, 2026-11-23T02:23, 02:23 or -15m".into(),
            Self::NotLines => "use `flowdeck query --output lines`".into(),
            Self::NotOnTerminal => "add `-o FILE`".into(),
            Self::NeverEnds => "use `flowdeck query --follow` to print records as they arrive, or \
                                `flowdeck --follow` to explore them"
                .into(),
            Self::IsTerminal => "name files, or pipe records in: zcat FILE | flowdeck -".into(),
            Self::NotARecord(_) | Self::NoRecord => {
                "without --log-format a line has the 14 fields of version 2".into()
            }
            Self::NotALog => "name a new file".into(),
            Self::IsInput => "write to another file, outside of the folders that are read".into(),
            Self::NotWritten {
                keeps_old: true, ..
            } => "the old file is unchanged".into(),
            Self::Follow(conflict) => return conflict.advice().map(Into::into),
            Self::LogFormat(problem) => return problem.advice(),
            Self::Explorer(problem) => return problem.advice(),
            Self::Theme(problem) => return problem.advice(),
            Self::Internal(error) => return error.advice(),
            Self::NotAFilter
            | Self::NotRead(_)
            | Self::NotWritten { .. }
            | Self::Io(_)
            | Self::Saved(_) => return None,
        })
    }
}

impl FollowConflict {
    fn advice(self) -> Option<&'static str> {
        match self {
            Self::Count | Self::SortBy => None,
            Self::Json => Some("use ndjson, one object per line"),
            Self::Parquet => Some("use ndjson or csv"),
            Self::File => Some("redirect the output: `> FILE`"),
        }
    }
}

impl From<BadLogFormat> for Problem {
    fn from(error: BadLogFormat) -> Self {
        Self::LogFormat(LogFormatProblem::Format(error))
    }
}
