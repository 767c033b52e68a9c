//! Files that have the same bytes, as an object that was fetched twice has.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fs::File;
use std::hash::{BuildHasher, Hasher};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::input_file::{Bytes, InputFile};
use super::raw::READ_BYTES;

/// The size of the blocks in which files are compared, in bytes.
const BLOCK: usize = 1 << 16;

/// The files seen so far. A file is opened only if another has the same size, and is a duplicate only if all bytes
/// are equal.
#[derive(Debug, Default)]
pub(crate) struct DuplicateFiles {
    by_size: HashMap<u64, Vec<Met>>,
    hashes: Arc<SmallFileHashes>,
    /// Room for a part of a file.
    block: Vec<u8>,
}

#[derive(Debug)]
struct Met {
    index: usize,
    path: PathBuf,
    hash: Option<u64>,
}

/// Hashes of small files, taken while they are read, so that they need not be opened again.
#[derive(Debug, Default)]
pub(crate) struct SmallFileHashes {
    /// Seeded anew in every run, so that files cannot be crafted to collide.
    state: foldhash::quality::RandomState,
    hashes: Mutex<HashMap<usize, u64>>,
}

impl SmallFileHashes {
    /// Enters that the file with this index consists of `bytes`.
    pub(crate) fn enter(&self, index: usize, bytes: &[u8]) {
        let mut state = self.state.build_hasher();
        bytes.chunks(BLOCK).for_each(|block| state.write(block));
        let mut hashes = self.hashes.lock().unwrap_or_else(PoisonError::into_inner);
        hashes.insert(index, state.finish());
    }

    fn get(&self, index: usize) -> Option<u64> {
        let hashes = self.hashes.lock().unwrap_or_else(PoisonError::into_inner);
        hashes.get(&index).copied()
    }
}

/// Whether a file fits the buffer that it is read with.
pub(crate) fn is_small(file: &InputFile) -> bool {
    file.bytes == Bytes::File && file.size <= READ_BYTES as u64
}

impl DuplicateFiles {
    /// Where the hashes of small files are entered.
    pub(crate) fn hashes(&self) -> Arc<SmallFileHashes> {
        Arc::clone(&self.hashes)
    }

    /// The files among `files` that have the bytes of an earlier one, each with that earlier one. Ends early on `stop`.
    pub(crate) fn among<'f>(
        &mut self,
        files: impl IntoIterator<Item = &'f InputFile>,
        stop: &AtomicBool,
    ) -> Vec<(usize, usize)> {
        let comparable = files.into_iter().filter(|file| file.bytes == Bytes::File);
        let comparable = comparable.take_while(|_| !stop.load(Ordering::Relaxed));
        let pair = |file: &InputFile| {
            let first = self.meet(file.index, &file.source.path, file.size)?;
            Some((file.index, first))
        };
        comparable.filter_map(pair).collect()
    }

    /// Those among the large ones of `files`.
    pub(crate) fn among_large(
        &mut self,
        files: &[InputFile],
        stop: &AtomicBool,
    ) -> Vec<(usize, usize)> {
        self.among(files.iter().filter(|file| !is_small(file)), stop)
    }

    /// Those among the small ones of `files`, which have been read.
    pub(crate) fn among_small(
        &mut self,
        files: &[InputFile],
        stop: &AtomicBool,
    ) -> Vec<(usize, usize)> {
        self.among(files.iter().filter(|file| is_small(file)), stop)
    }

    /// The first file with the bytes of the file at `path`, which has `size` of them. A file that cannot be read has no
    /// duplicate; reading it reports why.
    pub(crate) fn meet(&mut self, index: usize, path: &Path, size: u64) -> Option<usize> {
        if size == 0 {
            return None;
        }
        let Self {
            by_size,
            hashes,
            block,
        } = self;
        let met = by_size.entry(size).or_default();
        let mut hash = hashes.get(index);
        if !met.is_empty() {
            let own = hash.or_else(|| hash_of(path, &hashes.state, block).ok())?;
            hash = Some(own);
            for other in met.iter_mut() {
                if other.hash.is_none() {
                    other.hash = hash_of(&other.path, &hashes.state, block).ok();
                }
                if other.hash == hash && are_equal(&other.path, path).unwrap_or(false) {
                    return Some(other.index);
                }
            }
        }
        met.push(Met {
            index,
            path: path.to_owned(),
            hash,
        });
        None
    }
}

fn hash_of(path: &Path, state: &impl BuildHasher, block: &mut Vec<u8>) -> io::Result<u64> {
    let mut file = File::open(path)?;
    let mut hasher = state.build_hasher();
    block.resize(BLOCK, 0);
    loop {
        let count = fill(&mut file, block)?;
        if count > 0 {
            hasher.write(&block[..count]);
        }
        if count < block.len() {
            return Ok(hasher.finish());
        }
    }
}

fn are_equal(a: &Path, b: &Path) -> io::Result<bool> {
    let (mut a, mut b) = (File::open(a)?, File::open(b)?);
    let (mut block, mut other) = (vec![0; BLOCK], vec![0; BLOCK]);
    loop {
        let count = fill(&mut a, &mut block)?;
        let same = fill(&mut b, &mut other)?;
        if block[..count] != other[..same] {
            return Ok(false);
        }
        if count < block.len() {
            return Ok(true);
        }
    }
}

/// Fills `block` as far as the file goes: blocks of equal files are cut at equal places.
fn fill(file: &mut File, block: &mut [u8]) -> io::Result<usize> {
    let mut count = 0;
    while count < block.len() {
        match file.read(&mut block[count..]) {
            Ok(0) => break,
            Ok(read) => count += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(count)
}
