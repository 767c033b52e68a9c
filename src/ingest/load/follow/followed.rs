//! A file that is followed, and what has been seen of it.

use std::time::SystemTime;

use crate::ingest::source::input_file::InputFile;

/// How many polls without new bytes a compressed file gets before its last line is taken without a line end: until then
/// its writer may be within the line.
const MAX_UNENDED_POLLS: u32 = 20;

pub(super) struct Followed {
    pub(super) file: InputFile,
    pub(super) state: State,
    /// When the file was changed last, as far as that has been seen.
    pub(super) modified: Option<SystemTime>,
    /// How long it was when it was looked at last.
    pub(super) seen: u64,
    /// How long a compressed file was when it was read on last: bytes that are no member are not read again and again.
    pub(super) tried: u64,
    pub(super) last_line: LastLine,
}

/// The last line of a compressed file, where it has no end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum LastLine {
    /// It waits for its end, in so many polls without new bytes.
    Waiting(u32),
    /// It was taken as it is.
    Taken,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Under its path.
    AtPath,
    /// Under another path or none.
    Renamed {
        /// How many polls found no new bytes since.
        idle_polls: u32,
    },
    /// It is not looked at any more.
    Abandoned,
}

impl Followed {
    /// Whether a compressed file of `length` bytes is left as it is. It is decompressed from its beginning, so that is done
    /// once its writer pauses, and once for each length.
    pub(super) fn waits_for_writer(&mut self, length: u64) -> bool {
        let is_growing = std::mem::replace(&mut self.seen, length) != length;
        is_growing || std::mem::replace(&mut self.tried, length) == length
    }
}

impl LastLine {
    /// Counts a poll, and returns whether the line is to be taken now.
    pub(super) fn has_waited(&mut self) -> bool {
        match self {
            Self::Waiting(polls) if *polls < MAX_UNENDED_POLLS => {
                *polls += 1;
                false
            }
            Self::Waiting(_) => {
                *self = Self::Taken;
                true
            }
            Self::Taken => false,
        }
    }
}
