//! Reads the values of a filter by the kinds of their fields, and spells out what its text left unsaid:
//! directions and protocols that are inherited, networks that are asked for with `in`.

mod contradiction;
mod mention;
pub(super) mod operand;
mod pattern;
mod saved;
mod selected;
pub(super) mod tail;

use std::ops::Range;

use super::Context;
use super::bare;
use super::begins;
use super::diagnostic::{Diagnostic, Severity};
use super::expression::{Expression, Name, Operand, Term, Window};
use super::operators::Operator;
use super::parse::DIAGNOSTICS;
use super::syntax::{Atom, End, Form, Phrase, Side, Subject, Syntax, Tail, Target};
use super::time::Moment;
use super::value::{self, Problem};
use crate::schema::{FieldId, id, protocol};
use tail::equal;

/// Reads values, one part of a filter after the other.
pub(super) struct Checker<'a> {
    pub(super) context: &'a Context<'a>,
    /// Where the text ends, white space left out.
    pub(super) end: usize,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The direction that a value standing alone takes from the phrase before it.
    pub(super) side: Side,
    /// The protocol that it takes.
    pub(super) protocol: Option<u64>,
    /// Whether the direction that is read may be one of ports as well as of addresses.
    undecided: bool,
    /// How many brackets, `not` and saved filters stand around what is read.
    depth: usize,
    shared: Shared,
}

/// What the texts of a filter and of the saved filters in it have in common.
#[derive(Default)]
struct Shared {
    /// How many members their sets have together.
    members: usize,
    /// The fields that were looked for in the loaded files.
    mentioned: Vec<FieldId>,
    /// The names of the saved filters that are being read, each in the text of the one before.
    within: Vec<String>,
    /// The regular expressions that were compiled, or could not be.
    regexes: Vec<pattern::Tried>,
    /// What was said of places in saved filters.
    told: Vec<saved::Told>,
    /// How many bytes the texts of saved filters came to.
    expanded: usize,
}

impl<'a> Checker<'a> {
    pub(super) fn new(context: &'a Context<'a>, end: usize) -> Self {
        Self {
            context,
            end,
            diagnostics: Vec::new(),
            side: Side::Either,
            protocol: None,
            undecided: false,
            depth: 0,
            shared: Shared::default(),
        }
    }

    /// The typed form of `syntax`; none where something in it is wrong.
    pub(super) fn check(&mut self, syntax: &Syntax) -> Option<Expression> {
        match syntax {
            Syntax::All(parts) => {
                let checked = self.parts(parts)?;
                self.doubt_contradiction(parts, &checked);
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
            Syntax::Bare(atom) => bare::check(self, atom),
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
        // Every part is looked at, so that all that is wrong is said at once.
        let checked: Vec<Option<Expression>> = parts.iter().map(|part| self.check(part)).collect();
        checked.into_iter().collect()
    }

    /// Whether so much has been said that no more will be.
    pub(super) fn is_full(&self) -> bool {
        self.diagnostics.len() >= DIAGNOSTICS
    }

    fn say(&mut self, diagnostic: Diagnostic) {
        if !self.is_full() {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Says what is wrong with a value.
    pub(super) fn problem(&mut self, atom: &Atom, problem: Problem) {
        let typed = atom.form == Form::Word && atom.from.is_none();
        let unfinished = problem.unfinished && typed && atom.span.end >= self.end;
        self.say(Diagnostic {
            severity: if unfinished {
                Severity::Incomplete
            } else {
                Severity::Error
            },
            span: atom.span.clone(),
            message: problem.message,
            suggestion: problem.suggestion,
        });
    }

    fn error(&mut self, span: &Range<usize>, message: impl Into<String>) {
        self.say(Diagnostic {
            severity: Severity::Error,
            span: span.clone(),
            message: message.into(),
            suggestion: None,
        });
    }

    fn phrase(&mut self, phrase: &Phrase) -> Option<Expression> {
        let tail = &*self.filled(&phrase.subject, &phrase.tail)?;
        let (side, net, fields) = self.fields(&phrase.subject, tail);
        (self.side, self.protocol) = (side, phrase.protocol);
        self.undecided = matches!(phrase.subject.target, Target::Side(_, None));
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
    pub(super) fn protocol_is(&mut self, number: u64, span: &Range<usize>) -> Expression {
        let name = Name::of(self.context.catalog, id::PROTOCOL);
        self.mention(&name, span);
        equal(name, Operand::Number(number))
    }

    /// The fields that a phrase is about, all of which must satisfy it.
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
                    Some(atom) if is_port(&atom.text) => End::Port,
                    _ => End::Address { net: false },
                });
                let net = end == End::Address { net: true };
                (*side, net, self.ends(*side, end == End::Port))
            }
        }
    }

    /// The fields of one end of a flow.
    pub(super) fn ends(&self, side: Side, port: bool) -> Vec<Name> {
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
        let read = match operator {
            Operator::Last => length(&atom.text).map(Window::Last),
            Operator::First => length(&atom.text).map(Window::First),
            _ => operand::moment(self.context, &atom.text).map(|moment| match operator {
                Operator::Since => Window::Since(moment),
                Operator::Until => Window::Until(moment),
                _ => Window::At(moment),
            }),
        };
        let fields: &[FieldId] = match operator {
            Operator::Last => &[id::END],
            Operator::At => &[id::START, id::END],
            _ => &[id::START],
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

/// How long `last` and `first` reach: a duration, or one unit of it.
fn length(text: &str) -> Result<u64, Problem> {
    if let Some(seconds) = value::one_unit(text) {
        return Ok(seconds);
    }
    let begun = begins::any(text, value::UNITS.iter().map(|(unit, _)| *unit));
    value::seconds(text).map_err(|problem| {
        let unfinished = problem.unfinished || begun;
        problem.unfinished(unfinished)
    })
}

/// Whether a value without the name of a field is one of a port.
fn is_port(text: &str) -> bool {
    let (from, to) = text.split_once("..").unwrap_or((text, text));
    let one = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())
            || protocol::port(part).is_some()
    };
    one(from) && one(to) || value::port_range(text).is_some()
}

/// The moment of a text, on the day of the data where only a time of day was given.
pub(super) fn settled(moment: Moment, span: Option<(u64, u64)>) -> Result<Moment, Problem> {
    match span {
        Some(span) => moment.on_a_day(span),
        None => Ok(moment),
    }
}
