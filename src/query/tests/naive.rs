//! A naive interpreter of typed filters: one record at a time, as simple as possible.

use std::net::Ipv6Addr;

use super::records::{Plain, Record};
use super::*;
use crate::query::expression::{Comparison, Operand, Term, Window};
use crate::query::pattern::Pattern;
use crate::schema::{Address, AddressClass, Kind, id};

/// A record and its context.
pub(crate) struct Row<'a> {
    pub(crate) record: &'a Record,
    pub(crate) file: String,
    pub(crate) line: u64,
    pub(crate) text: String,
    pub(crate) span: Option<(u64, u64)>,
}

pub(crate) fn holds(expression: &Expression, row: &Row<'_>) -> bool {
    match expression {
        Expression::Everything => true,
        Expression::All(parts) => parts.iter().all(|part| holds(part, row)),
        Expression::Any(parts) => parts.iter().any(|part| holds(part, row)),
        Expression::Not(part) => !holds(part, row),
        Expression::Term(term) => term_holds(term, row),
    }
}

fn term_holds(term: &Term, row: &Row<'_>) -> bool {
    match term {
        Term::Exists(name) => exists(name.field, row),
        Term::Missing(name) => !exists(name.field, row),
        Term::Compare(name, Comparison::NotEqual, operand) => {
            exists(name.field, row) && !compares(name.field, Comparison::Equal, operand, row)
        }
        Term::Compare(name, comparison, operand) => compares(name.field, *comparison, operand, row),
        Term::In {
            field,
            negated,
            members,
        } => {
            let within = members
                .iter()
                .any(|m| compares(field.field, Comparison::Equal, m, row));
            exists(field.field, row) && within != *negated
        }
        Term::Flags { field, any, mask } => {
            values(field.field, row).iter().any(|value| match value {
                Plain::Number(flags) if *any => flags & mask != 0,
                Plain::Number(flags) => flags & mask == *mask,
                _ => false,
            })
        }
        Term::Fields(left, comparison, right) => {
            let (left, right) = (values(left.field, row), values(right.field, row));
            let pair = |comparison| {
                left.iter().any(|l| {
                    right.iter().any(|r| match (l, r) {
                        (Plain::Number(l), Plain::Number(r)) => compared(comparison, l, r),
                        (Plain::Word(l), Plain::Word(r)) => compared(comparison, l, r),
                        (Plain::Address(l), Plain::Address(r)) => {
                            family(*l) == family(*r) && compared(comparison, l, r)
                        }
                        _ => false,
                    })
                })
            };
            if *comparison == Comparison::NotEqual {
                return !left.is_empty() && !right.is_empty() && !pair(Comparison::Equal);
            }
            pair(*comparison)
        }
        Term::Find {
            field,
            negated,
            pattern,
        } => {
            let found = |text: &str| match pattern {
                Pattern::Text(wanted) => text.contains(wanted.as_str()),
                Pattern::Regex(regex) => regex.compiled.is_match(text),
            };
            let Some(name) = field else {
                return found(&row.text);
            };
            values(name.field, row).iter().any(|value| match value {
                Plain::Word(word) => found(word) != *negated,
                _ => false,
            })
        }
        Term::Window(window) => window_holds(*window, row),
    }
}

fn window_holds(window: Window, row: &Row<'_>) -> bool {
    let (start, end) = (number(id::START, row), number(id::END, row));
    match window {
        Window::Since(moment) => start.is_some_and(|s| s >= moment.seconds(row.span).0),
        Window::Until(moment) => start.is_some_and(|s| s < moment.seconds(row.span).0),
        Window::At(moment) => {
            let (from, after) = moment.seconds(row.span);
            start.is_some_and(|s| s < after) && end.is_some_and(|e| e >= from)
        }
        Window::Last(length) => end.is_some_and(|e| {
            row.span
                .is_some_and(|(_, last)| i128::from(e) > i128::from(last) - i128::from(length))
        }),
        Window::First(length) => start.is_some_and(|s| {
            row.span
                .is_some_and(|(first, _)| i128::from(s) < i128::from(first) + i128::from(length))
        }),
    }
}

fn number(field: FieldId, row: &Row<'_>) -> Option<u64> {
    match row.record.get(&field) {
        Some(Plain::Number(number)) => Some(*number),
        _ => None,
    }
}

fn exists(field: FieldId, row: &Row<'_>) -> bool {
    match field {
        id::TIME => number(id::START, row).is_some() || number(id::END, row).is_some(),
        field => !values(field, row).is_empty(),
    }
}

/// The values that a field has in a record: none, one, or two.
fn values(field: FieldId, row: &Row<'_>) -> Vec<Plain> {
    let stored = |field: FieldId| row.record.get(&field).cloned();
    let protocol = number(id::PROTOCOL, row);
    let port =
        |field| stored(field).filter(|_| protocol.is_none_or(crate::schema::protocol::has_ports));
    let duration = || Some(number(id::END, row)?.saturating_sub(number(id::START, row)?));
    let computed = |value: Option<u64>| value.map(Plain::Number).into_iter().collect();
    match field {
        id::ADDR => [id::SRCADDR, id::DSTADDR]
            .into_iter()
            .filter_map(stored)
            .collect(),
        id::PKT_ADDR => [id::PKT_SRCADDR, id::PKT_DSTADDR]
            .into_iter()
            .filter_map(stored)
            .collect(),
        id::PORT => [id::SRCPORT, id::DSTPORT]
            .into_iter()
            .filter_map(port)
            .collect(),
        id::SRCPORT | id::DSTPORT => port(field).into_iter().collect(),
        id::DURATION => computed(duration()),
        id::BPS => {
            let bps = || Some(number(id::BYTES, row)? * 8 / duration()?.max(1));
            computed(bps())
        }
        id::PPS => {
            let pps = || Some(number(id::PACKETS, row)? / duration()?.max(1));
            computed(pps())
        }
        id::BPP => {
            let bpp = || number(id::BYTES, row)?.checked_div(number(id::PACKETS, row)?);
            computed(bpp())
        }
        id::SCOPE => {
            let (Some(Plain::Address(source)), Some(Plain::Address(destination))) =
                (stored(id::SRCADDR), stored(id::DSTADDR))
            else {
                return Vec::new();
            };
            let scope = match (
                is_of(source, AddressClass::Public),
                is_of(destination, AddressClass::Public),
            ) {
                (false, false) => "internal",
                (true, false) => "inbound",
                (false, true) => "outbound",
                (true, true) => match (source, destination) {
                    (Address::V6(a), Address::V6(b)) => of_ipv6(a, b, row),
                    _ => "external",
                },
            };
            vec![Plain::Word(scope.into())]
        }
        id::LINE => vec![Plain::Number(row.line)],
        id::FILE => vec![Plain::Word(row.file.clone())],
        field => stored(field).into_iter().collect(),
    }
}

/// The scope of two public IPv6 addresses.
fn of_ipv6(source: Ipv6Addr, destination: Ipv6Addr, row: &Row<'_>) -> &'static str {
    let mapped = |address: Ipv6Addr| address.segments()[..6] == [0, 0, 0, 0, 0, 0xffff];
    if mapped(source) || mapped(destination) {
        return "external";
    }
    let near = source.octets()[..7] == destination.octets()[..7];
    if near || row.record.get(&id::TRAFFIC_PATH) == Some(&Plain::Number(1)) {
        return "internal";
    }
    match row.record.get(&id::FLOW_DIRECTION) {
        Some(Plain::Word(word)) if word == "egress" => "outbound",
        Some(Plain::Word(word)) if word == "ingress" => "inbound",
        _ => "external",
    }
}

fn compared<T: PartialOrd>(comparison: Comparison, left: T, right: T) -> bool {
    match comparison {
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
        Comparison::Less => left < right,
        Comparison::LessOrEqual => left <= right,
        Comparison::Greater => left > right,
        Comparison::GreaterOrEqual => left >= right,
    }
}

/// The first and the last second of a time; any other number twice.
fn bounds(operand: &Operand, span: Option<(u64, u64)>) -> (u64, u64) {
    match operand {
        Operand::Number(number) => (*number, *number),
        Operand::Numbers(from, to) => (*from, *to),
        Operand::Time(moment) => {
            let (from, after) = moment.seconds(span);
            (from, after - 1)
        }
        Operand::Times(from, to) => (from.seconds(span).0, to.seconds(span).1 - 1),
        _ => panic!("{operand:?} is no number"),
    }
}

fn beside(comparison: Comparison, first: u64, last: u64, (from, to): (u64, u64)) -> bool {
    match comparison {
        Comparison::Equal => first <= to && last >= from,
        Comparison::NotEqual => first > to || last < from,
        Comparison::Less => first < from,
        Comparison::LessOrEqual => first <= to,
        Comparison::Greater => last > to,
        Comparison::GreaterOrEqual => last >= from,
    }
}

fn compares(field: FieldId, comparison: Comparison, operand: &Operand, row: &Row<'_>) -> bool {
    if field == id::TIME {
        let (start, end) = (number(id::START, row), number(id::END, row));
        let Some((first, last)) = start.or(end).zip(end.or(start)) else {
            return false;
        };
        return beside(comparison, first, last, bounds(operand, row.span));
    }
    values(field, row).iter().any(|value| match value {
        Plain::Number(number) => beside(comparison, *number, *number, bounds(operand, row.span)),
        Plain::Word(word) => match operand {
            Operand::Word(wanted) => {
                let is_listed =
                    matches!(field.kind(), Kind::Choice(words) if words.contains(&wanted.as_str()));
                word == wanted || is_listed && word.eq_ignore_ascii_case(wanted)
            }
            Operand::Glob(glob) => like(glob, word),
            _ => panic!("{operand:?} is no word"),
        },
        Plain::Address(address) => address_compares(*address, comparison, operand),
    })
}

fn family(address: Address) -> u8 {
    match address {
        Address::V4(_) => 4,
        Address::V6(_) => 6,
        Address::Mac(_) => 0,
    }
}

fn address_compares(address: Address, comparison: Comparison, operand: &Operand) -> bool {
    match operand {
        Operand::Address(other) => {
            family(address) == family(*other) && compared(comparison, address, *other)
        }
        Operand::Addresses(from, to) => {
            family(address) == family(*from) && (*from..=*to).contains(&address)
        }
        Operand::Network(first, prefix) => in_network(address, *first, *prefix),
        Operand::Octets(octets) => match address {
            Address::V4(v4) => v4
                .octets()
                .iter()
                .zip(octets)
                .all(|(octet, wanted)| wanted.is_none_or(|w| w == *octet)),
            Address::V6(_) | Address::Mac(_) => false,
        },
        Operand::Class(class) => is_of(address, *class),
        _ => panic!("{operand:?} is no address"),
    }
}

fn in_network(address: Address, first: Address, prefix: u8) -> bool {
    let bits = |bytes: &[u8]| -> Vec<bool> {
        bytes
            .iter()
            .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1))
            .collect()
    };
    let (a, b) = match (address, first) {
        (Address::V4(a), Address::V4(b)) => (bits(&a.octets()), bits(&b.octets())),
        (Address::V6(a), Address::V6(b)) => (bits(&a.octets()), bits(&b.octets())),
        _ => return false,
    };
    a[..prefix.into()] == b[..prefix.into()]
}

fn is_of(address: Address, class: AddressClass) -> bool {
    let address = match address {
        Address::V6(v6) => v6.to_ipv4_mapped().map_or(address, Address::V4),
        _ => address,
    };
    let within = |networks: &[&str]| {
        networks.iter().any(|network| {
            let (first, prefix) = network.split_once('/').unwrap();
            in_network(address, first.parse().unwrap(), prefix.parse().unwrap())
        })
    };
    match class {
        AddressClass::Private => within(&[
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "100.64.0.0/10",
            "fc00::/7",
        ]),
        AddressClass::Loopback => within(&["127.0.0.0/8", "::1/128"]),
        AddressClass::LinkLocal => within(&["169.254.0.0/16", "fe80::/10"]),
        AddressClass::Multicast => within(&["224.0.0.0/4", "ff00::/8"]),
        AddressClass::Public => {
            let others = [
                AddressClass::Private,
                AddressClass::Loopback,
                AddressClass::LinkLocal,
                AddressClass::Multicast,
            ];
            family(address) != 0 && !others.iter().any(|class| is_of(address, *class))
        }
    }
}

/// Whether a glob matches a word, by trying every length for every star.
fn like(glob: &str, word: &str) -> bool {
    let Some(first) = glob.chars().next() else {
        return word.is_empty();
    };
    let rest: String = glob.chars().skip(1).collect();
    let mut characters = word.chars();
    match first {
        '*' => (0..=word.chars().count())
            .any(|n| like(&rest, &word.chars().skip(n).collect::<String>())),
        '?' => characters.next().is_some() && like(&rest, characters.as_str()),
        c => characters.next() == Some(c) && like(&rest, characters.as_str()),
    }
}
