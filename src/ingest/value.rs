//! Turns one word into one value, the plain way: what decides whenever the fast way does not know.

use std::net::Ipv6Addr;

use chrono::{DateTime, NaiveDateTime};

use crate::schema::{Address, FieldId, Kind, Storage, Value, protocol};

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

/// As [`read`], of a value that was not written by AWS: numbers with a point or an exponent, times as dates, and
/// words for nothing are read too.
pub(super) fn read_loosely(field: FieldId, word: &str) -> Option<Value<'_>> {
    if is_nothing(word.as_bytes()) {
        return Some(Value::Missing);
    }
    if let Some(value) = read(field, word) {
        return Some(value);
    }
    if field.storage() == Storage::Number
        && let Some(number) = whole_of_float(word)
    {
        let value = match field.kind() {
            Kind::Time => seconds(number),
            kind => (number <= limit(kind)).then_some(number),
        };
        return value.map(Value::Number);
    }
    let time = (field.kind() == Kind::Time).then(|| date(word)).flatten();
    time.map(Value::Number)
}

/// Whether a value means that there is none.
pub(super) fn is_nothing(word: &[u8]) -> bool {
    matches!(word, b"" | b"-" | b"None")
}

/// The whole number that a decimal fraction is, where it is one: `443.0`, `1.4e9`.
pub(super) fn whole_of_float(word: &str) -> Option<u64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let is_spelled = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+');
    if !word.starts_with(|c: char| c.is_ascii_digit()) || !word.bytes().all(is_spelled) {
        return None;
    }
    if let Some((digits, zeros)) = word.split_once('.')
        && zeros.bytes().all(|byte| byte == b'0')
    {
        return whole(digits);
    }
    let number: f64 = word.parse().ok()?;
    let is_whole = number.fract() == 0.0 && (0.0..=EXACT).contains(&number);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is whole and within the range of exact numbers"
    )]
    is_whole.then_some(number as u64)
}

/// The epoch seconds of a date with a time of day, in UTC unless it says otherwise.
fn date(word: &str) -> Option<u64> {
    let zoned = DateTime::parse_from_rfc3339(word).map(|time| time.timestamp());
    let plain = || {
        let forms = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"];
        let mut times = forms
            .iter()
            .map(|form| NaiveDateTime::parse_from_str(word, form));
        times
            .find_map(Result::ok)
            .map(|time| time.and_utc().timestamp())
    };
    u64::try_from(zoned.ok().or_else(plain)?).ok()
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
