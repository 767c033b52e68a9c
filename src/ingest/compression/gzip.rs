//! gzip, RFC 1952.

use std::io::BufRead;

use flate2::Crc;

use super::inflate::Container;
use super::{Fault, take};
use crate::ingest::source::raw::Raw;

/// The longest header that is read, in bytes; it may have a file name and a comment of any length.
const HEADER_BYTES: usize = 256 << 10;

/// The flags of a header.
const HAS_CHECKSUM: u8 = 2;
const HAS_EXTRA: u8 = 4;
const HAS_NAME: u8 = 8;
const HAS_COMMENT: u8 = 16;
const RESERVED: u8 = 0xe0;

#[derive(Default)]
pub(super) struct Gzip(Crc);

impl Container for Gzip {
    fn skip_header(raw: &mut Raw) -> Result<(), Fault> {
        skip_header(raw)
    }

    fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn check_trailer(&self, raw: &mut Raw) -> Result<bool, Fault> {
        let [a, b, c, d, length @ ..] = take::<8>(raw)?;
        let has_checksum = u32::from_le_bytes([a, b, c, d]) == self.0.sum();
        Ok(has_checksum && u32::from_le_bytes(length) == self.0.amount())
    }
}

fn skip_header(raw: &mut Raw) -> Result<(), Fault> {
    // Of ten bytes at least.
    let mut wanted = 10;
    loop {
        let bytes = raw.peek(wanted)?;
        if let Some(length) = header(bytes)? {
            raw.consume(length);
            return Ok(());
        }
        if bytes.len() < wanted {
            return Err(Fault::Truncated);
        }
        wanted = bytes.len() + 1;
        if wanted > HEADER_BYTES {
            return Err(Fault::corrupt("its header is longer than 256 KiB"));
        }
    }
}

/// The length of the header that `bytes` begin; none where it is longer than they are.
fn header(bytes: &[u8]) -> Result<Option<usize>, Fault> {
    let Some([_, _, method, flags, _, _, _, _, _, _]) = bytes.first_chunk() else {
        return Ok(None);
    };
    if *method != 8 || flags & RESERVED != 0 {
        return Err(Fault::corrupt("invalid gzip header"));
    }
    let mut length = 10;
    if flags & HAS_EXTRA != 0 {
        let Some(extra) = bytes.get(length..).and_then(<[u8]>::first_chunk) else {
            return Ok(None);
        };
        length += 2 + usize::from(u16::from_le_bytes(*extra));
    }
    for flag in [HAS_NAME, HAS_COMMENT] {
        if flags & flag != 0 {
            let text = bytes.get(length..).unwrap_or_default();
            let Some(end) = memchr::memchr(0, text) else {
                return Ok(None);
            };
            length += end + 1;
        }
    }
    if flags & HAS_CHECKSUM != 0 {
        let Some(stated) = bytes.get(length..).and_then(<[u8]>::first_chunk) else {
            return Ok(None);
        };
        let mut checksum = Crc::new();
        checksum.update(&bytes[..length]);
        if u32::from(u16::from_le_bytes(*stated)) != checksum.sum() & 0xffff {
            return Err(Fault::corrupt("the checksum of the gzip header is wrong"));
        }
        length += 2;
    }
    Ok((length <= bytes.len()).then_some(length))
}
