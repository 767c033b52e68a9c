//! Writes a file atomically.

use std::fs;
use std::fs::{DirEntry, OpenOptions};
use std::io;
use std::io::BufWriter;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::Builder;

/// How the name of a temporary file begins; the rest is random.
const TEMPORARY_PREFIX: &str = ".flowdeck-";
/// How many random characters follow.
const RANDOM_CHARACTERS: usize = 6;
/// A temporary file that has not been written to for so long is locked if it is still being written.
const MIN_STALE_AGE: Duration = Duration::from_mins(1);

/// Passes `write` a stream, and moves what it wrote to `path` once it is complete.
///
/// The output goes to a temporary file in the same folder, which replaces an older file at `path` in one step, and is
/// removed if anything fails. Only a process that is killed leaves its temporary file behind; the next output to the
/// folder removes it. If `path` is not a regular file (a device, a named pipe), the output goes straight to it. A file
/// without write permission is kept. If `path` is a symbolic link, the file that it leads to is replaced.
pub fn write_whole<T>(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<T>,
) -> io::Result<T> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let old = fs::metadata(&target).ok();
    if old.as_ref().is_some_and(|old| !old.is_file()) {
        let mut out = BufWriter::new(fs::OpenOptions::new().write(true).open(&target)?);
        let written = write(&mut out)?;
        out.flush()?;
        return Ok(written);
    }
    if old.as_ref().is_some_and(|old| old.permissions().readonly()) {
        let reason = "the file is read-only";
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, reason));
    }
    let folder = folder(&target);
    remove_stale(&folder);
    let mut builder = Builder::new();
    builder
        .prefix(TEMPORARY_PREFIX)
        .rand_bytes(RANDOM_CHARACTERS);
    open_to_others(&mut builder);
    let mut file = builder.tempfile_in(&folder)?;
    // Where a file system has no locks, no temporary file looks stale.
    let _ = file.as_file().try_lock();
    let mut out = BufWriter::with_capacity(1 << 16, file.as_file_mut());
    let written = write(&mut out)?;
    out.flush()?;
    drop(out);
    if let Some(old) = old {
        file.as_file().set_permissions(old.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(&target).map_err(|error| error.error)?;
    Ok(written)
}

/// The folder that `path` lies in.
fn folder(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Removes the temporary files of processes that were killed.
fn remove_stale(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten().filter(is_stale) {
        // Another process may have removed it.
        let _ = fs::remove_file(entry.path());
    }
}

/// Whether a file is a temporary file that no process writes any more: a process that writes one holds a lock on it.
fn is_stale(entry: &DirEntry) -> bool {
    let name = entry.file_name();
    let random = name
        .to_str()
        .and_then(|name| name.strip_prefix(TEMPORARY_PREFIX));
    let is_temporary = random.is_some_and(|random| {
        random.len() == RANDOM_CHARACTERS && random.bytes().all(|c| c.is_ascii_alphanumeric())
    });
    let is_old = || {
        let metadata = entry.metadata().ok().filter(fs::Metadata::is_file);
        let modified = metadata.and_then(|metadata| metadata.modified().ok());
        let age = modified.and_then(|modified| modified.elapsed().ok());
        age.is_some_and(|age| age >= MIN_STALE_AGE)
    };
    let is_unlocked = || {
        let file = OpenOptions::new().write(true).open(entry.path());
        file.is_ok_and(|file| file.try_lock().is_ok())
    };
    is_temporary && is_old() && is_unlocked()
}

/// Lets a new file be read by whom the umask allows, as any other file that a program writes.
#[cfg(unix)]
fn open_to_others(builder: &mut Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt as _;

    builder.permissions(fs::Permissions::from_mode(0o666));
}

#[cfg(not(unix))]
fn open_to_others(_: &mut Builder<'_, '_>) {}
