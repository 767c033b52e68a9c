//! How far a load is, on standard error and only if that is a terminal.

use std::io;
use std::io::IsTerminal;
use std::io::Write;
use std::time::{Duration, Instant};

use crate::format;
use crate::ingest;

/// Loads that are quicker than this show nothing.
const QUIET: Duration = Duration::from_millis(300);

/// One line that is written over again and again, and wiped at the end.
#[derive(Debug)]
pub(super) struct Progress {
    wanted: bool,
    started: Instant,
    shown: bool,
}

impl Progress {
    /// A line that is shown only where it is `wanted` and standard error is a terminal.
    pub(super) fn new(wanted: bool) -> Self {
        Self {
            wanted: wanted && io::stderr().is_terminal(),
            started: Instant::now(),
            shown: false,
        }
    }

    /// Shows how far the load is.
    pub(super) fn show(&mut self, progress: &ingest::Progress) {
        if !self.wanted || self.started.elapsed() < QUIET {
            return;
        }
        self.shown = true;
        let _ = write!(io::stderr().lock(), "\r\x1b[K{}", line(progress));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            let _ = write!(io::stderr().lock(), "\r\x1b[K");
        }
    }
}

/// The line, in fewer than 80 columns.
pub(super) fn line(progress: &ingest::Progress) -> String {
    let share = match progress.bytes_total {
        0 => format::bytes(progress.bytes_read),
        total => format::percent(progress.bytes_read.min(total), total),
    };
    let rejects = match progress.rejects {
        0 => String::new(),
        rejects => format!(", {} rejects", format::short_count(rejects)),
    };
    format!(
        "reading {} of {} files, {share}, {} records{rejects}",
        format::count(progress.files_done as u64),
        format::count(progress.files as u64),
        format::short_count(progress.records),
    )
}
