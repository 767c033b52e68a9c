//! Finds the files that are to be read: paths, folders, globs, the standard input and the carried lab.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};

use globset::{GlobBuilder, GlobMatcher};
use walkdir::{DirEntry, WalkDir};

use super::Input;
use super::mark::Mark;
use super::pipe::Pipe;
use crate::format::visible;
use crate::store::{Source, Status};

/// Folders deeper than this are not looked into.
const DEEPEST: usize = 64;

/// The object that `CloudWatch` leaves behind when it tries whether it may write.
const WRITE_TEST: &str = "aws-logs-write-test";
/// How some tools mark a folder in a bucket.
const FOLDER_MARK: &str = "_$folder$";

/// The lab: where a file is shown to lie, and its bytes.
const LAB: &[(&str, &[u8])] = &[
    (
        "lab/123456789012_vpcflowlogs_us-east-1_fl-0c10d1ab02e4f6a81_20261123T0220Z_5a2c0102.log.gz",
        include_bytes!(
            "../../sample-logs/lab/v2/AWSLogs/123456789012/vpcflowlogs/us-east-1/2026/11/23/\
123456789012_vpcflowlogs_us-east-1_fl-0c10d1ab02e4f6a81_20261123T0220Z_5a2c0102.log.gz"
        ),
    ),
    (
        "lab/123456789012_vpcflowlogs_us-east-1_fl-0c10d1ab02e4f6a81_20261123T0225Z_b0d4ecd4.log.gz",
        include_bytes!(
            "../../sample-logs/lab/v2/AWSLogs/123456789012/vpcflowlogs/us-east-1/2026/11/23/\
123456789012_vpcflowlogs_us-east-1_fl-0c10d1ab02e4f6a81_20261123T0225Z_b0d4ecd4.log.gz"
        ),
    ),
];

/// One thing to read.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// Which source it is.
    pub(super) index: usize,
    /// What is known of it before it is read.
    pub(super) source: Source,
    /// Where its bytes are.
    pub(super) bytes: Bytes,
    /// How many there are, where that is known.
    pub(super) size: u64,
    /// Which file of the disk it is, where that is known.
    pub(super) identity: Option<Identity>,
    /// How far it has been read, where it may grow and is followed.
    pub(super) mark: Option<Arc<Mutex<Mark>>>,
}

/// Where bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bytes {
    /// In the file at the path of the source.
    File,
    /// In a pipe or another stream at the path of the source.
    Stream,
    /// On the standard input.
    Stdin,
    /// In the program.
    Carried(&'static [u8]),
    /// In another file, which has the same.
    Twin,
    /// Nowhere: the status of the source says why.
    Nowhere,
}

/// What there is to read, in reading order.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// The files.
    pub(super) list: Vec<Place>,
    /// How many were passed over.
    pub(super) skipped: usize,
    /// Which place a file of the disk is, by its identity.
    seen: HashMap<Identity, usize>,
}

impl Place {
    fn new(path: &Path, bytes: Bytes, size: u64) -> Self {
        let source = Source {
            path: path.to_owned(),
            ..Source::default()
        };
        Self {
            index: 0,
            source,
            bytes,
            size,
            identity: None,
            mark: None,
        }
    }

    /// A file that is there.
    pub(super) fn of_file(path: &Path, metadata: &Metadata) -> Self {
        Self {
            identity: identity(path, metadata),
            ..Self::new(path, Bytes::File, metadata.len())
        }
    }

    /// What has come to a file that has been read: it has `length` bytes now.
    pub(super) fn rest(&self, length: u64) -> Self {
        Self {
            size: length.saturating_sub(self.offset()),
            ..self.clone()
        }
    }

    /// Opens it.
    pub(super) fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(match self.bytes {
            Bytes::File => self.open_file()?,
            Bytes::Stream => Box::new(Pipe::new(File::open(&self.source.path)?)?),
            Bytes::Stdin => Box::new(Pipe::new(io::stdin())?),
            Bytes::Carried(bytes) => Box::new(bytes),
            Bytes::Twin | Bytes::Nowhere => Box::new(io::empty()),
        })
    }

    /// Whether nobody knows how much will come, and when.
    pub(super) fn is_stream(&self) -> bool {
        matches!(self.bytes, Bytes::Stdin | Bytes::Stream)
    }
}

/// Finds what `inputs` name.
pub(super) fn find(inputs: &[Input]) -> Places {
    let mut places = Places::default();
    for input in inputs {
        match input {
            Input::Path(path) => places.path(path),
            Input::Stdin => places
                .list
                .push(Place::new(Path::new("-"), Bytes::Stdin, 0)),
            Input::Lab => {
                for (path, bytes) in LAB {
                    let size = bytes.len() as u64;
                    places
                        .list
                        .push(Place::new(Path::new(path), Bytes::Carried(bytes), size));
                }
            }
        }
    }
    for (index, place) in places.list.iter_mut().enumerate() {
        place.index = index;
    }
    places
}

impl Places {
    fn path(&mut self, path: &Path) {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => self.folder(path),
            Ok(metadata) => self.file(path, &metadata),
            Err(error) if error.kind() == io::ErrorKind::NotFound && is_glob(path) => {
                self.glob(path);
            }
            Err(error) => self.unreadable(path, &error),
        }
    }

    fn unreadable(&mut self, path: &Path, error: &io::Error) {
        let way_out = match error.kind() {
            io::ErrorKind::NotFound => "there is no such file or folder; check the path",
            io::ErrorKind::PermissionDenied => "it may not be read; check its permissions",
            _ => "it cannot be read",
        };
        self.nowhere(path, format!("{way_out} ({error})"));
    }

    fn nowhere(&mut self, path: &Path, why: String) {
        let name = path.to_string_lossy();
        let mut place = Place::new(path, Bytes::Nowhere, 0);
        place.source.status = Status::Unreadable(format!("{}: {why}", visible(&name)));
        self.list.push(place);
    }

    /// A file, unless it has been met under another name.
    fn file(&mut self, path: &Path, metadata: &Metadata) {
        if !metadata.is_file() {
            self.list.push(Place::new(path, Bytes::Stream, 0));
            return;
        }
        if let Some(identity) = identity(path, metadata) {
            if let Some(first) = self.seen.get(&identity) {
                let name = path.to_string_lossy();
                let warnings = &mut self.list[*first].source.warnings;
                warnings.push(format!(
                    "{} is the same file; it was read once",
                    visible(&name)
                ));
                return;
            }
            self.seen.insert(identity, self.list.len());
        }
        self.list.push(Place::of_file(path, metadata));
    }

    fn folder(&mut self, path: &Path) {
        let before = self.list.len();
        let mut walk = walk(path).into_iter();
        while let Some(entry) = walk.next() {
            match entry {
                Ok(entry) if entry.depth() == 0 => {}
                Ok(entry) if is_hidden(&entry) => {
                    self.skipped += 1;
                    if entry.file_type().is_dir() {
                        walk.skip_current_dir();
                    }
                }
                Ok(entry) => self.found(&entry),
                Err(error) => self.walk_error(path, error),
            }
        }
        if self.list.len() == before {
            self.nowhere(path, "there is no file to read in this folder".into());
        }
    }

    fn walk_error(&mut self, root: &Path, error: walkdir::Error) {
        let path = error.path().unwrap_or(root).to_owned();
        self.unreadable(&path, &error.into());
    }

    /// A file that a walk came upon.
    fn found(&mut self, entry: &DirEntry) {
        if entry.file_type().is_dir() {
            return;
        }
        let metadata = match fs::metadata(entry.path()) {
            Ok(metadata) => metadata,
            Err(error) => return self.unreadable(entry.path(), &error),
        };
        let name = entry.file_name().to_string_lossy();
        let is_mark = name == WRITE_TEST || name.ends_with(FOLDER_MARK) && metadata.len() == 0;
        if is_mark || !metadata.is_file() {
            self.skipped += 1;
        } else {
            self.file(entry.path(), &metadata);
        }
    }

    fn glob(&mut self, pattern: &Path) {
        let Some(matcher) = matcher(pattern) else {
            return self.nowhere(pattern, "there is no such file, and it is no glob".into());
        };
        let before = self.list.len();
        let root = glob_root(pattern);
        let mut walk = walk(&root).into_iter();
        while let Some(Ok(entry)) = walk.next() {
            if entry.depth() > 0 && is_hidden(&entry) && !names_hidden(pattern, &root) {
                if entry.file_type().is_dir() {
                    walk.skip_current_dir();
                }
                continue;
            }
            let path = entry
                .path()
                .strip_prefix(".")
                .unwrap_or_else(|_| entry.path());
            if !matcher.is_match(path) && !matcher.is_match(entry.path()) {
                continue;
            }
            if entry.file_type().is_dir() {
                self.folder(entry.path());
                walk.skip_current_dir();
            } else {
                self.found(&entry);
            }
        }
        if self.list.len() == before {
            self.nowhere(pattern, "no file matches; check the pattern".into());
        }
    }
}

fn walk(root: &Path) -> WalkDir {
    WalkDir::new(root).max_depth(DEEPEST).sort_by_file_name()
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn has_wildcard(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

fn is_glob(path: &Path) -> bool {
    has_wildcard(&path.to_string_lossy())
}

/// Whether a pattern asks for hidden files by name, behind its `root`.
fn names_hidden(pattern: &Path, root: &Path) -> bool {
    let parts = pattern.strip_prefix(root).unwrap_or(pattern).components();
    parts.into_iter().any(|part| match part {
        Component::Normal(name) => name.as_encoded_bytes().starts_with(b"."),
        _ => false,
    })
}

fn matcher(pattern: &Path) -> Option<GlobMatcher> {
    let glob = GlobBuilder::new(pattern.to_str()?)
        .literal_separator(true)
        .build();
    Some(glob.ok()?.compile_matcher())
}

/// The folder above the first wildcard.
fn glob_root(pattern: &Path) -> PathBuf {
    let root: PathBuf = pattern
        .components()
        .take_while(|part| !has_wildcard(&part.as_os_str().to_string_lossy()))
        .collect();
    if root.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        root
    }
}

/// Which file of the disk a path leads to, whatever other names that file has.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Identity(#[cfg(unix)] (u64, u64), #[cfg(not(unix))] PathBuf);

#[cfg(unix)]
#[expect(
    clippy::unnecessary_wraps,
    reason = "elsewhere a file may have no identity"
)]
pub(super) fn identity(_path: &Path, metadata: &Metadata) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;

    Some(Identity((metadata.dev(), metadata.ino())))
}

#[cfg(not(unix))]
pub(super) fn identity(path: &Path, _metadata: &Metadata) -> Option<Identity> {
    fs::canonicalize(path).ok().map(Identity)
}
