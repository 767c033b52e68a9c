//! Reads the selected rows of a chunk in batches that fit the L1 cache.

#[cfg(test)]
mod tests;

use std::ops::Range;

use super::sum::BatchMeasures;
use super::{Measure, Window};
use crate::query::Mask;
use crate::schema::id;
use crate::store::{Bitmap, Chunk, Column, Integers};

/// The most rows of a batch.
pub(crate) const BATCH_ROWS: usize = 1024;

/// Looking up a row in a list costs as much as looking at this many rows of it.
const ROWS_PER_SEARCH: usize = 16;

/// The number 1 in each byte.
const ONES: u64 = 0x0101_0101_0101_0101;

/// A byte of 0 or 1 for each bit.
#[inline]
fn ones(bits: u8) -> [u8; 8] {
    let one = u64::from(bits).wrapping_mul(ONES) & 0x8040_2010_0804_0201;
    ((one.wrapping_add(0x7f * ONES) >> 7) & ONES).to_le_bytes()
}

/// Some rows of a chunk, ascending.
#[derive(Clone, Debug)]
pub(crate) enum Rows<'a> {
    Run(Range<usize>),
    List(&'a [u16]),
}

impl Rows<'_> {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Run(range) => range.len(),
            Self::List(list) => list.len(),
        }
    }

    /// The row in the chunk of an index in the batch.
    #[inline]
    pub(crate) fn nth(&self, index: usize) -> usize {
        match self {
            Self::Run(range) => range.start + index,
            Self::List(list) => usize::from(list[index]),
        }
    }

    /// Appends the rows in the chunk.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a chunk has at most 2^16 rows"
    )]
    pub(crate) fn append_to(&self, rows: &mut Vec<u16>) {
        match self {
            Self::Run(range) => rows.extend(range.clone().map(|row| row as u16)),
            Self::List(list) => rows.extend_from_slice(list),
        }
    }

    /// Calls `visit` with the index in the batch and the row in the chunk.
    #[inline]
    pub(crate) fn for_each(&self, mut visit: impl FnMut(usize, usize)) {
        match self {
            Self::Run(range) => {
                for (index, row) in range.clone().enumerate() {
                    visit(index, row);
                }
            }
            Self::List(list) => {
                for (index, row) in list.iter().enumerate() {
                    visit(index, usize::from(*row));
                }
            }
        }
    }

    /// Fills `out` with `value` of each row.
    #[inline]
    pub(crate) fn map_into<T>(&self, out: &mut Vec<T>, mut value: impl FnMut(usize) -> T) {
        out.clear();
        match self {
            Self::Run(range) => out.extend(range.clone().map(value)),
            Self::List(list) => out.extend(list.iter().map(|row| value(usize::from(*row)))),
        }
    }

    #[inline]
    fn pick<S: Copy, T>(&self, values: &[S], out: &mut Vec<T>, convert: impl Fn(S) -> T) {
        match self {
            Self::Run(range) => out.extend(values[range.clone()].iter().map(|v| convert(*v))),
            Self::List(list) => {
                out.extend(list.iter().map(|row| convert(values[usize::from(*row)])));
            }
        }
    }

    /// Fills `out` with the converted integers of the rows. Matches on the representation only once.
    #[inline]
    pub(crate) fn gather<T: Clone>(
        &self,
        integers: &Integers,
        out: &mut Vec<T>,
        convert: impl Fn(u64) -> T,
    ) {
        out.clear();
        match integers {
            Integers::Constant(value) => out.resize(self.len(), convert(*value)),
            Integers::Bits { base, bits } => {
                let (low, high) = (convert(*base), convert(base.wrapping_add(1)));
                let pick = |is_set| if is_set { high.clone() } else { low.clone() };
                match self {
                    Self::Run(range) if range.start.is_multiple_of(64) => {
                        let words = &bits.words()[range.start / 64..range.end.div_ceil(64)];
                        for word in words {
                            // Eight rows at a time: bits to bytes to values.
                            let bytes = word.to_le_bytes().map(ones);
                            let rows = bytes.as_flattened().iter();
                            out.extend(rows.map(|one| pick(*one == 1)));
                        }
                        out.truncate(range.len());
                    }
                    _ => self.map_into(out, |row| pick(bits.get(row))),
                }
            }
            Integers::U8 { base, offsets } => self.pick(offsets, out, |offset| {
                convert(base.wrapping_add(u64::from(offset)))
            }),
            Integers::U16 { base, offsets } => self.pick(offsets, out, |offset| {
                convert(base.wrapping_add(u64::from(offset)))
            }),
            Integers::U32 { base, offsets } => self.pick(offsets, out, |offset| {
                convert(base.wrapping_add(u64::from(offset)))
            }),
            Integers::U64(values) => self.pick(values, out, convert),
        }
    }

    /// Writes `missing` for rows without a value.
    #[inline]
    pub(crate) fn fill_missing<T: Copy>(&self, column: &Column, out: &mut [T], missing: T) {
        match (self, &column.present) {
            (_, None) => {}
            (Self::Run(range), Some(present)) if range.start.is_multiple_of(64) => {
                // Most words have no missing row and are skipped at once.
                let words = &present.words()[range.start / 64..range.end.div_ceil(64)];
                for (rows, word) in out.chunks_mut(64).zip(words) {
                    let mut absent = !word;
                    while absent != 0 {
                        if let Some(value) = rows.get_mut(absent.trailing_zeros() as usize) {
                            *value = missing;
                        }
                        absent &= absent - 1;
                    }
                }
            }
            (_, Some(present)) => {
                if let Self::List(list) = self
                    && fill_few_missing(list, present, out, missing)
                {
                    return;
                }
                self.for_each(|index, row| {
                    if !present.get(row) {
                        out[index] = missing;
                    }
                });
            }
        }
    }

    /// Appends `high` for rows whose bit is set, and `low`, which is not larger, for the others.
    fn expand_bits(&self, bits: &Bitmap, low: u8, high: u8, out: &mut Vec<u8>) {
        let Self::Run(range) = self else {
            self.map_into(out, |row| if bits.get(row) { high } else { low });
            return;
        };
        if !range.start.is_multiple_of(64) {
            out.extend(
                range
                    .clone()
                    .map(|row| if bits.get(row) { high } else { low }),
            );
            return;
        }
        // Eight rows at a time.
        let (base, step) = (u64::from(low) * ONES, u64::from(high - low));
        let words = &bits.words()[range.start / 64..range.end.div_ceil(64)];
        for word in words {
            for byte in word.to_le_bytes() {
                let ones = u64::from_le_bytes(ones(byte));
                let values = base.wrapping_add(ones.wrapping_mul(step));
                out.extend_from_slice(&values.to_le_bytes());
            }
        }
        out.truncate(range.len());
    }

    /// As [`Rows::gather`], into bytes; faster if there are only two values.
    #[inline]
    pub(crate) fn gather_bytes(
        &self,
        integers: &Integers,
        out: &mut Vec<u8>,
        convert: impl Fn(u64) -> u8,
    ) {
        match integers {
            Integers::Bits { base, bits } => {
                let (low, high) = (convert(*base), convert(base.wrapping_add(1)));
                out.clear();
                if low <= high {
                    self.expand_bits(bits, low, high, out);
                } else {
                    self.map_into(out, |row| if bits.get(row) { high } else { low });
                }
            }
            _ => self.gather(integers, out, convert),
        }
    }
}

/// Writes `missing` for those of the rows that are not `present`, if the rows are close together and few between the
/// first and the last are not present: then looking these up costs less than looking at each of `list`. Returns whether
/// that is so.
fn fill_few_missing<T: Copy>(list: &[u16], present: &Bitmap, out: &mut [T], missing: T) -> bool {
    let (Some(low), Some(high)) = (list.first(), list.last()) else {
        return true;
    };
    let first = usize::from(*low) / 64;
    let words = &present.words()[first..=usize::from(*high) / 64];
    if words.len() > list.len() {
        return false;
    }
    let absent: usize = words.iter().map(|word| word.count_zeros() as usize).sum();
    if absent * ROWS_PER_SEARCH > list.len() {
        return false;
    }
    for (place, word) in (first..).zip(words) {
        let mut absent = !word;
        while absent != 0 {
            let row = place * 64 + absent.trailing_zeros() as usize;
            let found = u16::try_from(row).map(|row| list.binary_search(&row));
            if let Ok(Ok(index)) = found {
                out[index] = missing;
            }
            absent &= absent - 1;
        }
    }
    true
}

/// What is read of rows besides their values and buckets, in ascending order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reads {
    /// Nothing: rows are only counted.
    Nothing,
    /// Their actions, and their packets or bytes.
    Weights,
    /// Everything that [`Counts`](super::Counts) has.
    Everything,
}

/// Reads chunks batch by batch, with the columns that are added up.
#[derive(Clone, Debug)]
pub(crate) struct Scan {
    list: Vec<u16>,
    measures: BatchMeasures,
    reads: Reads,
    finder: Option<BucketFinder>,
}

impl Scan {
    /// With `window` the scan also finds the bucket of each row.
    pub(crate) fn new(window: Option<Window>) -> Self {
        Self {
            reads: Reads::Everything,
            list: Vec::with_capacity(BATCH_ROWS),
            measures: BatchMeasures::default(),
            finder: window.map(BucketFinder::new),
        }
    }

    /// Reads no more than `reads`; the weights are those of `measure`.
    pub(crate) fn reading(mut self, reads: Reads, measure: Measure) -> Self {
        self.reads = reads;
        self.measures.weigh_by(measure);
        self
    }

    /// Calls `visit` with each batch of the rows that `mask` selects.
    pub(crate) fn chunk(
        &mut self,
        chunk: &Chunk,
        mask: &Mask,
        mut visit: impl FnMut(&Rows<'_>, &BatchMeasures),
    ) {
        if let Some(finder) = &mut self.finder {
            finder.begin(chunk);
        }
        let (measures, finder) = (&mut self.measures, &self.finder);
        let reads = self.reads;
        let mut batch = |rows: &Rows<'_>| {
            match reads {
                Reads::Everything => measures.load(chunk, rows),
                Reads::Weights => measures.load_weights(chunk, rows),
                Reads::Nothing => {}
            }
            if let Some(finder) = finder {
                finder.load(chunk, rows, &mut measures.buckets);
            }
            visit(rows, measures);
        };
        match mask {
            Mask::None => {}
            Mask::All => {
                for first in (0..chunk.rows()).step_by(BATCH_ROWS) {
                    batch(&Rows::Run(first..chunk.rows().min(first + BATCH_ROWS)));
                }
            }
            Mask::Bits(bits) => {
                for_each_list(bits, &mut self.list, |list| batch(&Rows::List(list)));
            }
        }
    }
}

/// Calls `visit` with the rows of `bits`, at most [`BATCH_ROWS`] at a time.
pub(crate) fn for_each_list(bits: &Bitmap, list: &mut Vec<u16>, mut visit: impl FnMut(&[u16])) {
    list.clear();
    for (index, &word) in bits.words().iter().enumerate() {
        if word == 0 {
            continue;
        }
        if list.len() + 64 > BATCH_ROWS {
            visit(list);
            list.clear();
        }
        let mut word = word;
        while word != 0 {
            let row = index * 64 + word.trailing_zeros() as usize;
            list.push(u16::try_from(row).unwrap_or(u16::MAX));
            word &= word - 1;
        }
    }
    if !list.is_empty() {
        visit(list);
    }
}

/// Finds the bucket of the `start` of a row. Rows outside the window get the number of buckets, rows without a `start`
/// one more.
#[derive(Clone, Debug)]
struct BucketFinder {
    window: Window,
    /// 2⁶⁴ / width, rounded up: replaces a division by a multiplication, exact for 32 bits.
    inverse: u64,
    /// The bucket of each offset of the column, for chunks whose times are close together.
    table: Vec<u32>,
    strategy: Strategy,
}

/// How the buckets of the rows of a chunk are found.
#[derive(Clone, Copy, Debug)]
enum Strategy {
    /// Every row is in this one.
    Same(u32),
    /// By looking up the offset in `table`.
    Table,
    /// By dividing.
    Divide,
}

impl BucketFinder {
    fn new(window: Window) -> Self {
        let window = Window {
            width: window.width.max(1),
            buckets: window.buckets.min(u32::MAX as usize / 2 - 1),
            ..window
        };
        Self {
            window,
            inverse: (u64::MAX / window.width).wrapping_add(1),
            table: Vec::new(),
            strategy: Strategy::Divide,
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "new() bounds the number of buckets"
    )]
    fn outside(&self) -> u32 {
        self.window.buckets as u32
    }

    fn timeless(&self) -> u32 {
        self.outside() + 1
    }

    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "smaller than the number of buckets, which new() bounds"
    )]
    fn bucket(&self, time: u64) -> u32 {
        let Some(since) = time.checked_sub(self.window.first) else {
            return self.outside();
        };
        let bucket = if self.inverse != 0 && u32::try_from(since).is_ok() {
            ((u128::from(self.inverse) * u128::from(since)) >> 64) as u64
        } else {
            since / self.window.width
        };
        bucket.min(self.window.buckets as u64) as u32
    }

    fn begin(&mut self, chunk: &Chunk) {
        self.strategy = Strategy::Divide;
        let Some(column) = chunk.column(id::START) else {
            self.strategy = Strategy::Same(self.timeless());
            return;
        };
        if let (Some((low, high)), None) = (column.range, &column.present) {
            let bucket = self.bucket(low);
            // Both may be outside, one before and one after the window, with rows inside between them.
            if bucket == self.bucket(high) && (low >= self.window.first || high < self.window.first)
            {
                self.strategy = Strategy::Same(bucket);
                return;
            }
        }
        let (base, offsets) = match column.integers() {
            Integers::U8 { base, .. } => (*base, 1u64 << 8),
            Integers::U16 { base, .. } => (*base, 1u64 << 16),
            _ => return,
        };
        let wanted = column
            .range
            .map_or(offsets, |(_, high)| high.saturating_sub(base) + 1);
        let mut table = std::mem::take(&mut self.table);
        table.clear();
        table.extend((0..wanted.min(offsets)).map(|o| self.bucket(base.saturating_add(o))));
        self.table = table;
        self.strategy = Strategy::Table;
    }

    fn load(&self, chunk: &Chunk, rows: &Rows<'_>, out: &mut Vec<u32>) {
        out.clear();
        let (strategy, column) = match (self.strategy, chunk.column(id::START)) {
            (Strategy::Same(bucket), _) => return out.resize(rows.len(), bucket),
            (_, None) => return out.resize(rows.len(), self.timeless()),
            (strategy, Some(column)) => (strategy, column),
        };
        let outside = self.outside();
        let look = |offset: usize| self.table.get(offset).copied().unwrap_or(outside);
        match (strategy, column.integers()) {
            (Strategy::Table, Integers::U8 { offsets, .. }) => {
                rows.pick(offsets, out, |offset| look(usize::from(offset)));
            }
            (Strategy::Table, Integers::U16 { offsets, .. }) => {
                rows.pick(offsets, out, |offset| look(usize::from(offset)));
            }
            (_, integers) => rows.gather(integers, out, |time| self.bucket(time)),
        }
        rows.fill_missing(column, out, self.timeless());
    }
}
