//! What begins with a word: a phrase, a function, a value that stands alone.

use super::super::diagnostic::Severity;
use super::super::lex::{Lexeme, Shape};
use super::super::operators::{Operator, Place};
use super::super::syntax::Syntax;
use super::super::{address, bare, suggest};
use super::phrase::Found;
use super::{DIAGNOSTICS, LINE, Parser, QUALIFIED, is_function, protocol_number};
use crate::schema::Kind;

impl<'a> Parser<'a> {
    /// What begins with a word: an operator before a field or a time, a phrase, or a value.
    pub(super) fn word(&mut self, lexeme: &Lexeme<'a>) -> Option<Syntax> {
        match lexeme
            .operator()
            .map(|operator| (operator, operator.def().place))
        {
            Some((Operator::Exists, _)) => {
                self.at += 1;
                let field = self.field("a field")?;
                return (!self.is_star()).then_some(Syntax::Exists(field));
            }
            Some((operator, Place::BeforeTime)) => {
                self.at += 1;
                let what = match operator {
                    Operator::Last | Operator::First => "a duration as 15m",
                    _ => "a time as 17:00, 2026-11-23T17:00 or -15m",
                };
                let kind = match operator {
                    Operator::Last | Operator::First => Kind::Duration,
                    _ => Kind::Time,
                };
                if self.time_is_calculation(kind) {
                    return None;
                }
                let mut atom = self.value(what)?;
                if kind == Kind::Duration {
                    self.unit(kind, &mut atom);
                }
                if self.is_star() {
                    return None;
                }
                return Some(Syntax::Window(operator, atom));
            }
            Some(_) => {
                self.expected("a field or a value");
                return None;
            }
            None => {}
        }
        if self.is_signed(lexeme) || self.word_is_calculation(lexeme) {
            return None;
        }
        if self.is_word(0, &[LINE]) && self.resolve(lexeme).is_none() {
            return self.whole_line(lexeme);
        }
        if self.is_call() && self.resolve(lexeme).is_none() && !bare::is_value(lexeme.text) {
            return self.call(lexeme).map(Syntax::Phrase);
        }
        if is_function(lexeme.text) && self.resolve(lexeme).is_none() {
            self.at += 1;
            self.expected("\"(\"");
            return None;
        }
        if self.is_word(1, &QUALIFIED) {
            if self.is_word(0, &["ip"]) {
                self.at += 1;
                return self.primary();
            }
            if bare::family(lexeme.text).is_some() {
                // One primary, so that `not ip6 proto 17` is about all of it.
                let family = self.atom().map(Syntax::Bare)?;
                let rest = self.primary()?;
                return Some(Syntax::Group(Box::new(Syntax::All(vec![family, rest]))));
            }
        }
        match self.phrase() {
            Found::Phrase(phrase) => Some(Syntax::Phrase(phrase)),
            Found::Wrong => None,
            Found::Nothing if self.compares(1) => {
                self.compared_word(lexeme);
                None
            }
            Found::Nothing => self.bare(),
        }
    }

    /// A value that stands alone, or several with commas between, one of which is to hold.
    fn bare(&mut self) -> Option<Syntax> {
        let mut parts = vec![self.atom().map(Syntax::Bare)?];
        while self
            .peek()
            .is_some_and(|lexeme| lexeme.shape == Shape::Comma)
        {
            self.at += 1;
            parts.push(self.value("a value after the comma").map(Syntax::Bare)?);
        }
        if parts.len() == 1 {
            return parts.pop();
        }
        Some(Syntax::Group(Box::new(Syntax::Any(parts))))
    }

    /// Says what is wrong with a sign before a filter, as search engines have it, where there is one.
    fn is_signed(&mut self, lexeme: &Lexeme<'a>) -> bool {
        let rest = lexeme.text.strip_prefix(['-', '+']);
        let named = |rest: &&str| rest.starts_with(|c: char| c.is_ascii_alphabetic());
        let Some(rest) = rest.filter(named) else {
            return false;
        };
        let (sign, instead) = if lexeme.text.starts_with('-') {
            ('-', format!("{} {rest}", Operator::Not.symbol()))
        } else {
            ('+', rest.to_owned())
        };
        let message = format!("{sign} means nothing before a filter: {instead}");
        self.report(Severity::Error, lexeme.span.clone(), message, Some(instead));
        true
    }

    /// Says what is wrong with a word that is compared and is no field.
    fn compared_word(&mut self, lexeme: &Lexeme<'a>) {
        if self.diagnostics.len() >= DIAGNOSTICS {
            return;
        }
        let (message, suggestion) = self.not_a_field(lexeme.text);
        // `443 in` may become `443 inbound`, and `reject &` a conjunction.
        let may_grow = self
            .peek_at(1)
            .is_some_and(|next| next.shape == Shape::Word || next.text == "&");
        let severity = if may_grow && self.is_last(self.at + 1) {
            Severity::Incomplete
        } else {
            Severity::Error
        };
        self.report(severity, lexeme.span.clone(), message, suggestion);
    }

    /// What to say of a word that is compared and is no field, and what to write instead.
    fn not_a_field(&self, text: &str) -> (String, Option<String>) {
        let texts = [Operator::Contains, Operator::Matches, Operator::Like];
        let searched = self.peek_at(1).and_then(Lexeme::operator);
        if text == "-" {
            return (
                "-> means nothing here: write src and dst before the addresses".into(),
                None,
            );
        }
        if bare::is_end(text) {
            let instead =
                Some(format!("addr {text}")).filter(|_| address::looks_like_address(text));
            let message = format!("a value stands behind its field: {text}");
            return (message, instead.or_else(|| Some(format!("port {text}"))));
        }
        if searched.is_some_and(|operator| texts.contains(&operator))
            && protocol_number(text).is_some()
        {
            return (
                "a text that stands alone is looked for in the whole line".into(),
                None,
            );
        }
        suggest::not_a_field(text, self.catalog)
    }
}
