//! The traffic of a record, without its interface and window.

use crate::schema::Address;

/// One direction of a conversation within one window, as one interface records it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Flow {
    /// `srcaddr`: as the interface sees it.
    pub(crate) source: Address,
    /// `dstaddr`: as the interface sees it.
    pub(crate) destination: Address,
    /// 0 where the protocol has none.
    pub(crate) source_port: u16,
    /// 0 where the protocol has none.
    pub(crate) destination_port: u16,
    /// IANA protocol number.
    pub(crate) protocol: u8,
    pub(crate) packets: u64,
    /// Bytes of IP packets, headers included.
    pub(crate) bytes: u64,
    /// Whether security groups and network ACLs allowed it.
    pub(crate) accepted: bool,
    /// TCP flags as flow logs record them: FIN 1, SYN 2, RST 4, SYN-ACK 18.
    pub(crate) flags: u8,
    /// `pkt-srcaddr`: differs from `source` at a NAT gateway.
    pub(crate) packet_source: Address,
    /// `pkt-dstaddr`: differs from `destination` at a NAT gateway.
    pub(crate) packet_destination: Address,
    /// `flow-direction`: ingress or egress at the interface.
    pub(crate) ingress: bool,
    /// `traffic-path`, 1 to 8; none for ingress flows.
    pub(crate) path: Option<u8>,
    /// `pkt-src-aws-service`: the AWS service that owns `packet_source`.
    pub(crate) source_service: Option<&'static str>,
    /// `pkt-dst-aws-service`: the AWS service that owns `packet_destination`.
    pub(crate) destination_service: Option<&'static str>,
}
