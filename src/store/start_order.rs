//! The rows of a chunk in the order of their start.

use super::column::Column;

/// Starts that are at most this many seconds apart are counted, which is faster than comparing them.
const MAX_COUNTED: usize = 1 << 18;

/// The rows of `column` in the order of their values, those without one last; rows with the same value as they are in
/// the chunk. None where the rows are in this order already.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a chunk has at most 2^16 rows, and values are compared with the range first"
)]
pub(super) fn start_order(column: &Column, rows: usize) -> Option<Box<[u16]>> {
    let (low, high) = column.range?;
    // A row without a value comes after all others.
    let last = (high - low).saturating_add(1);
    let mut keys = Vec::with_capacity(rows);
    column.integers().for_each(rows, |row, value| {
        let key = value.saturating_sub(low).min(last);
        keys.push(if column.is_present(row) { key } else { last });
    });
    if keys.is_sorted() {
        return None;
    }
    let Some(values) = usize::try_from(last).ok().filter(|n| *n < MAX_COUNTED) else {
        let mut order: Vec<u16> = (0..rows).map(|row| row as u16).collect();
        order.sort_by_key(|row| keys[usize::from(*row)]);
        return Some(order.into());
    };
    let mut places = vec![0u32; values + 2];
    for key in &keys {
        places[*key as usize + 1] += 1;
    }
    let mut sum = 0;
    for place in &mut places {
        sum += *place;
        *place = sum;
    }
    let mut order = vec![0u16; rows];
    for (row, key) in keys.iter().enumerate() {
        let place = &mut places[*key as usize];
        order[*place as usize] = row as u16;
        *place += 1;
    }
    Some(order.into())
}
