//! Comparisons with numbers and times as ranges.

use super::nodes;
use super::{Node, Predicate};
use crate::query::expression::Comparison;
use crate::query::ranges::Ranges;
use crate::schema::{FieldId, id};

/// A comparison with the numbers from `from` up to, but not including, `end`.
pub(super) struct Compared {
    pub(super) comparison: Comparison,
    pub(super) from: u128,
    pub(super) end: u128,
}

impl Compared {
    /// The numbers for which it holds.
    pub(super) fn range(&self) -> (u128, u128) {
        let most = u128::from(u64::MAX);
        let before = |end: u128| end.checked_sub(1).map_or((1, 0), |to| (0, to));
        match self.comparison {
            Comparison::Less => before(self.from),
            Comparison::LessOrEqual => before(self.end),
            Comparison::Greater => (self.end, most),
            Comparison::GreaterOrEqual => (self.from, most),
            // `!=` was turned into a negated `==` before.
            Comparison::Equal | Comparison::NotEqual => (self.from, self.end.saturating_sub(1)),
        }
    }

    /// It holds for some second from start to end of a record. If one of them is missing, the other one is used for
    /// both.
    pub(super) fn overlap(&self) -> Node {
        let begins = |end: u128| edge(id::START, id::END, &Ranges::until(0, end));
        let ends = |from: u128| edge(id::END, id::START, &Ranges::until(from, 1 << 64));
        match self.comparison {
            Comparison::Less => begins(self.from),
            Comparison::LessOrEqual => begins(self.end),
            Comparison::Greater => ends(self.end),
            Comparison::GreaterOrEqual => ends(self.from),
            Comparison::Equal | Comparison::NotEqual => {
                nodes::all(vec![begins(self.end), ends(self.from)])
            }
        }
    }
}

/// `field`, or `other` where `field` is missing, is in `set`.
fn edge(field: FieldId, other: FieldId, set: &Ranges) -> Node {
    let missing = nodes::not(Node::Test(Predicate::Present(field)));
    nodes::any(vec![
        nodes::within(field, set.clone()),
        nodes::all(vec![missing, nodes::within(other, set.clone())]),
    ])
}
