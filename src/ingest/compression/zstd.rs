//! Zstandard, RFC 8878: frames are parsed here, blocks are decoded by `ruzstd`.
//!
//! Its reader of frames keeps back as many bytes as a window has until the frame ends, and stops at a frame that is
//! cut off. Here every block that has been decoded is given.

use std::hash::Hasher;
use std::io::{BufRead, ErrorKind, Read};

use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use twox_hash::XxHash64;

use super::skippable;
use super::{Fault, Member, WINDOW_BYTES, peek, take};
use crate::ingest::source::raw::Raw;

pub(super) const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// The most bytes that a block has, compressed or not.
const BLOCK_BYTES: usize = 128 << 10;
/// A block without content that ends a frame.
const LAST_BLOCK: &[u8] = &[1, 0, 0];
/// The bit of the descriptor of a frame that says whether a checksum follows it.
const HAS_CHECKSUM: u8 = 4;

/// A frame.
#[derive(Default)]
pub(super) struct Zstd {
    part: Part,
    frame: Frame,
    /// Believes the frame to be over as soon as it has begun, so that its bytes can be taken at any time: how many of
    /// them have to stay is decided here.
    decoder: FrameDecoder,
    /// How many bytes at the front of the decoder are the window that was put back: they have been given.
    restored: usize,
    /// What was taken out of the decoder while no input came, of which `drained_given` bytes have been given.
    drained: Vec<u8>,
    drained_given: usize,
    checksum: XxHash64,
    /// How many bytes have been given.
    length: u64,
    /// The most bytes that the frame may have, where that is known.
    max_length: Option<u64>,
}

#[derive(Default)]
enum Part {
    #[default]
    Header,
    /// A skippable frame, of which so many bytes are left.
    Skippable(u64),
    Blocks,
    /// After the last block, or before one that cannot be decoded: what is in the decoder is given first.
    Ending(Option<Fault>),
}

/// What the header of a frame says.
#[derive(Clone, Copy, Default)]
struct Frame {
    window: usize,
    length: Option<u64>,
    has_checksum: bool,
}

/// Whether `bytes` begin a frame, a skippable one included.
pub(super) fn begins(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC) || skippable::is_skippable(bytes)
}

impl Member for Zstd {
    fn read(&mut self, raw: &mut Raw, into: &mut [u8]) -> Result<usize, Fault> {
        loop {
            match &mut self.part {
                Part::Header => self.begin(raw)?,
                Part::Skippable(left) => {
                    skippable::skip(raw, left)?;
                    return Ok(0);
                }
                Part::Blocks => {
                    let count = self.give(into, self.frame.window);
                    if count > 0 {
                        return Ok(count);
                    }
                    match self.decode_block(raw) {
                        Ok(false) => {}
                        Ok(true) => self.part = Part::Ending(None),
                        Err(Fault::Read(error)) if error.kind() == ErrorKind::WouldBlock => {
                            self.drain()?;
                            let count = self.give(into, self.frame.window);
                            return if count > 0 {
                                Ok(count)
                            } else {
                                Err(error.into())
                            };
                        }
                        Err(fault) => self.part = Part::Ending(Some(fault)),
                    }
                }
                Part::Ending(_) => {
                    let count = self.give(into, 0);
                    if count > 0 {
                        return Ok(count);
                    }
                    let Part::Ending(fault) = &mut self.part else {
                        continue;
                    };
                    return match fault.take() {
                        Some(fault) => Err(fault),
                        None => self.end(raw).map(|()| 0),
                    };
                }
            }
        }
    }
}

impl Zstd {
    /// A frame of at most `max_length` bytes: it is not decoded much further than that.
    pub(super) fn with_max_length(max_length: u64) -> Self {
        Self {
            max_length: Some(max_length),
            ..Self::default()
        }
    }

    fn check_length(&self, length: u64) -> Result<(), Fault> {
        if self.max_length.is_some_and(|max| length > max) {
            return Err(Fault::corrupt("it is longer than it should be"));
        }
        Ok(())
    }

    fn begin(&mut self, raw: &mut Raw) -> Result<(), Fault> {
        if let Some(left) = skippable::begin(raw)? {
            self.part = Part::Skippable(left);
            return Ok(());
        }
        let descriptor = peek(raw, 5)?[4];
        let bytes = peek(raw, header_length(descriptor))?;
        self.frame = Frame::of(bytes)?;
        self.check_length(self.frame.length.unwrap_or(0))?;
        let length = bytes.len();
        let mut header = bytes.to_vec();
        // The checksum is compared here: the decoder would look for it at once.
        header[4] &= !HAS_CHECKSUM;
        let begun = self.decoder.init(header.as_slice());
        begun.map_err(|error| Fault::corrupt(error.to_string()))?;
        decode(&mut self.decoder, LAST_BLOCK)?;
        raw.consume(length);
        self.part = Part::Blocks;
        Ok(())
    }

    /// Decodes the next block, and returns whether it is the last one.
    fn decode_block(&mut self, raw: &mut Raw) -> Result<bool, Fault> {
        let [a, b, c] = *peek(raw, 3)?.first_chunk().ok_or(Fault::Truncated)?;
        let header = u32::from_le_bytes([a, b, c, 0]);
        let size = (header >> 3) as usize;
        let content = match header >> 1 & 3 {
            0 | 2 => size,
            // One byte, repeated.
            1 => 1,
            _ => return Err(Fault::corrupt("a block has a reserved type")),
        };
        if size > BLOCK_BYTES {
            return Err(Fault::corrupt("a block has more than 128 KiB"));
        }
        let block = peek(raw, 3 + content)?;
        decode(&mut self.decoder, block)?;
        raw.consume(3 + content);
        let waiting = self.decoder.can_collect() - self.restored;
        self.check_length(self.length + waiting as u64)?;
        Ok(header & 1 == 1)
    }

    /// Gives bytes, and leaves `keep` of those in the decoder.
    fn give(&mut self, into: &mut [u8], keep: usize) -> usize {
        let count = if self.drained_given < self.drained.len() {
            let drained = &self.drained[self.drained_given..];
            let count = drained.len().min(into.len());
            into[..count].copy_from_slice(&drained[..count]);
            self.drained_given += count;
            count
        } else {
            self.discard_restored(keep);
            let free = self.decoder.can_collect().saturating_sub(keep);
            let count = free.min(into.len());
            let read = self.decoder.read(&mut into[..count]);
            read.expect("reading from memory cannot fail")
        };
        if self.frame.has_checksum {
            self.checksum.write(&into[..count]);
        }
        self.length += count as u64;
        count
    }

    /// Takes the window that was put back out of the decoder, as far as it need not stay.
    fn discard_restored(&mut self, keep: usize) {
        if self.restored == 0 {
            return;
        }
        let mut scratch = [0; 1 << 12];
        while self.restored > 0 {
            let free = self.decoder.can_collect().saturating_sub(keep);
            let count = free.min(self.restored).min(scratch.len());
            let read = self.decoder.read(&mut scratch[..count]);
            match read.expect("reading from memory cannot fail") {
                0 => return,
                count => self.restored -= count,
            }
        }
    }

    /// Takes everything out of the decoder, to be given while no input comes, and puts the window back.
    fn drain(&mut self) -> Result<(), Fault> {
        let count = self.decoder.can_collect();
        if count == self.restored {
            return Ok(());
        }
        let mut bytes = vec![0; count];
        let read = self.decoder.read(&mut bytes);
        read.expect("reading from memory cannot fail");
        let window = &bytes[count.saturating_sub(self.frame.window)..];
        for part in window.chunks(BLOCK_BYTES.min(self.frame.window.max(1))) {
            let header = u32::try_from(part.len() << 3).expect("a block is short");
            let [a, b, c, _] = header.to_le_bytes();
            decode(&mut self.decoder, &[&[a, b, c], part].concat())?;
        }
        let kept = window.len();
        bytes.drain(..self.restored);
        (self.drained, self.drained_given, self.restored) = (bytes, 0, kept);
        Ok(())
    }

    /// Reads and checks what stands behind the last block.
    fn end(&mut self, raw: &mut Raw) -> Result<(), Fault> {
        let is_right = if self.frame.has_checksum {
            let stated = u32::from_le_bytes(take(raw)?);
            let [sum @ .., _, _, _, _] = self.checksum.finish().to_le_bytes();
            stated == u32::from_le_bytes(sum)
        } else {
            true
        };
        if self
            .frame
            .length
            .is_some_and(|length| length != self.length)
        {
            return Err(Fault::corrupt(
                "a frame does not have the length that it states",
            ));
        }
        is_right.then_some(()).ok_or(Fault::Checksum)
    }
}

/// Decodes one block.
fn decode(decoder: &mut FrameDecoder, block: &[u8]) -> Result<(), Fault> {
    let result = decoder.decode_blocks(block, BlockDecodingStrategy::UptoBlocks(1));
    result.map_err(|error| Fault::corrupt(error.to_string()))?;
    Ok(())
}

/// How many bytes the window, the dictionary and the length take in a header.
fn lengths(descriptor: u8) -> [usize; 3] {
    let is_single = descriptor >> 5 & 1 == 1;
    let dictionary = [0, 1, 2, 4][usize::from(descriptor & 3)];
    let length = match descriptor >> 6 {
        0 => usize::from(is_single),
        size => 1 << size,
    };
    [usize::from(!is_single), dictionary, length]
}

/// The length of the header of a frame, with its magic number.
fn header_length(descriptor: u8) -> usize {
    MAGIC.len() + 1 + lengths(descriptor).iter().sum::<usize>()
}

impl Frame {
    /// What a header says.
    fn of(header: &[u8]) -> Result<Self, Fault> {
        let descriptor = header[4];
        if descriptor & 8 != 0 {
            return Err(Fault::corrupt("invalid frame header"));
        }
        let [window, dictionary, length] = lengths(descriptor);
        let mut rest = &header[5..];
        let mut next = |count: usize| {
            let (number, after) = rest.split_at(count);
            rest = after;
            let bytes = number.iter().rev();
            bytes.fold(0, |number, byte| number << 8 | u64::from(*byte))
        };
        let window = (window > 0).then(|| next(window));
        if next(dictionary) != 0 {
            return Err(Fault::Unsupported("needs a dictionary".into()));
        }
        let length = match length {
            0 => None,
            2 => Some(next(2) + 256),
            count => Some(next(count)),
        };
        let window = match window {
            // Three bits of a mantissa and five of an exponent.
            Some(byte) => (8 + (byte & 7)) << (7 + (byte >> 3)),
            None => length.unwrap_or(0),
        };
        if window > WINDOW_BYTES {
            return Err(Fault::Unsupported(format!(
                "needs a window of {} MiB, and 128 MiB is the limit",
                window.div_ceil(1 << 20)
            )));
        }
        Ok(Self {
            window: usize::try_from(window).unwrap_or(usize::MAX),
            length,
            has_checksum: descriptor & HAS_CHECKSUM != 0,
        })
    }
}
