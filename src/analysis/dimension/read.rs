//! Assigns slots to rows from the columns of a chunk.

use std::array;
use std::sync::LazyLock;

use super::chunk_local::SlotKind;
use super::slot_table::{SMALL_NUMBERS, SlotTable, ValueKind};
use super::{Dimension, MISSING, SKIP, Side};
use crate::analysis::scan::Rows;
use crate::schema::protocol::has_ports;
use crate::schema::{FieldId, Kind, id};
use crate::store::{Chunk, Column, Computed, EXPORTED_FILES, Integers, Values};

/// A table by offset has to be cleared for each chunk, which pays from this many rows on.
pub(super) const TABLE_ROWS: usize = 1 << 12;

/// If fewer than one row in this many are selected, they are not looked up in the index of the chunk: reading a few
/// places all over it takes longer than hashing.
const MAX_ROWS_PER_SELECTED: usize = 4;

/// Some protocol with ports.
const PROTOCOL_WITH_PORTS: u8 = 6;

/// By protocol number, whether it has ports.
static HAS_PORTS: LazyLock<[bool; 256]> =
    LazyLock::new(|| array::from_fn(|number| has_ports(number as u64)));

impl Dimension {
    /// Begins `chunk`, of which about `selected` rows will be read.
    pub(crate) fn begin(&mut self, chunk: &Chunk, selected: usize) {
        let has_index = self.numbering.is_some()
            && selected >= chunk.rows() / MAX_ROWS_PER_SELECTED
            && chunk.known_value_index(self.field).is_some();
        self.local.kind = if has_index {
            SlotKind::ThroughIndex
        } else {
            SlotKind::Global
        };
        for side in &mut self.sides {
            side.table.clear();
            side.wide.clear();
            if has_index {
                continue;
            }
            let Some(column) = chunk.column(side.field) else {
                continue;
            };
            if let Some(wide) = column.wide() {
                let slots = wide.addresses.iter().map(|a| self.slot_table.wide(*a));
                side.wide.extend(slots);
                continue;
            }
            if is_direct(column, &self.slot_table) {
                if let Some((_, high)) = column.range {
                    self.slot_table.reach(high);
                }
            } else if selected >= TABLE_ROWS {
                side.table.resize(domain(column.integers()), 0);
            }
        }
    }

    /// Finds the slots of `rows` of the current chunk.
    pub(crate) fn read(&mut self, chunk: &Chunk, rows: &Rows<'_>) {
        for side in &mut self.sides {
            if side.field.is_computed() {
                let (table, paths, field) = (&mut self.slot_table, &self.paths, side.field);
                compute(side, chunk, rows, |number| {
                    word_or_number(table, field, paths, number)
                });
                continue;
            }
            let Some(column) = chunk.column(side.field) else {
                side.slots.clear();
                side.slots.resize(rows.len(), MISSING);
                continue;
            };
            match &column.values {
                _ if matches!(self.local.kind, SlotKind::Indexed(_)) => {
                    let index = chunk.known_value_index(side.field);
                    let places = &index.expect("it was there when the chunk began").places;
                    rows.map_into(&mut side.slots, |row| u32::from(places[row]));
                    continue;
                }
                _ if self.local.kind == SlotKind::ThroughIndex => {
                    let index = chunk.known_value_index(side.field);
                    let index = index.expect("it was there when the chunk began");
                    let (numbered, slot_table) = (&mut self.local.numbered, &mut self.slot_table);
                    rows.map_into(&mut side.slots, |row| {
                        let Some(place) = usize::from(index.places[row]).checked_sub(1) else {
                            return MISSING;
                        };
                        numbered.slot(index.numbers[place], || {
                            slot_table.indexed(index.values.get(place), column.wide())
                        })
                    });
                    continue;
                }
                Values::Addresses(addresses) if addresses.wide.is_some() => {
                    mixed_addresses(&mut self.slot_table, side, column, rows);
                }
                _ if self.local.kind == SlotKind::Numbered && side.table.is_empty() => {
                    rows.gather(column.integers(), &mut self.values, |value| value);
                    let values = self.values.iter();
                    side.slots.clear();
                    side.slots
                        .extend(values.map(|value| self.local.slot(*value)));
                }
                _ if self.local.kind == SlotKind::Numbered => {
                    assign(side, column, rows, |value| self.local.slot(value));
                }
                Values::Addresses(_) => narrow_addresses(&mut self.slot_table, side, column, rows),
                _ if is_direct(column, &self.slot_table) => {
                    direct(column.integers(), rows, &mut side.slots);
                    if let Some(spellings) = &self.spellings {
                        merge_spellings(spellings, &mut side.slots);
                    }
                }
                _ => assign(side, column, rows, |number| self.slot_table.number(number)),
            }
            rows.fill_missing(column, &mut side.slots, MISSING);
            if side.field.kind() == Kind::Port {
                hide_portless(chunk, rows, &mut self.protocols, &mut side.slots, MISSING);
            }
        }
        if let [first, second] = self.sides.as_mut_slice() {
            count_once(&mut first.slots, &mut second.slots, MISSING, SKIP);
        }
    }
}

/// Counts a record once if both values are equal, and only by the other if one is missing.
pub(crate) fn count_once<T: Copy + PartialEq>(
    first: &mut [T],
    second: &mut [T],
    missing: T,
    skip: T,
) {
    for (a, b) in first.iter_mut().zip(second) {
        if a == b || *b == missing {
            *b = skip;
        } else if *a == missing {
            // The first always counts, so that whoever needs each record once reads only that.
            (*a, *b) = (*b, skip);
        }
    }
}

/// Whether the slots of a column are its integers plus one, without a table.
pub(super) fn is_direct(column: &Column, slot_table: &SlotTable) -> bool {
    match slot_table.kind() {
        ValueKind::Words => true,
        ValueKind::Numbers => column.range.is_none_or(|(_, high)| high < SMALL_NUMBERS),
        ValueKind::Addresses => false,
    }
}

/// How many offsets a column can have; 0 if it needs no table, or too large a one.
fn domain(integers: &Integers) -> usize {
    match integers {
        Integers::Bits { .. } => 2,
        Integers::U8 { .. } => 1 << 8,
        Integers::U16 { .. } => 1 << 16,
        Integers::Constant(_) | Integers::U32 { .. } | Integers::U64(_) => 0,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "codes have 32 bits, and missing values do not matter"
)]
fn direct(integers: &Integers, rows: &Rows<'_>, out: &mut Vec<u32>) {
    rows.gather(integers, out, |value| (value as u32).wrapping_add(1));
}

/// Replaces the slot of each code by that of the code that stands for it.
fn merge_spellings(spellings: &[u32], slots: &mut [u32]) {
    for slot in slots {
        let code = slot.wrapping_sub(1);
        if let Some(first) = spellings.get(code as usize) {
            *slot = first + 1;
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the narrow column of addresses holds 32 bits"
)]
fn narrow_addresses(slot_table: &mut SlotTable, side: &mut Side, column: &Column, rows: &Rows<'_>) {
    assign(side, column, rows, |bits| slot_table.narrow(bits as u32));
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the narrow column of addresses holds 32 bits"
)]
fn mixed_addresses(slot_table: &mut SlotTable, side: &mut Side, column: &Column, rows: &Rows<'_>) {
    let Values::Addresses(addresses) = &column.values else {
        return;
    };
    let Side { slots, wide, .. } = side;
    rows.map_into(slots, |row| {
        if !column.is_present(row) {
            return MISSING;
        }
        let narrow = addresses.narrow.get(row);
        match &addresses.wide {
            Some(set) if set.rows.get(row) => wide[narrow as usize],
            _ => slot_table.narrow(narrow as u32),
        }
    });
}

/// Fills in the slots of integers that `slot_of` gives; with a table it is called only once for each offset of the
/// chunk. Rows without a value may get a slot here too, which is overwritten later.
#[inline]
fn assign(side: &mut Side, column: &Column, rows: &Rows<'_>, mut slot_of: impl FnMut(u64) -> u32) {
    let Side { slots, table, .. } = side;
    let has_table = !table.is_empty();
    let mut look_up = |base: u64, offset: usize| {
        let known = table[offset];
        if known != 0 {
            return known;
        }
        let slot = slot_of(base.saturating_add(offset as u64));
        table[offset] = slot;
        slot
    };
    match column.integers() {
        Integers::Bits { base, bits } if has_table => {
            rows.map_into(slots, |row| look_up(*base, usize::from(bits.get(row))));
        }
        Integers::U8 { base, offsets } if has_table => {
            rows.map_into(slots, |row| look_up(*base, usize::from(offsets[row])));
        }
        Integers::U16 { base, offsets } if has_table => {
            rows.map_into(slots, |row| look_up(*base, usize::from(offsets[row])));
        }
        Integers::Constant(value) => {
            let slot = slot_of(*value);
            slots.clear();
            slots.resize(rows.len(), slot);
        }
        Integers::U32 { base, offsets } => {
            rows.map_into(slots, |row| {
                slot_of(base.wrapping_add(u64::from(offsets[row])))
            });
        }
        integers => rows.map_into(slots, |row| slot_of(integers.get(row))),
    }
}

fn compute(side: &mut Side, chunk: &Chunk, rows: &Rows<'_>, mut slot_of: impl FnMut(u64) -> u32) {
    let computed = Computed::new(chunk, side.field);
    rows.map_into(&mut side.slots, |row| {
        computed.number(row).map_or(MISSING, &mut slot_of)
    });
}

fn word_or_number(slot_table: &mut SlotTable, field: FieldId, paths: &[u32], number: u64) -> u32 {
    let code = match field {
        id::FILE if number >= EXPORTED_FILES => number - EXPORTED_FILES,
        id::FILE => match usize::try_from(number).ok().and_then(|at| paths.get(at)) {
            Some(code) => u64::from(*code),
            None => return MISSING,
        },
        id::SCOPE => number,
        _ => return slot_table.number(number),
    };
    slot_table.reach(code);
    u32::try_from(code + 1).unwrap_or(MISSING)
}

/// Treats ports of protocols without ports as missing, as filters do: so the group of a port holds the records that a
/// filter for that port selects.
pub(crate) fn hide_portless<T: Copy>(
    chunk: &Chunk,
    rows: &Rows<'_>,
    protocols: &mut Vec<u8>,
    slots: &mut [T],
    missing: T,
) {
    let Some(column) = chunk.column(id::PROTOCOL) else {
        return;
    };
    rows.gather(column.integers(), protocols, |number| {
        u8::try_from(number).unwrap_or(u8::MAX)
    });
    // A record without a protocol keeps its ports.
    rows.fill_missing(column, protocols, PROTOCOL_WITH_PORTS);
    let has_ports = &*HAS_PORTS;
    for (slot, protocol) in slots.iter_mut().zip(protocols) {
        if !has_ports[usize::from(*protocol)] {
            *slot = missing;
        }
    }
}
