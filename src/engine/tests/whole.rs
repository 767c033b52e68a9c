//! The whole way: whatever the records, the filter, the files, their compression, their order and the number of
//! threads, the answer is what the plain reading of each record gives.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::*;
use crate::ingest::{self, Input, Options};
use crate::query::tests::{filters, naive, properties, records};
use crate::query::{Context, compile};
use crate::schema::Address;
use crate::store::Catalog;

/// Writes `lines` under a header as a file, which is compressed as `level` says.
fn write(path: &PathBuf, header: &str, lines: &[String], level: Option<u32>) {
    let text = format!("{header}\n{}\n", lines.join("\n"));
    let bytes = match level {
        None => text.into_bytes(),
        Some(level) => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::new(level));
            encoder.write_all(text.as_bytes()).unwrap();
            encoder.finish().unwrap()
        }
    };
    std::fs::write(path, bytes).unwrap();
}

/// A record as it can stand in a log: addresses that are MACs are for another type of traffic.
fn writable(mut record: records::Record) -> records::Record {
    record.retain(|_, value| !matches!(value, records::Plain::Address(Address::Mac(_))));
    record
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(250))]

    #[test]
    fn what_is_read_from_files_is_answered_as_record_by_record(
        records in properties::records(), texts in prop::collection::vec(filters::filter(), 1..5),
        sizes in prop::collection::vec(1usize..60, 1..5), levels in prop::collection::vec(prop::option::of(0u32..9), 5),
        threads in 1usize..4, reversed: bool,
    ) {
        let records: Vec<records::Record> = records.into_iter().map(writable).collect();
        let folder = tempfile::tempdir().unwrap();
        let names = Catalog::default();
        let fields = records::fields(&names);
        let header: Vec<String> = fields.iter().map(|field| names.name(*field)).collect();
        let lines: Vec<String> = records.iter().map(|record| records::line(record, &fields)).collect();
        let (mut places, mut inputs, mut rest) = (Vec::new(), Vec::new(), &lines[..]);
        let mut file = 0;
        while !rest.is_empty() {
            let size = sizes[file % sizes.len()].min(rest.len());
            let (these, others) = rest.split_at(size);
            let path = folder.path().join(format!("{file}.log"));
            write(&path, &header.join(" "), these, levels[file % levels.len()]);
            places.extend((0..size).map(|line| (path.clone(), line as u64 + 2)));
            inputs.push(Input::Path(path));
            (rest, file) = (others, file + 1);
        }
        if reversed {
            inputs.reverse();
        }
        let options = Options { threads, ..Options::default() };
        let store = ingest::load(inputs, options).unwrap().store;
        prop_assert_eq!(store.rows(), records.len(), "{:?}", store.rejects());

        let mut filter_cache = FilterCache::default();
        for (ticket, text) in (1u64..).zip(&texts) {
            let context = Context::of(&store, &[]);
            let Some(expression) = compile(text, &context).expression else { continue };
            let question = Question { filter: Some(Arc::clone(&expression)), ..question() };
            let request = request(ticket, &store, &question);
            let real = Settings { threads, patience: None, bytes_per_row: usize::MAX, ..Settings::default() };
            let answer = filter_cache.answer(&request, &real, &|| false, &mut |_| {}).unwrap();
            let found: BTreeSet<(PathBuf, u64)> = answer
                .selection
                .rows()
                .map(|row| {
                    let (source, line) = store.source_position(row);
                    (store.sources()[source].path.clone(), line)
                })
                .collect();
            let wanted: BTreeSet<(PathBuf, u64)> = records
                .iter()
                .zip(&lines)
                .zip(&places)
                .filter(|((record, line), (path, number))| {
                    let row = naive::Row {
                        record,
                        file: path.to_string_lossy().into_owned(),
                        line: *number,
                        text: (*line).clone(),
                        span: store.span(),
                    };
                    naive::holds(&expression, &row)
                })
                .map(|(_, place)| place.clone())
                .collect();
            prop_assert_eq!(found, wanted, "{}", expression);
        }
    }
}
