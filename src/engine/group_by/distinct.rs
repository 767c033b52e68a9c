//! Counts the distinct values of each of some groups.

use super::codes::MISSING;
use super::table::{KeyHasher, Table};

/// About how many bytes a row takes: a pair, with room to grow, and its entries in the table of pairs.
pub(super) const ROW_BYTES: usize = 48;

/// Pairs of a group and the code of a value, of which the distinct ones are to be counted.
#[derive(Debug)]
pub(super) struct DistinctCounter {
    /// Larger than every code.
    bound: u64,
    slots: Vec<u32>,
    values: Vec<u64>,
    /// A bit for each group and code.
    bits: Vec<u64>,
    /// A power of two of pairs; 0 is free.
    pairs: Vec<u64>,
    numbers: Table<1>,
}

impl DistinctCounter {
    /// For codes below `bound`.
    pub(super) fn new(bound: u64) -> Self {
        Self {
            bound,
            slots: Vec::new(),
            values: Vec::new(),
            bits: Vec::new(),
            pairs: Vec::new(),
            numbers: Table::new(),
        }
    }

    pub(super) fn clear(&mut self) {
        self.slots.clear();
        self.values.clear();
    }

    /// Adds the value of a row to a group; a missing one is none.
    #[inline]
    pub(super) fn add(&mut self, group: usize, value: u64) {
        if value != MISSING {
            self.slots.push(u32::try_from(group).unwrap_or(u32::MAX));
            self.values.push(value);
        }
    }

    /// How many distinct values each of `groups` has.
    pub(super) fn count(&mut self, groups: usize, hasher: &KeyHasher) -> Vec<u64> {
        let mut counts = vec![0; groups];
        let rows = self.slots.len();
        let bits = (groups as u64).saturating_mul(self.bound);
        // As much memory as the pairs have themselves.
        if bits <= 128 * rows as u64 {
            self.count_bits(bits, &mut counts);
        } else {
            self.count_pairs(hasher, &mut counts);
        }
        counts
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "the bits fit into memory, as the rows do"
    )]
    fn count_bits(&mut self, bits: u64, counts: &mut [u64]) {
        self.bits.clear();
        self.bits.resize(bits.div_ceil(64) as usize, 0);
        for (slot, value) in self.slots.iter().zip(&self.values) {
            let bit = u64::from(*slot) * self.bound + value;
            let word = &mut self.bits[(bit / 64) as usize];
            let fresh = !(*word >> (bit % 64)) & 1;
            *word |= 1 << (bit % 64);
            counts[*slot as usize] += fresh;
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "the lower bits of a hash")]
    fn count_pairs(&mut self, hasher: &KeyHasher, counts: &mut [u64]) {
        if self.bound > 1 << 32 {
            self.number_values(hasher);
        }
        self.pairs.clear();
        let entries = (self.slots.len() * 2).next_power_of_two();
        self.pairs.resize(entries, 0);
        let mask = entries - 1;
        for (slot, value) in self.slots.iter().zip(&self.values) {
            // Values begin at 1, so that no pair is 0.
            let pair = u64::from(*slot) << 32 | value;
            let mut at = hasher.hash(&[pair]) as usize & mask;
            while self.pairs[at] != pair {
                if self.pairs[at] == 0 {
                    self.pairs[at] = pair;
                    counts[*slot as usize] += 1;
                    break;
                }
                at = (at + 1) & mask;
            }
        }
    }

    /// Replaces values by numbers from 1 on, which have fewer bits.
    fn number_values(&mut self, hasher: &KeyHasher) {
        self.numbers.reset(0);
        for value in &mut self.values {
            self.numbers.reserve(1, hasher);
            *value = self.numbers.slot(hasher.hash(&[*value]), &[*value]) as u64 + 1;
        }
    }
}
