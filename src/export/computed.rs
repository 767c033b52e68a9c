//! The fields that are worked out from others, as values on their way out.

use super::Value;
use crate::schema::{FieldId, id};
use crate::store::{RowId, Store};

/// The value of the computed `field` in `row`; missing for the fields that have more than one value.
pub(super) fn value(store: &Store, row: RowId, field: FieldId) -> Value<'_> {
    let number = |field| store.number(row, field);
    match field {
        id::FILE => {
            let (source, _) = store.place(row);
            let path = store.sources().get(source).map(|source| &source.path);
            path.map_or(Value::Missing, |path| Value::Text(path.to_string_lossy()))
        }
        id::LINE => Value::Number(store.place(row).1),
        id::DURATION => seconds(store, row).into(),
        id::BPS => rate(
            number(id::BYTES).map(|bytes| bytes.saturating_mul(8)),
            seconds(store, row),
        ),
        id::PPS => rate(number(id::PACKETS), seconds(store, row)),
        id::BPP => match (number(id::BYTES), number(id::PACKETS)) {
            (Some(bytes), Some(packets)) => bytes.checked_div(packets).into(),
            _ => Value::Missing,
        },
        _ => Value::Missing,
    }
}

/// From start to end; missing where the end lies before the start.
fn seconds(store: &Store, row: RowId) -> Option<u64> {
    store
        .number(row, id::END)?
        .checked_sub(store.number(row, id::START)?)
}

/// `amount` in a second, over a duration of at least one second.
fn rate(amount: Option<u64>, seconds: Option<u64>) -> Value<'static> {
    match (amount, seconds) {
        (Some(amount), Some(seconds)) => Value::Number(amount / seconds.max(1)),
        _ => Value::Missing,
    }
}
