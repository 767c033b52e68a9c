//! `--log FILE`: decisions made while loading, one per line.

use std::fs::{File, OpenOptions};
use std::io;
use std::io::{BufWriter, Read as _, Write as _};
use std::panic;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use log::{LevelFilter, Log, Metadata, Record, error};

use super::failure::Problem;
use super::failure::{Failure, reason};
use crate::format;

/// The first bytes of a log file, which identify it.
const HEADER: &str = "flowdeck log: ";

/// A logger that writes to a file, each line with the seconds since the start.
struct FileLog {
    begun: Instant,
    file: Mutex<BufWriter<File>>,
}

/// Installs a logger that writes to the file at `path`, and a hook that logs the location of panics.
pub(super) fn start(path: &Path, command: &str) -> Result<(), Failure> {
    let place = format!("--log: {}", path.display());
    let not_written = |error: io::Error| {
        let (reason, keeps_old) = (reason(&error), false);
        Failure::at(place.clone(), Problem::NotWritten { reason, keeps_old })
    };
    if is_something_else(path).map_err(not_written)? {
        return Err(Failure::at(place, Problem::NotALog));
    }
    let file = File::create(path).map_err(not_written)?;
    let log = FileLog {
        begun: Instant::now(),
        file: Mutex::new(BufWriter::new(file)),
    };
    log.line(&format!(
        "{HEADER}version {}, {} {}, {command}",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH
    ))
    .map_err(not_written)?;
    // `set_logger` fails only on a second call, and this function is called once.
    if log::set_boxed_logger(Box::new(log)).is_ok() {
        log::set_max_level(LevelFilter::Debug);
    }
    format::set_log_file(path.to_string_lossy().into_owned());
    log_panics();
    Ok(())
}

/// Whether the file exists, is not empty and is not a flowdeck log, so that it must not be overwritten.
fn is_something_else(path: &Path) -> io::Result<bool> {
    match path.metadata() {
        Ok(found) if found.is_file() => {
            let mut begin = Vec::new();
            let file = OpenOptions::new().read(true).write(true).open(path)?;
            file.take(HEADER.len() as u64).read_to_end(&mut begin)?;
            Ok(!begin.is_empty() && begin != HEADER.as_bytes())
        }
        Ok(_) => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Logs the code location of each panic, but not its message, which may contain values of a record.
fn log_panics() {
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if let Some(location) = panic.location() {
            error!("panic at {location}");
        }
        report(panic);
    }));
}

impl FileLog {
    fn line(&self, text: &str) -> io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(file, "{text}")?;
        // Flush, so that the log is complete after a crash.
        file.flush()
    }
}

impl Log for FileLog {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("flowdeck")
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            let seconds = self.begun.elapsed().as_secs_f64();
            let target = record.target().trim_start_matches("flowdeck::");
            let module = target.split("::").next().unwrap_or_default();
            let text = format!(
                "{seconds:10.6} {:<5} {module}: {}",
                record.level(),
                record.args()
            );
            // A full disk must not stop the program.
            let _ = self.line(&text);
        }
    }

    fn flush(&self) {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = file.flush();
    }
}
