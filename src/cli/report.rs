//! Messages of commands on standard error: errors, warnings, rejected lines and assumptions. Failures to write them are
//! ignored.

use std::collections::BTreeMap;
use std::io;
use std::io::Write as _;
use std::path::Path;

use crate::format;
use crate::format::Problem as _;
use crate::store::{AssumedKind, MissingPath, ReadProblem, Source, Status, Store};

/// The most files or paths that a message names.
pub(super) const MAX_NAMED: usize = 20;

/// A path, escaped for the terminal.
pub(super) fn shown(path: &Path) -> String {
    format::visible(&path.to_string_lossy()).into_owned()
}

pub(super) fn error(text: &str) {
    let _ = writeln!(io::stderr().lock(), "flowdeck: {text}");
}

pub(super) fn warn(text: &str) {
    let _ = writeln!(io::stderr().lock(), "flowdeck: warning: {text}");
}

/// Whether the load ended early: all files that had not been read by then have the same problem.
fn ends_load(problem: &ReadProblem) -> bool {
    matches!(
        problem,
        ReadProblem::MemoryLimit { .. } | ReadProblem::Stopped
    )
}

/// Reports files and lines that could not be read, and assumptions. Returns whether the exit status must reflect it.
pub(super) fn load(store: &Store, strict: bool) -> bool {
    let has_missing = missing_paths(store.sources());
    empty_folders(store.sources(), warn);
    let sources = store.sources().iter();
    let bad = sources.filter_map(|source| Some((source, source.status.problem()?)));
    let bad = bad.filter(|(source, _)| !is_missing(source));
    let (stopped, failed): (Vec<_>, Vec<_>) = bad.partition(|(_, problem)| ends_load(problem));
    for (source, problem) in failed.iter().take(MAX_NAMED) {
        let message = problem.message(&source.path.to_string_lossy());
        error(&format!("{}: {message}", source.status.name()));
    }
    if failed.len() > MAX_NAMED {
        let more = (failed.len() - MAX_NAMED) as u64;
        let files = format::counted(more, "more file", "more files");
        error(&format!("and {files}; `flowdeck inspect` lists them"));
    }
    // One message for all, because they have the same cause.
    if let [(source, problem), others @ ..] = stopped.as_slice() {
        let message = problem.message(&source.path.to_string_lossy());
        let more = match others.len() as u64 {
            0 => String::new(),
            more => {
                let files = format::counted(more, "more file", "more files");
                format!("; the same goes for {files}")
            }
        };
        error(&format!("{}: {message}{more}", source.status.name()));
    }
    let rejects = store.rejects().count();
    if rejects > 0 {
        let text = rejected(&store.rejects().by_reason, store.line_counts().lines);
        if strict {
            error(&text);
        } else {
            warn(&text);
        }
    }
    if store.rows() == 0 {
        for source in store.sources().iter().take(MAX_NAMED) {
            for warning in &source.warnings {
                let path = shown(&source.path);
                warn(&format!("{path}: {}", format::visible(warning)));
            }
        }
    }
    let mut assumed = Vec::new();
    assumptions(store, strict, &mut assumed);
    let is_unread = has_missing || !failed.is_empty() || !stopped.is_empty();
    is_unread || strict && (rejects > 0 || !assumed.is_empty())
}

/// `3 of 17 lines could not be read: too few fields (2), bad srcaddr (1); …`
fn rejected<R: std::fmt::Display>(by_reason: &BTreeMap<R, u64>, lines: u64) -> String {
    let mut reasons: Vec<(&R, &u64)> = by_reason.iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let reasons: Vec<String> = reasons
        .into_iter()
        .map(|(reason, count)| format!("{reason} ({})", format::count(*count)))
        .collect();
    format!(
        "{} of {} could not be read: {}; `flowdeck inspect` shows where",
        format::count(by_reason.values().sum()),
        format::counted(lines, "line", "lines"),
        format::visible(&reasons.join(", "))
    )
}

/// Reports the paths that do not exist, in one line. Returns whether there are any.
pub(super) fn missing_paths(sources: &[Source]) -> bool {
    let mut parts = Vec::new();
    for kind in [MissingPath::Path, MissingPath::Match] {
        let status = Status::Missing(kind);
        let paths = sources.iter().filter(|source| source.status == status);
        let paths: Vec<String> = paths.map(|source| shown(&source.path)).collect();
        if let (Some(what), false) = (status.problem(), paths.is_empty()) {
            let named = paths.get(..MAX_NAMED).unwrap_or(&paths[..]).join(", ");
            let more = match paths.len().saturating_sub(MAX_NAMED) {
                0 => String::new(),
                more => format!(" and {} more", format::count(more as u64)),
            };
            parts.push(format!("{what}: {named}{more}"));
        }
    }
    if !parts.is_empty() {
        error(&parts.join("; "));
    }
    !parts.is_empty()
}

/// Reports folders without readable files, through `say`.
pub(super) fn empty_folders(sources: &[Source], say: fn(&str)) {
    let is_empty = |source: &&Source| matches!(source.status, Status::EmptyFolder(_));
    let empty: Vec<&Source> = sources.iter().filter(is_empty).collect();
    for source in empty.iter().take(MAX_NAMED) {
        let message = source.message().unwrap_or_default();
        say(&format::visible(&message));
    }
    and_more(empty.len());
}

pub(super) fn and_more(count: usize) {
    let more = count.saturating_sub(MAX_NAMED);
    if more > 0 {
        error(&format!("and {} more", format::count(more as u64)));
    }
}

pub(super) fn is_missing(source: &Source) -> bool {
    matches!(source.status, Status::Missing(_))
}

/// Reports assumptions about the files of `store`, as errors if `strict`. Kinds in `told` are skipped, and reported
/// kinds are added to it.
pub(super) fn assumptions(store: &Store, strict: bool, told: &mut Vec<AssumedKind>) {
    for assumption in store.assumptions() {
        if told.contains(&assumption.kind) {
            continue;
        }
        told.push(assumption.kind);
        let text = format!("assumed: {}", assumption.message(store));
        if strict {
            error(&text);
        } else {
            warn(&text);
        }
    }
}
