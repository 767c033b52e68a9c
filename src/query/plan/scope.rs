//! The scope of a record: which of its addresses are public.

use std::sync::Arc;

use super::addresses::AddressSet;
use super::nodes;
use super::{Node, Predicate};
use crate::query::expression::Operand;
use crate::query::ranges::Ranges;
use crate::schema::{Scope, id};

/// Whether `word` is one of the scopes.
pub(super) fn is_scope(word: &str) -> bool {
    scope_of(word).is_some()
}

fn scope_of(word: &str) -> Option<Scope> {
    match word {
        "internal" => Some(Scope::Internal),
        "inbound" => Some(Scope::Inbound),
        "outbound" => Some(Scope::Outbound),
        "external" => Some(Scope::External),
        _ => None,
    }
}

pub(super) fn scope(operand: &Operand) -> Node {
    match operand {
        Operand::Word(word) => scope_named(word),
        _ => Node::Nothing,
    }
}

/// The scope of the record is `word`. Only where both addresses are public IPv6 addresses, it is worked out row by row.
pub(super) fn scope_named(word: &str) -> Node {
    let Some(scope) = scope_of(word) else {
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
    let (source, destination) = match scope {
        Scope::Internal => (false, false),
        Scope::Inbound => (true, false),
        Scope::Outbound => (false, true),
        Scope::External => (true, true),
    };
    let sides = nodes::all(vec![
        side(id::SRCADDR, source),
        side(id::DSTADDR, destination),
    ]);
    let v6 = Arc::new(AddressSet::public_v6());
    let is_v6 = |field| Node::Test(Predicate::Addresses(field, Arc::clone(&v6)));
    let code = scope as u128;
    let worked_out = Node::Test(Predicate::Computed(
        id::SCOPE,
        Ranges::until(code, code + 1),
    ));
    let between_v6 = |last| nodes::all(vec![is_v6(id::SRCADDR), is_v6(id::DSTADDR), last]);
    match scope {
        Scope::External => nodes::all(vec![sides, nodes::not(between_v6(nodes::not(worked_out)))]),
        _ => nodes::any(vec![sides, between_v6(worked_out)]),
    }
}
