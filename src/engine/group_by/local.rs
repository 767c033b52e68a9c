//! The values of a chunk as small numbers, and their combinations as cells.

use super::codes::{FieldCodes, MISSING, Unit};
use super::layout::KeyLayout;
use super::reader::FieldReader;
use super::table::Packed;
use crate::analysis::{Rows, value_index};
use crate::store::{Chunk, Column, IndexedValue, Integers, ValueIndex};

/// The values of one field in a chunk, as numbers from 0 on.
#[derive(Clone, Debug)]
pub(super) enum Local<'a> {
    /// Codes less this, and 0 for the missing value.
    Codes { base: u64 },
    /// The same, straight from the column.
    Column {
        base: u64,
        column: &'a Column,
        /// The number of each offset of the column; empty if numbers are worked out.
        by_offset: Vec<u32>,
    },
    /// The places of the index, and the code of each.
    Index {
        index: &'a ValueIndex,
        codes: Vec<u64>,
    },
}

/// One field of the current chunk.
#[derive(Clone, Debug)]
pub(super) struct LocalField<'a> {
    local: Local<'a>,
    /// Larger than every number.
    pub(super) bound: usize,
    /// By how much the number of a combination grows with that of the field.
    stride: usize,
}

impl<'a> Local<'a> {
    /// The numbers of a column without addresses that are not IPv4, and with values up to `high`.
    fn column(codes: &FieldCodes, column: &'a Column, base: u64, high: u64) -> Self {
        let first = match (column.integers(), codes.unit) {
            (Integers::U8 { base, .. } | Integers::U16 { base, .. }, Unit::Every(_)) => Some(*base),
            _ => None,
        };
        let by_offset = first.map(|first| {
            let values = first..=high;
            values.map(|value| number(codes, base, value)).collect()
        });
        Self::Column {
            base,
            column,
            by_offset: by_offset.unwrap_or_default(),
        }
    }
}

/// The number of a value whose code is above `base`.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "numbers are few")]
fn number(codes: &FieldCodes, base: u64, value: u64) -> u32 {
    codes.number(value).wrapping_sub(base) as u32
}

impl<'a> LocalField<'a> {
    /// The numbers of a field in `chunk`, of which `selected` rows will be read; none if they are not few.
    fn new(reader: &FieldReader<'_>, chunk: &'a Chunk, selected: usize) -> Option<Self> {
        let codes = reader.codes;
        let [field] = codes.columns.as_slice() else {
            return None;
        };
        let few = |base: u64, last: u64| {
            let bound = usize::try_from((last - base).checked_add(1)?).ok()?;
            (bound <= 1 << 16).then_some(Self {
                local: Local::Codes { base },
                bound,
                stride: 1,
            })
        };
        let all = few(0, codes.bound() - 1);
        if field.is_computed() || !codes.is_plain() {
            return all;
        }
        let Some(column) = chunk.column(*field) else {
            return few(0, 0);
        };
        let has_others = reader.has_others();
        let range = column.range.filter(|_| !has_others);
        if let Some((low, high)) = range
            && let Some(mut few) = few(codes.number(low) - 1, codes.number(high))
        {
            few.local = Local::column(codes, column, codes.number(low) - 1, high);
            return Some(few);
        }
        let index = value_index(chunk, *field, &codes.numbering, selected)?;
        let code = |value: IndexedValue| match value {
            IndexedValue::Integer(integer) => codes.number(integer),
            IndexedValue::Wide(place) => reader.other(place),
        };
        let codes = std::iter::once(MISSING).chain(index.values.iter().map(code));
        Some(Self {
            bound: index.values.len() + 1,
            local: Local::Index {
                codes: codes.collect(),
                index,
            },
            stride: 1,
        })
    }

    /// The numbers of the values in the numbering of the field, from number 1 on, if there is an index.
    pub(super) fn numbers(&self) -> Option<&'a [u32]> {
        match &self.local {
            Local::Codes { .. } | Local::Column { .. } => None,
            Local::Index { index, .. } => Some(&index.numbers),
        }
    }

    /// The code of a number.
    fn code(&self, number: usize) -> u64 {
        match &self.local {
            Local::Codes { .. } | Local::Column { .. } if number == 0 => MISSING,
            Local::Codes { base } | Local::Column { base, .. } => base + number as u64,
            Local::Index { codes, .. } => codes[number],
        }
    }

    /// Finds the number of each row.
    #[expect(clippy::cast_possible_truncation, reason = "numbers are few")]
    fn read(
        &self,
        reader: &mut FieldReader<'_>,
        chunk: &Chunk,
        rows: &Rows<'_>,
        numbers: &mut Vec<u32>,
    ) {
        match &self.local {
            Local::Codes { base } => {
                reader.read(chunk, rows);
                let codes = reader.codes(0).iter();
                numbers.clear();
                numbers.extend(codes.map(|code| code.saturating_sub(*base) as u32));
            }
            Local::Column {
                base,
                column,
                by_offset,
            } => {
                let (codes, integers) = (reader.codes, column.integers());
                match integers {
                    Integers::U8 { offsets, .. } if !by_offset.is_empty() => {
                        rows.map_into(numbers, |row| at(by_offset, offsets[row].into()));
                    }
                    Integers::U16 { offsets, .. } if !by_offset.is_empty() => {
                        rows.map_into(numbers, |row| at(by_offset, offsets[row].into()));
                    }
                    _ if codes.unit == Unit::One => {
                        let below = base.wrapping_add(codes.low).wrapping_sub(1);
                        rows.gather(integers, numbers, |value| value.wrapping_sub(below) as u32);
                    }
                    _ => rows.gather(integers, numbers, |value| number(codes, *base, value)),
                }
                rows.fill_missing(column, numbers, 0);
                reader.hide_portless(chunk, rows, numbers);
            }
            Local::Index { index, .. } => {
                rows.map_into(numbers, |row| u32::from(index.places[row]));
            }
        }
    }
}

/// The number of an offset; rows without a value may have one past the end.
#[inline]
fn at(by_offset: &[u32], offset: usize) -> u32 {
    by_offset.get(offset).copied().unwrap_or(0)
}

/// The fields of `chunk`, of which `selected` rows will be read, and how many combinations they have; none if they are not few.
pub(super) fn local_fields<'a>(
    readers: &[FieldReader<'_>],
    chunk: &'a Chunk,
    selected: usize,
) -> Option<(Vec<LocalField<'a>>, usize)> {
    let mut cells = 1usize;
    let mut fields = Vec::with_capacity(readers.len());
    for reader in readers {
        let mut field = LocalField::new(reader, chunk, selected)?;
        field.stride = cells;
        cells = cells.checked_mul(field.bound)?;
        if cells > 1 << 20 {
            return None;
        }
        fields.push(field);
    }
    Some((fields, cells))
}

/// The fields with all their codes.
pub(super) fn all_fields(layout: &KeyLayout) -> Vec<LocalField<'static>> {
    let mut stride = 1;
    let field = |codes: &FieldCodes| {
        let bound = usize::try_from(codes.bound()).unwrap_or(usize::MAX);
        let field = LocalField {
            local: Local::Codes { base: 0 },
            bound,
            stride,
        };
        stride = stride.saturating_mul(bound);
        field
    };
    layout.fields.iter().map(field).collect()
}

/// The combinations of the rows of a batch.
#[derive(Clone, Debug, Default)]
pub(super) struct CellReader {
    pub(super) cells: Vec<u32>,
    numbers: Vec<u32>,
}

impl CellReader {
    /// Finds the combination of each row.
    #[expect(clippy::cast_possible_truncation, reason = "combinations are few")]
    pub(super) fn read(
        &mut self,
        fields: &[LocalField<'_>],
        readers: &mut [FieldReader<'_>],
        chunk: &Chunk,
        rows: &Rows<'_>,
    ) {
        for (place, (field, reader)) in fields.iter().zip(readers).enumerate() {
            // The stride of the first field is 1.
            if place == 0 {
                field.read(reader, chunk, rows, &mut self.cells);
                continue;
            }
            field.read(reader, chunk, rows, &mut self.numbers);
            let stride = field.stride as u32;
            for (cell, number) in self.cells.iter_mut().zip(&self.numbers) {
                *cell = cell.wrapping_add(number.wrapping_mul(stride));
            }
        }
    }
}

/// Calls `visit` with the key of each combination, in their order.
pub(super) fn for_each_key<const N: usize>(
    layout: &KeyLayout,
    fields: &[LocalField<'_>],
    mut visit: impl FnMut(&Packed<N>),
) {
    let Some((first, others)) = fields.split_first() else {
        return;
    };
    let keys = |field: &LocalField<'_>, place: usize| -> Vec<Packed<N>> {
        let key = |number| {
            let mut key = [0; N];
            layout.put(&mut key, place, field.code(number));
            key
        };
        (0..field.bound).map(key).collect()
    };
    let first = keys(first, 0);
    let others: Vec<Vec<Packed<N>>> = (1..)
        .zip(others)
        .map(|(place, field)| keys(field, place))
        .collect();
    // The first field changes fastest.
    let mut numbers = vec![0; others.len()];
    loop {
        let mut key = [0; N];
        for (keys, number) in others.iter().zip(&numbers) {
            key = or(&key, &keys[*number]);
        }
        for first in &first {
            visit(&or(&key, first));
        }
        let mut carried = others.iter().zip(&mut numbers);
        let next = carried.find_map(|(keys, number)| {
            *number = (*number + 1) % keys.len();
            (*number > 0).then_some(())
        });
        if next.is_none() {
            return;
        }
    }
}

/// The bits of two keys of different fields.
#[inline]
fn or<const N: usize>(a: &Packed<N>, b: &Packed<N>) -> Packed<N> {
    std::array::from_fn(|word| a[word] | b[word])
}
