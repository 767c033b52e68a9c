//! What a load reads, and how.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::text::layouts::log_formats::LogFormat;
use super::text::zone::InputZone;

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
    pub described: Vec<LogFormat>,
    /// The orders that were accepted before for files without a header, each with its folder.
    pub remembered: Vec<(PathBuf, String)>,
    /// The zone of times that name none.
    pub zone: InputZone,
    /// How many threads read; 0 for as many as there are cores.
    pub threads: usize,
    /// Whether to go on when everything has been read: with what is appended to files, and with new files.
    pub follow: Option<FollowIntervals>,
    /// Whether to leave out files that have the bytes of an earlier one.
    pub drop_duplicates: bool,
    /// How many bytes of memory the records may take; none for as many as there are.
    pub max_memory: Option<u64>,
    /// Counts plain records by their text, where only the number of those that match is wanted: they are not kept. All
    /// other records are.
    pub counter: Option<Arc<dyn LineCounter>>,
}

/// Counts the lines that a filter selects.
pub trait LineCounter: fmt::Debug + Send + Sync {
    /// A counter of the same lines for one thread: threads that search with one regular expression wait for its cache.
    fn for_thread(&self) -> Box<dyn LineCounter>;

    /// How many of `lines` the filter selects. They are ASCII without control characters below 0x20, and each ends with a
    /// line feed.
    fn count(&self, lines: &[u8]) -> u64;
}

/// How often to look for more while files are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FollowIntervals {
    /// The time between two looks at the files that may grow.
    pub poll: Duration,
    /// The time between two looks for new files.
    pub walk: Duration,
}

impl Default for FollowIntervals {
    fn default() -> Self {
        Self {
            poll: Duration::from_millis(500),
            walk: Duration::from_secs(2),
        }
    }
}
