//! A set of addresses of all families.

#[cfg(test)]
mod tests;

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::query::expression::{Comparison, Operand};
use crate::query::ranges::Ranges;
use crate::schema::address::{SPECIAL_V4, SPECIAL_V6};
use crate::schema::{Address, AddressClass};

/// Ranges of IPv4, IPv6 and MAC addresses, and IPv4 addresses by some of their octets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::query) struct AddressSet {
    /// The 32 bits of IPv4 addresses.
    pub(in crate::query) v4: Ranges,
    /// Masks and the values of the masked bits.
    pub(in crate::query) masked: Vec<(u32, u32)>,
    v6: Ranges,
    macs: Vec<(u64, u64)>,
}

const ALL_V4: u128 = u32::MAX as u128;
/// The first IPv4-mapped IPv6 address.
const MAPPED: u128 = 0xffff_0000_0000;

impl AddressSet {
    /// The addresses of `operands`.
    pub(in crate::query) fn of(operands: &[&Operand]) -> Self {
        let mut set = Self::default();
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for operand in operands {
            match operand {
                Operand::Address(address) => set.add(&mut v4, &mut v6, *address, *address),
                Operand::Addresses(from, to) => set.add(&mut v4, &mut v6, *from, *to),
                Operand::Network(address, prefix) => {
                    set.add(&mut v4, &mut v6, *address, last(*address, *prefix));
                }
                Operand::Octets(octets) => {
                    let bits = |byte: fn(&Option<u8>) -> u8| {
                        u32::from_be_bytes(octets.each_ref().map(byte))
                    };
                    let mask = bits(|octet| if octet.is_some() { 0xff } else { 0 });
                    set.masked.push((mask, bits(|octet| octet.unwrap_or(0))));
                }
                Operand::Class(class) => {
                    let (a, b) = class_ranges(*class);
                    v4.extend(a.as_slice());
                    v6.extend(b.as_slice());
                }
                // The check allows none of these for an address.
                Operand::Number(_)
                | Operand::Numbers(..)
                | Operand::Time(_)
                | Operand::Times(..)
                | Operand::Word(_)
                | Operand::Glob(_) => {}
            }
        }
        set.v4 = Ranges::of(v4);
        set.v6 = Ranges::of(v6);
        set
    }

    /// The addresses of the same family for which `comparison` with `address` holds.
    pub(in crate::query) fn compared(comparison: Comparison, address: Address) -> Self {
        let (number, most) = match address {
            Address::V4(v4) => (u128::from(v4.to_bits()), ALL_V4),
            Address::V6(v6) => (v6.to_bits(), u128::MAX),
            Address::Mac(mac) => (u128::from(mac_bits(mac)), u128::from(u64::MAX)),
        };
        let (from, to) = match comparison {
            Comparison::Less => match number.checked_sub(1) {
                Some(to) => (0, to),
                None => return Self::default(),
            },
            Comparison::LessOrEqual => (0, number),
            Comparison::Greater if number == most => return Self::default(),
            Comparison::Greater => (number + 1, most),
            Comparison::GreaterOrEqual => (number, most),
            Comparison::Equal | Comparison::NotEqual => (number, number),
        };
        let ranges = Ranges::of(vec![(from, to)]);
        match address {
            Address::V4(_) => Self {
                v4: ranges,
                ..Self::default()
            },
            Address::V6(_) => Self {
                v6: ranges,
                ..Self::default()
            },
            Address::Mac(_) => {
                let bound = |number: u128| u64::try_from(number).unwrap_or(u64::MAX);
                Self {
                    macs: vec![(bound(from), bound(to))],
                    ..Self::default()
                }
            }
        }
    }

    /// The public addresses.
    pub(in crate::query) fn public() -> Self {
        Self::of(&[&Operand::Class(AddressClass::Public)])
    }

    /// The public IPv6 addresses, without the IPv4-mapped ones.
    pub(in crate::query) fn public_v6() -> Self {
        let (_, v6) = class_ranges(AddressClass::Public);
        let mapped = Ranges::of(vec![(MAPPED, MAPPED + ALL_V4)]);
        Self {
            v6: v6.complement().union(&mapped).complement(),
            ..Self::default()
        }
    }

    fn add(
        &mut self,
        v4: &mut Vec<(u128, u128)>,
        v6: &mut Vec<(u128, u128)>,
        from: Address,
        to: Address,
    ) {
        match (from, to) {
            (Address::V4(from), Address::V4(to)) => {
                v4.push((from.to_bits().into(), to.to_bits().into()));
            }
            (Address::V6(from), Address::V6(to)) => v6.push((from.to_bits(), to.to_bits())),
            (Address::Mac(from), Address::Mac(to)) => {
                self.macs.push((mac_bits(from), mac_bits(to)));
            }
            // The check allows only ranges within one family.
            _ => {}
        }
    }

    /// Whether `address` is in the set.
    pub(in crate::query) fn contains(&self, address: Address) -> bool {
        match address {
            Address::V4(v4) => {
                let bits = v4.to_bits();
                self.v4.contains(bits.into())
                    || self
                        .masked
                        .iter()
                        .any(|(mask, value)| bits & mask == *value)
            }
            Address::V6(v6) => self.v6.contains(v6.to_bits()),
            Address::Mac(mac) => {
                let bits = mac_bits(mac);
                self.macs
                    .iter()
                    .any(|(from, to)| (*from..=*to).contains(&bits))
            }
        }
    }
}

fn mac_bits(mac: [u8; 6]) -> u64 {
    mac.iter()
        .fold(0, |bits, byte| bits << 8 | u64::from(*byte))
}

/// The last address of a network.
fn last(address: Address, prefix: u8) -> Address {
    match address {
        Address::V4(v4) => {
            let host = u32::MAX.checked_shr(prefix.into()).unwrap_or(0);
            Address::V4(Ipv4Addr::from_bits(v4.to_bits() | host))
        }
        Address::V6(v6) => {
            let host = u128::MAX.checked_shr(prefix.into()).unwrap_or(0);
            Address::V6(Ipv6Addr::from_bits(v6.to_bits() | host))
        }
        Address::Mac(_) => address,
    }
}

/// The IPv4 and the IPv6 addresses of a class.
fn class_ranges(class: AddressClass) -> (Ranges, Ranges) {
    let (is_public, mut v4, mut v6) = (class == AddressClass::Public, Vec::new(), Vec::new());
    let is_wanted = |other: AddressClass| is_public || other == class;
    for ((first, prefix), _) in SPECIAL_V4.iter().filter(|(_, other)| is_wanted(*other)) {
        let first = first.to_bits();
        let last = first | u32::MAX.unbounded_shr(*prefix);
        v4.push((first.into(), last.into()));
        v6.push((MAPPED + u128::from(first), MAPPED + u128::from(last)));
    }
    for ((first, prefix), _) in SPECIAL_V6.iter().filter(|(_, other)| is_wanted(*other)) {
        let first = first.to_bits();
        v6.push((first, first | u128::MAX.unbounded_shr(*prefix)));
    }
    let (v4, v6) = (Ranges::of(v4), Ranges::of(v6));
    if !is_public {
        return (v4, v6);
    }
    let beyond = Ranges::until(ALL_V4 + 1, u128::MAX);
    (beyond.union(&v4).complement(), v6.complement())
}
