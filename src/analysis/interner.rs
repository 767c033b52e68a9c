//! Numbers the distinct keys that a scan meets.

use std::hash::{BuildHasher, Hash};

use foldhash::fast::RandomState;

/// A hash table from keys to the numbers that its owner gives them, none of which is 0.
///
/// Key and number stand side by side, so that a lookup touches one cache line; the standard map touches
/// two. The hash is seeded, so nobody can choose addresses that collide.
#[derive(Clone, Debug)]
pub(crate) struct Interner<K> {
    /// A power of two of places, at most half of them taken; number 0 marks a free one.
    places: Vec<(K, u32)>,
    taken: usize,
    hasher: RandomState,
}

impl<K: Copy + Default + Eq + Hash> Interner<K> {
    pub(crate) fn new() -> Self {
        Self {
            places: vec![(K::default(), 0); 16],
            taken: 0,
            hasher: RandomState::default(),
        }
    }

    /// The place of `key`, or the free one where it belongs.
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a hash is as good cut short"
    )]
    fn place(&self, key: K) -> usize {
        let mask = self.places.len() - 1;
        let mut at = self.hasher.hash_one(key) as usize & mask;
        loop {
            let (other, number) = self.places[at];
            if number == 0 || other == key {
                return at;
            }
            at = (at + 1) & mask;
        }
    }

    /// The number of `key`, if it has one.
    #[inline]
    pub(crate) fn find(&self, key: K) -> Option<u32> {
        let number = self.places[self.place(key)].1;
        (number != 0).then_some(number)
    }

    /// The number of `key`, which becomes `fresh` if it has none.
    #[inline]
    pub(crate) fn number(&mut self, key: K, fresh: u32) -> u32 {
        let at = self.place(key);
        let number = self.places[at].1;
        if number != 0 {
            return number;
        }
        self.places[at] = (key, fresh);
        self.taken += 1;
        if self.taken * 2 > self.places.len() {
            self.grow();
        }
        fresh
    }

    #[cold]
    fn grow(&mut self) {
        let larger = vec![(K::default(), 0); self.places.len() * 2];
        let old = std::mem::replace(&mut self.places, larger);
        for (key, number) in old.into_iter().filter(|(_, number)| *number != 0) {
            let at = self.place(key);
            self.places[at] = (key, number);
        }
    }
}
