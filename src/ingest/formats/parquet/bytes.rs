//! The bytes of a Parquet file, any stretch of them: on a disk, or collected in memory.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::sync::{Mutex, PoisonError};

/// The bytes of a file.
#[derive(Debug)]
pub(crate) struct ParquetBytes {
    storage: Storage,
    len: u64,
}

#[derive(Debug)]
enum Storage {
    Disk(Mutex<File>),
    Memory(Vec<u8>),
}

impl ParquetBytes {
    /// Those of an open file.
    pub(crate) fn of_file(file: File) -> io::Result<Self> {
        let len = file.metadata()?.len();
        Ok(Self {
            storage: Storage::Disk(Mutex::new(file)),
            len,
        })
    }

    /// Those that were collected.
    pub(crate) fn of_memory(bytes: Vec<u8>) -> Self {
        Self {
            len: bytes.len() as u64,
            storage: Storage::Memory(bytes),
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// The `count` bytes from `from` on; fewer where there are fewer.
    pub(crate) fn some(&self, from: u64, count: usize) -> io::Result<Vec<u8>> {
        let left = self.len.saturating_sub(from);
        let count = count.min(usize::try_from(left).unwrap_or(usize::MAX));
        match &self.storage {
            Storage::Disk(file) => {
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                file.seek(SeekFrom::Start(from))?;
                let mut bytes = vec![0; count];
                file.read_exact(&mut bytes)?;
                Ok(bytes)
            }
            Storage::Memory(bytes) => {
                let from = usize::try_from(from).unwrap_or(usize::MAX).min(bytes.len());
                Ok(bytes[from..from + count].to_vec())
            }
        }
    }

    /// The `count` bytes from `from` on, all of them.
    pub(crate) fn all(&self, from: u64, count: usize) -> io::Result<Vec<u8>> {
        let bytes = self.some(from, count)?;
        if bytes.len() < count {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        Ok(bytes)
    }
}
