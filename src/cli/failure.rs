//! How a command ends: the exit status, and the one line that says what went wrong.

use std::io;
use std::path::Path;

use super::filtering::FilterError;
use super::problem::Problem;
use crate::format;
pub(super) use crate::format::reason;

/// The exit status of an error.
pub(super) const ERROR: u8 = 2;

/// How a command ended that ran to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Something matched, was read or was answered.
    Found,
    /// Nothing matched.
    Nothing,
    /// It was answered, but something that was asked for could not be read; what, has been said.
    Troubled,
}

/// Why a command did not run to its end.
#[derive(Debug)]
pub(super) enum Failure {
    /// The option or the path that is at fault, and what is wrong with it.
    Problem(Option<String>, Box<Problem>),
    /// What is wrong with a filter.
    Filter(Box<FilterError>),
    /// Nobody reads the output any more, which is no error.
    BrokenPipe,
    /// The user or the system asked for an end: the exit status.
    Interrupted(u8),
}

/// What a command gives.
pub(super) type Outcome = Result<Verdict, Failure>;

impl Verdict {
    /// The exit status.
    pub(super) fn code(self) -> u8 {
        match self {
            Self::Found => 0,
            Self::Nothing => 1,
            Self::Troubled => ERROR,
        }
    }

    /// [`Verdict::Found`] where `found`.
    pub(super) fn of(found: bool) -> Self {
        if found { Self::Found } else { Self::Nothing }
    }
}

impl Failure {
    /// A problem with `place`: an option or a path.
    pub(super) fn at(place: impl Into<String>, problem: impl Into<Problem>) -> Self {
        Self::Problem(Some(place.into()), Box::new(problem.into()))
    }

    /// What a failed write to standard output means.
    pub(super) fn of_output(error: &io::Error) -> Self {
        Self::of_write("standard output", error, false)
    }

    /// What a failed write to the file at `path` means.
    pub(super) fn of_file(path: &Path, error: &io::Error) -> Self {
        let keeps_old = path.metadata().is_ok_and(|old| old.is_file());
        Self::of_write(&path.to_string_lossy(), error, keeps_old)
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

/// A path as it may be shown on a terminal.
pub(super) fn shown(path: &Path) -> String {
    format::visible(&path.to_string_lossy()).into_owned()
}
