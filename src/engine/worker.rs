//! The thread that answers requests.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use super::filter_cache::FilterCache;
use super::pass::Settings;
use super::{CountRequest, PrefetchRequest, Reply, Request, ValuesRequest, filter_counts};
use crate::format::InternalError;

/// A ticket that no request has: storing it stops whatever is running.
pub(super) const NO_REQUEST: u64 = u64::MAX;

/// What the worker is asked to do.
#[derive(Debug)]
pub(super) enum Message {
    Answer(Box<Request>),
    Values(Box<ValuesRequest>),
    Counts(Box<CountRequest>),
    Prefetch(Box<PrefetchRequest>),
    /// Send a reply on the channel once all earlier messages are dealt with.
    Idle(Sender<()>),
}

/// The newest tickets, which the asking thread stores and the worker compares with.
#[derive(Clone, Debug)]
pub(super) struct NewestTickets {
    pub(super) request: Arc<AtomicU64>,
    pub(super) values: Arc<AtomicU64>,
    pub(super) counts: Arc<AtomicU64>,
}

impl NewestTickets {
    fn request(&self) -> u64 {
        self.request.load(Ordering::Acquire)
    }

    fn values(&self) -> u64 {
        self.values.load(Ordering::Acquire)
    }

    fn counts(&self) -> u64 {
        self.counts.load(Ordering::Acquire)
    }
}

/// Answers the newest request, then the newest request for values, and so on, until the handle is dropped. Once there
/// has been nothing to do for a while, it prefetches.
pub(super) fn run(
    settings: &Settings,
    newest: &NewestTickets,
    inbox: &Receiver<Message>,
    reply: impl Fn(Reply),
) {
    let mut worker = Worker {
        settings,
        newest,
        reply,
        cache: FilterCache::default(),
        answered: 0,
        listed: 0,
    };
    let mut postponed = None;
    let mut counting: Option<Box<CountRequest>> = None;
    let mut prefetch: Option<Box<PrefetchRequest>> = None;
    let mut waiting = Vec::new();
    loop {
        let is_postponed =
            (postponed.is_some() || counting.is_some()) && newest.request() == worker.answered;
        let wait = match &prefetch {
            // Values that were postponed are counted when no other message is on its way.
            _ if is_postponed => Some(Duration::ZERO),
            Some(_) if waiting.is_empty() => Some(settings.prefetch_delay),
            Some(_) => Some(Duration::ZERO),
            None => None,
        };
        let Ok(first) = receive(inbox, wait) else {
            return;
        };
        let is_idle = first.is_none();
        let mut request = None;
        for message in first.into_iter().chain(inbox.try_iter()) {
            match message {
                Message::Answer(newer) => request = Some(newer),
                Message::Values(newer) => postponed = Some(newer),
                Message::Counts(newer) => counting = Some(newer),
                Message::Prefetch(newer) => prefetch = Some(newer),
                Message::Idle(done) => waiting.push(done),
            }
        }
        if let Some(request) = request {
            worker.answer(&request);
        }
        if let Some(request) = postponed.take() {
            postponed = worker.count_values(request);
        } else if let Some(request) = counting.take() {
            counting = worker.count(request);
        } else if is_idle && let Some(request) = prefetch.take() {
            prefetch = worker.prefetch(request);
        }
        if postponed.is_none() && counting.is_none() && prefetch.is_none() {
            for done in waiting.drain(..) {
                // The receiver may be gone.
                let _ = Sender::send(&done, ());
            }
        }
    }
}

/// The next message; none if there is none within the time to `wait`, which may be forever. An error if there will
/// never be one.
fn receive(
    inbox: &Receiver<Message>,
    wait: Option<Duration>,
) -> Result<Option<Message>, RecvTimeoutError> {
    let Some(wait) = wait else {
        return Ok(Some(inbox.recv()?));
    };
    match inbox.recv_timeout(wait) {
        Ok(message) => Ok(Some(message)),
        Err(RecvTimeoutError::Timeout) => Ok(None),
        Err(gone) => Err(gone),
    }
}

struct Worker<'a, R> {
    settings: &'a Settings,
    newest: &'a NewestTickets,
    reply: R,
    cache: FilterCache,
    /// The ticket of the request that was answered last.
    answered: u64,
    /// The ticket of the request for values that was begun last.
    listed: u64,
}

impl<R: Fn(Reply)> Worker<'_, R> {
    fn answer(&mut self, request: &Request) {
        self.answered = request.ticket.0;
        let superseded = || self.newest.request() != request.ticket.0;
        let mut publish = |answer| (self.reply)(Reply::Answer(answer));
        // A panic may leave the cache half updated, so it is replaced.
        let pass = catch_unwind(AssertUnwindSafe(|| {
            self.cache
                .answer(request, self.settings, &superseded, &mut publish)
        }));
        match pass {
            Ok(Some(answer)) => publish(answer),
            Ok(None) => {}
            Err(panic) => {
                self.cache = FilterCache::default();
                (self.reply)(Reply::Failed {
                    ticket: request.ticket,
                    error: InternalError::of_panic(panic.as_ref()),
                });
            }
        }
    }

    /// Counts values; gives the request back if a newer [`Request`] interrupts it.
    fn count_values(&mut self, request: Box<ValuesRequest>) -> Option<Box<ValuesRequest>> {
        self.listed = request.ticket.0;
        let is_newest = || self.newest.values() == request.ticket.0;
        let superseded = || !is_newest() || self.newest.request() != self.answered;
        let pass = catch_unwind(AssertUnwindSafe(|| {
            self.cache.values(&request, self.settings, &superseded)
        }));
        match pass {
            Ok(Some(counts)) => (self.reply)(Reply::Values(counts)),
            Ok(None) if is_newest() => return Some(request),
            Ok(None) => {}
            // The candidates stay without counts; what fails here fails for the answer too.
            Err(_) => self.cache = FilterCache::default(),
        }
        None
    }

    /// Counts the records of filters; gives the request back if another one interrupts it.
    fn count(&self, request: Box<CountRequest>) -> Option<Box<CountRequest>> {
        let is_newest = || self.newest.counts() == request.ticket.0;
        let (newest, answered, listed) = (self.newest, self.answered, self.listed);
        let superseded = || {
            newest.counts() != request.ticket.0
                || newest.request() != answered
                || newest.values() != listed
        };
        let pass = catch_unwind(AssertUnwindSafe(|| {
            filter_counts::count(&request, self.settings, &superseded)
        }));
        match pass {
            Ok(Some(counts)) => (self.reply)(Reply::Counts(counts)),
            Ok(None) if is_newest() => return Some(request),
            // The menu stays without counts.
            Ok(None) | Err(_) => {}
        }
        None
    }

    /// Prefetches until another request arrives; gives the request back if one for values interrupts it.
    fn prefetch(&mut self, request: Box<PrefetchRequest>) -> Option<Box<PrefetchRequest>> {
        let is_newest = || self.newest.request() == request.ticket.0;
        let counted = self.newest.counts();
        let superseded = || {
            !is_newest() || self.newest.values() != self.listed || self.newest.counts() != counted
        };
        let pass = catch_unwind(AssertUnwindSafe(|| {
            self.cache.prefetch(&request, self.settings, &superseded)
        }));
        if pass.is_err() {
            self.cache = FilterCache::default();
        }
        (matches!(pass, Ok(false)) && is_newest()).then_some(request)
    }
}
