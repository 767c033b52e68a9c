//! Groups of records as rows, shared by `top` and `timeline`.

use super::group_fields;
use super::report;
use crate::analysis::{Counts, Key, KnownCounts, Measure};
use crate::engine::{Combination, GroupField};
use crate::export::{Column, Format, Value};
use crate::format;
use crate::schema::{FieldId, Kind, protocol};
use crate::store::Catalog;

/// How times are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Times {
    /// As epoch seconds.
    Seconds,
    /// In ISO 8601.
    Iso,
    /// As times, in a format that has a type for them.
    Typed,
    /// As date and time, for people.
    Readable,
}

impl Times {
    /// How `format` has times, which `--iso` asks for as such.
    pub(super) fn of(format: Format, iso: bool) -> Self {
        match (format, iso) {
            (Format::Parquet, true) => Self::Typed,
            (_, true) => Self::Iso,
            (Format::Table, false) => Self::Readable,
            (_, false) => Self::Seconds,
        }
    }

    /// A column of times.
    pub(super) fn column(self, name: String) -> Column {
        Column {
            name,
            numeric: self == Self::Seconds,
            is_time: self == Self::Typed,
        }
    }

    pub(super) fn value(self, second: u64) -> Value<'static> {
        match self {
            Self::Seconds | Self::Typed => Value::Number(second),
            Self::Iso => Value::text(format::iso(second)),
            Self::Readable => Value::text(format::date_time(second)),
        }
    }
}

/// The key fields of groups, as output columns and as output values.
#[derive(Clone, Debug)]
pub(super) struct Keys {
    fields: Vec<GroupField>,
    /// For tables: names of protocols and ports, field names as headings.
    readable: bool,
    times: Times,
    /// The names of the other columns.
    others: &'static [&'static str],
}

impl Keys {
    pub(super) fn new(
        fields: Vec<GroupField>,
        format: Format,
        times: Times,
        others: &'static [&'static str],
    ) -> Self {
        Self {
            fields,
            others,
            readable: format == Format::Table,
            times,
        }
    }

    pub(super) fn columns(&self, catalog: &Catalog) -> Vec<Column> {
        let column = |by: &GroupField| {
            let (field, name) = (by.field, self.name(*by, catalog));
            if field.kind() == Kind::Time {
                return self.times.column(name);
            }
            let named = self.readable && matches!(field.kind(), Kind::Port | Kind::Protocol);
            Column {
                name,
                numeric: !named && is_numeric(field),
                is_time: false,
            }
        };
        self.fields.iter().map(column).collect()
    }

    /// The name of the column of a key: `srcaddr/24` as heading, `srcaddr_24` elsewhere, where a name that
    /// another column has begins with `by_`.
    fn name(&self, by: GroupField, catalog: &Catalog) -> String {
        let (mut name, separator) = if self.readable {
            (catalog.name(by.field), '/')
        } else {
            (catalog.column(by.field), '_')
        };
        if let Some(prefix) = by.prefix {
            for bits in group_fields::lengths(prefix) {
                name.push(separator);
                name += &bits.to_string();
            }
        }
        if !self.readable && self.others.contains(&name.as_str()) {
            name.insert_str(0, "by_");
        }
        name
    }

    /// The columns of `keys`, printed with `labels` as headings.
    pub(super) fn values<'a>(
        &'a self,
        keys: &'a [Key],
        labels: &'a [String],
    ) -> impl Iterator<Item = Value<'a>> {
        let keys = keys.iter().zip(labels).zip(&self.fields);
        keys.map(|((key, label), by)| match *key {
            Key::Missing => Value::Missing,
            Key::Number(number) => self.number(by.field, number),
            Key::Address(address) if by.prefix.is_none() => Value::Address(address),
            Key::Address(_) | Key::Word(_) => Value::text(label.as_str()),
        })
    }

    fn number(&self, field: FieldId, number: u64) -> Value<'static> {
        match field.kind() {
            Kind::Time => self.times.value(number),
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

/// A count as an output value; missing if unknown.
pub(super) fn count(number: Option<u64>, readable: bool) -> Value<'static> {
    match number {
        None => Value::Missing,
        Some(number) if readable => Value::text(format::count(number)),
        Some(number) => Value::Number(number),
    }
}

/// Warns of sums in `groups` that stopped at the largest number, which is marked for people alone.
pub(super) fn warn_of_bounds(groups: &[Combination], format: Format) {
    if format == Format::Table {
        return;
    }
    for measure in [Measure::Packets, Measure::Bytes] {
        let is_bound = |group: &&Combination| measure.of(&group.counts) == u64::MAX;
        let count = groups.iter().filter(is_bound).count() as u64;
        if count > 0 {
            report::warn(&format!(
                "the sum of {} in {} is only a lower bound: it reached {}, the largest number",
                measure.name(),
                format::counted(count, "row", "rows"),
                u64::MAX
            ));
        }
    }
}

/// The columns of the counts of `top`.
pub(super) const MEASURES: [&str; 5] = ["records", "packets", "bytes", "accept", "reject"];

/// The counts of `top` with their column names.
pub(super) fn measures(counts: &Counts, known: KnownCounts) -> [(&'static str, Option<u64>); 5] {
    let actions = |count| known.actions.then_some(count);
    let values = [
        Some(counts.records),
        known.measure(Measure::Packets, counts),
        known.measure(Measure::Bytes, counts),
        actions(counts.accept),
        actions(counts.reject),
    ];
    std::array::from_fn(|place| (MEASURES[place], values[place]))
}
