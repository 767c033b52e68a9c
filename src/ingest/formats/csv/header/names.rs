//! The names in a header, however a program spells them: quoted, with dots, with blanks, with the name of their table.

use crate::ingest::formats::row_reader::column_name;
use crate::schema::{self, Address, FieldId, Kind, Storage, id};

/// The columns in which the text of a record is looked for first.
const RECORD_NAMES: [&str; 4] = ["message", "@message", "_raw", "event.original"];

/// How AWS's metric filters call the addresses. Other logs have these names, too, so they need others beside them.
const FILTER_NAMES: [(&str, FieldId); 2] = [("source", id::SRCADDR), ("destination", id::DSTADDR)];
/// So many other names have to be those of fields beside them.
const MIN_OTHER_FIELDS: usize = 4;

/// The names as they are spelled; none where one of them looks like a value.
pub(super) fn raw(values: &[&[u8]]) -> Option<Vec<String>> {
    let mut names = Vec::with_capacity(values.len());
    for name in values {
        let name = name.trim_ascii();
        if is_value(name) {
            return None;
        }
        names.push(str::from_utf8(name).ok()?.to_owned());
    }
    Some(names)
}

/// Whether a cell of a first row is a value rather than a name: a number, an address, a time or a missing value.
fn is_value(cell: &[u8]) -> bool {
    let Some(first) = cell.first() else {
        return false;
    };
    let is_numeric = |byte: &u8| byte.is_ascii_digit() || b"+-.,:/ TZeE".contains(byte);
    cell == b"-"
        || first.is_ascii_digit() && cell.iter().all(is_numeric)
        || cell.contains(&b':')
            && str::from_utf8(cell).is_ok_and(|text| text.parse::<Address>().is_ok())
}

/// The names of the columns: those of fields are spelled as fields are.
pub(super) fn columns(raw: &[String]) -> Vec<String> {
    let prefix = prefix(raw);
    let last = raw.len().saturating_sub(1);
    let is_filter = is_of_filter(raw);
    let name = |(index, raw): (usize, &String)| {
        let of_filter = FILTER_NAMES
            .iter()
            .find(|(name, _)| is_filter && name == raw);
        if let Some(def) = of_filter.and_then(|(_, field)| field.def()) {
            return def.name.to_owned();
        }
        let bare = prefix.and_then(|prefix| raw.strip_prefix(prefix));
        let bare = bare.filter(|name| field(name).is_some()).unwrap_or(raw);
        match field(bare).and_then(FieldId::def) {
            _ if raw.is_empty() && index != 0 && index != last => format!("column{}", index + 1),
            Some(def) if schema::lookup_header(&column_name(bare)).is_none() => def.name.to_owned(),
            _ => column_name(bare),
        }
    };
    raw.iter().enumerate().map(name).collect()
}

/// Whether names are those of a metric filter.
fn is_of_filter(raw: &[String]) -> bool {
    let has = |(name, field): &(&str, FieldId)| {
        raw.iter().any(|raw| raw == name) && !raw.iter().any(|raw| self::field(raw) == Some(*field))
    };
    let others = raw.iter().filter(|raw| field(raw).is_some());
    FILTER_NAMES.iter().all(has) && others.count() >= MIN_OTHER_FIELDS
}

/// The field that a name means, also with dots or blanks where AWS writes `-`.
fn field(name: &str) -> Option<FieldId> {
    let name = column_name(name);
    schema::lookup_header(&name).or_else(|| schema::lookup_header(&name.replace('.', "-")))
}

/// What stands before the names of all fields, as Hive puts the name of the table: `flow_logs.`. Only names that no
/// other log has tell it.
fn prefix(raw: &[String]) -> Option<&str> {
    let is_distinct =
        |field: FieldId| field.storage() == Storage::Address || field.kind() == Kind::Port;
    raw.iter().find_map(|name| {
        if field(name).is_some() {
            return None;
        }
        let dots = name.match_indices('.').map(|(at, _)| at + 1);
        let mut prefixes =
            dots.filter(|end| name.get(*end..).and_then(field).is_some_and(is_distinct));
        name.get(..prefixes.next()?)
    })
}

/// The columns whose names say that they have the text of a record, the first one first.
pub(super) fn record_columns(raw: &[String]) -> impl Iterator<Item = usize> {
    RECORD_NAMES.iter().filter_map(|known| {
        let is_known = |name: &String| name.eq_ignore_ascii_case(known);
        raw.iter().position(is_known)
    })
}
