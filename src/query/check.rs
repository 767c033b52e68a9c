//! Reads the values of a filter by the kinds of their fields, and makes explicit what its text left out:
//! inherited directions and protocols, `in` for networks.

mod bare;
mod contradiction;
mod mention;
mod operand;
mod pattern;
mod saved;
mod selected;
mod tail;
mod unknown_word;

use std::ops::Range;

use crate::query::Context;
use crate::query::diagnostic::{Diagnostic, Problem};
use crate::query::expression::{Expression, Name, Operand, Term, Window};
use crate::query::operators::Operator;
use crate::query::parse::MAX_DIAGNOSTICS;
use crate::query::syntax::{Atom, EndpointKind, Phrase, Side, Subject, Syntax, Tail, Target};
use crate::query::time::Moment;
use crate::query::value;
use crate::schema::{FieldId, id, protocol};
use tail::equal;

/// Turns a syntax tree into a typed filter.
pub(super) struct Checker<'a> {
    context: &'a Context<'a>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The direction that a bare value inherits from the phrase before it.
    side: Side,
    /// The protocol that it inherits.
    protocol: Option<u64>,
    /// How many brackets, `not` and saved filters enclose what is read.
    depth: usize,
    /// The end of the text, where a word may not be complete; none in a saved filter.
    pub(super) end: Option<usize>,
    shared: Shared,
}

/// State that a filter shares with the saved filters in it.
#[derive(Default)]
struct Shared {
    /// The total number of set members.
    members: usize,
    /// The fields already checked against the loaded files.
    mentioned: Vec<FieldId>,
    /// The names of the saved filters being read, each inside of the one before.
    within: Vec<String>,
    /// The regular expressions compiled so far, and their results.
    regexes: Vec<pattern::Tried>,
    /// Problems reported in saved filters.
    saved_problems: Vec<saved::SavedProblem>,
    /// How many words got a warning because neither a list nor a file has them.
    unknown_words: usize,
    /// The total bytes of the saved filters.
    expanded: usize,
}

impl<'a> Checker<'a> {
    pub(super) fn new(context: &'a Context<'a>) -> Self {
        Self {
            context,
            diagnostics: Vec::new(),
            side: Side::Either,
            protocol: None,
            depth: 0,
            end: None,
            shared: Shared::default(),
        }
    }

    /// The typed filter; none where it has a problem.
    pub(super) fn check(&mut self, syntax: &Syntax) -> Option<Expression> {
        match syntax {
            Syntax::All(parts) => {
                let checked = self.parts(parts)?;
                self.warn_about_contradiction(parts, &checked);
                Some(Expression::all(checked))
            }
            Syntax::Any(parts) => self.parts(parts).map(Expression::any),
            Syntax::Not(part) => self.deeper(part).map(Expression::negate),
            Syntax::Group(part) => {
                let outside = (self.side, self.protocol);
                let inner = self.deeper(part);
                (self.side, self.protocol) = outside;
                inner
            }
            Syntax::Saved(atom) => self.saved(atom),
            Syntax::Phrase(phrase) => self.phrase(phrase),
            Syntax::Bare(atom) => self.bare(atom),
            Syntax::Text(atom) => {
                let pattern = self.pattern(None, Operator::Like, atom)?;
                Some(Expression::Term(Term::Find {
                    field: None,
                    negated: false,
                    pattern,
                }))
            }
            Syntax::Exists(subject) => {
                let Target::Field { name, .. } = &subject.target else {
                    return None;
                };
                self.mention(name, &subject.span);
                Some(Expression::Term(Term::Exists(name.clone())))
            }
            Syntax::Window(operator, atom) => self.window(*operator, atom),
        }
    }

    fn deeper(&mut self, syntax: &Syntax) -> Option<Expression> {
        self.depth += 1;
        let checked = self.check(syntax);
        self.depth -= 1;
        checked
    }

    fn parts(&mut self, parts: &[Syntax]) -> Option<Vec<Expression>> {
        // Every part is checked, so that all problems are reported at once.
        let checked: Vec<Option<Expression>> = parts.iter().map(|part| self.check(part)).collect();
        checked.into_iter().collect()
    }

    /// Whether no further problems are reported.
    fn is_full(&self) -> bool {
        self.diagnostics.len() >= MAX_DIAGNOSTICS
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        if !self.is_full() {
            self.diagnostics.push(diagnostic);
        }
    }

    fn problem(&mut self, atom: &Atom, problem: Problem) {
        self.report(problem.at(atom.span.clone()));
    }

    fn error(&mut self, span: &Range<usize>, message: impl Into<String>) {
        self.report(Problem::new(message).at(span.clone()));
    }

    fn warn(&mut self, span: &Range<usize>, problem: Problem) {
        self.report(problem.at(span.clone()).into_warning());
    }

    fn phrase(&mut self, phrase: &Phrase) -> Option<Expression> {
        let tail = &*self.filled(&phrase.subject, &phrase.tail)?;
        let (side, net, fields) = self.fields(&phrase.subject, tail);
        (self.side, self.protocol) = (side, phrase.protocol);
        let mut parts = Vec::new();
        if let Some(number) = phrase.protocol {
            parts.push(self.protocol_is(number, &phrase.subject.span));
        }
        for field in fields {
            self.mention(&field, &phrase.subject.span);
            parts.push(self.tail(&field, net, tail)?);
        }
        Some(Expression::all(parts))
    }

    /// `protocol == number`.
    fn protocol_is(&mut self, number: u64, span: &Range<usize>) -> Expression {
        let name = Name::of(self.context.catalog, id::PROTOCOL);
        self.mention(&name, span);
        equal(name, Operand::Number(number))
    }

    /// The side, whether short networks are allowed, and the fields of a phrase, all of which must satisfy it.
    fn fields(&self, subject: &Subject, tail: &Tail) -> (Side, bool, Vec<Name>) {
        match &subject.target {
            Target::Field { name, net } => {
                let side = match name.field {
                    id::SRCADDR | id::SRCPORT => Side::Source,
                    id::DSTADDR | id::DSTPORT => Side::Destination,
                    _ => Side::Either,
                };
                (side, *net, vec![name.clone()])
            }
            Target::Side(side, end) => {
                let end = end.unwrap_or_else(|| match tail.values.first() {
                    Some(atom) if is_port(&atom.text) => EndpointKind::Port,
                    _ => EndpointKind::Address,
                });
                let net = end == EndpointKind::Network;
                (*side, net, self.ends(*side, end == EndpointKind::Port))
            }
        }
    }

    /// The address or port fields of a side.
    fn ends(&self, side: Side, port: bool) -> Vec<Name> {
        let fields: &[FieldId] = match (side, port) {
            (Side::Either, true) => &[id::PORT],
            (Side::Source, true) => &[id::SRCPORT],
            (Side::Destination, true) => &[id::DSTPORT],
            (Side::Both, true) => &[id::SRCPORT, id::DSTPORT],
            (Side::Either, false) => &[id::ADDR],
            (Side::Source, false) => &[id::SRCADDR],
            (Side::Destination, false) => &[id::DSTADDR],
            (Side::Both, false) => &[id::SRCADDR, id::DSTADDR],
        };
        let name = |field: &FieldId| Name::of(self.context.catalog, *field);
        fields.iter().map(name).collect()
    }

    fn window(&mut self, operator: Operator, atom: &Atom) -> Option<Expression> {
        let field = match operator {
            Operator::Last | Operator::First => id::DURATION,
            _ => id::START,
        };
        let atom = &*self.filled_time(field, atom)?;
        let time =
            |window: fn(Moment) -> Window| operand::moment(self.context, &atom.text).map(window);
        let (read, fields): (_, &[FieldId]) = match operator {
            Operator::Last => (length(&atom.text).map(Window::Last), &[id::END]),
            Operator::First => (length(&atom.text).map(Window::First), &[id::START]),
            Operator::Since => (time(Window::Since), &[id::START]),
            Operator::Until => (time(Window::Until), &[id::START]),
            Operator::At => (time(Window::At), &[id::START, id::END]),
            // The parser puts no other operator before a time.
            _ => {
                self.error(
                    &atom.span,
                    format!("{} does not take a time", operator.symbol()),
                );
                return None;
            }
        };
        for field in fields {
            let name = Name::of(self.context.catalog, *field);
            self.mention(&name, &atom.span);
        }
        match read {
            Ok(window) => Some(Expression::Term(Term::Window(window))),
            Err(problem) => {
                self.problem(atom, problem);
                None
            }
        }
    }
}

/// The length of `last` and `first`: a duration, or a unit as in `last hour`.
fn length(text: &str) -> Result<u64, Problem> {
    if let Some(seconds) = value::one_unit(text) {
        return Ok(seconds);
    }
    value::seconds(text)
}

/// Whether a value after a direction is a port.
fn is_port(text: &str) -> bool {
    let (from, to) = text.split_once("..").unwrap_or((text, text));
    let one = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())
            || protocol::port(part).is_some()
    };
    one(from) && one(to) || value::port_range(text).is_some()
}

/// `moment` with its day, where the data covers `span`.
fn settled(moment: Moment, span: Option<(u64, u64)>) -> Result<Moment, Problem> {
    match span {
        Some(span) => moment.on_a_day(span),
        None => Ok(moment),
    }
}
