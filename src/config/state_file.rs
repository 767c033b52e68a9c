//! Small files that several sessions read and write: reads are bounded, and writes are atomic and take a lock.

use std::fs;
use std::fs::{DirBuilder, File, TryLockError};
use std::io;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::problem::{FileProblem, Problem};
use crate::export::file::write_whole;
use crate::format;

/// Two seconds in all, where a write takes some milliseconds.
const LOCK_ATTEMPTS: usize = 100;
const LOCK_RETRY_DELAY: Duration = Duration::from_millis(20);

/// The path of a file, and how messages show it.
#[derive(Clone, Debug)]
pub(super) struct StateFile {
    path: PathBuf,
    shown: String,
}

impl StateFile {
    /// The file at `path`; messages show the folder `home` as `~`.
    pub(super) fn new(path: PathBuf, home: Option<&Path>) -> Self {
        let below = home.and_then(|home| path.strip_prefix(home).ok());
        let shown = match below {
            Some(below) => Path::new("~").join(below),
            None => path.clone(),
        };
        let shown = format::visible(&shown.to_string_lossy()).into_owned();
        Self { path, shown }
    }

    /// How a message names it.
    pub(super) fn shown(&self) -> &str {
        &self.shown
    }

    /// A problem of the file as a whole.
    pub(super) fn problem(&self, kind: FileProblem) -> Problem {
        Problem::of(&self.shown, kind)
    }

    /// The content of the file, at most `limit` bytes; empty if the file does not exist.
    pub(super) fn read(&self, limit: u64) -> Result<Vec<u8>, Problem> {
        let failed =
            |error: &io::Error| self.problem(FileProblem::Unreadable(format::reason(error)));
        match fs::metadata(&self.path) {
            Err(error) if is_absent(&error) => return Ok(Vec::new()),
            Err(error) => return Err(failed(&error)),
            // Opening a named pipe would wait for a writer.
            Ok(found) if !found.is_file() => return Err(self.problem(FileProblem::NotAFile)),
            Ok(_) => {}
        }
        let mut bytes = Vec::new();
        File::open(&self.path)
            .and_then(|file| file.take(limit + 1).read_to_end(&mut bytes))
            .map_err(|error| failed(&error))?;
        if bytes.len() as u64 > limit {
            return Err(self.problem(FileProblem::TooLarge(limit)));
        }
        Ok(bytes)
    }

    /// Replaces the content of the file by what `change` makes of it, while no other session writes.
    pub(super) fn rewrite(
        &self,
        limit: u64,
        change: impl FnOnce(Vec<u8>) -> Result<Vec<u8>, Problem>,
    ) -> Result<(), Problem> {
        let failed =
            |error: &io::Error| self.problem(FileProblem::Unwritable(format::reason(error)));
        let folder = self.path.parent().unwrap_or(&self.path);
        make_folder(folder).map_err(|error| failed(&error))?;
        let _lock = lock(folder).ok_or_else(|| self.problem(FileProblem::Locked))?;
        let old = self.read(limit)?;
        let new = change(old.clone())?;
        if new == old {
            return Ok(());
        }
        write_whole(&self.path, |out| out.write_all(&new)).map_err(|error| failed(&error))
    }
}

/// Whether the file does not exist, or a folder in its path is a file.
fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// Waits for the lock on `folder`; none if another session holds on to it. The folder is locked and not the
/// file, because each write replaces the file.
fn lock(folder: &Path) -> Option<FolderLock> {
    for _ in 0..LOCK_ATTEMPTS {
        let Ok(folder) = File::open(folder) else {
            return Some(FolderLock(None));
        };
        match folder.try_lock() {
            Ok(()) => return Some(FolderLock(Some(folder))),
            Err(TryLockError::WouldBlock) => thread::sleep(LOCK_RETRY_DELAY),
            // Some network file systems have no locks; then the last writer wins.
            Err(TryLockError::Error(_)) => return Some(FolderLock(None)),
        }
    }
    None
}

/// A lock on a folder, until it is dropped.
struct FolderLock(#[expect(dead_code, reason = "dropping it releases the lock")] Option<File>);

/// Makes a folder and its parents, readable by the user alone: a history may be confidential.
fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    private(&mut builder);
    builder.create(folder)
}

#[cfg(unix)]
fn private(builder: &mut DirBuilder) {
    use std::os::unix::fs::DirBuilderExt as _;

    builder.mode(0o700);
}

#[cfg(not(unix))]
fn private(_: &mut DirBuilder) {}
