//! A column that is still growing: 32 bits a row, and on the side what does not fit into them.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use crate::schema::{Address, FieldId, Storage};
use crate::store::{Addresses, Bitmap, Column, Integers, Values, Wide};

/// One field of the chunk that is being built.
#[derive(Debug)]
pub(crate) struct ColumnBuilder {
    /// Which field.
    pub(crate) field: FieldId,
    /// Numbers, codes, bits of IPv4 addresses, or indexes of wide addresses. A row without a value repeats
    /// the row before it, so that it changes neither the least nor the greatest value.
    pub(crate) values: Vec<u32>,
    /// The rows without a value.
    pub(crate) absent: Vec<u32>,
    /// The numbers that have more than 32 bits, and their rows.
    large: Vec<(u32, u64)>,
    wide: WideStaged,
    /// The least and the greatest of the first `measured` values.
    range: (u32, u32),
    measured: usize,
}

/// The range of no values.
const NO_RANGE: (u32, u32) = (u32::MAX, 0);

#[derive(Debug, Default)]
struct WideStaged {
    rows: Vec<u32>,
    addresses: Vec<Address>,
    /// Where an address is in the list, by its text.
    index: HashMap<Box<[u8]>, u32, foldhash::fast::RandomState>,
}

impl ColumnBuilder {
    /// A column of `rows` rows without a value.
    pub(crate) fn new(field: FieldId, rows: usize) -> Self {
        let mut staged = Self {
            field,
            values: Vec::new(),
            absent: Vec::new(),
            large: Vec::new(),
            wide: WideStaged::default(),
            range: NO_RANGE,
            measured: 0,
        };
        staged.pad(rows);
        staged
    }

    #[expect(clippy::cast_possible_truncation, reason = "a chunk has 65,536 rows")]
    fn next_row(&self) -> u32 {
        self.values.len() as u32
    }

    /// What stands for the values of the rows from `first` on that have one.
    pub(crate) fn present(&self, first: usize) -> impl Iterator<Item = u32> {
        let rows = (0..).zip(&self.values).skip(first);
        let rows = rows.filter(|(row, _)| self.absent.binary_search(row).is_err());
        rows.map(|(_, value)| *value)
    }

    /// Adds rows without a value until there are `rows`.
    pub(crate) fn pad(&mut self, rows: usize) {
        while self.values.len() < rows {
            self.push_absent();
        }
    }

    /// Adds a row without a value.
    pub(crate) fn push_absent(&mut self) {
        self.absent.push(self.next_row());
        self.values.push(self.values.last().copied().unwrap_or(0));
    }

    pub(crate) fn push_number(&mut self, number: u64) {
        let narrow = self.narrow(self.next_row(), number);
        self.values.push(narrow);
    }

    /// What stands for `number` of row `row` among the values.
    pub(crate) fn narrow(&mut self, row: u32, number: u64) -> u32 {
        u32::try_from(number).unwrap_or_else(|_| {
            self.large.push((row, number));
            0
        })
    }

    /// Adds an address, of which `text` is the canonical form.
    pub(crate) fn push_address(&mut self, address: Address) {
        let value = match address {
            Address::V4(v4) => v4.into(),
            Address::V6(_) | Address::Mac(_) => {
                let text = address.to_string();
                self.wide(self.next_row(), text.as_bytes(), || Some(address))
                    .unwrap_or(0)
            }
        };
        self.values.push(value);
    }

    /// What stands for a wide address of row `row`, whose canonical form is `text`. `read` is asked for an
    /// address that is not in the list yet.
    pub(crate) fn wide(
        &mut self,
        row: u32,
        text: &[u8],
        read: impl FnOnce() -> Option<Address>,
    ) -> Option<u32> {
        let index = if let Some(index) = self.wide.index.get(text) {
            *index
        } else {
            let address = read()?;
            let index = u32::try_from(self.wide.addresses.len()).ok()?;
            self.wide.addresses.push(address);
            self.wide.index.insert(text.into(), index);
            index
        };
        self.wide.rows.push(row);
        Some(index)
    }

    /// Takes back the rows from `rows` on, none of which has been measured.
    pub(crate) fn truncate(&mut self, rows: usize) {
        debug_assert!(rows >= self.measured, "the range cannot shrink");
        let below = |row: &u32| (*row as usize) < rows;
        self.values.truncate(rows);
        self.absent.truncate(self.absent.partition_point(below));
        self.wide
            .rows
            .truncate(self.wide.rows.partition_point(below));
        let large = self.large.partition_point(|(row, _)| below(row));
        self.large.truncate(large);
    }

    /// Extends the range to the values so far, while they are still in the L1 cache. `truncate` must not go below `measured`
    /// afterwards.
    pub(crate) fn measure(&mut self) {
        self.range = range(&self.values[self.measured..], self.range);
        self.measured = self.values.len();
    }

    /// The finished column, none where no row has a value. The staged one is empty after that.
    pub(crate) fn finish(&mut self) -> Option<Column> {
        let rows = self.values.len();
        let column = (self.absent.len() < rows).then(|| self.column());
        self.values.clear();
        self.absent.clear();
        self.large.clear();
        self.wide.rows.clear();
        self.wide.addresses.clear();
        self.wide.index.clear();
        self.range = NO_RANGE;
        self.measured = 0;
        column
    }

    fn column(&mut self) -> Column {
        let rows = self.values.len();
        let absent = (!self.absent.is_empty()).then(|| bitmap(rows, &self.absent));
        if let Some(absent) = &absent {
            let first = (0..rows).find(|row| !absent.get(*row)).unwrap_or(0);
            let value = self.values[first];
            self.values[..first].fill(value);
            if first > 0 {
                (self.range, self.measured) = (NO_RANGE, 0);
            }
        }
        let (integers, range) = if self.large.is_empty() {
            self.measure();
            let (min, max) = self.range;
            let integers = Integers::pack_narrow(&self.values, min, max);
            (integers, Some((min.into(), max.into())))
        } else {
            self.large_integers(absent.as_ref())
        };
        let (values, range) = match self.field.storage() {
            Storage::Number => (Values::Numbers(integers), range),
            Storage::Word => (Values::Words(integers), range),
            Storage::Address if self.wide.rows.is_empty() => {
                let narrow = integers;
                (Values::Addresses(Addresses { narrow, wide: None }), range)
            }
            Storage::Address => self.wide_addresses(integers, absent.as_ref()),
        };
        let present = absent.map(|mut absent| {
            absent.invert();
            absent
        });
        Column {
            values,
            present,
            range,
        }
    }

    fn large_integers(&self, absent: Option<&Bitmap>) -> (Integers, Option<(u64, u64)>) {
        let mut values: Vec<u64> = self.values.iter().map(|value| u64::from(*value)).collect();
        for (row, number) in &self.large {
            values[*row as usize] = *number;
        }
        let present = |row: &usize| absent.is_none_or(|absent| !absent.get(*row));
        let numbers = || (0..values.len()).filter(present).map(|row| values[row]);
        let min = numbers().min().unwrap_or(0);
        let max = numbers().max().unwrap_or(0);
        (Integers::pack(&values, min, max), Some((min, max)))
    }

    /// The range is that of the IPv4 addresses alone.
    fn wide_addresses(
        &self,
        narrow: Integers,
        absent: Option<&Bitmap>,
    ) -> (Values, Option<(u64, u64)>) {
        let rows = bitmap(self.values.len(), &self.wide.rows);
        let is_v4 = |row: &usize| !rows.get(*row) && absent.is_none_or(|absent| !absent.get(*row));
        let v4 = || {
            let values = (0..self.values.len())
                .filter(is_v4)
                .map(|row| self.values[row]);
            values.map(u64::from)
        };
        let range = v4().min().zip(v4().max());
        let wide = Some(Wide {
            rows,
            addresses: self.wide.addresses.as_slice().into(),
        });
        (Values::Addresses(Addresses { narrow, wide }), range)
    }
}

/// The least and the greatest of `values` and those before them.
fn range(values: &[u32], before: (u32, u32)) -> (u32, u32) {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx2) = fearless_simd::Level::new().as_avx2() {
        return range_avx2(avx2, values, before);
    }
    wider(values, before)
}

#[cfg(target_arch = "x86_64")]
fearless_simd::kernel!(
    /// As [`range`].
    fn range_avx2(avx2: Avx2, values: &[u32], before: (u32, u32)) -> (u32, u32) {
        wider(values, before)
    }
);

/// As [`range`].
#[expect(
    clippy::inline_always,
    reason = "it is compiled for the instructions of its caller"
)]
#[inline(always)]
fn wider(values: &[u32], before: (u32, u32)) -> (u32, u32) {
    values.iter().fold(before, |(min, max), value| {
        (min.min(*value), max.max(*value))
    })
}

fn bitmap(len: usize, rows: &[u32]) -> Bitmap {
    let mut map = Bitmap::none(len);
    for row in rows {
        map.set(*row as usize);
    }
    map
}
