//! The thread that answers.

use std::any::Any;
use std::iter;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender};

use super::pass::Settings;
use super::shelf::Shelf;
use super::{Reply, Request};

/// A ticket that no request has: whatever is running is superseded by it.
pub(super) const NOBODY: u64 = u64::MAX;

/// What a worker is told.
#[derive(Debug)]
pub(super) enum Message {
    /// Answer this.
    Ask(Box<Request>),
    /// Say when all that came before is done.
    Idle(Sender<()>),
}

/// Answers the newest request again and again, until nobody can ask any more.
pub(super) fn run(
    settings: &Settings,
    newest: &AtomicU64,
    inbox: &Receiver<Message>,
    reply: impl Fn(Reply),
) {
    let mut shelf = Shelf::default();
    while let Ok(first) = inbox.recv() {
        let (mut request, mut waiting) = (None, Vec::new());
        for message in iter::once(first).chain(inbox.try_iter()) {
            match message {
                Message::Ask(newer) => request = Some(newer),
                Message::Idle(done) => waiting.push(done),
            }
        }
        if let Some(request) = request {
            let superseded = || newest.load(Ordering::Acquire) != request.ticket.0;
            let mut publish = |answer| reply(Reply::Answer(answer));
            // What a fault leaves behind is thrown away, so it does not matter in which state it is.
            let pass = catch_unwind(AssertUnwindSafe(|| {
                shelf.answer(&request, settings, &superseded, &mut publish)
            }));
            match pass {
                Ok(Some(answer)) => publish(answer),
                Ok(None) => {}
                Err(fault) => {
                    shelf = Shelf::default();
                    reply(Reply::Fault {
                        ticket: request.ticket,
                        text: text_of(fault.as_ref()),
                    });
                }
            }
        }
        for done in waiting {
            // Who asked may have gone away.
            let _ = done.send(());
        }
    }
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
