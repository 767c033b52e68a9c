//! The keys of the selected rows of a chunk, sorted by partition.
//!
//! A partition has the keys whose hashes begin with the same bits. All rows of a group are in one partition, and the
//! groups of a partition are so few that their table stays in the cache.

use std::ops::Range;

use super::codes::{MISSING, SKIP};
use super::layout::KeyReader;
use super::reader::FieldReader;
use super::table::{KeyHasher, Packed};
use crate::analysis::{BATCH_ROWS, Rows, for_each_list};
use crate::query::Mask;
use crate::schema::FieldId;
use crate::store::Chunk;

/// What a block has of each row besides its key and its number.
#[derive(Clone, Debug, Default)]
pub(super) struct Carried<'a> {
    /// A field whose numbers are added up; a missing one is 0.
    pub(super) amount: Option<FieldId>,
    /// A field whose values are counted.
    pub(super) value: Option<FieldReader<'a>>,
}

/// The rows of one chunk.
#[derive(Debug)]
pub(super) struct Block<const N: usize> {
    /// The index of the chunk.
    pub(super) chunk: usize,
    keys: Vec<Packed<N>>,
    /// The row in the chunk of each key.
    rows: Vec<u16>,
    amounts: Vec<u64>,
    /// The codes of the values.
    values: Vec<u64>,
    /// Where each partition of the round begins; one longer than the partitions.
    starts: Vec<u32>,
    /// Whether all of the rows are in another block too, and here are their second values.
    pub(super) is_repeated: bool,
}

/// The rows of a partition in a block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slice<'a, const N: usize> {
    pub(super) keys: &'a [Packed<N>],
    pub(super) rows: &'a [u16],
    /// None if no amount is carried.
    pub(super) amounts: &'a [u64],
    /// None if no value is carried.
    pub(super) values: &'a [u64],
}

impl<const N: usize> Block<N> {
    /// The rows of a partition, which is counted from the first of the round; ascending.
    pub(super) fn slice(&self, partition: usize) -> Slice<'_, N> {
        let range = self.starts[partition] as usize..self.starts[partition + 1] as usize;
        Slice {
            keys: &self.keys[range.clone()],
            rows: &self.rows[range.clone()],
            amounts: self.amounts.get(range.clone()).unwrap_or_default(),
            values: self.values.get(range).unwrap_or_default(),
        }
    }

    pub(super) fn len(&self, partition: usize) -> usize {
        (self.starts[partition + 1] - self.starts[partition]) as usize
    }
}

impl Carried<'_> {
    /// How many bytes a row takes in the blocks of a chunk.
    pub(super) fn row_bytes<const N: usize>(&self) -> usize {
        let numbers = usize::from(self.amount.is_some()) + usize::from(self.value.is_some());
        self.sides() * (size_of::<Packed<N>>() + size_of::<u16>() + numbers * size_of::<u64>())
    }

    /// How many values of the counted field a row may have.
    fn sides(&self) -> usize {
        self.value.as_ref().map_or(1, FieldReader::sides)
    }
}

/// How hashes are divided into partitions.
#[derive(Clone, Debug)]
pub(super) struct Partitioning {
    pub(super) hasher: KeyHasher,
    /// There are so many powers of two of partitions.
    pub(super) bits: u32,
}

impl Partitioning {
    #[inline]
    pub(super) fn of(&self, hash: u64) -> usize {
        // Shifted twice, as all 64 bits cannot be shifted out at once.
        (hash >> 1 >> (u64::BITS - 1 - self.bits)) as usize
    }
}

/// Makes blocks, one chunk at a time.
#[derive(Debug)]
pub(super) struct BlockBuilder<'a, const N: usize> {
    reader: KeyReader<'a, N>,
    carried: Carried<'a>,
    partitioning: &'a Partitioning,
    /// The partitions of the round.
    round: Range<usize>,
    list: Vec<u16>,
    amounts: Vec<u64>,
    /// For each choice of values of the key, with the first value of each row, and with the second.
    staged: Vec<Staged<N>>,
}

/// Rows in their order in the chunk.
#[derive(Debug, Default)]
struct Staged<const N: usize> {
    keys: Vec<Packed<N>>,
    rows: Vec<u16>,
    amounts: Vec<u64>,
    values: Vec<u64>,
    /// The partition of each row, counted from the first of the round.
    partitions: Vec<u16>,
}

impl<'a, const N: usize> BlockBuilder<'a, N> {
    pub(super) fn new(
        reader: KeyReader<'a, N>,
        carried: Carried<'a>,
        partitioning: &'a Partitioning,
        round: Range<usize>,
    ) -> Self {
        let blocks = reader.choices() * carried.sides();
        Self {
            reader,
            carried,
            partitioning,
            round,
            list: Vec::with_capacity(BATCH_ROWS),
            amounts: Vec::new(),
            staged: (0..blocks).map(|_| Staged::default()).collect(),
        }
    }

    /// The blocks of a chunk, of which `mask` selects `selected` rows.
    pub(super) fn blocks(
        &mut self,
        index: usize,
        chunk: &Chunk,
        mask: &Mask,
        selected: usize,
    ) -> Vec<Block<N>> {
        for field in &mut self.reader.fields {
            field.begin(chunk, selected);
        }
        if let Some(field) = &mut self.carried.value {
            field.begin(chunk, selected);
        }
        self.staged.iter_mut().for_each(Staged::clear);
        match mask {
            Mask::None => {}
            Mask::All => {
                for first in (0..chunk.rows()).step_by(BATCH_ROWS) {
                    let rows = first..chunk.rows().min(first + BATCH_ROWS);
                    self.add(chunk, &Rows::Run(rows));
                }
            }
            Mask::Bits(bits) => {
                let mut list = std::mem::take(&mut self.list);
                for_each_list(bits, &mut list, |list| self.add(chunk, &Rows::List(list)));
                self.list = list;
            }
        }
        let (partitions, sides) = (self.round.len(), self.carried.sides());
        let staged = self.staged.iter().enumerate();
        staged
            .filter(|(_, staged)| !staged.keys.is_empty())
            .map(|(block, staged)| staged.sort(index, partitions, block % sides > 0))
            .collect()
    }

    fn add(&mut self, chunk: &Chunk, rows: &Rows<'_>) {
        for field in &mut self.reader.fields {
            field.read(chunk, rows);
        }
        self.amounts.clear();
        if let Some(field) = self.carried.amount {
            match chunk.column(field) {
                Some(column) => {
                    rows.gather(column.integers(), &mut self.amounts, |amount| amount);
                    rows.fill_missing(column, &mut self.amounts, 0);
                }
                None => self.amounts.resize(rows.len(), 0),
            }
        }
        if let Some(field) = &mut self.carried.value {
            field.read(chunk, rows);
        }
        let sides = self.carried.sides();
        for choice in 0..self.reader.choices() {
            self.reader.pack(rows.len(), choice);
            for side in 0..sides {
                self.stage(rows, choice * sides + side, side);
            }
        }
    }

    /// Appends the rows whose keys were packed, with the values of `side`, to a block.
    fn stage(&mut self, rows: &Rows<'_>, block: usize, side: usize) {
        let Self {
            reader,
            partitioning,
            round,
            amounts,
            ..
        } = self;
        let staged = &mut self.staged[block];
        let values = self.carried.value.as_ref().map(|field| field.codes(side));
        let is_whole = round.len() == 1 << partitioning.bits;
        if let (true, 0, Some(keys)) = (is_whole, side, reader.all()) {
            let hasher = &partitioning.hasher;
            let partitions = keys
                .iter()
                .map(|key| to_u16(partitioning.of(hasher.hash(key))));
            staged.partitions.extend(partitions);
            staged.keys.extend_from_slice(keys);
            rows.append_to(&mut staged.rows);
            staged.amounts.extend_from_slice(amounts);
            staged.values.extend_from_slice(values.unwrap_or_default());
            return;
        }
        reader.for_each(|index, key| {
            let partition = partitioning.of(partitioning.hasher.hash(key));
            let value = values.map(|values| values[index]);
            if !round.contains(&partition) || value == Some(SKIP) {
                return;
            }
            staged.keys.push(*key);
            staged.partitions.push(to_u16(partition - round.start));
            staged.rows.push(to_u16(rows.nth(index)));
            staged.amounts.extend(amounts.get(index));
            staged.values.extend(value);
        });
    }
}

/// Rows of a chunk and partitions are below 2¹⁶.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "see above")]
fn to_u16(number: usize) -> u16 {
    number as u16
}

impl<const N: usize> Staged<N> {
    fn clear(&mut self) {
        self.keys.clear();
        self.rows.clear();
        self.amounts.clear();
        self.values.clear();
        self.partitions.clear();
    }

    /// The rows sorted by partition, in their order within each.
    fn sort(&self, chunk: usize, partitions: usize, is_repeated: bool) -> Block<N> {
        let mut starts = vec![0u32; partitions + 1];
        for partition in &self.partitions {
            starts[usize::from(*partition) + 1] += 1;
        }
        for partition in 0..partitions {
            starts[partition + 1] += starts[partition];
        }
        let mut next = starts.clone();
        let places: Vec<u32> = self
            .partitions
            .iter()
            .map(|partition| {
                let next = &mut next[usize::from(*partition)];
                *next += 1;
                *next - 1
            })
            .collect();
        Block {
            chunk,
            keys: scattered(&self.keys, &places, [0; N]),
            rows: scattered(&self.rows, &places, 0),
            amounts: scattered(&self.amounts, &places, 0),
            values: scattered(&self.values, &places, MISSING),
            starts,
            is_repeated,
        }
    }
}

/// `items`, each at its place.
fn scattered<T: Copy>(items: &[T], places: &[u32], empty: T) -> Vec<T> {
    let mut out = vec![empty; items.len()];
    for (item, place) in items.iter().zip(places) {
        out[*place as usize] = *item;
    }
    out
}
