//! Finds the shape of a filter: what is joined with what, and which words are fields, operators and values.
//!
//! ```text
//! filter  = [ any ] ;
//! any     = all { ( "or" | "||" ) all } ;
//! all     = unary { [ "and" | "&&" ] unary } ;
//! unary   = ( "not" | "!" ) unary | primary ;
//! primary = "(" any ")" | "exists" field | window time | [ protocol ] phrase | text | value ;
//! ```
//!
//! Parsing never fails: what is wrong becomes a diagnostic, and parsing goes on behind the next joint.

mod phrase;

use std::ops::Range;

use phrase::Found;
pub(super) use phrase::{is_function, qualified};

use super::diagnostic::{Diagnostic, Severity};
use super::expression::Name;
use super::lex::{self, Bracket, Lexeme, Shape};
use super::operators::{Operator, Place};
use super::syntax::{Atom, Form, Subject, Syntax, Target};
use crate::schema::{self, FieldId};
use crate::store::Catalog;

/// How deep brackets and `not` may stand in one another.
pub(super) const DEPTH: usize = 64;
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

    fn error(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.report(Severity::Error, span, message.into(), None);
    }

    /// Says what was expected here: the text is incomplete if it ends here, and wrong if it goes on.
    fn expected(&mut self, what: &str) {
        let message = format!("expected {what}");
        match self.peek().map(|lexeme| lexeme.span.clone()) {
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
            self.at = self.lexemes.len();
            self.stopped = true;
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
                self.error(
                    lexeme.span,
                    format!(
                        "a set needs a field before it: port in {}22, 443{}",
                        bracket.open(),
                        bracket.close()
                    ),
                );
                self.leave(bracket);
                None
            }
            Shape::Quoted { .. } | Shape::Pattern { .. } => self.atom().map(Syntax::Text),
            Shape::Word | Shape::Name { .. } => self.word(&lexeme),
            Shape::Dollar { .. } => self.saved(&lexeme),
            Shape::Stray => {
                self.error(lexeme.span, format!("{} means nothing here", lexeme.text));
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

    /// What begins with a word: an operator before a field or a time, a phrase, or a value.
    fn word(&mut self, lexeme: &Lexeme<'a>) -> Option<Syntax> {
        match lexeme
            .operator()
            .map(|operator| (operator, operator.def().place))
        {
            Some((Operator::Exists, _)) => {
                self.at += 1;
                return self.field("a field").map(Syntax::Exists);
            }
            Some((operator, Place::BeforeTime)) => {
                self.at += 1;
                let what = match operator {
                    Operator::Last | Operator::First => "a duration as 15m",
                    _ => "a time as 17:00, 2026-11-23T17:00 or -15m",
                };
                return self.value(what).map(|atom| Syntax::Window(operator, atom));
            }
            Some(_) => {
                self.expected("a field or a value");
                return None;
            }
            None => {}
        }
        match self.phrase() {
            Found::Phrase(phrase) => Some(Syntax::Phrase(phrase)),
            Found::Wrong => None,
            Found::Nothing if self.compares(1) => {
                let near = super::suggest::field(lexeme.text, self.catalog);
                let message = match &near {
                    Some(name) => format!("did you mean {name}?"),
                    None => format!("not a field: {}", lexeme.text),
                };
                self.report(Severity::Error, lexeme.span.clone(), message, near);
                None
            }
            Found::Nothing => self.atom().map(Syntax::Bare),
        }
    }

    /// A field by its name.
    fn field(&mut self, what: &str) -> Option<Subject> {
        let lexeme = match self.peek() {
            Some(lexeme) if matches!(lexeme.shape, Shape::Word | Shape::Name { .. }) => {
                lexeme.clone()
            }
            Some(lexeme) if matches!(lexeme.shape, Shape::Dollar { .. }) => {
                let (span, name) = (lexeme.span.clone(), lexeme.dollar_text());
                let message = format!("a field stands here without $: {name}");
                self.report(Severity::Error, span, message, Some(name));
                return None;
            }
            _ => {
                self.expected(what);
                return None;
            }
        };
        if let Shape::Name { closed } = lexeme.shape {
            self.closed(closed, &lexeme, "backquote")?;
        }
        let Some(name) = self.resolve(&lexeme) else {
            self.unknown_field(&lexeme);
            return None;
        };
        self.at += 1;
        let net = lexeme.text.eq_ignore_ascii_case("net");
        Some(Subject {
            target: Target::Field { name, net },
            span: lexeme.span,
        })
    }

    /// The field that a word or a name in backquotes means.
    fn resolve(&self, lexeme: &Lexeme<'_>) -> Option<Name> {
        let field = match lexeme.shape {
            Shape::Name { .. } => Name::field_in_backquotes(self.catalog, &lexeme.name_text()),
            _ => self.catalog.lookup(lexeme.text),
        };
        field.map(|field| Name::of(self.catalog, field))
    }

    fn unknown_field(&mut self, lexeme: &Lexeme<'_>) {
        if self.diagnostics.len() >= DIAGNOSTICS {
            return;
        }
        let text = match lexeme.shape {
            Shape::Name { .. } => lexeme.name_text(),
            _ => lexeme.text.to_owned(),
        };
        let diagnostic =
            super::suggest::unknown(&text, lexeme.span.clone(), self.end, self.catalog);
        self.report(
            diagnostic.severity,
            diagnostic.span,
            diagnostic.message,
            diagnostic.suggestion,
        );
    }

    /// A value, of which `what` is said where there is none.
    fn value(&mut self, what: &str) -> Option<Atom> {
        match self.peek() {
            Some(lexeme) if is_value(lexeme) => self.atom(),
            _ => {
                self.expected(what);
                None
            }
        }
    }

    /// The lexeme here as a value; `a .. b` is one.
    fn atom(&mut self) -> Option<Atom> {
        let lexeme = self.next()?;
        let span = lexeme.span.clone();
        let (text, form) = match lexeme.shape {
            Shape::Quoted { closed } => {
                self.closed(closed, &lexeme, "quote")?;
                (lexeme.quoted_text(), Form::Quoted)
            }
            Shape::Name { closed } => {
                self.closed(closed, &lexeme, "backquote")?;
                (lexeme.name_text(), Form::Field)
            }
            Shape::Pattern { closed } => {
                self.closed(closed, &lexeme, "/")?;
                let (source, letters) = lexeme.pattern_text();
                (source, Form::Pattern(letters.to_owned()))
            }
            Shape::Dollar { closed } => {
                self.closed(closed, &lexeme, "backquote")?;
                let quoted = lexeme.text.starts_with("$`");
                (lexeme.dollar_text(), Form::Dollar { quoted })
            }
            _ => (lexeme.text.to_owned(), Form::Word),
        };
        let spread =
            self.is_word(0, &[".."]) && self.peek_at(1).is_some_and(|l| l.shape == Shape::Word);
        if form != Form::Word || !spread {
            return Some(Atom {
                text,
                form,
                span,
                from: None,
            });
        }
        self.at += 1;
        let to = self.next()?;
        Some(Atom {
            text: format!("{text}..{}", to.text),
            form,
            span: span.start..to.span.end,
            from: None,
        })
    }

    fn closed(&mut self, closed: bool, lexeme: &Lexeme<'_>, what: &str) -> Option<()> {
        if !closed {
            self.report(
                Severity::Incomplete,
                lexeme.span.clone(),
                format!("the {what} is never closed"),
                None,
            );
        }
        closed.then_some(())
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
