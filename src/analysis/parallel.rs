//! Spreads work on chunks over threads.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Below this many chunks a thread costs more than it brings.
const CHUNKS_WORTH_A_THREAD: usize = 5;

/// Gives each of `items` to `work` on up to `threads` threads, each with its own accumulator from `make`,
/// until `stop` says so. Which thread gets what is chance, so accumulators must not depend on it.
///
/// `stop` is asked before each item.
pub(crate) fn fold_parallel<I: Sync, A: Send>(
    items: &[I],
    threads: usize,
    make: impl Fn() -> A + Sync,
    work: impl Fn(&mut A, &I) + Sync,
    stop: &(dyn Fn() -> bool + Sync),
) -> Vec<A> {
    let next = AtomicUsize::new(0);
    let run = || {
        let mut accumulator = make();
        while !stop() {
            let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) else {
                break;
            };
            work(&mut accumulator, item);
        }
        accumulator
    };
    if threads < 2 || items.len() < 2 {
        return vec![run()];
    }
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads.min(items.len()))
            .filter_map(|_| {
                let builder = thread::Builder::new().name("engine".into());
                // Where the system gives no thread, those that are there do the work.
                builder.spawn_scoped(scope, run).ok()
            })
            .collect();
        let mut accumulators = vec![run()];
        for other in others {
            match other.join() {
                Ok(accumulator) => accumulators.push(accumulator),
                Err(fault) => resume_unwind(fault),
            }
        }
        accumulators
    })
}

/// How many of `threads` threads are worth starting for so many chunks.
pub(crate) fn useful_threads(threads: usize, chunks: usize) -> usize {
    if chunks < CHUNKS_WORTH_A_THREAD {
        1
    } else {
        threads.clamp(1, chunks)
    }
}

/// As [`fold_parallel`], with items that are handed over, the first ones first.
pub(crate) fn fold_parallel_owned<I: Send, A: Send>(
    items: Vec<I>,
    threads: usize,
    make: impl Fn() -> A + Sync,
    work: impl Fn(&mut A, I) + Sync,
    stop: &(dyn Fn() -> bool + Sync),
) -> Vec<A> {
    let items: Vec<Mutex<Option<I>>> = items
        .into_iter()
        .map(|item| Mutex::new(Some(item)))
        .collect();
    let take = |accumulator: &mut A, item: &Mutex<Option<I>>| {
        // Each is locked once, so no fault can have happened while it was.
        let item = item.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(item) = item {
            work(accumulator, item);
        }
    };
    fold_parallel(&items, threads, make, take, stop)
}
