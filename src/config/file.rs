//! Small files that several sessions read and write: read within bounds, and written whole in turn.

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

/// How often a session tries to get its turn, and how long it waits between: two seconds in all, where a turn
/// takes some milliseconds.
const TRIES: usize = 100;
const PAUSE: Duration = Duration::from_millis(20);

/// Where a file is, and how a message names it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    path: PathBuf,
    shown: String,
}

impl Place {
    /// The file at `path`; what is in the folder `home` is shown below `~`.
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

    /// What is in the file; nothing where there is none.
    pub(super) fn read(&self, limit: u64) -> Result<Vec<u8>, Problem> {
        let failed =
            |error: &io::Error| self.problem(FileProblem::Unreadable(format::reason(error)));
        match fs::metadata(&self.path) {
            Err(error) if is_absent(&error) => return Ok(Vec::new()),
            Err(error) => return Err(failed(&error)),
            // To open a named pipe would wait for who writes to it.
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

    /// Puts what `change` makes of the file in its place, if that is another text. No session that goes
    /// about it the same way comes between.
    pub(super) fn rewrite(
        &self,
        limit: u64,
        change: impl FnOnce(Vec<u8>) -> Result<Vec<u8>, Problem>,
    ) -> Result<(), Problem> {
        let failed =
            |error: &io::Error| self.problem(FileProblem::Unwritable(format::reason(error)));
        let folder = self.path.parent().unwrap_or(&self.path);
        make_folder(folder).map_err(|error| failed(&error))?;
        let _turn = turn(folder).ok_or_else(|| self.problem(FileProblem::Locked))?;
        let old = self.read(limit)?;
        let new = change(old.clone())?;
        if new == old {
            return Ok(());
        }
        write_whole(&self.path, |out| out.write_all(&new)).map_err(|error| failed(&error))
    }
}

/// Whether there is no such file: also where a folder of its path is none.
fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// Waits for the turn to write in `folder`, and gives it back when it is dropped; none where another session
/// keeps it. The folder itself is locked, because the file is another one after it was written.
fn turn(folder: &Path) -> Option<Turn> {
    for _ in 0..TRIES {
        let Ok(folder) = File::open(folder) else {
            return Some(Turn(None));
        };
        match folder.try_lock() {
            Ok(()) => return Some(Turn(Some(folder))),
            Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
            // Some file systems over a network know no locks; then the last one to write wins.
            Err(TryLockError::Error(_)) => return Some(Turn(None)),
        }
    }
    None
}

/// A lock on a folder, until it is dropped.
struct Turn(#[expect(dead_code, reason = "it is there to be dropped")] Option<File>);

/// Makes a folder, and those that it is in, for the user's eyes alone: a history tells what one looks into.
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
