//! zlib, RFC 1950.

use super::inflate::Inflate;
use super::stepped::Stepper;
use super::{Fault, Member, take};
use crate::ingest::source::raw::Raw;

#[derive(Default)]
pub(super) struct Zlib {
    part: Part,
    body: Stepper<Inflate>,
    checksum: Adler,
}

#[derive(Clone, Copy, Default)]
enum Part {
    #[default]
    Header,
    Body,
    Trailer,
}

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

impl Member for Zlib {
    fn read(&mut self, raw: &mut Raw, into: &mut [u8]) -> Result<usize, Fault> {
        loop {
            match self.part {
                Part::Header => {
                    let _ = take::<2>(raw)?;
                    self.part = Part::Body;
                }
                Part::Body => {
                    let count = self.body.read(raw, into)?;
                    if count > 0 {
                        self.checksum.update(&into[..count]);
                        return Ok(count);
                    }
                    self.part = Part::Trailer;
                }
                Part::Trailer => {
                    let stated = u32::from_be_bytes(take(raw)?);
                    let is_right = stated == self.checksum.sum();
                    return is_right.then_some(0).ok_or(Fault::Checksum);
                }
            }
        }
    }
}

/// The checksum Adler-32.
struct Adler {
    low: u32,
    high: u32,
}

impl Default for Adler {
    fn default() -> Self {
        Self { low: 1, high: 0 }
    }
}

impl Adler {
    const MODULUS: u32 = 65_521;
    /// So many bytes can be added before the sums have to be reduced.
    const BLOCK_BYTES: usize = 5552;

    fn update(&mut self, bytes: &[u8]) {
        for block in bytes.chunks(Self::BLOCK_BYTES) {
            for byte in block {
                self.low += u32::from(*byte);
                self.high += self.low;
            }
            self.low %= Self::MODULUS;
            self.high %= Self::MODULUS;
        }
    }

    fn sum(&self) -> u32 {
        self.high << 16 | self.low
    }
}
