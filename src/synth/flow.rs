//! The traffic of a record, without the interface and the window that it was seen in.

use crate::schema::Address;

/// The traffic of a record: one direction of one conversation, within one window, at one interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Who sent, as the interface saw it.
    pub source: Address,
    /// To whom, as the interface saw it.
    pub destination: Address,
    /// The source's port; 0 where the protocol has none.
    pub source_port: u16,
    /// The destination's port; 0 where the protocol has none.
    pub destination_port: u16,
    /// The IANA number.
    pub protocol: u8,
    /// Packets within the window.
    pub packets: u64,
    /// Bytes of IP packets within the window.
    pub bytes: u64,
    /// Whether security groups and network ACLs let it pass.
    pub accepted: bool,
    /// The TCP flags seen, as flow logs record them: FIN 1, SYN 2, RST 4, SYN-ACK 18.
    pub flags: u8,
    /// The source in the packet, which differs from `source` at a NAT gateway.
    pub packet_source: Address,
    /// The destination in the packet.
    pub packet_destination: Address,
    /// Whether it came in at the interface.
    pub ingress: bool,
    /// The path of what went out, 1 to 8.
    pub path: Option<u8>,
    /// The AWS service that owns the packet's source.
    pub source_service: Option<&'static str>,
    /// The AWS service that owns the packet's destination.
    pub destination_service: Option<&'static str>,
}
