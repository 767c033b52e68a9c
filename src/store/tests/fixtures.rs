//! Stores made from plain records, for the tests of every room that reads one.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::schema::{Address, DEFAULT_FORMAT, FieldId, Storage};
use crate::store::{
    Addresses, Bitmap, Catalog, Chunk, Column, Integers, Layout, Run, Source, Store, Values, Wide,
};

/// A value of a [`Record`]. What a record does not name is missing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Plain {
    Number(u64),
    Address(Address),
    Word(String),
}

/// One record and the place where it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) source: u32,
    pub(crate) line: u64,
    pub(crate) values: BTreeMap<FieldId, Plain>,
}

impl Record {
    /// A record without values.
    pub(crate) fn at(source: u32, line: u64) -> Self {
        Self {
            source,
            line,
            ..Self::default()
        }
    }

    /// The record with `field` as `text`, read as the field's kind asks for; `-` is missing.
    #[track_caller]
    pub(crate) fn with(mut self, field: FieldId, text: &str) -> Self {
        if text != "-" {
            let value = match field.storage() {
                Storage::Number => Plain::Number(text.parse().unwrap()),
                Storage::Address => Plain::Address(text.parse().unwrap()),
                Storage::Word => Plain::Word(text.to_owned()),
            };
            self.values.insert(field, value);
        }
        self
    }

    /// The record of a line in the default format.
    #[track_caller]
    pub(crate) fn of_line(source: u32, line: u64, text: &str) -> Self {
        let words: Vec<&str> = text.split(' ').collect();
        assert_eq!(words.len(), DEFAULT_FORMAT.len(), "{text}");
        let words = DEFAULT_FORMAT.into_iter().zip(words);
        words.fold(Self::at(source, line), |record, (field, word)| {
            record.with(field, word)
        })
    }

    /// The number of `field`.
    pub(crate) fn number(&self, field: FieldId) -> Option<u64> {
        match self.values.get(&field) {
            Some(Plain::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// The word of `field`.
    pub(crate) fn word(&self, field: FieldId) -> Option<&str> {
        match self.values.get(&field) {
            Some(Plain::Word(word)) => Some(word),
            _ => None,
        }
    }

    /// The address of `field`.
    pub(crate) fn address(&self, field: FieldId) -> Option<Address> {
        match self.values.get(&field) {
            Some(Plain::Address(address)) => Some(*address),
            _ => None,
        }
    }
}

/// A chunk of `records`, which ascend by source and line.
pub(crate) fn chunk(catalog: &Catalog, records: &[Record]) -> Chunk {
    let mut fields: Vec<FieldId> = records
        .iter()
        .flat_map(|record| record.values.keys().copied())
        .collect();
    fields.sort_unstable();
    fields.dedup();
    let columns = fields.iter().map(|field| {
        let values: Vec<Option<&Plain>> = records.iter().map(|r| r.values.get(field)).collect();
        (*field, column(catalog, *field, &values))
    });
    let layout = Arc::new(Layout {
        fields: fields.clone(),
        header: None,
        ..Layout::default()
    });
    let mut runs: Vec<Run> = Vec::new();
    for (row, record) in records.iter().enumerate() {
        let follows = row > 0
            && records[row - 1].source == record.source
            && records[row - 1].line + 1 == record.line;
        if !follows {
            runs.push(Run {
                row: u32::try_from(row).unwrap(),
                source: record.source,
                line: record.line,
                layout: Arc::clone(&layout),
            });
        }
    }
    Chunk::new(records.len(), columns.collect(), runs, Vec::new())
}

/// The column of `field`; rows without a value hold what is packed for a zero.
pub(crate) fn column(catalog: &Catalog, field: FieldId, values: &[Option<&Plain>]) -> Column {
    let mut wide: Vec<Address> = Vec::new();
    let mut wide_rows = Bitmap::none(values.len());
    let mut integers = Vec::new();
    let mut range: Option<(u64, u64)> = None;
    for (row, value) in values.iter().enumerate() {
        let (integer, counts) = match value {
            None => (0, false),
            Some(Plain::Number(number)) => (*number, true),
            Some(Plain::Word(word)) => {
                let code = catalog.dictionaries.of(field).code(word);
                (u64::from(code), true)
            }
            Some(Plain::Address(Address::V4(v4))) => (u64::from(v4.to_bits()), true),
            Some(Plain::Address(address)) => {
                wide_rows.set(row);
                let known = wide.iter().position(|other| other == address);
                let index = known.unwrap_or_else(|| {
                    wide.push(*address);
                    wide.len() - 1
                });
                (index as u64, false)
            }
        };
        if counts {
            let (low, high) = range.unwrap_or((integer, integer));
            range = Some((low.min(integer), high.max(integer)));
        }
        integers.push(integer);
    }
    // The indexes of wide addresses are packed with the rest, but are not addresses.
    let highest = (wide.len() as u64).saturating_sub(1);
    let (low, high) = range.unwrap_or((0, 0));
    let (low, high) = if wide.is_empty() {
        (low, high)
    } else {
        (0, high.max(highest))
    };
    let packed = Integers::pack(&integers, low, high);
    let present = Bitmap::from_fn(values.len(), |row| values[row].is_some());
    Column {
        values: match field.storage() {
            Storage::Number => Values::Numbers(packed),
            Storage::Word => Values::Words(packed),
            Storage::Address => Values::Addresses(Addresses {
                narrow: packed,
                wide: (!wide.is_empty()).then(|| Wide {
                    rows: wide_rows,
                    addresses: wide.into(),
                }),
            }),
        },
        present: (present.count() < values.len()).then_some(present),
        range,
    }
}

/// A store of `records`, which ascend by source and line, in chunks of `sizes` (the last one again and again)
/// in reading order.
pub(crate) fn store(records: &[Record], sizes: &[usize]) -> Store {
    let catalog = Arc::new(Catalog::default());
    let chunks = chunks(&catalog, records, sizes);
    store_of(&catalog, records, chunks)
}

/// The chunks of [`store`].
pub(crate) fn chunks(catalog: &Catalog, records: &[Record], sizes: &[usize]) -> Vec<Arc<Chunk>> {
    let mut sizes = sizes.iter().copied();
    let mut size = records.len().max(1);
    let mut rest = records;
    let mut chunks = Vec::new();
    while !rest.is_empty() {
        size = sizes.next().unwrap_or(size).max(1);
        let (first, after) = rest.split_at(size.min(rest.len()));
        chunks.push(Arc::new(chunk(catalog, first)));
        rest = after;
    }
    chunks
}

/// A store as [`store`] makes it, but with its chunks published in an order that `seed` shuffles.
pub(crate) fn shuffled(records: &[Record], sizes: &[usize], seed: u64) -> Store {
    let catalog = Arc::new(Catalog::default());
    let mut chunks = chunks(&catalog, records, sizes);
    let mut state = seed;
    for last in (1..chunks.len()).rev() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let other = usize::try_from(state >> 33).unwrap() % (last + 1);
        chunks.swap(last, other);
    }
    store_of(&catalog, records, chunks)
}

/// A store of `chunks` in the order of publication, with a source for each that `records` name.
pub(crate) fn store_of(
    catalog: &Arc<Catalog>,
    records: &[Record],
    chunks: impl IntoIterator<Item = Arc<Chunk>>,
) -> Store {
    let last = records.iter().map(|record| record.source).max();
    let sources = (0..=last.unwrap_or(0)).map(|index| Source {
        path: format!("{index}.log").into(),
        ..Source::default()
    });
    let mut store = Store::new(Arc::clone(catalog), sources.collect());
    for chunk in chunks {
        store.push(chunk);
    }
    store
}
