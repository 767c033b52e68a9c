//! From paths and options to records in memory, with everything said that went wrong on the way.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc;
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use super::assumptions;
use super::failure::{Failure, Verdict, reason, shown};
use super::interrupt::Interrupt;
use super::log_format;
use super::log_format::GivenFormats;
use super::nothing;
use super::options::{Reading, Reporting};
use super::problem::Problem;
use super::progress::Progress;
use super::report;
use crate::format;
use crate::format::InternalError;
use crate::ingest;
use crate::ingest::{Input, LoadEvent, Loading, Options};
use crate::store::{Catalog, Status, Store};

/// How long to wait for news before looking whether an end was asked for.
pub(super) const PATIENCE: Duration = Duration::from_millis(50);
/// How many load events may wait; loading threads stop when there are more.
pub(super) const BACKLOG: usize = 256;
/// How many files that could not be read are named.
const NAMED: usize = 20;

/// What was read.
#[derive(Debug)]
pub(super) struct Loaded {
    /// The records.
    pub(super) store: Store,
    /// How many files were passed over.
    pub(super) skipped: usize,
    /// How long reading took.
    pub(super) seconds: f64,
    /// Whether something could not be read that was asked for.
    troubled: bool,
}

impl Loaded {
    /// How a command ends that found something or did not.
    pub(super) fn verdict(&self, found: bool) -> Verdict {
        if self.troubled {
            Verdict::Troubled
        } else {
            Verdict::of(found)
        }
    }
}

/// Reads what `reading` names.
pub(super) fn read(
    reading: &Reading,
    reporting: Reporting,
    interrupt: &Interrupt,
) -> Result<Loaded, Failure> {
    if reading.follow {
        return Err(Failure::at("--follow", Problem::NeverEnds));
    }
    let inputs = named(reading)?;
    let mut progress = Progress::new(!reporting.no_progress);
    let options = options(reading)?;
    let loaded = load(inputs, options, |news| progress.show(news), interrupt)?;
    drop(progress);
    Ok(Loaded {
        troubled: complain(&loaded.store, reporting.strict),
        store: loaded.store,
        skipped: loaded.skipped,
        seconds: loaded.seconds,
    })
}

/// What the paths of `reading` mean; says where that may not be what was meant.
pub(super) fn named(reading: &Reading) -> Result<Vec<Input>, Failure> {
    let inputs = inputs(&reading.paths)?;
    if inputs == [Input::Lab] && is_fed() {
        report::warn(
            "standard input is not read: no PATH means the lab that flowdeck carries; give `-`",
        );
    }
    Ok(inputs)
}

/// Begins to read `inputs`.
pub(super) fn start(
    inputs: Vec<Input>,
    options: Options,
    catalog: Arc<Catalog>,
    sink: impl Fn(LoadEvent) + Send + Sync + 'static,
) -> Result<Loading, Failure> {
    let loading = ingest::start(inputs, options, catalog, sink);
    loading.map_err(|error| Failure::at("--log-format", error))
}

/// What paths mean.
pub(super) fn inputs(paths: &[PathBuf]) -> Result<Vec<Input>, Failure> {
    if paths.is_empty() {
        return Ok(vec![Input::Lab]);
    }
    let mut inputs = Vec::with_capacity(paths.len());
    for path in paths {
        nothing::refuse_terminal(path)?;
        let input = if path.as_os_str() == "-" {
            Input::Stdin
        } else {
            Input::Path(path.clone())
        };
        // The standard input can only be read once.
        if input != Input::Stdin || !inputs.contains(&Input::Stdin) {
            inputs.push(input);
        }
    }
    Ok(inputs)
}

/// How to read it.
pub(super) fn options(reading: &Reading) -> Result<Options, Failure> {
    let GivenFormats { all, each } = log_format::parse(reading.log_format.as_deref())?;
    Ok(Options {
        log_format: all,
        described: each,
        threads: reading.jobs.map_or(0, usize::from),
        follow: reading.follow.then(ingest::FollowIntervals::default),
        drop_duplicates: reading.drop_duplicates,
        zone: reading.input_zone.unwrap_or_default(),
        max_memory: reading.max_memory.or_else(ingest::default_memory_limit),
        ..Options::default()
    })
}

/// The record of one line, as the only one of a store.
pub(super) fn line(
    line: &str,
    format: Option<&str>,
    interrupt: &Interrupt,
) -> Result<Store, Failure> {
    let options = Options {
        log_format: log_format::of_one_record(format)?,
        threads: 1,
        ..Options::default()
    };
    let failed = |error: io::Error| Failure::at("--record", Problem::Io(reason(&error)));
    let mut file = tempfile::NamedTempFile::new().map_err(failed)?;
    writeln!(file, "{line}").map_err(failed)?;
    let inputs = vec![Input::Path(file.path().to_owned())];
    let store = load(inputs, options, |_| (), interrupt)?.store;
    if store.rows() > 0 {
        return Ok(store);
    }
    let reject = store.rejects().kept.first();
    let problem = reject.map_or(Problem::NoRecord, |reject| {
        Problem::NotARecord(reject.reason.clone())
    });
    Err(Failure::at("--record", problem))
}

fn load(
    inputs: Vec<Input>,
    options: Options,
    mut show: impl FnMut(&ingest::Progress),
    interrupt: &Interrupt,
) -> Result<ingest::Loaded, Failure> {
    let catalog = Arc::new(Catalog::default());
    let mut loaded = ingest::Loaded {
        store: Store::new(Arc::clone(&catalog), Vec::new()),
        skipped: 0,
        seconds: 0.0,
    };
    let (sender, events) = mpsc::sync_channel(BACKLOG);
    let sink = move |event| {
        // Nobody listens any more once the load was given up.
        let _ = sender.send(event);
    };
    let loading = start(inputs, options, catalog, sink)?;
    loop {
        if let Some(code) = interrupt.code() {
            loading.stop();
            return Err(Failure::Interrupted(code));
        }
        match events.recv_timeout(PATIENCE) {
            Ok(LoadEvent::Progress(progress)) => show(&progress),
            Ok(event) => {
                let finished = matches!(event, LoadEvent::Finished { .. });
                loaded.take_in(event);
                if finished {
                    return Ok(loaded);
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                return Err(InternalError::new("the threads that read have ended").into());
            }
        }
    }
}

/// Names the files and counts the lines that could not be read, and says what was assumed. Gives whether the exit
/// status is to tell.
pub(super) fn complain(store: &Store, strict: bool) -> bool {
    let sources = store.sources().iter();
    let bad = sources.filter_map(|source| Some((source, source.status.error()?)));
    let (mut count, mut left_out) = (0, 0);
    let has_missing = nothing::say_missing(store.sources());
    nothing::say_empty(store.sources(), report::warn);
    for (source, error) in bad {
        if matches!(source.status, Status::Missing(_)) {
            continue;
        }
        // One sentence says it of all.
        if matches!(source.status, Status::Stopped(_)) {
            left_out += 1;
            continue;
        }
        count += 1;
        if count <= NAMED {
            let (path, status) = (shown(&source.path), source.status.name());
            let error = format::visible(error);
            // Most say themselves which file they are about.
            if error.contains(&path) {
                report::error(&format!("{status}: {error}"));
            } else {
                report::error(&format!("{status}: {path}: {error}"));
            }
        }
    }
    if count > NAMED {
        let more = count - NAMED;
        report::error(&format!(
            "and {more} more files: `flowdeck inspect` names them"
        ));
    }
    if left_out > 0 {
        let first = store.sources().iter().find(|source| {
            matches!(source.status, Status::Stopped(_)) && source.status.error().is_some()
        });
        let error = first.and_then(|source| source.status.error());
        let error = format::visible(error.unwrap_or_default()).into_owned();
        let more = match left_out - 1 {
            0 => String::new(),
            more => format!("; and so of {} more files", format::count(more)),
        };
        report::error(&format!("limit: {error}{more}"));
    }
    let rejects = store.rejects().count();
    if rejects > 0 {
        let text = rejected(&store.rejects().by_reason, store.line_counts().lines);
        if strict {
            report::error(&text);
        } else {
            report::warn(&text);
        }
    }
    if store.rows() == 0 {
        for source in store.sources().iter().take(NAMED) {
            for warning in &source.warnings {
                let path = shown(&source.path);
                report::warn(&format!("{path}: {}", format::visible(warning)));
            }
        }
    }
    let mut assumed = Vec::new();
    assumptions::tell(store, strict, &mut assumed);
    has_missing || count > 0 || left_out > 0 || strict && (rejects > 0 || !assumed.is_empty())
}

/// `3 of 17 lines were not read: too few fields (2), bad srcaddr (1): …`
fn rejected<R: std::fmt::Display>(by_reason: &BTreeMap<R, u64>, lines: u64) -> String {
    let mut reasons: Vec<(&R, &u64)> = by_reason.iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let reasons: Vec<String> = reasons
        .into_iter()
        .map(|(reason, count)| format!("{reason} ({})", format::count(*count)))
        .collect();
    format!(
        "{} of {} lines were not read: {}: `flowdeck inspect` shows where",
        format::count(by_reason.values().sum()),
        format::count(lines),
        format::visible(&reasons.join(", "))
    )
}

/// Whether something was fed to the standard input: a pipe, or a file that is not empty.
#[cfg(unix)]
fn is_fed() -> bool {
    use std::os::fd::AsFd as _;
    use std::os::unix::fs::FileTypeExt as _;

    let fed = |file: io::Result<fs::File>| -> io::Result<bool> {
        let metadata = file?.metadata()?;
        let kind = metadata.file_type();
        Ok(kind.is_fifo() || kind.is_file() && metadata.len() > 0)
    };
    let input = io::stdin().as_fd().try_clone_to_owned();
    fed(input.map(fs::File::from)).unwrap_or(false)
}

#[cfg(not(unix))]
fn is_fed() -> bool {
    false
}
