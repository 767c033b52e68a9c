//! Groups of records as rows, shared by `top` and `timeline`.

use crate::analysis::{Counts, Key, KnownCounts, Measure};
use crate::export::{Column, Value};
use crate::format;
use crate::schema::{FieldId, Kind, protocol};
use crate::store::Catalog;

/// The key fields of groups, as output columns and as output values.
#[derive(Clone, Debug)]
pub(super) struct Keys {
    fields: Vec<FieldId>,
    /// For tables: names of protocols and ports, field names as headings.
    readable: bool,
    iso: bool,
}

impl Keys {
    pub(super) fn new(fields: Vec<FieldId>, readable: bool, iso: bool) -> Self {
        Self {
            fields,
            readable,
            iso,
        }
    }

    pub(super) fn columns(&self, catalog: &Catalog) -> Vec<Column> {
        let column = |field: &FieldId| {
            if self.readable {
                let named = matches!(field.kind(), Kind::Port | Kind::Protocol | Kind::Time);
                let numeric = !named && is_numeric(*field);
                let name = catalog.name(*field);
                return Column { name, numeric };
            }
            let numeric = is_numeric(*field) && !(self.iso && field.kind() == Kind::Time);
            let name = catalog.column(*field);
            Column { name, numeric }
        };
        self.fields.iter().map(column).collect()
    }

    /// The columns of `keys`, printed with `labels` as headings.
    pub(super) fn values<'a>(
        &'a self,
        keys: &'a [Key],
        labels: &'a [String],
    ) -> impl Iterator<Item = Value<'a>> {
        let keys = keys.iter().zip(labels).zip(&self.fields);
        keys.map(|((key, label), field)| match *key {
            Key::Missing => Value::Missing,
            Key::Number(number) => self.number(*field, number),
            Key::Address(address) => Value::Address(address),
            Key::Word(_) => Value::text(label.as_str()),
        })
    }

    fn number(&self, field: FieldId, number: u64) -> Value<'static> {
        match field.kind() {
            Kind::Time => time(number, self.readable, self.iso),
            Kind::Protocol if self.readable => {
                let name = protocol::name(number).map(Value::text);
                name.unwrap_or_else(|| Value::text(number.to_string()))
            }
            Kind::Port if self.readable => {
                let name = protocol::likely_service(field, number);
                Value::text(
                    name.map_or_else(|| number.to_string(), |name| format!("{number} {name}")),
                )
            }
            _ => Value::Number(number),
        }
    }
}

fn is_numeric(field: FieldId) -> bool {
    match field.kind() {
        Kind::Port | Kind::Protocol | Kind::Number | Kind::Time | Kind::Duration | Kind::Flags => {
            true
        }
        Kind::Address | Kind::Choice(_) | Kind::Text => false,
    }
}

pub(super) fn time(second: u64, readable: bool, iso: bool) -> Value<'static> {
    if iso {
        return Value::text(format::iso(second));
    }
    if readable {
        return Value::text(format::date_time(second));
    }
    Value::Number(second)
}

/// A count as an output value; missing if unknown.
pub(super) fn count(number: Option<u64>, readable: bool) -> Value<'static> {
    match number {
        None => Value::Missing,
        Some(number) if readable => Value::text(format::count(number)),
        Some(number) => Value::Number(number),
    }
}

/// The counts of `top` with their column names: records, packets, bytes, accepted and rejected.
pub(super) fn measures(counts: &Counts, known: KnownCounts) -> [(&'static str, Option<u64>); 5] {
    let actions = |count| known.actions.then_some(count);
    [
        ("records", Some(counts.records)),
        ("packets", known.measure(Measure::Packets, counts)),
        ("bytes", known.measure(Measure::Bytes, counts)),
        ("accept", actions(counts.accept)),
        ("reject", actions(counts.reject)),
    ]
}
