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

pub(super) use arithmetic::NO_ARITHMETIC;
pub(super) use call::{functions, is_function};
pub(super) use phrase::{FLAG_FIELDS, flag_field, qualified};
pub(super) use tail::MISSING;

use super::diagnostic::{Diagnostic, Severity};
use super::expression::Name;
use super::foreign;
use super::lex::{self, Bracket, Lexeme, Shape};
use super::operators::Operator;
use super::syntax::Syntax;
use crate::schema::protocol::number as protocol_number;
use crate::schema::{self, FieldId};
use crate::store::Catalog;

/// How deep brackets and `not` may stand in one another.
pub(super) const DEPTH: usize = 64;
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
pub(super) const DIAGNOSTICS: usize = 50;

/// What is said of a filter that is too deep.
pub(super) fn too_deep() -> String {
    format!("too deep: at most {DEPTH} brackets and `not` in one another")
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
        parser.error(
            stray.span.clone(),
            format!("\"{}\" closes nothing", stray.text),
        );
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
    /// Whether the rest of the text was given up, so that what is not closed is no news.
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

    fn report(
        &mut self,
        severity: Severity,
        span: Range<usize>,
        message: String,
        suggestion: Option<String>,
    ) {
        if self.diagnostics.len() < DIAGNOSTICS {
            self.diagnostics.push(Diagnostic {
                severity,
                span,
                message,
                suggestion,
            });
        }
    }

    /// Whether the lexeme at a place is the last one, so that more letters may make another one of it.
    fn is_last(&self, at: usize) -> bool {
        let last = self
            .lexemes
            .get(at)
            .filter(|_| at + 1 == self.lexemes.len());
        last.is_some_and(|lexeme| lexeme.span.end == self.end)
    }

    /// Whether the lexeme here is the last one and the beginning of a word or of a longer sign.
    fn is_beginning(&self) -> bool {
        let begins = |lexeme: &Lexeme<'_>| {
            lexeme.shape == Shape::Word || ["!", "&", "|"].contains(&lexeme.text)
        };
        self.peek().is_some_and(begins) && self.is_last(self.at)
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
        let query = |lexeme: &&Lexeme<'_>| foreign::begins_query(lexeme.text);
        let span = self.peek().filter(query).map(|lexeme| lexeme.span.clone());
        if let Some(span) = span.filter(|_| !self.is_last(0)) {
            self.error(span, foreign::NOT_A_QUERY);
            self.give_up();
        }
    }

    /// Reads no more of the text.
    fn give_up(&mut self) {
        self.at = self.lexemes.len();
        self.stopped = true;
    }

    fn error(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.report(Severity::Error, span, message.into(), None);
    }

    /// Says what was expected here: the text is incomplete if it ends here, and wrong if it goes on.
    fn expected(&mut self, what: &str) {
        let message = format!("expected {what}");
        match self.peek().map(|lexeme| lexeme.span.clone()) {
            Some(span) if self.is_beginning() => {
                self.report(Severity::Incomplete, span, message, None);
            }
            Some(span) => self.report(Severity::Error, span, message, None),
            None => self.report(Severity::Incomplete, self.end..self.end, message, None),
        }
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
        if self.depth == DEPTH {
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
            Shape::Open(Bracket::Round) => self.group(lexeme.span),
            Shape::Open(bracket) => {
                let before = self.at.checked_sub(1).and_then(|at| self.lexemes.get(at));
                let message = match before {
                    // `tcp[tcpflags]` of BPF.
                    Some(name) if protocol_number(name.text).is_some() => {
                        foreign::NOT_IN_LOGS.to_owned()
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
            Shape::Stray if self.is_beginning() => {
                self.expected("a field or a value");
                None
            }
            Shape::Stray => {
                self.error(lexeme.span, foreign::sign(lexeme.text));
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
            let message = format!("a field that is compared stands without $: {name}");
            self.report(Severity::Error, lexeme.span.clone(), message, Some(name));
            return None;
        }
        self.atom().map(Syntax::Saved)
    }

    fn group(&mut self, open: Range<usize>) -> Option<Syntax> {
        self.at += 1;
        let inner = self.deeper(Self::any);
        match self.peek().map(|lexeme| lexeme.shape) {
            Some(Shape::Close(Bracket::Round)) => self.at += 1,
            None if !self.stopped => {
                self.report(
                    Severity::Incomplete,
                    open,
                    "\"(\" never closed".into(),
                    None,
                );
            }
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
