//! Cuts the keys of a list into buckets that have about as many rows each.

use std::ops::RangeInclusive;

/// A bucket has one row of so many: fewer would not fit a near cache, and to more places at a time nothing is
/// written quickly.
const SHARES: usize = 1 << 9;
/// Or so many rows, which are sorted in no time.
const FEW: usize = 1 << 11;
/// Keys whose highest bit is the same are in so many cells, as a power of two.
const CELL_BITS: u32 = 9;

/// Which keys are in which bucket: a larger key is never in an earlier one.
///
/// Cells are narrow where keys are small and twice as wide with each bit, because counters are of all orders
/// of magnitude. Neighbours make a bucket together, as many as a sample of the keys says.
#[derive(Debug)]
pub(super) struct Buckets {
    /// The keys up to this one are in the first cell.
    low: u64,
    /// The bucket of each cell.
    cells: Vec<u16>,
    /// The least key of each bucket.
    firsts: Vec<u64>,
    /// No key is larger.
    highest: u64,
}

/// How many bits of a distance from the first cell do not matter to the cell that it is in.
#[inline]
fn free_bits(distance: u64) -> u32 {
    (distance | 1 << CELL_BITS).ilog2().wrapping_sub(CELL_BITS)
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "there are few cells")]
fn cell_of(distance: u64) -> usize {
    let bits = free_bits(distance);
    let before = u64::from(bits) << CELL_BITS;
    before.wrapping_add(distance.wrapping_shr(bits)) as usize
}

impl Buckets {
    /// Buckets for `rows` rows, of some of which `sample` has the keys. No key is larger than `highest`.
    pub(super) fn new(sample: &[u64], rows: usize, highest: u64) -> Self {
        // Where keys begin far from 0, as times do, it is from there that small and large are told apart; a few
        // that are smaller still, as damaged times are, do not matter.
        let least = sample.iter().min().copied().unwrap_or(0);
        let low = least.saturating_sub(1);
        let mut sampled = vec![0usize; cell_of(highest - low) + 1];
        for key in sample {
            sampled[cell_of(key - low)] += 1;
        }
        let share = (rows / SHARES).max(FEW) * sample.len() / rows.max(1);
        let mut cells = Vec::with_capacity(sampled.len());
        let mut firsts = vec![0];
        let (mut begin, mut filled) = (low, 0);
        for count in sampled {
            if filled > 0 && filled + count > share {
                firsts.push(begin);
                filled = 0;
            }
            filled += count;
            // As many buckets as twice SHARES would be far fewer than fit.
            cells.push(u16::try_from(firsts.len() - 1).unwrap_or(u16::MAX));
            begin = begin.saturating_add(1 << free_bits(begin - low));
        }
        Self {
            low,
            cells,
            firsts,
            highest,
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.firsts.len()
    }

    /// The bucket of a key.
    #[inline]
    pub(super) fn of(&self, key: u64) -> u16 {
        self.cells[cell_of(key.saturating_sub(self.low))]
    }

    /// Between which keys those of a bucket lie.
    pub(super) fn range(&self, bucket: usize) -> RangeInclusive<u64> {
        let next = self.firsts.get(bucket + 1);
        let last = next.map_or(self.highest, |next| next - 1);
        self.firsts[bucket]..=last
    }
}
