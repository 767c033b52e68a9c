//! Small stores for the tests of this room, made from the text of a flow log.

use std::sync::Arc;

use super::decode::decode;
use crate::schema::{FieldId, Storage, Value, id};
use crate::store::{
    Addresses, Bitmap, Catalog, Cell, Chunk, Column, Integers, Layout, RowId, Run, Store, Values,
    Wide,
};

/// A version 2 header, for the records of tests.
pub(super) const V2: &str = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets \
    bytes start end action log-status";

/// A store of `lines` under `header`.
pub(super) fn store_of(header: &str, lines: &[&str]) -> Store {
    let catalog = Arc::new(Catalog::default());
    let fields: Vec<FieldId> = header
        .split_whitespace()
        .map(|word| catalog.header_field(word))
        .collect();
    let rows: Vec<Vec<&str>> = lines
        .iter()
        .map(|line| line.split_whitespace().collect())
        .collect();
    let mut columns: Vec<(FieldId, Column)> = Vec::new();
    for (index, field) in fields.iter().enumerate() {
        let words: Vec<&str> = rows.iter().map(|row| row[index]).collect();
        columns.push((*field, column(&catalog, *field, &words)));
    }
    columns.sort_by_key(|(field, _)| *field);
    let layout = Arc::new(Layout {
        fields,
        header: Some(header.into()),
        ..Layout::default()
    });
    let run = Run {
        row: 0,
        source: 0,
        line: 2,
        layout,
    };
    let mut store = Store::new(Arc::clone(&catalog), Vec::new());
    store.push(Arc::new(Chunk::new(
        rows.len(),
        columns,
        vec![run],
        Vec::new(),
    )));
    store
}

fn column(catalog: &Catalog, field: FieldId, words: &[&str]) -> Column {
    let mut wide = Vec::new();
    let values: Vec<u64> = words
        .iter()
        .map(|word| match (field.storage(), *word) {
            (_, "-") => 0,
            (Storage::Number, number) => number.parse().unwrap(),
            (Storage::Word, word) => u64::from(catalog.dictionaries.of(field).code(word)),
            (Storage::Address, address) => match address.parse().unwrap() {
                crate::schema::Address::V4(v4) => u64::from(u32::from(v4)),
                other => {
                    wide.push(other);
                    wide.len() as u64 - 1
                }
            },
        })
        .collect();
    let max = *values.iter().max().unwrap();
    let integers = Integers::pack(&values, 0, max);
    let is_wide = |word: &str| word.contains(':');
    Column {
        values: match field.storage() {
            Storage::Number => Values::Numbers(integers),
            Storage::Word => Values::Words(integers),
            Storage::Address => Values::Addresses(Addresses {
                narrow: integers,
                wide: Some(Wide {
                    rows: Bitmap::from_fn(words.len(), |row| is_wide(words[row])),
                    addresses: wide.into(),
                }),
            }),
        },
        present: Some(Bitmap::from_fn(words.len(), |row| words[row] != "-")),
        range: Some((0, max)),
    }
}

#[test]
fn a_store_made_for_a_test_prints_its_lines_again() {
    let lines = [
        "2 123456789012 eni-1 10.0.0.1 2001:db8::1 0 0 1 4 336 5 9 ACCEPT OK",
        "2 123456789012 eni-1 - - - - - - - 5 9 - NODATA",
    ];
    let store = store_of(V2, &lines);
    assert_eq!(store.line_text(RowId(0)), lines[0]);
    assert_eq!(store.line_text(RowId(1)), lines[1]);
    assert_eq!(store.cell(RowId(1), id::BYTES), Cell::Missing);
    assert_eq!(decode(id::ACTION, Value::Missing, None), None);
}
