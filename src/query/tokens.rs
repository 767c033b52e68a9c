//! Classifies the words and signs of a filter text for syntax highlighting.

#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::query::bare;
use crate::query::lex::{self, Lexeme, LexemeKind};
use crate::query::operators::{Operator, OperatorPosition};
use crate::query::parse;
use crate::query::print::RESERVED;
use crate::query::{time, value};
use crate::schema::{self, Kind};

/// A highlighted piece of a filter text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// In bytes of the filter text.
    pub span: Range<usize>,
    pub(crate) class: TokenClass,
}

/// The class of a token, for highlighting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenClass {
    Space,
    Comment,
    Field,
    /// An operator between a field and a value.
    Operator,
    Value,
    /// A keyword: `and`, `src`, `exists`, `last`.
    Keyword,
    /// A text in quotes or a regular expression.
    Text,
    /// A bracket, a comma, the colon of `dport:443`.
    Punctuation,
    /// A word or sign without a meaning.
    Error,
}

/// The tokens of `text`, which cover all of it.
///
/// The columns of files are not known here: any word before an operator is a field.
pub fn tokens(text: &str) -> Vec<Token> {
    let lexemes = lex::lex(text);
    let mut tokens = Vec::with_capacity(lexemes.len());
    let mut before = Before::Start;
    // Whether the innermost brackets hold a set.
    let mut sets = Vec::new();
    for (index, lexeme) in lexemes.iter().enumerate() {
        let in_set = sets.last() == Some(&true);
        let rest = lexemes.get(index + 1..).unwrap_or_default();
        let next = rest.iter().find(|next| next.kind != LexemeKind::Space);
        let class = match lexeme.kind {
            LexemeKind::Space => TokenClass::Space,
            LexemeKind::Comment => TokenClass::Comment,
            LexemeKind::Quoted { .. } | LexemeKind::Pattern { .. } => TokenClass::Text,
            LexemeKind::Name { .. } => TokenClass::Field,
            LexemeKind::Comma => TokenClass::Punctuation,
            LexemeKind::Open(_) => {
                sets.push(matches!(before, Before::Field | Before::Operator));
                TokenClass::Punctuation
            }
            LexemeKind::Close(_) => {
                sets.pop();
                TokenClass::Punctuation
            }
            LexemeKind::Symbol(operator) => class_of(operator),
            // The value of a field, or a saved filter.
            LexemeKind::Dollar { .. } => TokenClass::Value,
            LexemeKind::Stray => TokenClass::Error,
            LexemeKind::Word => {
                if let Some(colon) =
                    short(lexeme.text).filter(|_| !in_set && before != Before::Operator)
                {
                    tokens.extend(split(lexeme, colon));
                    before = Before::Value;
                    continue;
                }
                let leads = tokens
                    .iter()
                    .all(|token: &Token| token.class == TokenClass::Space)
                    && parse::LEADING
                        .iter()
                        .any(|w| w.eq_ignore_ascii_case(lexeme.text));
                match word(lexeme, before, in_set, next) {
                    TokenClass::Error | TokenClass::Value if leads => TokenClass::Keyword,
                    // The word at the cursor is not wrong yet.
                    TokenClass::Error if rest.is_empty() => TokenClass::Value,
                    class => class,
                }
            }
        };
        before = match lexeme.operator().map(|operator| operator.def().position) {
            Some(OperatorPosition::BeforeTime) => Before::Operator,
            _ => before.after(class),
        };
        tokens.push(Token {
            span: lexeme.span.clone(),
            class,
        });
    }
    tokens
}

/// The kind of the last token, which decides what the next one is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Start,
    Field,
    Operator,
    Value,
}

impl Before {
    fn after(self, class: TokenClass) -> Self {
        match class {
            TokenClass::Space | TokenClass::Comment => self,
            TokenClass::Field => Self::Field,
            TokenClass::Operator => Self::Operator,
            TokenClass::Value | TokenClass::Text => Self::Value,
            // A value after a comma continues the list.
            TokenClass::Punctuation if self == Self::Value => Self::Value,
            TokenClass::Keyword | TokenClass::Punctuation | TokenClass::Error => Self::Start,
        }
    }
}

fn class_of(operator: Operator) -> TokenClass {
    match operator.def().position {
        OperatorPosition::Comparing => TokenClass::Operator,
        OperatorPosition::Joining
        | OperatorPosition::Negating
        | OperatorPosition::BeforeField
        | OperatorPosition::AfterField
        | OperatorPosition::BeforeTime => TokenClass::Keyword,
    }
}

fn word(
    lexeme: &Lexeme<'_>,
    before: Before,
    in_set: bool,
    next: Option<&Lexeme<'_>>,
) -> TokenClass {
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
            (true, _) if !in_set => TokenClass::Field,
            (_, true) if !in_set => TokenClass::Keyword,
            _ => TokenClass::Value,
        };
    }
    let function = parse::is_function(text)
        && next.is_some_and(|next| matches!(next.kind, LexemeKind::Open(_)));
    if function || RESERVED.iter().any(|word| word.eq_ignore_ascii_case(text)) {
        return TokenClass::Keyword;
    }
    let compared = next
        .and_then(Lexeme::operator)
        .is_some_and(|operator| operator.def().position == OperatorPosition::Comparing);
    if field || compared {
        return TokenClass::Field;
    }
    let goes_on = before == Before::Value
        && (value::is_unit(Kind::Duration, text)
            || value::is_unit(Kind::Number, text)
            || time::is_clock(text));
    if goes_on || before == Before::Field || bare::is_value(text) {
        return TokenClass::Value;
    }
    let masks = ["mask", "netmask"]
        .iter()
        .any(|w| w.eq_ignore_ascii_case(text));
    if masks {
        TokenClass::Keyword
    } else {
        TokenClass::Error
    }
}

/// The byte of the colon in `dport:443`.
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
        (start..colon, TokenClass::Field),
        (colon..colon + 1, TokenClass::Punctuation),
        (colon + 1..lexeme.span.end, TokenClass::Value),
    ];
    parts
        .into_iter()
        .filter(|(span, _)| !span.is_empty())
        .map(|(span, class)| Token { span, class })
}
