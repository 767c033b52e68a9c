//! Answers questions about a store off the UI thread. The newest ticket wins.
//!
//! One pass gives everything that the panes need. While files still load, the next request with the same
//! question and a longer store is answered from the old answer and the new chunks alone.

mod evaluator;
mod kinship;
mod listing;
mod pass;
mod sheets;
mod shelf;
#[cfg(test)]
mod tests;
mod without;
mod workbench;
mod worker;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread;

use pass::Settings;
use shelf::Shelf;
pub use without::Without;
use worker::{Message, NOBODY, Newest};

use crate::analysis::{Breakdown, Measure, Order, Selection, Sort, Timeline, Window};
use crate::query::Expression;
use crate::query::complete::Wanted;
use crate::schema::FieldId;
use crate::store::{RowId, Store};

/// Orders requests: an answer whose ticket is not the newest is stale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// What the panes want to know of the selected records.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Which records; none for every one.
    pub filter: Option<Arc<Expression>>,
    /// The buckets of the timeline and of the sparklines; none where no record has a time.
    pub window: Option<Window>,
    /// The field whose values are the lanes of the timeline.
    pub lanes: FieldId,
    /// How many lanes to give.
    pub lane_limit: usize,
    /// The field to group by.
    pub breakdown: FieldId,
    /// What to order the groups by.
    pub measure: Measure,
    /// Whether groups are wanted by action where there is no window; with one they are told anyway.
    pub parts: bool,
    /// How many groups to give.
    pub group_limit: usize,
    /// How to sort the records; none for reading order.
    pub sort: Option<Sort>,
}

impl Question {
    /// The buckets of the cells from which groups are drawn; one that holds everything where there is no time.
    fn spark_window(&self) -> Option<Window> {
        let timeless = self.parts && self.measure != Measure::Records;
        self.window
            .or_else(|| timeless.then_some(Window::EVERYTHING))
    }
}

/// A question about a snapshot.
#[derive(Clone, Debug)]
pub struct Request {
    /// Which request this is.
    pub ticket: Ticket,
    /// What to answer it from.
    pub store: Store,
    /// The question.
    pub question: Question,
    /// The record whose place in the new list is wanted.
    pub anchor: Option<RowId>,
}

/// What a pass found.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Whose answer this is.
    pub ticket: Ticket,
    /// Whether every chunk has been looked at; else this is a first part, and a fuller answer follows.
    pub complete: bool,
    /// The selected records.
    pub selection: Arc<Selection>,
    /// The records over time.
    pub timeline: Option<Arc<Timeline>>,
    /// The groups.
    pub breakdown: Arc<Breakdown>,
    /// The selected records sorted, where that was asked for and the answer is complete.
    pub order: Option<Arc<Order>>,
    /// The position of the anchor in the new list; where it is no longer selected, of the next record that is.
    pub anchor: Option<usize>,
    /// Where nothing is selected: what the filter would select without one of its parts.
    pub without: Vec<Without>,
    /// How long the pass took, in seconds.
    pub seconds: f64,
}

/// Asks for the values of a field that some records have, the most frequent first.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Which wish this is, among wishes.
    pub ticket: Ticket,
    /// What to list them from.
    pub store: Store,
    /// Which values.
    pub wanted: Wanted,
    /// How many at most.
    pub limit: usize,
}

/// The values that were asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Whose they are.
    pub ticket: Ticket,
    /// Each as a flow log prints it, and how many records have it; the most frequent first, ties by value.
    pub values: Vec<(String, u64)>,
}

/// What the worker has to say.
#[derive(Clone, Debug)]
pub enum Reply {
    /// An answer; of an older ticket than the newest it is stale.
    Answer(Answer),
    /// Values; of an older ticket than the newest wish they are stale.
    Listing(Listing),
    /// A pass failed. The worker goes on with the next request.
    Fault {
        /// Whose pass it was.
        ticket: Ticket,
        /// What the program said.
        text: String,
    },
}

/// A handle on the worker. Dropping it ends the worker's thread, within one chunk.
#[derive(Debug)]
pub struct Engine {
    newest: Arc<AtomicU64>,
    newest_wish: Arc<AtomicU64>,
    inbox: Sender<Message>,
}

impl Engine {
    /// Starts the worker, which hands what it has to say to `reply`.
    ///
    /// # Panics
    ///
    /// When the system has no thread left to give.
    pub fn spawn(reply: impl Fn(Reply) + Send + 'static) -> Self {
        Self::start(Settings::default(), reply)
    }

    fn start(settings: Settings, reply: impl Fn(Reply) + Send + 'static) -> Self {
        let newest = Arc::new(AtomicU64::new(0));
        let newest_wish = Arc::new(AtomicU64::new(0));
        let (inbox, messages) = mpsc::channel();
        let seen = Newest {
            request: Arc::clone(&newest),
            wish: Arc::clone(&newest_wish),
        };
        thread::Builder::new()
            .name("engine".into())
            .spawn(move || worker::run(&settings, &seen, &messages, reply))
            .expect("a thread can be started");
        Self {
            newest,
            newest_wish,
            inbox,
        }
    }

    /// Asks, superseding what was asked before: its pass ends within one chunk.
    pub fn ask(&self, request: Request) {
        // Before the request is sent, so that the running pass stops at once and not when its turn is over.
        self.newest.store(request.ticket.0, Ordering::Release);
        // The worker is gone only when the program is leaving.
        let _ = self.inbox.send(Message::Ask(Box::new(request)));
    }

    /// Asks for values, superseding the wish before. Requests come first: one that arrives while values are
    /// listed is answered before the listing goes on.
    pub fn list(&self, wish: Wish) {
        self.newest_wish.store(wish.ticket.0, Ordering::Release);
        let _ = self.inbox.send(Message::List(Box::new(wish)));
    }

    /// Waits until everything asked so far has been answered or superseded.
    pub fn idle(&self) {
        let (done, wait) = mpsc::channel();
        if self.inbox.send(Message::Idle(done)).is_ok() {
            // An error is a worker that has ended, and so is idle.
            let _ = wait.recv();
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.newest.store(NOBODY, Ordering::Release);
    }
}

/// Lists the values that `wish` asks for on up to `threads` threads, and waits for them.
///
/// # Panics
///
/// Never: nothing supersedes the wish.
pub fn list(wish: &Wish, threads: usize) -> Listing {
    let settings = Settings {
        threads: threads.max(1),
        ..Settings::default()
    };
    Shelf::default()
        .list(wish, &settings, &|| false)
        .expect("nothing supersedes it")
}

/// Answers `request` on up to `threads` threads, and waits for it: the same work as the worker's, for the
/// command line.
///
/// # Panics
///
/// Never: nothing supersedes the request.
pub fn answer(request: &Request, threads: usize) -> Answer {
    let settings = Settings {
        threads: threads.max(1),
        patience: None,
        ..Settings::default()
    };
    Shelf::default()
        .answer(request, &settings, &|| false, &mut |_| {})
        .expect("nothing supersedes it")
}
