//! Arithmetic, which filters do not have: finds `end - start`, `bytes/packets` and `10 * 1000`, and says what to write.
//!
//! It is looked for in the text and not among the lexemes, because these depend on the spaces: `bytes/packets` is one
//! word, a `/` behind a space begins a regular expression, and a `-` alone is a missing value.

mod instead;
mod read;

use std::ops::Range;

use self::instead::{About, instead};
use self::read::{Calculation, Reader, Term, is_numeric};
use super::Parser;
use crate::query::bare;
use crate::query::diagnostic::Problem;
use crate::query::lex::{Bracket, Lexeme, Shape};
use crate::query::operators::Operator;
use crate::query::other_dialects::NO_ARITHMETIC;
use crate::query::syntax::{Atom, AtomStyle, EndpointKind, Side, Subject, Tail, Target};
use crate::query::value;
use crate::schema::{self, FieldId, Kind, id};

impl<'a> Parser<'a> {
    /// Reports where a calculation begins with a word that is neither a field nor a value, or with a number:
    /// `bytes/packets`, `10 * 1000`.
    pub(super) fn word_is_calculation(&mut self, lexeme: &Lexeme<'a>) -> bool {
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

    /// Reports where a field is calculated with that has been read: `end - start > 60`.
    pub(super) fn subject_is_calculation(&mut self, subject: &Subject) -> bool {
        let Some(field) = field_of(subject).filter(|field| is_numeric(field.kind())) else {
            return false;
        };
        let mut reader = self.reader(subject.span.end);
        let Some(found) = reader.calculation(subject.span.start, Term::Field(field)) else {
            return false;
        };
        // `start -15m` compares with a time before the end of the data, and `srcport - dstport -` asks for two missing values.
        let time = field.kind() == Kind::Time && found.has_leading_hyphen() && !found.has_field();
        if time || found.is_all_missing() {
            return false;
        }
        self.report_arithmetic(&found, About::Nothing);
        true
    }

    /// Reports where a value is calculated: `bytes > 10 * 1000`.
    pub(super) fn value_is_calculation(&mut self, subject: &Subject, operator: Operator) -> bool {
        let Some(field) = field_of(subject) else {
            return false;
        };
        let about = About::Compared {
            field,
            operator,
            from: subject.span.start,
        };
        self.is_calculation(field.kind(), about)
    }

    /// Reports where the value behind a word for times is calculated: `last 15 * 60`.
    pub(super) fn time_is_calculation(&mut self, kind: Kind) -> bool {
        self.is_calculation(kind, About::Value(kind))
    }

    fn is_calculation(&mut self, kind: Kind, about: About) -> bool {
        let bracketed = self
            .peek()
            .is_some_and(|lexeme| lexeme.shape == Shape::Open(Bracket::Round));
        let lexeme = self.peek_at(usize::from(bracketed));
        let Some(lexeme) = lexeme.filter(|lexeme| lexeme.shape == Shape::Word) else {
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
        // `22 - 80` is a range, and 2026-11-23 a day; what is compared by order takes neither.
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
    pub(super) fn is_followed_wrongly(&mut self, subject: &Subject, tail: &Tail) -> bool {
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
        if self.is_star() {
            return true;
        }
        match field.filter(|field| value.is_some() && is_of_numbers(*field, tail)) {
            Some(field) => self.is_number_behind(field, tail, subject.span.start),
            None => false,
        }
    }

    /// Says that a `*` behind a comparison means nothing, where one stands here.
    pub(super) fn is_star(&mut self) -> bool {
        let star = self.peek().filter(|_| self.is_word(0, &["*"]));
        let Some(span) = star.map(|lexeme| lexeme.span.clone()) else {
            return false;
        };
        self.error(span, "* has no meaning after a comparison: remove it");
        true
    }

    /// Says that a number behind a comparison of numbers needs a field, where one stands here.
    fn is_number_behind(&mut self, field: FieldId, tail: &Tail, from: usize) -> bool {
        let Some(lexeme) = self.peek().filter(|lexeme| lexeme.shape == Shape::Word) else {
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
        let not = tail.negated != (tail.operator == Operator::NotEqual);
        let (span, why, instead) = match tail.operator {
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

    /// Whether what was found behind a value is a calculation. `-port` is none, which means `not port` to search engines,
    /// nor is a regular expression.
    fn calculates(&self, found: &Calculation<'_>) -> bool {
        match found.first_sign() {
            '-' => !(found.has_leading_hyphen() && found.has_field()),
            '/' => self.is_division(found.signs[0].at),
            _ => true,
        }
    }

    /// Whether the slash at a place divides. Where it begins a regular expression, it does if the end of that one
    /// would divide as well: `bytes > 100 / 8 and packets > 20 / 2`.
    fn is_division(&self, at: usize) -> bool {
        let place = self
            .lexemes
            .binary_search_by_key(&at, |lexeme| lexeme.span.start);
        let lexeme = place.ok().and_then(|place| self.lexemes.get(place));
        let Some(lexeme) = lexeme.filter(|lexeme| matches!(lexeme.shape, Shape::Pattern { .. }))
        else {
            return true;
        };
        let spaced = |c: char| c.is_whitespace();
        if lexeme.shape == (Shape::Pattern { closed: false }) {
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
        // Behind a value, a slash that nothing closes may begin a regular expression that goes on to the end of the text.
        let is_value = !matches!(about, About::Nothing) || found.terms[0] == Term::Value;
        let unclosed = self.lexemes.last().filter(|lexeme| {
            is_value
                && lexeme.shape == (Shape::Pattern { closed: false })
                && lexeme.span.start == found.signs[0].at
        });
        if let Some(pattern) = unclosed {
            span.end = pattern.span.end;
        }
        self.report(span, problem);
        // `(end - start) > 60`: what follows the parenthesis belongs to what was in it.
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

/// The one field that a phrase is about.
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

/// Whether numbers are compared, so that another one behind them could belong to them. Ports side by side are two ports.
fn is_of_numbers(field: FieldId, tail: &Tail) -> bool {
    let equal = matches!(
        tail.operator,
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
