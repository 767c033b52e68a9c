//! Parses a filter into a syntax tree: how its parts are joined, and which words are fields, operators and values.
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
//! Parsing never fails: a problem becomes a diagnostic, and parsing goes on after the next `and` or `or`.

mod arithmetic;
mod call;
mod phrase;
mod tail;
mod value;
mod word;

use std::ops::Range;

pub(super) use call::is_function;
pub(super) use phrase::{address_of_side, flag_field, qualified};
pub(super) use tail::MISSING;

use crate::query::diagnostic::{Diagnostic, Problem};
use crate::query::expression::Name;
use crate::query::lex::{self, Bracket, Lexeme, LexemeKind};
use crate::query::operators::Operator;
use crate::query::other_dialects;
use crate::query::syntax::Syntax;
use crate::schema::protocol::number as protocol_number;
use crate::schema::{self, FieldId};
use crate::store::Catalog;

/// The deepest nesting of brackets and `not`.
pub(super) const MAX_DEPTH: usize = 64;
/// Words that a filter may start with and that have no meaning.
pub(super) const LEADING: [&str; 2] = ["filter", "where"];
/// Words that `ip` may precede, as in tcpdump.
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
/// The name of the whole line in Logs Insights.
pub(super) const LINE: &str = "@message";
pub(super) const MAX_DIAGNOSTICS: usize = 50;

/// The message about a filter that is nested too deeply.
pub(super) fn too_deep() -> String {
    format!("nested too deeply: at most {MAX_DEPTH} levels of brackets and `not`")
}

/// Parses `text`, which is nested in `depth` brackets and `not` already. There is no tree where the text is empty or
/// nothing could be parsed.
pub(super) fn parse(
    text: &str,
    catalog: &Catalog,
    depth: usize,
) -> (Option<Syntax>, Vec<Diagnostic>) {
    let mut lexemes = lex::lex(text);
    lexemes.retain(|lexeme| !matches!(lexeme.kind, LexemeKind::Space | LexemeKind::Comment));
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
            .is_some_and(|lexeme| !matches!(lexeme.kind, LexemeKind::Close(_)))
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
    /// The end of the text without trailing white space.
    end: usize,
    depth: usize,
    /// Whether missing text at the end is no longer reported: it was already, or parsing stopped earlier.
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
            lexeme.kind == LexemeKind::Word
                && words.iter().any(|w| lexeme.text.eq_ignore_ascii_case(w))
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

    /// Whether no further problems are reported.
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

    /// Skips the word that starts a filter elsewhere: `filter` in Logs Insights, `where` in SQL.
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
        // `display` alone is the name of a service.
        if let Some(span) = span.filter(|_| self.lexemes.len() > 1) {
            self.error(span, other_dialects::NOT_A_QUERY);
            self.give_up();
        }
    }

    /// Skips the rest of the text.
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
                    matches!(lexeme.kind, LexemeKind::Close(_))
                        || lexeme.operator() == Some(Operator::Or)
                }
            };
            if over && !joined {
                break;
            }
        }
        one_or(parts, Syntax::All)
    }

    /// Skips to the next place where a part of a filter can start or end.
    fn recover(&mut self) {
        while let Some(lexeme) = self.peek() {
            let joint = matches!(lexeme.operator(), Some(Operator::And | Operator::Or));
            if joint || matches!(lexeme.kind, LexemeKind::Close(_)) {
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

    /// Parses one level deeper; skips the rest of the text where that is too deep.
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
        match lexeme.kind {
            LexemeKind::Open(Bracket::Round) => self.group(),
            LexemeKind::Open(bracket) => {
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
            LexemeKind::Quoted { .. } | LexemeKind::Pattern { .. } => self.atom().map(Syntax::Text),
            LexemeKind::Word | LexemeKind::Name { .. } => self.word(&lexeme),
            LexemeKind::Dollar { .. } => self.saved(&lexeme),
            LexemeKind::Stray => {
                self.error(lexeme.span, other_dialects::sign(lexeme.text));
                if lexeme.text == "|" {
                    self.give_up();
                }
                None
            }
            LexemeKind::Symbol(_)
            | LexemeKind::Comma
            | LexemeKind::Close(_)
            | LexemeKind::Space
            | LexemeKind::Comment => {
                self.expected("a field or a value");
                None
            }
        }
    }

    /// `$name`, a saved filter.
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
        match self.peek().map(|lexeme| lexeme.kind) {
            Some(LexemeKind::Close(Bracket::Round)) => self.at += 1,
            None => self.expected("\")\""),
            _ => {}
        }
        inner.map(|inner| Syntax::Group(Box::new(inner)))
    }
}

/// Whether a value can start with `lexeme`.
fn is_value(lexeme: &Lexeme<'_>) -> bool {
    match lexeme.kind {
        LexemeKind::Word => lexeme.operator().is_none(),
        LexemeKind::Quoted { .. }
        | LexemeKind::Pattern { .. }
        | LexemeKind::Name { .. }
        | LexemeKind::Dollar { .. } => true,
        _ => false,
    }
}

fn one_or(mut parts: Vec<Syntax>, join: fn(Vec<Syntax>) -> Syntax) -> Option<Syntax> {
    if parts.len() < 2 {
        return parts.pop();
    }
    Some(join(parts))
}

/// The field of the table that a word names.
fn known(text: &str) -> Option<FieldId> {
    schema::lookup(text)
}
