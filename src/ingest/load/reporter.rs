//! Forwards load events, throttled and in order.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

use super::overlap::FlowLogs;
use crate::ingest::event::{Counted, LoadEvent, Progress};
use crate::ingest::formats::event_ids::EventIds;
use crate::ingest::source::input_file::InputFile;
use crate::store::{CHUNK_ROWS, Catalog, Chunk, Rejects, Source};

/// How many records are enough for a first screen.
const FIRST_ROWS: usize = 2048;
/// How long a first screen may wait for that, in milliseconds.
const FIRST_WAIT: u64 = 50;
/// The least time between two reports of progress, in milliseconds.
const PROGRESS_EVERY: u64 = 50;

/// Where the events of a load go.
pub(crate) struct LoadReporter<'s> {
    sink: &'s (dyn Fn(LoadEvent) + Send + Sync),
    begun: Instant,
    /// Whether there has been a chunk, or one is on its way.
    has_begun: AtomicBool,
    /// When progress was last reported, in milliseconds since the beginning.
    told: AtomicU64,
    bytes_read: AtomicU64,
    records: AtomicU64,
    /// Records that were counted and not kept, and how many of them match.
    counted: AtomicU64,
    matching: AtomicU64,
    rejects: AtomicU64,
    files_done: AtomicUsize,
    /// Bytes of all files together; 0 where that is not known.
    bytes_total: AtomicU64,
    files: AtomicUsize,
    /// The round of following files that grow.
    arrival: AtomicU32,
    bound: Option<Bound<'s>>,
    /// Bytes of the chunks that have been published.
    held: AtomicU64,
    is_full: AtomicBool,
    /// The ids of the events seen so far.
    pub(crate) events: Arc<EventIds>,
    /// The flow logs that the files are of; none where they are not compared.
    flow_logs: Option<FlowLogs>,
}

/// How much memory the records may take.
pub(crate) struct Bound<'s> {
    /// So many bytes.
    pub(crate) limit: u64,
    /// Its dictionaries count towards the limit.
    pub(crate) catalog: Arc<Catalog>,
    /// What ends the load when they are reached.
    pub(crate) stop: &'s AtomicBool,
}

impl<'s> LoadReporter<'s> {
    /// For a load of `files`.
    pub(crate) fn new(sink: &'s (dyn Fn(LoadEvent) + Send + Sync), files: &[InputFile]) -> Self {
        Self {
            sink,
            begun: Instant::now(),
            has_begun: AtomicBool::new(false),
            told: AtomicU64::new(0),
            bytes_read: AtomicU64::new(0),
            records: AtomicU64::new(0),
            counted: AtomicU64::new(0),
            matching: AtomicU64::new(0),
            rejects: AtomicU64::new(0),
            files_done: AtomicUsize::new(0),
            bytes_total: AtomicU64::new(files.iter().map(|file| file.size).sum()),
            files: AtomicUsize::new(files.len()),
            arrival: AtomicU32::new(0),
            bound: None,
            held: AtomicU64::new(0),
            is_full: AtomicBool::new(false),
            events: Arc::default(),
            flow_logs: None,
        }
    }

    /// The same, for records that may take so much memory.
    pub(crate) fn bounded(self, bound: Option<Bound<'s>>) -> Self {
        Self { bound, ..self }
    }

    /// The same, with the ids of the events that the load has seen.
    pub(crate) fn with_event_ids(self, events: Arc<EventIds>) -> Self {
        Self { events, ..self }
    }

    /// The same, comparing what `flow_logs` record.
    pub(crate) fn with_flow_logs(self, flow_logs: FlowLogs) -> Self {
        Self {
            flow_logs: Some(flow_logs),
            ..self
        }
    }

    /// Begins another round: `files` are read, of which `new` were not known before.
    pub(crate) fn begin_round(&self, files: &[InputFile], new: usize) {
        self.arrival.fetch_add(1, Ordering::Relaxed);
        let resumed = files.len() - new;
        // Files that are resumed count as unfinished again.
        let _ = self
            .files_done
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |done| {
                Some(done.saturating_sub(resumed))
            });
        self.files.fetch_add(new, Ordering::Relaxed);
    }

    pub(crate) fn tell(&self, event: LoadEvent) {
        (self.sink)(event);
    }

    /// Tells which files have the bytes of an earlier one, if any has.
    pub(crate) fn duplicates(&self, pairs: Vec<(usize, usize)>, are_dropped: bool) {
        if !pairs.is_empty() {
            self.tell(LoadEvent::Duplicates { pairs, are_dropped });
        }
    }

    /// Tells which interfaces several flow logs record over the same time, if there are more than were told before.
    pub(crate) fn overlaps(&self) {
        if let Some(overlaps) = self.flow_logs.as_ref().and_then(FlowLogs::news) {
            self.tell(LoadEvent::Overlaps(overlaps));
        }
    }

    /// Takes note of a file that was found while files are followed.
    pub(crate) fn enter_file(&self, file: &InputFile) {
        if let Some(flow_logs) = &self.flow_logs {
            flow_logs.enter_file(file.index, &file.source.path);
        }
    }

    /// Takes note of the log group of all events of a file.
    pub(crate) fn enter_log_group(&self, file: &InputFile, name: &str) {
        if let Some(flow_logs) = &self.flow_logs {
            flow_logs.enter_log_group(file.index, name);
        }
    }

    /// How many bytes records may take, once they do: nothing more is read then.
    pub(crate) fn full(&self) -> Option<u64> {
        let bound = self.bound.as_ref()?;
        self.is_full.load(Ordering::Relaxed).then_some(bound.limit)
    }

    /// Ends the load where records and `more` bytes that are on their way reach what they may take.
    pub(crate) fn check_memory(&self, more: usize) {
        let Some(bound) = &self.bound else { return };
        let words = bound.catalog.dictionaries.memory();
        let held = self.held.load(Ordering::Relaxed) + (words + more) as u64;
        if held >= bound.limit {
            self.is_full.store(true, Ordering::Relaxed);
            bound.stop.store(true, Ordering::Relaxed);
        }
    }

    /// How long the load has taken so far, in milliseconds.
    pub(crate) fn elapsed(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Whether a chunk of `rows` rows should be published now. Full ones always; but the very first one early.
    pub(crate) fn is_due(&self, rows: usize) -> bool {
        if rows >= CHUNK_ROWS {
            return true;
        }
        if rows == 0 || self.has_begun.load(Ordering::Relaxed) {
            return false;
        }
        (rows >= FIRST_ROWS || self.elapsed() >= FIRST_WAIT)
            && !self.has_begun.swap(true, Ordering::Relaxed)
    }

    /// Publishes a chunk.
    pub(crate) fn chunk(&self, chunk: Chunk) {
        self.has_begun.store(true, Ordering::Relaxed);
        self.records
            .fetch_add(chunk.rows() as u64, Ordering::Relaxed);
        let memory = chunk.memory() + size_of::<Chunk>();
        self.held.fetch_add(memory as u64, Ordering::Relaxed);
        let arrival = self.arrival.load(Ordering::Relaxed);
        let chunk = Arc::new(chunk.arrived(arrival));
        if let Some(flow_logs) = &self.flow_logs {
            flow_logs.note(&chunk);
        }
        (self.sink)(LoadEvent::Chunk(chunk));
        self.check_memory(0);
    }

    /// Whether the records of source `index` need not be kept to find out what several flow logs record.
    pub(crate) fn may_count(&self, index: u32) -> bool {
        let flow_logs = self.flow_logs.as_ref();
        flow_logs.is_none_or(|flow_logs| !flow_logs.may_overlap(index))
    }

    /// Takes in records that are not kept.
    pub(crate) fn count(&self, counted: Counted) {
        let Counted { records, matching } = counted;
        self.records.fetch_add(records, Ordering::Relaxed);
        self.counted.fetch_add(records, Ordering::Relaxed);
        self.matching.fetch_add(matching, Ordering::Relaxed);
    }

    /// All records that were not kept.
    pub(crate) fn counted(&self) -> Counted {
        Counted {
            records: self.counted.load(Ordering::Relaxed),
            matching: self.matching.load(Ordering::Relaxed),
        }
    }

    /// Says what is known of a file that has been read.
    pub(crate) fn source(&self, index: usize, source: Source, rejects: Rejects) {
        self.files_done.fetch_add(1, Ordering::Relaxed);
        self.rejects.fetch_add(rejects.count(), Ordering::Relaxed);
        self.held
            .fetch_add(rejects.memory() as u64, Ordering::Relaxed);
        (self.sink)(LoadEvent::Source {
            index,
            source: Box::new(source),
            rejects,
        });
    }

    /// Counts bytes taken from a file, and reports progress if the last report is old enough.
    pub(crate) fn read(&self, bytes: u64) {
        self.bytes_read.fetch_add(bytes, Ordering::Relaxed);
        let (now, told) = (self.elapsed(), self.told.load(Ordering::Relaxed));
        let claim = || {
            self.told
                .compare_exchange(told, now, Ordering::Relaxed, Ordering::Relaxed)
        };
        if now >= told + PROGRESS_EVERY && claim().is_ok() {
            self.progress();
        }
    }

    /// Tells how far the load is.
    pub(crate) fn progress(&self) {
        (self.sink)(LoadEvent::Progress(Progress {
            bytes_read: self.bytes_read.load(Ordering::Relaxed),
            bytes_total: self.bytes_total.load(Ordering::Relaxed),
            records: self.records.load(Ordering::Relaxed),
            rejects: self.rejects.load(Ordering::Relaxed),
            files_done: self.files_done.load(Ordering::Relaxed),
            files: self.files.load(Ordering::Relaxed),
        }));
    }
}
