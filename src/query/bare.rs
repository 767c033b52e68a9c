//! Values that stand alone: `10.0.0.5`, `443`, `ssh`, `tcp`, `reject`, `eni-0435cbb62960f230e`.

use super::address;
use super::check::{Checker, operand, tail::equal};
use super::expression::{CLASSES, Expression, Name, Operand, Term};
use super::foreign;
use super::suggest;
use super::syntax::{Atom, Form};
use super::value;
use crate::schema::{FieldId, Kind, id, protocol};

/// The fields whose words may stand alone.
const CHOICES: [FieldId; 4] = [id::ACTION, id::LOG_STATUS, id::FLOW_DIRECTION, id::SCOPE];

/// What the ids that may stand alone begin with.
const IDS: [(&str, FieldId); 7] = [
    ("eni-", id::INTERFACE_ID),
    ("i-", id::INSTANCE_ID),
    ("vpc-", id::VPC_ID),
    ("subnet-", id::SUBNET_ID),
    ("nat-", id::RESOURCE_ID),
    ("tgw-attach-", id::TGW_ATTACHMENT_ID),
    ("tgw-", id::TGW_ID),
];

/// The words for the addresses of one family.
const FAMILIES: [(&str, &str); 6] = [
    ("ipv4", "0.0.0.0/0"),
    ("ip4", "0.0.0.0/0"),
    ("inet", "0.0.0.0/0"),
    ("ipv6", "::/0"),
    ("ip6", "::/0"),
    ("inet6", "::/0"),
];

/// The network that a word for the addresses of one family means.
pub(super) fn family(text: &str) -> Option<&'static str> {
    let named = FAMILIES
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(text));
    named.map(|(_, network)| *network)
}

/// Whether the beginning of an id that may stand alone can begin with `text`.
pub(super) fn begins_id(text: &str) -> bool {
    IDS.iter().any(|(prefix, _)| prefix.starts_with(text))
}

/// Whether `text` is a value of a port or of an address.
pub(super) fn is_end(text: &str) -> bool {
    is_port(text).is_some()
}

/// The words that may stand alone, ports, protocols and flags left out.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    let choices = CHOICES.into_iter().flat_map(|field| match field.kind() {
        Kind::Choice(words) => words,
        _ => &[],
    });
    choices
        .copied()
        .chain(classes())
        .chain(FAMILIES.iter().map(|(name, _)| *name))
}

/// The names of the sorts of addresses.
pub(super) fn classes() -> impl Iterator<Item = &'static str> {
    CLASSES.iter().map(|(name, _)| *name)
}

/// What a value that stands alone asks for.
pub(super) fn check(checker: &mut Checker<'_>, atom: &Atom) -> Option<Expression> {
    let text = atom.text.as_str();
    if atom.form == Form::Word {
        if let Some(port) = is_port(text) {
            return ends(checker, atom, port);
        }
        if let Some((field, operand)) = meaning(text) {
            let name = Name::of(checker.context.catalog, field);
            checker.mention(&name, &atom.span);
            return Some(match operand {
                Meaning::Is(operand) => equal(name, operand),
                Meaning::Flags(mask) => Expression::Term(Term::Flags {
                    field: name,
                    any: false,
                    mask,
                }),
            });
        }
    }
    // Guesses are work: thousands of unknown words must not cost thousands of them.
    if checker.is_full() {
        return None;
    }
    let diagnostic = suggest::unknown(
        text,
        atom.span.clone(),
        checker.end,
        checker.context.catalog,
    );
    checker.diagnostics.push(diagnostic);
    None
}

/// Whether a value is one of a port, or one of an address; none where it is neither.
fn is_port(text: &str) -> Option<bool> {
    let (from, _) = text.split_once("..").unwrap_or((text, text));
    if !from.is_empty() && from.bytes().all(|b| b.is_ascii_digit())
        || value::port_range(text).is_some()
    {
        return Some(true);
    }
    // `443.` may become `443..445`, and no octet is as large.
    let large = |text: &str| text.len() > 2 && text.parse().is_ok_and(|number: u32| number > 255);
    if text.strip_suffix('.').is_some_and(large) {
        return Some(true);
    }
    if foreign::protocol_and_port(text).is_some() {
        return None;
    }
    if address::looks_like_address(text) {
        return Some(false);
    }
    protocol::port(text).map(|_| true)
}

/// An address or a port, of the direction and the protocol of the phrase before it.
fn ends(checker: &mut Checker<'_>, atom: &Atom, port: bool) -> Option<Expression> {
    let mut parts = Vec::new();
    if let Some(number) = checker.protocol {
        parts.push(checker.protocol_is(number, &atom.span));
    }
    for name in checker.ends(checker.side, port) {
        checker.mention(&name, &atom.span);
        let operand = match operand::read(checker.context, &name, false, atom) {
            Ok(operand) => operand,
            Err(problem) => {
                let problem = match foreign::account(&atom.text) {
                    Some(account) => problem.suggest(account),
                    None => problem,
                };
                checker.problem(atom, problem);
                return None;
            }
        };
        parts.push(equal(name, operand));
    }
    Some(Expression::all(parts))
}

/// Whether `text` means something when it stands alone.
pub(super) fn is_value(text: &str) -> bool {
    is_port(text).is_some() || meaning(text).is_some()
}

enum Meaning {
    Is(Operand),
    Flags(u64),
}

fn meaning(text: &str) -> Option<(FieldId, Meaning)> {
    for field in CHOICES {
        if let Kind::Choice(words) = field.kind() {
            let fits = |word: &&&str| word.eq_ignore_ascii_case(text);
            if let Some(word) = words.iter().find(fits) {
                return Some((field, Meaning::Is(Operand::Word((*word).to_owned()))));
            }
        }
    }
    if let Some(mask) = value::named_flags(text) {
        return Some((id::TCP_FLAGS, Meaning::Flags(mask)));
    }
    if let Some(number) = protocol::number(text) {
        return Some((id::PROTOCOL, Meaning::Is(Operand::Number(number.into()))));
    }
    let starts =
        |(prefix, _): &&(&str, FieldId)| text.starts_with(prefix) && text.len() > prefix.len();
    let (_, field) = IDS.iter().find(starts)?;
    let word = text.to_owned();
    if text.len() > operand::GLOB_BYTES {
        return None;
    }
    let operand = if text.contains(['*', '?']) {
        Operand::Glob(word)
    } else {
        Operand::Word(word)
    };
    Some((*field, Meaning::Is(operand)))
}
