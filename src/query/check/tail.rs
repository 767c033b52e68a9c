//! Checks what a phrase requires of a field: comparisons, sets, flags, texts to find.

use super::{Checker, operand};
use crate::query::diagnostic::Problem;
use crate::query::expression::{Comparison, Expression, Name, Operand, Term};
use crate::query::operators::{self, OPERATORS, Operator, OperatorPosition};
use crate::query::syntax::{Atom, AtomStyle, Tail};
use crate::query::value;
use crate::query::{address, other_dialects, suggest};
use crate::schema::{Kind, protocol};

/// The most members of all sets of a filter together.
const MAX_MEMBERS: usize = 65_536;

impl Checker<'_> {
    pub(super) fn tail(&mut self, name: &Name, net: bool, tail: &Tail) -> Option<Expression> {
        let kind = name.field.kind();
        if !(tail.operator().def().accepts)(kind) {
            self.does_not_take(name, tail);
            return None;
        }
        let comparison = match tail.operator() {
            Operator::Missing if tail.negated => {
                return Some(Expression::Term(Term::Exists(name.clone())));
            }
            Operator::Missing => return Some(Expression::Term(Term::Missing(name.clone()))),
            Operator::In | Operator::Between => return self.set(name, net, tail, tail.negated),
            Operator::Contains | Operator::Matches | Operator::NotMatches | Operator::Like => {
                return self.find(name, tail);
            }
            Operator::Has | Operator::HasAny => return self.flags(name, tail),
            Operator::Equal if tail.is_implied() && kind == Kind::Flags => {
                return self.flags(name, tail);
            }
            Operator::Equal => Comparison::Equal,
            Operator::NotEqual => Comparison::NotEqual,
            Operator::Less => Comparison::Less,
            Operator::LessOrEqual => Comparison::LessOrEqual,
            Operator::Greater => Comparison::Greater,
            Operator::GreaterOrEqual => Comparison::GreaterOrEqual,
            // The parser puts none of these after a field.
            Operator::And
            | Operator::Or
            | Operator::Not
            | Operator::Exists
            | Operator::Since
            | Operator::Until
            | Operator::At
            | Operator::Last
            | Operator::First => {
                self.does_not_take(name, tail);
                return None;
            }
        };
        self.comparison(name, net, tail, comparison)
    }

    fn comparison(
        &mut self,
        name: &Name,
        net: bool,
        tail: &Tail,
        comparison: Comparison,
    ) -> Option<Expression> {
        let comparison = match (comparison, tail.negated) {
            (comparison, false) => comparison,
            (Comparison::Equal, true) => Comparison::NotEqual,
            (_, true) => {
                self.error(
                    &tail.span,
                    "put `not` before the whole comparison, or before in, contains, like or matches",
                );
                return None;
            }
        };
        let equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        if let [atom] = tail.values.as_slice()
            && !tail.bracketed
        {
            if equality && atom.style == AtomStyle::Word && atom.text == "-" {
                // A missing value as the log prints it.
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
                "{} takes one value; for a range or a network use in",
                tail.operator().symbol()
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

    pub(super) fn operand(
        &mut self,
        name: &Name,
        net: bool,
        tail: &Tail,
        atom: &Atom,
    ) -> Option<Operand> {
        match operand::read(self.context, name, net, atom) {
            Ok(operand) => {
                let Some(unknown) = self.unknown_word(name, &operand) else {
                    return Some(operand);
                };
                let is_unfinished = self.is_unfinished_choice(name, atom);
                if is_unfinished || tail.is_implied() && meant_operator(name, atom).is_some() {
                    self.value_problem(name, tail, atom, unknown);
                    return None;
                }
                self.warn_of_word(&atom.span, unknown);
                Some(operand)
            }
            Err(problem) => {
                self.value_problem(name, tail, atom, problem);
                None
            }
        }
    }

    /// Reports a value that could not be read; it may have been meant as an operator.
    fn value_problem(&mut self, name: &Name, tail: &Tail, atom: &Atom, problem: Problem) {
        if self.is_full() {
            return;
        }
        let (text, kind) = (atom.text.as_str(), name.field.kind());
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
        let meant = tail
            .is_implied()
            .then(|| meant_operator(name, atom))
            .flatten()
            .filter(|meant| !suggest::is_nearer(problem.suggestion.as_deref(), &atom.text, meant));
        let problem = match meant {
            Some(meant) => Problem::new(format!("did you mean {name} {meant}?")).suggest(meant),
            None => problem,
        };
        self.problem(atom, problem);
    }

    /// Reports an operator that the field does not take.
    fn does_not_take(&mut self, name: &Name, tail: &Tail) {
        let kind = name.field.kind();
        let texts = [
            Operator::Contains,
            Operator::Like,
            Operator::Matches,
            Operator::NotMatches,
        ];
        let mut problem = Problem::new(format!(
            "{name} takes these operators: {}",
            operators_of(kind)
        ));
        if kind == Kind::Address && texts.contains(&tail.operator()) {
            let within = Operator::In.symbol();
            problem = Problem::new(format!(
                "{name} is an address, not text; to match a network use {within}"
            ));
            let network = tail
                .values
                .first()
                .and_then(|atom| address::prefix(&atom.text));
            if let Some(network) = network {
                problem = problem.suggest(format!("{name} {within} {network}"));
            }
        }
        self.report(problem.at(tail.span.clone()));
    }

    /// Reports several values after an operator that takes one.
    fn one_value(&mut self, tail: &Tail) {
        let symbol = tail.operator().symbol();
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
        let mut problem = Problem::new(format!("{symbol} takes one value"));
        if grouped && !tail.bracketed {
            problem = problem.suggest(format!("{symbol} {number}"));
        }
        self.report(problem.at(tail.span.clone()));
    }

    /// The field is in a set, or present and not in it. Members that name fields are compared with them.
    fn set(&mut self, name: &Name, net: bool, tail: &Tail, negated: bool) -> Option<Expression> {
        self.shared.members += tail.values.len();
        if self.shared.members > MAX_MEMBERS {
            self.error(
                &tail.span,
                format!("the sets of a filter can have at most {MAX_MEMBERS} values"),
            );
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
            self.error(&tail.span, "join several flags with +: syn+ack");
            return None;
        };
        if atom.style == AtomStyle::Word && atom.text == "-" && tail.is_implied() {
            let name = name.clone();
            let term = if tail.negated {
                Term::Exists(name)
            } else {
                Term::Missing(name)
            };
            return Some(Expression::Term(term));
        }
        let has = match value::flags(&atom.text) {
            // `has 0` would be true of every record, so `flags 0` means equality.
            Ok(0) if tail.is_implied() => equal(name.clone(), Operand::Number(0)),
            Ok(mask) => Expression::Term(Term::Flags {
                field: name.clone(),
                any: tail.operator() == Operator::HasAny,
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
                format!("{} takes one text value", tail.operator().symbol()),
            );
            return None;
        };
        let pattern = self.pattern(Some(name), tail.operator(), atom)?;
        Some(Expression::Term(Term::Find {
            field: Some(name.clone()),
            negated: tail.negated != (tail.operator() == Operator::NotMatches),
            pattern,
        }))
    }
}

/// The operator of the field that a value may have been meant as.
fn meant_operator(name: &Name, atom: &Atom) -> Option<&'static str> {
    if atom.style != AtomStyle::Word {
        return None;
    }
    let meant = other_dialects::operator(&atom.text).or_else(|| suggest::operator(&atom.text))?;
    let operator = operators::word(meant)?;
    (operator.def().accepts)(name.field.kind()).then_some(meant)
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

/// A list of the operators that fields of `kind` take.
fn operators_of(kind: Kind) -> String {
    let takes = OPERATORS.iter().filter(|def| {
        matches!(
            def.position,
            OperatorPosition::Comparing | OperatorPosition::AfterField
        ) && (def.accepts)(kind)
    });
    takes
        .map(|def| def.spellings[0])
        .collect::<Vec<&str>>()
        .join(", ")
}
