//! Slots that mean something in one chunk only: few enough to add up in a near cache.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;

use super::read::TABLE_ROWS;
use super::slot_table::{AHEAD, SlotTable, ValueKind};
use super::{Dimension, MISSING};
use crate::store::{Chunk, Integers, Values};

/// At most so many sums of a chunk stay in a near cache.
const NEAR: u32 = 1 << 13;
/// So few values of a chunk have many rows each.
const FEW: u32 = 1 << 6;
/// A value of a chunk should have so many of its rows, or going to its sum twice is not worth it.
const ROWS_A_VALUE: usize = 4;
/// So many chunks are passed over once that was not so.
const PAUSE: usize = 15;

/// The values of the chunk at hand.
#[derive(Clone, Debug)]
pub(super) struct ChunkLocal {
    pub(super) kind: SlotKind,
    slots: Slots,
    /// The values, from slot 1 on.
    values: Vec<u64>,
    pause: usize,
}

/// The slots of values, by their lower halves: those of one chunk do not differ by more.
///
/// Smaller than an [`Interner`](crate::analysis::interner::Interner), and quicker to fill anew for every chunk.
#[derive(Clone, Debug)]
struct Slots {
    /// A power of two of places, each with the value above its slot, or 0. A value that finds another one in its
    /// place goes to the next that is free.
    places: Vec<u64>,
    taken: usize,
    /// An odd number by chance, so that nobody can choose values that fall together.
    factor: u64,
}

impl Slots {
    fn new() -> Self {
        Self {
            places: vec![0; 16],
            taken: 0,
            factor: RandomState::default().hash_one(0u64) | 1,
        }
    }

    /// Forgets all values. Keeps as much room as they took, and not much more.
    fn clear(&mut self) {
        if self.taken * 16 < self.places.len() {
            self.places.truncate((self.places.len() / 2).max(16));
        }
        self.places.fill(0);
        self.taken = 0;
    }

    #[inline]
    fn first(&self, value: u32) -> usize {
        (u64::from(value).wrapping_mul(self.factor) >> 32) as usize
    }

    /// The slot of `value`, which becomes `fresh` if it has none.
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the slot is the lower half"
    )]
    fn number(&mut self, value: u32, fresh: u32) -> u32 {
        let mask = self.places.len() - 1;
        let mut at = self.first(value) & mask;
        loop {
            let place = self.places[at];
            if place as u32 == 0 {
                break;
            }
            if (place >> 32) as u32 == value {
                return place as u32;
            }
            at = (at + 1) & mask;
        }
        self.places[at] = u64::from(value) << 32 | u64::from(fresh);
        self.taken += 1;
        if self.taken * 2 > self.places.len() {
            self.enlarge();
        }
        fresh
    }

    #[cold]
    fn enlarge(&mut self) {
        let mut places = vec![0; self.places.len() * 2];
        let mask = places.len() - 1;
        for place in self.places.iter().filter(|place| **place != 0) {
            let mut at = self.first((place >> 32) as u32) & mask;
            while places[at] != 0 {
                at = (at + 1) & mask;
            }
            places[at] = *place;
        }
        self.places = places;
    }
}

/// Which slots [`Dimension::read`] gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SlotKind {
    /// Those that are good everywhere.
    Global,
    /// The same, and the values of the chunk have some below this.
    Low(u32),
    /// Numbers in the order in which the values of the chunk are met.
    Numbered,
}

impl ChunkLocal {
    pub(super) fn new() -> Self {
        Self {
            kind: SlotKind::Global,
            slots: Slots::new(),
            values: Vec::new(),
            pause: 0,
        }
    }

    /// Forgets the values of the chunk before.
    pub(super) fn clear(&mut self) {
        self.slots.clear();
        self.values.clear();
    }

    /// The slot of a value.
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a chunk has fewer values than 2^32, and their lower halves differ"
    )]
    pub(super) fn slot(&mut self, value: u64) -> u32 {
        let fresh = (self.values.len() as u32).wrapping_add(1);
        let slot = self.slots.number(value as u32, fresh);
        if slot == fresh {
            self.values.push(value);
        }
        slot
    }
}

impl Dimension {
    /// As [`Dimension::begin`]. Where this says yes, what is read are slots of this chunk alone, few of them, and
    /// [`Dimension::settle`] says which they are elsewhere.
    pub(crate) fn begin_chunk_local(&mut self, chunk: &Chunk, selected: usize) -> bool {
        self.begin(chunk, selected);
        self.local.kind = self.kind(chunk, selected);
        if self.local.kind == SlotKind::Numbered {
            self.local.clear();
        }
        self.local.kind != SlotKind::Global
    }

    /// Which slots to give for the chunk that was begun.
    fn kind(&mut self, chunk: &Chunk, selected: usize) -> SlotKind {
        let [side] = self.sides.as_slice() else {
            return SlotKind::Global;
        };
        let column = chunk.column(side.field);
        let Some(column) = column.filter(|_| selected >= TABLE_ROWS && self.width == 1) else {
            return SlotKind::Global;
        };
        let is_wide = match &column.values {
            Values::Addresses(addresses) => addresses.wide.is_some(),
            Values::Numbers(_) | Values::Words(_) => false,
        };
        if is_wide || matches!(column.integers(), Integers::U64(_)) {
            return SlotKind::Global;
        }
        if super::read::is_direct(column, &self.slot_table, self.width) {
            let highest = column.range.map_or(0, |(_, high)| high);
            let bound = u32::try_from(highest.saturating_add(2)).ok();
            let near = bound.filter(|bound| *bound <= NEAR);
            return near.map_or(SlotKind::Global, SlotKind::Low);
        }
        if self.local.pause > 0 {
            self.local.pause -= 1;
            return SlotKind::Global;
        }
        SlotKind::Numbered
    }

    /// Above every slot of the chunk at hand that was given so far.
    pub(crate) fn chunk_local_bound(&self) -> usize {
        match self.local.kind {
            SlotKind::Numbered => self.local.values.len() + 1,
            SlotKind::Low(bound) => bound as usize,
            SlotKind::Global => 0,
        }
    }

    /// Whether rows of the chunk at hand that follow one another often have the same slot.
    pub(crate) fn has_few_chunk_local(&self) -> bool {
        matches!(self.local.kind, SlotKind::Low(bound) if bound <= FEW)
    }

    /// The slots, good everywhere, of those of the chunk at hand, of which `selected` rows were read.
    pub(crate) fn settle(&mut self, selected: usize) -> Vec<u32> {
        if self.local.kind != SlotKind::Numbered {
            return (0..).take(self.chunk_local_bound()).collect();
        }
        if self.local.values.len() * ROWS_A_VALUE > selected {
            self.local.pause = PAUSE;
        }
        let mut slots = vec![MISSING];
        for values in self.local.values.chunks(AHEAD) {
            self.slot_table.look_ahead(values);
            slots.extend(
                values
                    .iter()
                    .map(|value| slot(&mut self.slot_table, *value)),
            );
        }
        slots
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the narrow column of addresses holds 32 bits"
)]
fn slot(slot_table: &mut SlotTable, value: u64) -> u32 {
    match slot_table.kind() {
        ValueKind::Addresses => slot_table.narrow(value as u32),
        ValueKind::Numbers | ValueKind::Words => slot_table.number(value),
    }
}
