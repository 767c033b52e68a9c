//! Simple records, and stores of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::schema::{Address, Storage, id};
use crate::store::{Addresses, Bitmap, Column, Integers, Layout, Run, Source, Values, Wide};

/// A present value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Plain {
    Number(u64),
    Word(String),
    Address(Address),
}

/// The present values of a record.
pub(crate) type Record = BTreeMap<FieldId, Plain>;

/// The fields of every record, in the order of its line; one more is a column that no table names.
pub(crate) const FIELDS: [FieldId; 16] = [
    id::INTERFACE_ID,
    id::SRCADDR,
    id::DSTADDR,
    id::SRCPORT,
    id::DSTPORT,
    id::PROTOCOL,
    id::PACKETS,
    id::BYTES,
    id::START,
    id::END,
    id::ACTION,
    id::LOG_STATUS,
    id::TCP_FLAGS,
    id::PKT_SRCADDR,
    id::PKT_DSTADDR,
    id::REGION,
];

pub(crate) const EXTRA: &str = "cost-center";
/// Rows of a file.
pub(crate) const FILE_ROWS: usize = 40;
pub(crate) const HEADER: u64 = 1;

pub(crate) fn path(file: usize) -> String {
    format!("/logs/{file}.log")
}

pub(crate) fn fields(catalog: &Catalog) -> Vec<FieldId> {
    FIELDS
        .into_iter()
        .chain([catalog.header_field(EXTRA)])
        .collect()
}

/// `field=value` words as a record.
pub(crate) fn record(text: &str) -> Record {
    let pair = |word: &str| {
        let (name, value) = word.split_once('=').unwrap();
        // The first column that no table names.
        let extra = FieldId::from_index(crate::schema::FIELDS.len());
        let field = crate::schema::lookup(name)
            .or_else(|| (name == EXTRA).then_some(extra))
            .unwrap();
        let plain = match field.storage() {
            Storage::Number => Plain::Number(value.parse().unwrap()),
            Storage::Word => Plain::Word(value.into()),
            Storage::Address => Plain::Address(value.parse::<Address>().unwrap()),
        };
        (field, plain)
    };
    text.split_whitespace().map(pair).collect()
}

/// A store of `records`, [`FILE_ROWS`] in a file and `chunk_rows` in a chunk.
pub(crate) fn store(records: &[Record], chunk_rows: usize) -> Store {
    let catalog = Arc::new(Catalog::default());
    let fields = fields(&catalog);
    let layout = Arc::new(Layout {
        fields: fields.clone(),
        header: None,
        ..Layout::default()
    });
    let sources = (0..records.len().div_ceil(FILE_ROWS)).map(|file| Source {
        path: path(file).into(),
        layouts: vec![Arc::clone(&layout)],
        ..Source::default()
    });
    let mut store = Store::new(Arc::clone(&catalog), sources.collect());
    for (index, rows) in records.chunks(chunk_rows).enumerate() {
        let mut columns: Vec<(FieldId, Column)> = fields
            .iter()
            .filter_map(|field| Some((*field, column(&catalog, *field, rows)?)))
            .collect();
        columns.sort_by_key(|(field, _)| *field);
        let place = |row: usize| index * chunk_rows + row;
        let begins = |row: &usize| *row == 0 || place(*row).is_multiple_of(FILE_ROWS);
        let runs = (0..rows.len()).filter(begins).map(|row| Run {
            row: u32::try_from(row).unwrap(),
            source: u32::try_from(place(row) / FILE_ROWS).unwrap(),
            line: (place(row) % FILE_ROWS) as u64 + HEADER + 1,
            layout: Arc::clone(&layout),
        });
        store.push(Arc::new(Chunk::new(
            rows.len(),
            columns,
            runs.collect(),
            Vec::new(),
        )));
    }
    store
}

fn column(catalog: &Catalog, field: FieldId, rows: &[Record]) -> Option<Column> {
    let given: Vec<Option<&Plain>> = rows.iter().map(|record| record.get(&field)).collect();
    if given.iter().all(Option::is_none) {
        return None;
    }
    let mut wide: Vec<Address> = Vec::new();
    let mut integers = Vec::new();
    for value in &given {
        integers.push(match value {
            None => None,
            Some(Plain::Number(number)) => Some(*number),
            Some(Plain::Word(word)) => Some(catalog.dictionaries.of(field).code(word).into()),
            Some(Plain::Address(Address::V4(v4))) => Some(v4.to_bits().into()),
            Some(Plain::Address(address)) => {
                let known = wide.iter().position(|other| other == address);
                let index = known.unwrap_or_else(|| {
                    wide.push(*address);
                    wide.len() - 1
                });
                Some(index as u64)
            }
        });
    }
    let is_wide = |row: usize| {
        matches!(
            given[row],
            Some(Plain::Address(Address::V6(_) | Address::Mac(_)))
        )
    };
    let narrow = (0..rows.len())
        .filter(|row| !is_wide(*row))
        .filter_map(|row| integers[row]);
    let range = narrow.clone().min().zip(narrow.max());
    let all = integers.iter().flatten();
    let (min, max) = (*all.clone().min()?, *all.max()?);
    let raw: Vec<u64> = integers
        .iter()
        .map(|value| value.unwrap_or(u64::MAX))
        .collect();
    let packed = Integers::pack(&raw, min, max);
    let values = match field.storage() {
        Storage::Number => Values::Numbers(packed),
        Storage::Word => Values::Words(packed),
        Storage::Address => Values::Addresses(Addresses {
            narrow: packed,
            wide: (!wide.is_empty()).then(|| Wide {
                rows: Bitmap::from_fn(rows.len(), is_wide),
                addresses: wide.into_boxed_slice(),
            }),
        }),
    };
    let missing = integers.iter().any(Option::is_none);
    Some(Column {
        values,
        present: missing.then(|| Bitmap::from_fn(rows.len(), |row| integers[row].is_some())),
        range,
    })
}

/// The line of a record.
pub(crate) fn line(record: &Record, fields: &[FieldId]) -> String {
    let text = |field: &FieldId| match record.get(field) {
        None => "-".to_owned(),
        Some(Plain::Number(number)) => number.to_string(),
        Some(Plain::Word(word)) => word.clone(),
        Some(Plain::Address(address)) => address.to_string(),
    };
    fields.iter().map(text).collect::<Vec<String>>().join(" ")
}

#[test]
fn the_stores_of_these_tests_hold_their_records() {
    let record: Record = [
        (id::SRCADDR, Plain::Address("2001:db8::1".parse().unwrap())),
        (id::DSTADDR, Plain::Address("10.0.0.1".parse().unwrap())),
        (id::BYTES, Plain::Number(5)),
        (id::ACTION, Plain::Word("REJECT".into())),
    ]
    .into();
    let records = vec![Record::new(), record.clone(), record];
    let store = store(&records, 2);
    let fields = fields(&store.catalog);
    for (row, record) in records.iter().enumerate() {
        let row = crate::store::RowId(u32::try_from(row).unwrap());
        assert_eq!(store.line_text(row), line(record, &fields));
    }
    assert_eq!(store.source_position(crate::store::RowId(2)), (0, 4));
}
