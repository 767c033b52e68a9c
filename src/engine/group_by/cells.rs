//! Groups whose combinations of values are few, in each chunk or altogether: a sum for each combination that there
//! could be, in place of a hash table.

use std::sync::atomic::{self, AtomicBool};

use super::codes::{MISSING, selected};
use super::index::value_index;
use super::layout::{KeyLayout, KeyReader};
use super::ranking::{Listed, ListedGroup, Task};
use super::reader::FieldReader;
use super::table::{KeyHasher, Packed, Table};
use super::{Order, Rank};
use crate::analysis::{
    Accumulate, BatchMeasures, Counts, Rows, SUM_COPIES, Scan, Sum, fold_parallel, useful_threads,
};
use crate::query::Mask;
use crate::store::{Chunk, IndexedValue, ValueIndex};

/// What is added up for each combination in a chunk.
type ChunkSum = <Sum as Accumulate>::Chunk;

/// The sums of so many combinations stay in the cache.
const MAX_CHUNK_CELLS: usize = 1 << 14;
/// So many combinations altogether have a sum each.
const MAX_CELLS: u64 = 1 << 17;
/// With at most so many, consecutive rows often have the same one.
const MAX_REPEATED_CELLS: usize = 1 << 6;
/// With fewer rows for each combination of a chunk, partitions are faster.
const MIN_ROWS_PER_CELL: usize = 2;
/// Chunks with fewer selected rows are not worth it.
const MIN_ROWS: usize = 1 << 12;
/// How many sums are looked up at a time.
const LOOKED_UP: usize = 32;

/// Which sums there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cells {
    /// One for each combination of a chunk.
    OfChunk,
    /// One for each combination of all chunks.
    OfAll,
}

/// The values of one field in a chunk, as numbers from 0 on.
#[derive(Clone, Debug)]
enum Local<'a> {
    /// Codes less this, and 0 for the missing value.
    Codes { base: u64 },
    /// The places of the index, and the code of each.
    Index {
        index: &'a ValueIndex,
        codes: Vec<u64>,
    },
}

/// One field of the current chunk.
#[derive(Clone, Debug)]
struct LocalField<'a> {
    local: Local<'a>,
    /// Larger than every number.
    bound: usize,
    /// By how much the number of a combination grows with that of the field.
    stride: usize,
}

impl<'a> LocalField<'a> {
    /// The numbers of a field in `chunk`; none if they are not few.
    fn new(reader: &FieldReader<'_>, chunk: &'a Chunk) -> Option<Self> {
        let codes = reader.codes;
        let [field] = codes.columns.as_slice() else {
            return None;
        };
        let few = |base: u64, last: u64| {
            let bound = usize::try_from((last - base).checked_add(1)?).ok()?;
            (bound <= 1 << 16).then_some(Self {
                local: Local::Codes { base },
                bound,
                stride: 1,
            })
        };
        let all = few(0, codes.bound() - 1);
        if field.is_computed() || !codes.is_plain() {
            return all;
        }
        let Some(column) = chunk.column(*field) else {
            return few(0, 0);
        };
        let has_others = reader.has_others();
        let range = column.range.filter(|_| !has_others);
        if let Some((low, high)) = range
            && let Some(few) = few(codes.number(low) - 1, codes.number(high))
        {
            return Some(few);
        }
        let index = value_index(chunk, *field)?;
        let code = |value: &IndexedValue| match *value {
            IndexedValue::Integer(integer) => codes.number(integer),
            IndexedValue::Wide(place) => reader.other(place),
        };
        let codes = std::iter::once(MISSING).chain(index.values.iter().map(code));
        Some(Self {
            bound: index.values.len() + 1,
            local: Local::Index {
                codes: codes.collect(),
                index,
            },
            stride: 1,
        })
    }

    /// The code of a number.
    fn code(&self, number: usize) -> u64 {
        match &self.local {
            Local::Codes { .. } if number == 0 => MISSING,
            Local::Codes { base } => base + number as u64,
            Local::Index { codes, .. } => codes[number],
        }
    }

    /// Adds the number of each row, times the stride, to `cells`.
    #[expect(clippy::cast_possible_truncation, reason = "combinations are few")]
    fn add_to(
        &self,
        cells: &mut [u32],
        reader: &mut FieldReader<'_>,
        chunk: &Chunk,
        rows: &Rows<'_>,
    ) {
        let stride = self.stride as u32;
        match &self.local {
            Local::Codes { base } => {
                reader.read(chunk, rows);
                for (cell, code) in cells.iter_mut().zip(reader.codes(0)) {
                    *cell =
                        cell.wrapping_add((code.saturating_sub(*base) as u32).wrapping_mul(stride));
                }
            }
            Local::Index { index, .. } => match rows {
                Rows::Run(range) => {
                    for (cell, place) in cells.iter_mut().zip(&index.places[range.clone()]) {
                        *cell = cell.wrapping_add(u32::from(*place).wrapping_mul(stride));
                    }
                }
                Rows::List(list) => {
                    for (cell, row) in cells.iter_mut().zip(*list) {
                        let place = index.places[usize::from(*row)];
                        *cell = cell.wrapping_add(u32::from(place).wrapping_mul(stride));
                    }
                }
            },
        }
    }
}

/// The fields of `chunk`, and how many combinations they have; none if they are not few.
fn local_fields<'a>(
    readers: &[FieldReader<'_>],
    chunk: &'a Chunk,
) -> Option<(Vec<LocalField<'a>>, usize)> {
    let mut cells = 1usize;
    let mut fields = Vec::with_capacity(readers.len());
    for reader in readers {
        let mut field = LocalField::new(reader, chunk)?;
        field.stride = cells;
        cells = cells.checked_mul(field.bound)?;
        if cells > 1 << 20 {
            return None;
        }
        fields.push(field);
    }
    Some((fields, cells))
}

/// The sums of one thread.
struct Summer<'a, const N: usize> {
    layout: &'a KeyLayout,
    kind: Cells,
    reader: KeyReader<'a, N>,
    scan: Scan,
    cells: Vec<u32>,
    chunk_sums: Vec<ChunkSum>,
    slots: Vec<u32>,
    hasher: KeyHasher,
    table: Table<N>,
    /// By slot of the table, or by combination.
    sums: Vec<Sum>,
}

impl Task<'_> {
    /// The groups, if their combinations are few.
    pub(super) fn run_cells<const N: usize>(&self) -> Option<Listed<N>> {
        if self.seen || self.distinct.is_some() {
            return None;
        }
        let kind = self.cells::<N>()?;
        let is_too_much = AtomicBool::new(false);
        let hasher = KeyHasher::default();
        let store = self.selection.store();
        let chunks: Vec<usize> = (0..store.chunks().len()).collect();
        let summers = fold_parallel(
            &chunks,
            useful_threads(self.threads, chunks.len()),
            || Summer::<N>::new(self.layout, kind, &hasher),
            |summer, index| {
                let (chunk, mask) = (&store.chunks()[*index], &self.selection.masks()[*index]);
                if *mask != Mask::None {
                    summer.add(chunk, mask);
                }
                // While it grows, a table is there twice, and in the end one has the groups of all threads.
                if summer.memory() > self.max_bytes / 2 / (self.threads + 1) {
                    is_too_much.store(true, atomic::Ordering::Relaxed);
                }
            },
            &|| is_too_much.load(atomic::Ordering::Relaxed),
        );
        if is_too_much.into_inner() {
            return None;
        }
        let mut summers = summers.into_iter();
        let mut all = summers.next()?;
        for other in summers {
            all.merge(&other);
        }
        Some(self.listed(all))
    }

    /// Whether combinations are few, judged by a chunk in the middle.
    fn cells<const N: usize>(&self) -> Option<Cells> {
        let mut readers = KeyReader::<N>::new(self.layout).fields;
        if readers.iter().any(|reader| reader.sides() > 1) {
            return None;
        }
        let large = || {
            let chunks = selected(self.selection);
            chunks.filter_map(|(chunk, mask)| {
                let rows = mask.count(chunk.rows());
                (rows >= MIN_ROWS).then_some((chunk, rows))
            })
        };
        let (chunk, rows) = large().nth(large().count() / 2)?;
        for reader in &mut readers {
            reader.begin(chunk, 0);
        }
        let of_chunk = local_fields(&readers, chunk)
            .filter(|(_, cells)| *cells <= MAX_CHUNK_CELLS && cells * MIN_ROWS_PER_CELL <= rows);
        if of_chunk.is_some() {
            return Some(Cells::OfChunk);
        }
        let all = self.layout.bound()?;
        (all <= MAX_CELLS).then_some(Cells::OfAll)
    }

    fn listed<const N: usize>(&self, summer: Summer<'_, N>) -> Listed<N> {
        let amount = |sum: &Sum| {
            let counts = Counts::from(sum);
            match self.listing.order {
                Order::Largest(Rank::Measure(measure)) => measure.of(&counts),
                Order::Largest(Rank::Distinct) | Order::ByValue => counts.records,
            }
        };
        let keys = summer.keys();
        let groups = keys.iter().zip(&summer.sums).map(|(key, sum)| ListedGroup {
            key: *key,
            amount: amount(sum),
            sum: *sum,
            distinct: 0,
            seen: None,
        });
        let groups =
            groups.filter(|group| group.sum.amount() > 0 && group.amount >= self.listing.at_least);
        let mut groups: Vec<ListedGroup<N>> = groups.collect();
        let total = groups.len();
        self.sort(&mut groups);
        Listed { groups, total }
    }
}

impl<'a, const N: usize> Summer<'a, N> {
    fn new(layout: &'a KeyLayout, kind: Cells, hasher: &KeyHasher) -> Self {
        let sums = match kind {
            Cells::OfChunk => 0,
            Cells::OfAll => layout.bound().map_or(0, |all| all.min(MAX_CELLS)),
        };
        Self {
            layout,
            kind,
            reader: KeyReader::new(layout),
            scan: Scan::new(None),
            cells: Vec::new(),
            chunk_sums: Vec::new(),
            slots: Vec::new(),
            hasher: hasher.clone(),
            table: Table::new(),
            sums: vec![Sum::default(); usize::try_from(sums).unwrap_or(0)],
        }
    }

    fn add(&mut self, chunk: &Chunk, mask: &Mask) {
        let selected = mask.count(chunk.rows());
        for field in &mut self.reader.fields {
            field.begin(chunk, selected);
        }
        match self.kind {
            Cells::OfAll => self.add_to_all(chunk, mask),
            Cells::OfChunk => match local_fields(&self.reader.fields, chunk) {
                Some((fields, cells)) if cells <= 4 * MAX_CHUNK_CELLS => {
                    self.add_chunk(chunk, mask, &fields, cells);
                }
                _ => self.add_rows(chunk, mask),
            },
        }
    }

    /// Adds each row to the sum of its combination.
    fn add_to_all(&mut self, chunk: &Chunk, mask: &Mask) {
        let Self {
            layout,
            reader,
            scan,
            cells,
            sums,
            ..
        } = self;
        let fields = all_fields(layout);
        scan.chunk(chunk, mask, |rows, measures| {
            read_cells(&fields, &mut reader.fields, cells, chunk, rows);
            Sum::add(sums, cells, measures);
        });
    }

    /// Adds up the chunk, and then its sums to those of the table.
    fn add_chunk(&mut self, chunk: &Chunk, mask: &Mask, fields: &[LocalField<'_>], cells: usize) {
        let copies = if cells <= MAX_REPEATED_CELLS {
            SUM_COPIES
        } else {
            1
        };
        self.chunk_sums.clear();
        self.chunk_sums.resize(cells * copies, ChunkSum::default());
        let (readers, numbers, sums) = (
            &mut self.reader.fields,
            &mut self.cells,
            &mut self.chunk_sums,
        );
        self.scan.chunk(chunk, mask, |rows, measures| {
            read_cells(fields, readers, numbers, chunk, rows);
            add_in_chunk(sums, numbers, copies, measures);
        });
        let mut keys = Vec::with_capacity(LOOKED_UP);
        for first in (0..cells).step_by(LOOKED_UP) {
            let range = first..cells.min(first + LOOKED_UP);
            keys.clear();
            keys.extend(
                range
                    .filter(|cell| {
                        let sums = &self.chunk_sums[cell * copies..(cell + 1) * copies];
                        sums.iter().any(|sum| *sum != ChunkSum::default())
                    })
                    .map(|cell| {
                        let key: Packed<N> = key_of(self.layout, fields, cell);
                        (cell, self.hasher.hash(&key), key)
                    }),
            );
            self.table.reserve(keys.len(), &self.hasher);
            self.table.prefetch(keys.iter().map(|(_, hash, _)| *hash));
            for (cell, hash, key) in &keys {
                let slot = self.table.slot(*hash, key);
                if slot == self.sums.len() {
                    self.sums.push(Sum::default());
                }
                for sum in &self.chunk_sums[cell * copies..(cell + 1) * copies] {
                    self.sums[slot].add_chunk(sum);
                }
            }
        }
    }

    /// Adds each row to a sum of the table, where the combinations of a chunk are many.
    fn add_rows(&mut self, chunk: &Chunk, mask: &Mask) {
        let Self {
            reader,
            scan,
            slots,
            hasher,
            table,
            sums,
            ..
        } = self;
        scan.chunk(chunk, mask, |rows, measures| {
            for field in &mut reader.fields {
                field.read(chunk, rows);
            }
            reader.pack(rows.len(), 0);
            table.reserve(rows.len(), hasher);
            slots.clear();
            reader.for_each(|_, key| {
                let slot = table.slot(hasher.hash(key), key);
                slots.push(u32::try_from(slot).unwrap_or(u32::MAX));
            });
            sums.resize(table.len(), Sum::default());
            Sum::add(sums, slots, measures);
        });
    }

    /// Adds the sums of another thread.
    fn merge(&mut self, other: &Self) {
        if self.kind == Cells::OfAll {
            let sums = self.sums.iter_mut().zip(&other.sums);
            sums.for_each(|(sum, other)| sum.merge(other));
            return;
        }
        self.table.reserve(other.table.len(), &self.hasher);
        for (key, sum) in other.table.keys().iter().zip(&other.sums) {
            let slot = self.table.slot(self.hasher.hash(key), key);
            if slot == self.sums.len() {
                self.sums.push(*sum);
            } else {
                self.sums[slot].merge(sum);
            }
        }
    }

    /// Heap size in bytes.
    fn memory(&self) -> usize {
        self.table.memory() + size_of_val(&*self.sums)
    }

    /// The keys of the sums.
    fn keys(&self) -> Vec<Packed<N>> {
        match self.kind {
            Cells::OfChunk => self.table.keys().to_vec(),
            Cells::OfAll => {
                let fields = all_fields(self.layout);
                let cells = 0..self.sums.len();
                cells
                    .map(|cell| key_of(self.layout, &fields, cell))
                    .collect()
            }
        }
    }
}

/// The fields with all their codes.
fn all_fields(layout: &KeyLayout) -> Vec<LocalField<'static>> {
    let mut stride = 1;
    let field = |codes: &super::codes::FieldCodes| {
        let bound = usize::try_from(codes.bound()).unwrap_or(usize::MAX);
        let field = LocalField {
            local: Local::Codes { base: 0 },
            bound,
            stride,
        };
        stride = stride.saturating_mul(bound);
        field
    };
    layout.fields.iter().map(field).collect()
}

/// Finds the combination of each row.
fn read_cells(
    fields: &[LocalField<'_>],
    readers: &mut [FieldReader<'_>],
    cells: &mut Vec<u32>,
    chunk: &Chunk,
    rows: &Rows<'_>,
) {
    cells.clear();
    cells.resize(rows.len(), 0);
    for (field, reader) in fields.iter().zip(readers) {
        field.add_to(cells, reader, chunk, rows);
    }
}

fn add_in_chunk(sums: &mut [ChunkSum], cells: &[u32], copies: usize, measures: &BatchMeasures) {
    if copies > 1 {
        Sum::add_in_chunk::<SUM_COPIES>(sums, cells, measures);
    } else {
        Sum::add_in_chunk::<1>(sums, cells, measures);
    }
}

/// The key of a combination.
fn key_of<const N: usize>(layout: &KeyLayout, fields: &[LocalField<'_>], cell: usize) -> Packed<N> {
    let mut key = [0; N];
    for (index, field) in fields.iter().enumerate() {
        let number = cell / field.stride % field.bound;
        layout.put(&mut key, index, field.code(number));
    }
    key
}
