//! The bytes of a file as they are stored, with a buffer to peek into.

use std::io::{self, BufRead, ErrorKind, Read};

/// How many bytes are read from a file at once.
pub(super) const READ_BYTES: usize = 1 << 17;
/// The smallest read buffer, for small files.
const MIN_BUFFER_BYTES: u64 = 1 << 12;

/// How many reads of the file a turn has.
const READS_PER_TURN: u32 = 64;

/// The bytes of a file, with a buffer to peek into.
pub(crate) struct Raw {
    inner: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    taken: u64,
    reads_left: u32,
}

impl Raw {
    /// The bytes of `inner`, of which there are about `size`; 0 where that is unknown.
    pub(crate) fn new(inner: Box<dyn Read + Send>, size: u64) -> Self {
        let wanted = match size {
            0 => READ_BYTES as u64,
            size => size.clamp(MIN_BUFFER_BYTES, READ_BYTES as u64),
        };
        Self {
            inner,
            buffer: vec![0; usize::try_from(wanted).unwrap_or(READ_BYTES)],
            start: 0,
            end: 0,
            taken: 0,
            reads_left: u32::MAX,
        }
    }

    /// Bytes in memory.
    pub(crate) fn of_bytes(bytes: Vec<u8>) -> Self {
        Self {
            inner: Box::new(io::empty()),
            start: 0,
            end: bytes.len(),
            taken: bytes.len() as u64,
            buffer: bytes,
            reads_left: u32::MAX,
        }
    }

    /// Bounds how much is read until the next call: input without output, such as empty blocks, must not keep the caller
    /// from noticing that it should stop. Further reads fail with [`ErrorKind::WouldBlock`].
    pub(crate) fn begin_turn(&mut self) {
        self.reads_left = READS_PER_TURN;
    }

    /// Whether no more reads are possible in this turn.
    pub(crate) fn is_turn_over(&self) -> bool {
        self.reads_left == 0
    }

    /// How many bytes have been read from the file.
    pub(crate) fn taken(&self) -> u64 {
        self.taken
    }

    /// The next bytes, without taking them: at least `count`, or all that there are. The buffer grows to `count`, so
    /// the caller bounds it. Nothing is lost where this fails with [`ErrorKind::WouldBlock`].
    pub(crate) fn peek(&mut self, count: usize) -> io::Result<&[u8]> {
        while self.end - self.start < count {
            if self.start > 0 {
                self.buffer.copy_within(self.start..self.end, 0);
                self.end -= self.start;
                self.start = 0;
            }
            if self.buffer.len() < count {
                // Room for more than one, so that not every peek moves bytes.
                self.buffer.resize(count.saturating_mul(2), 0);
            }
            let left = self.reads_left.checked_sub(1);
            self.reads_left = left.ok_or(ErrorKind::WouldBlock)?;
            let read = read_once(&mut self.inner, &mut self.buffer[self.end..])?;
            if read == 0 {
                break;
            }
            self.end += read;
            self.taken += read as u64;
        }
        Ok(&self.buffer[self.start..self.end])
    }
}

fn read_once(inner: &mut dyn Read, into: &mut [u8]) -> io::Result<usize> {
    loop {
        match inner.read(into) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

impl Read for Raw {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.start == self.end && into.len() >= self.buffer.len() {
            let read = read_once(&mut self.inner, into)?;
            self.taken += read as u64;
            return Ok(read);
        }
        let bytes = self.fill_buf()?;
        let count = bytes.len().min(into.len());
        into[..count].copy_from_slice(&bytes[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Raw {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.peek(1)
    }

    fn consume(&mut self, count: usize) {
        self.start = (self.start + count).min(self.end);
    }
}
