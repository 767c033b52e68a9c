//! What is said of a field: comparisons, sets, flags, texts to find.

use super::super::expression::{Comparison, Expression, Name, Operand, Term};
use super::super::operators::{OPERATORS, Operator, Place};
use super::super::syntax::{Atom, Form, Tail};
use super::super::value;
use super::{Checker, operand};
use crate::schema::Kind;

/// The most members that the sets of a filter have together.
const MEMBERS: usize = 65_536;

impl Checker<'_> {
    pub(super) fn tail(&mut self, name: &Name, net: bool, tail: &Tail) -> Option<Expression> {
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
        self.shared.members += tail.values.len();
        if self.shared.members > MEMBERS {
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
