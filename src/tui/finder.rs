//! Searches the record list on a thread of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender};
use std::time::{Duration, Instant};

use super::inbox::Event;
use super::problem::Problem;
use super::worker::Worker;
use crate::app::Msg;
use crate::app::find::{Search, SearchReply};

/// A number that no search has.
const NO_SEARCH: u64 = u64::MAX;
/// How long a search runs before it tells how far it is, and between two such reports.
const REPORT: Duration = Duration::from_millis(200);

/// The handle on the thread. Dropping it stops the search.
pub(super) struct Finder {
    newest: Arc<AtomicU64>,
    worker: Worker<Search>,
}

impl Finder {
    /// Starts the thread, which sends what it finds to `sender`.
    pub(super) fn start(sender: SyncSender<Event>) -> Result<Self, Problem> {
        let newest = Arc::new(AtomicU64::new(NO_SEARCH));
        let seen = Arc::clone(&newest);
        let worker = Worker::start("finder", move |searches: Receiver<Search>| {
            for search in searches {
                run(&search, &seen, &sender);
            }
        })?;
        Ok(Self { newest, worker })
    }

    /// Starts a search, which ends the one before.
    pub(super) fn find(&self, search: Search) {
        self.newest.store(search.number, Ordering::Release);
        self.worker.send(search);
    }

    /// Ends the search.
    pub(super) fn stop(&self) {
        self.newest.store(NO_SEARCH, Ordering::Release);
    }
}

impl Drop for Finder {
    fn drop(&mut self) {
        self.stop();
    }
}

fn run(search: &Search, newest: &AtomicU64, sender: &SyncSender<Event>) {
    let stop = || newest.load(Ordering::Acquire) != search.number;
    let mut reported = Instant::now();
    // The receiver is dropped when the session has ended.
    let send = |reply| _ = sender.send(Event::Msg(Msg::Search(reply)));
    let mut report = |reply| {
        if reported.elapsed() >= REPORT {
            reported = Instant::now();
            send(reply);
        }
    };
    if let Some(position) = search.run(&stop, &mut report) {
        let number = search.number;
        send(SearchReply::Ended { number, position });
    }
}
