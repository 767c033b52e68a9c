//! The meaning of a word that is a complete filter: `10.0.0.5`, `443`, `ssh`, `tcp`, `reject`, `eni-0435cbb62960f230e`.

use crate::query::address::{self, FAMILIES};
use crate::query::expression::{ADDRESS_CLASSES, Operand};
use crate::query::other_dialects;
use crate::query::value;
use crate::schema::{FieldId, Kind, id, protocol};

/// The most bytes of a word with `*` or `?`, which is matched against every distinct word of the data.
pub(super) const GLOB_BYTES: usize = 1024;

/// The fields whose words are filters by themselves.
const CHOICES: [FieldId; 4] = [id::ACTION, id::LOG_STATUS, id::FLOW_DIRECTION, id::SCOPE];

/// The prefixes of the IDs that are filters by themselves.
const IDS: [(&str, FieldId); 7] = [
    ("eni-", id::INTERFACE_ID),
    ("i-", id::INSTANCE_ID),
    ("vpc-", id::VPC_ID),
    ("subnet-", id::SUBNET_ID),
    ("nat-", id::RESOURCE_ID),
    ("tgw-attach-", id::TGW_ATTACHMENT_ID),
    ("tgw-", id::TGW_ID),
];

/// The meaning of a bare word.
pub(super) enum Meaning {
    /// A port, of the direction and the protocol of the phrase before it.
    Port,
    /// An address, of the direction and the protocol of the phrase before it.
    Address,
    Is(FieldId, Operand),
    /// TCP flags that are set.
    Flags(u64),
}

/// The meaning of `text` as a complete filter.
pub(super) fn meaning(text: &str) -> Option<Meaning> {
    if let Some(endpoint) = endpoint(text) {
        return Some(endpoint);
    }
    for field in CHOICES {
        if let Kind::Choice(words) = field.kind() {
            let fits = |word: &&&str| word.eq_ignore_ascii_case(text);
            if let Some(word) = words.iter().find(fits) {
                return Some(Meaning::Is(field, Operand::Word((*word).to_owned())));
            }
        }
    }
    if let Some(mask) = value::named_flags(text) {
        return Some(Meaning::Flags(mask));
    }
    if let Some(number) = protocol::number(text) {
        return Some(Meaning::Is(id::PROTOCOL, Operand::Number(number.into())));
    }
    let starts =
        |(prefix, _): &&(&str, FieldId)| text.starts_with(prefix) && text.len() > prefix.len();
    let (_, field) = IDS.iter().find(starts)?;
    if text.len() > GLOB_BYTES {
        return None;
    }
    let operand = if text.contains(['*', '?']) {
        Operand::Glob(text.to_owned())
    } else {
        Operand::Word(text.to_owned())
    };
    Some(Meaning::Is(*field, operand))
}

/// Whether `text` is a complete filter.
pub(super) fn is_value(text: &str) -> bool {
    meaning(text).is_some()
}

/// Whether `text` is a port or an address.
pub(super) fn is_endpoint(text: &str) -> bool {
    endpoint(text).is_some()
}

fn endpoint(text: &str) -> Option<Meaning> {
    let (from, _) = text.split_once("..").unwrap_or((text, ""));
    if !from.is_empty() && from.bytes().all(|b| b.is_ascii_digit())
        || value::port_range(text).is_some()
    {
        return Some(Meaning::Port);
    }
    // `443.` may become `443..445`, and no octet is as large.
    let large = |text: &str| text.len() > 2 && text.parse().is_ok_and(|number: u32| number > 255);
    if text.strip_suffix('.').is_some_and(large) {
        return Some(Meaning::Port);
    }
    if other_dialects::protocol_and_port(text).is_some() {
        return None;
    }
    if address::looks_like_address(text) {
        return Some(Meaning::Address);
    }
    protocol::port(text).map(|_| Meaning::Port)
}

/// The words that are filters by themselves, without ports, protocols and flags.
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

/// The names of the address classes.
pub(super) fn classes() -> impl Iterator<Item = &'static str> {
    ADDRESS_CLASSES.iter().map(|(name, _)| *name)
}
