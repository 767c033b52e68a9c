use proptest::prelude::*;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, Ipv6Addr};

use super::*;
use crate::analysis::tests::naive::{self, many, pick, picked_of, records, with_far_addresses};
use crate::schema::{Address, Storage};
use crate::store::Store;
use crate::store::tests::fixtures::{Plain, Record, shuffled, store};

/// The orders of a listing.
const ORDERS: [Order; 5] = [
    Order::ByValue,
    Order::Largest(Rank::Measure(Measure::Records)),
    Order::Largest(Rank::Measure(Measure::Packets)),
    Order::Largest(Rank::Measure(Measure::Bytes)),
    Order::Largest(Rank::Distinct),
];

/// What a group is ordered by, missing values last; and its label.
type Value = (bool, naive::Value, String);

/// The value that stands for `value` in a group by `by`.
fn grouped(value: naive::Value, by: GroupField) -> Value {
    let label = naive::label(&value);
    let (network, bits) = match (&value, by.prefix) {
        (Some(Plain::Address(Address::V4(v4))), Some(prefix)) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(prefix.v4)).unwrap_or(0);
            let network = Ipv4Addr::from(v4.to_bits() & mask);
            (Address::V4(network), Some(prefix.v4).filter(|v4| *v4 < 32))
        }
        (Some(Plain::Address(Address::V6(v6))), Some(prefix)) => {
            let mask = u128::MAX
                .checked_shl(128 - u32::from(prefix.v6))
                .unwrap_or(0);
            let network = Ipv6Addr::from(v6.to_bits() & mask);
            (Address::V6(network), Some(prefix.v6).filter(|v6| *v6 < 128))
        }
        _ => return (value.is_none(), value, label),
    };
    let label = bits.map_or_else(|| network.to_string(), |bits| format!("{network}/{bits}"));
    (false, Some(Plain::Address(network)), label)
}

/// The groups by value, worked out record by record.
fn naive_groups(records: &[Record], by: &GroupBy) -> Vec<Combination> {
    let mut wanted: BTreeMap<Vec<Value>, Vec<&Record>> = BTreeMap::new();
    for record in picked_of(records) {
        let start = naive::value(record, id::START);
        let time = by.every.map(|width| {
            let begin = |value| match value {
                Plain::Number(n) => Plain::Number(n - n % width),
                other => other,
            };
            vec![grouped(start.map(begin), id::START.into())]
        });
        let fields = by.fields.iter().map(|field| {
            let values = naive::groups(record, field.field).into_iter();
            let values: BTreeSet<Value> = values.map(|value| grouped(value, *field)).collect();
            values.into_iter().collect()
        });
        let mut keys = vec![Vec::new()];
        for values in time.into_iter().chain(fields) {
            let longer = keys.iter().flat_map(|key: &Vec<Value>| {
                values.iter().map(|value| {
                    let mut key = key.clone();
                    key.push(value.clone());
                    key
                })
            });
            keys = longer.collect();
        }
        for key in keys {
            wanted.entry(key).or_default().push(record);
        }
    }
    let combination = |(key, records): (Vec<Value>, Vec<&Record>)| Combination {
        keys: Vec::new(),
        labels: key.into_iter().map(|(_, _, label)| label).collect(),
        distinct: by.distinct.map(|field| {
            let values = records
                .iter()
                .flat_map(|record| naive::groups(record, field));
            let values: BTreeSet<Plain> = values.flatten().collect();
            values.len() as u64
        }),
        seen: by.seen.then(|| seen(&records)).flatten(),
        counts: naive::counts(records),
    };
    wanted.into_iter().map(combination).collect()
}

/// The first and the last second of records.
fn seen(records: &[&Record]) -> Option<(u64, u64)> {
    let times = records.iter().filter_map(|record| {
        let (start, end) = (record.number(id::START), record.number(id::END));
        start.or(end).zip(end.or(start))
    });
    times.reduce(|(first, last), (start, end)| (first.min(start), last.max(end)))
}

fn amount(combination: &Combination, order: Order) -> u64 {
    match order {
        Order::ByValue => combination.counts.records,
        Order::Largest(Rank::Measure(measure)) => measure.of(&combination.counts),
        Order::Largest(Rank::Distinct) => combination.distinct.expect("asked for"),
    }
}

#[track_caller]
fn check_groups(records: &[Record], store: &Store, by: &GroupBy) {
    let wanted = naive_groups(records, by);
    let selection = pick(store);
    for order in ORDERS {
        if order == Order::Largest(Rank::Distinct) && by.distinct.is_none() {
            continue;
        }
        let bounds = [(0, 5), (0, usize::MAX), (2, 3), (0, 0)];
        let bounds = if records.len() > 5_000 {
            &bounds[..1]
        } else {
            &bounds
        };
        for &(at_least, limit) in bounds {
            let mut wanted = wanted.clone();
            wanted.retain(|combination| amount(combination, order) >= at_least);
            if order != Order::ByValue {
                wanted.sort_by_key(|combination| Reverse(amount(combination, order)));
            }
            let total = wanted.len();
            wanted.truncate(limit);
            let by_size = [Measure::Packets, Measure::Bytes]
                .map(Rank::Measure)
                .map(Order::Largest);
            if by.records_only && !by_size.contains(&order) {
                for Combination { counts, .. } in &mut wanted {
                    *counts = Counts {
                        records: counts.records,
                        ..Counts::default()
                    };
                }
            }
            let listing = Listing {
                order,
                at_least,
                limit,
            };
            let mut found = group_by(&selection, by, &listing, 3);
            assert_eq!(found.total, total, "{by:?} {listing:?}");
            for combination in &mut found.list {
                combination.keys.clear();
            }
            assert_eq!(found.list, wanted, "{by:?} {listing:?}");
        }
    }
}

fn fields() -> impl Strategy<Value = Vec<GroupField>> {
    let prefix = (0u8..=32, 0u8..=128).prop_map(|(v4, v6)| Prefix { v4, v6 });
    let field = (
        prop::sample::select(&naive::FIELDS[..]),
        prop::option::of(prefix),
    );
    let field = field.prop_map(|(field, prefix)| GroupField {
        field,
        prefix: prefix.filter(|_| field.storage() == Storage::Address),
    });
    prop::collection::vec(field, 1..6)
}

proptest! {
    #[test]
    fn grouping_by_several_fields_counts_each_choice_of_values_once(
        records in records(60),
        sizes in prop::collection::vec(1usize..9, 1..9),
        seed: u64,
        every in prop::option::of(1u64..100),
        fields in fields(),
        distinct in prop::option::of(prop::sample::select(&naive::FIELDS[..])),
        seen: bool,
        records_only: bool,
    ) {
        let store = shuffled(&records, &sizes, seed);
        let by = GroupBy { every, fields, distinct, seen, records_only };
        check_groups(&records, &store, &by);
    }
}

#[test]
fn many_rows_are_grouped_as_few_are() {
    let records = many(9_000);
    for sizes in [&[9_000][..], &[400, 7_000, 100]] {
        let store = store(&records, sizes);
        for records_only in [false, true] {
            for field in naive::FIELDS {
                let by = GroupBy {
                    fields: vec![field.into()],
                    records_only,
                    ..GroupBy::default()
                };
                check_groups(&records, &store, &by);
            }
            let minutes = GroupBy {
                every: Some(60),
                fields: vec![id::INTERFACE_ID.into(), id::ACTION.into()],
                records_only,
                ..GroupBy::default()
            };
            check_groups(&records, &store, &minutes);
            let more = GroupBy {
                distinct: Some(id::DSTPORT),
                seen: true,
                ..minutes
            };
            check_groups(&records, &store, &more);
        }
    }
}

/// Where a record counts by either of two values, and few records have no numbers.
#[test]
fn missing_numbers_are_left_out_of_the_groups_of_both_values() {
    let mut records = many(3_000);
    for record in records.iter_mut().step_by(97) {
        for field in [id::PACKETS, id::BYTES, id::ACTION, id::START, id::DSTADDR] {
            record.values.remove(&field);
        }
    }
    let store = store(&records, &[3_000]);
    let subnets = GroupField {
        prefix: Some(Prefix { v4: 24, v6: 64 }),
        ..id::ADDR.into()
    };
    let fields = [
        vec![id::ADDR.into()],
        vec![id::PORT.into()],
        vec![subnets],
        vec![id::ADDR.into(), id::PORT.into()],
    ];
    for fields in fields {
        let by = GroupBy {
            fields,
            distinct: Some(id::ADDR),
            seen: true,
            ..GroupBy::default()
        };
        check_groups(&records, &store, &by);
    }
}

#[test]
fn the_largest_number_is_a_value() {
    let records: Vec<Record> = (0..6_000)
        .map(|line| {
            let bytes = u64::MAX - line % 3;
            Record::at(0, line + 2).with(id::BYTES, &bytes.to_string())
        })
        .collect();
    let store = store(&records, &[6_000]);
    for fields in [&[id::BYTES][..], &[id::BYTES, id::ACTION]] {
        let by = GroupBy {
            fields: fields.iter().copied().map(GroupField::from).collect(),
            ..GroupBy::default()
        };
        check_groups(&records, &store, &by);
    }
}

#[test]
fn without_fields_there_is_one_group() {
    for count in [300, 9_000] {
        let records = many(count);
        check_groups(&records, &store(&records, &[count]), &GroupBy::default());
    }
}

/// All rows of a group are in one partition, which no number of rounds divides.
#[test]
fn distinct_values_of_a_group_that_is_too_large_are_refused() {
    let selection = pick(&store(&many(9_000), &[9_000]));
    let by = GroupBy {
        fields: vec![id::ACTION.into()],
        distinct: Some(id::SRCADDR),
        ..GroupBy::default()
    };
    let listing = Listing::largest(Rank::Distinct, 20);
    let within = |bytes| group_by_within(&selection, &by, &listing, 2, bytes);
    assert_eq!(within(100_000), Err(GroupError::TooManyGroups));
    assert!(within(2_000_000).is_ok());
}

#[test]
fn groups_do_not_depend_on_the_memory_that_is_left() {
    let records = many(9_000);
    let selection = pick(&store(&records, &[400, 7_000, 100]));
    let by = GroupBy {
        fields: vec![id::SRCADDR.into(), id::DSTADDR.into()],
        distinct: Some(id::DSTPORT),
        ..GroupBy::default()
    };
    let listing = Listing::largest(Rank::Distinct, 20);
    let wanted = group_by(&selection, &by, &listing, 2);
    let found = group_by_within(&selection, &by, &listing, 2, 100_000);
    assert_eq!(found, Ok(wanted));
}

#[test]
fn keys_may_have_many_fields_but_not_far_too_many() {
    let records = many(300);
    let store = store(&records, &[100]);
    let fields = naive::FIELDS
        .iter()
        .filter(|field| field.either().is_none());
    let fields: Vec<GroupField> = fields.map(|field| GroupField::from(*field)).collect();
    let by = |times| GroupBy {
        fields: fields.repeat(times),
        ..GroupBy::default()
    };
    check_groups(&records, &store, &by(1));
    check_groups(&records, &store, &by(5));
    let listing = Listing::by_value();
    let far_too_many = group_by_within(&pick(&store), &by(100), &listing, 1, usize::MAX);
    assert_eq!(far_too_many, Err(GroupError::TooManyFields));
    // A record counts by each combination of its two values of each field.
    let both = GroupBy {
        fields: [GroupField::from(id::ADDR)].repeat(64),
        ..GroupBy::default()
    };
    let far_too_many = group_by_within(&pick(&store), &both, &listing, 1, usize::MAX);
    assert_eq!(far_too_many, Err(GroupError::TooManyFields));
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
    let labels = |field: FieldId| -> Vec<String> {
        let by = GroupBy {
            fields: vec![field.into()],
            ..GroupBy::default()
        };
        let listing = Listing::largest(Rank::Measure(Measure::Records), 10);
        let largest = group_by(&selection, &by, &listing, 1).list;
        largest.into_iter().flat_map(|c| c.labels).collect()
    };
    assert_eq!(labels(id::DSTPORT), ["9", "443", "1000", "-"]);
    assert_eq!(labels(id::INTERFACE_ID), ["eni-a", "eni-b", "eni-z", "-"]);
}

#[test]
fn too_many_groups_for_the_memory_are_refused() {
    let records = many(200);
    let by = GroupBy {
        fields: vec![id::SRCADDR.into(), id::LINE.into()],
        ..GroupBy::default()
    };
    let listing = Listing::by_value();
    let selection = pick(&store(&records, &[50]));
    let within = |bytes| group_by_within(&selection, &by, &listing, 2, bytes);
    assert_eq!(within(1_000), Err(GroupError::TooManyGroups));
    assert!(within(10_000_000).is_ok());
}

#[test]
fn addresses_that_are_far_apart_are_grouped_with_an_index() {
    // Few addresses, and more than have several sums each in a chunk.
    for (has_ipv6, addresses) in [(false, 397), (true, 397), (false, 40), (true, 40)] {
        let records = with_far_addresses(14_000, addresses, has_ipv6);
        let store = store(&records, &[12_000, 1_000]);
        for fields in [&[id::SRCADDR][..], &[id::SRCADDR, id::ACTION]] {
            let by = GroupBy {
                fields: fields.iter().copied().map(GroupField::from).collect(),
                ..GroupBy::default()
            };
            check_groups(&records, &store, &by);
            let numbering = store.catalog.numberings.of(id::SRCADDR);
            assert!(!numbering.values().is_empty(), "{fields:?}");
        }
    }
}
