//! Reads flow logs: finds files, decodes them, turns lines into columns, and accounts for every line.

mod account;
mod allowance;
mod builder;
mod csv;
mod decode;
mod events;
mod fast;
mod feed;
mod follow;
mod foreign;
mod json;
mod layout;
mod mark;
mod outlet;
mod parquet;
mod parse;
mod pipe;
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
mod twins;
mod value;
mod words;
mod worker;
mod zone;

use std::num::NonZero;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::store::{Catalog, Chunk, Rejects, Source, Store};
pub use allowance::allowance;
use events::Events;
use follow::Follower;
use layout::Layouts;
pub use layout::{BadLogFormat, Order};
use outlet::{Bound, Outlet};
pub use parquet::silence_damage;
use pipeline::Load;
use source::{Bytes, Place};
use twins::Twins;
pub use zone::InputZone;

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
    /// The zone of times that name none.
    pub zone: InputZone,
    /// How many threads read; 0 for as many as there are cores.
    pub threads: usize,
    /// Whether to go on when everything has been read: with what is appended to files, and with new files.
    pub follow: Option<Rhythm>,
    /// Whether to leave out files that have the bytes of an earlier one.
    pub drop_duplicates: bool,
    /// How many bytes of memory the records may take; none for as many as there are.
    pub max_memory: Option<u64>,
}

/// How often to look for more while files are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rhythm {
    /// The time between two looks at the files that may grow.
    pub poll: Duration,
    /// The time between two looks for new files.
    pub walk: Duration,
}

impl Default for Rhythm {
    fn default() -> Self {
        Self {
            poll: Duration::from_millis(500),
            walk: Duration::from_secs(2),
        }
    }
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
    /// Files that have the bytes of an earlier one.
    Twins {
        /// Which, and the first one with the same bytes: indexes into the files found.
        pairs: Vec<(usize, usize)>,
        /// Whether their records were left out.
        are_dropped: bool,
    },
    /// How far the load is; at most every 50 ms.
    Progress(Progress),
    /// What was there has been read, in so many seconds; what comes from now on has come since.
    CaughtUp(f64),
    /// New files, to be put behind those that were found before.
    Added(Vec<Source>),
    /// The load is over.
    Finished {
        /// How long it took, in seconds.
        seconds: f64,
        /// Whether it was stopped before its end.
        stopped: bool,
        /// How many bytes of memory the records may take, where that is what stopped it.
        full: Option<u64>,
    },
}

/// A load that goes on by itself.
#[derive(Debug)]
pub struct Loading {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

/// What a load gave.
#[derive(Clone, Debug, Default)]
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
    /// A load that follows files ends by this alone.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.thread().unpark();
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
    let thread = thread::spawn(move || run(&inputs, &options, &layouts, &flag, &sink));
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
    run(&inputs, &options, &layouts, &AtomicBool::new(false), &sink);
    Ok(loaded.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// What is known of `inputs` where there is nothing to read in any of them; none where there is something. It is
/// looked for no further than to the first file.
pub fn nothing_in(inputs: &[Input]) -> Option<Vec<Source>> {
    source::nothing_in(inputs)
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
    let layouts = layouts.with_orders(&options.described, &options.remembered)?;
    Ok(layouts.in_zone(options.zone))
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
            LoadEvent::Twins { pairs, are_dropped } => {
                for (index, first) in pairs {
                    self.store.note_twin(index, first, are_dropped);
                }
            }
            LoadEvent::Added(sources) => self.store.add_sources(sources),
            LoadEvent::Progress(_) => {}
            LoadEvent::CaughtUp(seconds) | LoadEvent::Finished { seconds, .. } => {
                self.seconds = seconds;
            }
        }
    }
}

/// Finds the files, reads them with several threads, and ends when these have ended, or when files are followed no
/// more.
fn run(
    inputs: &[Input],
    options: &Options,
    layouts: &Layouts,
    stop: &AtomicBool,
    sink: &(dyn Fn(LoadEvent) + Send + Sync),
) {
    let begun = Instant::now();
    let mut places = source::find(inputs);
    let sources = places.list.iter().map(|place| place.source.clone());
    sink(LoadEvent::Found {
        sources: sources.collect(),
        skipped: places.skipped,
    });
    let threads = match options.threads {
        0 => thread::available_parallelism().map_or(1, NonZero::get),
        threads => threads,
    };
    let bound = options.max_memory.map(|limit| Bound {
        limit,
        catalog: Arc::clone(&layouts.catalog),
        stop,
    });
    let events = Arc::new(Events::new(options.drop_duplicates));
    let outlet = Outlet::new(sink, &places.list)
        .bounded(bound)
        .noticing(events);
    let mut twins = Twins::default();
    let mut pairs = Vec::new();
    if options.drop_duplicates {
        pairs = find_twins(&mut twins, &places.list, stop);
        for (index, _) in &pairs {
            places.list[*index].bytes = Bytes::Twin;
        }
    }
    let mut caught_up = false;
    if let Some(rhythm) = options.follow {
        let follower = Follower::new(&mut places.list, (inputs, rhythm), options.drop_duplicates);
        follower.run(
            (layouts, &outlet, stop, threads),
            (twins, pairs),
            |seconds| {
                caught_up = true;
                sink(LoadEvent::CaughtUp(seconds));
            },
        );
    } else {
        thread::scope(|scope| {
            let compared = (!options.drop_duplicates)
                .then(|| scope.spawn(|| find_twins(&mut twins, &places.list, stop)));
            Load::new(&places.list, layouts, &outlet, stop, threads).run();
            if let Some(found) = compared {
                // Whoever cannot compare files finds none that are equal.
                pairs = found.join().unwrap_or_default();
            }
        });
        outlet.twins(pairs, options.drop_duplicates);
    }
    sink(LoadEvent::Finished {
        seconds: begun.elapsed().as_secs_f64(),
        stopped: stop.load(Ordering::Relaxed) && !caught_up || outlet.full().is_some(),
        full: outlet.full(),
    });
}

/// The files that have the bytes of an earlier one, and which one.
fn find_twins(twins: &mut Twins, places: &[Place], stop: &AtomicBool) -> Vec<(usize, usize)> {
    let files = places.iter().filter(|place| place.bytes == Bytes::File);
    let files = files.take_while(|_| !stop.load(Ordering::Relaxed));
    let pair = |place: &Place| {
        let first = twins.meet(place.index, &place.source.path, place.size)?;
        Some((place.index, first))
    };
    files.filter_map(pair).collect()
}
