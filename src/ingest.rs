//! Reads flow logs: finds files, decodes them, turns lines into columns, and accounts for every line.

use std::path::PathBuf;
use std::sync::Arc;

use crate::store::{Chunk, Rejects, Source};

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
    /// The load is over; `error` where nothing could be read at all.
    Finished {
        /// How long it took, in seconds.
        seconds: f64,
        /// Whether it was stopped before its end.
        stopped: bool,
    },
}
