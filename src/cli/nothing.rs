//! Paths with nothing to read: missing ones, empty folders, and a terminal.

use std::io;
use std::io::IsTerminal as _;
use std::path::Path;

use super::failure::{Failure, Verdict, shown};
use super::problem::Problem;
use super::report;
use crate::format;
use crate::ingest;
use crate::ingest::Input;
use crate::store::{MissingPath, Source, Status};

/// How many paths are named.
const NAMED: usize = 20;

/// How a command ends whose `inputs` have nothing to read; that has been said then. A folder may get files while it is
/// followed, so an empty one is enough where `follows`.
pub(super) fn verdict(inputs: &[Input], follows: bool) -> Option<Verdict> {
    let sources = ingest::nothing_in(inputs)?;
    let is_empty = |source: &Source| matches!(source.status, Status::EmptyFolder(_));
    if follows && sources.iter().any(is_empty) {
        return None;
    }
    say_missing(&sources);
    say_empty(&sources, report::error);
    let refused = sources.iter().filter(|source| !is_missing(source));
    let refused: Vec<&str> = refused.filter_map(|source| source.status.error()).collect();
    for error in refused.iter().take(NAMED) {
        report::error(&format::visible(error));
    }
    say_more(refused.len());
    let has_error = sources.iter().any(|source| source.status.error().is_some());
    Some(if has_error {
        Verdict::Troubled
    } else {
        Verdict::Nothing
    })
}

/// Names the paths that lead nowhere, in one line, and says whether there are any.
pub(super) fn say_missing(sources: &[Source]) -> bool {
    let mut parts = Vec::new();
    for kind in [MissingPath::Path, MissingPath::Match] {
        let status = Status::Missing(kind);
        let paths = sources.iter().filter(|source| source.status == status);
        let paths: Vec<String> = paths.map(|source| shown(&source.path)).collect();
        if let (Some(what), false) = (status.error(), paths.is_empty()) {
            let named = paths.get(..NAMED).unwrap_or(&paths[..]).join(", ");
            let more = match paths.len().saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(" and {} more", format::count(more as u64)),
            };
            parts.push(format!("{what}: {named}{more}"));
        }
    }
    if !parts.is_empty() {
        report::error(&parts.join("; "));
    }
    !parts.is_empty()
}

/// Names the folders with nothing to read, by `say`.
pub(super) fn say_empty(sources: &[Source], say: fn(&str)) {
    let is_empty = |source: &&Source| matches!(source.status, Status::EmptyFolder(_));
    let empty: Vec<&Source> = sources.iter().filter(is_empty).collect();
    for source in empty.iter().take(NAMED) {
        let complaint = source.complaint().unwrap_or_default();
        say(&format::visible(&complaint));
    }
    say_more(empty.len());
}

fn say_more(count: usize) {
    let more = count.saturating_sub(NAMED);
    if more > 0 {
        report::error(&format!("and {} more", format::count(more as u64)));
    }
}

fn is_missing(source: &Source) -> bool {
    matches!(source.status, Status::Missing(_))
}

/// Refuses a terminal as something to read: the keys that are typed there are for the explorer and the shell.
pub(super) fn refuse_terminal(path: &Path) -> Result<(), Failure> {
    let is_stdin = path.as_os_str() == "-";
    if is_stdin && io::stdin().is_terminal() || is_terminal(path) {
        let place = if is_stdin {
            "standard input".into()
        } else {
            path.to_string_lossy()
        };
        return Err(Failure::at(place, Problem::IsTerminal));
    }
    Ok(())
}

#[cfg(unix)]
fn is_terminal(path: &Path) -> bool {
    use std::fs::{self, File};
    use std::os::unix::fs::FileTypeExt as _;

    let is_device = fs::metadata(path).is_ok_and(|found| found.file_type().is_char_device());
    is_device && File::open(path).is_ok_and(|file| file.is_terminal())
}

#[cfg(not(unix))]
fn is_terminal(_path: &Path) -> bool {
    false
}
