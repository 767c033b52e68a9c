//! Groups of the selected records: first how large each is, then everything about those that are listed.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Range;

use super::blocks::{Block, BlockBuilder, Carried, Partitioning};
use super::codes::{FieldCodes, Limits};
use super::distinct::{self, DistinctCounter};
use super::layout::{KeyLayout, KeyReader};
use super::reader::FieldReader;
use super::table::{KeyHasher, Packed, Table};
use super::{GroupError, Listing, Order, Rank};
use crate::analysis::{
    Accumulate, BATCH_ROWS, BatchMeasures, Rows, Selection, Sum, fold_parallel, useful_threads,
};
use crate::schema::id;
use crate::store::Chunk;

/// With about so many rows, the groups of a partition fit into the L2 cache.
const PARTITION_ROWS: usize = 1 << 14;
/// More partitions would leave each too few rows of a chunk.
const MAX_PARTITION_BITS: u32 = 10;
/// More rounds would take too long.
const MAX_ROUNDS: usize = 64;

/// What is asked about the selected records.
pub(super) struct Task<'a> {
    pub(super) selection: &'a Selection,
    pub(super) layout: &'a KeyLayout,
    /// The field whose distinct values are counted.
    pub(super) distinct: Option<&'a FieldCodes>,
    pub(super) seen: bool,
    pub(super) records_only: bool,
    pub(super) listing: &'a Listing,
    /// How many keys a record may have.
    pub(super) choices: usize,
    pub(super) limits: Limits,
}

/// A group that is listed.
#[derive(Clone, Debug)]
pub(super) struct ListedGroup<const N: usize> {
    pub(super) key: Packed<N>,
    /// What the list is ordered by.
    pub(super) amount: u64,
    pub(super) sum: Sum,
    pub(super) distinct: u64,
    /// The smallest `start` and the largest `end`.
    pub(super) seen: Option<(u64, u64)>,
}

/// The groups in the order of the listing.
#[derive(Clone, Debug, Default)]
pub(super) struct Listed<const N: usize> {
    pub(super) groups: Vec<ListedGroup<N>>,
    /// How many groups are large enough, listed or not.
    pub(super) total: usize,
}

/// A group that may be listed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate<const N: usize> {
    pub(super) amount: u64,
    pub(super) key: Packed<N>,
}

/// Something that is listed by amount and key.
pub(super) trait AsCandidate<const N: usize> {
    fn candidate(&self) -> Candidate<N>;
}

impl<const N: usize> AsCandidate<N> for Candidate<N> {
    #[inline]
    fn candidate(&self) -> Self {
        *self
    }
}

impl<const N: usize> AsCandidate<N> for ListedGroup<N> {
    #[inline]
    fn candidate(&self) -> Candidate<N> {
        Candidate {
            amount: self.amount,
            key: self.key,
        }
    }
}

/// What one thread finds in the partitions that it takes.
struct Ranker<const N: usize> {
    table: Table<N>,
    amounts: Vec<u64>,
    distinct: DistinctCounter,
    candidates: Vec<Candidate<N>>,
    total: usize,
}

impl Task<'_> {
    /// The groups.
    pub(super) fn run<const N: usize>(&self) -> Result<Listed<N>, GroupError> {
        if let Some(listed) = self.run_cells()? {
            return Ok(listed);
        }
        let carried = self.carried();
        let rows = self.selection.len();
        let reader = KeyReader::<N>::new(self.layout);
        let bytes = rows
            .saturating_mul(self.choices)
            .saturating_mul(carried.row_bytes::<N>());
        let max_bytes = (self.limits.max_bytes / 2).max(1);
        let counted = match self.distinct {
            Some(_) => {
                rows.saturating_mul(self.choices * distinct::ROW_BYTES * self.limits.threads)
            }
            None => 0,
        };
        let wanted = (rows / PARTITION_ROWS).max(counted.div_ceil(max_bytes));
        let wanted = wanted.next_power_of_two().trailing_zeros();
        let rounds = bytes.div_ceil(max_bytes);
        let rounds = rounds.next_power_of_two();
        if rounds > MAX_ROUNDS {
            return Err(GroupError::TooManyGroups);
        }
        let bits = wanted.min(MAX_PARTITION_BITS).max(rounds.trailing_zeros());
        let partitioning = Partitioning {
            hasher: KeyHasher::default(),
            bits,
        };
        let partitions = 1usize << bits;
        let mut listed = Listed {
            groups: Vec::new(),
            total: 0,
        };
        for round in 0..rounds {
            let size = partitions / rounds;
            let range = round * size..(round + 1) * size;
            let found = self.round(&reader, &carried, &partitioning, range)?;
            listed.total += found.total;
            listed.groups.extend(found.groups);
            self.keep_largest(&mut listed.groups);
            self.limits
                .check(listed.groups.len() * size_of::<ListedGroup<N>>())?;
        }
        self.sort(&mut listed.groups);
        Ok(listed)
    }

    fn carried(&self) -> Carried<'_> {
        let amount = match self.listing.order {
            Order::Largest(Rank::Measure(measure)) => measure.field(),
            Order::Largest(Rank::Distinct) | Order::ByValue => None,
        };
        Carried {
            amount,
            value: self.distinct.map(FieldReader::new),
        }
    }

    /// The groups of some partitions.
    fn round<const N: usize>(
        &self,
        reader: &KeyReader<'_, N>,
        carried: &Carried<'_>,
        partitioning: &Partitioning,
        round: Range<usize>,
    ) -> Result<Listed<N>, GroupError> {
        let size = round.len();
        let blocks = self.blocks(reader, carried, partitioning, &round);
        let partitions: Vec<usize> = (0..size).collect();
        let threads = self.limits.threads;
        if self.distinct.is_some() {
            let rows = |partition: &usize| blocks.iter().map(|block| block.len(*partition)).sum();
            let largest: usize = partitions.iter().map(rows).max().unwrap_or(0);
            self.limits
                .check(largest * distinct::ROW_BYTES * threads.min(size))?;
        }
        let rankers = fold_parallel(
            &partitions,
            threads.min(size),
            || Ranker::new(self.distinct),
            |ranker, partition| {
                ranker.rank(*partition, &blocks, self.listing, &partitioning.hasher);
                if ranker.candidates.len() / 2 > self.listing.limit.saturating_add(BATCH_ROWS) {
                    self.keep_largest(&mut ranker.candidates);
                }
            },
            &|| false,
        );
        let mut candidates = Vec::new();
        let mut total = 0;
        for ranker in rankers {
            candidates.extend(ranker.candidates);
            total += ranker.total;
        }
        self.keep_largest(&mut candidates);
        let group = size_of::<ListedGroup<N>>() + size_of::<Candidate<N>>();
        self.limits.check(candidates.len() * group)?;
        let mut by_partition: BTreeMap<usize, Vec<Candidate<N>>> = BTreeMap::new();
        for candidate in candidates {
            let partition = partitioning.of(partitioning.hasher.hash(&candidate.key)) - round.start;
            by_partition.entry(partition).or_default().push(candidate);
        }
        let by_partition: Vec<_> = by_partition.into_iter().collect();
        let filled = fold_parallel(
            &by_partition,
            threads.min(by_partition.len()),
            Vec::new,
            |groups, (partition, candidates)| {
                groups.extend(self.fill(*partition, candidates, &blocks, &partitioning.hasher));
            },
            &|| false,
        );
        Ok(Listed {
            groups: filled.into_iter().flatten().collect(),
            total,
        })
    }

    fn blocks<const N: usize>(
        &self,
        reader: &KeyReader<'_, N>,
        carried: &Carried<'_>,
        partitioning: &Partitioning,
        round: &Range<usize>,
    ) -> Vec<Block<N>> {
        let store = self.selection.store();
        let chunks: Vec<usize> = (0..store.chunks().len()).collect();
        let blocks = fold_parallel(
            &chunks,
            useful_threads(self.limits.threads, chunks.len()),
            || {
                let (reader, carried) = (reader.clone(), carried.clone());
                let builder = BlockBuilder::new(reader, carried, partitioning, round.clone());
                (builder, Vec::new())
            },
            |(builder, blocks), index| {
                let (chunk, mask) = (&store.chunks()[*index], &self.selection.masks()[*index]);
                let selected = mask.count(chunk.rows());
                if selected > 0 {
                    blocks.extend(builder.blocks(*index, chunk, mask, selected));
                }
            },
            &|| false,
        );
        blocks.into_iter().flat_map(|(_, blocks)| blocks).collect()
    }

    /// Leaves no more candidates than are listed.
    pub(super) fn keep_largest<const N: usize, C: AsCandidate<N>>(&self, groups: &mut Vec<C>) {
        let limit = self.listing.limit;
        if groups.len() <= limit {
            return;
        }
        if limit > 0 {
            groups.select_nth_unstable_by(limit - 1, |a, b| {
                self.compare(&a.candidate(), &b.candidate())
            });
        }
        groups.truncate(limit);
    }

    pub(super) fn sort<const N: usize>(&self, groups: &mut Vec<ListedGroup<N>>) {
        self.keep_largest(groups);
        groups.sort_unstable_by(|a, b| self.compare(&a.candidate(), &b.candidate()));
    }

    /// In the order of the listing: the largest first, ties by value.
    fn compare<const N: usize>(&self, a: &Candidate<N>, b: &Candidate<N>) -> Ordering {
        let by_amount = match self.listing.order {
            Order::ByValue => Ordering::Equal,
            Order::Largest(_) => b.amount.cmp(&a.amount),
        };
        by_amount.then_with(|| self.layout.compare(&a.key, &b.key))
    }

    /// Everything about some groups of a partition.
    fn fill<const N: usize>(
        &self,
        partition: usize,
        candidates: &[Candidate<N>],
        blocks: &[Block<N>],
        hasher: &KeyHasher,
    ) -> Vec<ListedGroup<N>> {
        let mut table = Table::new();
        table.reset(candidates.len());
        let mut groups: Vec<ListedGroup<N>> = Vec::with_capacity(candidates.len());
        for Candidate { amount, key } in candidates {
            table.slot(hasher.hash(key), key);
            groups.push(ListedGroup {
                key: *key,
                amount: *amount,
                sum: Sum::default(),
                distinct: 0,
                seen: None,
            });
        }
        let mut sums = vec![Sum::default(); groups.len()];
        let mut counter = DistinctCounter::new(self.distinct.map_or(0, FieldCodes::bound));
        let mut measures = BatchMeasures::default();
        let (mut rows, mut slots) = (Vec::new(), Vec::new());
        for block in blocks {
            let chunk = &self.selection.store().chunks()[block.chunk];
            let slice = block.slice(partition);
            for first in (0..slice.keys.len()).step_by(BATCH_ROWS) {
                let range = first..slice.keys.len().min(first + BATCH_ROWS);
                rows.clear();
                slots.clear();
                for at in range {
                    let key = &slice.keys[at];
                    let Some(slot) = table.find(hasher.hash(key), key) else {
                        continue;
                    };
                    rows.push(slice.rows[at]);
                    slots.push(u32::try_from(slot).unwrap_or(u32::MAX));
                    if let Some(value) = slice.values.get(at) {
                        counter.add(slot, *value);
                    }
                }
                if !rows.is_empty() && !block.is_repeated {
                    let rows = Rows::List(&rows);
                    measures.load(chunk, &rows);
                    Sum::add(&mut sums, &slots, &measures);
                    if self.seen {
                        note_times(chunk, &rows, &slots, &mut groups);
                    }
                }
            }
        }
        let distinct = counter.count(groups.len(), hasher);
        for ((group, sum), distinct) in groups.iter_mut().zip(sums).zip(distinct) {
            (group.sum, group.distinct) = (sum, distinct);
        }
        groups
    }
}

/// Widens the times in which groups were seen.
fn note_times<const N: usize>(
    chunk: &Chunk,
    rows: &Rows<'_>,
    slots: &[u32],
    groups: &mut [ListedGroup<N>],
) {
    let (starts, ends) = (chunk.column(id::START), chunk.column(id::END));
    rows.for_each(|index, row| {
        let start = starts.and_then(|column| column.integer(row));
        let end = ends.and_then(|column| column.integer(row));
        let Some((first, last)) = start.or(end).zip(end.or(start)) else {
            return;
        };
        let seen = &mut groups[slots[index] as usize].seen;
        let (earliest, latest) = seen.unwrap_or((first, last));
        *seen = Some((earliest.min(first), latest.max(last)));
    });
}

impl<const N: usize> Ranker<N> {
    fn new(distinct: Option<&FieldCodes>) -> Self {
        Self {
            table: Table::new(),
            amounts: Vec::new(),
            distinct: DistinctCounter::new(distinct.map_or(0, FieldCodes::bound)),
            candidates: Vec::new(),
            total: 0,
        }
    }

    /// Finds the groups of a partition that may be listed.
    fn rank(
        &mut self,
        partition: usize,
        blocks: &[Block<N>],
        listing: &Listing,
        hasher: &KeyHasher,
    ) {
        let rows: usize = blocks.iter().map(|block| block.len(partition)).sum();
        self.table.reset(rows.min(PARTITION_ROWS));
        self.amounts.clear();
        self.distinct.clear();
        let by_distinct = listing.order == Order::Largest(Rank::Distinct);
        for block in blocks {
            let slice = block.slice(partition);
            for first in (0..slice.keys.len()).step_by(BATCH_ROWS) {
                let range = first..slice.keys.len().min(first + BATCH_ROWS);
                self.table.reserve(range.len(), hasher);
                let keys = &slice.keys[range.clone()];
                if by_distinct {
                    for (key, value) in keys.iter().zip(&slice.values[range]) {
                        let slot = self.table.slot(hasher.hash(key), key);
                        self.distinct.add(slot, *value);
                    }
                } else if block.is_repeated {
                    break;
                } else if slice.amounts.is_empty() {
                    self.add(keys, std::iter::repeat(1), hasher);
                } else {
                    self.add(keys, slice.amounts[range].iter().copied(), hasher);
                }
            }
        }
        if by_distinct {
            self.amounts = self.distinct.count(self.table.len(), hasher);
        }
        let groups = self.table.keys().iter().zip(&self.amounts);
        let groups = groups.filter(|(_, amount)| **amount >= listing.at_least);
        let before = self.candidates.len();
        self.candidates
            .extend(groups.map(|(key, amount)| Candidate {
                amount: *amount,
                key: *key,
            }));
        self.total += self.candidates.len() - before;
    }

    #[inline]
    fn add(&mut self, keys: &[Packed<N>], amounts: impl Iterator<Item = u64>, hasher: &KeyHasher) {
        for (key, amount) in keys.iter().zip(amounts) {
            let slot = self.table.slot(hasher.hash(key), key);
            match self.amounts.get_mut(slot) {
                Some(sum) => *sum = sum.saturating_add(amount),
                None => self.amounts.push(amount),
            }
        }
    }
}
