//! How far the load is.

use crate::ingest::Progress;

/// The state of the load.
#[derive(Clone, Copy, Debug, Default)]
pub struct Load {
    /// The newest report.
    pub progress: Progress,
    /// How many seconds the load took; none while it runs.
    pub seconds: Option<f64>,
    /// Whether it ended before its end.
    pub stopped: bool,
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
