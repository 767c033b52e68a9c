//! Answers questions about a store on a thread of its own, so that the UI never waits.
//!
//! Requests carry tickets: the newest one wins, and a running pass stops within one chunk when a newer request
//! arrives. One pass over the chunks feeds everything that the panes show. While files are still loading, the same
//! question about a longer store is answered from the previous answer and the new chunks alone.

mod accumulator;
mod accumulators;
mod assemble;
mod evaluator;
mod filter_cache;
mod filter_counts;
mod filter_state;
mod group_by;
mod memory;
mod pass;
mod reuse;
#[cfg(test)]
mod tests;
mod value_counts;
mod without_part;
mod worker;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread;

use filter_cache::FilterCache;
pub use group_by::{
    Combination, Combinations, GroupBy, GroupError, GroupField, Listing, Order, Prefix, Rank,
    group_by, group_by_within,
};
pub use memory::SortTooLarge;
use pass::Settings;
pub use without_part::WithoutPart;
use worker::{Message, NO_REQUEST, NewestTickets};

use crate::analysis::{Breakdown, ListedRows, Measure, RowOrder, Selection, Timeline, Window};
use crate::format::InternalError;
use crate::query::Expression;
use crate::query::complete::WantedValues;
use crate::schema::FieldId;
use crate::store::{RowId, Store};

/// Orders requests: an answer whose ticket is not the newest is stale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// What the panes show of the selected records.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Selects the records; none selects every record.
    pub filter: Option<Arc<Expression>>,
    /// The buckets of the timeline and of the sparklines; none where no record has a time.
    pub window: Option<Window>,
    /// The field whose values become the lanes of the timeline.
    pub lanes: FieldId,
    /// The most lanes to return.
    pub lane_limit: usize,
    /// The field to group by.
    pub breakdown: FieldId,
    /// What groups and lanes are ordered by and show over time.
    pub measure: Measure,
    /// Whether groups are split by action even without a window; with a window they always are.
    pub by_action: bool,
    /// The most groups to return.
    pub group_limit: usize,
    /// The order of the records.
    pub order: RowOrder,
}

impl Question {
    /// The window of the sparklines; a single bucket that holds everything where only the split by action is needed.
    fn sparkline_window(&self) -> Option<Window> {
        let needs_split = self.by_action && self.measure != Measure::Records;
        self.window
            .or_else(|| needs_split.then_some(Window::EVERYTHING))
    }
}

/// A question about a snapshot.
#[derive(Clone, Debug)]
pub struct Request {
    /// Answers carry it back, so that stale ones can be dropped.
    pub ticket: Ticket,
    /// The snapshot to answer from.
    pub store: Store,
    /// What to find out.
    pub question: Question,
    /// A record whose position in the new list is needed, so that the cursor can stay on it.
    pub anchor: Option<RowId>,
}

/// The result of a pass.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The ticket of the request.
    pub ticket: Ticket,
    /// Whether every chunk has been searched; if not, a fuller answer follows.
    pub complete: bool,
    /// The records that the filter selects.
    pub selection: Arc<Selection>,
    /// None where the question has no window.
    pub timeline: Option<Arc<Timeline>>,
    /// The largest groups.
    pub breakdown: Arc<Breakdown>,
    /// The list of the records. In reading order in spite of the question if they are too many to sort, and, where
    /// they are to be sorted by columns, in an answer that is not complete.
    pub rows: ListedRows,
    /// Why the records are in reading order although another one was asked for.
    pub not_sorted: Option<SortTooLarge>,
    /// The position of the anchor in the list; if it is no longer selected, that of the next record that is.
    pub anchor: Option<usize>,
    /// If nothing is selected: how many records the filter would select without one of its parts.
    pub without: Vec<WithoutPart>,
    /// How long the pass took, in seconds.
    pub seconds: f64,
}

impl Answer {
    /// The records at the positions `first..first + count` of the list, or as many as there are.
    pub fn page(&self, first: usize, count: usize) -> Vec<RowId> {
        self.rows.page(&self.selection, first, count)
    }
}

/// Asks to find out in advance what the answers to some filters need.
#[derive(Clone, Debug)]
pub struct PrefetchRequest {
    /// That of the newest [`Request`]; a newer one supersedes this.
    pub ticket: Ticket,
    /// The snapshot that the questions will be about.
    pub store: Store,
    /// The question but for its filter.
    pub question: Question,
    /// The filters, the most likely one first.
    pub filters: Vec<Arc<Expression>>,
}

/// Asks for the values of a field among some records, the most frequent first.
#[derive(Clone, Debug)]
pub struct ValuesRequest {
    /// Counted apart from the tickets of [`Request`]s.
    pub ticket: Ticket,
    /// The snapshot to count in.
    pub store: Store,
    /// The field, the records, and what the values begin with.
    pub wanted: WantedValues,
    /// The most values to return.
    pub limit: usize,
}

/// The answer to a [`ValuesRequest`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueCounts {
    /// The ticket of the request.
    pub ticket: Ticket,
    /// Each value as a flow log prints it, with its number of records; the most frequent first, ties by value.
    pub values: Vec<(String, u64)>,
}

/// Asks how many records each of several filters selects.
#[derive(Clone, Debug)]
pub struct CountRequest {
    /// Counted apart from the tickets of other requests.
    pub ticket: Ticket,
    /// The snapshot to count in.
    pub store: Store,
    /// The filters.
    pub filters: Vec<Arc<Expression>>,
}

/// The answer to a [`CountRequest`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterCounts {
    /// The ticket of the request.
    pub ticket: Ticket,
    /// The number of records of each filter, in the order of the request.
    pub counts: Vec<u64>,
}

/// What the worker sends back.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Stale unless its ticket is that of the newest request.
    Answer(Answer),
    /// Stale unless its ticket is that of the newest request for values.
    Values(ValueCounts),
    /// Stale unless its ticket is that of the newest request for counts.
    Counts(FilterCounts),
    /// A pass panicked. The worker goes on with the next request.
    Failed {
        /// The ticket of the request.
        ticket: Ticket,
        /// What the panic said.
        error: InternalError,
    },
}

/// A handle on the worker. Dropping it ends the worker's thread within one chunk.
#[derive(Debug)]
pub struct Engine {
    newest: NewestTickets,
    inbox: Sender<Message>,
}

impl Engine {
    /// Starts the worker, which passes its replies to `reply`.
    ///
    /// # Errors
    ///
    /// When the system cannot start another thread.
    pub fn spawn(reply: impl Fn(Reply) + Send + 'static) -> io::Result<Self> {
        Self::start(Settings::default(), reply)
    }

    fn start(settings: Settings, reply: impl Fn(Reply) + Send + 'static) -> io::Result<Self> {
        let newest = NewestTickets {
            request: Arc::new(AtomicU64::new(0)),
            values: Arc::new(AtomicU64::new(0)),
            counts: Arc::new(AtomicU64::new(0)),
        };
        let (inbox, messages) = mpsc::channel();
        let seen = newest.clone();
        thread::Builder::new()
            .name("engine".into())
            .spawn(move || worker::run(&settings, &seen, &messages, reply))?;
        Ok(Self { newest, inbox })
    }

    /// Sends a request. It supersedes the one before, whose pass ends within one chunk.
    pub fn ask(&self, request: Request) {
        // The ticket first, so that a running pass stops at once and not when it is done.
        self.newest
            .request
            .store(request.ticket.0, Ordering::Release);
        // Sending fails only while the program exits and the worker is gone.
        let _ = self.inbox.send(Message::Answer(Box::new(request)));
    }

    /// Sends a request for values, which supersedes the one before. A [`Request`] has priority: if one arrives while
    /// values are being counted, it is answered first.
    pub fn ask_values(&self, request: ValuesRequest) {
        self.newest
            .values
            .store(request.ticket.0, Ordering::Release);
        let _ = self.inbox.send(Message::Values(Box::new(request)));
    }

    /// Sends a request for counts, which supersedes the one before. All other requests have priority.
    pub fn ask_counts(&self, request: CountRequest) {
        self.newest
            .counts
            .store(request.ticket.0, Ordering::Release);
        let _ = self.inbox.send(Message::Counts(Box::new(request)));
    }

    /// Asks for answers to be prepared while there is nothing else to do; they are not sent. What is prepared counts
    /// as used before the filter that was used last.
    pub fn prefetch(&self, request: PrefetchRequest) {
        let _ = self.inbox.send(Message::Prefetch(Box::new(request)));
    }

    /// Waits until everything asked so far has been answered, prefetched or superseded.
    pub fn idle(&self) {
        let (done, wait) = mpsc::channel();
        if self.inbox.send(Message::Idle(done)).is_ok() {
            // An error means that the worker has ended, and so is idle.
            let _ = wait.recv();
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.newest.request.store(NO_REQUEST, Ordering::Release);
    }
}

/// Counts the values that `request` asks for on up to `threads` threads, and waits for the result.
///
/// # Panics
///
/// Never: nothing supersedes the request.
pub fn values(request: &ValuesRequest, threads: usize) -> ValueCounts {
    let settings = Settings {
        threads: threads.max(1),
        ..Settings::default()
    };
    FilterCache::default()
        .values(request, &settings, &|| false)
        .expect("nothing supersedes it")
}

/// Counts the records of each filter of `request` on up to `threads` threads, and waits for the result.
///
/// # Panics
///
/// Never: nothing supersedes the request.
pub fn counts(request: &CountRequest, threads: usize) -> FilterCounts {
    let settings = Settings {
        threads: threads.max(1),
        ..Settings::default()
    };
    filter_counts::count(request, &settings, &|| false).expect("nothing supersedes it")
}

/// Answers `request` on up to `threads` threads, and waits for the result. For the command line: it does the same
/// work as the worker.
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
    FilterCache::default()
        .answer(request, &settings, &|| false, &mut |_| {})
        .expect("nothing supersedes it")
}
