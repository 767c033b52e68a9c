//! A pipe, read by a thread of its own, so that reading from it never blocks for long.

#[cfg(test)]
mod tests;

use std::io::{self, ErrorKind, Read};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::Duration;

/// How many bytes are taken from the pipe at once: what a pipe holds.
const BLOCK: usize = 1 << 16;
/// How many blocks may wait.
const WAITING: usize = 4;
/// How long to wait for a block.
const PATIENCE: Duration = Duration::from_millis(50);

/// The bytes of a pipe. Reading gives [`ErrorKind::WouldBlock`] when none come within a moment.
pub(crate) struct Pipe {
    blocks: Receiver<io::Result<Vec<u8>>>,
    block: Vec<u8>,
    /// How much of the block has been given.
    given: usize,
}

impl Pipe {
    /// Begins to read `inner`. The thread ends with it, or with the next bytes after the pipe was dropped.
    pub(crate) fn new(inner: impl Read + Send + 'static) -> io::Result<Self> {
        let (sender, blocks) = mpsc::sync_channel(WAITING);
        thread::Builder::new()
            .name("pipe".into())
            .spawn(move || read(inner, &sender))?;
        Ok(Self {
            blocks,
            block: Vec::new(),
            given: 0,
        })
    }
}

fn read(mut inner: impl Read, blocks: &SyncSender<io::Result<Vec<u8>>>) {
    let mut buffer = vec![0; BLOCK];
    loop {
        let block = match inner.read(&mut buffer) {
            Ok(0) => return,
            Ok(count) => Ok(buffer[..count].to_vec()),
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => Err(error),
        };
        let is_last = block.is_err();
        if blocks.send(block).is_err() || is_last {
            return;
        }
    }
}

impl Read for Pipe {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.given == self.block.len() {
            self.block = match self.blocks.recv_timeout(PATIENCE) {
                Ok(block) => block?,
                Err(RecvTimeoutError::Timeout) => return Err(ErrorKind::WouldBlock.into()),
                Err(RecvTimeoutError::Disconnected) => Vec::new(),
            };
            self.given = 0;
        }
        let rest = self.block.get(self.given..).unwrap_or_default();
        let count = rest.len().min(into.len());
        into[..count].copy_from_slice(&rest[..count]);
        self.given += count;
        Ok(count)
    }
}
