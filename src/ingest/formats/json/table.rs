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
    /// The memory of columns, labels and places, about.
    bytes: usize,
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

    /// Whether a column has the name of a field.
    pub(super) fn has_field(&self, keys: &Keys) -> bool {
        let mut columns = self.columns.iter();
        columns.any(|column| keys.field(column.key).is_some())
    }

    /// The only column, if its rows have labels: its name and its first value that is not empty.
    pub(super) fn only_labelled(&self) -> Option<(Key, &[u8])> {
        let [only] = &self.columns[..] else {
            return None;
        };
        let mut values = only.values.iter().map(|place| self.value(*place));
        let first = values.find(|value| !value.is_empty()).unwrap_or_default();
        (!self.labels.is_empty()).then_some((only.key, first))
    }

    /// The values of rows with labels: of which column, of which row, and what they say.
    pub(super) fn labelled_cells(&self) -> Vec<(Key, &[u8], &[u8])> {
        let mut labels: Vec<&[u8]> = vec![b""; self.labels.len()];
        for (label, row) in &self.labels {
            if let Some(place) = labels.get_mut(*row as usize) {
                *place = label;
            }
        }
        let cells = self.columns.iter().flat_map(|column| {
            let values = column.values.iter().map(|place| self.value(*place));
            let cells = labels.iter().zip(values);
            cells.map(|(label, value)| (column.key, *label, value))
        });
        cells.collect()
    }

    /// The names of the columns.
    pub(super) fn keys(&self) -> impl Iterator<Item = Key> {
        self.columns.iter().map(|column| column.key)
    }

    pub(super) fn has_labels(&self) -> bool {
        !self.labels.is_empty()
    }

    /// Begins a column in the element that is open at `level`, and returns whether it is one of this table.
    pub(super) fn begin(&mut self, key: Key, level: usize, keys: &Keys) -> bool {
        // What is no field may still turn out to be something else than a column.
        if self.is_empty() || self.level != level && !self.has_field(keys) {
            self.clear();
            self.level = level;
        }
        if self.level != level || self.next.is_some() {
            return false;
        }
        self.bytes += size_of::<Column>();
        self.columns.push(Column {
            key,
            values: Vec::new(),
        });
        true
    }

    fn value(&self, (from, to): (u32, u32)) -> &[u8] {
        &self.text[from as usize..to as usize]
    }

    /// Says which row the next value is of.
    pub(super) fn set_label(&mut self, label: &[u8]) {
        self.label.clear();
        self.label.extend_from_slice(label);
    }

    /// Adds the value of the row whose label was set.
    pub(super) fn put_labelled(&mut self, value: &[u8]) {
        let Some(next) = self.columns.last().map(|column| column.values.len()) else {
            return;
        };
        if self.columns.len() == 1 {
            let row = u32::try_from(next).unwrap_or(u32::MAX);
            self.bytes += self.label.len() + LABEL_BYTES;
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
        self.bytes += size_of::<(u32, u32)>();
    }

    /// Says that a value is no single value.
    pub(super) fn fault(&mut self) {
        self.is_broken = true;
    }

    /// Whether it is larger than what is held.
    pub(super) fn is_too_large(&self) -> bool {
        self.text.len() + self.bytes > MAX_TABLE_BYTES
    }

    /// Forgets lists that are no fields and have another number of values than the fields, and returns their names.
    pub(super) fn drop_uneven(&mut self, keys: &Keys) -> Vec<Key> {
        let is_field = |column: &&Column| keys.field(column.key).is_some();
        let field = self.columns.iter().find(is_field);
        let Some(rows) = field.map(|field| field.values.len()) else {
            return Vec::new();
        };
        let is_uneven = |column: &mut Column| column.values.len() != rows && !is_field(&&*column);
        if self.has_labels() {
            return Vec::new();
        }
        let uneven = self.columns.extract_if(.., is_uneven);
        uneven.map(|column| column.key).collect()
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
            if let Some(place) = column.values.get(row) {
                element.push_bytes(column.key, keys, self.value(*place));
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
