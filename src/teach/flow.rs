//! The values of a record that its summary needs: which side is the server, and the direction of the packets.

#[cfg(test)]
mod tests;

use crate::schema::protocol::EPHEMERAL;
use crate::schema::{self, Address, FieldId, id, protocol};
use crate::store::{Cell, Chunk, RowId, Store};

const SYN: u64 = 2;
const ACK: u64 = 16;

/// Whether the sender of the packets is the client or the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The sender is the client: the destination port is the service's.
    Request,
    /// The sender is the server: the source port is the service's.
    Reply,
    /// Undecidable, or a protocol without ports.
    Unknown,
}

/// The direction of the packets as seen by the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Ingress,
    Egress,
}

/// The service at the port of `field` in the record in `row`; none for the port of a client, which may be any port.
pub(crate) fn service_of(store: &Store, row: RowId, field: FieldId) -> Option<&'static str> {
    let flow = Flow { store, row };
    let (source, destination) = flow.ports();
    let (port, other) = match (field, flow.role()) {
        (id::SRCPORT, Role::Request) | (id::DSTPORT, Role::Reply) => return None,
        (id::SRCPORT, _) => (source?, destination),
        (id::DSTPORT, _) => (destination?, source),
        _ => return None,
    };
    // An ephemeral port is that of a client, unless the flags or the other port say that it is the server's.
    let is_told = flow.flags().is_some_and(|flags| flags & SYN != 0);
    let is_client = |other: u64| other >= EPHEMERAL || !is_told && other != port;
    let is_coincidence = port >= EPHEMERAL && other.is_some_and(is_client);
    protocol::service(port).filter(|_| !is_coincidence)
}

/// A record of a store, for access to its values by field.
#[derive(Clone, Copy)]
pub(super) struct Flow<'a> {
    pub(super) store: &'a Store,
    pub(super) row: RowId,
}

impl Flow<'_> {
    /// The value of a numeric field, if the record has one.
    pub(super) fn number(self, field: FieldId) -> Option<u64> {
        self.store.number(self.row, field)
    }

    /// The value of an address field, if the record has one.
    pub(super) fn address(self, field: FieldId) -> Option<Address> {
        match self.store.cell(self.row, field) {
            Cell::Address(address) => Some(address),
            Cell::Missing | Cell::Number(_) | Cell::Word(_) => None,
        }
    }

    /// The value of a text field, if the record has one.
    pub(super) fn word(self, field: FieldId) -> Option<String> {
        match self.store.cell(self.row, field) {
            Cell::Word(_) => Some(self.store.cell_text(self.row, field)),
            Cell::Missing | Cell::Number(_) | Cell::Address(_) => None,
        }
    }

    /// Whether any field that describes traffic has a value.
    pub(super) fn has_traffic(self) -> bool {
        const TRAFFIC: [FieldId; 7] = [
            id::SRCADDR,
            id::DSTADDR,
            id::SRCPORT,
            id::DSTPORT,
            id::PROTOCOL,
            id::PACKETS,
            id::BYTES,
        ];
        TRAFFIC
            .into_iter()
            .any(|field| self.store.cell(self.row, field) != Cell::Missing)
    }

    /// The source and destination port, if the protocol has ports.
    pub(super) fn ports(self) -> (Option<u64>, Option<u64>) {
        let number = self.number(id::PROTOCOL);
        if number.is_some_and(|number| !protocol::has_ports(number)) {
            return (None, None);
        }
        (self.number(id::SRCPORT), self.number(id::DSTPORT))
    }

    /// The TCP flags, if the protocol is TCP or unknown.
    pub(super) fn flags(self) -> Option<u64> {
        let is_tcp = self.number(id::PROTOCOL).is_none_or(|number| number == 6);
        self.number(id::TCP_FLAGS).filter(|_| is_tcp)
    }

    /// Decided by the TCP flags; without flags, guessed from the ports.
    pub(super) fn role(self) -> Role {
        match self.flags() {
            Some(flags) if flags & (SYN | ACK) == SYN | ACK => return Role::Reply,
            Some(flags) if flags & SYN != 0 => return Role::Request,
            _ => {}
        }
        match self.ports() {
            (Some(source), Some(destination)) => role_of(source, destination),
            (Some(port), None) if protocol::service(port).is_some() => Role::Reply,
            (None, Some(port)) if protocol::service(port).is_some() => Role::Request,
            _ => Role::Unknown,
        }
    }

    /// The direction of the packets: the record's `flow-direction`, or else inferred from its addresses or from other
    /// records of the same interface.
    pub(super) fn direction(self) -> Option<Direction> {
        let word = self.word(id::FLOW_DIRECTION);
        match word.as_deref().and_then(schema::is_egress) {
            Some(false) => return Some(Direction::Ingress),
            Some(true) => return Some(Direction::Egress),
            None => {}
        }
        let (source, destination) = (self.address(id::SRCADDR)?, self.address(id::DSTADDR)?);
        // The interface's own IPv4 address is never public in a flow log; its IPv6 address may be.
        if let (Address::V4(_), Address::V4(_)) = (source, destination) {
            match (source.is_public(), destination.is_public()) {
                (true, false) => return Some(Direction::Ingress),
                (false, true) => return Some(Direction::Egress),
                _ => {}
            }
        }
        let own = self.own_address(source, destination)?;
        Some(if own == source {
            Direction::Egress
        } else {
            Direction::Ingress
        })
    }

    /// Which of the two addresses belongs to the interface. Every record of an interface has its primary address on one
    /// side, so a record without the other address decides.
    fn own_address(self, source: Address, destination: Address) -> Option<Address> {
        if !is_v4(source) || !is_v4(destination) || source == destination {
            return None;
        }
        let (chunk, offset) = self.store.chunk_of(self.row);
        let interfaces = chunk.column(id::INTERFACE_ID)?;
        let interface = interfaces.integer(offset)?;
        let same = (0..chunk.rows()).filter(|row| interfaces.integer(*row) == Some(interface));
        for (one, other) in same.filter_map(|row| addresses(chunk, row)) {
            let names = |address| one == address || other == address;
            match (names(source), names(destination)) {
                (true, false) => return Some(source),
                (false, true) => return Some(destination),
                (false, false) if is_v4(one) && is_v4(other) => return None,
                _ => {}
            }
        }
        None
    }
}

fn addresses(chunk: &Chunk, row: usize) -> Option<(Address, Address)> {
    let cells = (chunk.cell(row, id::SRCADDR), chunk.cell(row, id::DSTADDR));
    match cells {
        (Cell::Address(source), Cell::Address(destination)) => Some((source, destination)),
        _ => None,
    }
}

fn is_v4(address: Address) -> bool {
    matches!(address, Address::V4(_))
}

/// The role of the sender, guessed from the ports alone.
fn role_of(source: u64, destination: u64) -> Role {
    let rank = protocol::service_rank;
    let source_is_service = match (source < EPHEMERAL, destination < EPHEMERAL) {
        // An ephemeral port and a lower one: the ephemeral port is the server's only if it alone has a service name.
        (true, false) => rank(source).is_some() || rank(destination).is_none(),
        (false, true) => rank(destination).is_none() && rank(source).is_some(),
        _ => match (rank(source), rank(destination)) {
            (Some(source), Some(destination)) if source == destination => return Role::Unknown,
            (Some(source), Some(destination)) => source < destination,
            (None, None) => return Role::Unknown,
            (named, _) => named.is_some(),
        },
    };
    if source_is_service {
        Role::Reply
    } else {
        Role::Request
    }
}
