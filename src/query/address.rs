//! Reads addresses, networks, ranges, octet wildcards and address classes.

#[cfg(test)]
mod tests;

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::query::diagnostic::Problem;
use crate::query::expression::{ADDRESS_CLASSES, Operand};
use crate::schema::{Address, AddressClass};

/// Words for all addresses of one family, and their networks.
pub(super) const FAMILIES: [(&str, &str); 6] = [
    ("ipv4", "0.0.0.0/0"),
    ("ip4", "0.0.0.0/0"),
    ("inet", "0.0.0.0/0"),
    ("ipv6", "::/0"),
    ("ip6", "::/0"),
    ("inet6", "::/0"),
];

/// The network of the address family that a word names.
pub(super) fn family(text: &str) -> Option<&'static str> {
    let named = FAMILIES
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(text));
    named.map(|(_, network)| *network)
}

/// Reads the value of an address field. With `short`, one to three octets are a network: `net 10`.
pub(super) fn read(text: &str, short: bool) -> Result<Operand, Problem> {
    if let Some(class) = class(text) {
        return Ok(Operand::Class(class));
    }
    let text = family(text).unwrap_or(text);
    if let Some((from, to)) = range_ends(text) {
        return range(from, to);
    }
    if let Some((address, prefix)) = text.split_once('/') {
        return network(address, prefix, text);
    }
    if let Some(octets) = text.contains('*').then(|| wildcard(text)).flatten() {
        return Ok(octets);
    }
    if let Ok(address) = text.parse() {
        return Ok(Operand::Address(address));
    }
    if let Some((address, octets)) = short.then(|| leading_octets(text)).flatten() {
        return Ok(Operand::Network(Address::V4(address), 8 * octets));
    }
    Err(unread(text))
}

/// The address class that a word names.
pub(super) fn class(text: &str) -> Option<AddressClass> {
    let named = ADDRESS_CLASSES
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(text));
    named.map(|(_, class)| *class)
}

/// Whether a word can only be an attempt at an address: two octets or more, or hexadecimal groups.
pub(super) fn looks_like_address(text: &str) -> bool {
    let digits = text.starts_with(|c: char| c.is_ascii_digit());
    let dotted = text.contains('.')
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || "./*-".contains(c));
    let groups = text.contains("::")
        && text
            .chars()
            .all(|c| c.is_ascii_hexdigit() || ":./".contains(c));
    let ranged = range_ends(text).is_some_and(|(from, _)| from.parse::<Address>().is_ok());
    (digits && dotted && !text.contains("..") || groups)
        || (digits && text.contains('/'))
        || ranged
        || text
            .rsplit_once(':')
            .is_some_and(|(before, _)| is_v4(before))
        || read(text, false).is_ok()
}

fn unread(text: &str) -> Problem {
    let octets: Vec<&str> = text.split('.').collect();
    let partial = octets.len() < 4 && octets.iter().all(|octet| octet.parse::<u8>().is_ok());
    if let (true, Some((address, count))) = (partial, leading_octets(text)) {
        return Problem::new(format!("incomplete address: {text}"))
            .suggest(format!("{address}/{}", 8 * count));
    }
    if let Some((address, port)) = text.rsplit_once(':').filter(|(a, _)| is_v4(a)) {
        return Problem::new("write the address and the port separately")
            .suggest(format!("{address} and port {port}"));
    }
    Problem::new(format!("not an IP address, CIDR or range: {text}"))
}

fn is_v4(text: &str) -> bool {
    text.parse::<Ipv4Addr>().is_ok()
}

/// The network of the octets at the start of a text or a regular expression: `10.0.` or `^10\.0\.`.
pub(super) fn prefix(text: &str) -> Option<String> {
    let plain = text.trim_start_matches('^').replace('\\', "");
    let plain = plain.trim_end_matches(['.', '*', '%', '$']);
    match plain.parse::<Address>() {
        Ok(address) => Some(address.to_string()),
        Err(_) => {
            leading_octets(plain).map(|(address, octets)| format!("{address}/{}", 8 * octets))
        }
    }
}

/// The prefix length of a netmask: 16 for 255.255.0.0.
pub(super) fn mask_length(text: &str) -> Option<u32> {
    let bits = text.parse::<Ipv4Addr>().ok()?.to_bits();
    let ones = bits.leading_ones();
    (ones > 0 && bits.checked_shl(ones).unwrap_or(0) == 0).then_some(ones)
}

fn range_ends(text: &str) -> Option<(&str, &str)> {
    text.split_once("..")
        .or_else(|| text.split_once('-').filter(|(from, _)| from.contains('.')))
}

fn range(from: &str, to: &str) -> Result<Operand, Problem> {
    let end = |text: &str| -> Result<Address, Problem> {
        text.parse().map_err(|_| {
            let problem = Problem::new(format!("not an IP address at the end of a range: {text}"));
            // `10.0.0.1-9`, as in nmap.
            match from.rsplit_once('.').filter(|_| is_octet(text)) {
                Some((net, _)) => problem.suggest(format!("{from}..{net}.{text}")),
                None => problem,
            }
        })
    };
    let (from, to) = (end(from)?, end(to)?);
    let one_family = matches!(
        (from, to),
        (Address::V4(_), Address::V4(_)) | (Address::V6(_), Address::V6(_))
    );
    if !one_family {
        return Err(Problem::new(
            "both ends of a range must be IPv4 addresses, or both IPv6 addresses",
        ));
    }
    if from > to {
        return Err(Problem::new("the range is empty").suggest(format!("{to}..{from}")));
    }
    Ok(Operand::Addresses(from, to))
}

fn network(address: &str, prefix: &str, text: &str) -> Result<Operand, Problem> {
    let bad = || Problem::new(format!("not an IP address, CIDR or range: {text}"));
    let length: u8 = prefix
        .parse()
        .ok()
        .filter(|_| prefix.bytes().all(|b| b.is_ascii_digit()))
        .ok_or_else(bad)?;
    if let Ok(v6) = address.parse::<Ipv6Addr>() {
        let mask = match length {
            0 => 0,
            1..=128 => u128::MAX << (128 - length),
            _ => return Err(Problem::new("an IPv6 prefix has at most 128 bits")),
        };
        let first = Address::V6(Ipv6Addr::from_bits(v6.to_bits() & mask));
        return Ok(whole_or_network(first, length, 128));
    }
    let v4 = address
        .parse()
        .ok()
        .or_else(|| leading_octets(address).map(|(v4, _)| v4))
        .ok_or_else(bad)?;
    let mask = match length {
        0 => 0,
        1..=32 => u32::MAX << (32 - length),
        _ => return Err(Problem::new("an IPv4 prefix has at most 32 bits")),
    };
    let first = Address::V4(Ipv4Addr::from_bits(v4.to_bits() & mask));
    Ok(whole_or_network(first, length, 32))
}

fn whole_or_network(first: Address, length: u8, bits: u8) -> Operand {
    if length == bits {
        Operand::Address(first)
    } else {
        Operand::Network(first, length)
    }
}

/// One to three octets, completed with zeros, and their number.
fn leading_octets(text: &str) -> Option<(Ipv4Addr, u8)> {
    let mut octets = [0; 4];
    let mut count = 0;
    for part in text.split('.') {
        if count == 3 || !is_octet(part) {
            return None;
        }
        octets[usize::from(count)] = part.parse().ok()?;
        count += 1;
    }
    Some((octets.into(), count))
}

fn is_octet(part: &str) -> bool {
    part.bytes().all(|b| b.is_ascii_digit())
        && part.parse::<u8>().is_ok()
        && (part == "0" || !part.starts_with('0'))
}

/// Four octets, some of them `*`; a final `*` may cover several octets.
fn wildcard(text: &str) -> Option<Operand> {
    let parts: Vec<&str> = text.split('.').collect();
    let short = parts.len() < 4 && parts.last() == Some(&"*");
    if parts.len() > 4 || parts.len() < 4 && !short {
        return None;
    }
    let mut octets = [None; 4];
    for (octet, part) in octets.iter_mut().zip(&parts) {
        *octet = match *part {
            "*" => None,
            part if is_octet(part) => part.parse().ok(),
            _ => return None,
        };
    }
    let given = octets.iter().take_while(|octet| octet.is_some()).count();
    if octets.iter().skip(given).any(Option::is_some) {
        return Some(Operand::Octets(octets));
    }
    let first = Ipv4Addr::from(octets.map(|octet| octet.unwrap_or(0)));
    let prefix = 8 * u8::try_from(given).ok()?;
    Some(Operand::Network(Address::V4(first), prefix))
}
