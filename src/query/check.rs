//! Reads the values of a filter by the kinds of their fields, and spells out what its text left unsaid:
//! directions and protocols that are inherited, networks that are asked for with `in`.

pub(super) mod operand;
mod pattern;

use std::ops::Range;

use super::Context;
use super::bare;
use super::diagnostic::{Diagnostic, Severity};
use super::expression::{Comparison, Expression, Name, Operand, Term, Window};
use super::operators::{OPERATORS, Operator, Place};
use super::parse::DIAGNOSTICS;
use super::syntax::{Atom, End, Form, Phrase, Side, Subject, Syntax, Tail, Target};
use super::time::Moment;
use super::value::{self, Problem};
use crate::schema::{FieldId, Kind, id, protocol};

/// The most members that the sets of a filter have together.
const MEMBERS: usize = 65_536;

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
    members: usize,
    mentioned: Vec<FieldId>,
}

impl<'a> Checker<'a> {
    pub(super) fn new(context: &'a Context<'a>, end: usize) -> Self {
        Self {
            context,
            end,
            diagnostics: Vec::new(),
            side: Side::Either,
            protocol: None,
            members: 0,
            mentioned: Vec::new(),
        }
    }

    /// The typed form of `syntax`; none where something in it is wrong.
    pub(super) fn check(&mut self, syntax: &Syntax) -> Option<Expression> {
        match syntax {
            Syntax::All(parts) => self.parts(parts).map(Expression::all),
            Syntax::Any(parts) => self.parts(parts).map(Expression::any),
            Syntax::Not(part) => self.check(part).map(Expression::negate),
            Syntax::Group(part) => {
                let outside = (self.side, self.protocol);
                let inner = self.check(part);
                (self.side, self.protocol) = outside;
                inner
            }
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
        let unfinished = problem.unfinished && atom.form == Form::Word && atom.span.end >= self.end;
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

    /// Warns where no loaded file has what `name` asks for.
    pub(super) fn mention(&mut self, name: &Name, span: &Range<usize>) {
        // Warnings must leave room for what is wrong.
        let enough = self.mentioned.len() >= DIAGNOSTICS / 2;
        if self.context.fields.is_empty() || enough || self.mentioned.contains(&name.field) {
            return;
        }
        self.mentioned.push(name.field);
        let loaded = |field: &FieldId| self.context.fields.contains(field);
        let there = match name.field {
            id::ADDR => loaded(&id::SRCADDR) || loaded(&id::DSTADDR),
            id::PORT => loaded(&id::SRCPORT) || loaded(&id::DSTPORT),
            id::TIME => loaded(&id::START) || loaded(&id::END),
            id::LINE | id::FILE => true,
            id::SCOPE => [id::SRCADDR, id::DSTADDR].iter().all(loaded),
            id::DURATION => [id::START, id::END].iter().all(loaded),
            id::BPS => [id::BYTES, id::START, id::END].iter().all(loaded),
            id::PPS => [id::PACKETS, id::START, id::END].iter().all(loaded),
            id::BPP => [id::BYTES, id::PACKETS].iter().all(loaded),
            field => loaded(&field),
        };
        if !there {
            self.say(Diagnostic {
                severity: Severity::Warning,
                span: span.clone(),
                message: format!("no loaded file has {name}: it is missing in every record"),
                suggestion: None,
            });
        }
    }

    fn phrase(&mut self, phrase: &Phrase) -> Option<Expression> {
        let tail = &phrase.tail;
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

    fn tail(&mut self, name: &Name, net: bool, tail: &Tail) -> Option<Expression> {
        let kind = name.field.kind();
        let operator = tail.operator;
        if !(operator.def().accepts)(kind) {
            self.error(&tail.span, format!("{name} takes {}", operators_of(kind)));
            return None;
        }
        match operator {
            Operator::Missing if tail.negated => Some(Expression::Term(Term::Exists(name.clone()))),
            Operator::Missing => Some(Expression::Term(Term::Missing(name.clone()))),
            Operator::In => self.set(name, net, tail),
            Operator::Contains | Operator::Matches | Operator::NotMatches | Operator::Like => {
                self.find(name, tail)
            }
            Operator::Has | Operator::HasAny => self.flags(name, tail),
            Operator::Equal if tail.implied && kind == Kind::Flags => self.flags(name, tail),
            _ => self.comparison(name, net, tail),
        }
    }

    fn comparison(&mut self, name: &Name, net: bool, tail: &Tail) -> Option<Expression> {
        let comparison = match (Comparison::of(tail.operator)?, tail.negated) {
            (comparison, false) => comparison,
            (Comparison::Equal, true) => Comparison::NotEqual,
            (_, true) => {
                self.error(
                    &tail.span,
                    "`not` stands before a whole filter, or before in, contains, like and matches",
                );
                return None;
            }
        };
        let equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        if let [atom] = tail.values.as_slice() {
            if equality && atom.form == Form::Word && atom.text == "-" {
                // As the log prints it.
                let term = match comparison {
                    Comparison::Equal => Term::Missing(name.clone()),
                    _ => Term::Exists(name.clone()),
                };
                return Some(Expression::Term(term));
            }
            if let Some(other) = operand::other_field(self.context.catalog, name, atom) {
                return self.two_fields(name, comparison, &other, atom);
            }
        }
        if equality && (tail.bracketed || tail.values.len() > 1) {
            let members = self.members(name, net, tail)?;
            return Some(one_of(
                name.clone(),
                members,
                comparison == Comparison::NotEqual,
            ));
        }
        let [atom] = tail.values.as_slice() else {
            self.error(
                &tail.span,
                format!("{} compares with one value", tail.operator.symbol()),
            );
            return None;
        };
        let operand = self.operand(name, net, atom)?;
        if equality {
            return Some(compare(name.clone(), comparison, operand));
        }
        if operand.is_set() || matches!(operand, Operand::Class(_)) {
            let one = format!(
                "{} compares with one value; for a range or a network use in",
                tail.operator.symbol()
            );
            self.error(&atom.span, one);
            return None;
        }
        Some(Expression::Term(Term::Compare(
            name.clone(),
            comparison,
            operand,
        )))
    }

    fn two_fields(
        &mut self,
        name: &Name,
        comparison: Comparison,
        other: &Name,
        atom: &Atom,
    ) -> Option<Expression> {
        if !operand::comparable(name.field, other.field) {
            self.error(&atom.span, format!("{name} and {other} cannot be compared"));
            return None;
        }
        self.mention(other, &atom.span);
        Some(Expression::Term(Term::Fields(
            name.clone(),
            comparison,
            other.clone(),
        )))
    }

    pub(super) fn operand(&mut self, name: &Name, net: bool, atom: &Atom) -> Option<Operand> {
        match operand::read(self.context, name, net, atom) {
            Ok(operand) => Some(operand),
            Err(problem) => {
                self.problem(atom, problem);
                None
            }
        }
    }

    fn members(&mut self, name: &Name, net: bool, tail: &Tail) -> Option<Vec<Operand>> {
        self.members += tail.values.len();
        if self.members > MEMBERS {
            self.error(&tail.span, format!("more than {MEMBERS} values in sets"));
            return None;
        }
        let read: Vec<Option<Operand>> = tail
            .values
            .iter()
            .map(|atom| self.operand(name, net, atom))
            .collect();
        read.into_iter().collect()
    }

    fn set(&mut self, name: &Name, net: bool, tail: &Tail) -> Option<Expression> {
        let members = self.members(name, net, tail)?;
        Some(one_of(name.clone(), members, tail.negated))
    }

    fn flags(&mut self, name: &Name, tail: &Tail) -> Option<Expression> {
        let [atom] = tail.values.as_slice() else {
            self.error(&tail.span, "several flags are joined with +: syn+ack");
            return None;
        };
        if atom.form == Form::Word && atom.text == "-" && tail.implied {
            return Some(Expression::Term(Term::Missing(name.clone())));
        }
        match value::flags(&atom.text) {
            // No flag at all is always there, so that a lone 0 must mean the value.
            Ok(0) if tail.implied => Some(equal(name.clone(), Operand::Number(0))),
            Ok(mask) => Some(Expression::Term(Term::Flags {
                field: name.clone(),
                any: tail.operator == Operator::HasAny,
                mask,
            })),
            Err(problem) => {
                self.problem(atom, problem);
                None
            }
        }
    }

    fn find(&mut self, name: &Name, tail: &Tail) -> Option<Expression> {
        let [atom] = tail.values.as_slice() else {
            self.error(
                &tail.span,
                format!("{} takes one text", tail.operator.symbol()),
            );
            return None;
        };
        let pattern = self.pattern(Some(name), tail.operator, atom)?;
        Some(Expression::Term(Term::Find {
            field: Some(name.clone()),
            negated: tail.negated != (tail.operator == Operator::NotMatches),
            pattern,
        }))
    }

    fn window(&mut self, operator: Operator, atom: &Atom) -> Option<Expression> {
        let read = match operator {
            Operator::Last => value::seconds(&atom.text).map(Window::Last),
            Operator::First => value::seconds(&atom.text).map(Window::First),
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

/// `name == operand`, or `in` where the operand is a set.
pub(super) fn equal(name: Name, operand: Operand) -> Expression {
    compare(name, Comparison::Equal, operand)
}

fn compare(name: Name, comparison: Comparison, operand: Operand) -> Expression {
    if !operand.is_set() {
        return Expression::Term(Term::Compare(name, comparison, operand));
    }
    let within = Expression::Term(Term::In {
        field: name.clone(),
        negated: false,
        members: vec![operand],
    });
    match comparison {
        Comparison::NotEqual => Expression::all(vec![
            Expression::Term(Term::Exists(name)),
            Expression::negate(within),
        ]),
        _ => within,
    }
}

/// `name in members`; a set of one value is that value.
fn one_of(name: Name, mut members: Vec<Operand>, negated: bool) -> Expression {
    let single = members.len() == 1 && members.iter().all(|member| !member.is_set());
    if let Some(only) = single.then(|| members.pop()).flatten() {
        let comparison = if negated {
            Comparison::NotEqual
        } else {
            Comparison::Equal
        };
        return Expression::Term(Term::Compare(name, comparison, only));
    }
    Expression::Term(Term::In {
        field: name,
        negated,
        members,
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

/// The operators that fields of `kind` take, for a message.
fn operators_of(kind: Kind) -> String {
    let takes = OPERATORS.iter().filter(|def| {
        matches!(def.place, Place::Comparing | Place::AfterField) && (def.accepts)(kind)
    });
    takes
        .map(|def| def.spellings[0])
        .collect::<Vec<&str>>()
        .join(", ")
}

/// The moment of a text, on the day of the data where only a time of day was given.
pub(super) fn settled(moment: Moment, span: Option<(u64, u64)>) -> Result<Moment, Problem> {
    match span {
        Some(span) => moment.on_a_day(span),
        None => Ok(moment),
    }
}
