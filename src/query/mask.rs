//! Which rows of a chunk match.

use crate::store::Bitmap;

/// Which rows of a chunk match; all and none cost nothing.
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
    /// The mask of `bits`, as [`Mask::All`] or [`Mask::None`] where that is what it is.
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
}
