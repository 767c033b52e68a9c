//! The values of a column as integers that sort in the same order.

use std::collections::HashMap;
use std::path::Path;

use foldhash::fast::RandomState;

use crate::analysis::scan::Rows;
use crate::analysis::{Key, Selection};
use crate::query::Mask;
use crate::schema::{Address, FieldId, Storage, id};
use crate::store::{Cell, Chunk, Column, Computed, EXPORTED_FILES, RowId, Store, Wide, address};

/// The first key of addresses that are not IPv4.
const FIRST_WIDE: u64 = 1 << 32;

/// The keys of some rows.
#[derive(Debug, Default)]
pub(super) struct Batch {
    keys: Vec<u64>,
    /// Whether the row has a value; if not, its key is arbitrary.
    present: Vec<bool>,
}

/// How the values of a field become integers.
#[derive(Debug)]
pub(super) struct SortKeys {
    field: FieldId,
    strategy: Strategy,
}

#[derive(Debug)]
enum Strategy {
    /// The numbers of a column.
    Numbers,
    /// By code, the index of the word among the sorted words.
    Words(Vec<u32>),
    /// The bits of IPv4 addresses; the others are numbered above them in sorted order.
    Addresses(HashMap<Address, u64, RandomState>),
    /// The numbers of a computed field.
    Computed,
    /// The same, where each number stands for a word: its index among the sorted words.
    ComputedWords(Vec<u32>),
    /// The same, of files: those of sources, and from this index on those that records were exported from.
    Files(Vec<u32>, usize),
    /// The first of two columns of numbers that has a value.
    Ports,
}

/// The value of any field in `row`, including computed fields; for fields like `addr`, that of the source, or else of
/// the destination.
///
/// # Panics
///
/// When the store has no such row.
pub fn field_value(store: &Store, row: RowId, field: FieldId) -> Key {
    let cell = |field: FieldId| match store.cell(row, field) {
        Cell::Missing => None,
        Cell::Number(number) => Some(Key::Number(number)),
        Cell::Word(code) => Some(Key::Word(code)),
        Cell::Address(address) => Some(Key::Address(address)),
    };
    let found = if let Some([first, second]) = field.either() {
        cell(first).or_else(|| cell(second))
    } else if field.is_computed() {
        let (chunk, offset) = store.chunk_of(row);
        let number = Computed::new(chunk, field).number(offset);
        number.and_then(|number| computed_key(store, field, number))
    } else {
        cell(field)
    };
    found.unwrap_or(Key::Missing)
}

fn computed_key(store: &Store, field: FieldId, number: u64) -> Option<Key> {
    match field {
        id::SCOPE => Some(Key::Word(u32::try_from(number).ok()?)),
        id::FILE => {
            let words = store.catalog.dictionaries.of(field);
            Some(Key::Word(words.code(&store.file_path(number)?)))
        }
        _ => Some(Key::Number(number)),
    }
}

impl SortKeys {
    pub(super) fn new(selection: &Selection, field: FieldId) -> Self {
        let store = selection.store();
        let strategy = match (field, field.storage()) {
            (id::PORT, _) => Strategy::Ports,
            (id::FILE, _) => Strategy::Files(file_ranks(store), store.sources().len()),
            (id::SCOPE, _) => Strategy::ComputedWords(store.catalog.dictionaries.of(field).ranks()),
            (_, Storage::Address) => Strategy::Addresses(wide_addresses(selection, field)),
            _ if field.is_computed() => Strategy::Computed,
            (_, Storage::Word) => Strategy::Words(store.catalog.dictionaries.of(field).ranks()),
            (_, Storage::Number) => Strategy::Numbers,
        };
        Self { field, strategy }
    }

    /// The lowest and the highest key, if they are known beforehand.
    pub(super) fn span(&self, selection: &Selection) -> Option<(u64, u64)> {
        match &self.strategy {
            Strategy::Words(ranks) | Strategy::ComputedWords(ranks) | Strategy::Files(ranks, _) => {
                Some((0, ranks.len() as u64))
            }
            Strategy::Addresses(wide) if !wide.is_empty() => None,
            Strategy::Addresses(_) if self.field.is_computed() => Some((0, u64::from(u32::MAX))),
            Strategy::Ports => Some((0, u64::from(u16::MAX))),
            Strategy::Computed => None,
            Strategy::Numbers | Strategy::Addresses(_) => {
                let columns = columns(selection, self.field);
                let ranges = columns.filter_map(|column| column.range);
                let span = ranges.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
                Some(span.unwrap_or((0, 0)))
            }
        }
    }

    /// Fills `batch` with the keys of `rows`.
    #[inline]
    pub(super) fn load(&self, chunk: &Chunk, rows: &Rows<'_>, batch: &mut Batch) {
        let rank = |ranks: &[u32], code: u64| {
            let code = usize::try_from(code).unwrap_or(usize::MAX);
            u64::from(ranks.get(code).copied().unwrap_or(0))
        };
        let column = chunk.column(self.field);
        match (&self.strategy, column) {
            (Strategy::Numbers, Some(column)) => batch.gather(column, rows, |number| number),
            (Strategy::Words(ranks), Some(column)) => {
                batch.gather(column, rows, |code| rank(ranks, code));
            }
            (Strategy::Addresses(wide), Some(column)) if wide.is_empty() => {
                batch.gather(column, rows, |bits| bits);
            }
            (Strategy::Addresses(wide), _) => {
                let columns = address_columns(self.field).map(|side| chunk.column(side?));
                batch.fill(rows, |row| {
                    let found = columns.iter().find_map(|column| address((*column)?, row));
                    found.map(|address| address_key(wide, address))
                });
            }
            (Strategy::Ports, _) => {
                let (a, b) = (chunk.column(id::SRCPORT), chunk.column(id::DSTPORT));
                let port = |column: Option<&Column>, row| column.and_then(|c| c.integer(row));
                batch.fill(rows, |row| port(a, row).or_else(|| port(b, row)));
            }
            (Strategy::Computed, _) => {
                let computed = Computed::new(chunk, self.field);
                batch.fill(rows, |row| computed.number(row));
            }
            (Strategy::Files(ranks, sources), _) => {
                let computed = Computed::new(chunk, self.field);
                let place = |file: u64| match file.checked_sub(EXPORTED_FILES) {
                    Some(code) => code + *sources as u64,
                    None => file,
                };
                batch.fill(rows, |row| {
                    computed.number(row).map(|n| rank(ranks, place(n)))
                });
            }
            (Strategy::ComputedWords(ranks), _) => {
                let computed = Computed::new(chunk, self.field);
                batch.fill(rows, |row| computed.number(row).map(|n| rank(ranks, n)));
            }
            (Strategy::Numbers | Strategy::Words(_), None) => batch.fill(rows, |_| None),
        }
    }
}

impl Batch {
    /// The keys of the rows, none for those without a value.
    pub(super) fn keys(&self) -> impl Iterator<Item = Option<u64>> + '_ {
        let keys = self.keys.iter().zip(&self.present);
        keys.map(|(key, present)| present.then_some(*key))
    }

    #[inline]
    fn gather(&mut self, column: &Column, rows: &Rows<'_>, convert: impl Fn(u64) -> u64) {
        rows.gather(column.integers(), &mut self.keys, convert);
        self.present.clear();
        self.present.resize(rows.len(), true);
        rows.fill_missing(column, &mut self.present, false);
    }

    #[inline]
    fn fill(&mut self, rows: &Rows<'_>, mut key: impl FnMut(usize) -> Option<u64>) {
        self.keys.clear();
        self.present.clear();
        rows.for_each(|_, row| {
            let key = key(row);
            self.keys.push(key.unwrap_or(0));
            self.present.push(key.is_some());
        });
    }
}

/// The columns with the addresses of a field.
fn address_columns(field: FieldId) -> [Option<FieldId>; 2] {
    match field.either() {
        Some(fields) => fields.map(Some),
        None => [Some(field), None],
    }
}

fn address_key(wide: &HashMap<Address, u64, RandomState>, address: Address) -> u64 {
    match address {
        Address::V4(v4) => u64::from(v4.to_bits()),
        address => wide.get(&address).copied().unwrap_or(u64::MAX),
    }
}

/// The columns of `field` in chunks with selected rows.
fn columns(selection: &Selection, field: FieldId) -> impl Iterator<Item = &Column> {
    let chunks = selection.store().chunks().iter().zip(selection.masks());
    chunks
        .filter(|(_, mask)| **mask != Mask::None)
        .filter_map(move |(chunk, _)| chunk.column(field))
}

/// The bytes of the key of an address that is not IPv4: in a sorted list, and in a hash table.
const WIDE_ADDRESS_BYTES: usize = 4 * size_of::<(Address, u64)>();

/// Whether the keys of `field` fit into 32 bits, so that rows are sorted in half the memory, and how many bytes it takes
/// to make the keys.
pub(super) fn size(selection: &Selection, field: FieldId) -> (bool, usize) {
    let is_narrow = match (field, field.storage()) {
        (id::PORT | id::FILE | id::SCOPE, _) => true,
        (_, Storage::Address) => {
            let wide = wide_columns(selection, field).map(|wide| wide.addresses.len());
            let wide: usize = wide.sum();
            return (wide == 0, wide * WIDE_ADDRESS_BYTES);
        }
        _ if field.is_computed() => false,
        (_, Storage::Word) => true,
        (_, Storage::Number) => {
            let ranges = columns(selection, field).filter_map(|column| column.range);
            let span = ranges.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
            span.is_none_or(|(low, high)| u32::try_from(high - low).is_ok())
        }
    };
    (is_narrow, 0)
}

/// The addresses of `field` that are not IPv4, by chunk.
fn wide_columns(selection: &Selection, field: FieldId) -> impl Iterator<Item = &Wide> {
    let sides = address_columns(field).into_iter().flatten();
    sides
        .flat_map(|side| columns(selection, side))
        .filter_map(Column::wide)
}

/// The keys of the addresses of `field` that are not IPv4.
fn wide_addresses(selection: &Selection, field: FieldId) -> HashMap<Address, u64, RandomState> {
    let mut addresses: Vec<Address> = wide_columns(selection, field)
        .flat_map(|wide| wide.addresses.iter().copied())
        .collect();
    addresses.sort_unstable();
    addresses.dedup();
    addresses.into_iter().zip(FIRST_WIDE..).collect()
}

/// The index of the path of each file among the sorted paths: of the sources, then of the files that records were
/// exported from.
fn file_ranks(store: &Store) -> Vec<u32> {
    let exported = store.catalog.dictionaries.of(id::FILE).words();
    let paths = store.sources().iter().map(|source| source.path.as_path());
    let paths = paths.chain(exported.iter().map(|path| Path::new(&**path)));
    let mut sorted: Vec<_> = paths.clone().collect();
    sorted.sort_unstable();
    sorted.dedup();
    let rank = |path| sorted.partition_point(|other| *other < path);
    paths
        .map(|path| u32::try_from(rank(path)).unwrap_or(u32::MAX))
        .collect()
}
