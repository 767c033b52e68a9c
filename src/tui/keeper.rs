//! Keeps what is to be kept between sessions, on a thread of its own: files are slow, and the screen waits for
//! nobody.

use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::thread::{self, JoinHandle};

use super::inbox::Event;
use super::problem::Problem;
use crate::app::Msg;
use crate::config::{Change, Places};
use crate::format;
use crate::format::InternalError;

/// A handle on the thread. Dropping it waits until everything is kept.
pub(super) struct Keeper {
    changes: Option<Sender<Change>>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts the thread, which tells `inbox` what could not be kept.
    pub(super) fn start(places: Places, inbox: SyncSender<Event>) -> Result<Self, Problem> {
        let (changes, work) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("keeper".into())
            .spawn(move || keep_all(&places, &work, &inbox))
            .map_err(Problem::Thread)?;
        Ok(Self {
            changes: Some(changes),
            thread: Some(thread),
        })
    }

    /// Keeps `change`, after those before it.
    pub(super) fn keep(&self, change: Change) {
        if let Some(changes) = &self.changes {
            // The thread ends when it is told to, and not before.
            let _ = changes.send(change);
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.changes.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn keep_all(places: &Places, work: &Receiver<Change>, inbox: &SyncSender<Event>) {
    let mut told = None;
    for change in work {
        let made = panic::catch_unwind(AssertUnwindSafe(|| places.make(&change)));
        let made =
            made.unwrap_or_else(|payload| Err(InternalError::of_panic(payload.as_ref()).into()));
        let Err(problem) = made else {
            told = None;
            continue;
        };
        let notice = match &change {
            Change::Remember(_) | Change::Forget(_) | Change::Accept(_) => problem.to_string(),
            Change::Save(saved) => {
                format!("${} is only kept until you leave: {problem}", saved.name)
            }
            Change::Unsave(name) => {
                let name = format::visible(name);
                format!("${name} will be back next time: {problem}")
            }
        };
        // A history that cannot be kept is told of once, and not after every filter.
        if told.as_ref() != Some(&notice) {
            // Who is leaving reads no messages any more and waits for this thread, so it must not wait.
            let _ = inbox.try_send(Event::Msg(Msg::Notice(notice.clone())));
            told = Some(notice);
        }
    }
}
