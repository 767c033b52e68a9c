//! Reads a calculation from the text of a filter: fields and numbers with signs between them, with or without spaces.

use std::ops::Range;

use crate::query::lex::ends_word;
use crate::query::parse::qualified;
use crate::query::value;
use crate::schema::{FieldId, Kind, protocol};
use crate::store::Catalog;

/// The signs of arithmetic.
const SIGNS: [char; 5] = ['+', '-', '*', '/', '%'];
/// Bounds the work on a long text.
const MAX_TERMS: usize = 16;
/// The longest word that is read as a term.
const MAX_TERM_BYTES: usize = 64;

/// A term of a calculation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Term<'a> {
    /// A field of numbers or times.
    Field(FieldId),
    /// A number, with or without a unit.
    Number(&'a str),
    /// A value that was parsed before.
    Value,
}

/// A sign between two terms.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sign {
    pub(super) symbol: char,
    pub(super) at: usize,
    /// Whether a space is before it and none after it.
    leading: bool,
}

/// At least two terms with signs between them.
#[derive(Debug)]
pub(super) struct Calculation<'a> {
    pub(super) terms: Vec<Term<'a>>,
    /// One less than terms.
    pub(super) signs: Vec<Sign>,
    /// The calculation without spaces, with AWS's names: `bytes*8/(end-start)`.
    pub(super) formula: String,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether a `-` alone follows.
    before_hyphen: bool,
    /// Whether it closes parentheses that start before it.
    pub(super) leaves: bool,
}

impl Calculation<'_> {
    pub(super) fn first_sign(&self) -> char {
        self.signs[0].symbol
    }

    /// Whether the first sign is a hyphen that belongs to the word after it, as in `-15m`.
    pub(super) fn has_leading_hyphen(&self) -> bool {
        self.first_sign() == '-' && self.signs[0].leading
    }

    /// Whether a field follows the first sign.
    pub(super) fn has_field(&self) -> bool {
        let mut rest = self.terms.iter().skip(1);
        rest.any(|term| matches!(term, Term::Field(_)))
    }

    /// Whether it has the form `srcport - dstport -`, which asks for missing values.
    pub(super) fn is_all_missing(&self) -> bool {
        let fields = self.terms.iter().all(|term| matches!(term, Term::Field(_)));
        fields && self.has_hyphens_only() && self.before_hyphen
    }

    /// Whether it may be a range or a date: `22 - 80`, `2026-11-23`.
    pub(super) fn is_range(&self) -> bool {
        let numbers = self
            .terms
            .iter()
            .all(|term| matches!(term, Term::Number(_)));
        numbers && self.has_hyphens_only()
    }

    fn has_hyphens_only(&self) -> bool {
        self.signs.iter().all(|sign| sign.symbol == '-')
    }
}

/// Whether values of a kind are numbers.
pub(super) fn is_numeric(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Number | Kind::Duration | Kind::Time | Kind::Port
    )
}

/// Reads a text from a byte on.
pub(super) struct Reader<'a> {
    text: &'a str,
    pub(super) at: usize,
    catalog: &'a Catalog,
    /// Whether names of services are numbers too.
    pub(super) ports: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, at: usize, catalog: &'a Catalog) -> Self {
        Self {
            text,
            at,
            catalog,
            ports: false,
        }
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn slice(&self, range: Range<usize>) -> Option<&'a str> {
        self.text.get(range)
    }

    /// Skips white space and brackets, and returns the number of brackets.
    pub(super) fn skip(&mut self, bracket: char) -> usize {
        let mut found = 0;
        for c in self.rest().chars() {
            if c != bracket && !c.is_whitespace() {
                break;
            }
            found += usize::from(c == bracket);
            self.at += c.len_utf8();
        }
        found
    }

    /// The field or the number here. A hyphen may be part of a name, so the longest prefix of the word that is a term
    /// counts.
    pub(super) fn term(&mut self) -> Option<Term<'a>> {
        let rest = self.rest();
        let ends = |c: char| ends_word(c) || SIGNS.contains(&c) && c != '-';
        let word = rest.get(..rest.find(ends).unwrap_or(rest.len()))?;
        if word.len() > MAX_TERM_BYTES {
            return None;
        }
        let hyphens = word.rmatch_indices('-').map(|(at, _)| at);
        let mut beginnings = std::iter::once(word.len())
            .chain(hyphens)
            .filter_map(|end| word.get(..end));
        let (term, length) = beginnings.find_map(|word| Some((self.term_of(word)?, word.len())))?;
        self.at += length;
        Some(term)
    }

    fn term_of(&self, word: &'a str) -> Option<Term<'a>> {
        if word.starts_with('-') || word.ends_with('-') {
            return None;
        }
        let digit = word.starts_with(|c: char| c.is_ascii_digit());
        let number = digit && (value::number(word).is_ok() || value::seconds(word).is_ok());
        if number || self.ports && protocol::port(word).is_some() {
            return Some(Term::Number(word));
        }
        let field = self
            .catalog
            .lookup(word)
            .or_else(|| qualified(word).map(|(_, field)| field))?;
        is_numeric(field.kind()).then_some(Term::Field(field))
    }

    /// The calculation that goes on here after its first term, which starts at `start`.
    pub(super) fn calculation(&mut self, start: usize, first: Term<'a>) -> Option<Calculation<'a>> {
        let mut found = Calculation {
            terms: vec![first],
            signs: Vec::new(),
            formula: self.name(first),
            start,
            end: self.at,
            before_hyphen: false,
            leaves: false,
        };
        let mut open = 0;
        while found.terms.len() < MAX_TERMS {
            let before = self.at;
            let closing = self.skip(')');
            let closed = closing.min(open);
            let Some(sign) = self.sign(before) else {
                break;
            };
            let opened = self.skip('(');
            let Some(term) = self.term() else {
                found.before_hyphen = sign.symbol == '-' && !sign.leading;
                break;
            };
            open = open - closed + opened;
            found.leaves |= closing > closed;
            found.formula.push_str(&")".repeat(closed));
            found.formula.push(sign.symbol);
            found.formula.push_str(&"(".repeat(opened));
            found.formula.push_str(&self.name(term));
            found.terms.push(term);
            found.signs.push(sign);
            found.end = self.at;
        }
        if found.signs.is_empty() {
            return None;
        }
        self.at = found.end;
        let closed = self.skip(')').min(open);
        if closed > 0 {
            found.formula.push_str(&")".repeat(closed));
            found.end = self.at;
        }
        Some(found)
    }

    /// The sign here; `before` is where the term before it ends.
    fn sign(&mut self, before: usize) -> Option<Sign> {
        let mut rest = self.rest().chars();
        let symbol = rest.next().filter(|c| SIGNS.contains(c))?;
        let at = self.at;
        self.at += symbol.len_utf8();
        let spaced = rest.next().is_none_or(char::is_whitespace);
        Some(Sign {
            symbol,
            at,
            leading: before < at && !spaced,
        })
    }

    fn name(&self, term: Term<'_>) -> String {
        match term {
            Term::Field(field) => self.catalog.name(field),
            Term::Number(text) => text.to_owned(),
            Term::Value => "?".to_owned(),
        }
    }
}
