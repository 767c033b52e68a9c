//! Turns one word into one value, the plain way: what decides whenever the fast way does not know.

use std::net::Ipv6Addr;

use crate::schema::{Address, FieldId, Kind, Value, protocol};

/// The year 2100 in epoch seconds. A larger time was written in a smaller unit.
pub(super) const LATEST: u64 = 4_102_444_800;

/// The most that a number of this kind can be, as it stands in a file.
pub(super) fn limit(kind: Kind) -> u64 {
    match kind {
        Kind::Port => 65_535,
        Kind::Protocol => 255,
        Kind::Time => LATEST,
        Kind::Number | Kind::Duration | Kind::Flags => u64::MAX,
        Kind::Address | Kind::Choice(_) | Kind::Text => 0,
    }
}

/// The value of `word`, or none where it is not what the kind of `field` allows.
pub(super) fn read(field: FieldId, word: &str) -> Option<Value<'_>> {
    if word == "-" {
        return Some(Value::Missing);
    }
    match field.kind() {
        Kind::Choice(_) | Kind::Text => Some(Value::Word(word)),
        Kind::Address => word.parse().ok().map(Value::Address),
        Kind::Time => seconds(whole(word)?).map(Value::Number),
        Kind::Protocol => whole(word)
            .or_else(|| named_protocol(word))
            .filter(|number| *number <= limit(Kind::Protocol))
            .map(Value::Number),
        kind @ (Kind::Port | Kind::Number | Kind::Duration | Kind::Flags) => whole(word)
            .filter(|number| *number <= limit(kind))
            .map(Value::Number),
    }
}

/// A whole number: digits and nothing else.
fn whole(word: &str) -> Option<u64> {
    let digits = word.bytes().all(|byte| byte.is_ascii_digit());
    word.parse().ok().filter(|_| digits)
}

/// The three names that stand in for their numbers in some exports.
fn named_protocol(word: &str) -> Option<u64> {
    let known = ["tcp", "udp", "icmp"]
        .iter()
        .any(|name| word.eq_ignore_ascii_case(name));
    known
        .then(|| protocol::number(word))
        .flatten()
        .map(u64::from)
}

/// A time in seconds, which may have been written in milli-, micro- or nanoseconds.
fn seconds(time: u64) -> Option<u64> {
    let units = [1, 1_000, 1_000_000, 1_000_000_000];
    units
        .into_iter()
        .map(|unit| time / unit)
        .find(|seconds| *seconds <= LATEST)
}

/// Whether a time was written in a smaller unit than seconds.
pub(super) fn is_scaled(word: &str) -> bool {
    whole(word).is_some_and(|time| time > LATEST)
}

/// An IPv6 address, where `text` is its canonical form.
pub(super) fn canonical_ipv6(text: &str) -> Option<Address> {
    let address: Ipv6Addr = text.parse().ok()?;
    (address.to_string() == text).then_some(Address::V6(address))
}
