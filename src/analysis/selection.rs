//! The records that a filter selects, in reading order.

use crate::query::Mask;
use crate::store::{Bitmap, RowId, Store};

/// The selected rows of a snapshot.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    store: Store,
    masks: Vec<Mask>,
    /// How many rows are selected before each chunk, in reading order; one longer than the chunks.
    starts: Vec<usize>,
    /// The index in reading order of each chunk.
    places: Vec<u32>,
}

impl Selection {
    /// `masks` has one mask for each chunk of `store`, in the order of publication.
    pub fn new(store: Store, masks: Vec<Mask>) -> Self {
        let mut starts = Vec::with_capacity(masks.len() + 1);
        let mut places = vec![0; masks.len()];
        let mut before = 0;
        starts.push(before);
        for (place, &index) in (0u32..).zip(store.reading_order()) {
            let index = index as usize;
            places[index] = place;
            before += masks[index].count(store.chunks()[index].rows());
            starts.push(before);
        }
        Self {
            store,
            masks,
            starts,
            places,
        }
    }

    /// Every row of `store`.
    pub fn everything(store: Store) -> Self {
        let masks = vec![Mask::All; store.chunks().len()];
        Self::new(store, masks)
    }

    /// The snapshot whose rows are selected.
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
    ///
    /// # Panics
    ///
    /// When the store has no such row.
    pub fn contains(&self, row: RowId) -> bool {
        let (chunk, offset) = self.store.locate(row);
        self.masks[chunk].get(offset)
    }

    /// How many selected rows come before `row` in reading order: its position if it is selected, else that of the
    /// next row that is.
    ///
    /// # Panics
    ///
    /// When the store has no such row.
    pub fn rank(&self, row: RowId) -> usize {
        let (chunk, offset) = self.store.locate(row);
        let place = self.places[chunk] as usize;
        self.starts[place] + self.masks[chunk].rank(offset)
    }

    /// The selected rows as bits by row id.
    pub(crate) fn bits(&self) -> Bitmap {
        let rows = self.store.rows();
        let mut words = vec![0u64; rows.div_ceil(64)];
        for (index, mask) in self.masks.iter().enumerate() {
            let base = self.store.base(index) as usize;
            let chunk = match mask {
                Mask::None => continue,
                Mask::All => &Bitmap::all(self.store.chunks()[index].rows()),
                Mask::Bits(bits) => bits,
            };
            let (first, shift) = (base / 64, base % 64);
            for (place, word) in chunk.words().iter().enumerate() {
                words[first + place] |= word << shift;
                // Bits that are shifted out belong to the next word, which exists if any are set.
                let rest = if shift == 0 { 0 } else { word >> (64 - shift) };
                if rest != 0 {
                    words[first + place + 1] |= rest;
                }
            }
        }
        Bitmap::from_words(words, rows)
    }

    /// Compares as reading order does: the index of the chunk, then the row in it.
    pub(crate) fn reading_position(&self, row: RowId) -> (u32, usize) {
        let (chunk, offset) = self.store.locate(row);
        (self.places[chunk], offset)
    }

    /// The selected rows in reading order.
    pub fn rows(&self) -> impl Iterator<Item = RowId> + '_ {
        self.store.reading_order().iter().flat_map(move |&index| {
            let index = index as usize;
            let base = self.store.base(index);
            let rows = self.store.chunks()[index].rows();
            offsets(&self.masks[index], rows)
                .map(move |offset| RowId(base + u32::try_from(offset).unwrap_or(0)))
        })
    }
}

/// The rows of a chunk of `rows` that `mask` selects, ascending.
fn offsets(mask: &Mask, rows: usize) -> Box<dyn Iterator<Item = usize> + '_> {
    match mask {
        Mask::All => Box::new(0..rows),
        Mask::None => Box::new(std::iter::empty()),
        Mask::Bits(bits) => Box::new(bits.iter()),
    }
}
