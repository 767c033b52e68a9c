//! A thread that does one job after the other. Dropping its handle waits until all jobs are done.

use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};

use super::problem::Problem;

/// The handle on the thread.
pub(super) struct Worker<J> {
    jobs: Option<Sender<J>>,
    thread: Option<JoinHandle<()>>,
}

impl<J: Send + 'static> Worker<J> {
    /// Starts a thread that does what it receives, until the handle is dropped.
    pub(super) fn start(
        name: &str,
        work: impl FnOnce(Receiver<J>) + Send + 'static,
    ) -> Result<Self, Problem> {
        let (jobs, receiver) = mpsc::channel();
        let thread = thread::Builder::new()
            .name(name.into())
            .spawn(move || work(receiver))
            .map_err(Problem::Thread)?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    /// Adds a job after those before it.
    pub(super) fn send(&self, job: J) {
        if let Some(jobs) = &self.jobs {
            // The thread receives until the handle is dropped.
            let _ = jobs.send(job);
        }
    }
}

impl<J> Drop for Worker<J> {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
