//! The bytes of a file as text or rows have them: decompressed, up to the first damage, and in UTF-8.

use std::io::{self, BufRead, ErrorKind, Read};
use std::sync::atomic::{AtomicBool, Ordering};

use super::raw::Raw;
use super::utf16::{self, Utf16};
use crate::ingest::compression::{self, Codec, Fault, MAGIC_BYTES, Member};
use crate::store::Compression;

/// How many bytes of UTF-16 are read at once.
const UTF16_BYTES: usize = 1 << 16;

/// How many bytes that were read before are decompressed at once.
const SKIP_BYTES: usize = 1 << 16;

/// Why there are no more bytes.
#[derive(Debug)]
pub(crate) enum End {
    /// They have all been given.
    Whole,
    /// The compressed stream ends early.
    Truncated(Compression),
    /// The compressed stream is not valid from here on.
    Corrupt(Compression, String),
    /// All bytes were decompressed, and a checksum is wrong.
    BadChecksum(Compression),
    /// The compressed stream goes on in a way that is not supported.
    Unsupported(Compression, String),
    /// The file could not be read on.
    Failed(io::Error),
    /// The caller stopped the load.
    Stopped,
}

/// The decompressed bytes of a file.
pub(crate) struct Decoder<'a> {
    raw: Raw,
    state: State,
    codec: Option<&'static Codec>,
    /// Whether anything has been decompressed.
    has_output: bool,
    /// Whether the checksum of a member was wrong.
    has_bad_checksum: bool,
    encoding: Encoding,
    line_ends: LineEnds,
    stop: &'a AtomicBool,
    /// What else should be known of the file.
    pub(crate) warnings: Vec<String>,
}

enum State {
    /// Not compressed.
    Stored,
    /// Within a compressed member.
    Member(Box<dyn Member>),
    /// After a member, where another one may follow.
    Between,
    /// After the last byte; why it is the last one is still to be told.
    Ending(End),
    Over,
}

/// How the decompressed bytes are encoded.
enum Encoding {
    /// It is not clear yet; these bytes have been read.
    Unknown(Vec<u8>),
    Utf8,
    Utf16(Box<Transcoding>),
}

/// What ends a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LineEnds {
    LineFeed,
    CarriageReturn,
}

struct Transcoding {
    utf16: Utf16,
    input: Vec<u8>,
    /// UTF-8, of which `given` bytes have been given.
    output: Vec<u8>,
    given: usize,
    end: Option<End>,
}

impl<'a> Decoder<'a> {
    /// Decompresses `raw`, and stops when `stop` is set.
    pub(crate) fn new(raw: Raw, compression: Compression, stop: &'a AtomicBool) -> Self {
        let codec = compression::codec(compression);
        let state = codec.map_or(State::Stored, |codec| State::Member((codec.open)()));
        Self {
            raw,
            state,
            codec,
            has_output: false,
            has_bad_checksum: false,
            encoding: Encoding::Unknown(Vec::new()),
            line_ends: LineEnds::LineFeed,
            stop,
            warnings: Vec::new(),
        }
    }

    /// Reads on in a file of UTF-8 that is not compressed.
    pub(crate) fn resume(raw: Raw, stop: &'a AtomicBool) -> Self {
        Self {
            encoding: Encoding::Utf8,
            ..Self::new(raw, Compression::NONE, stop)
        }
    }

    /// Reads on in a compressed file of UTF-8, of which `given` decompressed bytes were read before. They are
    /// decompressed again; where there are fewer by now, there is nothing more.
    pub(crate) fn resume_compressed(
        raw: Raw,
        compression: Compression,
        stop: &'a AtomicBool,
        given: u64,
    ) -> Self {
        let mut decoder = Self {
            encoding: Encoding::Utf8,
            ..Self::new(raw, compression, stop)
        };
        let (mut rest, mut buffer) = (given, vec![0; SKIP_BYTES]);
        while rest > 0 {
            let wanted = usize::try_from(rest).unwrap_or(SKIP_BYTES).min(SKIP_BYTES);
            match decoder.read(&mut buffer[..wanted]) {
                Ok(count) => rest -= count as u64,
                Err(end) => {
                    decoder.state = State::Ending(end);
                    break;
                }
            }
        }
        decoder
    }

    /// How many bytes have been taken from the file.
    pub(crate) fn taken(&self) -> u64 {
        self.raw.taken()
    }

    /// Whether the decompressed bytes are given as they are.
    pub(crate) fn is_unconverted(&self) -> bool {
        !matches!(self.encoding, Encoding::Utf16(_)) && self.line_ends == LineEnds::LineFeed
    }

    /// How the file is compressed.
    pub(crate) fn codec(&self) -> Option<&'static Codec> {
        self.codec
    }

    /// How the file is compressed, or that it is not.
    pub(crate) fn compression(&self) -> Compression {
        self.codec
            .map_or(Compression::NONE, |codec| codec.compression)
    }

    /// Whether the checksum of a member was wrong.
    pub(crate) fn has_bad_checksum(&self) -> bool {
        self.has_bad_checksum
    }

    /// Makes line feeds of carriage returns from here on.
    pub(crate) fn end_lines_at_returns(&mut self) {
        self.line_ends = LineEnds::CarriageReturn;
        self.warnings.push(
            "the lines end with carriage returns alone: each of them was read as a line end".into(),
        );
    }

    /// Puts the next bytes into `into`, or says why there are none. Gives 0 where none are there now, which is so
    /// of a pipe alone.
    pub(crate) fn read(&mut self, into: &mut [u8]) -> Result<usize, End> {
        let count = match &mut self.encoding {
            Encoding::Utf8 => self.decompress(into)?,
            Encoding::Unknown(_) => self.begin(into)?,
            Encoding::Utf16(_) => self.transcode(into)?,
        };
        if self.line_ends == LineEnds::CarriageReturn {
            for byte in &mut into[..count] {
                if *byte == b'\r' {
                    *byte = b'\n';
                }
            }
        }
        Ok(count)
    }

    /// Reads until it is clear whether the file begins with the byte order mark of UTF-16.
    fn begin(&mut self, into: &mut [u8]) -> Result<usize, End> {
        let Encoding::Unknown(start) = &mut self.encoding else {
            return Ok(0);
        };
        let mut start = std::mem::take(start);
        let mut end = None;
        while start.len() < utf16::MARK_BYTES && start.first().is_none_or(|byte| *byte >= 0xfe) {
            let mut bytes = [0; utf16::MARK_BYTES];
            let room = utf16::MARK_BYTES - start.len();
            match self.decompress(&mut bytes[..room]) {
                Ok(0) => {
                    self.encoding = Encoding::Unknown(start);
                    return Ok(0);
                }
                Ok(count) => start.extend_from_slice(&bytes[..count]),
                Err(over) if start.is_empty() => return Err(over),
                Err(over) => {
                    end = Some(over);
                    break;
                }
            }
        }
        if let Some(order) = utf16::byte_order(&start) {
            self.warnings
                .push("the text is in UTF-16: `--output lines` prints it as UTF-8".into());
            self.encoding = Encoding::Utf16(Box::new(Transcoding {
                utf16: Utf16::new(order),
                input: vec![0; UTF16_BYTES],
                output: Vec::new(),
                given: 0,
                end: None,
            }));
            return self.transcode(into);
        }
        self.encoding = Encoding::Utf8;
        into[..start.len()].copy_from_slice(&start);
        if let Some(end) = end {
            // A single byte: what ended the file is told with the next call.
            self.state = State::Ending(end);
        }
        Ok(start.len())
    }

    /// Reads UTF-16 as UTF-8.
    fn transcode(&mut self, into: &mut [u8]) -> Result<usize, End> {
        loop {
            let Encoding::Utf16(text) = &mut self.encoding else {
                return Ok(0);
            };
            let rest = &text.output[text.given..];
            if !rest.is_empty() {
                let count = rest.len().min(into.len());
                into[..count].copy_from_slice(&rest[..count]);
                text.given += count;
                return Ok(count);
            }
            text.output.clear();
            text.given = 0;
            if let Some(end) = text.end.take() {
                return Err(end);
            }
            let mut input = std::mem::take(&mut text.input);
            let result = self.decompress(&mut input);
            let Encoding::Utf16(text) = &mut self.encoding else {
                return Ok(0);
            };
            match result {
                Ok(0) => {
                    text.input = input;
                    return Ok(0);
                }
                Ok(count) => text.utf16.push(&input[..count], &mut text.output),
                Err(end) => {
                    text.utf16.finish(&mut text.output);
                    text.end = Some(end);
                }
            }
            text.input = input;
        }
    }

    fn decompress(&mut self, into: &mut [u8]) -> Result<usize, End> {
        loop {
            if self.stop.load(Ordering::Relaxed) {
                return Err(self.over(End::Stopped));
            }
            self.raw.begin_turn();
            let result = match &mut self.state {
                State::Stored => match self.raw.read(into) {
                    Ok(0) => return Err(self.over(End::Whole)),
                    result => result.map_err(Fault::Read),
                },
                State::Member(member) => member.read(&mut self.raw, into),
                State::Between => Ok(0),
                State::Ending(end) => {
                    let end = std::mem::replace(end, End::Whole);
                    return Err(self.over(end));
                }
                State::Over => return Err(End::Whole),
            };
            match result {
                Ok(0) => {}
                Ok(count) => {
                    self.has_output = true;
                    return Ok(count);
                }
                Err(Fault::Read(error)) if error.kind() == ErrorKind::WouldBlock => {
                    if self.raw.is_turn_over() {
                        continue;
                    }
                    return Ok(0);
                }
                Err(Fault::Checksum) => self.has_bad_checksum = true,
                Err(fault) => return Err(self.fault(fault)),
            }
            self.state = State::Between;
            if !self.next_member()? && !self.raw.is_turn_over() {
                return Ok(0);
            }
        }
    }

    fn over(&mut self, end: End) -> End {
        self.state = State::Over;
        end
    }

    /// Ends the file where a member cannot be read on.
    fn fault(&mut self, fault: Fault) -> End {
        let compression = self.compression();
        if self.has_bad_checksum {
            let name = compression.name();
            self.warnings.push(format!(
                "a {name} checksum further up does not match; the records before it may be wrong"
            ));
        }
        self.over(match fault {
            Fault::Truncated => End::Truncated(compression),
            Fault::Corrupt(why) => End::Corrupt(compression, why),
            Fault::Checksum => End::BadChecksum(compression),
            Fault::Unsupported(what) => End::Unsupported(compression, what),
            Fault::Read(error) => End::Failed(error),
        })
    }

    /// Goes on to the next member, or says that it is not known now whether there is one. Zeros between and
    /// behind members are padding.
    fn next_member(&mut self) -> Result<bool, End> {
        let Some(codec) = self.codec else {
            return Err(self.over(End::Whole));
        };
        match skip_zeros(&mut self.raw, codec, self.has_output) {
            Ok(Next::Member(next)) => {
                self.codec = Some(next);
                self.state = State::Member((next.open)());
                return Ok(true);
            }
            Ok(Next::CutOff) => return Err(self.fault(Fault::Truncated)),
            Ok(Next::Nothing) => {}
            Ok(Next::Garbage) => {
                let name = codec.compression.name();
                self.warnings.push(format!(
                    "bytes that are not {name} follow the last {name} member; they were not read"
                ));
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
            Err(error) => return Err(self.over(End::Failed(error))),
        }
        Err(self.over(if self.has_bad_checksum {
            End::BadChecksum(codec.compression)
        } else {
            End::Whole
        }))
    }
}

enum Next {
    Member(&'static Codec),
    /// The file ends within the first bytes of a member.
    CutOff,
    Nothing,
    Garbage,
}

/// Skips padding, and returns what follows a member. Before there is output, the next member may have another compression:
/// a skippable frame does not tell zstd from LZ4.
fn skip_zeros(raw: &mut Raw, codec: &'static Codec, has_output: bool) -> io::Result<Next> {
    loop {
        let bytes = raw.peek(MAGIC_BYTES)?;
        if bytes.is_empty() {
            return Ok(Next::Nothing);
        }
        if (codec.begins)(bytes) {
            return Ok(Next::Member(codec));
        }
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        if zeros == 0 {
            let other = compression::recognize(bytes).filter(|_| !has_output);
            let is_cut_off = codec.magic.starts_with(bytes);
            return Ok(match other {
                Some(other) => Next::Member(other),
                None if is_cut_off => Next::CutOff,
                None => Next::Garbage,
            });
        }
        raw.consume(zeros);
    }
}
