//! Where the cursor stands in the shape of a filter, and what stands around it.

use super::Word;
use crate::query::expression::Name;
use crate::query::lex::{self, Bracket, Lexeme, Shape};
use crate::query::operators::{Operator, Place};
use crate::query::parse;
use crate::query::syntax::{Atom, EndpointKind, Phrase, Side, Syntax, Target};
use crate::schema::{self, FieldId, id};
use crate::store::Catalog;

/// A word that nobody writes, of a character that Unicode leaves to private use.
pub(super) const PROBE: &str = "\u{f8ff}";

/// What may stand at a place.
#[derive(Debug, PartialEq)]
pub(super) enum Asked {
    /// A filter.
    Filter,
    /// What goes on after a filter.
    Joint,
    /// The name of a field.
    Field,
    /// An operator for the field, or a value of it.
    Tail(Name),
    /// The end of a direction, or a value of it.
    Side(Name),
    /// A value.
    Value(Name),
    /// A time or a duration.
    Window(Operator),
    /// Nothing that could be guessed.
    Nothing,
}

/// What is asked at the place of the probe, and the filter without the part that the probe is in.
pub(super) struct Found {
    pub(super) asked: Asked,
    pub(super) rest: Option<Syntax>,
}

/// Finds what `text` asks at the place of `word`.
pub(super) fn find(text: &str, word: &Word, catalog: &Catalog) -> Found {
    let mut probed = word.probed(text);
    for bracket in open_brackets(&probed).iter().rev() {
        probed.push(bracket.close());
    }
    let (syntax, _) = parse::parse(&probed, catalog, 0);
    let before = lex::lex(word.before(text));
    let mut before = before
        .iter()
        .rev()
        .filter(|lexeme| !matches!(lexeme.shape, Shape::Space | Shape::Comment));
    let last = before.next();
    let asked = syntax
        .as_ref()
        .and_then(|syntax| asked(syntax, catalog))
        .filter(|asked| *asked != Asked::Filter)
        .unwrap_or_else(|| after(last));
    let asked = match asked {
        // A colon is as good as an operator.
        Asked::Tail(name) | Asked::Side(name) if word.before(text).ends_with(':') => {
            Asked::Value(name)
        }
        asked => asked,
    };
    Found {
        asked,
        rest: syntax.and_then(without_probe),
    }
}

/// Whether `word` before a colon makes a short form: `dport:443`, `src:10.0.1.5`.
pub(super) fn is_head(word: &str) -> bool {
    let direction = ["src", "source", "dst", "destination"]
        .iter()
        .any(|direction| direction.eq_ignore_ascii_case(word));
    direction || schema::lookup(word).is_some() || parse::qualified(word).is_some()
}

/// What may follow a lexeme, where the parser made nothing of the probe, or a value that stands alone.
fn after(last: Option<&Lexeme<'_>>) -> Asked {
    let Some(last) = last else {
        return Asked::Filter;
    };
    match (last.operator(), last.shape) {
        (Some(Operator::Exists), _) => Asked::Field,
        (Some(operator), _) => match operator.def().place {
            Place::Joining | Place::Negating => Asked::Filter,
            Place::BeforeTime => Asked::Window(operator),
            Place::Comparing | Place::BeforeField | Place::AfterField => Asked::Nothing,
        },
        (None, Shape::Open(Bracket::Round)) => Asked::Filter,
        (None, Shape::Open(_) | Shape::Comma | Shape::Stray) => Asked::Nothing,
        _ => Asked::Joint,
    }
}

fn open_brackets(text: &str) -> Vec<Bracket> {
    let mut open = Vec::new();
    for lexeme in lex::lex(text) {
        match lexeme.shape {
            Shape::Open(bracket) => open.push(bracket),
            Shape::Close(bracket) if open.last() == Some(&bracket) => drop(open.pop()),
            _ => {}
        }
    }
    open
}

fn is_probe(atom: &Atom) -> bool {
    atom.text.contains(PROBE)
}

/// What is asked where the probe is; none where it is not in `syntax`.
fn asked(syntax: &Syntax, catalog: &Catalog) -> Option<Asked> {
    match syntax {
        Syntax::All(parts) | Syntax::Any(parts) => {
            parts.iter().find_map(|part| asked(part, catalog))
        }
        Syntax::Not(part) | Syntax::Group(part) => asked(part, catalog),
        Syntax::Phrase(phrase) => in_phrase(phrase, catalog),
        Syntax::Bare(atom) | Syntax::Text(atom) | Syntax::Saved(atom) => {
            is_probe(atom).then_some(Asked::Filter)
        }
        Syntax::Exists(_) => None,
        Syntax::Window(operator, atom) => is_probe(atom).then_some(Asked::Window(*operator)),
    }
}

fn in_phrase(phrase: &Phrase, catalog: &Catalog) -> Option<Asked> {
    let tail = &phrase.tail;
    if !tail.values.iter().any(is_probe) {
        return None;
    }
    let lone = tail.implied && tail.values.len() == 1 && !tail.bracketed;
    let name = |field| Name::of(catalog, field);
    Some(match &phrase.subject.target {
        Target::Field { name, .. } if lone => Asked::Tail(name.clone()),
        Target::Field { name, .. } => Asked::Value(name.clone()),
        Target::Side(side, None) if lone => Asked::Side(name(field_of(*side, false))),
        Target::Side(side, end) => {
            let ports = *end == Some(EndpointKind::Port);
            Asked::Value(name(field_of(*side, ports)))
        }
    })
}

/// The field that a direction means.
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

/// What `syntax` asks of records whatever stands in the place of the probe; none where that is nothing.
fn without_probe(syntax: Syntax) -> Option<Syntax> {
    match syntax {
        Syntax::All(parts) => {
            let parts: Vec<Syntax> = parts.into_iter().filter_map(without_probe).collect();
            (!parts.is_empty()).then_some(Syntax::All(parts))
        }
        Syntax::Any(parts) => {
            // One of them could hold of any record.
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
