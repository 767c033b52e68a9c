//! Writes what is kept between sessions, on a thread of its own because disks may be slow.

use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{Receiver, SyncSender};

use super::inbox::Event;
use super::problem::Problem;
use super::worker::Worker;
use crate::app::Msg;
use crate::config::{Change, StateFiles};
use crate::format;
use crate::format::InternalError;

/// The handle on the thread. Dropping it waits until everything is written.
pub(super) struct StateWriter(Worker<Change>);

impl StateWriter {
    /// Starts the thread, which tells `inbox` what could not be written.
    pub(super) fn start(
        state_files: StateFiles,
        inbox: SyncSender<Event>,
    ) -> Result<Self, Problem> {
        let work = move |changes| write_all(&state_files, &changes, &inbox);
        Worker::start("state-writer", work).map(Self)
    }

    pub(super) fn write(&self, change: Change) {
        self.0.send(change);
    }
}

fn write_all(state_files: &StateFiles, changes: &Receiver<Change>, inbox: &SyncSender<Event>) {
    let mut reported = None;
    for change in changes {
        let made = panic::catch_unwind(AssertUnwindSafe(|| state_files.apply(&change)));
        let made =
            made.unwrap_or_else(|payload| Err(InternalError::of_panic(payload.as_ref()).into()));
        let Err(problem) = made else {
            reported = None;
            continue;
        };
        let notice = match &change {
            Change::Remember(_)
            | Change::Forget(_)
            | Change::KeepColumns(_)
            | Change::AcceptFormat(_) => problem.to_string(),
            Change::Save(saved) => {
                format!("${} is saved for this session only: {problem}", saved.name)
            }
            Change::Unsave(name) => {
                let name = format::visible(name);
                format!("${name} is deleted for this session only: {problem}")
            }
        };
        // The same problem is reported once, not after every filter.
        if reported.as_ref() != Some(&notice) {
            // Do not block: at the end of the session messages are no longer read, but the session waits for this
            // thread.
            let _ = inbox.try_send(Event::Msg(Msg::Notice(notice.clone())));
            reported = Some(notice);
        }
    }
}
