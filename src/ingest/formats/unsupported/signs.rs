//! Identifies objects and tables that are not flow logs by the names of their keys and columns.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::sync::LazyLock;

use super::Unsupported;
use super::known::{
    AZURE, CLOUDTRAIL, EC2_INSTANCE, EVENTBRIDGE, GOOGLE, GUARD_DUTY, INSPECTOR, NETWORK_FIREWALL,
    NETWORK_INTERFACE, NFDUMP, ROUTE_53_RESOLVER, S3_EVENT, SECURITY_HUB, SURICATA, VPC_LATTICE,
    WAF, ZEEK,
};
use crate::schema;
use crate::store::RejectReason;

/// Names that identify a content together.
struct Sign {
    /// As [`schema::normalize`] spells them.
    names: &'static [&'static str],
    unsupported: Unsupported,
    /// Whether they do so even beside an address or a time of a flow log.
    is_sure: bool,
}

/// A set of identifying names, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Signs(u64);

const SIGNS: &[Sign] = &[
    sure(&["eventsource", "eventversion", "s3"], S3_EVENT),
    sure(&["queryname", "querytype"], ROUTE_53_RESOLVER),
    sure(&["webaclid", "httprequest"], WAF),
    sure(&["eventversion", "useridentity"], CLOUDTRAIL),
    sure(&["eventversion", "eventsource", "eventname"], CLOUDTRAIL),
    sure(&["firewallname", "eventtimestamp"], NETWORK_FIREWALL),
    sure(&["servicenetworkarn", "sourceipport"], VPC_LATTICE),
    sure(&["detailtype", "source"], EVENTBRIDGE),
    sure(&["jsonpayload", "logname"], GOOGLE),
    sure(&["connection", "reporter"], GOOGLE),
    sure(&["jsonpayload.connection.srcip"], GOOGLE),
    sure(&["eventtype", "flowid", "srcip"], SURICATA),
    sure(&["id.origh", "id.resph"], ZEEK),
    sure(&["sa", "da", "td"], NFDUMP),
    sign(&["schemaversion", "partition", "severity"], GUARD_DUTY),
    sign(&["findingarn"], INSPECTOR),
    sign(&["awsaccountid", "generatorid"], SECURITY_HUB),
    sign(&["category", "operationname", "macaddress"], AZURE),
    sign(&["category", "operationname", "systemid"], AZURE),
    sign(&["networkinterfaceid"], NETWORK_INTERFACE),
    sign(&["instanceid", "imageid"], EC2_INSTANCE),
    sign(&["instanceid", "instancetype"], EC2_INSTANCE),
    sign(&["instanceid", "privateipaddress"], EC2_INSTANCE),
];

const fn sure(names: &'static [&'static str], unsupported: Unsupported) -> Sign {
    Sign {
        names,
        unsupported,
        is_sure: true,
    }
}

const fn sign(names: &'static [&'static str], unsupported: Unsupported) -> Sign {
    Sign {
        names,
        unsupported,
        is_sure: false,
    }
}

/// The names of each sign, as bits.
static BITS: LazyLock<Vec<Signs>> = LazyLock::new(|| {
    let bits = SIGNS.iter().map(|sign| Signs::of_all(sign.names));
    bits.collect()
});

/// Every identifying name, once: its index is its bit.
static NAMES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let mut names: Vec<&str> = SIGNS.iter().flat_map(|sign| sign.names).copied().collect();
    names.sort_unstable();
    names.dedup();
    names
});

impl Signs {
    /// The set of one name, in any spelling.
    pub(crate) fn of(name: &str) -> Self {
        let name = schema::normalize(name);
        let place = NAMES.binary_search(&&*name);
        Self(place.map_or(0, |place| 1 << place))
    }

    /// The set of several names.
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
    pub(crate) fn recognize(self, has_flow: bool) -> Option<Unsupported> {
        // Nearly every row has none.
        if self.0 == 0 {
            return None;
        }
        let mut signs = SIGNS.iter().zip(&*BITS);
        let found =
            signs.find(|(sign, bits)| (sign.is_sure || !has_flow) && self.and(**bits) == self);
        found.map(|(sign, _)| sign.unsupported.clone())
    }
}

impl Unsupported {
    /// Why one object or row with this content, among others, is no record.
    pub(crate) fn reason(&self) -> RejectReason {
        let sign = SIGNS.iter().find(|sign| sign.unsupported.name == self.name);
        match sign.map(|sign| &sign.unsupported.name) {
            Some(Cow::Borrowed(name)) => RejectReason::OtherLog(name),
            _ => RejectReason::NoFlow,
        }
    }
}
