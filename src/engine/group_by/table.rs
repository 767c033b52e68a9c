//! A hash table that numbers keys in the order in which they are met.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::RandomState;

/// A key: the codes of several fields, packed into words.
pub(super) type Packed<const N: usize> = [u64; N];

/// Hashes keys with a random seed, so that colliding values cannot be crafted.
#[derive(Clone, Debug, Default)]
pub(super) struct KeyHasher(RandomState);

impl KeyHasher {
    #[inline]
    pub(super) fn hash<const N: usize>(&self, key: &Packed<N>) -> u64 {
        let mut hasher = self.0.build_hasher();
        for word in key {
            hasher.write_u64(*word);
        }
        hasher.finish()
    }
}

/// The upper half of an entry holds the same bits of the hash, the lower half the slot plus one; 0 is a free entry.
const TAG: u64 = !0 << 32;

/// Keys, and a slot for each.
#[derive(Clone, Debug)]
pub(super) struct Table<const N: usize> {
    /// A power of two of entries. Collisions go to the next free one.
    entries: Vec<u64>,
    keys: Vec<Packed<N>>,
}

impl<const N: usize> Table<N> {
    pub(super) fn new() -> Self {
        Self {
            entries: vec![0; 16],
            keys: Vec::new(),
        }
    }

    /// Removes all keys, and makes room for about `keys` of them.
    pub(super) fn reset(&mut self, keys: usize) {
        let wanted = (keys * 2).next_power_of_two().max(16);
        self.entries.clear();
        self.entries.resize(wanted, 0);
        self.keys.clear();
    }

    /// The keys, by slot.
    pub(super) fn keys(&self) -> &[Packed<N>] {
        &self.keys
    }

    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// The slot of `key`, whose hash is `hash`; a new key gets the next one.
    #[inline]
    pub(super) fn slot(&mut self, hash: u64, key: &Packed<N>) -> usize {
        match self.search(hash, key) {
            Ok(slot) => slot,
            Err(at) => self.insert(at, hash, key),
        }
    }

    /// The slot of `key`, if it has one.
    #[inline]
    pub(super) fn find(&self, hash: u64, key: &Packed<N>) -> Option<usize> {
        self.search(hash, key).ok()
    }

    /// The slot of `key`, or the free entry in which the search ended.
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the lower bits of the hash, and of the entry"
    )]
    fn search(&self, hash: u64, key: &Packed<N>) -> Result<usize, usize> {
        let mask = self.entries.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let entry = self.entries[at];
            if entry == 0 {
                return Err(at);
            }
            if (entry ^ hash) & TAG == 0 {
                let slot = (entry as u32 - 1) as usize;
                if self.keys[slot] == *key {
                    return Ok(slot);
                }
            }
            at = (at + 1) & mask;
        }
    }

    #[inline]
    fn insert(&mut self, at: usize, hash: u64, key: &Packed<N>) -> usize {
        let slot = self.keys.len();
        self.keys.push(*key);
        self.entries[at] = (hash & TAG) | (slot as u64 + 1);
        slot
    }

    /// Makes room for `keys` more keys. To be called before they are added.
    pub(super) fn reserve(&mut self, keys: usize, hasher: &KeyHasher) {
        let wanted = (self.keys.len() + keys) * 2;
        if wanted <= self.entries.len() {
            return;
        }
        let mut entries = vec![0; wanted.next_power_of_two()];
        let mask = entries.len() - 1;
        for (slot, key) in self.keys.iter().enumerate() {
            let hash = hasher.hash(key);
            #[expect(clippy::cast_possible_truncation, reason = "the lower bits")]
            let mut at = hash as usize & mask;
            while entries[at] != 0 {
                at = (at + 1) & mask;
            }
            entries[at] = (hash & TAG) | (slot as u64 + 1);
        }
        self.entries = entries;
    }
}
