//! A measure of records split by action: accepted, rejected, and neither.

use std::ops::AddAssign;

use super::Counts;
use super::sum::{Accumulate, BatchMeasures, CLASSES, Weights};

/// A measure (records, packets or bytes) split by action.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ByAction {
    /// Of records whose action is ACCEPT.
    pub accepted: u64,
    /// Of records whose action is REJECT.
    pub rejected: u64,
    /// Of all others: NODATA, SKIPDATA, and records without an action.
    pub other: u64,
}

impl ByAction {
    /// The numbers of records, from counts that have them.
    pub(crate) fn of_records(counts: &Counts) -> Self {
        Self {
            accepted: counts.accept,
            rejected: counts.reject,
            other: counts.other(),
        }
    }

    /// The sum of the three; saturates.
    pub fn total(&self) -> u64 {
        let known = self.accepted.saturating_add(self.rejected);
        known.saturating_add(self.other)
    }
}

impl AddAssign for ByAction {
    fn add_assign(&mut self, other: Self) {
        self.accepted = self.accepted.saturating_add(other.accepted);
        self.rejected = self.rejected.saturating_add(other.rejected);
        self.other = self.other.saturating_add(other.other);
    }
}

/// Adds up packets or bytes by action; the scan decides which of the two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SumsByAction([u64; 3]);

/// The index of the action in each class of rows; see [`BatchMeasures::classes`].
const ACTIONS: [usize; CLASSES] = [0, 1, 2, 0, 1, 2, 0, 1, 2];

/// [`SumsByAction`] over one chunk; the last element is unused, so that an index is a shift.
type ChunkSplit = [u64; 4];

impl Accumulate for SumsByAction {
    type Chunk = ChunkSplit;

    #[inline]
    fn add_in_chunk<const COPIES: usize>(
        sums: &mut [ChunkSplit],
        slots: &[u32],
        measures: &BatchMeasures,
    ) {
        match measures.weights() {
            // A chunk has too few rows for the sum to overflow.
            Weights::Narrow(weights) => {
                let rows = rows(slots, weights, &measures.classes);
                add_rows::<COPIES>(sums, rows, u64::wrapping_add);
            }
            Weights::Wide(weights) => {
                let rows = rows(slots, weights, &measures.classes);
                add_rows::<COPIES>(sums, rows, u64::saturating_add);
            }
        }
    }

    fn add_chunk(&mut self, [accepted, rejected, other, _]: &ChunkSplit) {
        self.merge(&Self([*accepted, *rejected, *other]));
    }

    #[inline]
    fn add(sums: &mut [Self], slots: &[u32], measures: &BatchMeasures) {
        match measures.weights() {
            Weights::Narrow(weights) => {
                Self::add_rows(sums, rows(slots, weights, &measures.classes));
            }
            Weights::Wide(weights) => {
                Self::add_rows(sums, rows(slots, weights, &measures.classes));
            }
        }
    }

    fn merge(&mut self, other: &Self) {
        for (own, other) in self.0.iter_mut().zip(other.0) {
            *own = own.saturating_add(other);
        }
    }

    fn remove(&mut self, other: &Self) {
        for (own, other) in self.0.iter_mut().zip(other.0) {
            *own = own.saturating_sub(other);
        }
    }

    fn amount(&self) -> u64 {
        ByAction::from(self).total()
    }
}

/// A row of a batch: its slot, its packets or bytes, and the index of its action.
type SlotRow = (usize, u64, usize);

#[inline]
fn rows<'a, N: Copy + Into<u64>>(
    slots: &'a [u32],
    weights: &'a [N],
    classes: &'a [u8],
) -> impl Iterator<Item = SlotRow> {
    let rows = slots.iter().zip(weights).zip(classes);
    rows.map(|((slot, weight), class)| {
        let action = ACTIONS[usize::from(*class).min(CLASSES - 1)];
        (*slot as usize, (*weight).into(), action)
    })
}

#[inline]
fn add_rows<const COPIES: usize>(
    sums: &mut [ChunkSplit],
    rows: impl Iterator<Item = SlotRow>,
    add: impl Fn(u64, u64) -> u64,
) {
    for (row, (slot, weight, action)) in rows.enumerate() {
        let index = slot.wrapping_mul(COPIES).wrapping_add(row % COPIES);
        if let Some(sum) = sums.get_mut(index) {
            sum[action] = add(sum[action], weight);
        }
    }
}

impl SumsByAction {
    #[inline]
    fn add_rows(sums: &mut [Self], rows: impl Iterator<Item = SlotRow>) {
        for (slot, weight, action) in rows {
            if let Some(Self(sum)) = sums.get_mut(slot) {
                sum[action] = sum[action].saturating_add(weight);
            }
        }
    }
}

impl From<&SumsByAction> for ByAction {
    fn from(split: &SumsByAction) -> Self {
        let [accepted, rejected, other] = split.0;
        Self {
            accepted,
            rejected,
            other,
        }
    }
}
