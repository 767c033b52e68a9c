//! Reads and prints the values of a field: numbers with units, durations, ports, protocols and TCP flags.

#[cfg(test)]
mod tests;

use crate::query::diagnostic::Problem;
use crate::schema::{Kind, protocol};

/// The TCP flags from the lowest bit up (RFC 9293 and RFC 3168).
const FLAGS: [&str; 8] = ["fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr"];

/// Units of durations, in seconds.
pub(super) const UNITS: [(&str, u64); 20] = [
    ("s", 1),
    ("sec", 1),
    ("secs", 1),
    ("second", 1),
    ("seconds", 1),
    ("m", 60),
    ("min", 60),
    ("mins", 60),
    ("minute", 60),
    ("minutes", 60),
    ("h", 3_600),
    ("hr", 3_600),
    ("hour", 3_600),
    ("hours", 3_600),
    ("d", 86_400),
    ("day", 86_400),
    ("days", 86_400),
    ("w", 604_800),
    ("week", 604_800),
    ("weeks", 604_800),
];

/// Whether `word` is one of the closed list of its field, as AWS spells it: a filter for it selects all its spellings.
pub(super) fn is_listed(kind: Kind, word: &str) -> bool {
    matches!(kind, Kind::Choice(choices) if choices.contains(&word))
}

/// The seconds of one unit that is spelled out, as in `last hour`.
pub(super) fn one_unit(text: &str) -> Option<u64> {
    unit_seconds(text).filter(|_| text.len() > 2)
}

fn unit_seconds(unit: &str) -> Option<u64> {
    let named = UNITS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(unit));
    named.map(|(_, seconds)| *seconds)
}

/// Whether `word` is a unit of numbers, or of durations.
pub(super) fn is_unit(kind: Kind, word: &str) -> bool {
    match kind {
        Kind::Duration => unit_seconds(word).is_some(),
        _ => !word.is_empty() && unit_size(word).is_some(),
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// A whole number, with a unit or without: `10k` and `1.5MB` use powers of 1000, `1MiB` uses powers of 1024.
pub(super) fn number(text: &str) -> Result<u64, Problem> {
    let bad = || {
        Problem::new(format!("not a number: {text}"))
            .suggest("a whole number, such as 1500, 10k, 1.5MB or 1MiB")
    };
    if let Some(plain) = text.contains('_').then(|| text.replace('_', "")) {
        return match number(&plain) {
            Ok(_) => Err(bad().suggest(plain)),
            Err(_) => Err(bad()),
        };
    }
    let digits = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (mantissa, unit) = text.split_at(digits);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() || mantissa.ends_with('.') || fraction.contains('.') {
        return Err(bad());
    }
    let unit = unit_size(unit).ok_or_else(bad)?;
    let too_large = || Problem::new(format!("numbers go up to {}", u64::MAX));
    // No unit makes more than twelve decimals a whole number.
    let decimals = u32::try_from(fraction.len()).unwrap_or(u32::MAX);
    if decimals > 12 || whole.len() > 20 {
        return Err(if decimals > 12 { bad() } else { too_large() });
    }
    let scale = 10u128.pow(decimals);
    let mantissa: u128 = format!("{whole}{fraction}").parse().map_err(|_| bad())?;
    let scaled = mantissa.checked_mul(unit).ok_or_else(too_large)?;
    if !scaled.is_multiple_of(scale) {
        return Err(Problem::new(format!("not a whole number: {text}")));
    }
    u64::try_from(scaled / scale).map_err(|_| too_large())
}

fn unit_size(unit: &str) -> Option<u128> {
    let unit = unit.to_ascii_lowercase();
    let power = |letter: &str| match letter {
        "" => Some(0),
        "k" => Some(1),
        "m" => Some(2),
        "g" => Some(3),
        "t" => Some(4),
        _ => None,
    };
    if let Some(letter) = unit.strip_suffix("ib").or_else(|| unit.strip_suffix('i')) {
        return power(letter).filter(|p| *p > 0).map(|p| 1024u128.pow(p));
    }
    power(unit.strip_suffix('b').unwrap_or(&unit)).map(|p| 1000u128.pow(p))
}

/// A duration in seconds: `30`, `30s`, `5m`, `1h30m`, `2d`.
pub(super) fn seconds(text: &str) -> Result<u64, Problem> {
    let bad = || {
        Problem::new(format!("not a duration: {text}"))
            .suggest("seconds, or a number with a unit: 30s, 5m, 2h, 1d")
    };
    let too_long = || Problem::new("the duration is too long");
    if text.is_empty() {
        return Err(bad());
    }
    if is_digits(text) {
        return text.parse().map_err(|_| too_long());
    }
    let mut total: u64 = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(bad)?;
        let (count, tail) = rest.split_at(digits);
        let letters = tail
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(tail.len());
        let (unit, next) = tail.split_at(letters);
        let size = unit_seconds(unit).ok_or_else(bad)?;
        if count.is_empty() {
            return Err(bad());
        }
        let count: u64 = count.parse().map_err(|_| too_long())?;
        total = count
            .checked_mul(size)
            .and_then(|part| total.checked_add(part))
            .ok_or_else(too_long)?;
        rest = next;
    }
    Ok(total)
}

/// A duration in the largest unit of which it is a multiple: `90m`.
pub(super) fn seconds_text(seconds: u64) -> String {
    let units = [(86_400, "d"), (3_600, "h"), (60, "m")];
    let fits = |(size, _): &(u64, &str)| seconds > 0 && seconds.is_multiple_of(*size);
    match units.into_iter().find(fits) {
        Some((size, unit)) => format!("{}{unit}", seconds / size),
        None => format!("{seconds}s"),
    }
}

/// A port by number or service name.
pub(super) fn port(text: &str) -> Result<u64, Problem> {
    if is_digits(text) {
        return match text.parse() {
            Ok(port) if port <= 65_535 => Ok(port),
            _ => Err(Problem::new("ports go up to 65535")),
        };
    }
    protocol::port(text)
        .map(u64::from)
        .ok_or_else(|| Problem::new(format!("not a port or service: {text}")))
}

/// Two ports with `-` between them.
pub(super) fn port_range(text: &str) -> Option<(Result<u64, Problem>, Result<u64, Problem>)> {
    let (from, to) = text.split_once('-')?;
    (is_digits(from) && is_digits(to)).then(|| (port(from), port(to)))
}

/// A protocol by number or name.
pub(super) fn protocol_number(text: &str) -> Result<u64, Problem> {
    // tcpdump needs a backslash before protocol names that are also its keywords.
    let text = text.strip_prefix('\\').unwrap_or(text);
    if is_digits(text) {
        return match text.parse() {
            Ok(number) if number <= 255 => Ok(number),
            _ => Err(Problem::new("protocol numbers go up to 255")),
        };
    }
    protocol::number(text).map(u64::from).ok_or_else(|| {
        Problem::new(format!("not a protocol: {text}"))
            .suggest("a name such as tcp, udp or icmp, or a number up to 255")
    })
}

pub(super) fn flag_list() -> impl Iterator<Item = &'static str> {
    FLAGS.into_iter()
}

/// A mask of flags: names joined by `+`, letters (`SA`), or a number.
pub(super) fn flags(text: &str) -> Result<u64, Problem> {
    if let Some(mask) = named_flags(text) {
        return Ok(mask);
    }
    let letter = |c: char| {
        "FSRPAUEC"
            .find(c.to_ascii_uppercase())
            .map(|bit| 1u64 << bit)
    };
    if let (false, Some(mask)) = (
        text.is_empty(),
        text.chars().try_fold(0, |mask, c| Some(mask | letter(c)?)),
    ) {
        return Ok(mask);
    }
    let number = match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None if is_digits(text) => text.parse().ok(),
        None => None,
    };
    match number {
        Some(mask) if mask <= 0xffff => Ok(mask),
        Some(_) => Err(Problem::new("flags go up to 65535")),
        None => Err(Problem::new(format!("not a TCP flag: {text}"))
            .suggest("fin, syn, rst, psh, ack, urg, ece, cwr, a combination such as syn+ack or SA, or a number")),
    }
}

/// A mask of flags from names only.
pub(super) fn named_flags(text: &str) -> Option<u64> {
    let bit = |name: &str| {
        let at = FLAGS
            .iter()
            .position(|flag| flag.eq_ignore_ascii_case(name))?;
        Some(1u64 << at)
    };
    text.split('+')
        .try_fold(0, |mask, name| Some(mask | bit(name)?))
}

/// The names of the flags of `mask` joined by `+`; a number where a bit has no name or none is set.
pub(super) fn flag_names(mask: u64) -> String {
    if mask == 0 || mask > 0xff {
        return mask.to_string();
    }
    let set = |(bit, _): &(usize, &&str)| mask >> bit & 1 == 1;
    let names: Vec<&str> = FLAGS
        .iter()
        .enumerate()
        .filter(set)
        .map(|(_, name)| *name)
        .collect();
    names.join("+")
}
