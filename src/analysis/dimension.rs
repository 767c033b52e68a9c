//! One field to group by: gives every row the slot of its value.
//!
//! Slot 0 is the missing value. Where values are small or are codes, the slot is the value plus one, and no
//! table is needed; addresses and large numbers get slots in the order in which they are met. So slots mean
//! nothing outside their dimension: [`Dimension::key`] gives the value, and merging translates.

mod chunk_local;
mod read;
mod slot_table;
#[cfg(test)]
mod tests;

use chunk_local::ChunkLocal;
pub(crate) use slot_table::Translation;
use slot_table::{SlotTable, ValueKind};

use super::Key;
use crate::schema::{FieldId, Kind, Storage, id};
use crate::store::Store;

/// The slot of the missing value.
pub(crate) const MISSING: u32 = 0;
/// The slot of a value that a frozen dimension does not know; never a place in a list.
pub(crate) const OTHER: u32 = u32::MAX - 1;
/// Not a slot: the row does not count here, because its other value counts for it.
pub(crate) const SKIP: u32 = u32::MAX;

/// A field to group by, and the values met so far.
#[derive(Clone, Debug)]
pub(crate) struct Dimension {
    field: FieldId,
    /// Numbers count as the multiple of this at or below them.
    width: u64,
    slot_table: SlotTable,
    local: ChunkLocal,
    /// The columns that hold the values: two for a field that means either of them.
    sides: Vec<Side>,
    /// For `file`: the word of each source.
    paths: Vec<u32>,
    protocols: Vec<u8>,
    /// The values of the batch that was read last, where they are looked up one by one.
    values: Vec<u64>,
}

/// One column of a dimension.
#[derive(Clone, Debug)]
struct Side {
    field: FieldId,
    /// The slots of the batch that was read last.
    slots: Vec<u32>,
    /// The slot of each offset of the chunk's column, 0 where it is not known yet; empty where it is not used.
    table: Vec<u32>,
    /// The slot of each wide address of the chunk.
    wide: Vec<u32>,
}

impl Dimension {
    /// The dimension of `field`; numbers count as the multiple of `width` at or below them.
    pub(crate) fn new(field: FieldId, width: u64) -> Self {
        let kind = match field.storage() {
            Storage::Number => ValueKind::Numbers,
            Storage::Address => ValueKind::Addresses,
            Storage::Word => ValueKind::Words,
        };
        let sides = field.either().map_or_else(|| vec![field], Vec::from);
        let side = |field: &FieldId| Side {
            field: *field,
            slots: Vec::new(),
            table: Vec::new(),
            wide: Vec::new(),
        };
        Self {
            field,
            width: width.max(1),
            slot_table: SlotTable::new(kind),
            local: ChunkLocal::new(),
            sides: sides.iter().map(side).collect(),
            paths: Vec::new(),
            protocols: Vec::new(),
            values: Vec::new(),
        }
    }

    /// An empty dimension of the same field.
    pub(crate) fn fork(&self) -> Self {
        Self {
            paths: self.paths.clone(),
            slot_table: self.slot_table.fork(),
            ..Self::new(self.field, self.width)
        }
    }

    /// Gives [`OTHER`] from now on for values other than `keys`, wherever that saves learning them.
    pub(crate) fn freeze(&mut self, keys: &[Key]) {
        for key in keys {
            self.slot_table.slot(*key);
        }
        self.slot_table.frozen = true;
    }

    /// Learns what of `store` is not in its chunks; to be called before reading chunks that are new.
    pub(crate) fn prepare(&mut self, store: &Store) {
        if self.field == id::FILE {
            let words = store.catalog.dictionaries.of(id::FILE);
            let sources = store.sources().iter().skip(self.paths.len());
            let paths = sources.map(|source| words.code(&source.path.to_string_lossy()));
            self.paths.extend(paths);
        }
    }

    pub(crate) fn field(&self) -> FieldId {
        self.field
    }

    /// How many slots a row may count in.
    pub(crate) fn sides(&self) -> usize {
        self.sides.len()
    }

    /// Above every slot given so far.
    pub(crate) fn bound(&self) -> usize {
        self.slot_table.bound as usize
    }

    /// The slot of a value.
    pub(crate) fn slot(&mut self, key: Key) -> u32 {
        self.slot_table.slot(key)
    }

    /// The value of a slot.
    pub(crate) fn key(&self, slot: u32) -> Key {
        self.slot_table.key(slot)
    }

    /// Takes in the values of `other`.
    pub(crate) fn merge(&mut self, other: &Self) -> Translation {
        self.slot_table.merge(&other.slot_table)
    }

    /// At most how many slots the values of `field` take in `store`, where they are few or codes.
    pub(crate) fn size(field: FieldId, store: &Store) -> Option<usize> {
        match field.kind() {
            Kind::Protocol => Some(257),
            Kind::Choice(_) | Kind::Text if field != id::FILE => {
                Some(store.catalog.dictionaries.of(field).len() + 1)
            }
            _ => None,
        }
    }

    /// What the last [`Dimension::read`] found for a side.
    pub(crate) fn slots(&self, side: usize) -> &[u32] {
        &self.sides[side].slots
    }
}
