//! Indexes of columns: with them, grouping by an address needs no hash table for each row.

use super::chunk_local::SlotMap;
use super::read::TABLE_ROWS;
use crate::analysis::BATCH_ROWS;
use crate::schema::FieldId;
use crate::store::{
    Chunk, Column, IndexedValue, IndexedValues, Integers, NumberedValue, Numbering, ValueIndex,
};

/// With fewer rows for each value than this, an index does not pay.
const MIN_ROWS_PER_VALUE: usize = 3;

/// The index of a column of addresses, or of numbers that are far apart. None for other columns, whose values are
/// counted from the smallest, and where few rows share a value.
///
/// It is built if most rows of the chunk are `selected`: of few, building it takes longer than it saves.
pub(crate) fn value_index<'a>(
    chunk: &'a Chunk,
    field: FieldId,
    numbering: &Numbering,
    selected: usize,
) -> Option<&'a ValueIndex> {
    if selected < (chunk.rows() / 2).max(TABLE_ROWS) {
        return chunk.known_value_index(field);
    }
    chunk.value_index(field, |column| build(column, chunk.rows(), numbering))
}

fn build(column: &Column, rows: usize, numbering: &Numbering) -> Option<ValueIndex> {
    let wide = column.wide();
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
            match &column.present {
                None => places.fill(rows, |row| Some(offsets[row]))?,
                Some(present) => places.fill(rows, |row| present.get(row).then(|| offsets[row]))?,
            }
            *base
        }
        (Some(wide), integers) => {
            places.fill(rows, |row| {
                let is_narrow = column.is_present(row) && !wide.rows.get(row);
                u32::try_from(is_narrow.then(|| integers.get(row))?).ok()
            })?;
            // Wide addresses have their place already.
            for row in wide.rows.iter() {
                places.of_rows[row] = u16::try_from(integers.get(row) + 1).ok()?;
            }
            0
        }
        (None, _) => return None,
    };
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
        numbers: numbering.numbers(&numbered.collect::<Vec<_>>()),
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
    /// Finds the places of the rows whose values `offset` gives; none if there are too many values.
    fn fill(&mut self, rows: usize, offset: impl Fn(usize) -> Option<u32>) -> Option<()> {
        for first in (0..rows).step_by(BATCH_ROWS) {
            if self.wide as usize + self.offsets.len() > self.max_values {
                return None;
            }
            let batch = first..rows.min(first + BATCH_ROWS);
            self.extend(batch.map(&offset));
        }
        Some(())
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "there are fewer than 2^16 values"
    )]
    fn extend(&mut self, offsets: impl Iterator<Item = Option<u32>>) {
        let Self {
            wide,
            offsets: values,
            numbers,
            of_rows,
            ..
        } = self;
        of_rows.extend(offsets.map(|offset| {
            let Some(offset) = offset else {
                return 0;
            };
            let fresh = *wide + values.len() as u32 + 1;
            let place = numbers.number(offset, fresh);
            if place == fresh {
                values.push(offset);
            }
            place as u16
        }));
    }
}
