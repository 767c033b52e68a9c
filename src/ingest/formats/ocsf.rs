//! Maps events of the Open Cybersecurity Schema Framework, class Network Activity, back to the fields of the flow logs
//! that Security Lake and `parseToOCSF` made them of.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::ingest::text::zone::InputZone;
use crate::ingest::text::{missing, value};
use crate::schema::{self, FieldId, Value, id};
use crate::store::RejectReason;

/// The class of events that are made of flow logs.
const NETWORK_ACTIVITY: &str = "4001";

/// What is said of endpoints with several addresses on the way.
pub(crate) const SEVERAL_ADDRESSES: &str = "intermediate_ips has several addresses in some events; the first one was \
    taken for the address that the interface sees";

/// Under which attribute are the fields that the schema has no attribute for.
const UNMAPPED: &str = "unmapped.";

/// An attribute of an event that a field of flow logs depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attribute {
    ClassUid,
    ProductVersion,
    Account,
    Region,
    Zone,
    Time,
    TimeDate,
    StartTime,
    StartDate,
    EndTime,
    EndDate,
    StatusCode,
    TcpFlags,
    Protocol,
    IpVersion,
    IpVersionId,
    BoundaryId,
    Direction,
    DirectionId,
    Packets,
    Bytes,
    Action,
    ActionId,
    Disposition,
    DispositionId,
    ActivityId,
    Source(Endpoint),
    Destination(Endpoint),
    /// A field that the schema has no attribute for.
    Unmapped(FieldId),
}

/// An attribute of one of the two endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Ip,
    /// The address on the way, where the packet has another one.
    IntermediateIp,
    Port,
    Service,
    Interface,
    Vpc,
    Subnet,
    Instance,
}

/// The paths of the attributes; the later ones are those of older versions of the schema.
const PATHS: [(&str, Attribute); 27] = [
    ("class_uid", Attribute::ClassUid),
    ("metadata.product.version", Attribute::ProductVersion),
    ("cloud.account.uid", Attribute::Account),
    ("cloud.account_uid", Attribute::Account),
    ("cloud.region", Attribute::Region),
    ("cloud.zone", Attribute::Zone),
    ("time", Attribute::Time),
    ("time_dt", Attribute::TimeDate),
    ("start_time", Attribute::StartTime),
    ("start_time_dt", Attribute::StartDate),
    ("end_time", Attribute::EndTime),
    ("end_time_dt", Attribute::EndDate),
    ("status_code", Attribute::StatusCode),
    ("connection_info.tcp_flags", Attribute::TcpFlags),
    ("connection_info.protocol_num", Attribute::Protocol),
    ("connection_info.protocol_ver", Attribute::IpVersion),
    ("connection_info.protocol_ver_id", Attribute::IpVersionId),
    ("connection_info.boundary_id", Attribute::BoundaryId),
    ("connection_info.direction", Attribute::Direction),
    ("connection_info.direction_id", Attribute::DirectionId),
    ("traffic.packets", Attribute::Packets),
    ("traffic.bytes", Attribute::Bytes),
    ("action", Attribute::Action),
    ("action_id", Attribute::ActionId),
    ("disposition", Attribute::Disposition),
    ("disposition_id", Attribute::DispositionId),
    ("activity_id", Attribute::ActivityId),
];

const ENDPOINT_NAMES: [(&str, Endpoint); 8] = [
    ("ip", Endpoint::Ip),
    ("intermediate_ips", Endpoint::IntermediateIp),
    ("port", Endpoint::Port),
    ("svc_name", Endpoint::Service),
    ("interface_uid", Endpoint::Interface),
    ("vpc_uid", Endpoint::Vpc),
    ("subnet_uid", Endpoint::Subnet),
    ("instance_uid", Endpoint::Instance),
];

/// The fields that an event can give, in the order of a flow log of version 5.
const FIELDS: [FieldId; 27] = [
    id::VERSION,
    id::ACCOUNT_ID,
    id::INTERFACE_ID,
    id::SRCADDR,
    id::DSTADDR,
    id::SRCPORT,
    id::DSTPORT,
    id::PROTOCOL,
    id::PACKETS,
    id::BYTES,
    id::START,
    id::END,
    id::ACTION,
    id::LOG_STATUS,
    id::VPC_ID,
    id::SUBNET_ID,
    id::INSTANCE_ID,
    id::TCP_FLAGS,
    id::TYPE,
    id::PKT_SRCADDR,
    id::PKT_DSTADDR,
    id::REGION,
    id::AZ_ID,
    id::PKT_SRC_AWS_SERVICE,
    id::PKT_DST_AWS_SERVICE,
    id::FLOW_DIRECTION,
    id::TRAFFIC_PATH,
];

/// Classes of events that Security Lake keeps beside flow logs.
const OTHER_CLASSES: [(&str, &str); 11] = [
    ("1007", "an OCSF event of class 1007 (Process Activity)"),
    ("2001", "an OCSF event of class 2001 (Security Finding)"),
    (
        "2002",
        "an OCSF event of class 2002 (Vulnerability Finding)",
    ),
    ("2003", "an OCSF event of class 2003 (Compliance Finding)"),
    ("2004", "an OCSF event of class 2004 (Detection Finding)"),
    ("3001", "an OCSF event of class 3001 (Account Change)"),
    ("3002", "an OCSF event of class 3002 (Authentication)"),
    ("4002", "an OCSF event of class 4002 (HTTP Activity)"),
    ("4003", "an OCSF event of class 4003 (DNS Activity)"),
    ("6003", "an OCSF event of class 6003 (API Activity)"),
    ("6005", "an OCSF event of class 6005 (Datastore Activity)"),
];

/// The attribute at `path`, whose parts are separated by points.
pub(crate) fn attribute(path: &str) -> Option<Attribute> {
    let endpoint = |name: &str| {
        let (name, _) = name.split_once(['.', '[']).unwrap_or((name, ""));
        let found = ENDPOINT_NAMES.iter().find(|(known, _)| *known == name);
        found.map(|(_, endpoint)| *endpoint)
    };
    if let Some(name) = path.strip_prefix("src_endpoint.") {
        return endpoint(name).map(Attribute::Source);
    }
    if let Some(name) = path.strip_prefix("dst_endpoint.") {
        return endpoint(name).map(Attribute::Destination);
    }
    if let Some(name) = path.strip_prefix(UNMAPPED) {
        return schema::lookup_header(name).map(Attribute::Unmapped);
    }
    let found = PATHS.iter().find(|(known, _)| *known == path);
    found.map(|(_, attribute)| *attribute)
}

/// Whether the attribute at `path` is the list of addresses on the way.
pub(crate) fn is_intermediate(path: &str) -> bool {
    let endpoint = match attribute(path) {
        Some(Attribute::Source(endpoint) | Attribute::Destination(endpoint)) => Some(endpoint),
        _ => None,
    };
    endpoint == Some(Endpoint::IntermediateIp)
}

impl Attribute {
    /// A field whose values are written as those of the attribute.
    pub(crate) fn field(self) -> FieldId {
        match self {
            Self::Time
            | Self::TimeDate
            | Self::StartTime
            | Self::StartDate
            | Self::EndTime
            | Self::EndDate => id::START,
            _ => id::LOG_STATUS,
        }
    }
}

/// The fields that events with these attributes can give.
pub(crate) fn fields(attributes: &[Attribute]) -> Vec<FieldId> {
    let has = |attribute| attributes.contains(&attribute);
    let has_endpoint =
        |endpoint| has(Attribute::Source(endpoint)) || has(Attribute::Destination(endpoint));
    let given = |field: &FieldId| match *field {
        id::VERSION => has(Attribute::ProductVersion),
        id::ACCOUNT_ID => has(Attribute::Account),
        id::REGION => has(Attribute::Region),
        id::AZ_ID => has(Attribute::Zone),
        id::INTERFACE_ID => has_endpoint(Endpoint::Interface),
        id::VPC_ID => has_endpoint(Endpoint::Vpc),
        id::SUBNET_ID => has_endpoint(Endpoint::Subnet),
        id::INSTANCE_ID => has_endpoint(Endpoint::Instance),
        id::SRCPORT | id::DSTPORT => has_endpoint(Endpoint::Port),
        id::PKT_SRC_AWS_SERVICE | id::PKT_DST_AWS_SERVICE => has_endpoint(Endpoint::Service),
        id::PROTOCOL => has(Attribute::Protocol),
        id::TCP_FLAGS => has(Attribute::TcpFlags),
        id::TYPE => has(Attribute::IpVersion) || has(Attribute::IpVersionId),
        id::PACKETS => has(Attribute::Packets),
        id::BYTES => has(Attribute::Bytes),
        id::END => has(Attribute::EndTime) || has(Attribute::EndDate),
        id::LOG_STATUS => has(Attribute::StatusCode),
        id::FLOW_DIRECTION => has(Attribute::Direction) || has(Attribute::DirectionId),
        id::TRAFFIC_PATH => has(Attribute::BoundaryId),
        _ => true,
    };
    let mut fields: Vec<FieldId> = FIELDS.into_iter().filter(given).collect();
    for attribute in attributes {
        if let Attribute::Unmapped(field) = attribute
            && !fields.contains(field)
        {
            fields.push(*field);
        }
    }
    fields
}

/// An event: the values of its attributes, as text.
pub(crate) struct Event<'w> {
    words: Vec<(Attribute, &'w str)>,
}

impl<'w> Event<'w> {
    /// The event with these values. Of several of one attribute, the first counts.
    pub(crate) fn new(words: impl IntoIterator<Item = (Attribute, &'w str)>) -> Self {
        let words = words.into_iter();
        Self {
            words: words
                .filter(|(_, word)| !missing::is_missing_unless_text(word.as_bytes()))
                .collect(),
        }
    }

    fn word(&self, attribute: Attribute) -> Option<&'w str> {
        let found = self.words.iter().find(|(other, _)| *other == attribute);
        found.map(|(_, word)| *word)
    }

    fn number(&self, attribute: Attribute) -> Option<u64> {
        self.word(attribute)?.parse().ok()
    }

    /// Why the event is no record of a flow, if it is none.
    pub(crate) fn check(&self) -> Result<(), RejectReason> {
        let class = self.word(Attribute::ClassUid);
        let Some(class) = class.filter(|class| *class != NETWORK_ACTIVITY) else {
            let mut needed = schema::ADDRESSES_AND_TIMES.iter();
            let is_flow = needed.any(|field| self.value(*field).is_some());
            return if is_flow {
                Ok(())
            } else {
                Err(RejectReason::NoFlow)
            };
        };
        let known = OTHER_CLASSES.iter().find(|(uid, _)| *uid == class);
        let name = known.map_or("an OCSF event of another class than 4001", |(_, name)| name);
        Err(RejectReason::OtherLog(name))
    }

    /// The value of `field` as a flow log writes it; none where it is missing.
    pub(crate) fn value(&self, field: FieldId) -> Option<Cow<'w, str>> {
        let word = |attribute| self.word(attribute).map(Cow::Borrowed);
        match field {
            id::VERSION => word(Attribute::ProductVersion),
            id::ACCOUNT_ID => word(Attribute::Account),
            id::REGION => word(Attribute::Region),
            id::AZ_ID => word(Attribute::Zone),
            id::SRCADDR => self.address(Attribute::Source),
            id::DSTADDR => self.address(Attribute::Destination),
            id::PKT_SRCADDR => self.packet_address(Attribute::Source),
            id::PKT_DSTADDR => self.packet_address(Attribute::Destination),
            id::SRCPORT => word(Attribute::Source(Endpoint::Port)),
            id::DSTPORT => word(Attribute::Destination(Endpoint::Port)),
            id::PKT_SRC_AWS_SERVICE => word(Attribute::Source(Endpoint::Service)),
            id::PKT_DST_AWS_SERVICE => word(Attribute::Destination(Endpoint::Service)),
            id::INTERFACE_ID => self.own(Endpoint::Interface),
            id::VPC_ID => self.own(Endpoint::Vpc),
            id::SUBNET_ID => self.own(Endpoint::Subnet),
            id::INSTANCE_ID => self.own(Endpoint::Instance),
            id::PROTOCOL => word(Attribute::Protocol),
            id::TCP_FLAGS => word(Attribute::TcpFlags),
            id::PACKETS => word(Attribute::Packets),
            id::BYTES => word(Attribute::Bytes),
            id::LOG_STATUS => word(Attribute::StatusCode),
            id::TYPE => self.ip_version(),
            id::START => self.time(&[
                Attribute::StartTime,
                Attribute::Time,
                Attribute::StartDate,
                Attribute::TimeDate,
            ]),
            id::END => self.time(&[Attribute::EndTime, Attribute::EndDate]),
            id::ACTION => self.action(),
            id::FLOW_DIRECTION => self.direction().map(Cow::Borrowed),
            id::TRAFFIC_PATH => self.traffic_path(),
            field => word(Attribute::Unmapped(field)),
        }
    }

    /// The address of a side that the interface sees.
    fn address(&self, side: fn(Endpoint) -> Attribute) -> Option<Cow<'w, str>> {
        let intermediate = self.word(side(Endpoint::IntermediateIp));
        intermediate
            .or_else(|| self.word(side(Endpoint::Ip)))
            .map(Cow::Borrowed)
    }

    /// The address of a side that the packet has: flow logs have it from version 3 on.
    fn packet_address(&self, side: fn(Endpoint) -> Attribute) -> Option<Cow<'w, str>> {
        let is_known = self.word(side(Endpoint::IntermediateIp)).is_some()
            || self
                .number(Attribute::ProductVersion)
                .is_some_and(|version| version >= 3);
        let packet = self.word(side(Endpoint::Ip)).filter(|_| is_known);
        packet.map(Cow::Borrowed)
    }

    fn direction(&self) -> Option<&'w str> {
        match (
            self.word(Attribute::DirectionId),
            self.word(Attribute::Direction),
        ) {
            (Some("1"), _) => Some("ingress"),
            (Some("2"), _) => Some("egress"),
            (_, Some(word)) if word.eq_ignore_ascii_case("inbound") => Some("ingress"),
            (_, Some(word)) if word.eq_ignore_ascii_case("outbound") => Some("egress"),
            _ => None,
        }
    }

    /// What the endpoint has that is the interface's own; where no direction says which one that is, the only one
    /// that has it.
    fn own(&self, endpoint: Endpoint) -> Option<Cow<'w, str>> {
        let source = self.word(Attribute::Source(endpoint));
        let destination = self.word(Attribute::Destination(endpoint));
        let own = match self.direction() {
            Some("ingress") => destination.or(source),
            Some(_) => source.or(destination),
            None => source
                .xor(destination)
                .or_else(|| source.filter(|_| source == destination)),
        };
        own.map(Cow::Borrowed)
    }

    fn ip_version(&self) -> Option<Cow<'w, str>> {
        let by_id = || match self.word(Attribute::IpVersionId)? {
            "4" => Some("IPv4"),
            "6" => Some("IPv6"),
            _ => None,
        };
        let word = self.word(Attribute::IpVersion);
        let word = word.filter(|word| !word.eq_ignore_ascii_case("unknown"));
        word.or_else(by_id).map(Cow::Borrowed)
    }

    /// The first of these times, in seconds. One that cannot be read stays as it is, so that it is rejected.
    fn time(&self, attributes: &[Attribute]) -> Option<Cow<'w, str>> {
        let word = attributes
            .iter()
            .find_map(|attribute| self.word(*attribute))?;
        Some(
            match value::read_loosely(id::START, word, InputZone::Offset(0)) {
                Some((Value::Number(seconds), _)) => Cow::Owned(seconds.to_string()),
                _ => Cow::Borrowed(word),
            },
        )
    }

    /// The action: by its name, else by a number for it, else by the activity.
    fn action(&self) -> Option<Cow<'w, str>> {
        // The activity of a record without traffic says nothing.
        let status = self.word(Attribute::StatusCode);
        let has_traffic = status.is_none_or(|status| status == "OK");
        let by_name = |attribute| match self.word(attribute)? {
            word if is_any(word, &["allowed", "accept", "accepted"]) => Some("ACCEPT"),
            word if is_any(word, &["denied", "blocked", "reject", "rejected"]) => Some("REJECT"),
            word if is_any(word, &["unknown", "other", "no action"]) => None,
            word => Some(word),
        };
        let by_number = |attribute| match self.word(attribute)? {
            "1" => Some("ACCEPT"),
            "2" => Some("REJECT"),
            _ => None,
        };
        let by_activity = || match self.word(Attribute::ActivityId)? {
            "6" => Some("ACCEPT"),
            "2" | "5" => Some("REJECT"),
            _ => None,
        };
        by_name(Attribute::Action)
            .or_else(|| by_number(Attribute::ActionId))
            .or_else(|| by_name(Attribute::Disposition))
            .or_else(|| by_number(Attribute::DispositionId))
            .or_else(|| by_activity().filter(|_| has_traffic))
            .map(Cow::Borrowed)
    }

    /// The path of the traffic: the boundaries 4 to 11 are the paths 1 to 8.
    fn traffic_path(&self) -> Option<Cow<'w, str>> {
        let boundary = self.number(Attribute::BoundaryId)?;
        (4..=11)
            .contains(&boundary)
            .then(|| Cow::Owned((boundary - 3).to_string()))
    }
}

fn is_any(word: &str, words: &[&str]) -> bool {
    words.iter().any(|known| word.eq_ignore_ascii_case(known))
}
