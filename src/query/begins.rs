//! What a word at the end of a text may still become, so that nothing is called wrong while it is typed.

use super::address;
use super::bare;
use super::operators::{OPERATORS, Place};
use super::parse;
use super::print::RESERVED;
use super::value;
use crate::schema::{self, FIELDS, Kind, protocol};
use crate::store::Catalog;

/// The words that may stand after a direction.
const ENDS: [&str; 6] = ["port", "portrange", "host", "ip", "net", "addr"];

/// Whether a word with which a filter begins or goes on can begin with `text`.
pub(super) fn filter(text: &str, catalog: &Catalog) -> bool {
    let words = OPERATORS
        .iter()
        .flat_map(|def| def.spellings.iter().copied())
        .chain(RESERVED.iter().copied())
        .chain(parse::LEADING)
        .chain([parse::LINE, "mask", "-", ".."])
        .chain(parse::functions())
        .chain(bare::words())
        .chain(value::UNITS.iter().map(|(unit, _)| *unit))
        .chain(protocol::names())
        .chain(protocol::services());
    field(text, catalog)
        || any(text, words)
        || qualified(text)
        || value::begins_flags(text)
        || bare::begins_id(text)
        || address::begins(text)
        || ports(text)
}

/// Whether what may follow a field can begin with `text`, values left out.
pub(super) fn tail(text: &str, catalog: &Catalog) -> bool {
    let comparing = OPERATORS.iter().filter(|def| def.place == Place::Comparing);
    let words = comparing
        .flat_map(|def| def.spellings.iter().copied())
        .chain(["not", "or", "and"])
        .chain(parse::MISSING)
        .chain(parse::QUALIFIED)
        .chain(ENDS);
    any(text, words) || field(text, catalog)
}

/// Whether the name of a field can begin with `text`.
pub(super) fn field(text: &str, catalog: &Catalog) -> bool {
    names(text, catalog, 0)
}

/// Whether more letters could make the name of another field of `text`.
pub(super) fn longer_field(text: &str, catalog: &Catalog) -> bool {
    names(text, catalog, 1)
}

/// Whether a name of a field begins with `text` and is longer by `more` letters at least.
fn names(text: &str, catalog: &Catalog, more: usize) -> bool {
    let start = schema::normalize(text);
    let fits = |name: &str| {
        let name = schema::normalize(name);
        name.len() >= start.len() + more && name.starts_with(&start)
    };
    let mut known = FIELDS
        .iter()
        .flat_map(|def| std::iter::once(&def.name).chain(def.aliases));
    !start.is_empty()
        && (known.any(|name| fits(name)) || catalog.extra_names().iter().any(|name| fits(name)))
}

/// Whether one of `words` begins with `text`, in any case.
pub(super) fn any<'a>(text: &str, words: impl IntoIterator<Item = &'a str>) -> bool {
    !text.is_empty()
        && words.into_iter().any(|word| {
            let start = word.get(..text.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(text))
        })
}

/// `tcp.dst`, which may become `tcp.dstport`.
fn qualified(text: &str) -> bool {
    let Some((before, after)) = text.split_once('.') else {
        return false;
    };
    if protocol::number(before).is_none() {
        return false;
    }
    let fields = FIELDS
        .iter()
        .filter(|def| matches!(def.kind, Kind::Port | Kind::Flags));
    let names = fields.flat_map(|def| std::iter::once(&def.name).chain(def.aliases));
    let start = schema::normalize(after);
    let flags = parse::FLAG_FIELDS
        .iter()
        .map(|(name, _)| format!("flags.{name}"));
    after.is_empty()
        || names
            .into_iter()
            .any(|name| schema::normalize(name).starts_with(&start))
        || flags.into_iter().any(|name| name.starts_with(&start))
}

/// Whether the name of a protocol can begin with `text`.
pub(super) fn protocol(text: &str) -> bool {
    any(text.strip_prefix('\\').unwrap_or(text), protocol::names())
}

/// Whether a port or a service can begin with `text`.
pub(super) fn port(text: &str) -> bool {
    any(text, protocol::services()) || ports(text)
}

/// `8000-` and `8000..`, which may become ranges of ports.
fn ports(text: &str) -> bool {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let rest = text.strip_prefix(digits).unwrap_or_default();
    value::port(digits).is_ok() && ["-", ".", ".."].contains(&rest)
}
