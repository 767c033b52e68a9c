//! The thread that answers.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender};

use super::pass::Settings;
use super::shelf::Shelf;
use super::{Reply, Request, Wish};

/// A ticket that no request has: whatever is running is superseded by it.
pub(super) const NOBODY: u64 = u64::MAX;

/// What a worker is told.
#[derive(Debug)]
pub(super) enum Message {
    /// Answer this.
    Ask(Box<Request>),
    /// List these values.
    List(Box<Wish>),
    /// Say when all that came before is done.
    Idle(Sender<()>),
}

/// The tickets of what was asked last.
pub(super) struct Newest {
    pub(super) request: Arc<AtomicU64>,
    pub(super) wish: Arc<AtomicU64>,
}

impl Newest {
    fn request(&self) -> u64 {
        self.request.load(Ordering::Acquire)
    }

    fn wish(&self) -> u64 {
        self.wish.load(Ordering::Acquire)
    }
}

/// Answers the newest request again and again, and lists in between what was wished last, until nobody can ask
/// any more.
pub(super) fn run(
    settings: &Settings,
    newest: &Newest,
    inbox: &Receiver<Message>,
    reply: impl Fn(Reply),
) {
    let mut shelf = Shelf::default();
    let (mut seen, mut wish) = (0, None);
    let mut waiting = Vec::new();
    loop {
        // A wish that was put off has its turn when nothing else is on its way.
        let first = if wish.is_none() || newest.request() != seen {
            let Ok(message) = inbox.recv() else { return };
            Some(message)
        } else {
            None
        };
        let mut request = None;
        for message in first.into_iter().chain(inbox.try_iter()) {
            match message {
                Message::Ask(newer) => request = Some(newer),
                Message::List(newer) => wish = Some(newer),
                Message::Idle(done) => waiting.push(done),
            }
        }
        if let Some(request) = request {
            seen = request.ticket.0;
            answer(&mut shelf, &request, (settings, newest), &reply);
        }
        if let Some(wished) = wish.take() {
            wish = list(&mut shelf, wished, (settings, newest, seen), &reply);
        }
        if wish.is_none() {
            for done in waiting.drain(..) {
                // Who asked may have gone away.
                let _ = Sender::send(&done, ());
            }
        }
    }
}

fn answer(
    shelf: &mut Shelf,
    request: &Request,
    (settings, newest): (&Settings, &Newest),
    reply: &impl Fn(Reply),
) {
    let superseded = || newest.request() != request.ticket.0;
    let mut publish = |answer| reply(Reply::Answer(answer));
    // What a fault leaves behind is thrown away, so it does not matter in which state it is.
    let pass = catch_unwind(AssertUnwindSafe(|| {
        shelf.answer(request, settings, &superseded, &mut publish)
    }));
    match pass {
        Ok(Some(answer)) => publish(answer),
        Ok(None) => {}
        Err(fault) => {
            *shelf = Shelf::default();
            reply(Reply::Fault {
                ticket: request.ticket,
                text: text_of(fault.as_ref()),
            });
        }
    }
}

/// Lists what is wished; gives the wish back where a request newer than `seen` comes in between.
fn list(
    shelf: &mut Shelf,
    wish: Box<Wish>,
    (settings, newest, seen): (&Settings, &Newest, u64),
    reply: &impl Fn(Reply),
) -> Option<Box<Wish>> {
    let is_newest = || newest.wish() == wish.ticket.0;
    let superseded = || !is_newest() || newest.request() != seen;
    let pass = catch_unwind(AssertUnwindSafe(|| {
        shelf.list(&wish, settings, &superseded)
    }));
    match pass {
        Ok(Some(listing)) => reply(Reply::Listing(listing)),
        Ok(None) if is_newest() => return Some(wish),
        Ok(None) => {}
        // The candidates stay without counts; what is wrong with the data shows in the answer too.
        Err(_) => *shelf = Shelf::default(),
    }
    None
}

/// What a panic said.
fn text_of(fault: &(dyn Any + Send)) -> String {
    if let Some(text) = fault.downcast_ref::<&str>() {
        (*text).to_owned()
    } else if let Some(text) = fault.downcast_ref::<String>() {
        text.clone()
    } else {
        "the pass failed without a word".to_owned()
    }
}
