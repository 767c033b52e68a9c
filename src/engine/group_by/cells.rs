//! Groups whose combinations of values are few, in each chunk or altogether: a sum for each combination that there
//! could be, in place of a hash table.

use std::sync::atomic::{self, AtomicBool};

use super::codes::{Limits, MISSING, selected};
use super::layout::{KeyLayout, KeyReader};
use super::local::{CellReader, LocalField, all_fields, for_each_key, local_fields};
use super::ranking::{Listed, ListedGroup, Task};
use super::sums::{Adder, GroupSum, KeyedSums, PARTITIONS};
use super::table::{KeyHasher, Table};
use super::{GroupError, Order, Rank};
use crate::analysis::{
    BatchMeasures, Counts, Measure, SUM_COPIES, Scan, Sum, fold_parallel, prefetch, useful_threads,
};
use crate::query::Mask;
use crate::store::{Chunk, NumberedValue, PREFETCHED};

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

/// Which sums there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cells {
    /// One for each combination of a chunk.
    OfChunk,
    /// One for each combination of all chunks.
    OfAll,
}

/// The sums of one thread.
struct Summer<'a, const N: usize, T: GroupSum> {
    layout: &'a KeyLayout,
    kind: Cells,
    reader: KeyReader<'a, N>,
    scan: Scan,
    cells: CellReader,
    chunk_sums: Vec<T::Chunk>,
    hasher: KeyHasher,
    /// By combination of all chunks.
    cell_sums: Vec<T>,
    /// By number of the value, if there is one field with an index.
    numbered: Vec<T>,
    /// Of the missing value of that field.
    missing: T,
    sums: KeyedSums<N, T>,
    rows: RowSums<N, T>,
}

/// The sums of a chunk whose combinations are many.
struct RowSums<const N: usize, T> {
    table: Table<N>,
    slots: Vec<u32>,
    sums: Vec<T>,
}

impl Task<'_> {
    /// The groups, if their combinations are few.
    pub(super) fn run_cells<const N: usize>(&self) -> Result<Option<Listed<N>>, GroupError> {
        if self.seen || self.distinct.is_some() || self.layout.fields.is_empty() {
            return Ok(None);
        }
        let Some(kind) = self.cells::<N>() else {
            return Ok(None);
        };
        let by_records = match self.listing.order {
            Order::Largest(Rank::Measure(measure)) => measure == Measure::Records,
            Order::Largest(Rank::Distinct) | Order::ByValue => true,
        };
        if self.records_only && by_records {
            self.sum_cells::<N, u32>(kind)
        } else {
            self.sum_cells::<N, Sum>(kind)
        }
    }

    fn sum_cells<const N: usize, T: GroupSum>(
        &self,
        kind: Cells,
    ) -> Result<Option<Listed<N>>, GroupError> {
        let Limits { threads, max_bytes } = self.limits;
        let is_too_much = AtomicBool::new(false);
        let hasher = KeyHasher::default();
        let store = self.selection.store();
        let chunks: Vec<usize> = (0..store.chunks().len()).collect();
        let mut summers = fold_parallel(
            &chunks,
            useful_threads(threads, chunks.len()),
            || Summer::<N, T>::new(self.layout, kind, &hasher),
            |summer, index| {
                let (chunk, mask) = (&store.chunks()[*index], &self.selection.masks()[*index]);
                if *mask != Mask::None {
                    summer.add(chunk, mask);
                }
                // In the end the groups are there as well.
                if summer.memory() > max_bytes / 2 / (threads + 1) {
                    is_too_much.store(true, atomic::Ordering::Relaxed);
                }
            },
            &|| is_too_much.load(atomic::Ordering::Relaxed),
        );
        if is_too_much.into_inner() {
            return Ok(None);
        }
        summers.iter_mut().for_each(Summer::finish);
        let partitions: Vec<usize> = (0..PARTITIONS).collect();
        let found = fold_parallel(
            &partitions,
            threads,
            || (Adder::new(), Listed::default()),
            |(adder, listed), partition| {
                adder.clear();
                for summer in &summers {
                    adder.add(summer.sums.partition(*partition), &hasher);
                }
                self.list(adder, listed);
            },
            &|| false,
        );
        let mut all = Listed::default();
        for (_, listed) in found {
            all.total += listed.total;
            all.groups.extend(listed.groups);
            self.limits
                .check(all.groups.len() * size_of::<ListedGroup<N>>())?;
        }
        self.sort(&mut all.groups);
        Ok(Some(all))
    }

    /// Adds the groups of a partition.
    fn list<const N: usize, T: GroupSum>(&self, adder: &Adder<N, T>, listed: &mut Listed<N>) {
        let groups = adder.sums().map(|(key, sum)| {
            let sum = sum.to_sum();
            let counts = Counts::from(&sum);
            let amount = match self.listing.order {
                Order::Largest(Rank::Measure(measure)) => measure.of(&counts),
                Order::Largest(Rank::Distinct) | Order::ByValue => counts.records,
            };
            ListedGroup {
                key: *key,
                amount,
                sum,
                distinct: 0,
                seen: None,
            }
        });
        let before = listed.groups.len();
        let groups = groups.filter(|group| group.amount >= self.listing.at_least);
        listed.groups.extend(groups);
        listed.total += listed.groups.len() - before;
        self.keep_largest(&mut listed.groups);
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
        let of_chunk = local_fields(&readers, chunk, rows)
            .filter(|(_, cells)| *cells <= MAX_CHUNK_CELLS && cells * MIN_ROWS_PER_CELL <= rows);
        if of_chunk.is_some() {
            return Some(Cells::OfChunk);
        }
        let all = self.layout.bound()?;
        (all <= MAX_CELLS).then_some(Cells::OfAll)
    }
}

impl<'a, const N: usize, T: GroupSum> Summer<'a, N, T> {
    fn new(layout: &'a KeyLayout, kind: Cells, hasher: &KeyHasher) -> Self {
        let sums = match kind {
            Cells::OfChunk => 0,
            Cells::OfAll => layout.bound().map_or(0, |all| all.min(MAX_CELLS)),
        };
        Self {
            layout,
            kind,
            reader: KeyReader::new(layout),
            scan: Scan::new(None).reading(T::READS, Measure::Records),
            cells: CellReader::default(),
            chunk_sums: Vec::new(),
            hasher: hasher.clone(),
            cell_sums: vec![T::default(); usize::try_from(sums).unwrap_or(0)],
            numbered: Vec::new(),
            missing: T::default(),
            sums: KeyedSums::new(),
            rows: RowSums {
                table: Table::new(),
                slots: Vec::new(),
                sums: Vec::new(),
            },
        }
    }

    fn add(&mut self, chunk: &Chunk, mask: &Mask) {
        let selected = mask.count(chunk.rows());
        for field in &mut self.reader.fields {
            field.begin(chunk, selected);
        }
        match self.kind {
            Cells::OfAll => self.add_to_all(chunk, mask),
            Cells::OfChunk => match local_fields(&self.reader.fields, chunk, selected) {
                Some((fields, cells)) if cells <= 4 * MAX_CHUNK_CELLS => {
                    self.add_chunk(chunk, mask, &fields, cells);
                }
                _ => self.add_rows(chunk, mask),
            },
        }
        self.sums.compact(&self.hasher);
    }

    /// Adds each row to the sum of its combination.
    fn add_to_all(&mut self, chunk: &Chunk, mask: &Mask) {
        let Self {
            layout,
            reader,
            scan,
            cells,
            cell_sums,
            ..
        } = self;
        let fields = all_fields(layout);
        scan.chunk(chunk, mask, |rows, measures| {
            cells.read(&fields, &mut reader.fields, chunk, rows);
            T::add(cell_sums, &cells.cells, measures);
        });
    }

    /// Adds up the chunk, and then appends its sums.
    fn add_chunk(&mut self, chunk: &Chunk, mask: &Mask, fields: &[LocalField<'_>], cells: usize) {
        let copies = if cells <= MAX_REPEATED_CELLS {
            SUM_COPIES
        } else {
            1
        };
        self.chunk_sums.clear();
        self.chunk_sums.resize(cells * copies, T::Chunk::default());
        let (readers, numbers, sums) = (
            &mut self.reader.fields,
            &mut self.cells,
            &mut self.chunk_sums,
        );
        self.scan.chunk(chunk, mask, |rows, measures| {
            numbers.read(fields, readers, chunk, rows);
            add_in_chunk::<T>(sums, &numbers.cells, copies, measures);
        });
        if let [field] = fields
            && let Some(numbers) = field.numbers()
        {
            self.add_numbered(numbers, copies);
            return;
        }
        let (hasher, sums) = (&self.hasher, &mut self.sums);
        let mut chunk_sums = self.chunk_sums.chunks(copies);
        for_each_key(self.layout, fields, |key| {
            let mut sum = T::default();
            let copies = chunk_sums.next().unwrap_or_default().iter();
            copies.for_each(|copy| sum.add_chunk(copy));
            if sum.amount() > 0 {
                sums.push(hasher.hash(key), *key, sum);
            }
        });
    }

    /// Adds the sums of a chunk, of which each value has `copies`, to those of the values, whose numbers are `numbers`.
    fn add_numbered(&mut self, numbers: &[u32], copies: usize) {
        let (missing, sums) = self.chunk_sums.split_at(copies);
        for sum in missing {
            self.missing.add_chunk(sum);
        }
        let bound = numbers.iter().max().map_or(0, |last| *last as usize + 1);
        if self.numbered.len() < bound {
            self.numbered.resize(bound, T::default());
        }
        let sums = sums.chunks(PREFETCHED * copies);
        for (numbers, sums) in numbers.chunks(PREFETCHED).zip(sums) {
            prefetch(&self.numbered, numbers.iter().copied());
            for (number, sums) in numbers.iter().zip(sums.chunks(copies)) {
                for sum in sums {
                    self.numbered[*number as usize].add_chunk(sum);
                }
            }
        }
    }

    /// The same where the combinations are many.
    fn add_rows(&mut self, chunk: &Chunk, mask: &Mask) {
        let Self {
            reader,
            scan,
            hasher,
            rows: RowSums { table, slots, sums },
            ..
        } = self;
        table.reset(mask.count(chunk.rows()));
        sums.clear();
        scan.chunk(chunk, mask, |rows, measures| {
            for field in &mut reader.fields {
                field.read(chunk, rows);
            }
            reader.pack(rows.len(), 0);
            slots.clear();
            reader.for_each(|_, key| {
                let slot = table.slot(hasher.hash(key), key);
                slots.push(u32::try_from(slot).unwrap_or(u32::MAX));
            });
            sums.resize(table.len(), T::default());
            T::add(sums, slots, measures);
        });
        for (key, sum) in table.keys().iter().zip(sums) {
            self.sums.push(hasher.hash(key), *key, *sum);
        }
    }

    /// Appends the sums of all chunks, if they were kept apart.
    fn finish(&mut self) {
        self.finish_numbered();
        if self.kind == Cells::OfChunk {
            return;
        }
        let (hasher, sums) = (&self.hasher, &mut self.sums);
        let mut cell_sums = self.cell_sums.drain(..);
        for_each_key(self.layout, &all_fields(self.layout), |key| {
            if let Some(sum) = cell_sums.next().filter(|sum| sum.amount() > 0) {
                sums.push(hasher.hash(key), *key, sum);
            }
        });
    }

    fn finish_numbered(&mut self) {
        let [codes] = self.layout.fields.as_slice() else {
            return;
        };
        let code = |value: NumberedValue| match value {
            NumberedValue::Wide(address) => codes.other(address),
            NumberedValue::Integer(integer) => codes.number(integer),
        };
        let known = codes.numbering.values().into_iter().map(code);
        let known = known.zip(self.numbered.drain(..));
        for (code, sum) in known.chain([(MISSING, self.missing)]) {
            if sum.amount() > 0 {
                let mut key = [0; N];
                self.layout.put(&mut key, 0, code);
                self.sums.push(self.hasher.hash(&key), key, sum);
            }
        }
    }

    /// Heap size in bytes.
    fn memory(&self) -> usize {
        self.sums.memory() + size_of_val(&*self.cell_sums) + size_of_val(&*self.numbered)
    }
}

fn add_in_chunk<T: GroupSum>(
    sums: &mut [T::Chunk],
    cells: &[u32],
    copies: usize,
    measures: &BatchMeasures,
) {
    if copies > 1 {
        T::add_in_chunk::<SUM_COPIES>(sums, cells, measures);
    } else {
        T::add_in_chunk::<1>(sums, cells, measures);
    }
}
