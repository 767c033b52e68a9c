//! Messages of commands on standard error: errors, warnings, rejected lines and assumptions. Failures to write them are
//! ignored.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::format;
use crate::format::Problem as _;
use crate::ingest::Loaded;
use crate::store::{AssumedKind, MissingPath, ReadProblem, Source, Status, Store};

/// The most files or paths that a message names.
pub(super) const MAX_NAMED: usize = 20;

/// A path, escaped for the terminal.
pub(super) fn shown(path: &Path) -> String {
    format::visible(&format::path(path)).into_owned()
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
pub(super) fn load(loaded: &Loaded, strict: bool) -> bool {
    let store = &loaded.store;
    let has_missing = missing_paths(store.sources());
    empty_folders(store.sources(), warn);
    let sources = store.sources().iter();
    let bad = sources.filter_map(|source| Some((source, source.status.problem()?)));
    let is_nothing_read = is_nothing_read(store.sources());
    let bad = bad.filter(|(source, _)| {
        !is_missing(source) && (is_nothing_read || source.status.is_failure())
    });
    let (stopped, failed): (Vec<_>, Vec<_>) = bad.partition(|(_, problem)| ends_load(problem));
    for (source, problem) in failed.iter().take(MAX_NAMED) {
        let message = problem.message(&source.path_text());
        error(&format!("{}: {message}", source.status.name()));
    }
    if failed.len() > MAX_NAMED {
        let more = (failed.len() - MAX_NAMED) as u64;
        let files = format::counted(more, "more file", "more files");
        error(&format!("and {files}; `flowdeck inspect` lists them"));
    }
    if !is_nothing_read {
        skipped(store.sources());
    }
    // One message for all, because they have the same cause.
    if let [(source, problem), others @ ..] = stopped.as_slice() {
        let message = problem.message(&source.path_text());
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
        rejected_lines(store, strict);
    }
    for overlap in store.overlaps() {
        warn(&overlap.message);
    }
    if store.rows() == 0 && loaded.counted.records == 0 {
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

fn rejected_lines(store: &Store, strict: bool) {
    let text = rejected(&store.rejects().by_reason, store.line_counts().lines);
    if strict {
        error(&text);
    } else {
        warn(&text);
    }
}

/// Whether no file was a flow log: then it matters what they are, though the user did not name them.
fn is_nothing_read(sources: &[Source]) -> bool {
    let is_read = |source: &Source| {
        !matches!(
            source.status,
            Status::Skipped(_)
                | Status::EmptyFolder(_)
                | Status::Missing(_)
                | Status::Unreadable(_)
        )
    };
    !sources.iter().any(is_read)
}

/// Reports the files in folders that are no flow logs, in one line.
fn skipped(sources: &[Source]) {
    let mut by_format: BTreeMap<&str, u64> = BTreeMap::new();
    for source in sources {
        if source.is_skipped() {
            *by_format.entry(source.format).or_default() += 1;
        }
    }
    let count = by_format.values().sum();
    if count == 0 {
        return;
    }
    let mut kinds: Vec<(&str, u64)> = by_format.into_iter().collect();
    kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let kinds: Vec<String> = kinds
        .into_iter()
        .map(|(format, count)| format!("{} {format}", format::count(count)))
        .collect();
    warn(&format!(
        "{} ({}): skipped; `flowdeck inspect` lists them",
        format::counted(count, "file is not a flow log", "files are not flow logs"),
        kinds.join(", ")
    ));
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

/// How often rejected lines are reported while files are followed.
const REJECTS_INTERVAL: Duration = Duration::from_secs(10);

/// What has been reported of files that are followed.
#[derive(Debug, Default)]
pub(super) struct Told {
    rejects: u64,
    /// When the number of rejected lines was reported.
    rejects_at: Option<Instant>,
    /// The files that could not be read, or not whole.
    failures: HashSet<usize>,
    /// The warnings of each file.
    warnings: HashMap<usize, HashSet<String>>,
}

impl Told {
    /// That all that is known of `store` has been reported.
    pub(super) fn everything_of(store: &Store) -> Self {
        let sources = || store.sources().iter().enumerate();
        let failed = sources().filter(|(_, source)| source.status.is_failure());
        Self {
            rejects: store.rejects().count(),
            rejects_at: None,
            failures: failed.map(|(index, _)| index).collect(),
            warnings: sources()
                .map(|(index, source)| (index, source.warnings.iter().cloned().collect()))
                .collect(),
        }
    }

    /// Reports what is new of the files `changed`.
    pub(super) fn news(&mut self, store: &Store, changed: &[usize], strict: bool) {
        let changed: BTreeSet<usize> = changed.iter().copied().collect();
        let mut messages = Vec::new();
        for index in &changed {
            let Some(source) = store.sources().get(*index) else {
                continue;
            };
            let path = source.path_text();
            if !source.status.is_failure() {
                self.failures.remove(index);
            } else if let Some(problem) = source.status.problem()
                && self.failures.insert(*index)
            {
                let message = format!("{}: {}", source.status.name(), problem.message(&path));
                messages.push((error as fn(&str), message));
            }
            let told = self.warnings.entry(*index).or_default();
            for warning in &source.warnings {
                if told.insert(warning.clone()) {
                    let (path, warning) = (format::visible(&path), format::visible(warning));
                    messages.push((warn as fn(&str), format!("{path}: {warning}")));
                }
            }
        }
        for (say, message) in messages.iter().take(MAX_NAMED) {
            say(message);
        }
        if let Some(more @ 1..) = messages.len().checked_sub(MAX_NAMED) {
            let more = format::counted(more as u64, "more message", "more messages");
            warn(&format!(
                "and {more}; `flowdeck inspect` shows what is wrong with each file"
            ));
        }
        if self
            .rejects_at
            .is_none_or(|at| at.elapsed() >= REJECTS_INTERVAL)
        {
            self.rest(store, strict);
        }
    }

    /// Reports lines that were rejected since they were last reported.
    pub(super) fn rest(&mut self, store: &Store, strict: bool) {
        let rejects = store.rejects().count();
        if rejects > self.rejects {
            self.rejects = rejects;
            self.rejects_at = Some(Instant::now());
            rejected_lines(store, strict);
        }
    }
}
