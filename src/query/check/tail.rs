//! What is said of a field: comparisons, sets, flags, texts to find.

use super::super::diagnostic::{Diagnostic, Severity};
use super::super::expression::{Comparison, Expression, Name, Operand, Term};
use super::super::operators::{self, OPERATORS, Operator, Place};
use super::super::syntax::{Atom, Form, Tail};
use super::super::value::{self, Problem};
use super::super::{address, begins, foreign, parse, suggest};
use super::{Checker, operand};
use crate::schema::{Kind, protocol};

/// The most members that the sets of a filter have together.
const MEMBERS: usize = 65_536;

impl Checker<'_> {
    pub(super) fn tail(&mut self, name: &Name, net: bool, tail: &Tail) -> Option<Expression> {
        let kind = name.field.kind();
        let operator = tail.operator;
        if !(operator.def().accepts)(kind) {
            self.does_not_take(name, tail);
            return None;
        }
        match operator {
            Operator::Missing if tail.negated => Some(Expression::Term(Term::Exists(name.clone()))),
            Operator::Missing => Some(Expression::Term(Term::Missing(name.clone()))),
            Operator::In | Operator::Between => self.set(name, net, tail, tail.negated),
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
        if let [atom] = tail.values.as_slice()
            && !tail.bracketed
        {
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
            return self.set(name, net, tail, comparison == Comparison::NotEqual);
        }
        let [atom] = tail.values.as_slice() else {
            self.one_value(tail);
            return None;
        };
        let operand = self.operand(name, net, tail, atom)?;
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
            if self.is_full() {
                return None;
            }
            let problem = Problem::new(format!("{name} and {other} cannot be compared"));
            let longer = begins::longer_field(&atom.text, self.context.catalog);
            self.problem(atom, problem.unfinished(longer));
            return None;
        }
        self.mention(other, &atom.span);
        Some(Expression::Term(Term::Fields(
            name.clone(),
            comparison,
            other.clone(),
        )))
    }

    pub(super) fn operand(
        &mut self,
        name: &Name,
        net: bool,
        tail: &Tail,
        atom: &Atom,
    ) -> Option<Operand> {
        match operand::read(self.context, name, net, atom) {
            Ok(operand) => Some(operand),
            Err(problem) => {
                self.value_problem(name, tail, atom, problem);
                None
            }
        }
    }

    /// Says what is wrong with a value, which may have been meant as an operator or may become one.
    fn value_problem(&mut self, name: &Name, tail: &Tail, atom: &Atom, problem: Problem) {
        if self.is_full() {
            return;
        }
        // `is missing` has been read by now, so that the whole word can only go on as a text.
        let whole = parse::MISSING
            .iter()
            .any(|word| word.eq_ignore_ascii_case(&atom.text));
        let (text, kind) = (atom.text.as_str(), name.field.kind());
        let unfinished = if whole {
            kind == Kind::Text
        } else {
            problem.unfinished
                || begins::tail(text, self.context.catalog)
                || (kind == Kind::Port || self.undecided) && begins::port(text)
                || kind == Kind::Protocol && begins::protocol(text)
        };
        let near = match kind {
            Kind::Port => suggest::service(text),
            Kind::Protocol => suggest::protocol(text),
            _ => None,
        };
        let other = match kind {
            Kind::Port if protocol::number(text).is_some() => Some(format!("protocol {text}")),
            Kind::Protocol if protocol::port(text).is_some() => Some(format!("port {text}")),
            _ => None,
        };
        let near = other.or_else(|| near.map(str::to_owned));
        let problem = match near {
            Some(near) => problem.suggest(near),
            None => problem,
        };
        let meant = (tail.implied && atom.form == Form::Word)
            .then(|| foreign::operator(&atom.text).or_else(|| suggest::operator(&atom.text)))
            .flatten()
            .filter(|meant| {
                operators::word(meant).is_some_and(|operator| (operator.def().accepts)(kind))
            })
            .filter(|meant| !suggest::is_nearer(problem.suggestion.as_deref(), &atom.text, meant));
        let problem = match meant {
            Some(meant) => Problem::new(format!("did you mean {name} {meant}?")).suggest(meant),
            None => problem,
        };
        self.problem(atom, problem.unfinished(unfinished));
    }

    /// Says which operators a field takes.
    fn does_not_take(&mut self, name: &Name, tail: &Tail) {
        let kind = name.field.kind();
        let texts = [
            Operator::Contains,
            Operator::Like,
            Operator::Matches,
            Operator::NotMatches,
        ];
        let mut message = format!("{name} takes {}", operators_of(kind));
        let mut suggestion = None;
        if kind == Kind::Address && texts.contains(&tail.operator) {
            message = format!(
                "{name} is an address, not a text; a network is asked for with {}",
                Operator::In.symbol()
            );
            let network = tail
                .values
                .first()
                .and_then(|atom| address::prefix(&atom.text));
            suggestion =
                network.map(|network| format!("{name} {} {network}", Operator::In.symbol()));
        }
        self.say(Diagnostic {
            severity: Severity::Error,
            span: tail.span.clone(),
            message,
            suggestion,
        });
    }

    /// Says that an operator compares with one value.
    fn one_value(&mut self, tail: &Tail) {
        let symbol = tail.operator.symbol();
        let digits = |atom: &Atom| atom.text.bytes().all(|b| b.is_ascii_digit());
        let grouped = match tail.values.as_slice() {
            [first, rest @ ..] => {
                first.text.len() <= 3
                    && digits(first)
                    && rest.iter().all(|atom| atom.text.len() == 3 && digits(atom))
            }
            [] => false,
        };
        let number: String = tail.values.iter().map(|atom| atom.text.as_str()).collect();
        self.say(Diagnostic {
            severity: Severity::Error,
            span: tail.span.clone(),
            message: format!("{symbol} compares with one value"),
            suggestion: (grouped && !tail.bracketed).then(|| format!("{symbol} {number}")),
        });
    }

    /// That the field is one of a set, or is there and none of it. Other fields in the set are compared with.
    fn set(&mut self, name: &Name, net: bool, tail: &Tail, negated: bool) -> Option<Expression> {
        self.shared.members += tail.values.len();
        if self.shared.members > MEMBERS {
            self.error(&tail.span, format!("more than {MEMBERS} values in sets"));
            return None;
        }
        let comparison = if negated {
            Comparison::NotEqual
        } else {
            Comparison::Equal
        };
        let (mut members, mut parts, mut sound) = (Vec::new(), Vec::new(), true);
        for atom in &tail.values {
            if let Some(other) = operand::other_field(self.context.catalog, name, atom) {
                let compared = self.two_fields(name, comparison, &other, atom);
                sound &= compared.is_some();
                parts.extend(compared);
            } else {
                let operand = self.operand(name, net, tail, atom);
                sound &= operand.is_some();
                members.extend(operand);
            }
        }
        if !sound {
            return None;
        }
        if !members.is_empty() {
            parts.insert(0, one_of(name.clone(), members, negated));
        }
        Some(if negated {
            Expression::all(parts)
        } else {
            Expression::any(parts)
        })
    }

    fn flags(&mut self, name: &Name, tail: &Tail) -> Option<Expression> {
        let [atom] = tail.values.as_slice() else {
            self.error(&tail.span, "several flags are joined with +: syn+ack");
            return None;
        };
        if atom.form == Form::Word && atom.text == "-" && tail.implied {
            let name = name.clone();
            let term = if tail.negated {
                Term::Exists(name)
            } else {
                Term::Missing(name)
            };
            return Some(Expression::Term(term));
        }
        let has = match value::flags(&atom.text) {
            // No flag at all is always there, so that a lone 0 must mean the value.
            Ok(0) if tail.implied => equal(name.clone(), Operand::Number(0)),
            Ok(mask) => Expression::Term(Term::Flags {
                field: name.clone(),
                any: tail.operator == Operator::HasAny,
                mask,
            }),
            Err(problem) => {
                self.value_problem(name, tail, atom, problem);
                return None;
            }
        };
        if !tail.negated {
            return Some(has);
        }
        let exists = Expression::Term(Term::Exists(name.clone()));
        Some(Expression::all(vec![exists, Expression::negate(has)]))
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
}

/// `name == operand`, or `in` where the operand is a set.
pub(in super::super) fn equal(name: Name, operand: Operand) -> Expression {
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
