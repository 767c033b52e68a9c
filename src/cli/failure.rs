//! How a command ends: the exit status, and the one line that says what went wrong.

use std::io;
use std::path::Path;

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
    /// What, where, and the way out: one line, after `flowdeck: `; a filter adds the text and a caret.
    Message(String),
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
    /// A failure with a message.
    pub(super) fn message(text: impl Into<String>) -> Self {
        Self::Message(text.into())
    }

    /// What a failed write to standard output means.
    pub(super) fn of_output(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::BrokenPipe,
            _ => Self::Message(format!("cannot write: standard output: {}", reason(error))),
        }
    }

    /// What a failed write to the file at `path` means.
    pub(super) fn of_file(path: &Path, error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::BrokenPipe;
        }
        let is_replaced = path.metadata().is_ok_and(|old| old.is_file());
        let old = if is_replaced {
            "; what was there is untouched"
        } else {
            ""
        };
        let (path, reason) = (shown(path), reason(error));
        Self::Message(format!("cannot write: {path}: {reason}{old}"))
    }
}

/// A path as it may be shown on a terminal.
pub(super) fn shown(path: &Path) -> String {
    format::visible(&path.to_string_lossy()).into_owned()
}
