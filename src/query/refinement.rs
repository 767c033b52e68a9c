//! The difference between two filters, so that results of the old one can be reused for the new one.

#[cfg(test)]
mod tests;

use crate::query::expression::Expression;

/// Comparing filters with more parts would cost more than it saves.
const MAX_PARTS: usize = 256;

/// The parts that a filter adds to another one.
#[derive(Clone, Debug, PartialEq)]
pub enum Refinement {
    /// Joined with `and`: fewer records match.
    Narrowed(Expression),
    /// Joined with `or`: more records match.
    Widened(Expression),
}

impl Expression {
    /// The parts that were added to `old` with `and` or `or` to get this filter; none where `old` is not contained in
    /// it.
    pub fn refinement_of(&self, old: &Self) -> Option<Refinement> {
        if *old == Self::Everything {
            return None;
        }
        let and = |filter: &Self| match filter {
            Self::All(parts) => parts.clone(),
            other => vec![other.clone()],
        };
        let or = |filter: &Self| match filter {
            Self::Any(parts) => parts.clone(),
            other => vec![other.clone()],
        };
        added(&and(self), &and(old))
            .map(|parts| Refinement::Narrowed(Self::all(parts)))
            .or_else(|| match added(&or(self), &or(old))? {
                // The two are the same, and `any` needs at least one part.
                parts if parts.is_empty() => None,
                parts => Some(Refinement::Widened(Self::any(parts))),
            })
    }
}

/// The parts of `new` that `old` lacks; none where `new` lacks one of `old`.
fn added(new: &[Expression], old: &[Expression]) -> Option<Vec<Expression>> {
    if new.len() > MAX_PARTS || !old.iter().all(|part| new.contains(part)) {
        return None;
    }
    let parts = new.iter().filter(|part| !old.contains(part));
    Some(parts.cloned().collect())
}
