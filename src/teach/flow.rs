//! A record's values as its sentence needs them: who is the server, and which way the packets went.

#[cfg(test)]
mod tests;

use crate::schema::{Address, FieldId, id, protocol};
use crate::store::{Cell, Chunk, RowId, Store};

/// The first port of the range from which most systems pick the ports of clients.
const EPHEMERAL: u64 = 32_768;
const SYN: u64 = 2;
const ACK: u64 = 16;

/// Which side of a conversation the sender of the packets is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The sender is the client: the destination port is the service's.
    Request,
    /// The sender is the server: the source port is the service's.
    Reply,
    /// It cannot be told, or there are no ports.
    Unknown,
}

/// Which way the packets went, as the interface sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// Into the interface.
    Ingress,
    /// Out of the interface.
    Egress,
}

/// A row of a store, asked for its values by field.
#[derive(Clone, Copy)]
pub(super) struct Flow<'a> {
    pub(super) store: &'a Store,
    pub(super) row: RowId,
}

impl Flow<'_> {
    /// The number of a field, if the record has one.
    pub(super) fn number(self, field: FieldId) -> Option<u64> {
        self.store.number(self.row, field)
    }

    /// The address of a field, if the record has one.
    pub(super) fn address(self, field: FieldId) -> Option<Address> {
        match self.store.cell(self.row, field) {
            Cell::Address(address) => Some(address),
            Cell::Missing | Cell::Number(_) | Cell::Word(_) => None,
        }
    }

    /// The word of a field, if the record has one.
    pub(super) fn word(self, field: FieldId) -> Option<String> {
        match self.store.cell(self.row, field) {
            Cell::Word(_) => Some(self.store.cell_text(self.row, field)),
            Cell::Missing | Cell::Number(_) | Cell::Address(_) => None,
        }
    }

    /// Whether the record has anything to say about traffic.
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

    /// The two ports, where the protocol has ports.
    pub(super) fn ports(self) -> (Option<u64>, Option<u64>) {
        let number = self.number(id::PROTOCOL);
        if number.is_some_and(|number| !protocol::has_ports(number)) {
            return (None, None);
        }
        (self.number(id::SRCPORT), self.number(id::DSTPORT))
    }

    /// The TCP flags, where they are known.
    pub(super) fn flags(self) -> Option<u64> {
        let is_tcp = self.number(id::PROTOCOL).is_none_or(|number| number == 6);
        self.number(id::TCP_FLAGS).filter(|_| is_tcp)
    }

    /// Which side the sender is. Flags know; without them the ports are a good guess.
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

    /// Which way the packets went: what the record says, or what follows from its addresses, or from other
    /// records of the same interface.
    pub(super) fn direction(self) -> Option<Direction> {
        match self.word(id::FLOW_DIRECTION).as_deref() {
            Some("ingress") => return Some(Direction::Ingress),
            Some("egress") => return Some(Direction::Egress),
            _ => {}
        }
        let (source, destination) = (self.address(id::SRCADDR)?, self.address(id::DSTADDR)?);
        // The interface's own side never shows a public IPv4 address; an IPv6 address of its own may be public.
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

    /// Which of the two addresses is the interface's own. Its primary address stands on one side of every
    /// record of it, so the other one can be ruled out by a record that it is not in.
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

/// Which side the sender is, by the ports alone.
fn role_of(source: u64, destination: u64) -> Role {
    let rank = protocol::service_rank;
    let source_is_service = match (source < EPHEMERAL, destination < EPHEMERAL) {
        // A client's port against one that could be anything: only a name on the high side alone speaks for it.
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
