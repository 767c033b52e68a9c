//! The sums over rows: read from the columns a batch at a time, added up in compact structures.

use std::fmt;
use std::ops::Range;

use super::scan::Rows;
use super::{Counts, Measure};
use crate::schema::{FieldId, id};
use crate::store::Chunk;

/// How many classes of rows there are: three of action times three of log-status.
pub(super) const CLASSES: usize = 9;

/// What a row of each class adds to [`Sum::flags`]: ACCEPT, REJECT, NODATA, SKIPDATA.
const FLAGS: [[u32; 4]; CLASSES] = [
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [0, 0, 0, 0],
    [1, 0, 1, 0],
    [0, 1, 1, 0],
    [0, 0, 1, 0],
    [1, 0, 0, 1],
    [0, 1, 0, 1],
    [0, 0, 0, 1],
];

/// The columns that are added up, of one batch of rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct BatchMeasures {
    sizes: Sizes,
    /// Action and log-status as one number: 0 to 2 for ACCEPT, REJECT and neither, plus 0, 3 or 6 for
    /// neither, NODATA and SKIPDATA.
    pub(crate) classes: Vec<u8>,
    /// The bucket of each row, if the scan has a window.
    pub(crate) buckets: Vec<u32>,
    statuses: Vec<u8>,
    /// The index of the sizes that are the [`BatchMeasures::weights`].
    weighed: usize,
}

/// Packets or bytes of each row of a batch.
pub(super) enum Weights<'a> {
    /// If all of the chunk are below 2³².
    Narrow(&'a [u32]),
    /// Otherwise.
    Wide(&'a [u64]),
}

/// Packets and bytes of each row of a batch: in half the space if all of the chunk are below 2³².
#[derive(Clone, Debug, Default)]
struct Sizes {
    are_narrow: bool,
    /// Packets, then bytes.
    narrow: [Vec<u32>; 2],
    /// The same, if they are not narrow.
    wide: [Vec<u64>; 2],
}

impl Sizes {
    /// Reads packets, bytes or both.
    #[expect(clippy::cast_possible_truncation, reason = "they are narrow")]
    fn load(&mut self, chunk: &Chunk, rows: &Rows<'_>, places: Range<usize>) {
        let fields = &[id::PACKETS, id::BYTES][places.clone()];
        let is_narrow = |field: &FieldId| {
            let range = chunk.column(*field).and_then(|column| column.range);
            range.is_none_or(|(_, most)| u32::try_from(most).is_ok())
        };
        self.are_narrow = fields.iter().all(is_narrow);
        for (place, field) in places.zip(fields) {
            if self.are_narrow {
                numbers(chunk, *field, rows, &mut self.narrow[place], |size| {
                    size as u32
                });
            } else {
                numbers(chunk, *field, rows, &mut self.wide[place], |size| size);
            }
        }
    }
}

impl BatchMeasures {
    /// Makes packets or bytes the [`BatchMeasures::weights`].
    pub(super) fn weigh_by(&mut self, measure: Measure) {
        self.weighed = usize::from(measure == Measure::Bytes);
    }

    /// The sizes that [`BatchMeasures::weigh_by`] chose.
    pub(super) fn weights(&self) -> Weights<'_> {
        if self.sizes.are_narrow {
            Weights::Narrow(&self.sizes.narrow[self.weighed])
        } else {
            Weights::Wide(&self.sizes.wide[self.weighed])
        }
    }

    /// Reads only the weights and the actions.
    pub(crate) fn load_weights(&mut self, chunk: &Chunk, rows: &Rows<'_>) {
        self.sizes.load(chunk, rows, self.weighed..self.weighed + 1);
        self.load_actions(chunk, rows);
    }

    fn load_actions(&mut self, chunk: &Chunk, rows: &Rows<'_>) {
        // Words of choice fields have fixed codes, in the order of the table of fields.
        codes(chunk, id::ACTION, rows, &mut self.classes, |code| {
            if code < 2 { code } else { 2 }
        });
    }

    pub(crate) fn load(&mut self, chunk: &Chunk, rows: &Rows<'_>) {
        self.sizes.load(chunk, rows, 0..2);
        self.load_actions(chunk, rows);
        if chunk.column(id::LOG_STATUS).is_some() {
            codes(chunk, id::LOG_STATUS, rows, &mut self.statuses, |code| {
                if code == 1 || code == 2 { code } else { 0 }
            });
            for (class, status) in self.classes.iter_mut().zip(&self.statuses) {
                *class = class.wrapping_add(status.wrapping_mul(3));
            }
        }
    }
}

fn numbers<N: Copy + Default>(
    chunk: &Chunk,
    field: FieldId,
    rows: &Rows<'_>,
    out: &mut Vec<N>,
    convert: impl Fn(u64) -> N,
) {
    let Some(column) = chunk.column(field) else {
        out.clear();
        out.resize(rows.len(), N::default());
        return;
    };
    rows.gather(column.integers(), out, convert);
    rows.fill_missing(column, out, N::default());
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the classes are smaller than 3"
)]
fn codes(
    chunk: &Chunk,
    field: FieldId,
    rows: &Rows<'_>,
    out: &mut Vec<u8>,
    class: impl Fn(u64) -> u64,
) {
    // A missing value gets the class of an unknown word.
    let missing = class(u64::MAX) as u8;
    let Some(column) = chunk.column(field) else {
        out.clear();
        out.resize(rows.len(), missing);
        return;
    };
    rows.gather_bytes(column.integers(), out, |code| class(code) as u8);
    rows.fill_missing(column, out, missing);
}

/// What a row of each class adds to [`ChunkSum::actions`] and [`ChunkSum::statuses`].
const ADDENDS: [[u64; 2]; CLASSES] = addends();

/// How many bits of [`ChunkSum::actions`] each number has; a chunk has at most 2¹⁶ rows.
const ACTION_BITS: u32 = 21;

const fn addends() -> [[u64; 2]; CLASSES] {
    let mut addends = [[0; 2]; CLASSES];
    let mut class = 0;
    while class < CLASSES {
        let [accept, reject, nodata, skipdata] = FLAGS[class];
        let actions = 1 | (accept as u64) << ACTION_BITS | (reject as u64) << (2 * ACTION_BITS);
        addends[class] = [actions, nodata as u64 | (skipdata as u64) << 32];
        class += 1;
    }
    addends
}

/// [`Sum`] over one chunk. A chunk has so few rows that several counts fit one number: adding a row takes four
/// additions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ChunkSum {
    packets: u64,
    bytes: u64,
    /// The numbers of records, of ACCEPT and of REJECT, the first in the lowest bits.
    actions: u64,
    /// The number of NODATA in the lower half, of SKIPDATA in the upper half.
    statuses: u64,
}

/// If consecutive rows often go to the same sum, each addition waits for the one before. So there are several copies
/// of each sum, which take turns.
pub(crate) const SUM_COPIES: usize = 4;

/// [`Counts`] in 40 bytes: a store has fewer than 2³² rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sum {
    packets: u64,
    bytes: u64,
    flags: [u32; 4],
    records: u32,
}

/// A sum that rows are added to, one for each slot.
pub(crate) trait Accumulate: Copy + Default + Send + Sync {
    /// The same over one chunk, in less space.
    type Chunk: Copy + Default + PartialEq + Send + Sync + fmt::Debug;
    /// Adds each row of a batch to the sum of its slot; slots past the end are skipped. Each slot has `COPIES` sums,
    /// which take turns.
    fn add_in_chunk<const COPIES: usize>(
        sums: &mut [Self::Chunk],
        slots: &[u32],
        measures: &BatchMeasures,
    );
    /// Adds the sum over a chunk.
    fn add_chunk(&mut self, chunk: &Self::Chunk);
    /// Adds each row of a batch to the sum of its slot; slots past the end are skipped.
    fn add(sums: &mut [Self], slots: &[u32], measures: &BatchMeasures);
    /// Adds another sum.
    fn merge(&mut self, other: &Self);
    /// Subtracts another sum, whose rows have all been added here.
    fn remove(&mut self, other: &Self);
    /// The number of rows, or the sum of what is measured.
    fn amount(&self) -> u64;
}

impl Accumulate for Sum {
    type Chunk = ChunkSum;

    #[inline]
    fn add_in_chunk<const COPIES: usize>(
        sums: &mut [ChunkSum],
        slots: &[u32],
        measures: &BatchMeasures,
    ) {
        let BatchMeasures { sizes, classes, .. } = measures;
        if sizes.are_narrow {
            // A chunk has too few rows for the sum to overflow.
            let rows = rows(slots, &sizes.narrow, classes);
            ChunkSum::add_rows::<COPIES>(sums, rows, u64::wrapping_add);
        } else {
            let rows = rows(slots, &sizes.wide, classes);
            ChunkSum::add_rows::<COPIES>(sums, rows, u64::saturating_add);
        }
    }

    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "each part has its own bits"
    )]
    fn add_chunk(&mut self, chunk: &ChunkSum) {
        const MASK: u64 = (1 << ACTION_BITS) - 1;
        let action = |place: u32| (chunk.actions >> (place * ACTION_BITS) & MASK) as u32;
        self.packets = self.packets.saturating_add(chunk.packets);
        self.bytes = self.bytes.saturating_add(chunk.bytes);
        self.records += action(0);
        self.flags[0] += action(1);
        self.flags[1] += action(2);
        self.flags[2] += chunk.statuses as u32;
        self.flags[3] += (chunk.statuses >> 32) as u32;
    }

    #[inline]
    fn add(sums: &mut [Self], slots: &[u32], measures: &BatchMeasures) {
        let BatchMeasures { sizes, classes, .. } = measures;
        if sizes.are_narrow {
            Self::add_rows(sums, rows(slots, &sizes.narrow, classes));
        } else {
            Self::add_rows(sums, rows(slots, &sizes.wide, classes));
        }
    }

    fn merge(&mut self, other: &Self) {
        self.packets = self.packets.saturating_add(other.packets);
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.records += other.records;
        for (total, flag) in self.flags.iter_mut().zip(other.flags) {
            *total += flag;
        }
    }

    fn remove(&mut self, other: &Self) {
        self.packets = self.packets.saturating_sub(other.packets);
        self.bytes = self.bytes.saturating_sub(other.bytes);
        self.records -= other.records;
        for (total, flag) in self.flags.iter_mut().zip(other.flags) {
            *total -= flag;
        }
    }

    fn amount(&self) -> u64 {
        u64::from(self.records)
    }
}

/// A row of a batch: its slot, packets, bytes and class.
type SlotRow = (usize, u64, u64, usize);

#[inline]
fn rows<'a, N: Copy + Into<u64>>(
    slots: &'a [u32],
    [packets, bytes]: &'a [Vec<N>; 2],
    classes: &'a [u8],
) -> impl Iterator<Item = SlotRow> {
    let rows = slots.iter().zip(packets).zip(bytes).zip(classes);
    rows.map(|(((slot, packets), bytes), class)| {
        let class = usize::from(*class).min(CLASSES - 1);
        (*slot as usize, (*packets).into(), (*bytes).into(), class)
    })
}

impl ChunkSum {
    /// How many rows have been added.
    pub(super) fn records(&self) -> u32 {
        (self.actions & ((1 << ACTION_BITS) - 1)) as u32
    }

    #[inline]
    fn add_rows<const COPIES: usize>(
        sums: &mut [Self],
        rows: impl Iterator<Item = SlotRow>,
        add: impl Fn(u64, u64) -> u64,
    ) {
        for (row, (slot, packets, bytes, class)) in rows.enumerate() {
            let index = slot.wrapping_mul(COPIES).wrapping_add(row % COPIES);
            let Some(sum) = sums.get_mut(index) else {
                continue;
            };
            let [actions, statuses] = ADDENDS[class];
            sum.packets = add(sum.packets, packets);
            sum.bytes = add(sum.bytes, bytes);
            sum.actions = sum.actions.wrapping_add(actions);
            sum.statuses = sum.statuses.wrapping_add(statuses);
        }
    }
}

impl Sum {
    /// Of so many records of which nothing else is known.
    pub(crate) fn of_records(records: u32) -> Self {
        Self {
            records,
            ..Self::default()
        }
    }

    #[inline]
    fn add_rows(sums: &mut [Self], rows: impl Iterator<Item = SlotRow>) {
        for (slot, packets, bytes, class) in rows {
            let Some(sum) = sums.get_mut(slot) else {
                continue;
            };
            sum.packets = sum.packets.saturating_add(packets);
            sum.bytes = sum.bytes.saturating_add(bytes);
            sum.records = sum.records.wrapping_add(1);
            for (total, flag) in sum.flags.iter_mut().zip(FLAGS[class]) {
                *total = total.wrapping_add(flag);
            }
        }
    }
}

impl Accumulate for u32 {
    type Chunk = Self;

    #[inline]
    fn add_in_chunk<const COPIES: usize>(sums: &mut [Self], slots: &[u32], _: &BatchMeasures) {
        for (row, slot) in slots.iter().enumerate() {
            let index = (*slot as usize)
                .wrapping_mul(COPIES)
                .wrapping_add(row % COPIES);
            if let Some(records) = sums.get_mut(index) {
                *records = records.wrapping_add(1);
            }
        }
    }

    fn add_chunk(&mut self, chunk: &Self) {
        *self += chunk;
    }

    #[inline]
    fn add(sums: &mut [Self], slots: &[u32], _: &BatchMeasures) {
        for slot in slots {
            if let Some(records) = sums.get_mut(*slot as usize) {
                *records = records.wrapping_add(1);
            }
        }
    }

    fn merge(&mut self, other: &Self) {
        *self += other;
    }

    fn remove(&mut self, other: &Self) {
        *self -= other;
    }

    fn amount(&self) -> u64 {
        u64::from(*self)
    }
}

impl From<&Sum> for Counts {
    fn from(sum: &Sum) -> Self {
        let [accept, reject, nodata, skipdata] = sum.flags.map(u64::from);
        Self {
            records: u64::from(sum.records),
            packets: sum.packets,
            bytes: sum.bytes,
            accept,
            reject,
            nodata,
            skipdata,
        }
    }
}

/// The sums over all rows, in numbers that cannot overflow.
#[derive(Clone, Debug, Default)]
pub(crate) struct Totals {
    packets: u128,
    bytes: u128,
    records: u64,
    classes: [u64; CLASSES],
}

impl Totals {
    pub(crate) fn add(&mut self, measures: &BatchMeasures) {
        let Sizes { narrow, wide, .. } = &measures.sizes;
        for (place, total) in [&mut self.packets, &mut self.bytes].into_iter().enumerate() {
            *total += if measures.sizes.are_narrow {
                let sizes = narrow[place].iter();
                u128::from(sizes.fold(0u64, |sum, size| sum.wrapping_add((*size).into())))
            } else {
                wide[place].iter().map(|size| u128::from(*size)).sum()
            };
        }
        self.records += measures.classes.len() as u64;
        // In blocks that fit a counter of one byte, so that the compiler vectorizes the loop.
        for block in measures.classes.chunks(255) {
            let mut left = block.len() as u64;
            for (class, total) in (0u8..).zip(&mut self.classes) {
                if left == 0 {
                    break;
                }
                let found = block.iter().fold(0u8, |count, other| {
                    count.wrapping_add(u8::from(*other == class))
                });
                *total += u64::from(found);
                left -= u64::from(found);
            }
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.packets += other.packets;
        self.bytes += other.bytes;
        self.records += other.records;
        for (total, class) in self.classes.iter_mut().zip(other.classes) {
            *total += class;
        }
    }

    pub(crate) fn remove(&mut self, other: &Self) {
        self.packets -= other.packets;
        self.bytes -= other.bytes;
        self.records -= other.records;
        for (total, class) in self.classes.iter_mut().zip(other.classes) {
            *total -= class;
        }
    }

    pub(crate) fn counts(&self) -> Counts {
        let flag = |index: usize| {
            let classes = self.classes.iter().zip(FLAGS);
            classes
                .map(|(rows, flags)| rows * u64::from(flags[index]))
                .sum()
        };
        Counts {
            records: self.records,
            packets: u64::try_from(self.packets).unwrap_or(u64::MAX),
            bytes: u64::try_from(self.bytes).unwrap_or(u64::MAX),
            accept: flag(0),
            reject: flag(1),
            nodata: flag(2),
            skipdata: flag(3),
        }
    }
}
