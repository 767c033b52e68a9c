//! Divides the keys of a list into buckets with about equally many rows.

use std::ops::RangeInclusive;

/// About how many buckets there are: with fewer a bucket would not fit the cache, and writing to more at a time is slow.
const BUCKETS: usize = 1 << 9;
/// The fewest rows of a bucket; so few are sorted fast.
const MIN_BUCKET_ROWS: usize = 1 << 11;
/// Keys with the same highest bit are in this many cells, as a power of two.
const CELL_BITS: u32 = 9;

/// The buckets of keys; a larger key is never in an earlier bucket.
///
/// Keys are divided into cells, whose width doubles with each bit, because counters are of all orders of magnitude.
/// Neighbouring cells make a bucket; how many depends on a sample of the keys.
#[derive(Debug)]
pub(super) struct Buckets {
    /// Keys up to this one are in the first cell.
    low: u64,
    /// The bucket of each cell.
    cells: Vec<u16>,
    /// The smallest key of each bucket.
    firsts: Vec<u64>,
    /// The largest key.
    highest: u64,
}

/// How many low bits of a distance from the first cell do not affect its cell.
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
    /// Buckets for `rows` rows; `sample` has the keys of some of them, and no key is larger than `highest`.
    pub(super) fn new(sample: &[u64], rows: usize, highest: u64) -> Self {
        // Times begin far from 0, so cells begin at the smallest sampled key; a few smaller ones, as damaged times
        // are, do not matter.
        let least = sample.iter().min().copied().unwrap_or(0);
        let low = least.saturating_sub(1);
        let mut sampled = vec![0usize; cell_of(highest - low) + 1];
        for key in sample {
            sampled[cell_of(key - low)] += 1;
        }
        let share = (rows / BUCKETS).max(MIN_BUCKET_ROWS) * sample.len() / rows.max(1);
        let mut cells = Vec::with_capacity(sampled.len());
        let mut firsts = vec![0];
        let (mut begin, mut filled) = (low, 0);
        for count in sampled {
            if filled > 0 && filled + count > share {
                firsts.push(begin);
                filled = 0;
            }
            filled += count;
            // There are at most about twice BUCKETS, which fits.
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

    /// About the most buckets that there are for `rows` rows.
    pub(super) fn most_for(rows: usize) -> usize {
        (rows / MIN_BUCKET_ROWS + 1).min(2 * BUCKETS)
    }

    /// The number of buckets.
    pub(super) fn len(&self) -> usize {
        self.firsts.len()
    }

    /// The bucket of a key.
    #[inline]
    pub(super) fn of(&self, key: u64) -> u16 {
        self.cells[cell_of(key.saturating_sub(self.low))]
    }

    /// The keys of a bucket.
    pub(super) fn range(&self, bucket: usize) -> RangeInclusive<u64> {
        let next = self.firsts.get(bucket + 1);
        let last = next.map_or(self.highest, |next| next - 1);
        self.firsts[bucket]..=last
    }
}
