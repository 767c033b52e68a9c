//! Spreads work on chunks over threads.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Below this many chunks a thread costs more than it brings.
const CHUNKS_WORTH_A_THREAD: usize = 5;

/// Gives each of `items` to `work` on up to `threads` threads, each with its own accumulator from `make`,
/// until `stop` says so. Which thread gets what is chance, so accumulators must not depend on it.
///
/// `stop` is asked before each item.
pub(crate) fn spread<I: Sync, A: Send>(
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
pub(crate) fn useful(threads: usize, chunks: usize) -> usize {
    if chunks < CHUNKS_WORTH_A_THREAD {
        1
    } else {
        threads.clamp(1, chunks)
    }
}

/// Does `work` on each of a few `items`, each on a thread of its own.
pub(crate) fn each<I: Send>(items: Vec<I>, work: impl Fn(I) + Sync) {
    let mut items = items.into_iter();
    let Some(first) = items.next() else { return };
    thread::scope(|scope| {
        let work = &work;
        let others: Vec<_> = items.map(|item| scope.spawn(move || work(item))).collect();
        work(first);
        for other in others {
            if let Err(fault) = other.join() {
                resume_unwind(fault);
            }
        }
    });
}
