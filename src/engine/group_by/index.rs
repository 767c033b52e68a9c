//! Indexes of columns: with them, grouping by an address needs no hash table for each row.

use crate::analysis::SlotMap;
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
    let integers = column.integers();
    let base = match integers {
        Integers::U32 { base, .. } => *base,
        _ if wide.is_some() => 0,
        _ => return None,
    };
    let max_values = (rows / MIN_ROWS_PER_VALUE).min(usize::from(u16::MAX));
    let addresses = wide.map_or(&[][..], |wide| &wide.addresses);
    let others = u32::try_from(addresses.len()).ok()?;
    let mut offsets: Vec<u32> = Vec::new();
    let mut numbers = SlotMap::new();
    let mut places = Vec::with_capacity(rows);
    for row in 0..rows {
        if addresses.len() + offsets.len() > max_values {
            return None;
        }
        let integer = integers.get(row);
        let place = if !column.is_present(row) {
            0
        } else if wide.is_some_and(|wide| wide.rows.get(row)) {
            u32::try_from(integer).ok()? + 1
        } else {
            let fresh = others + u32::try_from(offsets.len()).ok()? + 1;
            let offset = u32::try_from(integer - base).ok()?;
            let place = numbers.number(offset, fresh);
            if place == fresh {
                offsets.push(offset);
            }
            place
        };
        places.push(u16::try_from(place).ok()?);
    }
    let values = IndexedValues {
        wide: others,
        base,
        offsets: offsets.into(),
    };
    let numbered = values.iter().map(|value| match value {
        IndexedValue::Wide(place) => NumberedValue::Wide(addresses[place as usize]),
        IndexedValue::Integer(integer) => NumberedValue::Integer(integer),
    });
    Some(ValueIndex {
        places: places.into(),
        numbers: numbering.numbers(numbered),
        values,
    })
}
