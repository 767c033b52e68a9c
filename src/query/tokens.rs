//! The pieces of a filter text by what they are, for colouring it while it is typed.

#[cfg(test)]
mod tests;

use std::ops::Range;

use super::bare;
use super::lex::{self, Lexeme, Shape};
use super::operators::{Operator, Place};
use super::parse;
use super::print::RESERVED;
use super::{time, value};
use crate::schema::{self, Kind};

/// A piece of a filter text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Which bytes.
    pub span: Range<usize>,
    /// What they are.
    pub class: Class,
}

/// What a piece of a filter text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// White space.
    Space,
    /// A comment.
    Comment,
    /// The name of a field.
    Field,
    /// What compares a field with a value.
    Operator,
    /// A value.
    Value,
    /// A word of the language: `and`, `src`, `exists`, `last`.
    Keyword,
    /// A text in quotes or a regular expression.
    Text,
    /// A bracket, a comma, the colon of `dport:443`.
    Punctuation,
    /// What cannot be right.
    Error,
}

/// The pieces of `text`, which together are the whole of it.
///
/// Nothing is known here of the columns of files: a word before an operator passes for a field.
pub fn tokens(text: &str) -> Vec<Token> {
    let lexemes = lex::lex(text);
    let mut tokens = Vec::with_capacity(lexemes.len());
    let mut before = Before::Start;
    // Whether the innermost brackets hold a set.
    let mut sets = Vec::new();
    for (index, lexeme) in lexemes.iter().enumerate() {
        let in_set = sets.last() == Some(&true);
        let rest = lexemes.get(index + 1..).unwrap_or_default();
        let next = rest.iter().find(|next| next.shape != Shape::Space);
        let class = match lexeme.shape {
            Shape::Space => Class::Space,
            Shape::Comment => Class::Comment,
            Shape::Quoted { .. } | Shape::Pattern { .. } => Class::Text,
            Shape::Name { .. } => Class::Field,
            Shape::Comma => Class::Punctuation,
            Shape::Open(_) => {
                sets.push(matches!(before, Before::Field | Before::Operator));
                Class::Punctuation
            }
            Shape::Close(_) => {
                sets.pop();
                Class::Punctuation
            }
            Shape::Symbol(operator) => class_of(operator),
            // The value of a field, or a filter that stands alone as a value does.
            Shape::Dollar { .. } => Class::Value,
            Shape::Stray => Class::Error,
            Shape::Word => {
                if let Some(colon) =
                    short(lexeme.text).filter(|_| !in_set && before != Before::Operator)
                {
                    tokens.extend(split(lexeme, colon));
                    before = Before::Value;
                    continue;
                }
                let leads = tokens
                    .iter()
                    .all(|token: &Token| token.class == Class::Space)
                    && parse::LEADING
                        .iter()
                        .any(|w| w.eq_ignore_ascii_case(lexeme.text));
                match word(lexeme, before, in_set, next) {
                    Class::Error | Class::Value if leads => Class::Keyword,
                    // The word that is being typed.
                    Class::Error if rest.is_empty() => Class::Value,
                    class => class,
                }
            }
        };
        before = match lexeme.operator().map(|operator| operator.def().place) {
            Some(Place::BeforeTime) => Before::Operator,
            _ => before.after(class),
        };
        tokens.push(Token {
            span: lexeme.span.clone(),
            class,
        });
    }
    tokens
}

/// What the last piece was, as far as it decides what the next one is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Start,
    Field,
    Operator,
    Value,
}

impl Before {
    fn after(self, class: Class) -> Self {
        match class {
            Class::Space | Class::Comment => self,
            Class::Field => Self::Field,
            Class::Operator => Self::Operator,
            Class::Value | Class::Text => Self::Value,
            // A value after a comma is in the list that was begun.
            Class::Punctuation if self == Self::Value => Self::Value,
            Class::Keyword | Class::Punctuation | Class::Error => Self::Start,
        }
    }
}

fn class_of(operator: Operator) -> Class {
    match operator.def().place {
        Place::Comparing => Class::Operator,
        Place::Joining
        | Place::Negating
        | Place::BeforeField
        | Place::AfterField
        | Place::BeforeTime => Class::Keyword,
    }
}

fn word(lexeme: &Lexeme<'_>, before: Before, in_set: bool, next: Option<&Lexeme<'_>>) -> Class {
    let text = lexeme.text;
    if let Some(operator) = lexeme.operator() {
        return class_of(operator);
    }
    let field = schema::lookup(text).is_some()
        || parse::qualified(text).is_some()
        || parse::flag_field(text).is_some()
        || text.eq_ignore_ascii_case(parse::LINE);
    if in_set || before == Before::Operator {
        let missing = parse::MISSING.iter().any(|w| w.eq_ignore_ascii_case(text));
        return match (field, missing) {
            (true, _) if !in_set => Class::Field,
            (_, true) if !in_set => Class::Keyword,
            _ => Class::Value,
        };
    }
    let function =
        parse::is_function(text) && next.is_some_and(|next| matches!(next.shape, Shape::Open(_)));
    if function || RESERVED.iter().any(|word| word.eq_ignore_ascii_case(text)) {
        return Class::Keyword;
    }
    let compared = next
        .and_then(Lexeme::operator)
        .is_some_and(|operator| operator.def().place == Place::Comparing);
    if field || compared {
        return Class::Field;
    }
    let goes_on = before == Before::Value
        && (value::is_unit(Kind::Duration, text)
            || value::is_unit(Kind::Number, text)
            || time::is_clock(text));
    if goes_on || before == Before::Field || bare::is_value(text) {
        return Class::Value;
    }
    let masks = ["mask", "netmask"]
        .iter()
        .any(|w| w.eq_ignore_ascii_case(text));
    if masks { Class::Keyword } else { Class::Error }
}

/// Where the colon of `dport:443` stands.
fn short(text: &str) -> Option<usize> {
    let colon = text.find(':')?;
    let name = text.get(..colon)?;
    let direction = ["src", "source", "dst", "destination"]
        .iter()
        .any(|word| word.eq_ignore_ascii_case(name));
    (direction || schema::lookup(name).is_some() || parse::qualified(name).is_some())
        .then_some(colon)
}

fn split(lexeme: &Lexeme<'_>, colon: usize) -> impl Iterator<Item = Token> {
    let start = lexeme.span.start;
    let colon = start + colon;
    let parts = [
        (start..colon, Class::Field),
        (colon..colon + 1, Class::Punctuation),
        (colon + 1..lexeme.span.end, Class::Value),
    ];
    parts
        .into_iter()
        .filter(|(span, _)| !span.is_empty())
        .map(|(span, class)| Token { span, class })
}
