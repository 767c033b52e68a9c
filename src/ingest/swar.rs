//! Arithmetic on eight bytes at once, in the registers of any machine: separators, digits, addresses.
//!
//! Every function says `None` to what it does not know; the plain parser then decides. Texts that are handed in
//! are followed by [`PAD`] bytes that may hold anything, so that a load near the end stays inside.

/// How many bytes must follow a text.
pub(super) const PAD: usize = 64;

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// The eight bytes at `at`, the first one lowest; 0, which is no text, beyond the end.
#[inline]
pub(super) fn load8(text: &[u8], at: usize) -> u64 {
    match text.get(at..).and_then(<[u8]>::first_chunk) {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => 0,
    }
}

#[inline]
fn load4(text: &[u8], at: usize) -> u32 {
    match text.get(at..).and_then(<[u8]>::first_chunk) {
        Some(bytes) => u32::from_le_bytes(*bytes),
        None => 0,
    }
}

/// Gathers the highest bit of each byte of `word` into eight bits; the other bits of `word` are 0.
#[inline]
fn gather(word: u64) -> u64 {
    (word >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// One bit for each of 64 bytes: set where the byte is a space or a control character.
#[inline]
pub(super) fn gaps(block: &[u8; 64]) -> u64 {
    let (words, _) = block.as_chunks::<8>();
    words.iter().rev().fold(0, |mask, eight| {
        let word = u64::from_le_bytes(*eight);
        // 0x5f lifts every byte above 0x20 to the high bit; bytes that have it already are no gaps either.
        let not = ((word & !HIGHS) + ONES * 0x5f) | word;
        mask << 8 | gather(!not & HIGHS)
    })
}

/// Whether 64 bytes hold anything but printable ASCII and line ends.
#[inline]
pub(super) fn is_odd(block: &[u8; 64]) -> bool {
    let mut odd = 0u8;
    for byte in block {
        odd |= u8::from(*byte < b' ' && *byte != b'\n') | (byte >> 7);
    }
    odd != 0
}

/// How many of 64 bytes are line ends.
#[inline]
pub(super) fn line_ends(block: &[u8; 64]) -> u32 {
    block
        .iter()
        .map(|byte| u8::from(*byte == b'\n'))
        .fold(0, u8::wrapping_add)
        .into()
}

/// Every byte of `word` less 48, where all of the `len` lowest bytes are digits; they end up highest.
#[inline]
fn digits8(word: u64, len: usize) -> Option<u64> {
    let shift = 64 - 8 * len;
    let digits = (word << shift) ^ ((ONES * 0x30) << shift);
    let wrong = (digits | digits.wrapping_add(ONES * 0x76)) & HIGHS;
    (wrong == 0).then_some(digits)
}

/// The number of eight digits, the first one lowest.
#[inline]
fn number8(digits: u64) -> u64 {
    let pairs = (digits.wrapping_mul(10 * 256 + 1) >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(100 * 65_536 + 1) >> 16) & 0x0000_ffff_0000_ffff;
    fours.wrapping_mul((10_000 << 32) + 1) >> 32
}

/// A number of at most 16 digits without needless zeros in front.
#[inline]
pub(super) fn number(text: &[u8], at: usize, len: usize) -> Option<u64> {
    let first = load8(text, at);
    if len.wrapping_sub(1) < 8 {
        if first & 0xff == 0x30 && len > 1 {
            return None;
        }
        return digits8(first, len).map(number8);
    }
    if len.wrapping_sub(9) < 8 && first & 0xff != 0x30 {
        let high = digits8(first, len - 8)?;
        let low = digits8(load8(text, at + len - 8), 8)?;
        return Some(
            number8(high)
                .wrapping_mul(100_000_000)
                .wrapping_add(number8(low)),
        );
    }
    None
}

/// The bits of the bytes of `word` that are a point.
#[inline]
fn points(word: u64) -> u64 {
    let other = word ^ (ONES * 0x2e);
    let not = ((other & !HIGHS) + !HIGHS) | other;
    gather(!not & HIGHS)
}

/// The 32 bits of an IPv4 address in its canonical form.
#[inline]
pub(super) fn ipv4(text: &[u8], at: usize, len: usize) -> Option<u32> {
    if len.wrapping_sub(7) > 8 {
        return None;
    }
    let all = points(load8(text, at)) | points(load8(text, at + 8)) << 8;
    let mask = all & ((1 << len) - 1);
    let (two, three) = (mask & mask.wrapping_sub(1), drop_lowest(drop_lowest(mask)));
    if three == 0 || drop_lowest(three) != 0 {
        return None;
    }
    let (a, b, c) = (place(mask), place(two), place(three));
    let parts = [
        octet(text, at, a)?,
        octet(text, at + a + 1, b - a - 1)?,
        octet(text, at + b + 1, c - b - 1)?,
        octet(text, at + c + 1, len - c - 1)?,
    ];
    Some(u32::from_be_bytes(parts))
}

#[inline]
fn drop_lowest(mask: u64) -> u64 {
    mask & mask.wrapping_sub(1)
}

#[inline]
fn place(mask: u64) -> usize {
    mask.trailing_zeros() as usize
}

/// A number of up to three digits that is at most 255.
#[inline]
fn octet(text: &[u8], at: usize, len: usize) -> Option<u8> {
    // The smallest three digits, highest first, that a number of this length may have: no zeros in front.
    const SMALLEST: [u32; 4] = [0, 0, 0x0100, 0x0001_0000];
    if len.wrapping_sub(1) > 2 {
        return None;
    }
    let shift = 32 - 8 * len;
    let digits = (load4(text, at) << shift) ^ (0x3030_3030 << shift);
    let wrong = (digits | digits.wrapping_add(0x7676_7676)) & 0x8080_8080;
    let highest_first = digits.swap_bytes();
    if wrong != 0 || highest_first < SMALLEST[len & 3] || highest_first > 0x0002_0505 {
        return None;
    }
    Some((digits.wrapping_mul(1 + (10 << 8) + (100 << 16)) >> 24) as u8)
}

/// The lowest `len` bytes of `word`, the others 0.
#[inline]
pub(super) fn lowest(word: u64, len: usize) -> u64 {
    match len {
        0 => 0,
        1..8 => word & ((1 << (8 * len)) - 1),
        _ => word,
    }
}
