//! The codes of the rows of a chunk, a batch at a time.

use super::codes::{FieldCodes, MISSING, SKIP, Unit};
use crate::analysis::{Rows, count_once, hide_portless};
use crate::schema::{FieldId, Kind};
use crate::store::{Addresses, Chunk, Column, Computed, Integers, Values};

/// A table by offset has to be filled for each chunk, which pays from this many rows on.
const TABLE_ROWS: usize = 1 << 12;

/// Reads one field.
#[derive(Clone, Debug)]
pub(super) struct FieldReader<'a> {
    pub(super) codes: &'a FieldCodes,
    sides: Vec<Side>,
    protocols: Vec<u8>,
}

/// One column of a field.
#[derive(Clone, Debug)]
struct Side {
    field: FieldId,
    /// The codes of the last batch.
    codes: Vec<u64>,
    /// The code of each offset of the column; empty if codes are worked out.
    table: Vec<u64>,
    /// The code of each address of the chunk that is not IPv4.
    wide: Vec<u64>,
}

impl<'a> FieldReader<'a> {
    pub(super) fn new(codes: &'a FieldCodes) -> Self {
        let side = |field: &FieldId| Side {
            field: *field,
            codes: Vec::new(),
            table: Vec::new(),
            wide: Vec::new(),
        };
        Self {
            sides: codes.columns.iter().map(side).collect(),
            codes,
            protocols: Vec::new(),
        }
    }

    /// How many codes a row may have: 2 for fields like `addr`, else 1.
    pub(super) fn sides(&self) -> usize {
        self.sides.len()
    }

    /// What the last [`FieldReader::read`] found in one of the columns: [`SKIP`] for rows that count by the other.
    pub(super) fn codes(&self, side: usize) -> &[u64] {
        &self.sides[side].codes
    }

    /// Whether the current chunk has addresses that are not IPv4.
    pub(super) fn has_others(&self) -> bool {
        self.sides.iter().any(|side| !side.wide.is_empty())
    }

    /// The code of such an address, by its place in the column.
    pub(super) fn other(&self, place: u32) -> u64 {
        self.sides[0].wide[place as usize]
    }

    /// Begins `chunk`, of which about `selected` rows will be read.
    pub(super) fn begin(&mut self, chunk: &Chunk, selected: usize) {
        let codes = self.codes;
        for side in &mut self.sides {
            side.table.clear();
            side.wide.clear();
            let Some(column) = chunk.column(side.field) else {
                continue;
            };
            if let Some(wide) = column.wide() {
                let others = wide.addresses.iter();
                side.wide
                    .extend(others.map(|address| codes.other(*address)));
            }
            let is_cheap = codes.is_plain() && !matches!(codes.unit, Unit::Every(_));
            if is_cheap || selected < TABLE_ROWS {
                continue;
            }
            if let Some((low, high)) = column.range
                && let Integers::U8 { base, .. } | Integers::U16 { base, .. } = column.integers()
            {
                let code = |value: u64| {
                    if value < low {
                        MISSING
                    } else {
                        codes.number(value)
                    }
                };
                side.table.extend((*base..=high).map(code));
            }
        }
    }

    /// Treats ports of protocols without ports as missing, which is 0 among `numbers`.
    pub(super) fn hide_portless(&mut self, chunk: &Chunk, rows: &Rows<'_>, numbers: &mut [u32]) {
        if self.codes.field.kind() == Kind::Port {
            hide_portless(chunk, rows, &mut self.protocols, numbers, 0);
        }
    }

    /// Finds the codes of `rows` of the current chunk.
    pub(super) fn read(&mut self, chunk: &Chunk, rows: &Rows<'_>) {
        for side in &mut self.sides {
            side.read(self.codes, chunk, rows);
            if side.field.kind() == Kind::Port {
                hide_portless(chunk, rows, &mut self.protocols, &mut side.codes, MISSING);
            }
        }
        if let [first, second] = self.sides.as_mut_slice() {
            count_once(&mut first.codes, &mut second.codes, MISSING, SKIP);
        }
    }
}

impl Side {
    fn read(&mut self, codes: &FieldCodes, chunk: &Chunk, rows: &Rows<'_>) {
        if self.field.is_computed() {
            let computed = Computed::new(chunk, self.field);
            rows.map_into(&mut self.codes, |row| {
                let number = computed.number(row).and_then(|number| codes.word(number));
                number.map_or(MISSING, |number| codes.number(number))
            });
            return;
        }
        let Some(column) = chunk.column(self.field) else {
            self.codes.clear();
            self.codes.resize(rows.len(), MISSING);
            return;
        };
        match &column.values {
            Values::Addresses(addresses) if addresses.wide.is_some() => {
                self.read_mixed(codes, addresses, column, rows);
                return;
            }
            _ if !self.table.is_empty() => self.read_table(column.integers(), rows),
            _ => read_numbers(codes, column.integers(), rows, &mut self.codes),
        }
        rows.fill_missing(column, &mut self.codes, MISSING);
    }

    fn read_table(&mut self, integers: &Integers, rows: &Rows<'_>) {
        let Self { codes, table, .. } = self;
        // Rows without a value may have an offset past the end.
        let code = |offset: usize| table.get(offset).copied().unwrap_or(MISSING);
        match integers {
            Integers::U8 { offsets, .. } => {
                rows.map_into(codes, |row| code(usize::from(offsets[row])));
            }
            Integers::U16 { offsets, .. } => {
                rows.map_into(codes, |row| code(usize::from(offsets[row])));
            }
            _ => unreachable!("only these have a table"),
        }
    }

    fn read_mixed(
        &mut self,
        codes: &FieldCodes,
        addresses: &Addresses,
        column: &Column,
        rows: &Rows<'_>,
    ) {
        let Self {
            codes: out, wide, ..
        } = self;
        rows.map_into(out, |row| {
            if !column.is_present(row) {
                return MISSING;
            }
            let narrow = addresses.narrow.get(row);
            match &addresses.wide {
                Some(set) if set.rows.get(row) => {
                    let index = usize::try_from(narrow).unwrap_or(usize::MAX);
                    wide.get(index).copied().unwrap_or(MISSING)
                }
                _ => codes.number(narrow),
            }
        });
    }
}

/// The codes of numbers, words or IPv4 addresses. Rows without a value get any.
fn read_numbers(codes: &FieldCodes, integers: &Integers, rows: &Rows<'_>, out: &mut Vec<u64>) {
    let below = codes.low.wrapping_sub(1);
    match codes.unit {
        Unit::One if codes.is_plain() => {
            rows.gather(integers, out, |value| value.wrapping_sub(below));
        }
        Unit::Bits(bits) if codes.is_plain() => {
            rows.gather(integers, out, |value| (value >> bits).wrapping_sub(below));
        }
        _ => rows.gather(integers, out, |value| codes.number(value)),
    }
}
