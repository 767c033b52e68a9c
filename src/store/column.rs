//! One field of one chunk, in the narrowest representation that its values allow.

use std::net::Ipv4Addr;

use super::bitmap::Bitmap;
use crate::schema::Address;

/// Whole numbers, one a row: numbers as they are, words as the codes of their dictionary, IPv4 addresses as
/// their 32 bits. A row whose value is missing holds an arbitrary number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Integers {
    /// Every row has this value.
    Constant(u64),
    /// `base` where the bit is 0, `base + 1` where it is 1.
    Bits {
        /// The smaller of the two values.
        base: u64,
        /// Which rows have the larger.
        bits: Bitmap,
    },
    /// `base` plus a byte.
    U8 {
        /// The smallest value.
        base: u64,
        /// Added to `base`, one per row.
        offsets: Box<[u8]>,
    },
    /// `base` plus 16 bits.
    U16 {
        /// The smallest value.
        base: u64,
        /// Added to `base`, one per row.
        offsets: Box<[u16]>,
    },
    /// `base` plus 32 bits.
    U32 {
        /// The smallest value.
        base: u64,
        /// Added to `base`, one per row.
        offsets: Box<[u32]>,
    },
    /// The values themselves.
    U64(Box<[u64]>),
}

/// Addresses, one per row. IPv4 addresses are in the narrow column, the others in a table beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// The 32 bits of an IPv4 address; where the row is wide, an index into the wide addresses.
    pub narrow: Integers,
    /// The addresses that are not IPv4, if there are any.
    pub wide: Option<Wide>,
}

/// The IPv6 and MAC addresses of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wide {
    /// Which rows they are.
    pub rows: Bitmap,
    /// The distinct addresses, in the order of their first rows.
    pub addresses: Box<[Address]>,
}

/// The values of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values {
    /// Numbers as they are.
    Numbers(Integers),
    /// Codes of the field's dictionary.
    Words(Integers),
    /// IPv4, IPv6 and MAC addresses.
    Addresses(Addresses),
}

/// One field of one chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// One value per row; arbitrary for rows without one.
    pub values: Values,
    /// Which rows have a value; none if all have.
    pub present: Option<Bitmap>,
    /// The smallest and largest integer among the rows that have a value: numbers, word codes, or the 32 bits
    /// of IPv4 addresses. None where there is no such row.
    pub range: Option<(u64, u64)>,
}

impl Integers {
    /// The narrowest representation of `values` in `min..=max`; others, of rows without a value, become `min`.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the range has been measured"
    )]
    pub fn pack(values: &[u64], min: u64, max: u64) -> Self {
        let offset = |v: &u64| if *v > max { 0 } else { v.saturating_sub(min) };
        match max - min {
            0 => Self::Constant(min),
            1 => Self::Bits {
                base: min,
                bits: Bitmap::from_fn(values.len(), |row| offset(&values[row]) == 1),
            },
            2..=0xff => Self::U8 {
                base: min,
                offsets: values.iter().map(|v| offset(v) as u8).collect(),
            },
            0x100..=0xffff => Self::U16 {
                base: min,
                offsets: values.iter().map(|v| offset(v) as u16).collect(),
            },
            0x1_0000..=0xffff_ffff => Self::U32 {
                base: min,
                offsets: values.iter().map(|v| offset(v) as u32).collect(),
            },
            _ => Self::U64(values.into()),
        }
    }

    /// As [`Integers::pack`], from values of 32 bits, every one of which lies in `min..=max`.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the range has been measured"
    )]
    pub fn pack_narrow(values: &[u32], min: u32, max: u32) -> Self {
        let base = u64::from(min);
        match max - min {
            0 => Self::Constant(base),
            1 => Self::Bits {
                base,
                bits: Bitmap::from_words(
                    values
                        .chunks(64)
                        .map(|rows| equal_bits(rows, max))
                        .collect(),
                    values.len(),
                ),
            },
            2..=0xff => Self::U8 {
                base,
                offsets: values.iter().map(|v| v.wrapping_sub(min) as u8).collect(),
            },
            0x100..=0xffff => Self::U16 {
                base,
                offsets: values.iter().map(|v| v.wrapping_sub(min) as u16).collect(),
            },
            0x1_0000..=u32::MAX => Self::U32 {
                base,
                offsets: values.iter().map(|v| v.wrapping_sub(min)).collect(),
            },
        }
    }

    /// The value of `row`.
    ///
    /// # Panics
    ///
    /// When `row` is not in the chunk.
    #[inline]
    pub fn get(&self, row: usize) -> u64 {
        match self {
            Self::Constant(value) => *value,
            Self::Bits { base, bits } => base + u64::from(bits.get(row)),
            Self::U8 { base, offsets } => base + u64::from(offsets[row]),
            Self::U16 { base, offsets } => base + u64::from(offsets[row]),
            Self::U32 { base, offsets } => base + u64::from(offsets[row]),
            Self::U64(values) => values[row],
        }
    }

    /// Calls `visit` with the value of each row, in order. Matches on the representation only once.
    pub fn for_each(&self, rows: usize, mut visit: impl FnMut(usize, u64)) {
        match self {
            Self::Constant(value) => (0..rows).for_each(|row| visit(row, *value)),
            Self::Bits { base, bits } => {
                (0..rows).for_each(|row| visit(row, base + u64::from(bits.get(row))));
            }
            Self::U8 { base, offsets } => each(offsets, |row, v| visit(row, base + u64::from(v))),
            Self::U16 { base, offsets } => each(offsets, |row, v| visit(row, base + u64::from(v))),
            Self::U32 { base, offsets } => each(offsets, |row, v| visit(row, base + u64::from(v))),
            Self::U64(values) => each(values, visit),
        }
    }

    /// Heap size in bytes.
    pub fn memory(&self) -> usize {
        match self {
            Self::Constant(_) => 0,
            Self::Bits { bits, .. } => bits.memory(),
            Self::U8 { offsets, .. } => offsets.len(),
            Self::U16 { offsets, .. } => offsets.len() * 2,
            Self::U32 { offsets, .. } => offsets.len() * 4,
            Self::U64(values) => values.len() * 8,
        }
    }
}

/// A bit for each of at most 64 values, set where it is `wanted`.
///
/// Bytes of 0 and 1 first, which the compiler compares many at a time, then eight bytes at once into eight bits.
fn equal_bits(values: &[u32], wanted: u32) -> u64 {
    let mut bytes = [0; 64];
    for (byte, value) in bytes.iter_mut().zip(values) {
        *byte = u8::from(*value == wanted);
    }
    let (words, _) = bytes.as_chunks::<8>();
    words.iter().rev().fold(0, |bits, eight| {
        let packed = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        bits << 8 | packed
    })
}

fn each<T: Copy>(values: &[T], mut visit: impl FnMut(usize, T)) {
    for (row, value) in values.iter().enumerate() {
        visit(row, *value);
    }
}

impl Addresses {
    /// The address of `row`.
    ///
    /// # Panics
    ///
    /// When `row` is not in the chunk.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the narrow column holds 32 bits"
    )]
    pub fn get(&self, row: usize) -> Address {
        let narrow = self.narrow.get(row);
        match &self.wide {
            Some(wide) if wide.rows.get(row) => wide.addresses[narrow as usize],
            _ => Address::V4(Ipv4Addr::from(narrow as u32)),
        }
    }

    /// Heap size in bytes.
    pub fn memory(&self) -> usize {
        let wide = self.wide.as_ref().map_or(0, |wide| {
            wide.rows.memory() + wide.addresses.len() * size_of::<Address>()
        });
        self.narrow.memory() + wide
    }
}

impl Column {
    /// Whether `row` has a value.
    #[inline]
    pub fn is_present(&self, row: usize) -> bool {
        self.present.as_ref().is_none_or(|present| present.get(row))
    }

    /// The integers of a number or word column, and the narrow part of an address column.
    pub fn integers(&self) -> &Integers {
        match &self.values {
            Values::Numbers(integers) | Values::Words(integers) => integers,
            Values::Addresses(addresses) => &addresses.narrow,
        }
    }

    /// The addresses that are not IPv4, if there are any.
    pub(crate) fn wide(&self) -> Option<&Wide> {
        match &self.values {
            Values::Addresses(addresses) => addresses.wide.as_ref(),
            Values::Numbers(_) | Values::Words(_) => None,
        }
    }

    /// The number or word code of `row`, if it has a value.
    #[inline]
    pub fn integer(&self, row: usize) -> Option<u64> {
        self.is_present(row).then(|| self.integers().get(row))
    }

    /// Heap size in bytes.
    pub fn memory(&self) -> usize {
        let values = match &self.values {
            Values::Numbers(integers) | Values::Words(integers) => integers.memory(),
            Values::Addresses(addresses) => addresses.memory(),
        };
        values + self.present.as_ref().map_or(0, Bitmap::memory)
    }
}
