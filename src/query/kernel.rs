//! The inner loops: which numbers of a column are in some ranges.
//!
//! Sixty-four numbers at a time are compared into sixty-four bytes, a loop that the compiler vectorizes, and the
//! bytes are packed into a word with one multiplication for each eight. A loop that shifts one bit at a time is
//! several times slower on narrow columns. Ranges are converted to offsets of the column once, so that the loops
//! never add the base.

pub(super) mod line;
pub(super) mod row;
#[cfg(test)]
mod tests;

use crate::query::mask::Mask;
use crate::query::ranges::Ranges;
use crate::store::{Bitmap, Integers};

/// More ranges are looked up in a table or by binary search.
const MAX_COMPARED_RANGES: usize = 8;

/// The rows whose number is in `ranges`. Bits of rows without a value are unspecified.
pub(super) fn within(integers: &Integers, ranges: &Ranges, rows: usize) -> Mask {
    match integers {
        Integers::Constant(value) => everywhere(ranges.contains((*value).into())),
        Integers::Bits { base, bits } => {
            let base = u128::from(*base);
            match (ranges.contains(base), ranges.contains(base + 1)) {
                (true, true) => Mask::All,
                (false, false) => Mask::None,
                (false, true) => Mask::Bits(bits.clone()),
                (true, false) => {
                    let mut bits = bits.clone();
                    bits.invert();
                    Mask::Bits(bits)
                }
            }
        }
        Integers::U8 { base, offsets } => scan(offsets, *base, ranges, rows),
        Integers::U16 { base, offsets } => scan(offsets, *base, ranges, rows),
        Integers::U32 { base, offsets } => scan(offsets, *base, ranges, rows),
        Integers::U64(values) => scan(values, 0, ranges, rows),
    }
}

/// The rows whose number passes `test`. Bits of rows without a value are unspecified.
pub(super) fn passing(integers: &Integers, rows: usize, test: impl Fn(u64) -> bool + Copy) -> Mask {
    match integers {
        Integers::Constant(value) => everywhere(test(*value)),
        Integers::Bits { .. } => {
            let words = blocks(rows, |row| test(integers.get(row)));
            Mask::of(Bitmap::from_words(words, rows))
        }
        Integers::U8 { base, offsets } => each(offsets, |v| test(base.wrapping_add(v.into()))),
        Integers::U16 { base, offsets } => each(offsets, |v| test(base.wrapping_add(v.into()))),
        Integers::U32 { base, offsets } => each(offsets, |v| test(base.wrapping_add(v.into()))),
        Integers::U64(values) => each(values, test),
    }
}

/// The indices at which the values of two lists pass `test`.
pub(super) fn pairs(left: &[u64], right: &[u64], test: impl Fn(u64, u64) -> bool) -> Mask {
    let rows = left.len().min(right.len());
    let words = blocks(rows, |row| test(left[row], right[row]));
    Mask::of(Bitmap::from_words(words, rows))
}

/// The indices of `values` that are in `ranges`.
pub(super) fn listed(values: &[u64], ranges: &Ranges) -> Mask {
    scan(values, 0, ranges, values.len())
}

fn everywhere(holds: bool) -> Mask {
    if holds { Mask::All } else { Mask::None }
}

fn blocks(rows: usize, test: impl Fn(usize) -> bool) -> Vec<u64> {
    let word = |first: usize| {
        let bits = 64.min(rows - first);
        (0..bits).fold(0, |word, bit| word | u64::from(test(first + bit)) << bit)
    };
    (0..rows).step_by(64).map(word).collect()
}

fn each<T: Lane>(values: &[T], test: impl Fn(T) -> bool + Copy) -> Mask {
    Mask::of(Bitmap::from_words(compare(values, test), values.len()))
}

/// The offset of a column: an unsigned integer of 8 to 64 bits.
trait Lane: Copy + Ord + TryFrom<u128> + Into<u64> {
    const MAX: Self;
    /// Whether a table with an entry for each value is small enough.
    const TABLE: bool;

    /// The difference to `from`; wraps where this is less.
    fn beyond(self, from: Self) -> Self;
}

macro_rules! lane {
    ($($integer:ty: $table:literal),*) => {
        $(impl Lane for $integer {
            const MAX: Self = Self::MAX;
            const TABLE: bool = $table;

            fn beyond(self, from: Self) -> Self {
                self.wrapping_sub(from)
            }
        })*
    };
}

lane!(u8: true, u16: true, u32: false, u64: false);

fn scan<T: Lane>(values: &[T], base: u64, ranges: &Ranges, rows: usize) -> Mask {
    debug_assert_eq!(values.len(), rows);
    let most: u64 = T::MAX.into();
    let base = u128::from(base);
    let offset = |number: u128| T::try_from(number.saturating_sub(base)).unwrap_or(T::MAX);
    let clipped: Vec<(T, T)> = ranges
        .as_slice()
        .iter()
        .filter(|(from, to)| *to >= base && *from <= base + u128::from(most))
        .map(|(from, to)| (offset(*from), offset(*to)))
        .collect();
    let words = match clipped.as_slice() {
        [] => return Mask::None,
        [(from, to)] if from == to => {
            let value = *from;
            compare(values, |v| v == value)
        }
        [(from, to)] => {
            // One comparison instead of two: values below `from` wrap to the far end.
            let (from, span) = (*from, to.beyond(*from));
            compare(values, |v| v.beyond(from) <= span)
        }
        few if few.len() <= MAX_COMPARED_RANGES => compare_few(values, few),
        many if T::TABLE => {
            let mut table = vec![false; usize::try_from(most).map_or(0, |most| most + 1)];
            for (from, to) in many {
                table[index(*from)..=index(*to)].fill(true);
            }
            compare(values, |v| table[index(v)])
        }
        many => compare(values, |v| {
            let at = many.partition_point(|(_, to)| *to < v);
            many.get(at).is_some_and(|(from, _)| *from <= v)
        }),
    };
    Mask::of(Bitmap::from_words(words, rows))
}

fn index<T: Lane>(value: T) -> usize {
    usize::try_from(value.into()).unwrap_or(usize::MAX)
}

fn compare<T: Lane>(values: &[T], test: impl Fn(T) -> bool) -> Vec<u64> {
    words(values, |block| {
        let mut bytes = [0; 64];
        for (byte, value) in bytes.iter_mut().zip(block) {
            *byte = u8::from(test(*value));
        }
        pack(&bytes)
    })
}

fn compare_few<T: Lane>(values: &[T], ranges: &[(T, T)]) -> Vec<u64> {
    words(values, |block| {
        let mut bytes = [0; 64];
        for (from, to) in ranges {
            let (from, span) = (*from, to.beyond(*from));
            for (byte, value) in bytes.iter_mut().zip(block) {
                *byte |= u8::from(value.beyond(from) <= span);
            }
        }
        pack(&bytes)
    })
}

/// A word for each 64 values; bits after the last value are unspecified.
fn words<T: Lane>(values: &[T], word: impl Fn(&[T; 64]) -> u64) -> Vec<u64> {
    let (blocks, rest) = values.as_chunks::<64>();
    let mut words = Vec::with_capacity(values.len().div_ceil(64));
    words.extend(blocks.iter().map(&word));
    if !rest.is_empty() {
        let mut block = [T::MAX; 64];
        for (value, given) in block.iter_mut().zip(rest) {
            *value = *given;
        }
        words.push(word(&block));
    }
    words
}

/// Sixty-four bytes of 0 or 1 as the bits of a word, the first byte lowest.
fn pack(bytes: &[u8; 64]) -> u64 {
    /// Moves the lowest bit of byte `n` to bit `56 + n`.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let (eights, _) = bytes.as_chunks::<8>();
    let mut word = 0;
    for (n, eight) in eights.iter().enumerate() {
        let bits = u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56;
        word |= bits << (8 * n);
    }
    word
}
