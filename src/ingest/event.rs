//! What a load reports while it runs.

use std::sync::Arc;

use crate::store::{Chunk, Overlap, Rejects, Source, Store};

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

/// Records that were counted and not kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// How many there were.
    pub records: u64,
    /// How many of them match.
    pub matching: u64,
}

/// An event of a load.
#[derive(Clone, Debug)]
pub enum LoadEvent {
    /// The files that will be read, in reading order, and how many were skipped.
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
    Duplicates {
        /// Which, and the first one with the same bytes: indexes into the files found.
        pairs: Vec<(usize, usize)>,
        /// Whether their records were left out.
        are_dropped: bool,
    },
    /// All interfaces so far that several flow logs record over the same time.
    Overlaps(Vec<Overlap>),
    /// How far the load is; at most every 50 ms.
    Progress(Progress),
    /// What was there has been read, in so many seconds; what comes from now on has come since.
    CaughtUp(f64),
    /// New files, to be put behind those that were found before.
    Added(Vec<Source>),
    /// What [`Options::counter`](super::Options::counter) counted, at the end.
    Counted(Counted),
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

impl LoadEvent {
    /// Applies to `store` what the event says of files and records.
    pub fn apply_to(self, store: &mut Store) {
        match self {
            Self::Found { sources, .. } => {
                *store = Store::new(Arc::clone(&store.catalog), sources);
            }
            Self::Chunk(chunk) => store.push(chunk),
            Self::Source {
                index,
                source,
                rejects,
            } => store.update_source(index, *source, rejects),
            Self::Duplicates { pairs, are_dropped } => {
                for (index, first) in pairs {
                    store.note_duplicate(index, first, are_dropped);
                }
            }
            Self::Overlaps(overlaps) => store.note_overlaps(overlaps),
            Self::Added(sources) => store.add_sources(sources),
            Self::Progress(_) | Self::CaughtUp(_) | Self::Counted(_) | Self::Finished { .. } => {}
        }
    }
}
