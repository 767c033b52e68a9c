//! Sums by the values of a field.

use std::cmp::Ordering;
use std::hint::black_box;

use super::dimension::Dimension;
use super::group_cells::{Cell, GroupCells, Split};
use super::scan::Rows;
use super::sum::{Accumulate, BatchMeasures, ChunkSum, SUM_COPIES, Sum};
use super::value_names::ValueNames;
use super::{Counts, Key, Measure, Window};
use crate::schema::FieldId;
use crate::store::{Chunk, PREFETCHED, Store};

/// Sums by the values of a field, built a chunk at a time.
#[derive(Clone, Debug)]
pub(crate) struct Grouping {
    dimension: Dimension,
    sums: Vec<Sum>,
    slots: Vec<u32>,
    local: ChunkLocal,
    /// Records by bucket of the rows that are added, if they are wanted.
    cells: Option<GroupCells>,
}

/// Sums over the current chunk, which are kept apart if its values are far fewer than all values: then they stay in
/// the cache.
#[derive(Clone, Debug, Default)]
struct ChunkLocal {
    is_on: bool,
    /// `copies` for each slot.
    sums: Vec<ChunkSum>,
    /// [`SUM_COPIES`] if there are few slots, else 1.
    copies: usize,
    /// How many rows were selected.
    selected: usize,
    /// How many of them are still to be added.
    rows_left: usize,
}

impl Grouping {
    /// By the values of `field`.
    pub(crate) fn new(field: FieldId) -> Self {
        Self {
            dimension: Dimension::new(field),
            sums: Vec::new(),
            slots: Vec::new(),
            local: ChunkLocal::default(),
            cells: None,
        }
    }

    /// Makes this split records by the buckets of `window` too; those split by another window are forgotten.
    pub(crate) fn split_by(&mut self, window: Option<Window>) {
        if self.cells.as_ref().map(|cells| cells.window) != window {
            self.cells = window.map(GroupCells::new);
        }
    }

    /// The window by whose buckets records are split.
    pub(crate) fn window(&self) -> Option<Window> {
        self.cells.as_ref().map(|cells| cells.window)
    }

    /// Takes out the records by bucket of the chunks that have been split since the last call.
    pub(crate) fn take_cells(&mut self) -> Option<GroupCells> {
        let cells = self.cells.as_mut()?;
        let empty = GroupCells::new(cells.window);
        Some(std::mem::replace(cells, empty))
    }

    /// An empty one by the same field.
    pub(crate) fn fork(&self) -> Self {
        Self {
            dimension: self.dimension.fork(),
            sums: Vec::new(),
            slots: Vec::new(),
            local: ChunkLocal::default(),
            cells: self.window().map(GroupCells::new),
        }
    }

    pub(crate) fn field(&self) -> FieldId {
        self.dimension.field()
    }

    /// Reads what the chunks of `store` do not hold.
    pub(crate) fn prepare(&mut self, store: &Store) {
        self.dimension.prepare(store);
    }

    /// As [`Grouping::begin`], for the chunk at `index`, whose rows are split by bucket if that is wanted.
    pub(crate) fn begin_at(&mut self, index: usize, chunk: &Chunk, selected: usize) {
        self.begin(chunk, selected);
        let is_single = self.dimension.sides() == 1;
        if let Some(cells) = self.cells.as_mut().filter(|_| is_single) {
            cells.begin(index, chunk, selected, self.local.is_on);
        }
    }

    /// Begins `chunk`, of which exactly `selected` rows will be added.
    pub(crate) fn begin(&mut self, chunk: &Chunk, selected: usize) {
        self.local.is_on = self.dimension.begin_chunk_local(chunk, selected);
        self.local.sums.clear();
        let are_few = self.dimension.has_few_chunk_local();
        self.local.copies = if are_few { SUM_COPIES } else { 1 };
        (self.local.selected, self.local.rows_left) = (selected, selected);
    }

    /// Adds a batch of rows of the chunk that was begun.
    pub(crate) fn add(&mut self, chunk: &Chunk, rows: &Rows<'_>, measures: &BatchMeasures) {
        self.dimension.read(chunk, rows);
        if self.local.is_on {
            self.add_chunk_local(chunk, rows.len(), measures);
            return;
        }
        // A record counts once for each of its values.
        for side in 0..self.dimension.sides() {
            let slots = self.dimension.slots(side);
            grow(&mut self.sums, self.dimension.bound());
            Sum::add(&mut self.sums, slots, measures);
            let cells = self.cells.as_mut();
            if let Some(cells) = cells.filter(|cells| cells.split() == Split::Rows) {
                cells.add_rows(slots, &measures.buckets);
            }
        }
    }

    /// Adds the rows that were read to the sums of the chunk, and those to `sums` after the last row.
    fn add_chunk_local(&mut self, chunk: &Chunk, rows: usize, measures: &BatchMeasures) {
        let (dimension, local) = (&mut self.dimension, &mut self.local);
        let split = self.cells.as_ref().map_or(Split::None, GroupCells::split);
        let (first, span) = match split {
            Split::Buckets { first, span } => (first, span),
            Split::None | Split::Rows => (0, 1),
        };
        let mut slots = dimension.slots(0);
        if span > 1 {
            let buckets = measures.buckets.iter();
            let buckets = buckets.map(|bucket| bucket.wrapping_sub(first).min(span - 1));
            self.slots.clear();
            let cells = slots.iter().zip(buckets);
            self.slots
                .extend(cells.map(|(slot, bucket)| slot * span + bucket));
            slots = &self.slots;
        }
        let copies = local.copies * span as usize;
        grow(&mut local.sums, dimension.chunk_local_bound() * copies);
        if local.copies > 1 {
            Sum::add_in_chunk::<SUM_COPIES>(&mut local.sums, slots, measures);
        } else {
            Sum::add_in_chunk::<1>(&mut local.sums, slots, measures);
        }
        local.rows_left = local.rows_left.saturating_sub(rows);
        if local.rows_left > 0 {
            return;
        }
        let slots = dimension.global_slots(chunk, local.selected, |slot| {
            let sums = &local.sums[slot * copies..][..copies];
            sums.iter().any(|sum| *sum != ChunkSum::default())
        });
        grow(&mut self.sums, dimension.bound());
        let mut cells = self.cells.as_mut().filter(|_| split != Split::None);
        let sums = local.sums.chunks(copies * PREFETCHED);
        for (slots, sums) in slots.chunks(PREFETCHED).zip(sums) {
            prefetch(&self.sums, slots.iter().copied());
            for (slot, sums) in slots.iter().zip(sums.chunks(copies)) {
                for (bucket, sums) in (first..).zip(sums.chunks(local.copies)) {
                    for sum in sums.iter().filter(|sum| **sum != ChunkSum::default()) {
                        self.sums[*slot as usize].add_chunk(sum);
                        if let Some(cells) = &mut cells {
                            cells.cells.push(Cell {
                                slot: *slot,
                                bucket,
                                records: sum.records(),
                            });
                        }
                    }
                }
            }
        }
    }

    /// Adds the sums of a fork.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.combine(other, Sum::merge);
    }

    /// Subtracts the sums of a fork, whose rows have all been added here.
    pub(crate) fn remove(&mut self, other: &Self) {
        self.combine(other, Sum::remove);
    }

    /// Combines each sum of `other` with the one of the same values here.
    fn combine(&mut self, other: &Self, combine: impl Fn(&mut Sum, &Sum)) {
        let translation = self.dimension.merge(&other.dimension);
        let own = |slot: u32| translation.slot(slot);
        let pairs: Vec<(u32, &Sum)> = other.filled().map(|(slot, sum)| (own(slot), sum)).collect();
        let bound = pairs.iter().map(|(slot, _)| *slot as usize + 1).max();
        grow(&mut self.sums, bound.unwrap_or(0));
        for pairs in pairs.chunks(PREFETCHED) {
            prefetch(&self.sums, pairs.iter().map(|(slot, _)| *slot));
            for (slot, sum) in pairs {
                combine(&mut self.sums[*slot as usize], sum);
            }
        }
        if let (Some(cells), Some(other)) = (&mut self.cells, &other.cells) {
            cells.merge(other, own);
        }
    }

    /// Approximate heap size in bytes: a sum for each value, and about as much to find it.
    pub(crate) fn memory(&self) -> usize {
        let cells = self.cells.as_ref().map_or(0, GroupCells::memory);
        2 * (size_of_val(&*self.sums) + size_of_val(&*self.local.sums)) + cells
    }

    /// The slots with records, and their sums.
    pub(crate) fn filled(&self) -> impl Iterator<Item = (u32, &Sum)> + '_ {
        (0u32..).zip(&self.sums).filter(|(_, sum)| sum.amount() > 0)
    }

    /// The `limit` largest slots, largest first, ties by value.
    pub(crate) fn largest(&self, measure: Measure, limit: usize, names: &ValueNames) -> Vec<u32> {
        let sizes = self
            .filled()
            .map(|(slot, sum)| (measure.of(&Counts::from(sum)), slot))
            .collect();
        largest(sizes, limit, |a, b| names.compare(self.key(a), self.key(b)))
    }

    /// The value of a slot.
    pub(crate) fn key(&self, slot: u32) -> Key {
        self.dimension.key(slot)
    }

    /// Larger than every slot.
    pub(crate) fn bound(&self) -> usize {
        self.dimension.bound()
    }

    /// The slot of a value; it may be larger than every slot if the value does not occur.
    pub(crate) fn find(&self, key: Key) -> u32 {
        self.dimension.find(key)
    }

    pub(crate) fn sum(&self, slot: u32) -> &Sum {
        &self.sums[slot as usize]
    }
}

/// Loads the sums of a few slots into the cache. Their cache misses overlap, so that this waits only once.
pub(crate) fn prefetch<T: Accumulate>(sums: &[T], slots: impl Iterator<Item = u32>) {
    black_box(slots.fold(0, |all, slot| all | sums[slot as usize].amount()));
}

/// Makes `sums` at least `len` long.
fn grow<S: Copy + Default>(sums: &mut Vec<S>, len: usize) {
    if sums.len() < len {
        sums.resize(len, S::default());
    }
}

/// The slots of the `limit` largest of `sizes`, largest first, ties in the order of `compare`.
pub(crate) fn largest(
    mut sizes: Vec<(u64, u32)>,
    limit: usize,
    compare: impl Fn(u32, u32) -> Ordering,
) -> Vec<u32> {
    let order = |a: &(u64, u32), b: &(u64, u32)| b.0.cmp(&a.0).then_with(|| compare(a.1, b.1));
    if limit == 0 {
        return Vec::new();
    }
    if limit < sizes.len() {
        sizes.select_nth_unstable_by(limit - 1, order);
        sizes.truncate(limit);
    }
    sizes.sort_unstable_by(order);
    sizes.into_iter().map(|(_, slot)| slot).collect()
}
