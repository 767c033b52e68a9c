//! Warns about a field that would need two values at once: `dst port 22 80` selects nothing.

use std::collections::HashMap;
use std::ops::Range;

use super::Checker;
use crate::query::diagnostic::Problem;
use crate::query::expression::{Comparison, Expression, Name, Operand, Term};
use crate::query::syntax::Syntax;
use crate::schema::{FieldId, id};

impl Checker<'_> {
    /// Warns about the first part of a conjunction that cannot hold together with one before it. `parts` are the
    /// checked parts of `syntax`.
    pub(super) fn warn_about_contradiction(&mut self, syntax: &[Syntax], parts: &[Expression]) {
        let mut met: HashMap<FieldId, &Operand> = HashMap::new();
        for (syntax, part) in syntax.iter().zip(parts) {
            let terms = match part {
                Expression::All(parts) => parts.as_slice(),
                other => std::slice::from_ref(other),
            };
            for (name, operand) in terms.iter().filter_map(exact) {
                let first = *met.entry(name.field).or_insert(operand);
                if first == operand || are_spellings(first, operand) {
                    continue;
                }
                let Some(span) = span(syntax) else { continue };
                let message = format!("{name} cannot have both values: join them with or");
                self.warn(&span, Problem::new(message));
                return;
            }
        }
    }
}

/// The field that must equal a value, and the value.
fn exact(term: &Expression) -> Option<(&Name, &Operand)> {
    let Expression::Term(Term::Compare(name, Comparison::Equal, operand)) = term else {
        return None;
    };
    let one = matches!(
        operand,
        Operand::Number(_) | Operand::Address(_) | Operand::Word(_)
    );
    // `time` matches every second from start to end.
    let is_several = name.field.either().is_some() || name.field == id::TIME;
    (one && !is_several).then_some((name, operand))
}

/// Whether two words may be spellings of one word of a closed list.
fn are_spellings(one: &Operand, other: &Operand) -> bool {
    matches!((one, other), (Operand::Word(one), Operand::Word(other)) if one.eq_ignore_ascii_case(other))
}

/// The bytes of a part, where its syntax has them.
fn span(syntax: &Syntax) -> Option<Range<usize>> {
    match syntax {
        Syntax::Phrase(phrase) => {
            let last = phrase.tail.values.last();
            let end = last.map_or(phrase.subject.span.end, |atom| atom.span.end);
            Some(phrase.subject.span.start..end.max(phrase.subject.span.start))
        }
        Syntax::Bare(atom) | Syntax::Saved(atom) => Some(atom.span.clone()),
        Syntax::Group(part) => span(part),
        Syntax::All(parts) => {
            let first = parts.iter().find_map(span)?;
            let last = parts.iter().rev().find_map(span)?;
            Some(first.start..last.end)
        }
        Syntax::Any(_)
        | Syntax::Not(_)
        | Syntax::Text(_)
        | Syntax::Exists(_)
        | Syntax::Window(..) => None,
    }
}
