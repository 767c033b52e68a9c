//! The fields that are worked out from others, as values on their way out.

use super::Value;
use crate::analysis::Key;
use crate::analysis::sorted_rows;
use crate::schema::{FieldId, id};
use crate::store::{RowId, Store};

/// The value of the computed `field` in `row`; of a field that means either of two values, the one that records
/// are sorted by.
pub(super) fn value(store: &Store, row: RowId, field: FieldId) -> Value<'_> {
    if field == id::FILE {
        let (chunk, offset) = store.chunk_of(row);
        let path = store.file_path(chunk.file(offset));
        return path.map_or(Value::Missing, Value::text);
    }
    match sorted_rows::field_value(store, row, field) {
        Key::Missing => Value::Missing,
        Key::Number(number) => Value::Number(number),
        Key::Address(address) => Value::Address(address),
        Key::Word(code) => {
            let words = store.catalog.dictionaries.of(field);
            Value::text(words.word(code).to_string())
        }
    }
}
