//! A hash table that numbers distinct keys.

use std::hash::{BuildHasher, Hash};
use std::hint::black_box;

use foldhash::fast::RandomState;

/// How many keys, or what belongs to them, are prefetched at a time.
pub(crate) const PREFETCHED: usize = 32;

/// The capacity of a bucket: with keys of 32 bits it fills one cache line.
const BUCKET_KEYS: usize = 8;

/// A hash table from keys to the numbers that its owner assigns, none of which is 0.
///
/// A lookup compares the key with all keys of a bucket at once, without a branch that depends on the key: with keys in
/// random order such branches are mispredicted, and each costs as much as several lookups. The hash is seeded, so that
/// colliding addresses cannot be crafted.
#[derive(Clone, Debug)]
pub(crate) struct Interner<K> {
    /// A power of two of buckets.
    buckets: Vec<Bucket<K>>,
    len: usize,
    hasher: RandomState,
}

/// Keys and their numbers, filled from the front; the number 0 marks a free slot.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Bucket<K> {
    keys: [K; BUCKET_KEYS],
    numbers: [u32; BUCKET_KEYS],
}

impl<K: Copy + Default + Eq> Bucket<K> {
    fn empty() -> Self {
        Self {
            keys: [K::default(); BUCKET_KEYS],
            numbers: [0; BUCKET_KEYS],
        }
    }

    /// The number of `key`, or 0. A free slot may hold an equal key, but its number is 0 too.
    #[inline]
    fn find(&self, key: K) -> u32 {
        let mut found = 0;
        for (other, number) in self.keys.iter().zip(&self.numbers) {
            found |= if *other == key { *number } else { 0 };
        }
        found
    }

    #[inline]
    fn is_full(&self) -> bool {
        self.numbers[BUCKET_KEYS - 1] != 0
    }

    fn push(&mut self, key: K, number: u32) {
        if let Some(free) = self.numbers.iter().position(|number| *number == 0) {
            self.keys[free] = key;
            self.numbers[free] = number;
        }
    }
}

impl<K: Copy + Default + Eq + Hash> Default for Interner<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Copy + Default + Eq + Hash> Interner<K> {
    pub(crate) fn new() -> Self {
        Self {
            buckets: vec![Bucket::empty(); 4],
            len: 0,
            hasher: RandomState::default(),
        }
    }

    /// Heap size in bytes.
    pub(crate) fn memory(&self) -> usize {
        size_of_val(&*self.buckets)
    }

    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the low bits of a hash are as good"
    )]
    fn first(&self, key: K) -> usize {
        self.hasher.hash_one(key) as usize
    }

    /// The number of `key`, or 0.
    #[inline]
    pub(crate) fn find(&self, key: K) -> u32 {
        let mask = self.buckets.len() - 1;
        let mut at = self.first(key);
        loop {
            let bucket = &self.buckets[at & mask];
            let found = bucket.find(key);
            // A full bucket overflows into the next one.
            if found != 0 || !bucket.is_full() {
                return found;
            }
            at = at.wrapping_add(1);
        }
    }

    /// Loads the buckets of a few keys into the cache. Their cache misses overlap, so that this waits only once.
    pub(crate) fn prefetch(&self, keys: impl Iterator<Item = K>) {
        let mask = self.buckets.len() - 1;
        black_box(keys.fold(0, |all, key| {
            all | self.buckets[self.first(key) & mask].numbers[0]
        }));
    }

    /// The number of `key`; a new key gets `fresh`.
    #[inline]
    pub(crate) fn number(&mut self, key: K, fresh: u32) -> u32 {
        match self.find(key) {
            0 => {
                self.add(key, fresh);
                fresh
            }
            number => number,
        }
    }

    #[cold]
    fn add(&mut self, key: K, number: u32) {
        self.len += 1;
        if self.len * 2 > self.buckets.len() * BUCKET_KEYS {
            let larger = vec![Bucket::empty(); self.buckets.len() * 2];
            let old = std::mem::replace(&mut self.buckets, larger);
            for bucket in old {
                for (key, number) in bucket.keys.into_iter().zip(bucket.numbers) {
                    if number != 0 {
                        self.put(key, number);
                    }
                }
            }
        }
        self.put(key, number);
    }

    fn put(&mut self, key: K, number: u32) {
        let mask = self.buckets.len() - 1;
        let mut at = self.first(key);
        while self.buckets[at & mask].is_full() {
            at = at.wrapping_add(1);
        }
        self.buckets[at & mask].push(key, number);
    }
}
