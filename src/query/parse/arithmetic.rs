//! Detects arithmetic, which filters do not have (`end - start`, `bytes/packets`, `10 * 1000`), and suggests a filter.
//!
//! It searches the text rather than the lexemes, because these depend on spaces: `bytes/packets` is one word, a `/`
//! after a space starts a regular expression, and a `-` alone is a missing value.

mod instead;
mod read;

use std::ops::Range;

use self::instead::{About, instead};
use self::read::{Calculation, Reader, Term, is_numeric};
use super::Parser;
use crate::query::bare;
use crate::query::diagnostic::Problem;
use crate::query::lex::{Bracket, Lexeme, LexemeKind};
use crate::query::operators::Operator;
use crate::query::other_dialects::NO_ARITHMETIC;
use crate::query::syntax::{Atom, AtomStyle, EndpointKind, Side, Subject, Tail, Target};
use crate::query::value;
use crate::schema::{self, FieldId, Kind, id};

impl<'a> Parser<'a> {
    /// Reports a calculation that starts with a number or with a word that is neither a field nor a value:
    /// `bytes/packets`, `10 * 1000`.
    pub(super) fn reports_calculation_at_word(&mut self, lexeme: &Lexeme<'a>) -> bool {
        let named = self.catalog.lookup(lexeme.text).is_some() && !lexeme.text.ends_with('-');
        if named {
            return false;
        }
        let mut reader = self.reader(lexeme.span.start);
        let Some(first) = reader.term() else {
            return false;
        };
        let glued = reader.at < lexeme.span.end;
        let Some(found) = reader.calculation(lexeme.span.start, first) else {
            return false;
        };
        let is_one = match first {
            Term::Field(_) => glued && !bare::is_value(lexeme.text) && !found.is_all_missing(),
            // `22 - 80` are ports, `10/8` is a network, and `22 /x/` has a regular expression.
            _ => match found.first_sign() {
                '-' => !found.has_leading_hyphen() && found.has_field(),
                sign => sign != '/',
            },
        };
        if is_one {
            self.report_arithmetic(&found, About::Nothing);
        }
        is_one
    }

    /// Reports a calculation that starts with `subject`: `end - start > 60`.
    pub(super) fn reports_calculation_at_subject(&mut self, subject: &Subject) -> bool {
        let Some(field) = field_of(subject).filter(|field| is_numeric(field.kind())) else {
            return false;
        };
        let mut reader = self.reader(subject.span.end);
        let Some(found) = reader.calculation(subject.span.start, Term::Field(field)) else {
            return false;
        };
        // `start -15m` is a time before the end of the data, and `srcport - dstport -` asks for two missing values.
        let time = field.kind() == Kind::Time && found.has_leading_hyphen() && !found.has_field();
        if time || found.is_all_missing() {
            return false;
        }
        self.report_arithmetic(&found, About::Nothing);
        true
    }

    /// Reports a calculation as a value: `bytes > 10 * 1000`.
    pub(super) fn reports_calculation_at_value(
        &mut self,
        subject: &Subject,
        operator: Operator,
    ) -> bool {
        let Some(field) = field_of(subject) else {
            return false;
        };
        let about = About::Compared {
            field,
            operator,
            from: subject.span.start,
        };
        self.reports_calculation(field.kind(), about)
    }

    /// Reports a calculation after a word such as `last`: `last 15 * 60`.
    pub(super) fn reports_calculation_at_time(&mut self, kind: Kind) -> bool {
        self.reports_calculation(kind, About::Value(kind))
    }

    fn reports_calculation(&mut self, kind: Kind, about: About) -> bool {
        let bracketed = self
            .peek()
            .is_some_and(|lexeme| lexeme.kind == LexemeKind::Open(Bracket::Round));
        let lexeme = self.peek_at(usize::from(bracketed));
        let Some(lexeme) = lexeme.filter(|lexeme| lexeme.kind == LexemeKind::Word) else {
            return false;
        };
        if !is_numeric(kind) {
            return false;
        }
        let from = lexeme.span.start;
        let mut reader = self.reader(from);
        reader.ports = kind == Kind::Port;
        let found = reader
            .term()
            .and_then(|first| reader.calculation(from, first));
        let Some(found) = found else {
            return false;
        };
        // `22 - 80` is a range and 2026-11-23 a day, except after `<` and `>`, which take neither.
        let counted = matches!(kind, Kind::Number | Kind::Duration);
        let range = found.is_range() && !(counted && about.is_ordered());
        if range || !self.calculates(&found) {
            return false;
        }
        self.report_arithmetic(&found, about);
        if bracketed {
            self.leave(Bracket::Round);
        }
        true
    }

    /// Reports what cannot follow a complete phrase: a sign of arithmetic, a number, or `*`.
    pub(super) fn reports_wrong_follower(&mut self, subject: &Subject, tail: &Tail) -> bool {
        let field = field_of(subject);
        let value = tail.values.last().filter(|_| !tail.bracketed);
        if let (Some(field), Some(value)) = (field, value)
            && is_numeric(field.kind())
        {
            let mut reader = self.reader(value.span.end);
            let found = reader.calculation(value.span.start, Term::Value);
            if let Some(found) = found.filter(|found| self.calculates(found)) {
                self.report_arithmetic(&found, About::Nothing);
                return true;
            }
        }
        if self.reports_star() {
            return true;
        }
        match field.filter(|field| value.is_some() && is_of_numbers(*field, tail)) {
            Some(field) => self.reports_second_number(field, tail, subject.span.start),
            None => false,
        }
    }

    /// Reports a `*` after a comparison.
    pub(super) fn reports_star(&mut self) -> bool {
        let star = self.peek().filter(|_| self.is_word(0, &["*"]));
        let Some(span) = star.map(|lexeme| lexeme.span.clone()) else {
            return false;
        };
        self.error(span, "* has no meaning after a comparison: remove it");
        true
    }

    /// Reports a second number after a comparison of numbers.
    fn reports_second_number(&mut self, field: FieldId, tail: &Tail, from: usize) -> bool {
        let Some(lexeme) = self.peek().filter(|lexeme| lexeme.kind == LexemeKind::Word) else {
            return false;
        };
        let digit = lexeme.text.starts_with(|c: char| c.is_ascii_digit());
        // `1024 - 65535` and `1024 .. 65535` can only be ports.
        let range = self.is_word(1, &["-", ".."]);
        if !digit || range || value::number(lexeme.text).is_err() {
            return false;
        }
        let (at, number) = (lexeme.span.clone(), lexeme.text);
        let name = self.catalog.name(field);
        let slice = |range: Range<usize>| self.text.get(range).unwrap_or_default();
        let values: Vec<&str> = tail
            .values
            .iter()
            .map(|atom| slice(atom.span.clone()))
            .collect();
        let end = tail.values.last().map_or(from, |atom| atom.span.end);
        let not = tail.negated != (tail.operator() == Operator::NotEqual);
        let (span, why, instead) = match tail.operator() {
            _ if number == "000" => {
                let joined = format!("{}{number}", slice(from..end));
                (from..at.end, "a number cannot contain spaces", joined)
            }
            Operator::Equal | Operator::NotEqual => {
                let not = if not { "not " } else { "" };
                let set = format!("{name} {not}in {{{}, {number}}}", values.join(", "));
                (from..at.end, "several values need braces", set)
            }
            _ => {
                let why = "a number after a comparison needs its own field";
                (at, why, format!("port {number}"))
            }
        };
        let problem = Problem::new(format!("{why}: write {instead}"));
        self.report(span, problem.suggest(instead));
        true
    }

    /// Whether the signs after a value are a calculation. `-port` is not (in search engines it means `not port`), nor is
    /// a regular expression.
    fn calculates(&self, found: &Calculation<'_>) -> bool {
        match found.first_sign() {
            '-' => !(found.has_leading_hyphen() && found.has_field()),
            '/' => self.is_division(found.signs[0].at),
            _ => true,
        }
    }

    /// Whether the slash at a byte divides. If it starts a regular expression, it divides only if the closing slash would
    /// too: `bytes > 100 / 8 and packets > 20 / 2`.
    fn is_division(&self, at: usize) -> bool {
        let place = self
            .lexemes
            .binary_search_by_key(&at, |lexeme| lexeme.span.start);
        let lexeme = place.ok().and_then(|place| self.lexemes.get(place));
        let Some(lexeme) =
            lexeme.filter(|lexeme| matches!(lexeme.kind, LexemeKind::Pattern { .. }))
        else {
            return true;
        };
        let spaced = |c: char| c.is_whitespace();
        if lexeme.kind == (LexemeKind::Pattern { closed: false }) {
            return lexeme
                .text
                .strip_prefix('/')
                .is_some_and(|text| text.starts_with(spaced));
        }
        let (source, letters) = lexeme.pattern_text();
        let is_term = |word: Option<&str>| {
            word.is_some_and(|word| Reader::new(word, 0, self.catalog).term().is_some())
        };
        let behind = match letters {
            "" => self.text.get(lexeme.span.end..).map(str::trim_start),
            letters => Some(letters),
        };
        is_term(source.rsplit(spaced).find(|word| !word.is_empty())) && is_term(behind)
    }

    fn report_arithmetic(&mut self, found: &Calculation<'a>, about: About) {
        let instead = instead(found, about, self.text, self.catalog);
        let (mut span, problem) = if let Some(instead) = instead {
            let message = format!("{NO_ARITHMETIC}: write {}{}", instead.filter, instead.note);
            (instead.span, Problem::new(message).suggest(instead.filter))
        } else {
            let message =
                format!("{NO_ARITHMETIC}: compare a field with a value or with another field");
            (found.start..found.end, Problem::new(message))
        };
        // After a value, an unclosed slash may start a regular expression that extends to the end of the text.
        let is_value = !matches!(about, About::Nothing) || found.terms[0] == Term::Value;
        let unclosed = self.lexemes.last().filter(|lexeme| {
            is_value
                && lexeme.kind == (LexemeKind::Pattern { closed: false })
                && lexeme.span.start == found.signs[0].at
        });
        if let Some(pattern) = unclosed {
            span.end = pattern.span.end;
        }
        self.report(span, problem);
        // In `(end - start) > 60`, the comparison belongs to the calculation in parentheses.
        let mut reader = self.reader(found.end);
        let compared = reader.skip(')') > 0 && reader.rest().starts_with(['<', '>', '=', '!']);
        if compared || found.leaves {
            self.give_up();
        }
        while self
            .peek()
            .is_some_and(|lexeme| lexeme.span.start < found.end)
        {
            self.at += 1;
        }
    }

    fn reader(&self, at: usize) -> Reader<'a> {
        Reader::new(self.text, at, self.catalog)
    }
}

/// The single field of a phrase.
fn field_of(subject: &Subject) -> Option<FieldId> {
    match &subject.target {
        Target::Field { name, .. } => Some(name.field),
        Target::Side(side, Some(EndpointKind::Port)) => Some(match side {
            Side::Source => id::SRCPORT,
            Side::Destination => id::DSTPORT,
            Side::Either | Side::Both => id::PORT,
        }),
        Target::Side(..) => None,
    }
}

/// Whether `tail` compares numbers, so that another number after them may belong to them. Two ports side by side do not.
fn is_of_numbers(field: FieldId, tail: &Tail) -> bool {
    let equal = matches!(
        tail.operator(),
        Operator::Equal | Operator::NotEqual | Operator::In
    );
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let number = |text: &str| value::number(text).is_ok() || value::seconds(text).is_ok();
    let is_one = |atom: &Atom| match atom.style {
        AtomStyle::Word if field.kind() == Kind::Time => digits(&atom.text),
        AtomStyle::Word => {
            atom.text.split("..").all(number) || schema::lookup(&atom.text).is_some()
        }
        _ => true,
    };
    let numbers = match field.kind() {
        Kind::Number | Kind::Duration | Kind::Time => true,
        Kind::Port => !equal,
        _ => false,
    };
    numbers && tail.values.iter().all(is_one)
}
