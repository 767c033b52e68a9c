//! Warns about words that neither a list nor a loaded file has, so that they select nothing.

#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::Arc;

use super::Checker;
use crate::query::diagnostic::Problem;
use crate::query::expression::{Name, Operand};
use crate::query::suggest;
use crate::query::syntax::{Atom, AtomStyle};
use crate::schema::Kind;

/// How many words of a field a message names.
const MAX_NAMED: usize = 6;
/// Among how many words of a field the nearest one is looked for.
const MAX_COMPARED: usize = 1_000;
/// How many words of a filter get a warning.
const MAX_WARNINGS: usize = 5;

impl Checker<'_> {
    /// The problem with a word that its field cannot have, as far as the loaded files and the lists tell.
    pub(super) fn unknown_word(&self, name: &Name, operand: &Operand) -> Option<Problem> {
        let (Operand::Word(word), kind) = (operand, name.field.kind()) else {
            return None;
        };
        if name.field.is_computed() || self.shared.unknown_words >= MAX_WARNINGS {
            return None;
        }
        let dictionary = self.context.catalog.dictionaries.of(name.field);
        if dictionary.find(word).is_some() {
            return None;
        }
        let is_loaded = !self.context.fields.is_empty();
        let is_closed = matches!(kind, Kind::Choice(_));
        // Of a field that no file has, a warning says so already.
        if !is_closed && (!is_loaded || dictionary.is_empty()) {
            return None;
        }
        let words = dictionary.first_words(MAX_COMPARED);
        let words: Vec<&str> = words.iter().map(Arc::as_ref).collect();
        let near = suggest::nearest(word, &words);
        let named = listed(&words, dictionary.len(), near);
        let message = if is_loaded {
            format!("no loaded file has {word} as {name}; there are: {named}")
        } else {
            format!("{name} can be: {named}")
        };
        let problem = Problem::new(message);
        Some(match near {
            Some(near) => problem.suggest(near),
            None => problem,
        })
    }

    /// Whether `atom` is the last word of the text and the beginning of a word that `name` can have.
    pub(super) fn is_unfinished_choice(&self, name: &Name, atom: &Atom) -> bool {
        let is_last = self.end == Some(atom.span.end) && atom.style == AtomStyle::Word;
        if !is_last || !matches!(name.field.kind(), Kind::Choice(_)) {
            return false;
        }
        let dictionary = self.context.catalog.dictionaries.of(name.field);
        let words = dictionary.first_words(MAX_COMPARED);
        words.iter().any(|word| {
            let head = word.get(..atom.text.len());
            head.is_some_and(|head| head.eq_ignore_ascii_case(&atom.text))
        })
    }

    /// Warns about the word at `span`.
    pub(super) fn warn_of_word(&mut self, span: &Range<usize>, problem: Problem) {
        self.shared.unknown_words += 1;
        self.warn(span, problem);
    }
}

/// The first of `words`, the nearest before the others, and how many more there are.
fn listed(words: &[&str], count: usize, near: Option<&str>) -> String {
    let others = words.iter().copied().filter(|word| Some(*word) != near);
    let named: Vec<&str> = near.into_iter().chain(others).take(MAX_NAMED).collect();
    let more = count - named.len();
    match more {
        0 => named.join(", "),
        _ => format!("{} and {more} more", named.join(", ")),
    }
}
