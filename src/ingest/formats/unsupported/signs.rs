//! What objects and tables are that are no flow logs, known by names that they have beside those of fields.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::sync::LazyLock;

use super::{FIREWALL, RESOLVER, TRAIL};
use crate::ingest::formats::sniff::Unsupported;
use crate::schema;
use crate::store::RejectReason;

/// Names that tell something together, and what they tell.
struct Sign {
    /// As [`schema::normalize`] spells them.
    names: &'static [&'static str],
    foreign: Unsupported,
    /// Whether they tell it even beside an address or a time of a flow log.
    is_sure: bool,
}

/// Some of the names that tell something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Signs(u64);

const FINDING: &str =
    "to see traffic, give the VPC flow logs of the network interface that it is about";

const GUARD_DUTY: Unsupported =
    Unsupported::other("guardduty-finding", "a GuardDuty finding", FINDING);
const INSPECTOR: Unsupported =
    Unsupported::other("inspector-finding", "an Inspector finding", FINDING);
const SECURITY_HUB: Unsupported =
    Unsupported::other("securityhub-finding", "a Security Hub finding", FINDING);
const EVENT: Unsupported = Unsupported::other(
    "eventbridge-event",
    "an EventBridge event",
    "flow logs do not come through EventBridge; give them as S3, CloudWatch Logs or Firehose have them",
);
const NETWORK_FIREWALL: Unsupported = Unsupported::other(
    "network-firewall-log",
    "a log of AWS Network Firewall",
    "to see the same traffic, give the VPC flow logs of the subnets of its endpoints",
);
const LATTICE: Unsupported = Unsupported::other(
    "vpc-lattice-access-log",
    "an access log of VPC Lattice",
    "to see the same traffic, give the VPC flow logs of the targets",
);
const AZURE: Unsupported = Unsupported::other(
    "azure-flow-log",
    "an Azure log of network flows",
    "only flow logs of AWS are read",
);
const GOOGLE: Unsupported = Unsupported::other(
    "google-cloud-log",
    "a log entry of Google Cloud",
    "only flow logs of AWS are read",
);
/// The answer of describe-network-interfaces, whole or in parts.
pub(crate) const INTERFACE: Unsupported = Unsupported::other(
    "network-interfaces",
    "a description of network interfaces",
    "to see traffic, give their VPC flow logs",
);
/// The answer of describe-instances, whole or in parts.
pub(crate) const INSTANCE: Unsupported = Unsupported::other(
    "instances",
    "a description of EC2 instances",
    "to see their traffic, give the VPC flow logs of their network interfaces",
);

const SIGNS: &[Sign] = &[
    sure(&["queryname", "querytype"], RESOLVER),
    sure(&["webaclid", "httprequest"], FIREWALL),
    sure(&["eventversion", "useridentity"], TRAIL),
    sure(&["firewallname", "eventtimestamp"], NETWORK_FIREWALL),
    sure(&["servicenetworkarn", "sourceipport"], LATTICE),
    sure(&["detailtype", "source"], EVENT),
    sure(&["jsonpayload", "logname"], GOOGLE),
    sure(&["connection", "reporter"], GOOGLE),
    sign(&["schemaversion", "partition", "severity"], GUARD_DUTY),
    sign(&["findingarn"], INSPECTOR),
    sign(&["awsaccountid", "generatorid"], SECURITY_HUB),
    sign(&["category", "operationname", "macaddress"], AZURE),
    sign(&["category", "operationname", "systemid"], AZURE),
    sign(&["networkinterfaceid"], INTERFACE),
    sign(&["instanceid", "imageid"], INSTANCE),
    sign(&["instanceid", "instancetype"], INSTANCE),
    sign(&["instanceid", "privateipaddress"], INSTANCE),
];

const fn sure(names: &'static [&'static str], foreign: Unsupported) -> Sign {
    Sign {
        names,
        foreign,
        is_sure: true,
    }
}

const fn sign(names: &'static [&'static str], foreign: Unsupported) -> Sign {
    Sign {
        names,
        foreign,
        is_sure: false,
    }
}

/// The names of each sign, as bits.
static BITS: LazyLock<Vec<Signs>> = LazyLock::new(|| {
    let bits = SIGNS.iter().map(|sign| Signs::of_all(sign.names));
    bits.collect()
});

/// Every name that tells something, once: its place is its bit.
static NAMES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let mut names: Vec<&str> = SIGNS.iter().flat_map(|sign| sign.names).copied().collect();
    names.sort_unstable();
    names.dedup();
    names
});

impl Signs {
    /// What one name tells, which may be spelled in any way.
    pub(crate) fn of(name: &str) -> Self {
        let name = schema::normalize(name);
        let place = NAMES.binary_search(&&*name);
        Self(place.map_or(0, |place| 1 << place))
    }

    /// What several names tell together.
    pub(crate) fn of_all(names: &[impl AsRef<str>]) -> Self {
        let signs = names.iter().map(|name| Self::of(name.as_ref()));
        signs.fold(Self::default(), Self::and)
    }

    /// These and others.
    #[must_use]
    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What has these names; `has_flow` says whether an address or a time of a flow log is beside them.
    pub(crate) fn recognise(self, has_flow: bool) -> Option<Unsupported> {
        // Nearly every row has none.
        if self.0 == 0 {
            return None;
        }
        let mut signs = SIGNS.iter().zip(&*BITS);
        let found =
            signs.find(|(sign, bits)| (sign.is_sure || !has_flow) && self.and(**bits) == self);
        found.map(|(sign, _)| sign.foreign.clone())
    }
}

impl Unsupported {
    /// Why one object or row of such a kind, among others, is no record.
    pub(crate) fn reason(&self) -> RejectReason {
        let name = place_of(&self.name).and_then(name_at);
        name.map_or(RejectReason::NoFlow, RejectReason::OtherLog)
    }
}

/// The place of a name among those of what is known, for a mark.
pub(crate) fn place_of(name: &str) -> Option<usize> {
    SIGNS.iter().position(|sign| sign.foreign.name == name)
}

/// The name at a place.
pub(crate) fn name_at(place: usize) -> Option<&'static str> {
    match SIGNS.get(place)?.foreign.name {
        Cow::Borrowed(name) => Some(name),
        Cow::Owned(_) => None,
    }
}
