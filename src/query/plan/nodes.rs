//! Joins the nodes of a plan, the cheap and selective ones first, and simplifies them.

use super::{Node, Predicate};
use crate::query::evaluate::evaluate;
use crate::query::mask::Mask;
use crate::query::ranges::Ranges;
use crate::schema::{FieldId, Kind};
use crate::store::Chunk;

/// The cost of searching the text of a line, far above all others.
const LINE_COST: u32 = 100_000;
/// With more nodes, no sample is evaluated.
const MAX_SAMPLED_NODES: usize = 8;
/// The least share of rows that a node is assumed to decide.
const MIN_SHARE: f64 = 1.0 / 4096.0;

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

pub(in crate::query) fn not(node: Node) -> Node {
    match node {
        Node::Every => Node::Nothing,
        Node::Nothing => Node::Every,
        Node::Not(inner) => *inner,
        node => Node::Not(Box::new(node)),
    }
}

/// The number of `field` is in `set`.
pub(in crate::query) fn within(field: FieldId, set: Ranges) -> Node {
    if set.is_empty() {
        return Node::Nothing;
    }
    Node::Test(Predicate::Within(field, set))
}

/// The relative cost of a node per row.
fn cost(node: &Node) -> u32 {
    match node {
        Node::Every | Node::Nothing => 0,
        Node::All(parts) | Node::Any(parts) => parts.iter().map(cost).fold(0, u32::saturating_add),
        Node::Not(part) => cost(part),
        Node::Test(question) => match question {
            Predicate::Present(_) | Predicate::File(_) => 1,
            Predicate::Within(field, set) => {
                let width = match field.kind() {
                    Kind::Choice(_) => 1,
                    Kind::Protocol | Kind::Flags => 2,
                    Kind::Port | Kind::Text => 4,
                    Kind::Address | Kind::Number | Kind::Time | Kind::Duration => 6,
                };
                let ranges = u32::try_from(set.as_slice().len()).unwrap_or(u32::MAX);
                width.max(1) * ranges.clamp(1, 20)
            }
            Predicate::Bits { .. } => 8,
            Predicate::Addresses(..) => 10,
            Predicate::Fields(_) | Predicate::Computed(..) => 100,
            Predicate::Line(_) => LINE_COST,
        },
    }
}

/// Puts the nodes first that decide most rows for their cost, measured on one chunk.
pub(in crate::query) fn reorder_by_selectivity(node: &mut Node, sample: &Chunk) {
    let (parts, is_all) = match node {
        Node::All(parts) => (parts, true),
        Node::Any(parts) => (parts, false),
        Node::Not(part) => return reorder_by_selectivity(part, sample),
        Node::Every | Node::Nothing | Node::Test(_) => return,
    };
    if parts.len() > MAX_SAMPLED_NODES {
        return;
    }
    for part in parts.iter_mut() {
        reorder_by_selectivity(part, sample);
    }
    // The cost per decided row.
    let price = |part: &Node| {
        let cost = cost(part);
        if cost >= LINE_COST {
            return f64::INFINITY;
        }
        let rows = sample.rows().max(1);
        let matched = evaluate(part, sample, &Mask::All).count(sample.rows()) as f64 / rows as f64;
        let settled = if is_all { 1.0 - matched } else { matched };
        f64::from(cost) / settled.max(MIN_SHARE)
    };
    let mut priced: Vec<(f64, Node)> = std::mem::take(parts)
        .into_iter()
        .map(|part| (price(&part), part))
        .collect();
    priced.sort_by(|a, b| a.0.total_cmp(&b.0));
    parts.extend(priced.into_iter().map(|(_, part)| part));
}
