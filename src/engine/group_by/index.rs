//! Indexes of columns: with them, grouping by an address needs no hash table for each row.

use crate::analysis::{BATCH_ROWS, SlotMap};
use crate::schema::FieldId;
use crate::store::{
    Chunk, Column, IndexedValue, IndexedValues, Integers, NumberedValue, Numbering, ValueIndex,
    Values,
};

/// With fewer rows for each value than this, an index does not pay.
const MIN_ROWS_PER_VALUE: usize = 3;

/// The index of a column of addresses, or of numbers that are far apart. None for other columns, whose values are
/// counted from the smallest, and where few rows share a value.
pub(super) fn value_index<'a>(
    chunk: &'a Chunk,
    field: FieldId,
    numbering: &Numbering,
) -> Option<&'a ValueIndex> {
    chunk.value_index(field, |column| build(column, chunk.rows(), numbering))
}

fn build(column: &Column, rows: usize, numbering: &Numbering) -> Option<ValueIndex> {
    let wide = match &column.values {
        Values::Addresses(addresses) => addresses.wide.as_ref(),
        Values::Numbers(_) | Values::Words(_) => None,
    };
    let addresses = wide.map_or(&[][..], |wide| &wide.addresses);
    let mut places = Places {
        wide: u32::try_from(addresses.len()).ok()?,
        max_values: (rows / MIN_ROWS_PER_VALUE).min(usize::from(u16::MAX) - BATCH_ROWS),
        offsets: Vec::new(),
        numbers: SlotMap::new(),
        of_rows: Vec::with_capacity(rows),
    };
    let base = match (wide, column.integers()) {
        (None, Integers::U32 { base, offsets }) => {
            offsets
                .chunks(BATCH_ROWS)
                .try_for_each(|offsets| places.extend(offsets.iter().copied()))?;
            *base
        }
        (Some(wide), integers) => {
            // Wide addresses have their place already; their rows are corrected below.
            let integer = |row: usize| {
                let integer = Some(integers.get(row)).filter(|_| !wide.rows.get(row));
                u32::try_from(integer?).ok()
            };
            for first in (0..rows).step_by(BATCH_ROWS) {
                let rows = first..rows.min(first + BATCH_ROWS);
                places.extend(rows.map(|row| integer(row).unwrap_or(0)))?;
            }
            for row in wide.rows.iter() {
                places.of_rows[row] = u16::try_from(integers.get(row) + 1).ok()?;
            }
            0
        }
        (None, _) => return None,
    };
    if let Some(present) = &column.present {
        let mut absent = present.clone();
        absent.invert();
        for row in absent.iter() {
            places.of_rows[row] = 0;
        }
    }
    let values = IndexedValues {
        wide: places.wide,
        base,
        offsets: places.offsets.into(),
    };
    let numbered = values.iter().map(|value| match value {
        IndexedValue::Wide(place) => NumberedValue::Wide(addresses[place as usize]),
        IndexedValue::Integer(integer) => NumberedValue::Integer(integer),
    });
    Some(ValueIndex {
        places: places.of_rows.into(),
        numbers: numbering.numbers(numbered),
        values,
    })
}

/// The place of the value of each row.
struct Places {
    /// How many wide addresses come before the integers.
    wide: u32,
    /// More are too many.
    max_values: usize,
    offsets: Vec<u32>,
    numbers: SlotMap,
    of_rows: Vec<u16>,
}

impl Places {
    /// Appends the places of a few rows; none if there are too many values.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "there are fewer than 2^16 values"
    )]
    fn extend(&mut self, offsets: impl Iterator<Item = u32>) -> Option<()> {
        let Self {
            wide,
            max_values,
            offsets: values,
            numbers,
            of_rows,
        } = self;
        if *wide as usize + values.len() > *max_values {
            return None;
        }
        of_rows.extend(offsets.map(|offset| {
            let fresh = *wide + values.len() as u32 + 1;
            let place = numbers.number(offset, fresh);
            if place == fresh {
                values.push(offset);
            }
            place as u16
        }));
        Some(())
    }
}
