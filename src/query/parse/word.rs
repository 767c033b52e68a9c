//! Parts of a filter that start with a word: a phrase, a function, a bare value.

use super::phrase::ParsedPhrase;
use super::{LINE, Parser, QUALIFIED, is_function, protocol_number};
use crate::query::diagnostic::Problem;
use crate::query::lex::{Lexeme, LexemeKind};
use crate::query::operators::{Operator, OperatorPosition};
use crate::query::syntax::Syntax;
use crate::query::{address, bare, suggest};
use crate::schema::Kind;

impl<'a> Parser<'a> {
    pub(super) fn word(&mut self, lexeme: &Lexeme<'a>) -> Option<Syntax> {
        match lexeme
            .operator()
            .map(|operator| (operator, operator.def().position))
        {
            Some((Operator::Exists, _)) => {
                self.at += 1;
                let field = self.field("a field")?;
                return (!self.reports_star()).then_some(Syntax::Exists(field));
            }
            Some((operator, OperatorPosition::BeforeTime)) => {
                self.at += 1;
                let what = match operator {
                    Operator::Last | Operator::First => "a duration, such as 15m",
                    _ => "a time, such as 17:00, 2026-11-23T17:00 or -15m",
                };
                let kind = match operator {
                    Operator::Last | Operator::First => Kind::Duration,
                    _ => Kind::Time,
                };
                if self.reports_calculation_at_time(kind) {
                    return None;
                }
                let mut atom = self.value(what)?;
                if kind == Kind::Duration {
                    self.unit(kind, &mut atom);
                }
                if self.reports_star() {
                    return None;
                }
                return Some(Syntax::Window(operator, atom));
            }
            // `contains('10.0.0.0/8', srcaddr)`.
            Some((_, OperatorPosition::Comparing)) if self.is_call() => {
                return self.call(lexeme).map(Syntax::Phrase);
            }
            Some(_) => {
                self.expected("a field or a value");
                return None;
            }
            None => {}
        }
        if self.reports_sign(lexeme) || self.reports_calculation_at_word(lexeme) {
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
            if address::family(lexeme.text).is_some() {
                // One primary, so that `not ip6 proto 17` negates all of it.
                let family = self.atom().map(Syntax::Bare)?;
                let rest = self.primary()?;
                return Some(Syntax::Group(Box::new(Syntax::All(vec![family, rest]))));
            }
        }
        match self.phrase() {
            ParsedPhrase::Phrase(phrase) => Some(Syntax::Phrase(phrase)),
            ParsedPhrase::Wrong => None,
            ParsedPhrase::Nothing if self.compares(1) => {
                self.report_compared_word(lexeme);
                None
            }
            ParsedPhrase::Nothing => self.bare(),
        }
    }

    /// A bare value, or several with commas, which mean `or`.
    fn bare(&mut self) -> Option<Syntax> {
        let mut parts = vec![self.atom().map(Syntax::Bare)?];
        while self
            .peek()
            .is_some_and(|lexeme| lexeme.kind == LexemeKind::Comma)
        {
            self.at += 1;
            parts.push(self.value("a value after the comma").map(Syntax::Bare)?);
        }
        if parts.len() == 1 {
            return parts.pop();
        }
        Some(Syntax::Group(Box::new(Syntax::Any(parts))))
    }

    /// Reports a sign before a filter, as in search engines.
    fn reports_sign(&mut self, lexeme: &Lexeme<'a>) -> bool {
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
        let problem = Problem::new(format!(
            "a filter cannot begin with {sign}: write {instead}"
        ));
        self.report(lexeme.span.clone(), problem.suggest(instead));
        true
    }

    /// Reports a word that is compared and is not a field.
    fn report_compared_word(&mut self, lexeme: &Lexeme<'a>) {
        if self.is_full() {
            return;
        }
        let problem = self.not_a_field(lexeme.text);
        // `443 in` may become `443 inbound`, and `reject &` may become `reject && ssh`: an operator at the end of the
        // text is part of what may still change.
        let end = match (self.peek_at(1), self.peek_at(2)) {
            (Some(operator), None) => operator.span.end,
            _ => lexeme.span.end,
        };
        self.report(lexeme.span.start..end, problem);
    }

    /// The problem with a word that is compared and is not a field.
    fn not_a_field(&self, text: &str) -> Problem {
        let texts = [Operator::Contains, Operator::Matches, Operator::Like];
        let searched = self.peek_at(1).and_then(Lexeme::operator);
        if text == "-" {
            return Problem::new("-> is not an operator: write src and dst before the addresses");
        }
        if bare::is_endpoint(text) {
            let field = if address::looks_like_address(text) {
                "addr"
            } else {
                "port"
            };
            let instead = format!("{field} {text}");
            return Problem::new(format!("put the field first: {instead}")).suggest(instead);
        }
        if searched.is_some_and(|operator| texts.contains(&operator))
            && protocol_number(text).is_some()
        {
            return Problem::new("to search the whole line, write only the text, in quotes");
        }
        if bare::is_value(text) {
            return Problem::new(format!("{text} is a value, not a field"));
        }
        suggest::unknown_field(text, self.catalog)
    }
}
