//! Parses one word into one value. Decides wherever the vectorized path cannot.

use std::net::Ipv6Addr;

use chrono::{DateTime, NaiveDateTime};

use super::zone::InputZone;
use super::{account, missing, zone};
use crate::schema::{Address, FieldId, Kind, Storage, Value, protocol};

/// The year 2100 in epoch seconds. A larger time was written in a smaller unit.
pub(crate) const LATEST: u64 = 4_102_444_800;

/// The most that a number of this kind can be, as it stands in a file.
pub(crate) fn limit(kind: Kind) -> u64 {
    match kind {
        Kind::Port => 65_535,
        Kind::Protocol => 255,
        Kind::Time => LATEST,
        Kind::Number | Kind::Duration | Kind::Flags => u64::MAX,
        Kind::Address | Kind::Choice(_) | Kind::Text => 0,
    }
}

/// The value of `word`, or none where it is not what the kind of `field` allows.
pub(crate) fn read(field: FieldId, word: &str) -> Option<Value<'_>> {
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
/// words for missing numbers, addresses and times are read too. Says what of it had to be assumed.
pub(crate) fn read_loosely(
    field: FieldId,
    word: &str,
    zone: InputZone,
) -> Option<(Value<'_>, Option<Doubt>)> {
    let is_missing = match field.storage() {
        Storage::Word => missing::is_missing,
        _ => missing::is_missing_unless_text,
    };
    if is_missing(word.as_bytes()) {
        return Some((Value::Missing, None));
    }
    if let Some(value) = read(field, word) {
        return Some((value, None));
    }
    if field.storage() == Storage::Number
        && let Some((number, doubt)) = whole_of_float(word)
    {
        let value = match field.kind() {
            Kind::Time => seconds(number),
            kind => (number <= limit(kind)).then_some(number),
        };
        return value.map(|number| (Value::Number(number), doubt));
    }
    if field.kind() == Kind::Protocol {
        let number = protocol::number(word)?;
        return Some((Value::Number(number.into()), None));
    }
    if field.kind() != Kind::Time {
        return None;
    }
    let (time, doubt) = date(word, zone)?;
    Some((Value::Number(time), doubt))
}

/// What had to be assumed of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// That a time is in UTC, since it names no zone.
    Zone,
    /// That a number which was written in fewer digits than it has is no other number.
    Digits,
    /// That an account with fewer than twelve digits was a number, and had zeros in front.
    Zeros,
}

/// Every whole number up to this, and not every one beyond, is a number with a fraction of 64 bits.
pub(crate) const EXACT: f64 = 9_007_199_254_740_992.0;

/// The whole number that a decimal fraction is, where it is one: `443.0`, `1.4e9`. Says whether digits were lost.
pub(crate) fn whole_of_float(word: &str) -> Option<(u64, Option<Doubt>)> {
    let is_spelled = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+');
    if !word.starts_with(|c: char| c.is_ascii_digit()) || !word.bytes().all(is_spelled) {
        return None;
    }
    let doubt = |number: u64, digits: usize| {
        let is_short = digits < number.to_string().len();
        (is_short || number as f64 >= EXACT).then_some(Doubt::Digits)
    };
    if let Some((digits, zeros)) = word.split_once('.')
        && zeros.bytes().all(|byte| byte == b'0')
    {
        let number = whole(digits)?;
        return Some((number, doubt(number, usize::MAX)));
    }
    let number: f64 = word.parse().ok()?;
    let is_whole = number.fract() == 0.0 && (0.0..=EXACT).contains(&number);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is whole and within the range of exact numbers"
    )]
    let number = is_whole.then_some(number as u64)?;
    let (mantissa, _) = word.split_once(['e', 'E']).unwrap_or((word, ""));
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).count();
    Some((number, doubt(number, digits)))
}

/// Whether the text of an account is what a spreadsheet leaves of its twelve digits: `1.23457E+11`.
pub(crate) fn is_shortened(field: FieldId, word: &str) -> bool {
    account::is_account(field)
        && matches!(word.len(), 5..=16)
        && matches!(whole_of_float(word), Some((_, Some(Doubt::Digits))))
}

/// The epoch seconds of a date with a time of day, which may name a zone, and whether one was assumed.
fn date(word: &str, zone: InputZone) -> Option<(u64, Option<Doubt>)> {
    let naive = |word: &str| {
        let forms = [
            "%Y-%m-%dT%H:%M:%S%.f",
            "%Y-%m-%d %H:%M:%S%.f",
            "%Y/%m/%d %H:%M:%S%.f",
            "%b %d, %Y @ %H:%M:%S%.f",
        ];
        let mut times = forms
            .iter()
            .map(|form| NaiveDateTime::parse_from_str(word, form));
        times.find_map(Result::ok)
    };
    let zoned = || {
        let at = word
            .rfind([' ', '+', '-', 'Z'])
            .filter(|at| *at > DATE_BYTES)?;
        let (time, name) = word.split_at(at);
        let east = match name.trim_start() {
            "UTC" | "Z" => 0,
            name => zone::offset(name)?,
        };
        Some(InputZone::Offset(east).seconds(naive(time.trim_end())?))
    };
    let standard = DateTime::parse_from_rfc3339(word).map(|time| time.timestamp());
    if let Some(time) = standard.ok().or_else(zoned) {
        return Some((u64::try_from(time).ok()?, None));
    }
    let doubt = (zone == InputZone::Assumed).then_some(Doubt::Zone);
    Some((u64::try_from(zone.seconds(naive(word)?)).ok()?, doubt))
}

/// How many bytes a date has, before the time of day.
const DATE_BYTES: usize = "2026-11-23".len();

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
pub(crate) fn is_scaled(word: &str) -> bool {
    whole(word).is_some_and(|time| time > LATEST)
}

/// An IPv6 address, where `text` is its canonical form.
pub(crate) fn canonical_ipv6(text: &str) -> Option<Address> {
    let address: Ipv6Addr = text.parse().ok()?;
    (address.to_string() == text).then_some(Address::V6(address))
}
