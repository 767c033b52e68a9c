//! Arithmetic on eight bytes at once, in the registers of any machine: digits and addresses.
//!
//! Every function also says whether it knows what it was given; if not, the scalar parser decides. None of them
//! has a branch that depends on the text. Texts that are handed in are followed by [`PAD`] bytes that may hold
//! anything, so that a load near the end stays inside.

#[cfg(test)]
mod tests;

/// How many bytes must follow a text.
pub(crate) const PAD: usize = 64;

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;
/// A one in each of four lanes of 16 bits.
const LANES: u64 = 0x0001_0001_0001_0001;

/// The eight bytes at `at`, the first one lowest; 0, which is no text, beyond the end.
#[inline]
pub(crate) fn load8(text: &[u8], at: usize) -> u64 {
    chunk(text, at).map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

#[inline]
fn load4(text: &[u8], at: usize) -> u32 {
    chunk(text, at).map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

/// The `COUNT` bytes at `at`; none beyond the end. One comparison, unlike with `first_chunk`.
#[inline]
pub(super) fn chunk<const COUNT: usize>(text: &[u8], at: usize) -> Option<&[u8; COUNT]> {
    text.get(at..at.wrapping_add(COUNT))?.as_array()
}

/// Gathers the highest bit of each byte of `word` into eight bits; the other bits of `word` are 0.
#[inline]
fn gather(word: u64) -> u64 {
    (word >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// The digits of the `len` lowest bytes of `word`, from 1 to 8, as numbers that end up highest; the bytes below
/// are 0. And whether they are digits.
#[inline]
fn digits(word: u64, len: usize) -> (u64, bool) {
    let shift = 0usize.wrapping_sub(len.wrapping_mul(8)) & 63;
    let digits = (word ^ (ONES * 0x30)) << shift;
    let wrong = (digits | digits.wrapping_add(ONES * 0x76)) & HIGHS;
    (digits, wrong == 0)
}

/// The number of eight digits, the first one lowest.
#[inline]
fn number_of(digits: u64) -> u64 {
    four_digits(digits).wrapping_mul((10_000 << 32) + 1) >> 32
}

/// The least number of so many digits that has no needless zeros in front; more than there is for numbers of none, and of
/// more than eight digits.
const LEAST: [u32; 16] = {
    let mut least = [u32::MAX; 16];
    least[1] = 0;
    let (mut len, mut power) = (2, 10);
    while len <= 8 {
        least[len] = power;
        power *= 10;
        len += 1;
    }
    least
};

/// A number of one to eight digits without needless zeros in front, and whether it is that.
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    reason = "eight digits are below 2^32"
)]
pub(crate) fn eight_digits(text: &[u8], at: usize, len: usize) -> (u32, bool) {
    let (digits, are_digits) = digits(load8(text, at), len);
    let number = number_of(digits) as u32;
    let is_plain = number >= LEAST[len.min(LEAST.len() - 1)];
    (number, are_digits && is_plain)
}

/// A number of ten digits that is below 2³², and whether it is that.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "it has been compared")]
pub(crate) fn ten_digits(text: &[u8], at: usize, len: usize) -> (u32, bool) {
    const LEAST: u64 = 1_000_000_000;
    let Some(bytes) = chunk::<10>(text, at) else {
        return (0, false);
    };
    let (tens, ones) = (bytes[0].wrapping_sub(b'0'), bytes[1].wrapping_sub(b'0'));
    let (low, are_low) = digits(load8(bytes, 2), 8);
    let high = u64::from(tens) * 10 + u64::from(ones);
    let number = number_of(low).wrapping_add(high * 100_000_000);
    // As the second digit is below ten, a first one that is none makes the number too large or too small.
    let is_plain = number.wrapping_sub(LEAST) <= u64::from(u32::MAX) - LEAST;
    let is_known = are_low && ones < 10 && is_plain && len == 10;
    (number as u32, is_known)
}

/// The bits of the bytes of `word` that are a point.
#[inline]
fn points(word: u64) -> u64 {
    let other = word ^ (ONES * 0x2e);
    let not = ((other & !HIGHS) + !HIGHS) | other;
    gather(!not & HIGHS)
}

/// The 32 bits of an IPv4 address in its canonical form, and whether it is that.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the low half is wanted")]
pub(crate) fn ipv4(text: &[u8], at: usize, len: usize) -> (u32, bool) {
    let Some(word) = chunk::<24>(text, at) else {
        return (0, false);
    };
    let all = points(load8(word, 0)) | points(load8(word, 8)) << 8;
    // Fifteen characters are the most, so that a point beyond counts for none.
    let mask = all & ((1 << (len & 15)) - 1);
    let second = without_lowest(mask);
    let third = without_lowest(second);
    let has_three = third != 0 && without_lowest(third) == 0;
    let (a, b, c) = (place(mask), place(second), place(third));
    let part = |from: usize, to: usize| u64::from(part(word, from, to));
    let left = part(0, a) | part(a + 1, b) << 32;
    let right = part(b + 1, c) | part(c + 1, len) << 32;
    let wrong = left | left.wrapping_add(ONES * 0x76) | right | right.wrapping_add(ONES * 0x76);
    // Four lanes of 16 bits: the first, third, second and fourth number.
    let lanes = four_digits(left) | four_digits(right) << 16;
    // A number without needless zeros is as long as its value asks for, and no number can make up for another.
    let longer = ((lanes + LANES * (0x8000 - 10)) & (LANES << 15)) >> 15;
    let longest = ((lanes + LANES * (0x8000 - 100)) & (LANES << 15)) >> 15;
    let length = 4 + 3 + ((longer + longest).wrapping_mul(LANES) >> 48);
    let fits = lanes & (LANES * 0xff00) == 0 && length == len as u64 && len < 16;
    let bits = lanes << 24 | lanes >> 16 & 0x00ff_0000 | lanes >> 8 & 0xff00 | lanes >> 48;
    (bits as u32, has_three && wrong & HIGHS == 0 && fits)
}

/// The digits between two places as numbers that end up highest, where there are at most four.
#[inline]
fn part(word: &[u8; 24], from: usize, to: usize) -> u32 {
    let shift = 0usize.wrapping_sub(to.wrapping_sub(from).wrapping_mul(8)) & 31;
    (load4(word, from & 15) ^ 0x3030_3030) << shift
}

/// In each half of `digits` the number of its four digits.
#[inline]
fn four_digits(digits: u64) -> u64 {
    let pairs = (digits.wrapping_mul(10 * 256 + 1) >> 8) & 0x00ff_00ff_00ff_00ff;
    (pairs.wrapping_mul(100 * 65_536 + 1) >> 16) & 0x0000_ffff_0000_ffff
}

#[inline]
fn without_lowest(mask: u64) -> u64 {
    mask & mask.wrapping_sub(1)
}

#[inline]
fn place(mask: u64) -> usize {
    mask.trailing_zeros() as usize
}

/// A number of up to three digits that is at most 255, without needless zeros in front; and whether it is that.
#[inline]
pub(crate) fn octet(text: &[u8], at: usize, len: usize) -> (u32, bool) {
    // The smallest digits, highest first, that a number of this length may have: no zeros in front.
    const SMALLEST: [u32; 4] = [u32::MAX, 0, 0x0100, 0x0001_0000];
    let len = len.min(4) & 3;
    let shift = 0usize.wrapping_sub(len.wrapping_mul(8)) & 31;
    let digits = (load4(text, at) ^ 0x3030_3030) << shift;
    let wrong = (digits | digits.wrapping_add(0x7676_7676)) & 0x8080_8080;
    let highest_first = digits.swap_bytes();
    let fits = highest_first >= SMALLEST[len] && highest_first <= 0x0002_0505;
    let number = digits.wrapping_mul(1 + (10 << 8) + (100 << 16)) >> 24;
    (number, wrong == 0 && fits)
}

/// A number of any length without needless zeros in front.
pub(crate) fn number(word: &[u8]) -> Option<u64> {
    let is_plain = word.len() == 1 || !word.starts_with(b"0");
    if !is_plain || !word.iter().all(u8::is_ascii_digit) {
        return None;
    }
    str::from_utf8(word).ok()?.parse().ok()
}
