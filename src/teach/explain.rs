//! Explains a record: a summary in sentences, and each of its values.

#[cfg(test)]
mod tests;

use super::decode::decode;
use super::flow::service_of;
use super::glossary::entry;
use super::sentence::sentence;
use crate::schema::{FieldId, Kind, Value, id, protocol};
use crate::store::{Cell, RowId, Store};

/// Why a value is missing, unless the field has a more specific reason.
const NOT_APPLICABLE: &str = "It does not apply to this record, or AWS could not determine it.";
/// The meaning of a field that is not in the table.
const EXTRA: &str = "A column of this file that is not one of the fields AWS documents.";

/// The fields that describe traffic, as opposed to the interface. All are missing if there was no traffic.
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

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Explanation {
    /// The summary, at most two sentences.
    pub(crate) sentence: String,
    /// In the order of the fields in the file.
    pub(crate) facts: Vec<Fact>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fact {
    pub(crate) field: FieldId,
    pub(crate) name: String,
    /// The value as a flow log prints it; `-` where it is missing.
    pub(crate) value: String,
    /// The value in words, unless it is clear as it is.
    pub(crate) decoded: Option<String>,
    /// The meaning of the field, in one line.
    pub(crate) meaning: &'static str,
    /// Why the value is missing, if it is.
    pub(crate) missing: Option<&'static str>,
}

/// Explains the record in `row`.
///
/// # Panics
///
/// When the store has no such row.
pub(crate) fn explain(store: &Store, row: RowId) -> Explanation {
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
    // The port of a client means nothing, whatever service has the same port.
    let is_client_port = field.kind() == Kind::Port
        && matches!(cell, Cell::Number(port) if protocol::service(port).is_some())
        && store
            .number(row, id::PROTOCOL)
            .is_none_or(protocol::has_ports)
        && service_of(store, row, field).is_none();
    let decoded = decoded.filter(|_| !is_client_port);
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
            "INCOMPLETEDATA" => {
                return "The flow could not be correlated from end to end, so this value is unknown.";
            }
            _ => {}
        }
    }
    let reason = entry(field).and_then(|entry| entry.missing.as_deref());
    reason.unwrap_or(NOT_APPLICABLE)
}
