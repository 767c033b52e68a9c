//! Sums of keys, kept in lists until all are there.

use super::table::{KeyHasher, Packed, Table};
use crate::analysis::{Accumulate, Reads, Sum};

/// Keys are divided by the first bits of their hashes into so many partitions, whose tables fit into the cache.
pub(super) const PARTITIONS: usize = 64;
/// From this number on, sums of the same key are added up.
const MIN_COMPACTED: usize = 1 << 20;

/// What is added up for each group.
pub(super) trait GroupSum: Accumulate {
    /// What has to be read of rows besides their values.
    const READS: Reads;
    /// The same with all that [`Counts`](crate::analysis::Counts) has; what was not added up is 0.
    fn to_sum(&self) -> Sum;
}

impl GroupSum for Sum {
    const READS: Reads = Reads::Everything;

    fn to_sum(&self) -> Sum {
        *self
    }
}

/// Records alone.
impl GroupSum for u32 {
    const READS: Reads = Reads::Nothing;

    fn to_sum(&self) -> Sum {
        Sum::of_records(*self)
    }
}

/// The sums of one thread. A key may have several.
#[derive(Debug)]
pub(super) struct KeyedSums<const N: usize, T> {
    partitions: Vec<Vec<(Packed<N>, T)>>,
    len: usize,
    /// With so many sums, those of the same key are added up.
    compacted_at: usize,
    adder: Adder<N, T>,
}

/// Adds up the sums of each key of a partition.
#[derive(Debug)]
pub(super) struct Adder<const N: usize, T> {
    table: Table<N>,
    sums: Vec<T>,
}

impl<const N: usize, T: GroupSum> Adder<N, T> {
    pub(super) fn new() -> Self {
        Self {
            table: Table::new(),
            sums: Vec::new(),
        }
    }

    pub(super) fn clear(&mut self) {
        self.table.reset(0);
        self.sums.clear();
    }

    pub(super) fn add(&mut self, list: &[(Packed<N>, T)], hasher: &KeyHasher) {
        for some in list.chunks(1024) {
            self.table.reserve(some.len(), hasher);
            for (key, sum) in some {
                let slot = self.table.slot(hasher.hash(key), key);
                match self.sums.get_mut(slot) {
                    Some(own) => own.merge(sum),
                    None => self.sums.push(*sum),
                }
            }
        }
    }

    /// Each key and its sum.
    pub(super) fn sums(&self) -> impl Iterator<Item = (&Packed<N>, &T)> {
        self.table.keys().iter().zip(&self.sums)
    }
}

impl<const N: usize, T: GroupSum> KeyedSums<N, T> {
    pub(super) fn new() -> Self {
        Self {
            partitions: vec![Vec::new(); PARTITIONS],
            len: 0,
            compacted_at: MIN_COMPACTED,
            adder: Adder::new(),
        }
    }

    /// The sums of a partition.
    pub(super) fn partition(&self, partition: usize) -> &[(Packed<N>, T)] {
        &self.partitions[partition]
    }

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "six bits are left")]
    pub(super) fn push(&mut self, hash: u64, key: Packed<N>, sum: T) {
        let partition = (hash >> (u64::BITS - PARTITIONS.trailing_zeros())) as usize;
        self.partitions[partition].push((key, sum));
        self.len += 1;
    }

    /// Adds up the sums of the same key if there are many.
    pub(super) fn compact(&mut self, hasher: &KeyHasher) {
        if self.len < self.compacted_at {
            return;
        }
        self.len = 0;
        for list in &mut self.partitions {
            self.adder.clear();
            self.adder.add(list, hasher);
            list.clear();
            list.extend(self.adder.sums().map(|(key, sum)| (*key, *sum)));
            self.len += list.len();
        }
        self.compacted_at = MIN_COMPACTED.max(2 * self.len);
    }

    /// Heap size in bytes.
    pub(super) fn memory(&self) -> usize {
        let lists = self.partitions.iter().map(Vec::capacity);
        lists.sum::<usize>() * size_of::<(Packed<N>, T)>()
    }
}
