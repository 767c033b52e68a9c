//! `--log FILE`: what was decided while reading, one line for each decision.

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

/// How a log begins, by which a file is known to be one.
const HEADER: &str = "flowdeck log: ";

/// Writes what is logged to a file, each line with the seconds since the start.
struct FileLog {
    begun: Instant,
    file: Mutex<BufWriter<File>>,
}

/// Logs to the file at `path` from now on, and with it where a panic happened.
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
    // A second call has no effect, and there is none.
    if log::set_boxed_logger(Box::new(log)).is_ok() {
        log::set_max_level(LevelFilter::Debug);
    }
    format::set_log_file(path.to_string_lossy().into_owned());
    log_panics();
    Ok(())
}

/// Whether there is a file with something in it that is no log of flowdeck, which is not to be overwritten.
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

/// Logs the place in the code of each panic, but not its message, in which there may be content of a record.
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
        // What a crash leaves behind is to be whole.
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
            // A disk that is full is no reason to stop.
            let _ = self.line(&text);
        }
    }

    fn flush(&self) {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = file.flush();
    }
}
