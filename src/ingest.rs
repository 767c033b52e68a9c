//! Reads flow logs: finds files, decodes them, turns lines into columns, and accounts for every line.

mod account;
mod builder;
mod csv;
mod decode;
mod fast;
mod feed;
mod foreign;
mod json;
mod layout;
mod outlet;
mod parquet;
mod parse;
mod pipeline;
mod prefix;
mod read;
mod rows;
mod shape;
mod sniff;
mod source;
mod split;
mod staged;
mod stream;
mod swar;
#[cfg(test)]
mod tests;
mod transcoder;
mod value;
mod words;
mod worker;

use std::num::NonZero;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use crate::store::{Catalog, Chunk, Rejects, Source, Store};
use layout::Layouts;
pub use layout::{BadLogFormat, Order};
use outlet::Outlet;
use pipeline::Load;

/// What to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A file, a folder, or a glob.
    Path(PathBuf),
    /// The standard input.
    Stdin,
    /// The lab that the binary carries.
    Lab,
}

/// How to read it.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The order of the fields of lines without a header: `${version} ${account-id} …` or bare names.
    pub log_format: Option<String>,
    /// The orders of flow logs that were described, where there are several: each is for its own files.
    pub described: Vec<Order>,
    /// The orders that were accepted before for files without a header, each with its folder.
    pub remembered: Vec<(PathBuf, String)>,
    /// How many threads read; 0 for as many as there are cores.
    pub threads: usize,
}

/// How far a load is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes taken from files so far.
    pub bytes_read: u64,
    /// Bytes of all files together; 0 where that is not known.
    pub bytes_total: u64,
    /// Records so far.
    pub records: u64,
    /// Rejected lines so far.
    pub rejects: u64,
    /// Files read to their end.
    pub files_done: usize,
    /// Files in all.
    pub files: usize,
}

/// What a load has to tell.
#[derive(Clone, Debug)]
pub enum LoadEvent {
    /// The files that will be read, in reading order, and how many were passed over.
    Found {
        /// The files.
        sources: Vec<Source>,
        /// Marker objects, hidden files, sockets and pipes.
        skipped: usize,
    },
    /// Records.
    Chunk(Arc<Chunk>),
    /// A file has been read to its end, or as far as it goes.
    Source {
        /// Which: an index into the files found.
        index: usize,
        /// What is known of it.
        source: Box<Source>,
        /// The lines that were not read.
        rejects: Rejects,
    },
    /// How far the load is; at most every 50 ms.
    Progress(Progress),
    /// The load is over.
    Finished {
        /// How long it took, in seconds.
        seconds: f64,
        /// Whether it was stopped before its end.
        stopped: bool,
    },
}

/// A load that goes on by itself.
#[derive(Debug)]
pub struct Loading {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

/// What a load gave.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The records.
    pub store: Store,
    /// How many files were passed over: marker objects, hidden files, sockets and pipes.
    pub skipped: usize,
    /// How long it took, in seconds.
    pub seconds: f64,
}

impl Loading {
    /// Ends the load early: every thread stops within a block of text. What was read stays.
    ///
    /// A thread that waits for bytes from a pipe notices when some come, so [`Loading::wait`] may take as long.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Waits until the load is over.
    pub fn wait(self) {
        // A fault of the thread that waits for the others has nobody left to be told.
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
) -> Result<Loading, BadLogFormat> {
    let layouts = layouts(catalog, &options)?;
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    let thread = thread::spawn(move || run(&inputs, options.threads, &layouts, &flag, &sink));
    Ok(Loading { stop, thread })
}

/// Reads `inputs` to their end.
pub fn load(inputs: Vec<Input>, options: Options) -> Result<Loaded, BadLogFormat> {
    let catalog = Arc::new(Catalog::default());
    let layouts = layouts(Arc::clone(&catalog), &options)?;
    let loaded = Mutex::new(Loaded {
        store: Store::new(catalog, Vec::new()),
        skipped: 0,
        seconds: 0.0,
    });
    let sink = |event| {
        loaded
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take_in(event);
    };
    run(
        &inputs,
        options.threads,
        &layouts,
        &AtomicBool::new(false),
        &sink,
    );
    Ok(loaded.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Says what is wrong with an order of fields, if something is.
///
/// # Errors
///
/// When a word of it is no name, or none of them is known.
pub fn check_log_format(text: &str) -> Result<(), BadLogFormat> {
    Layouts::new(Arc::default(), Some(text)).map(drop)
}

fn layouts(catalog: Arc<Catalog>, options: &Options) -> Result<Layouts, BadLogFormat> {
    let layouts = Layouts::new(catalog, options.log_format.as_deref())?;
    layouts.with_orders(&options.described, &options.remembered)
}

impl Loaded {
    /// Takes in what a load has to tell.
    pub fn take_in(&mut self, event: LoadEvent) {
        match event {
            LoadEvent::Found { sources, skipped } => {
                self.store = Store::new(Arc::clone(&self.store.catalog), sources);
                self.skipped = skipped;
            }
            LoadEvent::Chunk(chunk) => self.store.push(chunk),
            LoadEvent::Source {
                index,
                source,
                rejects,
            } => self.store.update_source(index, *source, rejects),
            LoadEvent::Progress(_) => {}
            LoadEvent::Finished { seconds, .. } => self.seconds = seconds,
        }
    }
}

/// Finds the files, reads them with several threads, and ends when these have ended.
fn run(
    inputs: &[Input],
    threads: usize,
    layouts: &Layouts,
    stop: &AtomicBool,
    sink: &(dyn Fn(LoadEvent) + Send + Sync),
) {
    let begun = Instant::now();
    let places = source::find(inputs);
    let sources = places.list.iter().map(|place| place.source.clone());
    sink(LoadEvent::Found {
        sources: sources.collect(),
        skipped: places.skipped,
    });
    let threads = match threads {
        0 => thread::available_parallelism().map_or(1, NonZero::get),
        threads => threads,
    };
    let outlet = Outlet::new(sink, &places.list);
    let load = Load::new(&places.list, layouts, outlet, stop, threads);
    load.run();
    sink(LoadEvent::Finished {
        seconds: begun.elapsed().as_secs_f64(),
        stopped: load.is_stopped(),
    });
}
