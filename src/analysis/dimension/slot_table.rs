//! The values of a dimension, and their slots.

use std::collections::HashMap;
use std::net::Ipv4Addr;

use foldhash::fast::RandomState;

use super::{MISSING, OTHER};
use crate::analysis::Key;
use crate::schema::Address;
use crate::store::{IndexedValue, Interner, PREFETCHED, Wide};

/// The slots of numbers below this are the numbers plus one: all ports and protocols, and most counters.
pub(super) const SMALL_NUMBERS: u64 = 1 << 16;

/// What the values of a dimension are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ValueKind {
    Words,
    Numbers,
    Addresses,
}

/// The values so far, and their slots.
#[derive(Clone, Debug)]
pub(super) struct SlotTable {
    kind: ValueKind,
    /// The values of the slots from [`SlotTable::first_assigned`] on.
    keys: Vec<Key>,
    numbers: Interner<u64>,
    narrow: Interner<u32>,
    wide: HashMap<Address, u32, RandomState>,
    /// Whether new values get [`OTHER`] instead of a slot.
    pub(super) frozen: bool,
    /// Larger than every slot so far.
    pub(super) bound: u32,
}

impl SlotTable {
    pub(super) fn new(kind: ValueKind) -> Self {
        Self {
            kind,
            keys: Vec::new(),
            numbers: Interner::new(),
            narrow: Interner::new(),
            wide: HashMap::default(),
            frozen: false,
            bound: 1,
        }
    }

    pub(super) fn fork(&self) -> Self {
        Self::new(self.kind)
    }

    pub(super) fn kind(&self) -> ValueKind {
        self.kind
    }

    /// The first slot that is assigned in the order in which values occur; below it slots are values plus one.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "small means small")]
    fn first_assigned(&self) -> u32 {
        match self.kind {
            ValueKind::Words => OTHER,
            ValueKind::Numbers => 1 + SMALL_NUMBERS as u32,
            ValueKind::Addresses => 1,
        }
    }

    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "every value is that of a row, and there are fewer than 2^32"
    )]
    fn fresh(&self) -> u32 {
        self.first_assigned().wrapping_add(self.keys.len() as u32)
    }

    fn assign(&mut self, key: Key) {
        self.keys.push(key);
        self.bound = self.bound.max(self.fresh());
    }

    /// Raises the bound for values up to `highest`, all of which are codes or small numbers.
    pub(super) fn reach(&mut self, highest: u64) {
        let bound = u32::try_from(highest.saturating_add(2)).unwrap_or(OTHER);
        self.bound = self.bound.max(bound);
    }

    /// The slot of a number.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "small means small")]
    pub(super) fn number(&mut self, number: u64) -> u32 {
        if number < SMALL_NUMBERS {
            let slot = number as u32 + 1;
            self.bound = self.bound.max(slot + 1);
            return slot;
        }
        if self.frozen {
            return or_other(self.numbers.find(number));
        }
        let fresh = self.fresh();
        let slot = self.numbers.number(number, fresh);
        if slot == fresh {
            self.assign(Key::Number(number));
        }
        slot
    }

    /// The slot of an IPv4 address.
    #[inline]
    pub(super) fn narrow(&mut self, bits: u32) -> u32 {
        if self.frozen {
            return or_other(self.narrow.find(bits));
        }
        let fresh = self.fresh();
        let slot = self.narrow.number(bits, fresh);
        if slot == fresh {
            self.assign(Key::Address(Address::V4(Ipv4Addr::from(bits))));
        }
        slot
    }

    /// Loads into the cache what looking up these numbers or IPv4 addresses needs.
    #[expect(clippy::cast_possible_truncation, reason = "an address has 32 bits")]
    pub(super) fn prefetch(&self, values: &[u64]) {
        match self.kind {
            ValueKind::Addresses => self.narrow.prefetch(values.iter().map(|bits| *bits as u32)),
            ValueKind::Numbers => self.numbers.prefetch(values.iter().copied()),
            ValueKind::Words => {}
        }
    }

    /// The slot of an IPv6 or MAC address.
    pub(super) fn wide(&mut self, address: Address) -> u32 {
        if let Some(slot) = self.wide.get(&address) {
            return *slot;
        }
        if self.frozen {
            return OTHER;
        }
        let fresh = self.fresh();
        self.wide.insert(address, fresh);
        self.assign(Key::Address(address));
        fresh
    }

    /// The slot of an integer of a column: a number, or the 32 bits of an IPv4 address.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the narrow column of addresses holds 32 bits"
    )]
    pub(super) fn integer(&mut self, integer: u64) -> u32 {
        match self.kind {
            ValueKind::Addresses => self.narrow(integer as u32),
            ValueKind::Numbers | ValueKind::Words => self.number(integer),
        }
    }

    /// The slot of a value of a column with these wide addresses.
    pub(super) fn indexed(&mut self, value: IndexedValue, wide: Option<&Wide>) -> u32 {
        match (value, wide) {
            (IndexedValue::Integer(bits), _) => self.integer(bits),
            (IndexedValue::Wide(place), Some(wide)) => self.wide(wide.addresses[place as usize]),
            (IndexedValue::Wide(_), None) => MISSING,
        }
    }

    /// The slot of a value.
    pub(super) fn slot(&mut self, key: Key) -> u32 {
        match key {
            Key::Missing => MISSING,
            Key::Number(number) => self.number(number),
            Key::Word(code) => {
                self.reach(u64::from(code));
                code + 1
            }
            Key::Address(Address::V4(v4)) => self.narrow(v4.to_bits()),
            Key::Address(address) => self.wide(address),
        }
    }

    /// The slot of a value that may have none: then [`OTHER`].
    pub(super) fn find(&self, key: Key) -> u32 {
        match key {
            Key::Number(number) if number >= SMALL_NUMBERS => or_other(self.numbers.find(number)),
            #[expect(clippy::cast_possible_truncation, reason = "small means small")]
            Key::Number(number) => number as u32 + 1,
            Key::Missing => MISSING,
            Key::Word(code) => code + 1,
            Key::Address(Address::V4(v4)) => or_other(self.narrow.find(v4.to_bits())),
            Key::Address(address) => self.wide.get(&address).copied().unwrap_or(OTHER),
        }
    }

    /// The value of a slot.
    pub(super) fn key(&self, slot: u32) -> Key {
        let first = self.first_assigned();
        match (slot, self.kind) {
            (MISSING, _) => Key::Missing,
            _ if slot >= first => self.keys[(slot - first) as usize],
            (_, ValueKind::Words) => Key::Word(slot - 1),
            _ => Key::Number(u64::from(slot - 1)),
        }
    }

    /// Adds the values of another table of the same kind, and translates its slots.
    pub(super) fn merge(&mut self, other: &Self) -> Translation {
        let mut assigned = Vec::with_capacity(other.keys.len());
        for keys in other.keys.chunks(PREFETCHED) {
            let addresses = keys.iter().filter_map(|key| match key {
                Key::Address(Address::V4(v4)) => Some(v4.to_bits()),
                _ => None,
            });
            self.narrow.prefetch(addresses);
            assigned.extend(keys.iter().map(|key| self.slot(*key)));
        }
        // Slots that are values plus one stay the same, and so need the same bound.
        let own = other.bound.min(other.first_assigned());
        self.bound = self.bound.max(own);
        Translation {
            first: other.first_assigned(),
            assigned,
        }
    }
}

/// The slot that an interner returned, or [`OTHER`] if it has none.
#[inline]
fn or_other(number: u32) -> u32 {
    if number == 0 { OTHER } else { number }
}

/// Translates the slots of one table to those of another.
#[derive(Clone, Debug)]
pub(crate) struct Translation {
    first: u32,
    assigned: Vec<u32>,
}

impl Translation {
    pub(crate) fn slot(&self, slot: u32) -> u32 {
        match slot.checked_sub(self.first) {
            Some(at) => self.assigned[at as usize],
            None => slot,
        }
    }
}
