//! The compressions that are read. Each has a row in [`CODECS`] and a module.

mod bzip2;
mod gzip;
pub(crate) mod in_memory;
mod inflate;
mod lz4;
mod skippable;
mod stepped;
#[cfg(test)]
pub(crate) mod tests;
mod xz;
mod zlib;
mod zstd;

use std::io::{self, BufRead};

use self::inflate::Deflated;
use crate::ingest::source::raw::Raw;
use crate::store::Compression;

/// A compression that is read. A file is one member or several; zeros between and behind them are padding.
#[derive(Debug)]
pub(crate) struct Codec {
    pub(crate) compression: Compression,
    /// The bytes that every member begins with; a frame that is skipped may begin otherwise.
    pub(crate) magic: &'static [u8],
    /// Whether a member begins with these bytes: at least [`MAGIC_BYTES`] of them, or all that there are.
    pub(crate) begins: fn(&[u8]) -> bool,
    /// A decoder at the beginning of a member.
    pub(crate) open: fn() -> Box<dyn Member>,
    /// A command that decompresses FILE.
    pub(crate) command: &'static str,
}

/// Every compression that is read.
pub(crate) const CODECS: &[Codec] = &[
    Codec {
        compression: Compression::named("gzip"),
        magic: b"\x1f\x8b",
        begins: |bytes| bytes.starts_with(b"\x1f\x8b"),
        open: || Box::new(Deflated::<gzip::Gzip>::default()),
        command: "gzip -d < FILE",
    },
    Codec {
        compression: Compression::named("zstd"),
        magic: &zstd::MAGIC,
        begins: zstd::begins,
        open: || Box::new(zstd::Zstd::default()),
        command: "zstd -d --long=31 < FILE",
    },
    Codec {
        compression: Compression::named("lz4"),
        magic: &lz4::MAGIC,
        begins: lz4::begins,
        open: || Box::new(lz4::Lz4::default()),
        command: "lz4 -d < FILE",
    },
    Codec {
        compression: Compression::named("bzip2"),
        magic: b"BZh",
        begins: bzip2::begins,
        open: || Box::new(bzip2::Bzip2::default()),
        command: "bzip2 -d < FILE",
    },
    Codec {
        compression: Compression::named("xz"),
        magic: b"\xfd7zXZ\0",
        begins: |bytes| bytes.starts_with(b"\xfd7zXZ\0"),
        open: || Box::new(xz::Xz::default()),
        command: "xz -d < FILE",
    },
    Codec {
        compression: Compression::named("zlib"),
        magic: b"x",
        begins: zlib::begins,
        open: || Box::new(Deflated::<zlib::Zlib>::default()),
        command: "pigz -d < FILE",
    },
];

/// How many bytes tell a compression: zlib has a header of two bytes, and then a block that begins with five.
pub(crate) const MAGIC_BYTES: usize = 7;

/// The most memory that a member may ask for, for what it refers back to, in bytes.
const WINDOW_BYTES: u64 = 128 << 20;

/// A compressed member of a file. Its memory is bounded, whatever its bytes are.
pub(crate) trait Member: Send {
    /// Decompresses bytes of `raw` into `into`, which is not empty; gives 0 at the end of the member. May be called again
    /// after [`io::ErrorKind::WouldBlock`].
    fn read(&mut self, raw: &mut Raw, into: &mut [u8]) -> Result<usize, Fault>;
}

/// Why a member cannot be read further. What could be decompressed before that has been given.
#[derive(Debug)]
pub(crate) enum Fault {
    /// It ends early.
    Truncated,
    /// It is not valid.
    Corrupt(String),
    /// A checksum is wrong. The member has been read to its end.
    Checksum,
    /// It needs something that is not supported.
    Unsupported(String),
    /// The file could not be read, or there is nothing now.
    Read(io::Error),
}

impl Fault {
    fn corrupt(why: impl Into<String>) -> Self {
        Self::Corrupt(why.into())
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Read(error)
    }
}

/// The compression of a file that begins with `bytes`: at least [`MAGIC_BYTES`] of them, or all that there are. zstd and
/// LZ4 have skippable frames in common: after one, the next frame settles which of the two it is.
pub(crate) fn recognize(bytes: &[u8]) -> Option<&'static Codec> {
    CODECS.iter().find(|codec| (codec.begins)(bytes))
}

/// The codec of a compression; none where the bytes are stored as they are.
pub(crate) fn codec(compression: Compression) -> Option<&'static Codec> {
    CODECS.iter().find(|codec| codec.compression == compression)
}

/// The next `count` bytes, without taking them.
fn peek(raw: &mut Raw, count: usize) -> Result<&[u8], Fault> {
    raw.peek(count)?.get(..count).ok_or(Fault::Truncated)
}

/// Takes the next bytes.
fn take<const COUNT: usize>(raw: &mut Raw) -> Result<[u8; COUNT], Fault> {
    let bytes = peek(raw, COUNT)?;
    let bytes = *bytes.first_chunk().ok_or(Fault::Truncated)?;
    raw.consume(COUNT);
    Ok(bytes)
}

impl PartialEq for Codec {
    fn eq(&self, other: &Self) -> bool {
        self.compression == other.compression
    }
}

impl Eq for Codec {}
