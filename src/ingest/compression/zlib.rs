//! zlib, RFC 1950.

use super::inflate::Container;
use super::{Fault, take};
use crate::ingest::source::raw::Raw;

/// Whether `bytes` begin with a header, and its first block can be one. A header is only two bytes, of which `x^` is
/// text.
pub(super) fn begins(bytes: &[u8]) -> bool {
    let [b'x', 0x01 | 0x5e | 0x9c | 0xda, block @ ..] = bytes else {
        return false;
    };
    let is_text = |byte: &u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    if bytes[1] == 0x5e && block.iter().all(is_text) {
        return false;
    }
    let Some(first) = block.first() else {
        return true;
    };
    match first >> 1 & 3 {
        // Stored: the length, and its complement.
        0 => match block {
            [_, a, b, c, d, ..] => u16::from_le_bytes([*a, *b]) == !u16::from_le_bytes([*c, *d]),
            _ => true,
        },
        1 => true,
        // At most 286 codes of lengths and 30 of distances.
        2 => first >> 3 <= 29 && block.get(1).is_none_or(|second| second & 31 <= 29),
        _ => false,
    }
}

/// Its checksum is Adler-32.
pub(super) struct Zlib {
    low: u32,
    high: u32,
}

impl Default for Zlib {
    fn default() -> Self {
        Self { low: 1, high: 0 }
    }
}

const ADLER_MODULUS: u32 = 65_521;
/// So many bytes can be added before the sums have to be reduced.
const ADLER_BLOCK_BYTES: usize = 5552;

impl Container for Zlib {
    fn skip_header(raw: &mut Raw) -> Result<(), Fault> {
        take::<2>(raw).map(drop)
    }

    fn update(&mut self, bytes: &[u8]) {
        for block in bytes.chunks(ADLER_BLOCK_BYTES) {
            for byte in block {
                self.low += u32::from(*byte);
                self.high += self.low;
            }
            self.low %= ADLER_MODULUS;
            self.high %= ADLER_MODULUS;
        }
    }

    fn check_trailer(&self, raw: &mut Raw) -> Result<bool, Fault> {
        let stated = u32::from_be_bytes(take(raw)?);
        Ok(stated == self.high << 16 | self.low)
    }
}
