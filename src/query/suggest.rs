//! What a word that nobody knows may have been meant as.

#[cfg(test)]
mod tests;

use std::ops::Range;

use super::begins;
use super::diagnostic::{Diagnostic, Severity};
use super::foreign;
use super::narrow;
use super::operators::{OPERATORS, Place};
use super::time;
use super::value;
use crate::schema::{self, FIELDS, FieldId, Kind, protocol};
use crate::store::Catalog;

/// The services that people meet stand first in their list; the others are too many to guess from.
const MET: usize = 280;
/// The protocols that people meet.
const PROTOCOLS: [&str; 8] = ["tcp", "udp", "icmp", "icmp6", "gre", "esp", "ah", "sctp"];

/// What to say of a word that is no field and no value. At the end of the text, where it could still become
/// something, it is not wrong yet.
pub(super) fn unknown(text: &str, span: Range<usize>, end: usize, catalog: &Catalog) -> Diagnostic {
    let unfinished = span.end >= end && begins::filter(text, catalog);
    let (message, suggestion) = foreign::word(text)
        .or_else(|| catalog.lookup(text).map(|_| no_value(text)))
        .or_else(|| guess(near(text, catalog).filter(|near| !unfinished || goes_on(text, near))))
        .or_else(|| guess(recorded(text, catalog)))
        .or_else(|| a_time(text))
        .or_else(|| foreign::layer(text))
        .unwrap_or_else(|| {
            let message = format!("not a field, an address, a port or a known word: {text}");
            (message, None)
        });
    Diagnostic {
        severity: if unfinished {
            Severity::Incomplete
        } else {
            Severity::Error
        },
        span,
        message,
        suggestion,
    }
}

/// What to say of a word that is compared and is no field, and what to write instead.
pub(super) fn not_a_field(text: &str, catalog: &Catalog) -> (String, Option<String>) {
    foreign::word(text)
        .or_else(|| guess(field(text, catalog)))
        .or_else(|| foreign::layer(text))
        .unwrap_or_else(|| (format!("not a field: {text}"), None))
}

/// Whether a longer word goes on as `text` begins.
fn goes_on(text: &str, word: &str) -> bool {
    schema::normalize(word).starts_with(&schema::normalize(text))
}

fn guess(near: Option<String>) -> Option<(String, Option<String>)> {
    near.map(|near| (format!("did you mean {near}?"), Some(near)))
}

/// The field or the word that is nearest to `text`, if one is near.
fn near(text: &str, catalog: &Catalog) -> Option<String> {
    field(text, catalog).or_else(|| {
        let flags = value::flag_list();
        let words: Vec<&str> = super::bare::words().chain(flags).chain(PROTOCOLS).collect();
        nearest(text, &words)
            .or_else(|| service(text))
            .map(str::to_owned)
    })
}

/// The service that is nearest to `text`, if one is near.
pub(super) fn service(text: &str) -> Option<&'static str> {
    let services: Vec<&str> = protocol::services().take(MET).collect();
    nearest(text, &services)
}

/// The protocol that is nearest to `text`, if one is near.
pub(super) fn protocol(text: &str) -> Option<&'static str> {
    nearest(text, &PROTOCOLS).or_else(|| nearest(text, &protocol::names().collect::<Vec<&str>>()))
}

/// The operator between a field and a value that is nearest to `text`, if one is near.
pub(super) fn operator(text: &str) -> Option<&'static str> {
    let comparing = OPERATORS.iter().filter(|def| def.place == Place::Comparing);
    let words: Vec<&str> = comparing
        .flat_map(|def| def.spellings.iter().copied())
        .filter(|word| word.len() > 2)
        .collect();
    nearest(text, &words)
}

/// Whether `one` is nearer to `text` than `other`.
pub(super) fn is_nearer(one: Option<&str>, text: &str, other: &str) -> bool {
    let letters = |text: &str| text.to_lowercase().chars().take(64).collect::<Vec<char>>();
    let far = |word: &str| distance(&letters(text), &letters(word));
    one.is_some_and(|one| far(one) < far(other))
}

/// What to say of a field at the place of a value.
fn no_value(text: &str) -> (String, Option<String>) {
    (format!("a field stands before its value: {text}"), None)
}

/// What to say of a time that stands alone.
fn a_time(text: &str) -> Option<(String, Option<String>)> {
    let (first, _) = text.split_once("..").unwrap_or((text, ""));
    time::is_point(first).then(|| {
        let message = "a time stands behind time, since, until or at".to_owned();
        (message, Some(format!("time {text}")))
    })
}

/// The filter for a word that stands in the records of one field.
fn recorded(text: &str, catalog: &Catalog) -> Option<String> {
    let texts = (0..FIELDS.len())
        .map(FieldId::from_index)
        .filter(|field| field.kind() == Kind::Text && !field.is_computed());
    let mut found = texts.filter(|field| catalog.dictionaries.of(*field).find(text).is_some());
    Some(narrow::term(catalog, found.next()?, text, true))
}

/// The field whose name is nearest to `text`, if one is near.
pub(super) fn field(text: &str, catalog: &Catalog) -> Option<String> {
    let wanted: Vec<char> = schema::normalize(text).chars().take(64).collect();
    let names = FIELDS.iter().flat_map(|def| {
        let spellings = std::iter::once(&def.name).chain(def.aliases);
        spellings.map(|spelling| (schema::normalize(spelling), def.name.to_owned()))
    });
    let extras = catalog
        .extra_names()
        .into_iter()
        .map(|name| (schema::normalize(&name), name));
    names
        .chain(extras)
        .map(|(spelling, name)| {
            (
                distance(&wanted, &spelling.chars().collect::<Vec<char>>()),
                spelling,
                name,
            )
        })
        .filter(|(distance, spelling, _)| *distance <= allowed(spelling.len().min(wanted.len())))
        .min_by_key(|(distance, _, _)| *distance)
        .map(|(_, _, name)| name)
}

/// The word of `words` that is nearest to `text`, if one is near.
pub(super) fn nearest<'a>(text: &str, words: &[&'a str]) -> Option<&'a str> {
    let wanted: Vec<char> = text.to_lowercase().chars().take(64).collect();
    let spelled = |word: &str| word.to_lowercase().chars().collect::<Vec<char>>();
    words
        .iter()
        .map(|word| (distance(&wanted, &spelled(word)), *word))
        .filter(|(distance, word)| *distance <= allowed(word.len().min(wanted.len())))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

fn allowed(length: usize) -> usize {
    match length {
        0..=2 => 0,
        3..=4 => 1,
        _ => 2,
    }
}

/// How many letters must be put in, taken out, changed or swapped with their neighbour.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let changed = row[j] + usize::from(x != y);
            let mut best = changed.min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                best = best.min(before[j - 1] + 1);
            }
            next.push(best);
        }
        before = row;
        row = next;
    }
    row[b.len()]
}
