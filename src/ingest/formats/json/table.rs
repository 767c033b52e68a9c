//! A table that comes column by column: no row is complete before its last column.

use std::collections::HashMap;

use super::element::Element;
use super::keys::{Key, Keys};
use crate::store::RejectReason;

/// The most bytes of a table whose columns come one by one.
pub(super) const MAX_TABLE_BYTES: usize = 64 << 20;

#[derive(Debug, Default)]
pub(super) struct ColumnTable {
    columns: Vec<Column>,
    /// The values of all columns.
    text: Vec<u8>,
    /// The rows, by the labels of the first column.
    labels: HashMap<Box<[u8]>, u32, foldhash::fast::RandomState>,
    label: Vec<u8>,
    /// The bytes of the labels.
    label_bytes: usize,
    /// How many elements are open where the table stands.
    level: usize,
    /// The next row to be written, once the table is whole.
    next: Option<usize>,
    is_broken: bool,
}

#[derive(Debug)]
struct Column {
    key: Key,
    /// Where the value of each row is in the text.
    values: Vec<(u32, u32)>,
}

impl ColumnTable {
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// Whether its first column has just begun.
    pub(super) fn has_no_value(&self) -> bool {
        matches!(&self.columns[..], [only] if only.values.is_empty())
    }

    pub(super) fn level(&self) -> usize {
        self.level
    }

    /// Begins a column in the element that is open at `level`, and returns whether it is one of this table.
    pub(super) fn begin(&mut self, key: Key, level: usize) -> bool {
        if self.is_empty() {
            self.level = level;
        }
        if self.level != level || self.next.is_some() {
            return false;
        }
        self.columns.push(Column {
            key,
            values: Vec::new(),
        });
        true
    }

    /// Says which row the next value is of.
    pub(super) fn set_label(&mut self, label: &[u8]) {
        self.label.clear();
        self.label.extend_from_slice(label);
    }

    /// Adds the value of the row whose label was set.
    pub(super) fn put_labelled(&mut self, value: &[u8]) {
        let next = self.columns.last().map_or(0, |column| column.values.len());
        if self.columns.len() == 1 {
            let row = u32::try_from(next).unwrap_or(u32::MAX);
            self.label_bytes += self.label.len() + LABEL_BYTES;
            self.is_broken |= self
                .labels
                .insert(self.label.as_slice().into(), row)
                .is_some();
        } else {
            let row = self.labels.get(self.label.as_slice());
            self.is_broken |= row.is_none_or(|row| *row as usize != next);
        }
        self.put(value);
    }

    /// Adds the value of the next row.
    pub(super) fn put(&mut self, value: &[u8]) {
        let Some(column) = self.columns.last_mut() else {
            return;
        };
        let from = place(self.text.len());
        self.text.extend_from_slice(value);
        column.values.push((from, place(self.text.len())));
    }

    /// Says that a value is no single value.
    pub(super) fn fault(&mut self) {
        self.is_broken = true;
    }

    /// Whether it is larger than what is held.
    pub(super) fn is_too_large(&self) -> bool {
        let values = self.columns.iter().map(|column| column.values.len());
        let places = values.sum::<usize>() * size_of::<(u32, u32)>();
        self.text.len() + self.label_bytes + places > MAX_TABLE_BYTES
    }

    /// Forgets the first columns if they would be fields beside an address of a flow log, and there was none.
    pub(super) fn drop_doubtful(&mut self, keys: &Keys) {
        let is_doubtful =
            |column: &&Column| keys.field(column.key).is_none() && keys.may_be_field(column.key);
        let doubtful = self.columns.iter().take_while(is_doubtful).count();
        self.columns.drain(..doubtful);
        if self.columns.is_empty() {
            self.clear();
        }
    }

    /// Ends the table, or says why its rows cannot be read.
    pub(super) fn finish(&mut self) -> Result<(), RejectReason> {
        let rows = self.columns.first().map_or(0, |column| column.values.len());
        let is_even = self
            .columns
            .iter()
            .all(|column| column.values.len() == rows);
        if self.is_broken || !is_even {
            self.clear();
            return Err(RejectReason::UnevenColumns);
        }
        self.next = Some(0);
        Ok(())
    }

    /// Whether rows wait to be written.
    pub(super) fn is_ready(&self) -> bool {
        self.next.is_some()
    }

    /// Fills `element` with the next row, and returns whether there was one.
    pub(super) fn next_row(&mut self, element: &mut Element, keys: &Keys) -> bool {
        let Some(row) = self.next else {
            return false;
        };
        if self
            .columns
            .first()
            .is_none_or(|column| row >= column.values.len())
        {
            self.clear();
            return false;
        }
        self.next = Some(row + 1);
        for column in &self.columns {
            let Some((from, to)) = column.values.get(row) else {
                continue;
            };
            let value = &self.text[*from as usize..*to as usize];
            let copy = |text: &mut Vec<u8>| {
                text.extend_from_slice(value);
                Ok(())
            };
            if element.push(column.key, keys, copy).is_err() {
                element.fault = Some(RejectReason::NoRecord);
            }
        }
        true
    }
}

/// The memory of a label beside its bytes, about.
const LABEL_BYTES: usize = 48;

#[expect(clippy::cast_possible_truncation, reason = "a table is bounded")]
fn place(at: usize) -> u32 {
    at as u32
}
