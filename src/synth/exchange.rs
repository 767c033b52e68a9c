//! A conversation between a client and a server, and the records that an interface on its way makes of it.

use super::flow::Flow;
use super::random::Random;
use crate::schema::Address;

/// IANA numbers.
pub(super) const ICMP: u8 = 1;
pub(super) const TCP: u8 = 6;
pub(super) const UDP: u8 = 17;
pub(super) const ICMP6: u8 = 58;

/// Traffic paths of what leaves an interface.
pub(super) const SAME_VPC: u8 = 1;
pub(super) const GATEWAY_ENDPOINT: u8 = 7;
pub(super) const INTERNET_GATEWAY: u8 = 8;

/// The flags of a short connection as its two sides sent them: SYN and FIN; SYN-ACK and FIN.
pub(super) const WHOLE: (u8, u8) = (3, 19);
/// The flags of a connection that began: SYN; SYN-ACK.
pub(super) const BEGUN: (u8, u8) = (2, 18);
/// The flags of a connection that began before and goes on: bare ACKs and data are not recorded.
pub(super) const MIDDLE: (u8, u8) = (0, 0);
/// The flags of a connection that ended: FIN.
pub(super) const ENDED: (u8, u8) = (1, 1);
/// The flags of a connection that its client reset as soon as it was open.
pub(super) const RESET: (u8, u8) = (6, 18);

/// Flags of both sides within one window, by how often they are met.
const FLAGS: [(u8, u8); 10] = [
    WHOLE, WHOLE, WHOLE, WHOLE, BEGUN, BEGUN, MIDDLE, MIDDLE, ENDED, RESET,
];

/// One end of a conversation.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    pub(super) address: Address,
    pub(super) port: u16,
    pub(super) service: Option<&'static str>,
}

/// What one side sent within a window.
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
    pub(super) asked: Load,
    pub(super) answered: Load,
}

impl Exchange {
    /// A conversation with the amounts that are usual for its protocol and port.
    pub(super) fn usual(client: End, server: End, protocol: u8, random: &mut Random) -> Self {
        let (asked, answered) = match protocol {
            ICMP | ICMP6 => {
                let packets = random.between(1, 5);
                let load = Load::new(packets, 84 * packets);
                (load, load)
            }
            // An NTP packet is 48 bytes in UDP and IPv4.
            UDP if server.port == 123 => (Load::new(1, 76), Load::new(1, 76)),
            UDP => {
                let asked = Load::new(1, random.between(56, 96));
                (asked, Load::new(1, asked.bytes + random.between(16, 240)))
            }
            _ => stream(random),
        };
        Self {
            client,
            server,
            protocol,
            asked,
            answered,
        }
    }

    /// What the client sent, as an interface sees it; what leaves has a `path`, what comes in has none.
    pub(super) fn request(&self, path: Option<u8>) -> Flow {
        flow(self.protocol, self.client, self.server, self.asked, path)
    }

    /// What the server sent.
    pub(super) fn reply(&self, path: Option<u8>) -> Flow {
        flow(self.protocol, self.server, self.client, self.answered, path)
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

/// A request that was not let in: `packets` of `size` bytes with `flags`.
pub(super) fn refused(from: End, to: End, protocol: u8, load: Load) -> Flow {
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

/// Both directions of TCP: small questions and larger answers for the most part, uploads now and then.
fn stream(random: &mut Random) -> (Load, Load) {
    let (asked_flags, answered_flags) = random.pick(&FLAGS);
    let packets = random.around(10, 4);
    let others = (packets * random.between(6, 20) / 12).max(1);
    let (small, large) = (random.between(52, 320), random.between(90, 1460));
    let (asked_size, answered_size) = if random.chance(1, 12) {
        (large, small)
    } else {
        (small, large)
    };
    // The rest keeps sizes from being whole multiples of a packet's.
    let load = |packets: u64, size: u64| Load::new(packets, packets * size + packets * 31 % 40);
    (
        load(packets, asked_size).with_flags(asked_flags),
        load(others, answered_size).with_flags(answered_flags),
    )
}

/// A port that a client takes: those of Linux.
pub(super) fn ephemeral(random: &mut Random) -> u16 {
    u16::try_from(random.between(32_768, 60_999)).expect("a port")
}
