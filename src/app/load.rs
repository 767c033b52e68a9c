//! How far the load is.

#[cfg(test)]
pub(crate) mod tests;

use std::sync::Arc;

use crate::ingest::{LoadEvent, Progress};
use crate::store::Chunk;

use super::App;

/// The state of the load.
#[derive(Clone, Debug, Default)]
pub struct Load {
    /// The newest report.
    pub progress: Progress,
    /// How many seconds the load took; none while it runs.
    pub seconds: Option<f64>,
    /// Whether it ended before its end.
    pub stopped: bool,
    /// How many bytes of memory the records may take, where that is what ended it.
    pub full: Option<u64>,
    /// Whether what was there has been read, and what comes is followed.
    pub is_live: bool,
    /// What has come while it waits to be taken in; none where nothing has to wait.
    pub waiting: Option<Vec<LoadEvent>>,
    /// Whether it has been asked to stop.
    pub is_stopping: bool,
    /// Files passed over: markers, hidden files, sockets and pipes.
    pub skipped: usize,
}

impl Load {
    /// Whether files are still being read.
    pub fn is_running(&self) -> bool {
        self.seconds.is_none()
    }

    /// The part that has been read, from 0 to 1, where that is known.
    pub fn share(&self) -> Option<f64> {
        let Progress {
            bytes_read,
            bytes_total,
            ..
        } = self.progress;
        (bytes_total > 0).then(|| (bytes_read as f64 / bytes_total as f64).min(1.0))
    }
}

impl Load {
    /// How many records wait to be taken in.
    pub fn records_waiting(&self) -> usize {
        let events = self.waiting.iter().flatten();
        let rows = events.map(|event| match event {
            LoadEvent::Chunk(chunk) => chunk.rows(),
            _ => 0,
        });
        rows.sum()
    }
}

impl App {
    /// Takes in what the load tells, or lets it wait.
    pub(super) fn on_load_event(&mut self, event: LoadEvent) {
        match &mut self.load.waiting {
            Some(waiting) => waiting.push(event),
            None => self.apply_load_event(event),
        }
    }

    fn apply_load_event(&mut self, event: LoadEvent) {
        let chunk = match &event {
            LoadEvent::Chunk(chunk) => Some(Arc::clone(chunk)),
            _ => None,
        };
        let has_skipped_columns = match &event {
            LoadEvent::Source { source, .. } => !source.skipped_columns.is_empty(),
            _ => false,
        };
        match &event {
            LoadEvent::Found { skipped, .. } => self.load.skipped = *skipped,
            LoadEvent::Progress(progress) => {
                self.load.progress = *progress;
                self.results.tick();
                self.refresh_overlay();
            }
            LoadEvent::CaughtUp(seconds) => {
                self.load.seconds = Some(*seconds);
                self.load.is_live = true;
                self.refresh_overlay();
            }
            LoadEvent::Finished {
                seconds,
                stopped,
                full,
            } => {
                self.load.is_live = false;
                self.load.full = *full;
                self.load.seconds.get_or_insert(*seconds);
                self.load.stopped = *stopped;
                self.refresh_overlay();
                self.check_inferred_formats();
            }
            _ => {}
        }
        event.apply_to(&mut self.store);
        if let Some(chunk) = chunk {
            self.measure(&chunk);
        }
        // A filter on a column that was not read is wrong from now on.
        if has_skipped_columns {
            self.refilter();
        }
    }

    /// Fits the panes to a chunk that has just been added.
    fn measure(&mut self, chunk: &Chunk) {
        self.records.measure(chunk, &self.store);
        let fields = self.store.fields();
        self.breakdown.offer(&fields);
        self.arrange();
        self.filter
            .compile(&self.store, &fields, &self.library.saved);
        self.results.is_outgrown = true;
    }

    /// Lets what comes wait from now on; or takes in what waits, and what comes.
    pub(super) fn pause(&mut self) {
        if let Some(waiting) = self.load.waiting.take() {
            for event in waiting {
                self.apply_load_event(event);
            }
        } else if self.load.is_live {
            self.load.waiting = Some(Vec::new());
        } else if self.load.is_running() {
            self.notice = Some("still loading; live updates can be paused after that".into());
        } else {
            self.notice = Some("no live updates to pause; start with --follow".into());
        }
    }
}
