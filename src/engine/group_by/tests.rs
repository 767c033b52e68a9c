use proptest::prelude::*;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::*;
use crate::analysis::tests::naive::{self, many, pick, picked_of, records};
use crate::store::Store;
use crate::store::tests::fixtures::{Plain, Record, shuffled, store};

#[track_caller]
fn check_groups(records: &[Record], store: &Store, by: &GroupBy) {
    let picked = picked_of(records);
    let mut wanted: BTreeMap<Vec<(bool, naive::Value)>, Vec<&Record>> = BTreeMap::new();
    for record in picked {
        let start = naive::value(record, id::START);
        let time = by.every.map(|width| {
            let begin = |value| match value {
                Plain::Number(n) => Plain::Number(n - n % width),
                other => other,
            };
            vec![start.map(begin)]
        });
        let fields = by.fields.iter().map(|field| naive::groups(record, *field));
        let mut keys = vec![Vec::new()];
        for values in time.into_iter().chain(fields) {
            let longer = keys.iter().flat_map(|key: &Vec<(bool, naive::Value)>| {
                values.iter().map(|value| {
                    let mut key = key.clone();
                    key.push((value.is_none(), value.clone()));
                    key
                })
            });
            keys = longer.collect();
        }
        for key in keys {
            wanted.entry(key).or_default().push(record);
        }
    }
    let wanted: Vec<(Vec<String>, Counts)> = wanted
        .into_iter()
        .map(|(key, records)| {
            let labels = key.iter().map(|(_, value)| naive::label(value)).collect();
            (labels, naive::counts(records))
        })
        .collect();
    let found = group_by(&pick(store), by, 3);
    assert_eq!(found.len(), wanted.len());
    let plain = |list: Vec<Combination>| -> Vec<(Vec<String>, Counts)> {
        list.into_iter().map(|c| (c.labels, c.counts)).collect()
    };
    assert_eq!(plain(found.ascending()), wanted, "{by:?}");
    let mut largest = wanted;
    largest.sort_by_key(|(_, counts)| Reverse(counts.bytes));
    largest.truncate(5);
    assert_eq!(plain(found.largest(Measure::Bytes, 5)), largest, "{by:?}");
}

proptest! {
    #[test]
    fn grouping_by_several_fields_counts_each_choice_of_values_once(
        records in records(60),
        sizes in prop::collection::vec(1usize..9, 1..9),
        seed: u64,
        every in prop::option::of(1u64..100),
        fields in prop::collection::vec(prop::sample::select(&naive::FIELDS[..]), 1..4),
    ) {
        let store = shuffled(&records, &sizes, seed);
        check_groups(&records, &store, &GroupBy { every, fields });
    }
}

#[test]
fn many_rows_are_grouped_as_few_are() {
    let records = many(9_000);
    for sizes in [&[9_000][..], &[400, 7_000, 100]] {
        let store = store(&records, sizes);
        for field in naive::FIELDS {
            let by = GroupBy {
                every: None,
                fields: vec![field],
            };
            check_groups(&records, &store, &by);
        }
        let by = GroupBy {
            every: Some(60),
            fields: vec![id::INTERFACE_ID, id::ACTION],
        };
        check_groups(&records, &store, &by);
    }
}

#[test]
fn ties_go_by_number_and_by_word() {
    let line = |line: u64, port: &str, name: &str| {
        Record::at(0, line)
            .with(id::DSTPORT, port)
            .with(id::INTERFACE_ID, name)
    };
    let records = [
        line(2, "443", "eni-z"),
        line(3, "-", "eni-b"),
        line(4, "9", "-"),
        line(5, "1000", "eni-a"),
    ];
    let selection = Selection::everything(store(&records, &[2]));
    let labels = |field| -> Vec<String> {
        let by = GroupBy {
            every: None,
            fields: vec![field],
        };
        let largest = group_by(&selection, &by, 1).largest(Measure::Records, 10);
        largest.into_iter().flat_map(|c| c.labels).collect()
    };
    assert_eq!(labels(id::DSTPORT), ["9", "443", "1000", "-"]);
    assert_eq!(labels(id::INTERFACE_ID), ["eni-a", "eni-b", "eni-z", "-"]);
}

#[test]
fn too_many_groups_for_the_memory_are_refused() {
    let records = many(200);
    let by = GroupBy {
        every: None,
        fields: vec![id::SRCADDR, id::LINE],
    };
    let selection = pick(&store(&records, &[50]));
    assert!(group_by_within(&selection, &by, 2, 1_000).is_none());
    assert!(group_by_within(&selection, &by, 2, 10_000_000).is_some());
}
