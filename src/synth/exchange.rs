//! A conversation between a client and a server, and the flows that an interface records of it.

use super::flow::Flow;
use super::random::Random;
use crate::schema::Address;

/// IANA protocol numbers.
pub(super) const ICMP: u8 = 1;
pub(super) const TCP: u8 = 6;
pub(super) const UDP: u8 = 17;
pub(super) const ICMP6: u8 = 58;

/// Values of `traffic-path`, which only egress flows have.
pub(super) const SAME_VPC: u8 = 1;
pub(super) const GATEWAY_ENDPOINT: u8 = 7;
pub(super) const INTERNET_GATEWAY: u8 = 8;

/// A protocol and the port that a server listens on.
#[derive(Clone, Copy, Debug)]
pub(super) struct ServicePort {
    pub(super) protocol: u8,
    pub(super) port: u16,
}

/// The `tcp-flags` of both directions of a connection within one window.
#[derive(Clone, Copy, Debug)]
pub(super) struct FlagPair {
    pub(super) client: u8,
    pub(super) server: u8,
}

/// Flags within one window; each is repeated according to its frequency.
const FLAGS: [FlagPair; 10] = [
    FlagPair::COMPLETE,
    FlagPair::COMPLETE,
    FlagPair::COMPLETE,
    FlagPair::COMPLETE,
    FlagPair::OPENED,
    FlagPair::OPENED,
    FlagPair::ONGOING,
    FlagPair::ONGOING,
    FlagPair::CLOSED,
    FlagPair::RESET,
];

/// One end of a conversation.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    pub(super) address: Address,
    pub(super) port: u16,
    pub(super) service: Option<&'static str>,
}

/// The traffic that one side sent within a window.
#[derive(Clone, Copy, Debug)]
pub(super) struct Load {
    pub(super) packets: u64,
    pub(super) bytes: u64,
    pub(super) flags: u8,
}

/// Both directions of a conversation within one window.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exchange {
    pub(super) client: End,
    pub(super) server: End,
    pub(super) protocol: u8,
    pub(super) client_load: Load,
    pub(super) server_load: Load,
}

impl ServicePort {
    pub(super) const fn tcp(port: u16) -> Self {
        Self {
            protocol: TCP,
            port,
        }
    }

    pub(super) const fn udp(port: u16) -> Self {
        Self {
            protocol: UDP,
            port,
        }
    }

    /// ICMP echo, which has no port.
    pub(super) const fn ping() -> Self {
        Self {
            protocol: ICMP,
            port: 0,
        }
    }
}

impl FlagPair {
    /// A connection opened and closed within the window: SYN and FIN; SYN-ACK and FIN.
    pub(super) const COMPLETE: Self = Self::new(3, 19);
    /// A connection opened within the window: SYN; SYN-ACK.
    pub(super) const OPENED: Self = Self::new(2, 18);
    /// A connection opened earlier and still open: flow logs do not record a bare ACK.
    pub(super) const ONGOING: Self = Self::new(0, 0);
    /// A connection opened earlier and closed within the window: FIN.
    pub(super) const CLOSED: Self = Self::new(1, 1);
    /// A connection that its client reset as soon as it was open.
    pub(super) const RESET: Self = Self::new(6, 18);

    const fn new(client: u8, server: u8) -> Self {
        Self { client, server }
    }
}

impl Exchange {
    /// A conversation with packets and bytes typical of its protocol and port.
    pub(super) fn usual(client: End, server: End, protocol: u8, random: &mut Random) -> Self {
        let (client_load, server_load) = match protocol {
            ICMP | ICMP6 => {
                let packets = random.between(1, 5);
                let load = Load::new(packets, 84 * packets);
                (load, load)
            }
            // An NTP packet is 48 bytes in UDP and IPv4.
            UDP if server.port == 123 => (Load::new(1, 76), Load::new(1, 76)),
            UDP => {
                let client_load = Load::new(1, random.between(56, 96));
                (
                    client_load,
                    Load::new(1, client_load.bytes + random.between(16, 240)),
                )
            }
            _ => stream(random),
        };
        Self {
            client,
            server,
            protocol,
            client_load,
            server_load,
        }
    }

    /// The flow from the client to the server; egress flows have a `path`, ingress flows have none.
    pub(super) fn request(&self, path: Option<u8>) -> Flow {
        flow(
            self.protocol,
            self.client,
            self.server,
            self.client_load,
            path,
        )
    }

    /// The flow from the server to the client, with `path` as in [`Self::request`].
    pub(super) fn reply(&self, path: Option<u8>) -> Flow {
        flow(
            self.protocol,
            self.server,
            self.client,
            self.server_load,
            path,
        )
    }
}

impl End {
    pub(super) const fn new(address: Address, port: u16) -> Self {
        Self {
            address,
            port,
            service: None,
        }
    }
}

impl Load {
    pub(super) const fn new(packets: u64, bytes: u64) -> Self {
        Self {
            packets,
            bytes,
            flags: 0,
        }
    }

    pub(super) const fn with_flags(self, flags: u8) -> Self {
        Self { flags, ..self }
    }
}

/// A rejected flow, coming in at the interface.
pub(super) fn rejected(from: End, to: End, protocol: u8, load: Load) -> Flow {
    Flow {
        accepted: false,
        ..flow(protocol, from, to, load, None)
    }
}

fn flow(protocol: u8, from: End, to: End, load: Load, path: Option<u8>) -> Flow {
    Flow {
        source: from.address,
        destination: to.address,
        source_port: from.port,
        destination_port: to.port,
        protocol,
        packets: load.packets,
        bytes: load.bytes,
        accepted: true,
        flags: load.flags,
        packet_source: from.address,
        packet_destination: to.address,
        ingress: path.is_none(),
        path,
        source_service: from.service,
        destination_service: to.service,
    }
}

/// The client's and the server's load of a TCP connection: mostly small requests with larger replies, sometimes an
/// upload.
fn stream(random: &mut Random) -> (Load, Load) {
    let flags = random.pick(&FLAGS);
    let packets = random.around(10, 4);
    let reply_packets = (packets * random.between(6, 20) / 12).max(1);
    let (small, large) = (random.between(52, 320), random.between(90, 1460));
    let (request_bytes, reply_bytes) = if random.chance(1, 12) {
        (large, small)
    } else {
        (small, large)
    };
    // The remainder keeps byte counts from being multiples of the packet size.
    let load = |packets: u64, size: u64| Load::new(packets, packets * size + packets * 31 % 40);
    (
        load(packets, request_bytes).with_flags(flags.client),
        load(reply_packets, reply_bytes).with_flags(flags.server),
    )
}

/// A client's port, from the default range of Linux.
pub(super) fn ephemeral(random: &mut Random) -> u16 {
    u16::try_from(random.between(32_768, 60_999)).expect("a port")
}
