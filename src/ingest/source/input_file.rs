//! A file, stream or bundled sample to read, and how to open it.

#[cfg(not(unix))]
use std::fs;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;
#[cfg(not(unix))]
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use super::checkpoint::Checkpoint;
use super::folder_values;
use super::pipe::Pipe;
use crate::store::Source;

/// One thing to read.
#[derive(Clone, Debug)]
pub(crate) struct InputFile {
    /// Which source it is.
    pub(crate) index: usize,
    /// Which input named it, where it was found by one: an index into those.
    pub(crate) input: Option<usize>,
    /// What is known of it before it is read.
    pub(crate) source: Source,
    /// Where its bytes are.
    pub(crate) bytes: Bytes,
    /// How many there are, where that is known.
    pub(crate) size: u64,
    /// Which file of the disk it is, where that is known.
    pub(crate) identity: Option<Identity>,
    pub(crate) discovery: Discovery,
    /// How far it has been read, where it may grow and is followed.
    pub(crate) checkpoint: Option<Arc<Mutex<Checkpoint>>>,
}

/// How a file came to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Discovery {
    /// The user named it.
    #[default]
    Named,
    /// It is in a folder that the user named, or matches a pattern.
    Found,
}

/// Where bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bytes {
    /// In the file at the path of the source.
    File,
    /// In a pipe or another stream at the path of the source.
    Stream,
    /// On the standard input.
    Stdin,
    /// In the program: a file of the bundled sample.
    Bundled(&'static [u8]),
    /// In another file, which has the same.
    Duplicate,
    /// Nowhere: the status of the source says why.
    Nowhere,
}

impl InputFile {
    pub(super) fn new(path: &Path, bytes: Bytes, size: u64) -> Self {
        let mut source = Source {
            path: path.to_owned(),
            ..Source::default()
        };
        folder_values::enter(&mut source);
        Self {
            index: 0,
            input: None,
            source,
            bytes,
            size,
            identity: None,
            discovery: Discovery::default(),
            checkpoint: None,
        }
    }

    /// A file that is there.
    pub(crate) fn of_file(path: &Path, metadata: &Metadata) -> Self {
        Self {
            identity: identity(path, metadata),
            ..Self::new(path, Bytes::File, metadata.len())
        }
    }

    /// The file that has its path now.
    pub(crate) fn replaced_by(&self, metadata: &Metadata) -> Self {
        Self {
            discovery: self.discovery,
            ..Self::of_file(&self.source.path, metadata)
        }
    }

    /// What has come to a file that has been read: it has `length` bytes now.
    pub(crate) fn rest(&self, length: u64) -> Self {
        // A compressed file is read from its beginning, but what was read before has been counted.
        let read = self.compressed_length().unwrap_or_else(|| self.offset());
        Self {
            size: length.saturating_sub(read),
            ..self.clone()
        }
    }

    pub(crate) fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(match self.bytes {
            Bytes::File => self.open_file()?,
            Bytes::Stream => Box::new(Pipe::new(File::open(&self.source.path)?)?),
            Bytes::Stdin => Box::new(Pipe::new(io::stdin())?),
            Bytes::Bundled(bytes) => Box::new(bytes),
            Bytes::Duplicate | Bytes::Nowhere => Box::new(io::empty()),
        })
    }

    /// Whether its size is unknown and its bytes may come late.
    pub(crate) fn is_stream(&self) -> bool {
        matches!(self.bytes, Bytes::Stdin | Bytes::Stream)
    }
}

/// Which file of the disk a path leads to, whatever other names that file has.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Identity(#[cfg(unix)] (u64, u64), #[cfg(not(unix))] PathBuf);

#[cfg(unix)]
#[expect(
    clippy::unnecessary_wraps,
    reason = "elsewhere a file may have no identity"
)]
pub(crate) fn identity(_path: &Path, metadata: &Metadata) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;

    Some(Identity((metadata.dev(), metadata.ino())))
}

#[cfg(not(unix))]
pub(crate) fn identity(path: &Path, _metadata: &Metadata) -> Option<Identity> {
    fs::canonicalize(path).ok().map(Identity)
}

/// Whether a file is one that the program's own output goes to. Following it would never end.
#[cfg(unix)]
pub(crate) fn is_own_output(identity: &Identity) -> bool {
    use std::os::fd::AsFd as _;
    use std::sync::LazyLock;

    static OWN: LazyLock<Vec<Identity>> = LazyLock::new(|| {
        let outputs = [
            io::stdout().as_fd().try_clone_to_owned(),
            io::stderr().as_fd().try_clone_to_owned(),
        ];
        let files = outputs.into_iter().flatten().map(File::from);
        let metadata = files.filter_map(|file| file.metadata().ok());
        let regular = metadata.filter(Metadata::is_file);
        regular
            .filter_map(|metadata| self::identity(Path::new(""), &metadata))
            .collect()
    });
    OWN.contains(identity)
}

#[cfg(not(unix))]
pub(crate) fn is_own_output(_identity: &Identity) -> bool {
    false
}

/// Whether this is a device, which may have bytes without end; the null device has none.
#[cfg(unix)]
pub(crate) fn is_device(path: &Path, metadata: &Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt as _;

    let kind = metadata.file_type();
    let is_null = || std::fs::canonicalize(path).is_ok_and(|path| path == Path::new("/dev/null"));
    (kind.is_char_device() || kind.is_block_device()) && !is_null()
}

#[cfg(not(unix))]
pub(crate) fn is_device(_path: &Path, _metadata: &Metadata) -> bool {
    false
}
