//! The state of the load: its progress, pausing, and live updates.

#[cfg(test)]
pub(crate) mod tests;

use std::sync::Arc;

use crate::ingest::{LoadEvent, Progress};
use crate::store::Chunk;

use super::App;

/// The state of the load.
#[derive(Clone, Debug, Default)]
pub struct Load {
    /// The latest report.
    pub(crate) progress: Progress,
    /// Duration of the load; `None` while it runs.
    pub(crate) seconds: Option<f64>,
    /// Ended before everything was read.
    pub(crate) stopped: bool,
    /// The memory limit in bytes, if reaching it ended the load.
    pub(crate) full: Option<u64>,
    /// Existing data has been read, and growing files are followed.
    pub(crate) is_live: bool,
    /// Events held back while live updates are paused; `None` unless paused.
    pub(crate) waiting: Option<Vec<LoadEvent>>,
    /// Asked to stop, and not ended yet.
    pub(crate) is_stopping: bool,
    /// Number of skipped files: markers, hidden files, sockets and pipes.
    pub(crate) skipped: usize,
}

impl Load {
    /// Whether files are still being read; false for live updates.
    pub(crate) fn is_running(&self) -> bool {
        self.seconds.is_none()
    }

    /// The share of the bytes that has been read, from 0 to 1; `None` if the total is unknown.
    pub(crate) fn share(&self) -> Option<f64> {
        let Progress {
            bytes_read,
            bytes_total,
            ..
        } = self.progress;
        (bytes_total > 0).then(|| (bytes_read as f64 / bytes_total as f64).min(1.0))
    }

    /// Number of records held back while live updates are paused.
    pub(crate) fn records_waiting(&self) -> usize {
        let events = self.waiting.iter().flatten();
        let rows = events.map(|event| match event {
            LoadEvent::Chunk(chunk) => chunk.rows(),
            _ => 0,
        });
        rows.sum()
    }
}

impl App {
    /// Applies an event, or holds it back while live updates are paused.
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
        let has_ended = matches!(event, LoadEvent::Finished { .. });
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
                self.filter.retry();
                self.refresh_overlay();
                self.check_inferred_formats();
            }
            _ => {}
        }
        event.apply_to(&mut self.store);
        if let Some(chunk) = chunk {
            self.measure(&chunk);
        }
        // A filter on a column that was not read has become invalid.
        if has_skipped_columns || has_ended {
            self.refilter();
        }
    }

    /// Updates the panes for a newly added chunk.
    fn measure(&mut self, chunk: &Chunk) {
        self.records.measure(chunk, &self.store);
        let fields = self.store.fields();
        self.breakdown.offer(&fields);
        self.restore_columns();
        self.arrange();
        self.filter
            .compile(&self.store, &fields, &self.library.saved);
        self.results.is_outgrown = true;
    }

    /// Pauses live updates; or resumes them and applies the events held back.
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
