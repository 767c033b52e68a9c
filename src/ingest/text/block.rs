//! Marks the separators in blocks of 64 bytes, in the registers of any machine.

#[cfg(test)]
mod tests;

/// The spaces and control characters of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Gaps {
    /// One bit for each byte, the first one lowest.
    pub(crate) mask: u64,
    /// How many bits are set.
    pub(crate) count: usize,
}

/// What blocks that follow one another hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    /// How many line ends there are.
    pub(crate) line_ends: usize,
    /// Whether there is anything but line ends and ASCII from 0x20 on.
    pub(crate) is_irregular: bool,
}

impl Marks {
    /// The gaps of the next block.
    #[inline]
    pub(crate) fn gaps(&mut self, block: &[u8; 64]) -> Gaps {
        self.is_irregular |= is_irregular(block);
        self.line_ends += line_ends(block);
        let mask = gaps(block);
        Gaps {
            mask,
            count: mask.count_ones() as usize,
        }
    }
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// One bit for each of 64 bytes: set where the byte is a space or a control character.
#[inline]
fn gaps(block: &[u8; 64]) -> u64 {
    let (words, _) = block.as_chunks::<8>();
    let mut columns = 0;
    for (index, eight) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*eight);
        // 0x5f lifts every byte above 0x20 to the high bit; bytes that have it already are no gaps either.
        let is_word = (((word & !HIGHS) + ONES * 0x5f) | word) & HIGHS;
        columns |= is_word >> (7 - index);
    }
    !transpose(columns)
}

/// Makes bit `j` of byte `i` bit `i` of byte `j`.
#[inline]
fn transpose(mut bits: u64) -> u64 {
    for (distance, mask) in [
        (7, 0x00aa_00aa_00aa_00aa),
        (14, 0x0000_cccc_0000_cccc),
        (28, 0x0000_0000_f0f0_f0f0),
    ] {
        let swapped = (bits ^ (bits >> distance)) & mask;
        bits ^= swapped ^ (swapped << distance);
    }
    bits
}

/// Whether 64 bytes hold anything but line ends and ASCII from 0x20 on.
#[inline]
fn is_irregular(block: &[u8; 64]) -> bool {
    let mut irregular = 0u8;
    for byte in block {
        irregular |= u8::from(*byte < b' ' && *byte != b'\n') | (byte >> 7);
    }
    irregular != 0
}

/// How many of 64 bytes are line ends.
#[inline]
fn line_ends(block: &[u8; 64]) -> usize {
    block
        .iter()
        .map(|byte| u8::from(*byte == b'\n'))
        .fold(0, u8::wrapping_add)
        .into()
}
