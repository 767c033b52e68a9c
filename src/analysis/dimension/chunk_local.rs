//! Slots of one chunk: few enough that their sums stay in the cache.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;

use super::read::{TABLE_ROWS, is_direct};
use super::{Dimension, MISSING, value_index};
use crate::store::{Chunk, Column, Integers, PREFETCHED, ValueIndex};

/// The most slots whose sums stay in the L1 or L2 cache.
const MAX_CACHED_SLOTS: u32 = 1 << 13;
/// With at most this many slots, consecutive rows often have the same one.
const MAX_REPEATED_SLOTS: u32 = 1 << 6;
/// If the values of a chunk have fewer rows each than this, slots of its own do not pay.
const MIN_ROWS_PER_VALUE: usize = 4;
/// How many chunks are then read without slots of their own.
const PAUSE_CHUNKS: usize = 15;

/// The values of the current chunk and their slots.
#[derive(Clone, Debug)]
pub(super) struct ChunkSlots {
    pub(super) kind: SlotKind,
    slots: SlotMap,
    /// The values, from slot 1 on.
    values: Vec<u64>,
    pause: usize,
    pub(super) numbered: NumberedSlots,
}

/// By number of an indexed value: its slot of the dimension, [`MISSING`] if it is not known yet.
#[derive(Clone, Debug, Default)]
pub(super) struct NumberedSlots(Vec<u32>);

impl NumberedSlots {
    /// The slot of the value with this number; `find` is called only if it is not known yet.
    #[inline]
    pub(super) fn slot(&mut self, number: u32, find: impl FnOnce() -> u32) -> u32 {
        match self.0.get(number as usize) {
            Some(slot) if *slot != MISSING => *slot,
            _ => self.add(number, find),
        }
    }

    #[cold]
    fn add(&mut self, number: u32, find: impl FnOnce() -> u32) -> u32 {
        let (place, slot) = (number as usize, find());
        if self.0.len() <= place {
            self.0.resize(place + 1, MISSING);
        }
        self.0[place] = slot;
        slot
    }

    /// The slot of the value with this number, if it is known.
    fn get(&self, number: u32) -> u32 {
        self.0.get(number as usize).copied().unwrap_or(MISSING)
    }
}

/// A hash table from the lower halves of values, which differ within a chunk, to slots.
///
/// Smaller than an [`Interner`](crate::store::Interner), and faster to refill for every chunk.
#[derive(Clone, Debug)]
pub(crate) struct SlotMap {
    /// A power of two of entries, each a value above its slot, or 0. Collisions go to the next free entry.
    entries: Vec<u64>,
    len: usize,
    /// A random odd number, so that colliding values cannot be crafted.
    factor: u64,
}

impl SlotMap {
    pub(crate) fn new() -> Self {
        Self {
            entries: vec![0; 16],
            len: 0,
            factor: RandomState::default().hash_one(0u64) | 1,
        }
    }

    /// Removes all values, and shrinks if there were few.
    fn clear(&mut self) {
        if self.len * 16 < self.entries.len() {
            self.entries.truncate((self.entries.len() / 2).max(16));
        }
        self.entries.fill(0);
        self.len = 0;
    }

    #[inline]
    fn first(&self, value: u32) -> usize {
        (u64::from(value).wrapping_mul(self.factor) >> 32) as usize
    }

    /// The slot of `value`; a new value gets `fresh`.
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the slot is the lower half"
    )]
    pub(crate) fn number(&mut self, value: u32, fresh: u32) -> u32 {
        let mask = self.entries.len() - 1;
        let mut at = self.first(value) & mask;
        loop {
            let entry = self.entries[at];
            if entry as u32 == 0 {
                break;
            }
            if (entry >> 32) as u32 == value {
                return entry as u32;
            }
            at = (at + 1) & mask;
        }
        self.entries[at] = u64::from(value) << 32 | u64::from(fresh);
        self.len += 1;
        if self.len * 2 > self.entries.len() {
            self.enlarge();
        }
        fresh
    }

    #[cold]
    fn enlarge(&mut self) {
        let mut entries = vec![0; self.entries.len() * 2];
        let mask = entries.len() - 1;
        for entry in self.entries.iter().filter(|entry| **entry != 0) {
            let mut at = self.first((entry >> 32) as u32) & mask;
            while entries[at] != 0 {
                at = (at + 1) & mask;
            }
            entries[at] = *entry;
        }
        self.entries = entries;
    }
}

/// Which slots [`Dimension::read`] gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SlotKind {
    /// Slots of the dimension.
    Global,
    /// The same, found through the index of the chunk.
    ThroughIndex,
    /// The same, all below this number.
    Low(u32),
    /// Slots of the chunk, in the order in which its values occur.
    Numbered,
    /// Slots of the chunk, from its index, all below this number.
    Indexed(u32),
}

impl ChunkSlots {
    pub(super) fn new() -> Self {
        Self {
            kind: SlotKind::Global,
            slots: SlotMap::new(),
            values: Vec::new(),
            pause: 0,
            numbered: NumberedSlots::default(),
        }
    }

    /// Removes the values of the previous chunk.
    pub(super) fn clear(&mut self) {
        self.slots.clear();
        self.values.clear();
    }

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
    /// As [`Dimension::begin`]. If it returns true, [`Dimension::read`] gives slots of this chunk, which are few, and
    /// [`Dimension::global_slots`] translates them.
    pub(crate) fn begin_chunk_local(&mut self, chunk: &Chunk, selected: usize) -> bool {
        if let Some(index) = self.index(chunk, selected) {
            let bound = u32::try_from(index.values.len() + 1);
            self.local.kind = SlotKind::Indexed(bound.expect("no more values than rows"));
            return true;
        }
        self.begin(chunk, selected);
        if self.local.kind == SlotKind::ThroughIndex {
            return false;
        }
        self.local.kind = self.slot_kind(chunk, selected);
        if self.local.kind == SlotKind::Numbered {
            self.local.clear();
        }
        self.local.kind != SlotKind::Global
    }

    /// The index of the values of `chunk`, if it pays for this many rows.
    fn index<'a>(&self, chunk: &'a Chunk, selected: usize) -> Option<&'a ValueIndex> {
        let numbering = self.numbering.as_ref()?;
        let index = value_index(chunk, self.field, numbering, selected);
        index.filter(|index| index.values.len() * MIN_ROWS_PER_VALUE <= selected)
    }

    /// Which slots to assign in the current chunk.
    fn slot_kind(&mut self, chunk: &Chunk, selected: usize) -> SlotKind {
        let [side] = self.sides.as_slice() else {
            return SlotKind::Global;
        };
        let column = chunk.column(side.field);
        let Some(column) = column.filter(|_| selected >= TABLE_ROWS) else {
            return SlotKind::Global;
        };
        if column.wide().is_some() || matches!(column.integers(), Integers::U64(_)) {
            return SlotKind::Global;
        }
        if is_direct(column, &self.slot_table) {
            let highest = column.range.map_or(0, |(_, high)| high);
            let bound = u32::try_from(highest.saturating_add(2)).ok();
            let cached = bound.filter(|bound| *bound <= MAX_CACHED_SLOTS);
            return cached.map_or(SlotKind::Global, SlotKind::Low);
        }
        if self.local.pause > 0 {
            self.local.pause -= 1;
            return SlotKind::Global;
        }
        SlotKind::Numbered
    }

    /// Larger than every slot of the current chunk so far.
    pub(crate) fn chunk_local_bound(&self) -> usize {
        match self.local.kind {
            SlotKind::Numbered => self.local.values.len() + 1,
            SlotKind::Low(bound) | SlotKind::Indexed(bound) => bound as usize,
            SlotKind::Global | SlotKind::ThroughIndex => 0,
        }
    }

    /// Whether consecutive rows of the current chunk often have the same slot.
    pub(crate) fn has_few_chunk_local(&self) -> bool {
        matches!(self.local.kind, SlotKind::Low(bound) if bound <= MAX_REPEATED_SLOTS)
    }

    /// The slots of the dimension for those of `chunk`, of which `selected` rows were read; slots that are not used
    /// may be [`MISSING`].
    pub(crate) fn global_slots(
        &mut self,
        chunk: &Chunk,
        selected: usize,
        is_used: impl Fn(usize) -> bool,
    ) -> Vec<u32> {
        match self.local.kind {
            SlotKind::Numbered => self.numbered_slots(selected),
            SlotKind::Indexed(_) => self.indexed_slots(chunk, is_used),
            SlotKind::Low(_) | SlotKind::Global | SlotKind::ThroughIndex => {
                (0..).take(self.chunk_local_bound()).collect()
            }
        }
    }

    fn indexed_slots(&mut self, chunk: &Chunk, is_used: impl Fn(usize) -> bool) -> Vec<u32> {
        let mut slots = vec![MISSING];
        let Some(index) = chunk.known_value_index(self.field) else {
            return slots;
        };
        let wide = chunk.column(self.field).and_then(Column::wide);
        let (numbered, slot_table) = (&mut self.local.numbered, &mut self.slot_table);
        let values = index.values.iter().zip(&index.numbers).enumerate();
        slots.extend(values.map(|(place, (value, number))| {
            if is_used(place + 1) {
                numbered.slot(*number, || slot_table.indexed(value, wide))
            } else {
                numbered.get(*number)
            }
        }));
        slots
    }

    fn numbered_slots(&mut self, selected: usize) -> Vec<u32> {
        if self.local.values.len() * MIN_ROWS_PER_VALUE > selected {
            self.local.pause = PAUSE_CHUNKS;
        }
        let mut slots = vec![MISSING];
        for values in self.local.values.chunks(PREFETCHED) {
            self.slot_table.prefetch(values);
            let values = values.iter();
            slots.extend(values.map(|value| self.slot_table.integer(*value)));
        }
        slots
    }
}
