//! A stable radix sort of the rows of a bucket by integer keys, least significant digit first.

use std::ops::RangeInclusive;

use super::Stop;

/// A row with its key.
pub(super) trait Item: Copy + Default + Send + Sync {
    fn new(key: u64, row: u32) -> Self;
    fn key(&self) -> u64;
    fn row(&self) -> u32;
}

/// A key of 32 bits above the row: halves the memory to move.
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

/// The most bits of a digit: its table of 8 kB and the write positions fit the L1 cache.
const DIGIT_BITS: u32 = 11;
/// Fewer rows than this are sorted by comparing.
const MIN_RADIX_ROWS: usize = 1 << 6;
/// How many rows are moved before `stop` is called again.
const ROWS_BETWEEN_STOPS: usize = 1 << 16;

/// Which bits of the keys a pass sorts by.
#[derive(Clone, Copy)]
struct Digit {
    /// All bits to reverse the order, else 0.
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

/// The range of the keys, and the order to sort them in.
pub(super) struct KeyOrder {
    pub(super) keys: RangeInclusive<u64>,
    pub(super) descending: bool,
}

/// Sorts buckets one after another, reusing its memory.
#[derive(Debug, Default)]
pub(super) struct Sorter<I> {
    items: Vec<I>,
    other: Vec<I>,
    counts: Vec<u32>,
}

impl<I: Item> Sorter<I> {
    /// Writes the rows of `parts` to `rows` in the order of their keys, all of which are in `order.keys`. If stopped,
    /// the order is undefined.
    pub(super) fn sort(
        &mut self,
        parts: &[&[I]],
        order: &KeyOrder,
        rows: &mut [u32],
        stop: Stop<'_>,
    ) {
        let KeyOrder { keys, descending } = order;
        let bits = u64::BITS - (keys.end() - keys.start()).leading_zeros();
        if bits > 0 && rows.len() < MIN_RADIX_ROWS {
            return self.compare(parts, *descending, rows);
        }
        // As few digits as possible with fewer values each than there are rows.
        let most = rows.len().max(MIN_RADIX_ROWS).ilog2().min(DIGIT_BITS);
        let passes = bits.div_ceil(most);
        let width = bits.div_ceil(passes.max(1));
        let (flip, base) = if *descending {
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
        let mut is_distributed = false;
        for (digit, starts) in digits {
            if self.other.len() < rows.len() {
                self.other.resize(rows.len(), I::default());
            }
            let items = &self.items[..if is_distributed { rows.len() } else { 0 }];
            let other = &mut self.other;
            let from = if is_distributed { &[items] } else { parts };
            distribute(from, digit, starts, stop, |place, item| other[place] = item);
            std::mem::swap(&mut self.items, &mut self.other);
            is_distributed = true;
        }
        let items = &self.items[..if is_distributed { rows.len() } else { 0 }];
        let from = if is_distributed { &[items] } else { parts };
        distribute(from, last, starts, stop, |place, item| {
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

/// Counts the values of each digit.
fn count<I: Item>(parts: &[&[I]], digits: &mut [(Digit, &mut [u32])], stop: Stop<'_>) {
    for stretch in parts
        .iter()
        .flat_map(|part| part.chunks(ROWS_BETWEEN_STOPS))
    {
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

/// Calls `put` with the index and the item, for each item of `parts` in the order of `digit`; `counts` are its counts.
#[inline]
fn distribute<I: Item>(
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
    for stretch in parts
        .iter()
        .flat_map(|part| part.chunks(ROWS_BETWEEN_STOPS))
    {
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
