//! An address of a record: IPv4, IPv6, or the MAC of EFA traffic.

use std::fmt;
use std::io::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use crate::format;

/// An address, printed in its canonical form.
///
/// The order is IPv4 before IPv6 before MAC, each numerically, so that sorted lists read naturally.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Address {
    /// IPv4. An IPv4-mapped IPv6 address is *not* this: it stays what the file says.
    V4(Ipv4Addr),
    /// IPv6.
    V6(Ipv6Addr),
    /// A MAC address, which the records of EFA traffic carry in place of IP addresses.
    Mac([u8; 6]),
}

/// What kind of network an address belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressClass {
    /// 10/8, 172.16/12, 192.168/16 (RFC 1918), 100.64/10 (RFC 6598), `fc00::/7` (RFC 4193).
    Private,
    /// Every IP address in none of the other classes.
    Public,
    /// 127/8 and `::1`.
    Loopback,
    /// 169.254/16 and `fe80::/10`.
    LinkLocal,
    /// 224/4 and `ff00::/8`.
    Multicast,
}

/// A network: its first address, and how many leading bits all of its addresses share.
pub type Network<A> = (A, u32);

/// The IPv4 networks that are not public.
pub const SPECIAL_V4: [(Network<Ipv4Addr>, AddressClass); 7] = [
    ((Ipv4Addr::new(10, 0, 0, 0), 8), AddressClass::Private),
    ((Ipv4Addr::new(172, 16, 0, 0), 12), AddressClass::Private),
    ((Ipv4Addr::new(192, 168, 0, 0), 16), AddressClass::Private),
    ((Ipv4Addr::new(100, 64, 0, 0), 10), AddressClass::Private),
    ((Ipv4Addr::new(127, 0, 0, 0), 8), AddressClass::Loopback),
    ((Ipv4Addr::new(169, 254, 0, 0), 16), AddressClass::LinkLocal),
    ((Ipv4Addr::new(224, 0, 0, 0), 4), AddressClass::Multicast),
];

/// The IPv6 networks that are not public.
pub const SPECIAL_V6: [(Network<Ipv6Addr>, AddressClass); 4] = [
    (v6_network(0xfc00, 7), AddressClass::Private),
    ((Ipv6Addr::LOCALHOST, 128), AddressClass::Loopback),
    (v6_network(0xfe80, 10), AddressClass::LinkLocal),
    (v6_network(0xff00, 8), AddressClass::Multicast),
];

const fn v6_network(first: u16, prefix: u32) -> Network<Ipv6Addr> {
    (Ipv6Addr::new(first, 0, 0, 0, 0, 0, 0, 0), prefix)
}

impl Address {
    /// The class of an IP address, of the IPv4 address for an IPv4-mapped one; none for a MAC.
    pub fn class(self) -> Option<AddressClass> {
        let special = match self.unmapped() {
            Self::V4(v4) => SPECIAL_V4
                .iter()
                .find(|((first, prefix), _)| (v4.to_bits() ^ first.to_bits()) >> (32 - prefix) == 0)
                .map(|(_, class)| *class),
            Self::V6(v6) => SPECIAL_V6
                .iter()
                .find(|((first, prefix), _)| {
                    (v6.to_bits() ^ first.to_bits()) >> (128 - prefix) == 0
                })
                .map(|(_, class)| *class),
            Self::Mac(_) => return None,
        };
        Some(special.unwrap_or(AddressClass::Public))
    }

    /// Whether it is an address of the public internet, as `public` of the filter language has it.
    pub fn is_public(self) -> bool {
        self.class() == Some(AddressClass::Public)
    }

    /// The IPv4 address of an IPv4-mapped IPv6 address; any other address as it is.
    fn unmapped(self) -> Self {
        match self {
            Self::V6(v6) => v6.to_ipv4_mapped().map_or(self, Self::V4),
            Self::V4(_) | Self::Mac(_) => self,
        }
    }

    /// Appends the canonical form. Faster than [`fmt::Display`] for IPv4, of which most lines are made.
    pub fn push_to(self, out: &mut Vec<u8>) {
        let Self::V4(v4) = self else {
            // Writing to a vector cannot fail.
            let _ = write!(out, "{self}");
            return;
        };
        let [first, rest @ ..] = v4.octets();
        format::push_decimal(first.into(), out);
        for octet in rest {
            out.push(b'.');
            format::push_decimal(octet.into(), out);
        }
    }
}

/// The text is no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnAddress;

impl FromStr for Address {
    type Err = NotAnAddress;

    /// Reads an address strictly: no leading zeros, no zone, no port.
    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        if let Ok(v4) = text.parse() {
            return Ok(Self::V4(v4));
        }
        if let Ok(v6) = text.parse() {
            return Ok(Self::V6(v6));
        }
        parse_mac(text).map(Self::Mac).ok_or(NotAnAddress)
    }
}

fn parse_mac(text: &str) -> Option<[u8; 6]> {
    let mut mac = [0; 6];
    let mut parts = text.split(':');
    for byte in &mut mac {
        let part = parts.next()?;
        if part.len() != 2 || !part.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        *byte = u8::from_str_radix(part, 16).ok()?;
    }
    parts.next().is_none().then_some(mac)
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V4(v4) => v4.fmt(f),
            Self::V6(v6) => v6.fmt(f),
            Self::Mac(mac) => {
                let bytes: Vec<String> = mac.iter().map(|byte| format!("{byte:02x}")).collect();
                f.pad(&bytes.join(":"))
            }
        }
    }
}

impl fmt::Display for NotAnAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an address")
    }
}

impl std::error::Error for NotAnAddress {}
