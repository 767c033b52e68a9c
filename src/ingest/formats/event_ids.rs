//! Notices events that come twice, as deliveries that were tried again do, by the ids that `CloudWatch` gives them.

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::hash::BuildHasher;
use std::sync::{Mutex, PoisonError};

use foldhash::quality::RandomState;

/// So many ids are remembered: they take some 70 MB.
const REMEMBERED: usize = 3_500_000;

/// The events of a load.
#[derive(Debug, Default)]
pub(crate) struct EventIds {
    /// The ids seen so far, as two hashes of each. The hashes are seeded randomly in every run, so that colliding ids
    /// cannot be crafted.
    met: Mutex<HashSet<(u64, u64), foldhash::fast::RandomState>>,
    hashers: [RandomState; 2],
    /// Whether an event whose id was seen before is left out.
    pub(crate) are_dropped: bool,
}

impl EventIds {
    /// No event yet.
    pub(crate) fn new(are_dropped: bool) -> Self {
        Self {
            are_dropped,
            ..Self::default()
        }
    }

    /// Whether an event with this id was seen before. When as many as are remembered have been met, an event is
    /// known only if it is one of these.
    pub(crate) fn is_repeated(&self, id: &[u8]) -> bool {
        let [one, other] = &self.hashers;
        let hash = (one.hash_one(id), other.hash_one(id));
        let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        if met.len() < REMEMBERED {
            !met.insert(hash)
        } else {
            met.contains(&hash)
        }
    }
}
