//! The scope of a record: which of its addresses are public.

use std::sync::Arc;

use super::addresses::AddressSet;
use super::nodes;
use super::{Node, Predicate};
use crate::query::expression::Operand;
use crate::schema::id;

/// Whether `word` is one of the scopes.
pub(super) fn is_scope(word: &str) -> bool {
    scope_sides(word).is_some()
}

/// Whether the source and the destination of a scope are public.
fn scope_sides(word: &str) -> Option<(bool, bool)> {
    match word {
        "internal" => Some((false, false)),
        "inbound" => Some((true, false)),
        "outbound" => Some((false, true)),
        "external" => Some((true, true)),
        _ => None,
    }
}

pub(super) fn scope(operand: &Operand) -> Node {
    match operand {
        Operand::Word(word) => scope_named(word),
        _ => Node::Nothing,
    }
}

/// The scope of the record is `word`.
pub(super) fn scope_named(word: &str) -> Node {
    let Some((source, destination)) = scope_sides(word) else {
        return Node::Nothing;
    };
    let public = Arc::new(AddressSet::public());
    let side = |field, wanted| {
        let is_public = Node::Test(Predicate::Addresses(field, Arc::clone(&public)));
        if wanted {
            is_public
        } else {
            nodes::all(vec![
                Node::Test(Predicate::Present(field)),
                nodes::not(is_public),
            ])
        }
    };
    nodes::all(vec![
        side(id::SRCADDR, source),
        side(id::DSTADDR, destination),
    ])
}
