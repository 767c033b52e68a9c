//! Joins the nodes of a plan: the cheap ones first, and nothing where nothing is asked.

use super::{Node, Question};
use crate::query::ranges::Ranges;
use crate::schema::{FieldId, Kind};

/// All of `nodes`.
pub(in crate::query) fn all(nodes: Vec<Node>) -> Node {
    let mut parts = Vec::with_capacity(nodes.len());
    for node in nodes {
        match node {
            Node::Every => {}
            Node::Nothing => return Node::Nothing,
            Node::All(inner) => parts.extend(inner),
            node => parts.push(node),
        }
    }
    parts.sort_by_key(cost);
    match parts.pop() {
        None => Node::Every,
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            Node::All(parts)
        }
    }
}

/// Any of `nodes`.
pub(in crate::query) fn any(nodes: Vec<Node>) -> Node {
    let mut parts = Vec::with_capacity(nodes.len());
    for node in nodes {
        match node {
            Node::Every => return Node::Every,
            Node::Nothing => {}
            Node::Any(inner) => parts.extend(inner),
            node => parts.push(node),
        }
    }
    parts.sort_by_key(cost);
    match parts.pop() {
        None => Node::Nothing,
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            Node::Any(parts)
        }
    }
}

/// What is not `node`.
pub(in crate::query) fn not(node: Node) -> Node {
    match node {
        Node::Every => Node::Nothing,
        Node::Nothing => Node::Every,
        Node::Not(inner) => *inner,
        node => Node::Not(Box::new(node)),
    }
}

/// That the number of `field` is in `set`.
pub(in crate::query) fn within(field: FieldId, set: Ranges) -> Node {
    if set.is_empty() {
        return Node::Nothing;
    }
    Node::Ask(Question::Within(field, set))
}

/// What a node costs beside others, a row.
fn cost(node: &Node) -> u32 {
    match node {
        Node::Every | Node::Nothing => 0,
        Node::All(parts) | Node::Any(parts) => parts.iter().map(cost).fold(0, u32::saturating_add),
        Node::Not(part) => cost(part),
        Node::Ask(question) => match question {
            Question::Present(_) | Question::File(_) => 1,
            Question::Within(field, set) => {
                let width = match field.kind() {
                    Kind::Choice(_) => 1,
                    Kind::Protocol | Kind::Flags => 2,
                    Kind::Port | Kind::Text => 4,
                    Kind::Address | Kind::Number | Kind::Time | Kind::Duration => 6,
                };
                let ranges = u32::try_from(set.as_slice().len()).unwrap_or(u32::MAX);
                width.max(1) * ranges.clamp(1, 20)
            }
            Question::Bits { .. } => 8,
            Question::Addresses(..) => 10,
            Question::Fields { .. } | Question::Computed(..) => 100,
            Question::Line(_) => 100_000,
        },
    }
}
