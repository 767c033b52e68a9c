//! What all threads of a load share.

use std::sync::atomic::{AtomicBool, Ordering};

use super::reporter::LoadReporter;
use super::resume::ResumeStates;
use crate::ingest::input::LineCounter;
use crate::ingest::source::duplicates::SmallFileHashes;
use crate::ingest::text::layouts::Layouts;

/// What all threads of a load share.
#[derive(Clone, Copy)]
pub(crate) struct LoadContext<'l> {
    pub(crate) layouts: &'l Layouts,
    pub(crate) reporter: &'l LoadReporter<'l>,
    /// Set when the load is to end early.
    pub(crate) stop: &'l AtomicBool,
    /// How many threads read.
    pub(crate) threads: usize,
    /// How reading goes on in files that are followed.
    pub(crate) resume: &'l ResumeStates,
    /// Takes the hashes of small files, if they are wanted.
    pub(crate) hashes: Option<&'l SmallFileHashes>,
    /// Counts the plain records, which are not kept then.
    pub(crate) counter: Option<&'l dyn LineCounter>,
}

impl LoadContext<'_> {
    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}
