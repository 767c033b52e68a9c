//! A generated record: its typed values, and its line.

use super::flow::Flow;
use super::world::{ACCOUNT, Interface, REGION, Window, World};
use crate::format;
use crate::schema::Address;
use crate::schema::FieldId;
use crate::schema::Value;
use crate::schema::id;

/// The `log-status` of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Ok,
    NoData,
    SkipData,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Record<'w> {
    /// The version of the log format: 2 or 5.
    pub(crate) version: u8,
    pub(crate) vpc: &'w str,
    pub(crate) interface: &'w Interface,
    /// The start of the window, in seconds since the Unix epoch.
    pub(crate) start: u64,
    /// The end of the window, in seconds since the Unix epoch.
    pub(crate) end: u64,
    pub(crate) status: Status,
    /// The traffic; none for `NODATA` and `SKIPDATA`.
    pub(crate) flow: Option<Flow>,
}

impl<'w> Record<'w> {
    pub(super) fn new(
        world: &'w World,
        interface: &'w Interface,
        window: Window,
        status: Status,
    ) -> Self {
        Self {
            version: world.plan().version.number(),
            vpc: &world.vpc,
            interface,
            start: window.start,
            end: window.end,
            status,
            flow: None,
        }
    }

    /// The value of a field of versions 2 to 5; missing for every other field.
    pub(crate) fn value(&self, field: FieldId) -> Value<'w> {
        match field {
            id::VERSION => Value::Number(self.version.into()),
            id::ACCOUNT_ID => Value::Word(ACCOUNT),
            id::INTERFACE_ID => Value::Word(&self.interface.id),
            id::START => Value::Number(self.start),
            id::END => Value::Number(self.end),
            id::LOG_STATUS => Value::Word(self.status.word()),
            id::VPC_ID => Value::Word(self.vpc),
            id::SUBNET_ID => Value::Word(&self.interface.subnet),
            id::INSTANCE_ID => word(self.interface.instance.as_deref()),
            id::REGION => Value::Word(REGION),
            id::AZ_ID => Value::Word(self.interface.zone),
            _ => self
                .flow
                .as_ref()
                .map_or(Value::Missing, |flow| flow.value(field)),
        }
    }

    /// Appends a line with the values of `fields`, terminated by a line feed.
    pub(crate) fn write_line(&self, fields: &[FieldId], out: &mut Vec<u8>) {
        for (index, field) in fields.iter().enumerate() {
            if index > 0 {
                out.push(b' ');
            }
            write_value(self.value(*field), out);
        }
        out.push(b'\n');
    }
}

impl Flow {
    fn value(&self, field: FieldId) -> Value<'static> {
        match field {
            id::SRCADDR => Value::Address(self.source),
            id::DSTADDR => Value::Address(self.destination),
            id::SRCPORT => Value::Number(self.source_port.into()),
            id::DSTPORT => Value::Number(self.destination_port.into()),
            id::PROTOCOL => Value::Number(self.protocol.into()),
            id::PACKETS => Value::Number(self.packets),
            id::BYTES => Value::Number(self.bytes),
            id::ACTION => Value::Word(if self.accepted { "ACCEPT" } else { "REJECT" }),
            id::TCP_FLAGS => Value::Number(self.flags.into()),
            id::TYPE => Value::Word(match self.source {
                Address::V6(_) => "IPv6",
                Address::V4(_) | Address::Mac(_) => "IPv4",
            }),
            id::PKT_SRCADDR => Value::Address(self.packet_source),
            id::PKT_DSTADDR => Value::Address(self.packet_destination),
            id::PKT_SRC_AWS_SERVICE => word(self.source_service),
            id::PKT_DST_AWS_SERVICE => word(self.destination_service),
            id::FLOW_DIRECTION => Value::Word(if self.ingress { "ingress" } else { "egress" }),
            id::TRAFFIC_PATH => self
                .path
                .map_or(Value::Missing, |path| Value::Number(path.into())),
            _ => Value::Missing,
        }
    }
}

impl Status {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::NoData => "NODATA",
            Self::SkipData => "SKIPDATA",
        }
    }
}

fn word(text: Option<&str>) -> Value<'_> {
    text.map_or(Value::Missing, Value::Word)
}

fn write_value(value: Value<'_>, out: &mut Vec<u8>) {
    match value {
        Value::Missing => out.push(b'-'),
        Value::Number(number) => format::push_decimal(number, out),
        Value::Address(address) => address.push_to(out),
        Value::Word(word) => out.extend_from_slice(word.as_bytes()),
    }
}
