//! Suggestions for unknown words.

#[cfg(test)]
mod tests;

use strsim::osa_distance;

use crate::query::bare;
use crate::query::diagnostic::Problem;
use crate::query::operators::{OPERATORS, OperatorPosition};
use crate::query::other_dialects;
use crate::query::print;
use crate::query::time;
use crate::query::value;
use crate::schema::{self, FIELDS, FieldId, Kind, protocol};
use crate::store::Catalog;

/// The common services are first in their list; the rest is too long to guess from.
const COMMON_SERVICES: usize = 280;
const COMMON_PROTOCOLS: [&str; 8] = ["tcp", "udp", "icmp", "icmp6", "gre", "esp", "ah", "sctp"];
/// Longer words are compared by their beginnings.
const MAX_CHARS: usize = 64;
/// Shorter words are a prefix of too many others.
const MIN_PREFIX: usize = 3;

/// The problem with a word that is neither a field nor a value.
pub(super) fn unknown(text: &str, catalog: &Catalog) -> Problem {
    recorded_choice(text, catalog)
        .map(Problem::did_you_mean)
        .or_else(|| other_dialects::word(text))
        .or_else(|| {
            catalog
                .lookup(text)
                .map(|_| Problem::new(format!("expected a value after the field {text}")))
        })
        .or_else(|| protocol_prefix(text))
        .or_else(|| near(text, catalog).map(Problem::did_you_mean))
        .or_else(|| recorded(text, catalog).map(Problem::did_you_mean))
        .or_else(|| time_alone(text))
        .or_else(|| other_dialects::layer(text))
        .unwrap_or_else(|| {
            Problem::new(format!("not a field, address, port or known word: {text}"))
        })
}

/// The problem with a word that is used as a field and is none.
pub(super) fn unknown_field(text: &str, catalog: &Catalog) -> Problem {
    other_dialects::word(text)
        .or_else(|| field(text, catalog).map(Problem::did_you_mean))
        .or_else(|| other_dialects::layer(text))
        .unwrap_or_else(|| Problem::new(format!("unknown field: {text}")))
}

/// The field or the word that is closest to `text`, if one is close.
fn near(text: &str, catalog: &Catalog) -> Option<String> {
    let words = bare::words()
        .chain(value::flag_list())
        .chain(COMMON_PROTOCOLS)
        .chain(protocol::services().take(COMMON_SERVICES))
        .map(|word| (word.to_lowercase(), word.to_owned()));
    let fields = ranked(schema::normalize(text), field_spellings(catalog));
    best(fields.chain(ranked(text.to_lowercase(), words)))
}

/// The service that is closest to `text`, if one is close.
pub(super) fn service(text: &str) -> Option<&'static str> {
    let services: Vec<&str> = protocol::services().take(COMMON_SERVICES).collect();
    nearest(text, &services)
}

/// The protocol that is closest to `text`, if one is close.
pub(super) fn protocol(text: &str) -> Option<&'static str> {
    nearest(text, &COMMON_PROTOCOLS)
        .or_else(|| nearest(text, &protocol::names().collect::<Vec<&str>>()))
}

/// The operator between a field and a value that is closest to `text`, if one is close.
pub(super) fn operator(text: &str) -> Option<&'static str> {
    let comparing = OPERATORS
        .iter()
        .filter(|def| def.position == OperatorPosition::Comparing);
    let words: Vec<&str> = comparing
        .flat_map(|def| def.spellings.iter().copied())
        .filter(|word| word.len() > 2)
        .collect();
    nearest(text, &words)
}

/// Whether `one` is closer to `text` than `other`.
pub(super) fn is_nearer(one: Option<&str>, text: &str, other: &str) -> bool {
    let distance = |word: &str| {
        let (text, word) = (shortened(text), shortened(word));
        osa_distance(&text.to_lowercase(), &word.to_lowercase())
    };
    one.is_some_and(|one| distance(one) < distance(other))
}

/// The problem with a time that has no word before it.
fn time_alone(text: &str) -> Option<Problem> {
    let (first, _) = text.split_once("..").unwrap_or((text, ""));
    time::is_point(first).then(|| {
        Problem::new("write since, until, at or time before a time").suggest(format!("time {text}"))
    })
}

/// The problem with `tcp.`, after which a field is missing.
fn protocol_prefix(text: &str) -> Option<Problem> {
    let number = protocol::number(text.strip_suffix('.')?)?;
    protocol::has_ports(number.into())
        .then(|| Problem::new(format!("expected a field after {text}, such as {text}port")))
}

/// The filter for a word that some record has in a field with a list of words.
fn recorded_choice(text: &str, catalog: &Catalog) -> Option<String> {
    let choices = (0..FIELDS.len())
        .map(FieldId::from_index)
        .filter(|field| matches!(field.kind(), Kind::Choice(_)) && !field.is_computed());
    let mut found = choices.filter(|field| catalog.dictionaries.of(*field).find(text).is_some());
    Some(print::term(catalog, found.next()?, text, true))
}

/// The filter for a word that some record has in a field of text.
fn recorded(text: &str, catalog: &Catalog) -> Option<String> {
    let texts = (0..FIELDS.len())
        .map(FieldId::from_index)
        .filter(|field| field.kind() == Kind::Text && !field.is_computed());
    let mut found = texts.filter(|field| catalog.dictionaries.of(*field).find(text).is_some());
    Some(print::term(catalog, found.next()?, text, true))
}

/// The field whose name is closest to `text`, if one is close.
pub(super) fn field(text: &str, catalog: &Catalog) -> Option<String> {
    best(ranked(schema::normalize(text), field_spellings(catalog)))
}

/// Every spelling of every field as [`schema::normalize`] writes it, and the name of the field.
fn field_spellings(catalog: &Catalog) -> impl Iterator<Item = (String, String)> {
    let names = FIELDS.iter().flat_map(|def| {
        let spellings = std::iter::once(&def.name).chain(def.aliases);
        spellings.map(|spelling| (schema::normalize(spelling), def.name.to_owned()))
    });
    let extras = catalog
        .extra_names()
        .into_iter()
        .map(|name| (schema::normalize(&name), name));
    names.chain(extras)
}

/// The word of `words` that is closest to `text`, if one is close.
pub(super) fn nearest<'a>(text: &str, words: &[&'a str]) -> Option<&'a str> {
    let spelled = words.iter().map(|word| (word.to_lowercase(), *word));
    best(ranked(text.to_lowercase(), spelled))
}

/// How close a word is to what was typed: words that begin with it come first, those that lack the fewest letters
/// before others; then words with typing errors, those with the fewest before others.
type Rank = (bool, usize);

/// The words of which `typed` may be the beginning or a misspelling, by their spellings in lower case.
fn ranked<T>(
    typed: String,
    spellings: impl Iterator<Item = (String, T)>,
) -> impl Iterator<Item = (Rank, T)> {
    spellings.filter_map(move |(spelling, word)| {
        let typed = shortened(&typed);
        if typed.len() >= MIN_PREFIX && spelling.starts_with(typed) {
            return Some(((false, spelling.len()), word));
        }
        let length = typed.chars().count();
        let max_errors = match length.min(spelling.len()) {
            0..=2 => 0,
            3..=4 => 1,
            _ => 2,
        };
        // Words of other lengths have more errors, and counting them takes time.
        if length.abs_diff(spelling.chars().count()) > max_errors {
            return None;
        }
        let errors = osa_distance(typed, &spelling);
        (errors <= max_errors).then_some(((true, errors), word))
    })
}

fn best<T>(ranked: impl Iterator<Item = (Rank, T)>) -> Option<T> {
    ranked.min_by_key(|(rank, _)| *rank).map(|(_, word)| word)
}

/// The first characters of a word, which may be as long as a filter.
fn shortened(word: &str) -> &str {
    let end = word
        .char_indices()
        .nth(MAX_CHARS)
        .map_or(word.len(), |(at, _)| at);
    word.get(..end).unwrap_or_default()
}
