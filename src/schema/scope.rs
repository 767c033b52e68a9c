//! The scope of a record: which of its addresses are public, and for two public IPv6 addresses, which lies in the VPC.

#[cfg(test)]
mod tests;

use super::Address;

/// The usual size of the IPv6 block of a VPC, as a prefix length.
const VPC_PREFIX: u32 = 56;
/// The `traffic-path` of traffic within a VPC.
const SAME_VPC: u64 = 1;

/// Which of the two addresses of a record are outside. The number of a scope is the code of its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Neither.
    Internal,
    /// The source.
    Inbound,
    /// The destination.
    Outbound,
    /// Both.
    External,
}

/// What else a record says about where it goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Route {
    /// Whether `flow-direction` is egress; none if it is missing.
    pub is_egress: Option<bool>,
    /// The value of `traffic-path`.
    pub traffic_path: Option<u64>,
}

/// Whether a word of `flow-direction` is egress; none if it is neither egress nor ingress. Programs other than AWS's write
/// it in other cases.
pub fn is_egress(word: &str) -> Option<bool> {
    if word.eq_ignore_ascii_case("egress") {
        return Some(true);
    }
    word.eq_ignore_ascii_case("ingress").then_some(false)
}

impl Scope {
    /// The scope of a record. `route` is asked only where both addresses are public IPv6 addresses: in a VPC these are
    /// the rule, so they alone do not tell which side is outside.
    pub fn of(source: Address, destination: Address, route: impl FnOnce() -> Route) -> Self {
        match (source.is_public(), destination.is_public()) {
            (false, false) => Self::Internal,
            (true, false) => Self::Inbound,
            (false, true) => Self::Outbound,
            (true, true) => match (v6_bits(source), v6_bits(destination)) {
                (Some(source), Some(destination)) => Self::of_v6(source, destination, route()),
                _ => Self::External,
            },
        }
    }

    fn of_v6(source: u128, destination: u128, route: Route) -> Self {
        let is_same_block = (source ^ destination) >> (u128::BITS - VPC_PREFIX) == 0;
        if is_same_block || route.traffic_path == Some(SAME_VPC) {
            return Self::Internal;
        }
        match route.is_egress {
            Some(true) => Self::Outbound,
            Some(false) => Self::Inbound,
            None => Self::External,
        }
    }
}

/// The bits of an IPv6 address that is not an IPv4-mapped one.
fn v6_bits(address: Address) -> Option<u128> {
    match address {
        Address::V6(v6) if v6.to_ipv4_mapped().is_none() => Some(v6.to_bits()),
        Address::V4(_) | Address::V6(_) | Address::Mac(_) => None,
    }
}
