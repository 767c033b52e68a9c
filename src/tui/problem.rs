//! Why the explorer cannot run, or cannot go on.

use std::borrow::Cow;
use std::io;

use thiserror::Error;

use crate::format;
use crate::ingest::{BadLogFormat, StartError};

/// What ends the explorer with an error.
#[derive(Debug, Error)]
pub enum Problem {
    /// Standard output is a file or a pipe.
    #[error("the explorer needs a terminal on standard output")]
    NoTerminal,
    /// The terminal cannot move its cursor.
    #[error("the explorer cannot run in a terminal with TERM=dumb or without TERM")]
    DumbTerminal,
    /// The terminal takes no output.
    #[error("cannot write to the terminal: {}", format::reason(.0))]
    Write(#[source] io::Error),
    /// The terminal gives no input.
    #[error("cannot read from the terminal: {}", format::reason(.0))]
    Read(#[source] io::Error),
    /// The system does not let signals be watched, or the program be stopped by one.
    #[error("cannot handle signals: {}", format::reason(.0))]
    Signals(#[source] io::Error),
    /// The system gives no more threads.
    #[error("cannot start a thread: {}", format::reason(.0))]
    Thread(#[source] io::Error),
    /// The order of fields that was given.
    #[error(transparent)]
    LogFormat(#[from] BadLogFormat),
}

impl format::Problem for Problem {
    fn advice(&self) -> Option<Cow<'_, str>> {
        let is_terminal = matches!(self, Self::NoTerminal | Self::DumbTerminal);
        is_terminal.then(|| {
            "use `flowdeck inspect`, `query`, `top` or `timeline`, which need no terminal".into()
        })
    }
}

impl From<StartError> for Problem {
    fn from(error: StartError) -> Self {
        match error {
            StartError::LogFormat(error) => Self::LogFormat(error),
            StartError::Thread(error) => Self::Thread(error),
        }
    }
}
