//! A set of rows of a chunk: one bit a row, in words of 64.

use std::ops::Range;

/// Bits in rows `0..len`. Bits past `len` in the last word are always zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bitmap {
    words: Box<[u64]>,
    len: usize,
}

impl Bitmap {
    /// No row of `len`.
    pub fn none(len: usize) -> Self {
        Self {
            words: vec![0; len.div_ceil(64)].into_boxed_slice(),
            len,
        }
    }

    /// Every row of `len`.
    pub fn all(len: usize) -> Self {
        Self::from_words(vec![u64::MAX; len.div_ceil(64)], len)
    }

    /// The rows whose bits are set in `words`, which hold at least `len` bits.
    ///
    /// # Panics
    ///
    /// When `words` is not exactly as long as `len` asks for.
    pub fn from_words(words: Vec<u64>, len: usize) -> Self {
        assert_eq!(words.len(), len.div_ceil(64), "a word for each 64 rows");
        let mut map = Self {
            words: words.into_boxed_slice(),
            len,
        };
        map.clear_tail();
        map
    }

    /// The rows of `len` for which `test` holds.
    pub fn from_fn(len: usize, mut test: impl FnMut(usize) -> bool) -> Self {
        let mut map = Self::none(len);
        for (index, word) in map.words.iter_mut().enumerate() {
            let first = index * 64;
            for bit in 0..64.min(len - first) {
                *word |= u64::from(test(first + bit)) << bit;
            }
        }
        map
    }

    fn clear_tail(&mut self) {
        let used = self.len % 64;
        if let (true, Some(last)) = (used != 0, self.words.last_mut()) {
            *last &= (1 << used) - 1;
        }
    }

    /// How many rows there are, set or not.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no rows at all.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The words; the first row is the lowest bit of the first word.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// Whether `row` is set.
    ///
    /// # Panics
    ///
    /// When `row` is past the last word.
    #[inline]
    pub fn get(&self, row: usize) -> bool {
        self.words[row / 64] >> (row % 64) & 1 == 1
    }

    /// Sets `row`.
    ///
    /// # Panics
    ///
    /// When `row` is not below the length.
    pub fn set(&mut self, row: usize) {
        assert!(row < self.len, "row {row} of {}", self.len);
        self.words[row / 64] |= 1 << (row % 64);
    }

    /// Clears `row`.
    ///
    /// # Panics
    ///
    /// When `row` is not below the length.
    pub fn unset(&mut self, row: usize) {
        assert!(row < self.len, "row {row} of {}", self.len);
        self.words[row / 64] &= !(1 << (row % 64));
    }

    /// How many rows are set.
    pub fn count(&self) -> usize {
        self.words.iter().map(|w| w.count_ones() as usize).sum()
    }

    /// How many rows below `row` are set.
    pub fn rank(&self, row: usize) -> usize {
        let row = row.min(self.len);
        let whole: usize = self.words[..row / 64]
            .iter()
            .map(|w| w.count_ones() as usize)
            .sum();
        let rest = row % 64;
        if rest == 0 {
            return whole;
        }
        whole + (self.words[row / 64] & ((1 << rest) - 1)).count_ones() as usize
    }

    /// The `n`-th set row, counted from 0.
    pub fn nth(&self, n: usize) -> Option<usize> {
        let mut left = n;
        for (index, &word) in self.words.iter().enumerate() {
            let ones = word.count_ones() as usize;
            if left < ones {
                let mut word = word;
                for _ in 0..left {
                    word &= word - 1;
                }
                return Some(index * 64 + word.trailing_zeros() as usize);
            }
            left -= ones;
        }
        None
    }

    /// The set rows, ascending.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(index, &word)| {
            let mut word = word;
            std::iter::from_fn(move || {
                let bit = (word != 0).then(|| word.trailing_zeros() as usize)?;
                word &= word - 1;
                Some(index * 64 + bit)
            })
        })
    }

    /// The set rows in `range`, ascending.
    pub fn iter_range(&self, range: Range<usize>) -> impl Iterator<Item = usize> + '_ {
        range.filter(|row| self.get(*row))
    }

    /// Keeps the rows that are also in `other`.
    pub fn and(&mut self, other: &Self) {
        debug_assert_eq!(self.len, other.len);
        for (a, b) in self.words.iter_mut().zip(&other.words) {
            *a &= b;
        }
    }

    /// Adds the rows of `other`.
    pub fn or(&mut self, other: &Self) {
        debug_assert_eq!(self.len, other.len);
        for (a, b) in self.words.iter_mut().zip(&other.words) {
            *a |= b;
        }
    }

    /// Removes the rows of `other`.
    pub fn and_not(&mut self, other: &Self) {
        debug_assert_eq!(self.len, other.len);
        for (a, b) in self.words.iter_mut().zip(&other.words) {
            *a &= !b;
        }
    }

    /// Swaps set and unset.
    pub fn invert(&mut self) {
        for word in &mut self.words {
            *word = !*word;
        }
        self.clear_tail();
    }

    /// Heap size in bytes.
    pub fn memory(&self) -> usize {
        self.words.len() * 8
    }
}
