//! Joins the nodes of a plan: the cheap ones that settle most first, and nothing where nothing is asked.

use super::{Node, Question};
use crate::query::evaluate::evaluate;
use crate::query::mask::Mask;
use crate::query::ranges::Ranges;
use crate::schema::{FieldId, Kind};
use crate::store::Chunk;

/// What a look at the text of a line costs; nothing else comes near.
const LINE: u32 = 100_000;
/// Up to so many nodes are tried out.
const TRIED: usize = 8;
/// What a node that settles nothing is taken to settle, as a share of the rows.
const LEAST: f64 = 1.0 / 4096.0;

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
            Question::Line(_) => LINE,
        },
    }
}

/// Puts the nodes first that settle most for what they cost, as one chunk shows.
pub(in crate::query) fn sharpen(node: &mut Node, sample: &Chunk) {
    let (parts, is_all) = match node {
        Node::All(parts) => (parts, true),
        Node::Any(parts) => (parts, false),
        Node::Not(part) => return sharpen(part, sample),
        Node::Every | Node::Nothing | Node::Ask(_) => return,
    };
    if parts.len() > TRIED {
        return;
    }
    for part in parts.iter_mut() {
        sharpen(part, sample);
    }
    // What one more row costs until it is settled: the less a node settles, the later it is worth asking.
    let price = |part: &Node| {
        let cost = cost(part);
        if cost >= LINE {
            return f64::INFINITY;
        }
        let rows = sample.rows().max(1);
        let matched = evaluate(part, sample, &Mask::All).count(sample.rows()) as f64 / rows as f64;
        let settled = if is_all { 1.0 - matched } else { matched };
        f64::from(cost) / settled.max(LEAST)
    };
    let mut priced: Vec<(f64, Node)> = std::mem::take(parts)
        .into_iter()
        .map(|part| (price(&part), part))
        .collect();
    priced.sort_by(|a, b| a.0.total_cmp(&b.0));
    parts.extend(priced.into_iter().map(|(_, part)| part));
}
