//! Finds the shape of a filter: what is joined with what, and which words are fields, operators and values.
//!
//! ```text
//! filter  = [ [ "filter" | "where" ] any ] ;
//! any     = all { ( "or" | "||" ) all } ;
//! all     = unary { [ "and" | "&&" ] unary } ;
//! unary   = ( "not" | "!" ) unary | primary ;
//! primary = "(" any ")" | "exists" field | "$" name | window time | [ protocol ] phrase | function
//!         | text | value ;
//! ```
//!
//! Parsing never fails: what is wrong becomes a diagnostic, and parsing goes on behind the next joint.

mod arithmetic;
mod call;
mod phrase;
mod tail;
mod value;
mod word;

use std::ops::Range;

pub(super) use call::is_function;
pub(super) use phrase::{flag_field, qualified};
pub(super) use tail::MISSING;

use crate::query::diagnostic::{Diagnostic, Problem};
use crate::query::expression::Name;
use crate::query::lex::{self, Bracket, Lexeme, Shape};
use crate::query::operators::Operator;
use crate::query::other_dialects;
use crate::query::syntax::Syntax;
use crate::schema::protocol::number as protocol_number;
use crate::schema::{self, FieldId};
use crate::store::Catalog;

/// How deep brackets and `not` may stand in one another.
pub(super) const MAX_DEPTH: usize = 64;
/// The words that a filter may begin with, and that mean nothing.
pub(super) const LEADING: [&str; 2] = ["filter", "where"];
/// The words that `ip` may stand before, as in tcpdump.
pub(super) const QUALIFIED: [&str; 8] = [
    "host",
    "net",
    "src",
    "dst",
    "source",
    "destination",
    "proto",
    "protocol",
];
/// What Logs Insights calls the line itself.
pub(super) const LINE: &str = "@message";
/// How many things are said about one text.
pub(super) const MAX_DIAGNOSTICS: usize = 50;

/// What is said of a filter that is too deep.
pub(super) fn too_deep() -> String {
    format!("nested too deeply: at most {MAX_DEPTH} levels of brackets and `not`")
}

/// Reads the shape of `text`. No shape where it is empty, or where nothing could be understood.
/// `depth` brackets and `not` stand around it already.
pub(super) fn parse(
    text: &str,
    catalog: &Catalog,
    depth: usize,
) -> (Option<Syntax>, Vec<Diagnostic>) {
    let mut lexemes = lex::lex(text);
    lexemes.retain(|lexeme| !matches!(lexeme.shape, Shape::Space | Shape::Comment));
    let mut parser = Parser {
        text,
        lexemes,
        at: 0,
        end: text.trim_end().len(),
        depth,
        stopped: false,
        catalog,
        diagnostics: Vec::new(),
    };
    if parser.peek().is_none() {
        return (None, Vec::new());
    }
    parser.leading_word();
    if parser.stopped {
        return (None, parser.diagnostics);
    }
    let syntax = parser.any();
    while let Some(stray) = parser.next() {
        parser.error(stray.span.clone(), format!("unmatched \"{}\"", stray.text));
        if parser
            .peek()
            .is_some_and(|lexeme| !matches!(lexeme.shape, Shape::Close(_)))
        {
            parser.any();
        }
    }
    (syntax, parser.diagnostics)
}

struct Parser<'a> {
    text: &'a str,
    lexemes: Vec<Lexeme<'a>>,
    at: usize,
    /// Where the text ends, white space left out.
    end: usize,
    depth: usize,
    /// Whether nothing is missing at the end of the text any more: it was reported, or the rest of the text was given up.
    stopped: bool,
    catalog: &'a Catalog,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&Lexeme<'a>> {
        self.lexemes.get(self.at)
    }

    fn peek_at(&self, ahead: usize) -> Option<&Lexeme<'a>> {
        self.lexemes.get(self.at + ahead)
    }

    fn next(&mut self) -> Option<Lexeme<'a>> {
        let lexeme = self.lexemes.get(self.at).cloned();
        self.at += usize::from(lexeme.is_some());
        lexeme
    }

    fn peek_operator(&self) -> Option<Operator> {
        self.peek().and_then(Lexeme::operator)
    }

    fn accept(&mut self, operator: Operator) -> bool {
        let found = self.peek_operator() == Some(operator);
        self.at += usize::from(found);
        found
    }

    fn is_word(&self, ahead: usize, words: &[&str]) -> bool {
        self.peek_at(ahead).is_some_and(|lexeme| {
            lexeme.shape == Shape::Word && words.iter().any(|w| lexeme.text.eq_ignore_ascii_case(w))
        })
    }

    fn report(&mut self, span: Range<usize>, problem: Problem) {
        if !self.is_full() {
            self.diagnostics.push(problem.at(span));
        }
    }

    fn error(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.report(span, Problem::new(message));
    }

    /// Whether no more problems are reported.
    fn is_full(&self) -> bool {
        self.diagnostics.len() >= MAX_DIAGNOSTICS
    }

    /// Reports that `what` is missing here. Where that is the end of the text, nothing else is missing there.
    fn expected(&mut self, what: &str) {
        let next = self.peek().map(|lexeme| lexeme.span.clone());
        if next.is_none() && std::mem::replace(&mut self.stopped, true) {
            return;
        }
        let span = next.unwrap_or(self.end..self.end);
        self.error(span, format!("expected {what}"));
    }

    /// The word that a filter begins with elsewhere: `filter` in Logs Insights, `where` in SQL.
    fn leading_word(&mut self) {
        let column = self
            .peek()
            .and_then(|lexeme| self.catalog.lookup(lexeme.text));
        if column.is_some() || self.compares(1) {
            return;
        }
        if self.is_word(0, &LEADING) {
            self.at += 1;
            return;
        }
        let query = |lexeme: &&Lexeme<'_>| other_dialects::begins_query(lexeme.text);
        let span = self.peek().filter(query).map(|lexeme| lexeme.span.clone());
        // `display` alone is a service.
        if let Some(span) = span.filter(|_| self.lexemes.len() > 1) {
            self.error(span, other_dialects::NOT_A_QUERY);
            self.give_up();
        }
    }

    /// Reads no more of the text.
    fn give_up(&mut self) {
        self.at = self.lexemes.len();
        self.stopped = true;
    }

    fn any(&mut self) -> Option<Syntax> {
        let mut parts = Vec::new();
        loop {
            parts.extend(self.all());
            if !self.accept(Operator::Or) {
                break;
            }
        }
        one_or(parts, Syntax::Any)
    }

    fn all(&mut self) -> Option<Syntax> {
        let mut parts = Vec::new();
        loop {
            match self.unary() {
                Some(part) => parts.push(part),
                None => self.recover(),
            }
            let joined = self.accept(Operator::And);
            let over = match self.peek() {
                None => true,
                Some(lexeme) => {
                    matches!(lexeme.shape, Shape::Close(_))
                        || lexeme.operator() == Some(Operator::Or)
                }
            };
            if over && !joined {
                break;
            }
        }
        one_or(parts, Syntax::All)
    }

    /// Goes to the next place where a part of a filter can begin or end.
    fn recover(&mut self) {
        while let Some(lexeme) = self.peek() {
            let joint = matches!(lexeme.operator(), Some(Operator::And | Operator::Or));
            if joint || matches!(lexeme.shape, Shape::Close(_)) {
                return;
            }
            self.at += 1;
        }
    }

    fn unary(&mut self) -> Option<Syntax> {
        if self.peek_operator() != Some(Operator::Not) {
            return self.primary();
        }
        self.at += 1;
        let inner = self.deeper(Self::unary)?;
        Some(Syntax::Not(Box::new(inner)))
    }

    /// Parses one level down; nothing more is read where that is too deep.
    fn deeper(&mut self, parse: impl FnOnce(&mut Self) -> Option<Syntax>) -> Option<Syntax> {
        if self.depth == MAX_DEPTH {
            let span = self
                .lexemes
                .get(self.at.saturating_sub(1))
                .map_or(0..0, |l| l.span.clone());
            self.error(span, too_deep());
            self.give_up();
            return None;
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    fn primary(&mut self) -> Option<Syntax> {
        let Some(lexeme) = self.peek().cloned() else {
            self.expected("a field or a value");
            return None;
        };
        match lexeme.shape {
            Shape::Open(Bracket::Round) => self.group(),
            Shape::Open(bracket) => {
                let before = self.at.checked_sub(1).and_then(|at| self.lexemes.get(at));
                let message = match before {
                    // `tcp[tcpflags]` of BPF.
                    Some(name) if protocol_number(name.text).is_some() => {
                        other_dialects::NO_PACKET_CONTENTS.to_owned()
                    }
                    _ => format!(
                        "a set needs a field before it: port in {}22, 443{}",
                        bracket.open(),
                        bracket.close()
                    ),
                };
                self.error(lexeme.span, message);
                self.leave(bracket);
                None
            }
            Shape::Quoted { .. } | Shape::Pattern { .. } => self.atom().map(Syntax::Text),
            Shape::Word | Shape::Name { .. } => self.word(&lexeme),
            Shape::Dollar { .. } => self.saved(&lexeme),
            Shape::Stray => {
                self.error(lexeme.span, other_dialects::sign(lexeme.text));
                if lexeme.text == "|" {
                    self.give_up();
                }
                None
            }
            Shape::Symbol(_) | Shape::Comma | Shape::Close(_) | Shape::Space | Shape::Comment => {
                self.expected("a field or a value");
                None
            }
        }
    }

    /// `$name` where a filter could stand.
    fn saved(&mut self, lexeme: &Lexeme<'a>) -> Option<Syntax> {
        let name = lexeme.dollar_text();
        if self.compares(1)
            && let Some(field) = self.catalog.lookup(&name)
        {
            let name = Name::of(self.catalog, field).to_string();
            let problem = Problem::new(format!("write the field without $: {name}"));
            self.report(lexeme.span.clone(), problem.suggest(name));
            return None;
        }
        self.atom().map(Syntax::Saved)
    }

    fn group(&mut self) -> Option<Syntax> {
        self.at += 1;
        let inner = self.deeper(Self::any);
        match self.peek().map(|lexeme| lexeme.shape) {
            Some(Shape::Close(Bracket::Round)) => self.at += 1,
            None => self.expected("\")\""),
            _ => {}
        }
        inner.map(|inner| Syntax::Group(Box::new(inner)))
    }
}

/// Whether a value can begin with `lexeme`.
fn is_value(lexeme: &Lexeme<'_>) -> bool {
    match lexeme.shape {
        Shape::Word => lexeme.operator().is_none(),
        Shape::Quoted { .. }
        | Shape::Pattern { .. }
        | Shape::Name { .. }
        | Shape::Dollar { .. } => true,
        _ => false,
    }
}

fn one_or(mut parts: Vec<Syntax>, join: fn(Vec<Syntax>) -> Syntax) -> Option<Syntax> {
    if parts.len() < 2 {
        return parts.pop();
    }
    Some(join(parts))
}

/// The field of the table that a word means, if it means one.
fn known(text: &str) -> Option<FieldId> {
    schema::lookup(text)
}
