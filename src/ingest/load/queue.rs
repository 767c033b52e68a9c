//! The queue of work: batches of large files first, then runs of neighbouring files.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::batch::Batch;
use super::context::LoadContext;
use crate::ingest::source::input_file::InputFile;
use crate::ingest::text::piece::Piece;

/// Files that hold less than this are never shared among threads.
const LARGE_BYTES: u64 = 8 << 20;
/// Neighbouring files are read together, so that their records fill chunks, until they hold this much…
const MOST_TOGETHER: u64 = 16 << 20;
/// …or, towards the end of a load, so that all threads end together, at least this much.
const LEAST_TOGETHER: u64 = 128 << 10;

/// Something to do.
pub(crate) enum Job {
    /// Read these files, one after the other.
    Files(Range<usize>),
    /// Unpack this large file.
    LargeFile(usize),
    /// Read a part of a large file.
    Batch(Batch),
}

/// The files of a load, and the work that no thread has taken yet.
pub(crate) struct LoadQueue<'l> {
    pub(crate) files: &'l [InputFile],
    pub(crate) context: LoadContext<'l>,
    threads: u64,
    bytes_total: u64,
    work: Mutex<Work>,
    changed: Condvar,
}

#[derive(Default)]
struct Work {
    /// The first file that no thread has taken.
    next: usize,
    /// How many bytes the files from `next` on hold.
    bytes_left: u64,
    batches: VecDeque<Batch>,
    /// How many large files are being cut into batches.
    streams: usize,
    /// Pieces that can be used again.
    spare: Vec<Piece>,
}

impl<'l> LoadQueue<'l> {
    pub(crate) fn new(files: &'l [InputFile], context: LoadContext<'l>) -> Self {
        let bytes_total = files.iter().map(|file| file.size).sum();
        Self {
            files,
            context,
            threads: context.threads as u64,
            bytes_total,
            work: Mutex::new(Work {
                bytes_left: bytes_total,
                ..Work::default()
            }),
            changed: Condvar::new(),
        }
    }

    fn work(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next thing to do. Waits while there may still be one.
    pub(crate) fn take(&self) -> Option<Job> {
        let mut work = self.work();
        loop {
            if let Some(batch) = work.batches.pop_front() {
                return Some(Job::Batch(batch));
            }
            if work.next < self.files.len() {
                return Some(self.take_files(&mut work));
            }
            if work.streams == 0 {
                return None;
            }
            work = self
                .changed
                .wait(work)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn take_files(&self, work: &mut Work) -> Job {
        let first = work.next;
        if self.is_large(first) {
            work.next += 1;
            work.bytes_left -= self.files[first].size;
            work.streams += 1;
            return Job::LargeFile(first);
        }
        let share = work.bytes_left / (3 * self.threads);
        let wanted = share.clamp(LEAST_TOGETHER, MOST_TOGETHER);
        let mut bytes = 0;
        while work.next < self.files.len() && bytes < wanted && !self.is_large(work.next) {
            bytes += self.files[work.next].size;
            work.next += 1;
        }
        work.bytes_left -= bytes;
        Job::Files(first..work.next)
    }

    /// Whether a file is worth being shared: it would keep one thread busy when the others have ended.
    fn is_large(&self, index: usize) -> bool {
        let file = &self.files[index];
        let share = self.bytes_total / (8 * self.threads);
        file.is_stream() || self.threads > 1 && file.size >= LARGE_BYTES.max(share)
    }

    /// Queues a batch for a free thread, or returns it where the queue is full.
    pub(crate) fn offer(&self, batch: Batch) -> Option<Batch> {
        let mut work = self.work();
        if work.batches.len() as u64 >= 2 * (self.threads - 1) {
            return Some(batch);
        }
        work.batches.push_back(batch);
        drop(work);
        self.changed.notify_one();
        None
    }

    /// Says that there will be no more batches of a large file.
    pub(crate) fn stream_is_cut(&self) {
        self.work().streams -= 1;
        self.changed.notify_all();
    }

    /// A piece that can be used again, or a new one.
    pub(crate) fn spare_piece(&self) -> Piece {
        self.work().spare.pop().unwrap_or_default()
    }

    /// Takes back pieces that have been read.
    pub(crate) fn give_back(&self, pieces: Vec<Piece>) {
        self.work().spare.extend(pieces);
    }
}
