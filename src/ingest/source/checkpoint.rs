//! How far a file that may grow has been read.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::input_file::{InputFile, identity};

/// How much of what has been read is remembered, to see whether it is still there.
const TAIL_BYTES: u64 = 64;

/// How far a file has been read.
#[derive(Debug, Default)]
pub(crate) struct Checkpoint {
    /// How many bytes have been read: those of whole lines, or all where a row reader buffers an incomplete row.
    pub(crate) offset: u64,
    /// How many bytes of a line without an end follow.
    pub(crate) held: u64,
    /// How long the file was, if it is compressed: then `offset` counts decompressed bytes.
    pub(crate) compressed: Option<u64>,
    /// Whether appended bytes can be read from here.
    pub(crate) can_grow: bool,
    /// How long a file was that has been read to its end and cannot be read on.
    pub(crate) final_length: Option<u64>,
    /// Whether the next read takes a last line without an end as it is.
    pub(crate) takes_last_line: bool,
    /// The file itself, so that it can be read when it has another name. Not of every file, since a program may
    /// have only so many open.
    pub(crate) file: Option<File>,
    keeps_open: bool,
    /// The last bytes before `offset`.
    tail: Vec<u8>,
}

/// How much of a file one read took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadExtent {
    /// Bytes after decompression.
    pub(crate) decoded: u64,
    /// Bytes taken from the file, from its beginning where it is compressed.
    pub(crate) taken: u64,
    pub(crate) is_compressed: bool,
    /// Whether all content of the file has been read.
    pub(crate) is_whole: bool,
}

impl Checkpoint {
    /// Where in the file reading ended; what is held comes before that only in a compressed file.
    fn place(&self) -> u64 {
        self.compressed.unwrap_or(self.offset)
    }

    /// How long the file was.
    pub(crate) fn length(&self) -> u64 {
        self.compressed.unwrap_or(self.offset + self.held)
    }
}

impl InputFile {
    /// The checkpoint of a file that is followed.
    pub(crate) fn checkpoint(&self) -> Option<MutexGuard<'_, Checkpoint>> {
        let checkpoint = self.checkpoint.as_deref();
        checkpoint.map(|checkpoint| checkpoint.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts a checkpoint at the beginning of a file that is to be followed. `keeps_open` says whether the file stays
    /// open, so that what is written to it while it is renamed is not lost.
    pub(crate) fn follow(&mut self, keeps_open: bool) {
        let checkpoint = Checkpoint {
            keeps_open,
            ..Checkpoint::default()
        };
        self.checkpoint = Some(Arc::new(Mutex::new(checkpoint)));
    }

    /// Whether the file is followed.
    pub(crate) fn is_followed(&self) -> bool {
        self.checkpoint.is_some()
    }

    /// Where to read on.
    pub(crate) fn offset(&self) -> u64 {
        self.checkpoint().map_or(0, |checkpoint| checkpoint.offset)
    }

    /// How much of a compressed file has been read.
    pub(crate) fn compressed_length(&self) -> Option<u64> {
        self.checkpoint()?.compressed
    }

    /// Whether a last line without an end is to be taken as it is.
    pub(crate) fn takes_last_line(&self) -> bool {
        self.checkpoint()
            .is_some_and(|checkpoint| checkpoint.takes_last_line)
    }

    /// Opens a file where it is to be read on: a compressed one at its beginning.
    pub(crate) fn open_file(&self) -> io::Result<Box<dyn Read + Send>> {
        let Some(mut checkpoint) = self.checkpoint() else {
            return Ok(Box::new(File::open(&self.source.path)?));
        };
        let mut file = self.file(&checkpoint)?;
        let begin = match checkpoint.compressed {
            Some(_) => 0,
            None => checkpoint.offset,
        };
        file.seek(SeekFrom::Start(begin))?;
        if checkpoint.file.is_none() && checkpoint.keeps_open {
            checkpoint.file = Some(file.try_clone()?);
        }
        Ok(Box::new(file))
    }

    /// The file that was read, and no other that has its name by now.
    fn file(&self, checkpoint: &Checkpoint) -> io::Result<File> {
        if let Some(file) = &checkpoint.file {
            return file.try_clone();
        }
        let path = &self.source.path;
        let file = File::open(path)?;
        if checkpoint.place() > 0 && identity(path, &file.metadata()?) != self.identity {
            let text = "another file has its name now";
            return Err(io::Error::new(io::ErrorKind::NotFound, text));
        }
        Ok(file)
    }

    /// Whether the bytes before the checkpoint are still those that were read.
    pub(crate) fn holds(&self, checkpoint: &Checkpoint) -> bool {
        let tail = self.read_tail(checkpoint, checkpoint.tail.len());
        tail.is_ok_and(|tail| tail == checkpoint.tail)
    }

    fn read_tail(&self, checkpoint: &Checkpoint, length: usize) -> io::Result<Vec<u8>> {
        let mut file = self.file(checkpoint)?;
        let mut tail = vec![0; length];
        file.seek(SeekFrom::Start(checkpoint.place() - length as u64))?;
        file.read_exact(&mut tail)?;
        Ok(tail)
    }

    /// Moves the checkpoint to where `read` ended. `held` bytes of it had no line end yet and are read again; none where
    /// appended bytes cannot be read from there.
    pub(crate) fn advance(&self, read: ReadExtent, held: Option<usize>) {
        let Some(mut checkpoint) = self.checkpoint() else {
            return;
        };
        checkpoint.can_grow = held.is_some();
        checkpoint.takes_last_line = false;
        let Some(held) = held else {
            checkpoint.file = None;
            checkpoint.final_length = read.is_whole.then_some(read.taken);
            return;
        };
        checkpoint.held = held as u64;
        checkpoint.offset += read.decoded - checkpoint.held;
        checkpoint.compressed = read.is_compressed.then_some(read.taken);
        let length = usize::try_from(checkpoint.place().min(TAIL_BYTES)).unwrap_or(0);
        checkpoint.tail = self.read_tail(&checkpoint, length).unwrap_or_default();
    }
}
