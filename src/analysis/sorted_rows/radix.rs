//! A stable sort of the rows of a bucket by integer keys, least significant digit first.

use std::ops::RangeInclusive;

use super::Stop;

/// A row with its key.
pub(super) trait Item: Copy + Default + Send + Sync {
    fn new(key: u64, row: u32) -> Self;
    fn key(&self) -> u64;
    fn row(&self) -> u32;
}

/// A key of 32 bits above the row: half the memory to move.
impl Item for u64 {
    #[inline]
    fn new(key: u64, row: u32) -> Self {
        key << 32 | Self::from(row)
    }

    #[inline]
    fn key(&self) -> u64 {
        self >> 32
    }

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the row is the lower half")]
    fn row(&self) -> u32 {
        *self as u32
    }
}

impl Item for (u64, u32) {
    #[inline]
    fn new(key: u64, row: u32) -> Self {
        (key, row)
    }

    #[inline]
    fn key(&self) -> u64 {
        self.0
    }

    #[inline]
    fn row(&self) -> u32 {
        self.1
    }
}

/// The most bits of a digit: its table of 8 kB and the ends of as many lists fit the nearest caches.
const DIGIT_BITS: u32 = 11;
/// Fewer rows than this are sorted by comparing.
const FEW: usize = 1 << 6;
/// So many rows are moved between two looks at the clock.
const STRIDE: usize = 1 << 16;

/// Which bits of the keys a pass sorts by.
#[derive(Clone, Copy)]
struct Digit {
    /// Turns the order around where all bits are set.
    flip: u64,
    base: u64,
    shift: u32,
    mask: u64,
}

impl Digit {
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "a digit is small")]
    fn of<I: Item>(self, item: I) -> usize {
        let key = (item.key() ^ self.flip).wrapping_sub(self.base);
        (key.wrapping_shr(self.shift) & self.mask) as usize
    }
}

/// Sorts one bucket after another in the same memory.
#[derive(Debug, Default)]
pub(super) struct Sorter<I> {
    items: Vec<I>,
    other: Vec<I>,
    counts: Vec<u32>,
}

impl<I: Item> Sorter<I> {
    /// Puts the rows of `parts`, one behind the other, into `rows` in the order of their keys, all of which lie
    /// in `keys`. Leaves the order open where `stop` says so.
    pub(super) fn sort(
        &mut self,
        parts: &[&[I]],
        (keys, descending): (RangeInclusive<u64>, bool),
        rows: &mut [u32],
        stop: Stop<'_>,
    ) {
        let bits = u64::BITS - (keys.end() - keys.start()).leading_zeros();
        if bits > 0 && rows.len() < FEW {
            return self.compare(parts, descending, rows);
        }
        // Digits that have fewer values than there are rows, and as few of them as that allows.
        let most = rows.len().max(FEW).ilog2().min(DIGIT_BITS);
        let passes = bits.div_ceil(most);
        let width = bits.div_ceil(passes.max(1));
        let (flip, base) = if descending {
            (u64::MAX, !*keys.end())
        } else {
            (0, *keys.start())
        };
        let digits = (0..passes).map(|pass| Digit {
            flip,
            base,
            shift: pass * width,
            mask: (1 << width) - 1,
        });
        self.counts.clear();
        self.counts.resize((passes as usize) << width, 0);
        let mut digits: Vec<(Digit, &mut [u32])> =
            digits.zip(self.counts.chunks_mut(1 << width)).collect();
        count(parts, &mut digits, stop);
        digits.retain(|(_, counts)| !counts.iter().any(|count| *count as usize == rows.len()));
        let Some((last, starts)) = digits.pop() else {
            for (place, item) in rows.iter_mut().zip(parts.iter().copied().flatten()) {
                *place = item.row();
            }
            return;
        };
        let mut dealt = false;
        for (digit, starts) in digits {
            if self.other.len() < rows.len() {
                self.other.resize(rows.len(), I::default());
            }
            let items = &self.items[..if dealt { rows.len() } else { 0 }];
            let other = &mut self.other;
            let from = if dealt { &[items] } else { parts };
            deal(from, digit, starts, stop, |place, item| other[place] = item);
            std::mem::swap(&mut self.items, &mut self.other);
            dealt = true;
        }
        let items = &self.items[..if dealt { rows.len() } else { 0 }];
        let from = if dealt { &[items] } else { parts };
        deal(from, last, starts, stop, |place, item| {
            rows[place] = item.row();
        });
    }

    fn compare(&mut self, parts: &[&[I]], descending: bool, rows: &mut [u32]) {
        self.items.clear();
        self.items.extend(parts.iter().copied().flatten());
        if descending {
            self.items.sort_by_key(|item| !item.key());
        } else {
            self.items.sort_by_key(Item::key);
        }
        for (place, item) in rows.iter_mut().zip(&self.items) {
            *place = item.row();
        }
    }
}

/// Counts how often each value of each digit occurs.
fn count<I: Item>(parts: &[&[I]], digits: &mut [(Digit, &mut [u32])], stop: Stop<'_>) {
    for stretch in parts.iter().flat_map(|part| part.chunks(STRIDE)) {
        if stop() {
            return;
        }
        for (digit, counts) in &mut *digits {
            for item in stretch {
                let count = &mut counts[digit.of(*item)];
                *count = count.wrapping_add(1);
            }
        }
    }
}

/// Gives each item of `parts` the place that its digit has in `counts`, which are those of all of them.
#[inline]
fn deal<I: Item>(
    parts: &[&[I]],
    digit: Digit,
    counts: &mut [u32],
    stop: Stop<'_>,
    mut put: impl FnMut(usize, I),
) {
    let mut next = 0;
    for count in &mut *counts {
        next += std::mem::replace(count, next);
    }
    for stretch in parts.iter().flat_map(|part| part.chunks(STRIDE)) {
        if stop() {
            return;
        }
        for item in stretch {
            let place = &mut counts[digit.of(*item)];
            put(*place as usize, *item);
            *place = place.wrapping_add(1);
        }
    }
}
