//! Glossary entries as pages of paragraphs, and the list of all fields.

#[cfg(test)]
mod tests;

use super::glossary::entry;
use crate::schema::{FIELDS, FieldDef, FieldId, Kind, Origin};

/// The glossary page of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) name: &'static str,
    /// Origin and type: `version 3 · mask of TCP flags`.
    pub(crate) origin: String,
    pub(crate) paragraphs: Vec<Paragraph>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Paragraph {
    /// One or two words, or empty.
    pub(crate) label: &'static str,
    /// Without line breaks.
    pub(crate) text: String,
}

/// A row of the list of fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listing {
    pub(crate) field: FieldId,
    pub(crate) name: &'static str,
    /// The version of flow logs that introduced the field; 0 for a computed field.
    pub(crate) version: u8,
    /// The type of the values, in words.
    pub(crate) kind: String,
    /// The meaning, in one line.
    pub(crate) summary: &'static str,
}

/// The page of a field; none for a field that is not in the table.
pub(crate) fn page(field: FieldId) -> Option<Page> {
    let (def, entry) = (field.def()?, entry(field)?);
    let mut paragraphs = Vec::new();
    let mut add = |label, text: &Option<String>| {
        if let Some(text) = text {
            let text = text.clone();
            paragraphs.push(Paragraph { label, text });
        }
    };
    add("", &Some(entry.summary.clone()));
    add("", &entry.meaning);
    add("values", &values(def, entry));
    add("if missing", &entry.missing);
    add("common mistake", &entry.mistake);
    let found = match &entry.finds {
        Some(finds) => format!(" (finds {finds})"),
        None => String::new(),
    };
    add(
        "try",
        &entry.filter.as_ref().map(|filter| filter.clone() + &found),
    );
    add("also called", &aliases(def));
    Some(Page {
        name: def.name,
        origin: format!("{} · {}", origin(def), kind(def.kind)),
        paragraphs,
    })
}

/// Every field, in the order of the table.
pub(crate) fn listing() -> Vec<Listing> {
    let rows = FIELDS.iter().enumerate().map(|(index, def)| {
        let field = FieldId::from_index(index);
        Listing {
            field,
            name: def.name,
            version: def.version,
            kind: kind(def.kind),
            summary: entry(field).map_or("", |entry| entry.summary.as_str()),
        }
    });
    rows.collect()
}

fn origin(def: &FieldDef) -> String {
    match def.origin {
        Origin::Vpc => format!("version {}", def.version),
        Origin::TransitGateway => format!("Transit Gateway flow logs, version {}", def.version),
        Origin::Computed => "computed from other fields".into(),
    }
}

fn kind(kind: Kind) -> String {
    match kind {
        Kind::Address => "address".into(),
        Kind::Port => "port, 0 to 65535".into(),
        Kind::Protocol => "IANA protocol number".into(),
        Kind::Number => "number".into(),
        Kind::Time => "time, in seconds since 1970-01-01 UTC".into(),
        Kind::Duration => "seconds".into(),
        Kind::Flags => "mask of TCP flags".into(),
        Kind::Choice(words) => words.join(" | "),
        Kind::Text => "text".into(),
    }
}

/// `ACCEPT = the filters let it pass; …`, in the order of the table, or sorted by number.
fn values(def: &FieldDef, entry: &super::Entry) -> Option<String> {
    let mut values: Vec<(&String, &String)> = entry.values.iter().collect();
    values.sort_by_key(|(value, _)| match def.kind {
        Kind::Choice(words) => words.iter().position(|word| word == value),
        _ => value.parse().ok(),
    });
    let texts: Vec<String> = values
        .iter()
        .map(|(value, meaning)| format!("{value} = {meaning}"))
        .collect();
    (!texts.is_empty()).then(|| texts.join("; "))
}

fn aliases(def: &FieldDef) -> Option<String> {
    (!def.aliases.is_empty()).then(|| def.aliases.join(", "))
}
