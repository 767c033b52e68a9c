//! Drives a load: threads, the queue of work, reports per file, memory limits, and following files that grow.

pub(crate) mod batch;
pub(crate) mod columns;
pub(crate) mod context;
pub(crate) mod follow;
pub(crate) mod large_file;
pub(crate) mod line_reader;
pub(crate) mod log;
pub(crate) mod memory_limit;
pub(crate) mod overlap;
pub(crate) mod queue;
pub(crate) mod record_counter;
pub(crate) mod report;
pub(crate) mod reporter;
pub(crate) mod resume;
pub(crate) mod worker;

use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

use super::event::LoadEvent;
use super::formats::event_ids::EventIds;
use super::input::{Input, Options};
use super::source::duplicates::DuplicateFiles;
use super::source::find;
use super::source::input_file::{Bytes, InputFile};
use super::text::layouts::Layouts;
use context::LoadContext;
use follow::{FollowOptions, Follower};
use overlap::FlowLogs;
use reporter::{Bound, LoadReporter};
use resume::ResumeStates;
use worker::read_files;

/// Finds the files, reads them with several threads, and ends when these have ended, or when files are followed no
/// more.
pub(crate) fn run(
    inputs: &[Input],
    options: &Options,
    layouts: &Layouts,
    stop: &AtomicBool,
    sink: &(dyn Fn(LoadEvent) + Send + Sync),
) {
    let begun = Instant::now();
    let mut files = find::find(inputs);
    let sources = files.list.iter().map(|file| file.source.clone());
    sink(LoadEvent::Found {
        sources: sources.collect(),
        skipped: files.skipped,
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
    let events = Arc::new(EventIds::new(options.drop_duplicates));
    let reporter = LoadReporter::new(sink, &files.list)
        .bounded(bound)
        .with_event_ids(events)
        .with_flow_logs(FlowLogs::of(&files.list, Arc::clone(&layouts.catalog)));
    let resume = ResumeStates::default();
    let mut duplicates = DuplicateFiles::default();
    let hashes = duplicates.hashes();
    let are_compared_later = options.follow.is_none() && !options.drop_duplicates;
    let context = LoadContext {
        layouts,
        reporter: &reporter,
        stop,
        threads,
        resume: &resume,
        hashes: are_compared_later.then_some(&*hashes),
        counter: options.counter.as_deref(),
    };
    let mut pairs = Vec::new();
    if options.drop_duplicates {
        pairs = duplicates.among(&files.list, stop);
        for (index, _) in &pairs {
            files.list[*index].bytes = Bytes::Duplicate;
        }
    }
    let mut caught_up = false;
    if let Some(intervals) = options.follow {
        let options = FollowOptions {
            inputs,
            intervals,
            drops_duplicates: options.drop_duplicates,
        };
        let follower = Follower::new(&mut files.list, options, context, duplicates);
        follower.run(pairs, |seconds| {
            caught_up = true;
            sink(LoadEvent::CaughtUp(seconds));
        });
    } else {
        if options.drop_duplicates {
            read_files(&files.list, context);
        } else {
            pairs = read_and_compare(&files.list, context, &mut duplicates);
        }
        reporter.duplicates(pairs, options.drop_duplicates);
        reporter.overlaps();
    }
    if options.counter.is_some() {
        sink(LoadEvent::Counted(reporter.counted()));
    }
    sink(LoadEvent::Finished {
        seconds: begun.elapsed().as_secs_f64(),
        stopped: stop.load(Ordering::Relaxed) && !caught_up || reporter.full().is_some(),
        full: reporter.full(),
    });
}

/// Reads `files`. Returns those that have the bytes of an earlier one, each with that earlier one.
fn read_and_compare(
    files: &[InputFile],
    context: LoadContext<'_>,
    duplicates: &mut DuplicateFiles,
) -> Vec<(usize, usize)> {
    let mut pairs = thread::scope(|scope| {
        let compare = || duplicates.among_large(files, context.stop);
        // Without a thread for the comparison, or if it panicked, no duplicates are reported.
        let compared = thread::Builder::new().spawn_scoped(scope, compare).ok();
        read_files(files, context);
        compared
            .and_then(|found| found.join().ok())
            .unwrap_or_default()
    });
    // By now the hashes of small files are known.
    pairs.extend(duplicates.among_small(files, context.stop));
    pairs.sort_unstable();
    pairs
}
