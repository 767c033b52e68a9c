//! One field to group by: assigns to each row the slot of its value.
//!
//! Slot 0 is the missing value. The slot of a small number or a code is the value plus one, without a table; addresses
//! and large numbers get slots in the order in which they occur. So slots have a meaning in their dimension only:
//! [`Dimension::key`] gives the value, and merging translates.

mod chunk_local;
mod read;
mod slot_table;
#[cfg(test)]
mod tests;
mod value_index;

use chunk_local::ChunkSlots;
pub(crate) use read::{count_once, hide_portless};
pub(crate) use slot_table::Translation;
use slot_table::{SlotTable, ValueKind};
pub(crate) use value_index::value_index;

use std::sync::Arc;

use super::Key;
use crate::schema::{FieldId, Kind, Storage, id};
use crate::store::{Numbering, Store};

/// The slot of the missing value.
pub(crate) const MISSING: u32 = 0;
/// The slot of a value that a frozen dimension does not know; larger than any index.
pub(crate) const OTHER: u32 = u32::MAX - 1;
/// Not a slot: the row is counted by its other value.
pub(crate) const SKIP: u32 = u32::MAX;

/// A field to group by, and its values so far.
#[derive(Clone, Debug)]
pub(crate) struct Dimension {
    field: FieldId,
    slot_table: SlotTable,
    local: ChunkSlots,
    /// The columns that hold the values: two for fields like `addr`.
    sides: Vec<Side>,
    /// For `file`: the code of the path of each source.
    paths: Vec<u32>,
    /// For tags that are spelled in several ways: the code that stands for each code.
    spellings: Option<Arc<[u32]>>,
    /// For fields that can have an index.
    numbering: Option<Arc<Numbering>>,
    protocols: Vec<u8>,
    /// The values of the last batch, if they are looked up one by one.
    values: Vec<u64>,
}

/// One column of a dimension.
#[derive(Clone, Debug)]
struct Side {
    field: FieldId,
    /// The slots of the last batch.
    slots: Vec<u32>,
    /// The slot of each offset of the column, 0 if it is not known yet; empty if the table is not used.
    table: Vec<u32>,
    /// The slot of each wide address of the chunk.
    wide: Vec<u32>,
}

impl Dimension {
    pub(crate) fn new(field: FieldId) -> Self {
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
            slot_table: SlotTable::new(kind),
            local: ChunkSlots::new(),
            sides: sides.iter().map(side).collect(),
            paths: Vec::new(),
            spellings: None,
            numbering: None,
            protocols: Vec::new(),
            values: Vec::new(),
        }
    }

    /// An empty dimension of the same field.
    pub(crate) fn fork(&self) -> Self {
        Self {
            paths: self.paths.clone(),
            spellings: self.spellings.clone(),
            numbering: self.numbering.clone(),
            slot_table: self.slot_table.fork(),
            ..Self::new(self.field)
        }
    }

    /// From now on new values get [`OTHER`], except for `keys`.
    pub(crate) fn freeze(&mut self, keys: &[Key]) {
        for key in keys {
            self.slot_table.slot(*key);
        }
        self.slot_table.frozen = true;
    }

    /// Reads what the chunks of `store` do not hold; to be called before new chunks are read.
    pub(crate) fn prepare(&mut self, store: &Store) {
        if self.field == id::FILE {
            let words = store.catalog.dictionaries.of(id::FILE);
            let sources = store.sources().iter().skip(self.paths.len());
            let paths = sources.map(|source| words.code(&source.path_text()));
            self.paths.extend(paths);
        }
        if self.field.is_tag() {
            self.spellings = store.catalog.dictionaries.of(self.field).first_spellings();
        }
        if self.sides.len() == 1 && self.slot_table.kind() == ValueKind::Addresses {
            self.numbering = Some(store.catalog.numberings.of(self.field));
        }
    }

    pub(crate) fn field(&self) -> FieldId {
        self.field
    }

    /// How many slots a row may be counted in: 2 for fields like `addr`, else 1.
    pub(crate) fn sides(&self) -> usize {
        self.sides.len()
    }

    /// Larger than every slot so far.
    pub(crate) fn bound(&self) -> usize {
        self.slot_table.bound as usize
    }

    /// The slot of a value.
    pub(crate) fn slot(&mut self, key: Key) -> u32 {
        self.slot_table.slot(key)
    }

    /// The slot of a value that may have none: then [`OTHER`].
    pub(crate) fn find(&self, key: Key) -> u32 {
        self.slot_table.find(key)
    }

    /// The value of a slot.
    pub(crate) fn key(&self, slot: u32) -> Key {
        self.slot_table.key(slot)
    }

    /// Adds the values of `other`.
    pub(crate) fn merge(&mut self, other: &Self) -> Translation {
        self.slot_table.merge(&other.slot_table)
    }

    /// The most slots that `field` needs in `store`; none if its values are not few or codes.
    pub(crate) fn size(field: FieldId, store: &Store) -> Option<usize> {
        match field.kind() {
            Kind::Protocol => Some(257),
            Kind::Choice(_) | Kind::Text if field != id::FILE => {
                Some(store.catalog.dictionaries.of(field).len() + 1)
            }
            _ => None,
        }
    }

    /// What the last [`Dimension::read`] found in one of the columns.
    pub(crate) fn slots(&self, side: usize) -> &[u32] {
        &self.sides[side].slots
    }
}
