//! Which rows of a chunk match.

use crate::store::Bitmap;

/// The matching rows of a chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mask {
    /// Every row.
    All,
    /// No row.
    None,
    /// The rows that are set: at least one, and not every one.
    Bits(Bitmap),
}

impl Mask {
    /// The mask of `bits`, normalized to [`Mask::All`] or [`Mask::None`].
    pub fn of(bits: Bitmap) -> Self {
        match bits.count() {
            0 => Self::None,
            count if count == bits.len() => Self::All,
            _ => Self::Bits(bits),
        }
    }

    /// How many of `rows` rows match.
    pub fn count(&self, rows: usize) -> usize {
        match self {
            Self::All => rows,
            Self::None => 0,
            Self::Bits(bits) => bits.count(),
        }
    }

    /// How many of `rows` rows are in exactly one of this mask and `other`.
    pub fn differing(&self, other: &Self, rows: usize) -> usize {
        match (self, other) {
            (Self::None, mask) | (mask, Self::None) => mask.count(rows),
            (Self::All, mask) | (mask, Self::All) => rows - mask.count(rows),
            (Self::Bits(a), Self::Bits(b)) => {
                let words = a.words().iter().zip(b.words());
                words.map(|(a, b)| (a ^ b).count_ones() as usize).sum()
            }
        }
    }

    /// Heap size in bytes.
    pub fn memory(&self) -> usize {
        match self {
            Self::All | Self::None => 0,
            Self::Bits(bits) => bits.memory(),
        }
    }

    /// Whether `row` matches.
    pub fn get(&self, row: usize) -> bool {
        match self {
            Self::All => true,
            Self::None => false,
            Self::Bits(bits) => bits.get(row),
        }
    }

    /// How many rows below `row` match.
    pub fn rank(&self, row: usize) -> usize {
        match self {
            Self::All => row,
            Self::None => 0,
            Self::Bits(bits) => bits.rank(row),
        }
    }

    /// The `n`-th matching row of `rows`, counted from 0.
    pub fn nth(&self, n: usize, rows: usize) -> Option<usize> {
        match self {
            Self::All => (n < rows).then_some(n),
            Self::None => None,
            Self::Bits(bits) => bits.nth(n),
        }
    }

    /// Calls `visit` with each matching row of `rows`, ascending.
    pub fn for_each(&self, rows: usize, mut visit: impl FnMut(usize)) {
        match self {
            Self::All => (0..rows).for_each(visit),
            Self::None => {}
            Self::Bits(bits) => {
                for row in bits.iter() {
                    visit(row);
                }
            }
        }
    }

    /// The rows of both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::None, _) | (_, Self::None) => Self::None,
            (Self::All, mask) | (mask, Self::All) => mask,
            (Self::Bits(mut a), Self::Bits(b)) => {
                a.and(&b);
                Self::of(a)
            }
        }
    }

    /// The rows of either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::All, _) | (_, Self::All) => Self::All,
            (Self::None, mask) | (mask, Self::None) => mask,
            (Self::Bits(mut a), Self::Bits(b)) => {
                a.or(&b);
                Self::of(a)
            }
        }
    }

    /// The rows that `other` does not have.
    #[must_use]
    pub fn and_not(self, other: &Self) -> Self {
        match (self, other) {
            (Self::None, _) | (_, Self::All) => Self::None,
            (mask, Self::None) => mask,
            (Self::All, Self::Bits(bits)) => Self::Bits(bits.clone()).inverted(),
            (Self::Bits(mut a), Self::Bits(b)) => {
                a.and_not(b);
                Self::of(a)
            }
        }
    }

    /// The rows that do not match.
    #[must_use]
    pub fn inverted(self) -> Self {
        match self {
            Self::All => Self::None,
            Self::None => Self::All,
            Self::Bits(mut bits) => {
                bits.invert();
                Self::Bits(bits)
            }
        }
    }
}
