//! The place of the cursor in the syntax tree of a filter, and the rest of the tree.

use super::Word;
use crate::query::expression::Name;
use crate::query::lex::{self, Bracket, Lexeme, LexemeKind};
use crate::query::operators::{Operator, OperatorPosition};
use crate::query::parse;
use crate::query::syntax::{Atom, EndpointKind, Phrase, Side, Syntax, Target};
use crate::schema::{self, FieldId, id};
use crate::store::Catalog;

/// The probe: a character for private use in Unicode, which no filter contains.
pub(super) const PROBE: &str = "\u{f8ff}";

/// What can be written at the cursor.
#[derive(Debug, PartialEq)]
pub(super) enum Slot {
    Filter,
    /// After a complete filter.
    Joint,
    Field,
    /// An operator for the field, or a value of it.
    Tail(Name),
    /// `port`, `host` or `net` after a direction, or a value.
    Side(Name),
    Value(Name),
    /// The operand of `since`, `until`, `at`, `last` or `first`.
    Window(Operator),
    /// Nothing that could be completed.
    Nothing,
}

/// The slot of the probe, and the filter without the part that contains it.
pub(super) struct Located {
    pub(super) slot: Slot,
    pub(super) rest: Option<Syntax>,
}

/// Finds the slot of `word` in `text`.
pub(super) fn find(text: &str, word: &Word, catalog: &Catalog) -> Located {
    let mut probed = word.probed(text);
    for bracket in open_brackets(&probed).iter().rev() {
        probed.push(bracket.close());
    }
    let (syntax, _) = parse::parse(&probed, catalog, 0);
    let before = lex::lex(word.before(text));
    let mut before = before
        .iter()
        .rev()
        .filter(|lexeme| !matches!(lexeme.kind, LexemeKind::Space | LexemeKind::Comment));
    let last = before.next();
    let slot = syntax
        .as_ref()
        .and_then(|syntax| slot_of(syntax, catalog))
        .filter(|slot| *slot != Slot::Filter)
        .unwrap_or_else(|| after(last));
    let slot = match slot {
        // A colon replaces an operator.
        Slot::Tail(name) | Slot::Side(name) if word.before(text).ends_with(':') => {
            Slot::Value(name)
        }
        slot => slot,
    };
    Located {
        slot,
        rest: syntax.and_then(without_probe),
    }
}

/// Whether `word` can be followed by a colon: `dport:443`, `src:10.0.1.5`.
pub(super) fn is_head(word: &str) -> bool {
    let direction = ["src", "source", "dst", "destination"]
        .iter()
        .any(|direction| direction.eq_ignore_ascii_case(word));
    direction || schema::lookup(word).is_some() || parse::qualified(word).is_some()
}

/// The slot after a lexeme, if the probe is not in the tree or is a bare value.
fn after(last: Option<&Lexeme<'_>>) -> Slot {
    let Some(last) = last else {
        return Slot::Filter;
    };
    match (last.operator(), last.kind) {
        (Some(Operator::Exists), _) => Slot::Field,
        (Some(operator), _) => match operator.def().position {
            OperatorPosition::Joining | OperatorPosition::Negating => Slot::Filter,
            OperatorPosition::BeforeTime => Slot::Window(operator),
            OperatorPosition::Comparing
            | OperatorPosition::BeforeField
            | OperatorPosition::AfterField => Slot::Nothing,
        },
        (None, LexemeKind::Open(Bracket::Round)) => Slot::Filter,
        (None, LexemeKind::Open(_) | LexemeKind::Comma | LexemeKind::Stray) => Slot::Nothing,
        _ => Slot::Joint,
    }
}

fn open_brackets(text: &str) -> Vec<Bracket> {
    let mut open = Vec::new();
    for lexeme in lex::lex(text) {
        match lexeme.kind {
            LexemeKind::Open(bracket) => open.push(bracket),
            LexemeKind::Close(bracket) if open.last() == Some(&bracket) => drop(open.pop()),
            _ => {}
        }
    }
    open
}

fn is_probe(atom: &Atom) -> bool {
    atom.text.contains(PROBE)
}

/// The slot of the probe; none where it is not in `syntax`.
fn slot_of(syntax: &Syntax, catalog: &Catalog) -> Option<Slot> {
    match syntax {
        Syntax::All(parts) | Syntax::Any(parts) => {
            parts.iter().find_map(|part| slot_of(part, catalog))
        }
        Syntax::Not(part) | Syntax::Group(part) => slot_of(part, catalog),
        Syntax::Phrase(phrase) => in_phrase(phrase, catalog),
        Syntax::Bare(atom) | Syntax::Text(atom) | Syntax::Saved(atom) => {
            is_probe(atom).then_some(Slot::Filter)
        }
        Syntax::Exists(_) => None,
        Syntax::Window(operator, atom) => is_probe(atom).then_some(Slot::Window(*operator)),
    }
}

fn in_phrase(phrase: &Phrase, catalog: &Catalog) -> Option<Slot> {
    let tail = &phrase.tail;
    if !tail.values.iter().any(is_probe) {
        return None;
    }
    let lone = tail.is_implied() && tail.values.len() == 1 && !tail.bracketed;
    let name = |field| Name::of(catalog, field);
    Some(match &phrase.subject.target {
        Target::Field { name, .. } if lone => Slot::Tail(name.clone()),
        Target::Field { name, .. } => Slot::Value(name.clone()),
        Target::Side(side, None) if lone => Slot::Side(name(field_of(*side, false))),
        Target::Side(side, end) => {
            let ports = *end == Some(EndpointKind::Port);
            Slot::Value(name(field_of(*side, ports)))
        }
    })
}

/// The field that a direction implies.
fn field_of(side: Side, port: bool) -> FieldId {
    match (side, port) {
        (Side::Either, true) => id::PORT,
        (Side::Either, false) => id::ADDR,
        (Side::Source | Side::Both, true) => id::SRCPORT,
        (Side::Source | Side::Both, false) => id::SRCADDR,
        (Side::Destination, true) => id::DSTPORT,
        (Side::Destination, false) => id::DSTADDR,
    }
}

/// `syntax` without the parts that depend on the probe; none where nothing is left.
fn without_probe(syntax: Syntax) -> Option<Syntax> {
    match syntax {
        Syntax::All(parts) => {
            let parts: Vec<Syntax> = parts.into_iter().filter_map(without_probe).collect();
            (!parts.is_empty()).then_some(Syntax::All(parts))
        }
        Syntax::Any(parts) => {
            // The part with the probe may match every record.
            let parts: Option<Vec<Syntax>> = parts.into_iter().map(without_probe).collect();
            parts.map(Syntax::Any)
        }
        Syntax::Not(part) => without_probe(*part).map(|part| Syntax::Not(Box::new(part))),
        Syntax::Group(part) => without_probe(*part).map(|part| Syntax::Group(Box::new(part))),
        Syntax::Phrase(phrase) => {
            let has_probe = phrase.tail.values.iter().any(is_probe);
            (!has_probe).then_some(Syntax::Phrase(phrase))
        }
        Syntax::Bare(atom) => (!is_probe(&atom)).then_some(Syntax::Bare(atom)),
        Syntax::Text(atom) => (!is_probe(&atom)).then_some(Syntax::Text(atom)),
        Syntax::Saved(atom) => (!is_probe(&atom)).then_some(Syntax::Saved(atom)),
        Syntax::Window(operator, atom) => {
            (!is_probe(&atom)).then_some(Syntax::Window(operator, atom))
        }
        other @ Syntax::Exists(_) => Some(other),
    }
}
