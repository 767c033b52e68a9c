//! Numbers the distinct keys that a scan meets.

use std::hash::{BuildHasher, Hash};
use std::hint::black_box;

use foldhash::fast::RandomState;

/// How many keys stand in a bucket: with keys of 32 bits it is one cache line.
const PLACES: usize = 8;

/// A hash table from keys to the numbers that its owner gives them, none of which is 0.
///
/// A lookup reads one bucket and compares the key with all of its keys at once. That takes no branch whose
/// way depends on the key, which is what costs most in a table whose keys come in no order: a processor that
/// guesses wrong loses the time of several lookups. The hash is seeded, so nobody can choose addresses that
/// fall together.
#[derive(Clone, Debug)]
pub(crate) struct Interner<K> {
    /// A power of two of buckets.
    buckets: Vec<Bucket<K>>,
    taken: usize,
    hasher: RandomState,
}

/// Keys and their numbers, filled from the front; number 0 marks a free place.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Bucket<K> {
    keys: [K; PLACES],
    numbers: [u32; PLACES],
}

impl<K: Copy + Default + Eq> Bucket<K> {
    fn empty() -> Self {
        Self {
            keys: [K::default(); PLACES],
            numbers: [0; PLACES],
        }
    }

    /// The number of `key`, or 0. Free places may hold an equal key, and have the number 0 too.
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
        self.numbers[PLACES - 1] != 0
    }

    fn push(&mut self, key: K, number: u32) {
        if let Some(free) = self.numbers.iter().position(|number| *number == 0) {
            self.keys[free] = key;
            self.numbers[free] = number;
        }
    }
}

impl<K: Copy + Default + Eq + Hash> Interner<K> {
    pub(crate) fn new() -> Self {
        Self {
            buckets: vec![Bucket::empty(); 4],
            taken: 0,
            hasher: RandomState::default(),
        }
    }

    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a hash is as good cut short"
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
            // What does not fit a bucket stands in the next one.
            if found != 0 || !bucket.is_full() {
                return found;
            }
            at = at.wrapping_add(1);
        }
    }

    /// Fetches what lookups of a few keys will need. Their buckets are far apart in memory: whoever asks for all
    /// of them at once waits once.
    pub(crate) fn look_ahead(&self, keys: impl Iterator<Item = K>) {
        let mask = self.buckets.len() - 1;
        black_box(keys.fold(0, |all, key| {
            all | self.buckets[self.first(key) & mask].numbers[0]
        }));
    }

    /// The number of `key`, which becomes `fresh` if it has none.
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
        self.taken += 1;
        if self.taken * 2 > self.buckets.len() * PLACES {
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
