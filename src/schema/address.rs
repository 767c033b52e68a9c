//! An address of a record: IPv4, IPv6, or the MAC of EFA traffic.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

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
