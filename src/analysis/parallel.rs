//! Folds over items on several threads, with an accumulator for each thread.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// With fewer chunks than this, starting threads costs more than it saves.
const MIN_CHUNKS_FOR_THREADS: usize = 5;

/// Calls `work` with each of `items` on up to `threads` threads, each with its own accumulator from `make`. `stop` is
/// asked before each item. Which thread gets which item is random, and must not matter.
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
                // If the system cannot start a thread, the others do its work.
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

/// How many of `threads` threads are worth starting for this many chunks.
pub(crate) fn useful_threads(threads: usize, chunks: usize) -> usize {
    if chunks < MIN_CHUNKS_FOR_THREADS {
        1
    } else {
        threads.clamp(1, chunks)
    }
}

/// As [`fold_parallel`], but passes the items by value.
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
        // Each item is locked once, so no panic can have poisoned it.
        let item = item.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(item) = item {
            work(accumulator, item);
        }
    };
    fold_parallel(&items, threads, make, take, stop)
}
