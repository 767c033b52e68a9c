//! A record, explained: its sentence, and its values one by one.

#[cfg(test)]
mod tests;

use super::decode::decode;
use super::glossary::entry;
use super::sentence::sentence;
use crate::schema::{FieldId, Value, id};
use crate::store::{Cell, RowId, Store};

/// Why nothing stands in a field that has no better reason.
const NOT_APPLICABLE: &str = "It does not apply to this record, or AWS could not determine it.";
/// The meaning of a field that only a file knows.
const EXTRA: &str = "A column of this file that is not one of the fields AWS documents.";

/// The fields that tell of traffic rather than of the interface: all of them are missing where there was none.
const TRAFFIC: [FieldId; 16] = [
    id::SRCADDR,
    id::DSTADDR,
    id::SRCPORT,
    id::DSTPORT,
    id::PROTOCOL,
    id::PACKETS,
    id::BYTES,
    id::ACTION,
    id::TCP_FLAGS,
    id::TYPE,
    id::PKT_SRCADDR,
    id::PKT_DSTADDR,
    id::PKT_SRC_AWS_SERVICE,
    id::PKT_DST_AWS_SERVICE,
    id::FLOW_DIRECTION,
    id::TRAFFIC_PATH,
];

/// A record, explained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What happened, in two sentences.
    pub sentence: String,
    /// The values, in the order of the record.
    pub facts: Vec<Fact>,
}

/// One value of a record, explained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Which field.
    pub field: FieldId,
    /// The field's name.
    pub name: String,
    /// The value as a flow log prints it; `-` where it is missing.
    pub value: String,
    /// The value in words, where it does not speak for itself.
    pub decoded: Option<String>,
    /// What the field means, in one line.
    pub meaning: &'static str,
    /// Why the value is missing, where it is.
    pub missing: Option<&'static str>,
}

/// Explains the record in `row`.
///
/// # Panics
///
/// When the store has no such row.
pub fn explain(store: &Store, row: RowId) -> Explanation {
    let (chunk, offset) = store.chunk_of(row);
    let layout = &chunk.run(offset).layout;
    Explanation {
        sentence: sentence(store, row),
        facts: layout
            .fields
            .iter()
            .map(|field| fact(store, row, *field))
            .collect(),
    }
}

fn fact(store: &Store, row: RowId, field: FieldId) -> Fact {
    let cell = store.cell(row, field);
    let value = store.cell_text(row, field);
    let typed = match cell {
        Cell::Missing => Value::Missing,
        Cell::Number(number) => Value::Number(number),
        Cell::Address(address) => Value::Address(address),
        Cell::Word(_) => Value::Word(&value),
    };
    let decoded = decode(field, typed, store.number(row, id::PROTOCOL));
    let missing = (cell == Cell::Missing).then(|| why_missing(store, row, field));
    Fact {
        field,
        name: store.catalog.name(field),
        decoded,
        meaning: entry(field).map_or(EXTRA, |entry| entry.summary.as_str()),
        missing,
        value,
    }
}

fn why_missing(store: &Store, row: RowId, field: FieldId) -> &'static str {
    if TRAFFIC.contains(&field) {
        match store.cell_text(row, id::LOG_STATUS).as_str() {
            "NODATA" => return "There was no traffic in this interval.",
            "SKIPDATA" => {
                return "The records of this interval were lost, and this value with them.";
            }
            _ => {}
        }
    }
    let reason = entry(field).and_then(|entry| entry.missing.as_deref());
    reason.unwrap_or(NOT_APPLICABLE)
}
