//! The LZ4 frame format: frames are parsed here, blocks are decoded by `lz4_flex`.
//!
//! Its reader of frames takes a frame that is cut off for a whole one, and cannot go on after a pause of its input.

use std::hash::Hasher;
use std::io::BufRead;
use std::ops::Range;

use lz4_flex::block::decompress_into_with_dict;
use twox_hash::XxHash32;

use super::skippable;
use super::{Fault, Member, peek, take};
use crate::ingest::source::raw::Raw;

pub(super) const MAGIC: [u8; 4] = [0x04, 0x22, 0x4d, 0x18];
/// How far a block may refer back, in bytes.
const WINDOW_BYTES: usize = 64 << 10;

/// A byte of a block stands for at most so many bytes.
const MAX_EXPANSION: usize = 255;

/// The flags of a frame.
const VERSION: u8 = 0xc0;
const IS_VERSION_1: u8 = 0x40;
const IS_INDEPENDENT: u8 = 0x20;
const HAS_BLOCK_CHECKSUMS: u8 = 0x10;
const HAS_LENGTH: u8 = 8;
const HAS_CHECKSUM: u8 = 4;
const HAS_DICTIONARY: u8 = 1;
/// The bit of the size of a block that says that it is stored as it is.
const IS_STORED: u32 = 1 << 31;

/// A frame.
pub(super) struct Lz4 {
    part: Part,
    frame: Frame,
    /// What was decompressed last: the next block may refer to the last bytes of it.
    window: Vec<u8>,
    /// Room for blocks. It grows to what a block can hold and is never cleared: a small block must not cost as much as
    /// a large one.
    block: Vec<u8>,
    /// Which bytes of the room are the rest of the last block.
    rest: Range<usize>,
    checksum: XxHash32,
    /// How many bytes have been decompressed.
    length: u64,
    /// Whether the checksum of a block was wrong.
    is_wrong: bool,
}

enum Part {
    Header,
    /// A skippable frame, of which so many bytes are left.
    Skippable(u64),
    Blocks,
    End,
}

/// What the header of a frame says.
#[derive(Clone, Copy, Default)]
struct Frame {
    flags: u8,
    /// The most bytes of a block, before and after compression.
    block_bytes: usize,
    length: Option<u64>,
}

/// Whether `bytes` begin a frame, a skippable one included.
pub(super) fn begins(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC) || skippable::is_skippable(bytes)
}

impl Default for Lz4 {
    fn default() -> Self {
        Self {
            part: Part::Header,
            frame: Frame::default(),
            window: Vec::new(),
            block: Vec::new(),
            rest: 0..0,
            checksum: XxHash32::with_seed(0),
            length: 0,
            is_wrong: false,
        }
    }
}

impl Member for Lz4 {
    fn read(&mut self, raw: &mut Raw, into: &mut [u8]) -> Result<usize, Fault> {
        loop {
            match &mut self.part {
                Part::Header => self.begin(raw)?,
                Part::Skippable(left) => {
                    skippable::skip(raw, left)?;
                    return Ok(0);
                }
                Part::Blocks => {
                    let rest = &self.block[self.rest.clone()];
                    if !rest.is_empty() {
                        let count = rest.len().min(into.len());
                        into[..count].copy_from_slice(&rest[..count]);
                        self.rest.start += count;
                        return Ok(count);
                    }
                    self.decode_block(raw)?;
                }
                Part::End => return self.end(raw).map(|()| 0),
            }
        }
    }
}

impl Lz4 {
    fn begin(&mut self, raw: &mut Raw) -> Result<(), Fault> {
        if let Some(left) = skippable::begin(raw)? {
            self.part = Part::Skippable(left);
            return Ok(());
        }
        let flags = peek(raw, 5)?[4];
        let length = if flags & HAS_LENGTH == 0 { 0 } else { 8 };
        let dictionary = if flags & HAS_DICTIONARY == 0 { 0 } else { 4 };
        // Magic number, flags, size of blocks and checksum.
        let count = 4 + 1 + 1 + length + dictionary + 1;
        self.frame = Frame::of(peek(raw, count)?)?;
        raw.consume(count);
        self.part = Part::Blocks;
        Ok(())
    }

    /// Decompresses the next block.
    fn decode_block(&mut self, raw: &mut Raw) -> Result<(), Fault> {
        let word = peek(raw, 4)?.first_chunk().ok_or(Fault::Truncated)?;
        let word = u32::from_le_bytes(*word);
        if word == 0 {
            raw.consume(4);
            self.part = Part::End;
            return Ok(());
        }
        let size = (word & !IS_STORED) as usize;
        if size > self.frame.block_bytes {
            return Err(Fault::corrupt("a block is larger than the frame allows"));
        }
        let has_checksum = self.frame.flags & HAS_BLOCK_CHECKSUMS != 0;
        let count = 4 + size + if has_checksum { 4 } else { 0 };
        let bytes = &peek(raw, count)?[4..];
        let (content, checksum) = bytes.split_at(size);
        if let Some(stated) = checksum.first_chunk() {
            self.is_wrong |= u32::from_le_bytes(*stated) != XxHash32::oneshot(0, content);
        }
        self.rest = 0..0;
        let length = if word & IS_STORED != 0 {
            room(&mut self.block, size).copy_from_slice(content);
            size
        } else {
            let max_bytes = size.saturating_mul(MAX_EXPANSION);
            let into = room(&mut self.block, max_bytes.min(self.frame.block_bytes));
            decompress_into_with_dict(content, into, last(&self.window))
                .map_err(|error| Fault::corrupt(error.to_string()))?
        };
        raw.consume(count);
        self.rest = 0..length;
        self.length += length as u64;
        if self.frame.flags & HAS_CHECKSUM != 0 {
            self.checksum.write(&self.block[..length]);
        }
        if self.frame.flags & IS_INDEPENDENT == 0 {
            self.slide();
        }
        Ok(())
    }

    /// Moves the window to the end of the block.
    fn slide(&mut self) {
        let block = last(&self.block[self.rest.clone()]);
        // So that small blocks do not move the whole window each.
        if self.window.len() + block.len() > 2 * WINDOW_BYTES {
            let old = self.window.len().saturating_sub(WINDOW_BYTES - block.len());
            self.window.drain(..old);
        }
        self.window.extend_from_slice(block);
    }

    /// Reads and checks what stands behind the last block.
    fn end(&mut self, raw: &mut Raw) -> Result<(), Fault> {
        if self.frame.flags & HAS_CHECKSUM != 0 {
            let stated = u32::from_le_bytes(take(raw)?);
            self.is_wrong |= u64::from(stated) != self.checksum.finish();
        }
        if self
            .frame
            .length
            .is_some_and(|length| length != self.length)
        {
            return Err(Fault::corrupt(
                "a frame does not have the length that it states",
            ));
        }
        if self.is_wrong {
            Err(Fault::Checksum)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
impl Lz4 {
    /// How much memory is taken for blocks, in bytes.
    pub(super) fn block_memory(&self) -> usize {
        self.block.capacity()
    }
}

/// As many bytes as a block may refer to.
fn last(bytes: &[u8]) -> &[u8] {
    &bytes[bytes.len().saturating_sub(WINDOW_BYTES)..]
}

/// Room for a block of up to `bytes` bytes.
fn room(block: &mut Vec<u8>, bytes: usize) -> &mut [u8] {
    if block.len() < bytes {
        block.resize(bytes, 0);
    }
    &mut block[..bytes]
}

impl Frame {
    /// What a header says.
    fn of(header: &[u8]) -> Result<Self, Fault> {
        let invalid = || Fault::corrupt("invalid frame header");
        let (descriptor, checksum) = header[MAGIC.len()..].split_at(header.len() - MAGIC.len() - 1);
        let [_, second, ..] = XxHash32::oneshot(0, descriptor).to_le_bytes();
        let (flags, block) = (descriptor[0], descriptor[1]);
        if flags & VERSION != IS_VERSION_1 || checksum != [second] {
            return Err(invalid());
        }
        if flags & HAS_DICTIONARY != 0 {
            return Err(Fault::Unsupported("needs a dictionary".into()));
        }
        let block_bytes = match block >> 4 & 7 {
            4 => 64 << 10,
            5 => 256 << 10,
            6 => 1 << 20,
            7 => 4 << 20,
            _ => return Err(invalid()),
        };
        let length = descriptor.get(2..).and_then(<[u8]>::first_chunk);
        Ok(Self {
            flags,
            block_bytes,
            length: length.map(|length| u64::from_le_bytes(*length)),
        })
    }
}
