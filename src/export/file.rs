//! Writes a file atomically.

use std::fs;
use std::io;
use std::io::BufWriter;
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::Builder;

/// Gives `write` a stream, and puts what it wrote at `path` when it is all there.
///
/// The text grows in a temporary file in the same folder, which takes the place of an older file at `path` in
/// one step and vanishes when anything fails. A path that is there and is no regular file (a device, a named
/// pipe) is written straight to, since replacing it would be a surprise. A file without write permission is kept. A symbolic link stays one: the file
/// that it leads to is replaced.
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
    let mut builder = Builder::new();
    builder.prefix(".flowdeck-");
    open_to_others(&mut builder);
    let mut file = builder.tempfile_in(&folder)?;
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

/// Lets a new file be read by whom the umask allows, as any other file that a program writes.
#[cfg(unix)]
fn open_to_others(builder: &mut Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt as _;

    builder.permissions(fs::Permissions::from_mode(0o666));
}

#[cfg(not(unix))]
fn open_to_others(_: &mut Builder<'_, '_>) {}
