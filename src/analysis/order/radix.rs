//! A stable sort of rows by integer keys, least significant digit first.

use super::Stop;
use crate::analysis::parallel::each;
use crate::store::RowId;

/// A row with its key.
pub(super) trait Item: Copy + Default + Send + Sync {
    fn new(key: u64, row: u32) -> Self;
    fn key(&self) -> u64;
    fn row(&self) -> RowId;
}

/// A key of 32 bits above the row: half the memory to move.
impl Item for u64 {
    fn new(key: u64, row: u32) -> Self {
        key << 32 | Self::from(row)
    }

    #[inline]
    fn key(&self) -> u64 {
        self >> 32
    }

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the row is the lower half")]
    fn row(&self) -> RowId {
        RowId(*self as u32)
    }
}

impl Item for (u64, u32) {
    fn new(key: u64, row: u32) -> Self {
        (key, row)
    }

    #[inline]
    fn key(&self) -> u64 {
        self.0
    }

    #[inline]
    fn row(&self) -> RowId {
        RowId(self.1)
    }
}

/// The most bits of a digit: its table of 8 kB and the ends of as many lists fit the nearest caches.
const DIGIT_BITS: u32 = 11;
/// Fewer rows than this are sorted by comparing.
const FEW: usize = 1 << 11;
/// So many rows are moved between two looks at the clock.
const STRIDE: usize = 1 << 16;

/// Sorts by the lower `bits` bits of the keys; the others are 0. Leaves the order open where `stop` says so.
pub(super) fn sort<I: Item>(items: &mut Vec<I>, bits: u32, stop: Stop<'_>) {
    if items.is_sorted_by_key(Item::key) {
        return;
    }
    if items.len() < FEW {
        items.sort_by_key(Item::key);
        return;
    }
    let passes = bits.div_ceil(DIGIT_BITS).max(1);
    let width = bits.div_ceil(passes);
    let digits = 1usize << width;
    #[expect(clippy::cast_possible_truncation, reason = "a digit is small")]
    let digit = |item: &I, pass: u32| (item.key() >> (pass * width)) as usize & (digits - 1);

    let mut other = vec![I::default(); items.len()];
    for pass in 0..passes {
        let mut ends = vec![0usize; digits];
        for item in items.iter() {
            ends[digit(item, pass)] += 1;
        }
        if ends.contains(&items.len()) {
            continue;
        }
        let mut next = 0;
        for end in &mut ends {
            next += std::mem::replace(end, next);
        }
        for stretch in items.chunks(STRIDE) {
            if stop() {
                return;
            }
            for item in stretch {
                let place = &mut ends[digit(item, pass)];
                other[*place] = *item;
                *place += 1;
            }
        }
        std::mem::swap(items, &mut other);
    }
}

/// The rows of sorted lists as one sorted list; equal keys in the order of the lists.
pub(super) fn merge<I: Item>(lists: &[Vec<I>]) -> Vec<RowId> {
    let len = lists.iter().map(Vec::len).sum();
    let mut rows = vec![RowId(0); len];
    let Some(longest) = lists.iter().max_by_key(|list| list.len()) else {
        return rows;
    };
    // Each thread merges the rows between two keys that cut the longest list into equal shares.
    let mut jobs = Vec::new();
    let mut rest = rows.as_mut_slice();
    let mut from = vec![0; lists.len()];
    for share in 1..=lists.len() {
        let pivot = longest.get(longest.len() * share / lists.len());
        let to: Vec<usize> = lists
            .iter()
            .map(|list| match pivot {
                Some(pivot) => list.partition_point(|item| item.key() < pivot.key()),
                None => list.len(),
            })
            .collect();
        let stretches: Vec<&[I]> = lists
            .iter()
            .zip(from.iter().zip(&to))
            .map(|(list, (from, to))| &list[*from..*to])
            .collect();
        let (own, after) = rest.split_at_mut(stretches.iter().map(|s| s.len()).sum());
        jobs.push((own, stretches));
        (rest, from) = (after, to);
    }
    each(jobs, |(out, stretches)| merge_into(out, stretches));
    rows
}

/// Merges sorted stretches into `out`, which has just the room.
fn merge_into<I: Item>(out: &mut [RowId], mut stretches: Vec<&[I]>) {
    stretches.retain(|stretch| !stretch.is_empty());
    let mut out = out.iter_mut();
    while stretches.len() > 1 {
        // The first of the stretches with the least key, so that equal keys keep their order.
        let mut least = 0;
        for (index, stretch) in stretches.iter().enumerate().skip(1) {
            if stretch[0].key() < stretches[least][0].key() {
                least = index;
            }
        }
        let Some(place) = out.next() else { return };
        *place = stretches[least][0].row();
        stretches[least] = &stretches[least][1..];
        if stretches[least].is_empty() {
            stretches.remove(least);
        }
    }
    for (place, item) in out.zip(stretches.into_iter().flatten()) {
        *place = item.row();
    }
}
