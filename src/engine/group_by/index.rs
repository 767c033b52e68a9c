//! Indexes of columns: with them, grouping by an address needs no hash table for each row.

use crate::analysis::SlotMap;
use crate::schema::FieldId;
use crate::store::{Chunk, Column, IndexedValue, Integers, ValueIndex, Values};

/// With fewer rows for each value than this, an index does not pay.
const MIN_ROWS_PER_VALUE: usize = 3;

/// The index of a column of addresses, or of numbers that are far apart. None for other columns, whose values are
/// counted from the smallest, and where few rows share a value.
pub(super) fn value_index(chunk: &Chunk, field: FieldId) -> Option<&ValueIndex> {
    chunk.value_index(field, |column| build(column, chunk.rows()))
}

fn build(column: &Column, rows: usize) -> Option<ValueIndex> {
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
    let others = wide.map_or(0, |wide| wide.addresses.len());
    let mut values: Vec<IndexedValue> = Vec::new();
    values.extend((0..u32::try_from(others).ok()?).map(IndexedValue::Wide));
    let mut numbers = SlotMap::new();
    let mut places = Vec::with_capacity(rows);
    for row in 0..rows {
        if values.len() > max_values {
            return None;
        }
        let integer = integers.get(row);
        let place = if !column.is_present(row) {
            0
        } else if wide.is_some_and(|wide| wide.rows.get(row)) {
            u32::try_from(integer).ok()? + 1
        } else {
            let fresh = u32::try_from(values.len()).ok()? + 1;
            let offset = u32::try_from(integer - base).ok()?;
            let place = numbers.number(offset, fresh);
            if place == fresh {
                values.push(IndexedValue::Integer(integer));
            }
            place
        };
        places.push(u16::try_from(place).ok()?);
    }
    Some(ValueIndex {
        places: places.into(),
        values: values.into(),
    })
}
