//! Keeps what is to be kept between sessions, on a thread of its own: files are slow, and the screen waits for
//! nobody.

use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::thread::{self, JoinHandle};

use super::inbox::Event;
use super::problem::Problem;
use crate::app::Msg;
use crate::config::{Change, StateFiles};
use crate::format;
use crate::format::InternalError;

/// A handle on the thread. Dropping it waits until everything is kept.
pub(super) struct StateWriter {
    changes: Option<Sender<Change>>,
    thread: Option<JoinHandle<()>>,
}

impl StateWriter {
    /// Starts the thread, which tells `inbox` what could not be kept.
    pub(super) fn start(
        state_files: StateFiles,
        inbox: SyncSender<Event>,
    ) -> Result<Self, Problem> {
        let (changes, work) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("state-writer".into())
            .spawn(move || write_all(&state_files, &work, &inbox))
            .map_err(Problem::Thread)?;
        Ok(Self {
            changes: Some(changes),
            thread: Some(thread),
        })
    }

    /// Keeps `change`, after those before it.
    pub(super) fn write(&self, change: Change) {
        if let Some(changes) = &self.changes {
            // The thread ends when it is told to, and not before.
            let _ = changes.send(change);
        }
    }
}

impl Drop for StateWriter {
    fn drop(&mut self) {
        drop(self.changes.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn write_all(state_files: &StateFiles, work: &Receiver<Change>, inbox: &SyncSender<Event>) {
    let mut told = None;
    for change in work {
        let made = panic::catch_unwind(AssertUnwindSafe(|| state_files.apply(&change)));
        let made =
            made.unwrap_or_else(|payload| Err(InternalError::of_panic(payload.as_ref()).into()));
        let Err(problem) = made else {
            told = None;
            continue;
        };
        let notice = match &change {
            Change::Remember(_) | Change::Forget(_) | Change::AcceptFormat(_) => {
                problem.to_string()
            }
            Change::Save(saved) => {
                format!("${} is saved for this session only: {problem}", saved.name)
            }
            Change::Unsave(name) => {
                let name = format::visible(name);
                format!("${name} is deleted for this session only: {problem}")
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
