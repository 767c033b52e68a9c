//! Raw and decompressed bytes of a file: all members of a compressed one, up to the first damage.

use std::io::{self, BufRead, ErrorKind, Read};
use std::sync::atomic::{AtomicBool, Ordering};

use flate2::bufread::GzDecoder;

use crate::store::Compression;

/// How many bytes are read from a file at once.
const TAKEN_AT_ONCE: usize = 1 << 17;
/// The smallest read buffer, for small files.
const MIN_BUFFER: u64 = 1 << 12;

/// Why there are no more bytes.
#[derive(Debug)]
pub(crate) enum End {
    /// They have all been given.
    Whole,
    /// The compressed stream ends early.
    Truncated(Compression),
    /// The compressed stream is not valid from here on.
    Corrupt(Compression, String),
    /// All bytes were decompressed, and their checksum is wrong.
    BadChecksum(Compression),
    /// The file could not be read on.
    Failed(io::Error),
    /// The caller stopped the load.
    Stopped,
}

/// The bytes of a file, with a buffer to peek into.
pub(crate) struct Raw {
    inner: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    taken: u64,
}

/// The decompressed bytes of a file.
pub(crate) struct Decoder<'a> {
    state: State,
    compression: Compression,
    stop: &'a AtomicBool,
    taken: u64,
    /// What else should be known of the file.
    pub(crate) warnings: Vec<String>,
}

enum State {
    /// Not compressed.
    Stored(Raw),
    /// Within a compressed member.
    Member(Box<dyn Member>),
    /// After a member, where another one may follow.
    Between(Raw),
    Over,
}

/// A supported compression: to add one, add a row to [`CODECS`] and implement [`Member`].
struct Codec {
    compression: Compression,
    /// How a member begins: at most [`SNIFF_BYTES`](crate::ingest::formats::sniff::SNIFF_BYTES) bytes.
    magic: &'static [u8],
    open: fn(Raw) -> Box<dyn Member>,
}

const GZIP: Compression = Compression::named("gzip");

const CODECS: &[Codec] = &[Codec {
    compression: GZIP,
    magic: b"\x1f\x8b",
    open: |raw| Box::new(Gzip(GzDecoder::new(raw))),
}];

/// A compressed member of a file; its bytes end with [`Read::read`] giving 0.
trait Member: Read + Send {
    fn raw(&self) -> &Raw;

    /// The bytes after the member.
    fn into_raw(self: Box<Self>) -> Raw;

    /// What an error of reading means: damage, with the name of the compression, or a failure of the disk.
    fn end(&self, error: io::Error) -> End;
}

struct Gzip(GzDecoder<Raw>);

impl Read for Gzip {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.read(into)
    }
}

impl Member for Gzip {
    fn raw(&self) -> &Raw {
        self.0.get_ref()
    }

    fn into_raw(self: Box<Self>) -> Raw {
        self.0.into_inner()
    }

    fn end(&self, error: io::Error) -> End {
        damage(error)
    }
}

/// The compression whose member `bytes` begin.
pub(crate) fn compression(bytes: &[u8]) -> Option<Compression> {
    let mut codecs = CODECS.iter();
    let codec = codecs.find(|codec| bytes.starts_with(codec.magic))?;
    Some(codec.compression)
}

fn codec(compression: Compression) -> Option<&'static Codec> {
    let mut codecs = CODECS.iter();
    codecs.find(|codec| codec.compression == compression)
}

impl Raw {
    /// The bytes of `inner`, of which there are about `size`; 0 where that is unknown.
    pub(crate) fn new(inner: Box<dyn Read + Send>, size: u64) -> Self {
        let wanted = match size {
            0 => TAKEN_AT_ONCE as u64,
            size => size.clamp(MIN_BUFFER, TAKEN_AT_ONCE as u64),
        };
        Self {
            inner,
            buffer: vec![0; usize::try_from(wanted).unwrap_or(TAKEN_AT_ONCE)],
            start: 0,
            end: 0,
            taken: 0,
        }
    }

    /// The next bytes, without taking them: at least `count`, or all that there are.
    pub(crate) fn peek(&mut self, count: usize) -> io::Result<&[u8]> {
        while self.end - self.start < count {
            if self.start > 0 {
                self.buffer.copy_within(self.start..self.end, 0);
                self.end -= self.start;
                self.start = 0;
            }
            let read = read_once(&mut self.inner, &mut self.buffer[self.end..])?;
            if read == 0 {
                break;
            }
            self.end += read;
            self.taken += read as u64;
        }
        Ok(&self.buffer[self.start..self.end])
    }
}

fn read_once(inner: &mut dyn Read, into: &mut [u8]) -> io::Result<usize> {
    loop {
        match inner.read(into) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

impl Read for Raw {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.start == self.end && into.len() >= self.buffer.len() {
            let read = read_once(&mut self.inner, into)?;
            self.taken += read as u64;
            return Ok(read);
        }
        let bytes = self.fill_buf()?;
        let count = bytes.len().min(into.len());
        into[..count].copy_from_slice(&bytes[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Raw {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.peek(1)
    }

    fn consume(&mut self, count: usize) {
        self.start = (self.start + count).min(self.end);
    }
}

impl<'a> Decoder<'a> {
    /// Unpacks `raw`, and stops when `stop` is set.
    pub(crate) fn new(raw: Raw, compression: Compression, stop: &'a AtomicBool) -> Self {
        let state = match codec(compression) {
            None => State::Stored(raw),
            Some(codec) => State::Member((codec.open)(raw)),
        };
        Self {
            state,
            compression,
            stop,
            taken: 0,
            warnings: Vec::new(),
        }
    }

    /// How many bytes have been taken from the file.
    pub(crate) fn taken(&self) -> u64 {
        match &self.state {
            State::Stored(raw) | State::Between(raw) => raw.taken,
            State::Member(member) => member.raw().taken,
            State::Over => self.taken,
        }
    }

    /// Whether the bytes differ from those in the file.
    pub(crate) fn is_compressed(&self) -> bool {
        self.compression != Compression::NONE
    }

    /// Puts the next bytes into `into`, or says why there are none. Gives 0 where none are there now, which is so
    /// of a pipe alone.
    pub(crate) fn read(&mut self, into: &mut [u8]) -> Result<usize, End> {
        loop {
            if self.stop.load(Ordering::Relaxed) {
                return Err(self.over(End::Stopped));
            }
            let result = match &mut self.state {
                State::Stored(raw) => raw.read(into),
                State::Member(member) => member.read(into),
                State::Between(_) => Ok(0),
                State::Over => return Err(End::Whole),
            };
            match result {
                Ok(0) => {
                    if !self.next_member()? {
                        return Ok(0);
                    }
                }
                Ok(count) => return Ok(count),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(0),
                Err(error) => {
                    let end = match &self.state {
                        State::Member(member) => member.end(error),
                        _ => End::Failed(error),
                    };
                    return Err(self.over(end));
                }
            }
        }
    }

    fn over(&mut self, end: End) -> End {
        self.taken = self.taken();
        self.state = State::Over;
        end
    }

    /// Goes on to the next member, or says that it is not known now whether there is one. Zeros between and
    /// behind members are padding.
    fn next_member(&mut self) -> Result<bool, End> {
        let mut raw = match std::mem::replace(&mut self.state, State::Over) {
            State::Member(member) => member.into_raw(),
            State::Between(raw) => raw,
            State::Stored(raw) => {
                self.taken = raw.taken;
                return Err(End::Whole);
            }
            State::Over => return Err(End::Whole),
        };
        let Some(codec) = codec(self.compression) else {
            return Err(End::Whole);
        };
        let next = skip_zeros(&mut raw, codec.magic);
        self.taken = raw.taken;
        match next {
            Ok(Next::Member) => {
                self.state = State::Member((codec.open)(raw));
                Ok(true)
            }
            Ok(Next::Nothing) => Err(End::Whole),
            Ok(Next::Garbage) => {
                let name = self.compression.name();
                self.warnings.push(format!(
                    "bytes that are not {name} follow the last {name} member; they were not read"
                ));
                Err(End::Whole)
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                self.state = State::Between(raw);
                Ok(false)
            }
            Err(error) => Err(End::Failed(error)),
        }
    }
}

enum Next {
    Member,
    Nothing,
    Garbage,
}

fn skip_zeros(raw: &mut Raw, magic: &[u8]) -> io::Result<Next> {
    loop {
        let bytes = raw.peek(magic.len())?;
        if bytes.is_empty() {
            return Ok(Next::Nothing);
        }
        if bytes.starts_with(magic) {
            return Ok(Next::Member);
        }
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        if zeros == 0 {
            return Ok(Next::Garbage);
        }
        raw.consume(zeros);
    }
}

/// What an error of flate2 means. It reports a wrong checksum and a broken stream as errors of the same kind, so only
/// the message tells them apart; a test in `tests/faults.rs` fails when that changes.
fn damage(error: io::Error) -> End {
    match error.kind() {
        ErrorKind::UnexpectedEof => End::Truncated(GZIP),
        ErrorKind::InvalidInput if error.to_string().contains("checksum") => End::BadChecksum(GZIP),
        ErrorKind::InvalidInput | ErrorKind::InvalidData => End::Corrupt(GZIP, error.to_string()),
        _ => End::Failed(error),
    }
}
