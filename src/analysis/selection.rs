//! The records that a filter selects, in reading order.

use crate::query::Mask;
use crate::store::{RowId, Store};

/// Which rows of a store are selected.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    store: Store,
    masks: Vec<Mask>,
    /// How many rows are selected before each chunk, in reading order; one longer than the chunks.
    starts: Vec<usize>,
}

impl Selection {
    /// The selection of `masks`, one for each chunk of `store` in the order of publication.
    pub fn new(store: Store, masks: Vec<Mask>) -> Self {
        let mut starts = vec![0];
        for &index in store.reading_order() {
            let index = index as usize;
            let count = masks[index].count(store.chunks()[index].rows());
            starts.push(starts.last().copied().unwrap_or(0) + count);
        }
        Self {
            store,
            masks,
            starts,
        }
    }

    /// The snapshot that the selection is of.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The masks, one for each chunk in the order of publication.
    pub fn masks(&self) -> &[Mask] {
        &self.masks
    }

    /// How many rows are selected.
    pub fn len(&self) -> usize {
        self.starts.last().copied().unwrap_or(0)
    }

    /// Whether no row is selected.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The `n`-th selected row in reading order, counted from 0.
    pub fn nth(&self, n: usize) -> Option<RowId> {
        if n >= self.len() {
            return None;
        }
        let place = self.starts.partition_point(|start| *start <= n) - 1;
        let index = self.store.reading_order()[place] as usize;
        let rows = self.store.chunks()[index].rows();
        let offset = self.masks[index].nth(n - self.starts[place], rows)?;
        Some(RowId(self.store.base(index) + u32::try_from(offset).ok()?))
    }

    /// Whether `row` is selected.
    pub fn contains(&self, row: RowId) -> bool {
        let (chunk, offset) = self.store.locate(row);
        self.masks[chunk].get(offset)
    }

    /// How many selected rows stand before `row` in reading order: its position where it is selected, and
    /// else the position of the next one that is.
    pub fn rank(&self, row: RowId) -> usize {
        let (chunk, offset) = self.store.locate(row);
        let place = self
            .store
            .reading_order()
            .iter()
            .position(|&index| index as usize == chunk)
            .unwrap_or(0);
        self.starts[place] + self.masks[chunk].rank(offset)
    }

    /// The selected rows in reading order.
    pub fn rows(&self) -> impl Iterator<Item = RowId> + '_ {
        self.store.reading_order().iter().flat_map(move |&index| {
            let index = index as usize;
            let (base, mask) = (self.store.base(index), &self.masks[index]);
            let rows = self.store.chunks()[index].rows();
            (0u32..)
                .take(rows)
                .filter(move |offset| mask.get(*offset as usize))
                .map(move |offset| RowId(base + offset))
        })
    }
}
