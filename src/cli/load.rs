//! Loads the records for a command, from its paths and options.

use std::fs;
use std::io;
use std::io::IsTerminal as _;
use std::io::Write as _;
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::failure::{Failure, Problem, Verdict, reason};
use super::interrupt::{Interrupt, POLL_INTERVAL};
use super::log_format;
use super::log_format::GivenFormats;
use super::options::{Reading, Reporting};
use super::report;
use crate::format;
use crate::format::InternalError;
use crate::ingest;
use crate::ingest::{Counted, Input, LineCounter, LoadEvent, Loading, Options, StartError};
use crate::store::{Catalog, ReadProblem, RejectReason, Source, Status, Store};

/// The capacity of the channel of load events; loading threads block when it is full.
pub(super) const MAX_WAITING_EVENTS: usize = 256;

#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) store: Store,
    /// Skipped files: marker objects, hidden files, sockets and pipes.
    pub(super) skipped: usize,
    /// Load time in seconds.
    pub(super) seconds: f64,
    /// The records that were counted and are not in the store.
    pub(super) counted: Counted,
    /// Whether some requested input could not be read.
    incomplete: bool,
}

impl Loaded {
    /// The verdict of a command that did or did not find records.
    pub(super) fn verdict(&self, found: bool) -> Verdict {
        if self.incomplete {
            Verdict::Incomplete
        } else {
            Verdict::of(found)
        }
    }
}

pub(super) fn read(
    reading: &Reading,
    reporting: Reporting,
    interrupt: &Interrupt,
) -> Result<Loaded, Failure> {
    read_counting(reading, reporting, None, interrupt)
}

/// As [`read`], where records that `counter` can count are not kept.
pub(super) fn read_counting(
    reading: &Reading,
    reporting: Reporting,
    counter: Option<Arc<dyn LineCounter>>,
    interrupt: &Interrupt,
) -> Result<Loaded, Failure> {
    if reading.follow {
        return Err(Failure::at("--follow", Problem::NeverEnds));
    }
    let inputs = inputs_of(reading)?;
    let mut progress = Progress::new(!reporting.no_progress);
    let options = Options {
        counter,
        ..options(reading, interrupt)?
    };
    let loaded = load(inputs, options, |news| progress.show(news), interrupt)?;
    drop(progress);
    Ok(Loaded {
        incomplete: report::load(&loaded, reporting.strict),
        counted: loaded.counted,
        store: loaded.store,
        skipped: loaded.skipped,
        seconds: loaded.seconds,
    })
}

/// The inputs that the paths of `reading` refer to. Warns if standard input was probably meant.
pub(super) fn inputs_of(reading: &Reading) -> Result<Vec<Input>, Failure> {
    let inputs = inputs(&reading.paths)?;
    if inputs == [Input::Lab] && is_fed() {
        report::warn(
            "standard input is not read: without PATH, the bundled sample capture is used; write `-` to read it",
        );
    }
    Ok(inputs)
}

pub(super) fn start(
    inputs: Vec<Input>,
    options: Options,
    catalog: Arc<Catalog>,
    sink: impl Fn(LoadEvent) + Send + Sync + 'static,
) -> Result<Loading, Failure> {
    let loading = ingest::start(inputs, options, catalog, sink);
    loading.map_err(|error| match error {
        StartError::LogFormat(error) => Failure::at("--log-format", error),
        StartError::Thread(_) => Failure::from(Problem::Io(error.to_string())),
    })
}

pub(super) fn inputs(paths: &[PathBuf]) -> Result<Vec<Input>, Failure> {
    if paths.is_empty() {
        return Ok(vec![Input::Lab]);
    }
    let mut inputs = Vec::with_capacity(paths.len());
    for path in paths {
        refuse_terminal(path)?;
        let input = if path.as_os_str() == "-" {
            Input::Stdin
        } else {
            Input::Path(path.clone())
        };
        // Standard input can only be read once.
        if input != Input::Stdin || !inputs.contains(&Input::Stdin) {
            inputs.push(input);
        }
    }
    Ok(inputs)
}

pub(super) fn options(reading: &Reading, interrupt: &Interrupt) -> Result<Options, Failure> {
    let given = log_format::parse(reading.log_format.as_deref(), interrupt)?;
    let GivenFormats { all, mut each } = given;
    if reading.log_format.is_none() {
        each = log_format::beside(&reading.paths);
    }
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

/// A store with the record of one line.
pub(super) fn line(
    line: &str,
    format: Option<&str>,
    interrupt: &Interrupt,
) -> Result<Store, Failure> {
    let options = Options {
        log_format: log_format::of_one_record(format, interrupt)?,
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
    let is_other = |source: &Source| {
        let problem = source.status.problem();
        matches!(problem, Some(ReadProblem::NotFlowLog { .. }))
    };
    let reason = match store.rejects().kept.first() {
        Some(reject) => Some(reject.reason.clone()),
        None if store.sources().iter().any(is_other) => Some(RejectReason::UnknownLayout),
        None => None,
    };
    let problem = reason.map_or(Problem::NoRecord, Problem::NotARecord);
    Err(Failure::at("--record", problem))
}

fn load(
    inputs: Vec<Input>,
    options: Options,
    mut show: impl FnMut(&ingest::Progress),
    interrupt: &Interrupt,
) -> Result<ingest::Loaded, Failure> {
    let catalog = Arc::new(Catalog::default());
    let loaded = Arc::new(Mutex::new(ingest::Loaded {
        store: Store::new(Arc::clone(&catalog), Vec::new()),
        ..ingest::Loaded::default()
    }));
    let taken_in = Arc::clone(&loaded);
    let (sender, news) = mpsc::channel();
    // What the threads have read they enter themselves: waking this one for every small file takes them time.
    let sink = move |event| {
        let sent = match event {
            LoadEvent::Progress(progress) => Some(News::Progress(progress)),
            LoadEvent::Finished { .. } => Some(News::Finished),
            _ => None,
        };
        lock(&taken_in).take_in(event);
        if let Some(news) = sent {
            // The receiver is dropped when the load is abandoned.
            let _ = sender.send(news);
        }
    };
    let loading = start(inputs, options, catalog, sink)?;
    loop {
        if let Some(code) = interrupt.code() {
            loading.stop();
            return Err(Failure::Interrupted(code));
        }
        match news.recv_timeout(POLL_INTERVAL) {
            Ok(News::Progress(progress)) => show(&progress),
            Ok(News::Finished) => return Ok(mem::take(&mut *lock(&loaded))),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                return Err(InternalError::new("the threads that read have ended").into());
            }
        }
    }
}

/// What the thread that waits for a load is told.
enum News {
    Progress(ingest::Progress),
    Finished,
}

fn lock(loaded: &Mutex<ingest::Loaded>) -> MutexGuard<'_, ingest::Loaded> {
    loaded.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether standard input is a pipe or a file that is not empty.
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

/// Reports inputs without anything to read. With `follows`, an empty folder is allowed because files may appear in it.
pub(super) fn nothing_to_read(inputs: &[Input], follows: bool) -> Option<Verdict> {
    let sources = ingest::nothing_in(inputs)?;
    let is_empty = |source: &Source| matches!(source.status, Status::EmptyFolder(_));
    if follows && sources.iter().any(is_empty) {
        return None;
    }
    report::missing_paths(&sources);
    report::empty_folders(&sources, report::error);
    let refused = sources.iter().filter(|source| !report::is_missing(source));
    let refused: Vec<String> = refused
        .filter(|source| source.status.problem().is_some())
        .filter_map(Source::message)
        .collect();
    for message in refused.iter().take(report::MAX_NAMED) {
        report::error(&format::visible(message));
    }
    report::and_more(refused.len());
    let has_error = sources
        .iter()
        .any(|source| source.status.problem().is_some());
    Some(if has_error {
        Verdict::Incomplete
    } else {
        Verdict::Nothing
    })
}

/// Refuses to read records from a terminal.
fn refuse_terminal(path: &Path) -> Result<(), Failure> {
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

/// Whether `path` is a terminal.
#[cfg(unix)]
pub(super) fn is_terminal(path: &Path) -> bool {
    use std::fs::{self, File};
    use std::os::unix::fs::FileTypeExt as _;

    let is_device = fs::metadata(path).is_ok_and(|found| found.file_type().is_char_device());
    is_device && File::open(path).is_ok_and(|file| file.is_terminal())
}

#[cfg(not(unix))]
pub(super) fn is_terminal(_path: &Path) -> bool {
    false
}

/// Loads shorter than this show no progress.
const MIN_SHOWN: Duration = Duration::from_millis(300);

/// One line on standard error that is overwritten as the load goes on, and erased at the end.
#[derive(Debug)]
pub(super) struct Progress {
    wanted: bool,
    started: Instant,
    shown: bool,
}

impl Progress {
    /// A progress line, shown only if `wanted` and standard error is a terminal.
    pub(super) fn new(wanted: bool) -> Self {
        Self {
            wanted: wanted && io::stderr().is_terminal(),
            started: Instant::now(),
            shown: false,
        }
    }

    pub(super) fn show(&mut self, progress: &ingest::Progress) {
        if !self.wanted || self.started.elapsed() < MIN_SHOWN {
            return;
        }
        self.shown = true;
        let _ = write!(io::stderr().lock(), "\r\x1b[K{}", progress_line(progress));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            let _ = write!(io::stderr().lock(), "\r\x1b[K");
        }
    }
}

/// The text of the line, in fewer than 80 columns.
pub(super) fn progress_line(progress: &ingest::Progress) -> String {
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
