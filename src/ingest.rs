//! Reads flow logs: finds files, decompresses and parses them into columns, and counts every line.

mod builder;
mod compression;
mod event;
mod formats;
mod infer;
mod input;
mod load;
mod source;
#[cfg(test)]
mod tests;
mod text;

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use thiserror::Error;

use crate::format;
use crate::store::{Catalog, Source, Store};
pub use event::{Counted, LoadEvent, Progress};
pub use formats::parquet::silence_damage;
pub use input::{FollowIntervals, Input, LineCounter, Options};
pub use load::memory_limit::{default_memory_limit, memory_left};
pub use text::layouts::BadLogFormat;
use text::layouts::Layouts;
pub use text::layouts::log_formats::LogFormat;
pub use text::zone::InputZone;

/// A running load.
#[derive(Debug)]
pub struct Loading {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

/// Why a load did not begin.
#[derive(Debug, Error)]
pub enum StartError {
    /// The order of fields that was given.
    #[error(transparent)]
    LogFormat(#[from] BadLogFormat),
    /// The system gives no more threads.
    #[error("cannot start a thread: {}", format::reason(.0))]
    Thread(#[source] io::Error),
}

/// The result of a load.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// The records.
    pub store: Store,
    /// How many files were skipped: marker objects, hidden files, sockets and pipes.
    pub skipped: usize,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// The records that were counted and are not in the store.
    pub counted: Counted,
}

impl Loading {
    /// Ends the load early: every thread stops within a block of text. What was read stays.
    ///
    /// A load that follows files ends by this alone.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.thread().unpark();
    }

    /// Waits until the load is over.
    pub fn wait(self) {
        // A panic of this thread has nowhere to be reported.
        let _ = self.thread.join();
    }
}

/// Begins to read `inputs`. Words and names that only files know go into `catalog`; `sink` is called by several
/// threads and may block.
///
/// The events begin with [`LoadEvent::Found`] and end with [`LoadEvent::Finished`]; every file found gets one
/// [`LoadEvent::Source`], after the chunks that have its records.
pub fn start(
    inputs: Vec<Input>,
    options: Options,
    catalog: Arc<Catalog>,
    sink: impl Fn(LoadEvent) + Send + Sync + 'static,
) -> Result<Loading, StartError> {
    let layouts = layouts(catalog, &options)?;
    load::log::options(&options);
    let sink = move |event| {
        load::log::event(&event);
        sink(event);
    };
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    let thread = thread::Builder::new()
        .spawn(move || load::run(&inputs, &options, &layouts, &flag, &sink))
        .map_err(StartError::Thread)?;
    Ok(Loading { stop, thread })
}

/// Reads `inputs` to their end.
pub fn load(inputs: Vec<Input>, options: Options) -> Result<Loaded, BadLogFormat> {
    let catalog = Arc::new(Catalog::default());
    let layouts = layouts(Arc::clone(&catalog), &options)?;
    let loaded = Mutex::new(Loaded {
        store: Store::new(catalog, Vec::new()),
        ..Loaded::default()
    });
    let sink = |event| {
        loaded
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take_in(event);
    };
    load::run(&inputs, &options, &layouts, &AtomicBool::new(false), &sink);
    Ok(loaded.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// What is known of `inputs` where there is nothing to read in any of them; none where there is something. It is
/// looked for no further than to the first file.
pub fn nothing_in(inputs: &[Input]) -> Option<Vec<Source>> {
    source::find::nothing_in(inputs)
}

/// Checks a log format.
///
/// # Errors
///
/// When a word is not a field name, or none of them is known.
pub fn check_log_format(text: &str) -> Result<(), BadLogFormat> {
    Layouts::new(Arc::default(), Some(text)).map(drop)
}

fn layouts(catalog: Arc<Catalog>, options: &Options) -> Result<Layouts, BadLogFormat> {
    let layouts = Layouts::new(catalog, options.log_format.as_deref())?;
    let layouts = layouts.with_orders(&options.described, &options.remembered)?;
    Ok(layouts.in_zone(options.zone))
}

impl Loaded {
    /// Takes in what a load reports.
    pub fn take_in(&mut self, event: LoadEvent) {
        match &event {
            LoadEvent::Found { skipped, .. } => self.skipped = *skipped,
            LoadEvent::CaughtUp(seconds) | LoadEvent::Finished { seconds, .. } => {
                self.seconds = *seconds;
            }
            LoadEvent::Counted(counted) => self.counted = *counted,
            _ => {}
        }
        event.apply_to(&mut self.store);
    }
}
