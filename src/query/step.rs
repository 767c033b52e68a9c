//! How one filter comes from another, so that what was found for that one need not be looked for again.

#[cfg(test)]
mod tests;

use super::expression::Expression;

/// Filters of more parts are not compared: it would cost more than it saves.
const PARTS: usize = 256;

/// What a filter asks beyond another one.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Of the records that the other selects, those that this selects too.
    Narrowed(Expression),
    /// The records that the other selects, and those that this selects.
    Widened(Expression),
}

impl Expression {
    /// The step that leads from `old` to this filter: parts were added with `and`, or with `or`. None where
    /// one is not the beginning of the other.
    pub fn step_from(&self, old: &Self) -> Option<Step> {
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
            .map(|parts| Step::Narrowed(Self::all(parts)))
            .or_else(|| match added(&or(self), &or(old))? {
                // Nothing was added: the two are the same, and nothing would be `any` of nothing.
                parts if parts.is_empty() => None,
                parts => Some(Step::Widened(Self::any(parts))),
            })
    }
}

/// The parts that `new` has beyond those of `old`, all of which it has.
fn added(new: &[Expression], old: &[Expression]) -> Option<Vec<Expression>> {
    if new.len() > PARTS || !old.iter().all(|part| new.contains(part)) {
        return None;
    }
    let parts = new.iter().filter(|part| !old.contains(part));
    Some(parts.cloned().collect())
}
