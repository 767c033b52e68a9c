//! What a word that nobody knows may have been meant as.

#[cfg(test)]
mod tests;

use std::ops::Range;

use super::diagnostic::{Diagnostic, Severity};
use super::operators::OPERATORS;
use super::print::RESERVED;
use crate::schema::{self, FIELDS};
use crate::store::Catalog;

/// What to say of a word that is no field and no value. At the end of the text, where it could still become
/// something, it is not wrong yet.
pub(super) fn unknown(text: &str, span: Range<usize>, end: usize, catalog: &Catalog) -> Diagnostic {
    let unfinished = span.end >= end && begins_something(text, catalog);
    let near = field(text, catalog);
    let message = match &near {
        Some(name) => format!("did you mean {name}?"),
        None => format!("not a field, an address, a port or a known word: {text}"),
    };
    Diagnostic {
        severity: if unfinished {
            Severity::Incomplete
        } else {
            Severity::Error
        },
        span,
        message,
        suggestion: near,
    }
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

fn begins_something(text: &str, catalog: &Catalog) -> bool {
    let start = schema::normalize(text);
    if start.is_empty() {
        return false;
    }
    let fields = FIELDS
        .iter()
        .flat_map(|def| std::iter::once(&def.name).chain(def.aliases))
        .any(|name| schema::normalize(name).starts_with(&start));
    let words = OPERATORS
        .iter()
        .flat_map(|def| def.spellings)
        .chain(RESERVED);
    fields
        || words.into_iter().any(|word| word.starts_with(&start))
        || super::bare::words().any(|word| schema::normalize(word).starts_with(&start))
        || catalog
            .extra_names()
            .iter()
            .any(|name| schema::normalize(name).starts_with(&start))
}

/// Whether more letters could make the name of another field of `text`.
pub(super) fn begins_longer_field(text: &str, catalog: &Catalog) -> bool {
    let start = schema::normalize(text);
    let longer = |name: &str| {
        let name = schema::normalize(name);
        name.len() > start.len() && name.starts_with(&start)
    };
    let mut names = FIELDS
        .iter()
        .flat_map(|def| std::iter::once(&def.name).chain(def.aliases));
    names.any(|name| longer(name)) || catalog.extra_names().iter().any(|name| longer(name))
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
