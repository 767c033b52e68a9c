//! Values in words: names of ports, protocols, flags and kinds of addresses.

#[cfg(test)]
mod tests;

use std::net::Ipv4Addr;

use super::glossary::entry;
use crate::format;
use crate::schema::{Address, AddressClass, FieldId, Kind, Value, id, protocol};

/// Bits of the TCP flags field and their names.
const FLAGS: [(u64, &str); 8] = [
    (2, "SYN"),
    (16, "ACK"),
    (1, "FIN"),
    (4, "RST"),
    (8, "PSH"),
    (32, "URG"),
    (64, "ECE"),
    (128, "CWR"),
];

/// `value` of `field` in words, or none if it is clear as it is. `of` is the protocol of the record, if known, which
/// decides whether there are ports and flags.
pub(crate) fn decode(field: FieldId, value: Value<'_>, of: Option<u64>) -> Option<String> {
    match (field.kind(), value) {
        (Kind::Address, Value::Address(address)) => Some(address_class(address).into()),
        (Kind::Port, Value::Number(port)) => decode_port(port, of),
        (Kind::Protocol, Value::Number(number)) => decode_protocol(number),
        (Kind::Time, Value::Number(time)) => Some(format::iso(time)),
        (Kind::Duration, Value::Number(seconds)) => Some(format::duration(seconds)),
        (Kind::Flags, Value::Number(flags)) => decode_flags(field, flags, of),
        (_, Value::Number(number)) => decode_number(field, number),
        (_, Value::Word(word)) => decode_word(field, word),
        (_, Value::Missing | Value::Address(_)) => None,
    }
}

/// The meaning of a value as written in a flow log, from the glossary.
pub(super) fn meaning_of(field: FieldId, value: &str) -> Option<&'static str> {
    Some(entry(field)?.values.get(value)?.as_str())
}

fn decode_port(port: u64, of: Option<u64>) -> Option<String> {
    if let Some(number) = of.filter(|number| !protocol::has_ports(*number)) {
        let name = protocol::name(number).map_or_else(|| number.to_string(), str::to_owned);
        return Some(format!("none: {name} has no ports"));
    }
    let service = protocol::service(port)?;
    Some(match protocol::service_meaning(port) {
        Some(meaning) => format!("{service}, {meaning}"),
        None => service.into(),
    })
}

fn decode_protocol(number: u64) -> Option<String> {
    let name = protocol::name(number)?;
    Some(match protocol::meaning(number) {
        // TCP, UDP and ICMP need no explanation.
        Some(meaning) if !matches!(number, 1 | 6 | 17) => format!("{name}, {meaning}"),
        _ => name.into(),
    })
}

fn decode_number(field: FieldId, number: u64) -> Option<String> {
    if let Some(meaning) = meaning_of(field, &number.to_string()) {
        return Some(meaning.into());
    }
    match field {
        id::BYTES => (number >= 1000).then(|| format::bytes(number)),
        id::BPS => Some(format!("{}bit/s", with_prefix(number))),
        _ => (number >= 1000).then(|| format::count(number)),
    }
}

/// `12.3 M`: with a space before the unit.
fn with_prefix(number: u64) -> String {
    let bytes = format::bytes(number);
    bytes.strip_suffix('B').unwrap_or(&bytes).to_owned()
}

/// The length of the letters of all flags.
pub(crate) const MAX_FLAG_LETTERS: usize = FLAGS.len();

/// The paths of `traffic-path`, from 1 on, in few words.
const PATHS: [&str; 8] = [
    "same VPC",
    "internet or gateway endpoint",
    "virtual private gateway",
    "peering",
    "peering to other region",
    "Local Zone or Wavelength",
    "gateway endpoint",
    "internet gateway",
];

/// The first letters of the flags in a mask, SYN first: `SA`; `0` for none.
pub(crate) fn flag_letters(flags: u64) -> String {
    let known = FLAGS.iter().fold(0, |known, (bit, _)| known | bit);
    if flags & known != flags || flags == 0 {
        return flags.to_string();
    }
    let set = FLAGS.iter().filter(|(bit, _)| flags & bit != 0);
    set.filter_map(|(_, name)| name.chars().next()).collect()
}

/// What a number of `traffic-path` stands for, in few words.
pub(crate) fn path_name(path: u64) -> Option<&'static str> {
    let index = usize::try_from(path).ok()?.checked_sub(1)?;
    PATHS.get(index).copied()
}

/// The length of the longest name of a path.
pub(crate) fn longest_path_name() -> usize {
    PATHS.iter().map(|name| name.len()).max().unwrap_or(0)
}

/// The names of the flags in a mask, SYN first: `SYN ACK FIN`.
pub(super) fn flag_names(flags: u64) -> String {
    let set = FLAGS.iter().filter(|(bit, _)| flags & bit != 0);
    let names: Vec<&str> = set.map(|(_, name)| *name).collect();
    names.join(" ")
}

fn decode_flags(field: FieldId, flags: u64, of: Option<u64>) -> Option<String> {
    if flags == 0
        && let Some(number) = of.filter(|number| *number != 6)
    {
        let name = protocol::name(number).map_or_else(|| number.to_string(), str::to_owned);
        return Some(format!("none: {name} has no flags"));
    }
    let meaning = meaning_of(field, &flags.to_string());
    match (flag_names(flags), meaning) {
        (names, Some(meaning)) if names.is_empty() => Some(format!("none: {meaning}")),
        (names, Some(meaning)) => Some(format!("{names}: {meaning}")),
        (names, None) if names.is_empty() => None,
        (names, None) => Some(names),
    }
}

fn decode_word(field: FieldId, word: &str) -> Option<String> {
    let entry = entry(field)?;
    entry.values.get(word).cloned()
}

/// The kind of an address. The first word is the word of the filter language, if it has one.
fn address_class(address: Address) -> &'static str {
    let documentation = match address {
        Address::V4(v4) => v4.is_documentation(),
        Address::V6(v6) => matches!(v6.segments(), [0x2001, 0xdb8, ..]),
        Address::Mac(_) => false,
    };
    match (address.class(), address) {
        (None, _) => "a hardware address, used by EFA traffic",
        (Some(AddressClass::Private), Address::V4(v4)) if v4.octets()[0] == 100 => {
            "private, shared by carriers (CGNAT)"
        }
        (Some(AddressClass::Private), _) => "private",
        (Some(AddressClass::Loopback), _) => "loopback, the host itself",
        (Some(AddressClass::LinkLocal), _) => "link-local",
        (Some(AddressClass::Multicast), _) => "multicast",
        (Some(AddressClass::Public), _) if documentation => "public, reserved for documentation",
        (Some(AddressClass::Public), Address::V4(Ipv4Addr::BROADCAST)) => {
            "public, the broadcast address"
        }
        (Some(AddressClass::Public), _) => "public",
    }
}
