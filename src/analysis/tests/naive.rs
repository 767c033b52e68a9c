//! What the panes show, worked out record by record from plain records: what the tests compare with.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::analysis::{Bucket, ByAction, Counts, Measure, Selection, SortBy, Window};
use crate::query::Mask;
use crate::schema::protocol::has_ports;
use crate::schema::{Address, FieldId, id};
use crate::store::tests::fixtures::{Plain, Record};
use crate::store::{Bitmap, Chunk, Store};

/// A value, none where it is missing.
pub(crate) type Value = Option<Plain>;

/// The fields that the tests group and sort by.
pub(crate) const FIELDS: [FieldId; 25] = [
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
    id::PKT_SRCADDR,
    id::PKT_DSTADDR,
    id::ADDR,
    id::PKT_ADDR,
    id::PORT,
    id::TIME,
    id::DURATION,
    id::BPS,
    id::PPS,
    id::BPP,
    id::SCOPE,
    id::LINE,
    id::FILE,
];

/// The one value of a field; the source's for one that means either of two.
pub(crate) fn value(record: &Record, field: FieldId) -> Value {
    let number = |field| record.number(field);
    let duration = || Some(number(id::END)?.saturating_sub(number(id::START)?));
    let seconds = || Some(duration()?.max(1));
    let computed = match field {
        id::TIME => number(id::START),
        id::DURATION => duration(),
        id::BPS => (|| Some(number(id::BYTES)?.saturating_mul(8) / seconds()?))(),
        id::PPS => (|| Some(number(id::PACKETS)? / seconds()?))(),
        id::BPP => (|| number(id::BYTES)?.checked_div(number(id::PACKETS)?))(),
        id::LINE => Some(record.line),
        id::FILE => return Some(Plain::Word(format!("{}.log", record.source))),
        id::SCOPE => return scope(record).map(|word| Plain::Word(word.into())),
        id::ADDR => return value(record, id::SRCADDR).or_else(|| value(record, id::DSTADDR)),
        id::PKT_ADDR => {
            return value(record, id::PKT_SRCADDR).or_else(|| value(record, id::PKT_DSTADDR));
        }
        id::PORT => return value(record, id::SRCPORT).or_else(|| value(record, id::DSTPORT)),
        _ => return record.values.get(&field).cloned(),
    };
    computed.map(Plain::Number)
}

fn scope(record: &Record) -> Option<&'static str> {
    // Of the addresses that the tests use.
    let public = |address: Address| match address {
        Address::Mac(_) => false,
        address => {
            let text = address.to_string();
            let private = ["10.", "127.", "fe80:"];
            !private.iter().any(|prefix| text.starts_with(prefix))
        }
    };
    let (a, b) = (record.address(id::SRCADDR)?, record.address(id::DSTADDR)?);
    Some(match (public(a), public(b)) {
        (false, false) => "internal",
        (true, false) => "inbound",
        (false, true) => "outbound",
        (true, true) => match (a, b) {
            (Address::V6(a), Address::V6(b)) if a.octets()[..7] == b.octets()[..7] => "internal",
            (Address::V6(_), Address::V6(_)) => match record.values.get(&id::FLOW_DIRECTION) {
                _ if record.number(id::TRAFFIC_PATH) == Some(1) => "internal",
                Some(Plain::Word(word)) if word == "egress" => "outbound",
                Some(Plain::Word(word)) if word == "ingress" => "inbound",
                _ => "external",
            },
            _ => "external",
        },
    })
}

/// The values that a record counts for when it is grouped by a field.
pub(crate) fn groups(record: &Record, field: FieldId) -> Vec<Value> {
    let portless = record.number(id::PROTOCOL).is_some_and(|n| !has_ports(n));
    let of = |field| match field {
        id::SRCPORT | id::DSTPORT if portless => None,
        _ => value(record, field),
    };
    let (a, b) = match field {
        id::ADDR => (of(id::SRCADDR), of(id::DSTADDR)),
        id::PKT_ADDR => (of(id::PKT_SRCADDR), of(id::PKT_DSTADDR)),
        id::PORT => (of(id::SRCPORT), of(id::DSTPORT)),
        _ => return vec![of(field)],
    };
    match (a, b) {
        (a, b) if a == b => vec![a],
        (None, b) => vec![b],
        (a, None) => vec![a],
        (a, b) => vec![a, b],
    }
}

/// A value as a label.
pub(crate) fn label(value: &Value) -> String {
    match value {
        None => "-".into(),
        Some(Plain::Number(number)) => number.to_string(),
        Some(Plain::Address(address)) => address.to_string(),
        Some(Plain::Word(word)) => word.clone(),
    }
}

/// What is counted of records.
pub(crate) fn counts<'a>(records: impl IntoIterator<Item = &'a Record>) -> Counts {
    let mut counts = Counts::default();
    for record in records {
        let is = |field, word| u64::from(record.word(field) == Some(word));
        counts += Counts {
            records: 1,
            packets: record.number(id::PACKETS).unwrap_or(0),
            bytes: record.number(id::BYTES).unwrap_or(0),
            accept: is(id::ACTION, "ACCEPT"),
            reject: is(id::ACTION, "REJECT"),
            nodata: is(id::LOG_STATUS, "NODATA"),
            skipdata: is(id::LOG_STATUS, "SKIPDATA"),
        };
    }
    counts
}

/// A measure of records by their action.
pub(crate) fn parts(records: &[&Record], measure: Measure) -> ByAction {
    let of = |is_wanted: &dyn Fn(&Counts) -> bool| {
        let each = records.iter().map(|record| counts([*record]));
        each.filter(is_wanted)
            .fold(0u64, |sum, counts| sum.saturating_add(measure.of(&counts)))
    };
    ByAction {
        accepted: of(&|counts| counts.accept == 1),
        rejected: of(&|counts| counts.reject == 1),
        other: of(&|counts| counts.other() == 1),
    }
}

/// The groups of records, largest first: labels and their records.
pub(crate) fn grouped<'a>(
    records: &[&'a Record],
    field: FieldId,
    measure: Measure,
) -> Vec<(String, Vec<&'a Record>)> {
    let mut found: BTreeMap<(bool, Value), Vec<&Record>> = BTreeMap::new();
    for record in records {
        for value in groups(record, field) {
            let place = (value.is_none(), value);
            found.entry(place).or_default().push(record);
        }
    }
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_by_key(|(_, records)| Reverse(measure.of(&counts(records.iter().copied()))));
    found
        .into_iter()
        .map(|((_, value), records)| (label(&value), records))
        .collect()
}

/// The buckets of records.
pub(crate) fn buckets(records: &[&Record], window: Window) -> Vec<Bucket> {
    let buckets = in_buckets(records, window).into_iter();
    buckets.map(counts).collect()
}

/// Packets, bytes or records in each bucket, by action.
pub(crate) fn measured(records: &[&Record], window: Window, measure: Measure) -> Vec<ByAction> {
    let buckets = in_buckets(records, window).into_iter();
    buckets.map(|records| parts(&records, measure)).collect()
}

fn in_buckets<'a>(records: &[&'a Record], window: Window) -> Vec<Vec<&'a Record>> {
    let holds = |record: &Record, bucket: usize| {
        let first = window.first + window.width * bucket as u64;
        let start = record.number(id::START);
        start.is_some_and(|start| (first..first + window.width).contains(&start))
    };
    (0..window.buckets)
        .map(|bucket| {
            let inside = records.iter().filter(|record| holds(record, bucket));
            inside.copied().collect()
        })
        .collect()
}

/// The places of records sorted by a field.
pub(crate) fn sorted(records: &[&Record], sorts: &[SortBy]) -> Vec<(u32, u64)> {
    let mut sorted: Vec<&&Record> = records.iter().collect();
    for SortBy { field, descending } in sorts.iter().rev() {
        sorted.sort_by(|a, b| {
            let (a, b) = (value(a, *field), value(b, *field));
            let order = (a.is_none(), &a).cmp(&(b.is_none(), &b));
            if *descending && a.is_some() && b.is_some() {
                order.reverse()
            } else {
                order
            }
        });
    }
    sorted.into_iter().map(|r| (r.source, r.line)).collect()
}

/// Up to three columns to sort by.
pub(crate) fn sorts() -> impl Strategy<Value = Vec<SortBy>> {
    let sort = (prop::sample::select(&FIELDS[..]), any::<bool>());
    let sort = sort.prop_map(|(field, descending)| SortBy { field, descending });
    prop::collection::vec(sort, 1..4)
}

/// Records of all sorts, in reading order.
pub(crate) fn records(most: usize) -> impl Strategy<Value = Vec<Record>> {
    let words = |words: &'static [&'static str]| prop::sample::select(words);
    let number = |numbers: &'static [u64]| prop::sample::select(numbers);
    let address = || {
        words(&[
            "10.0.0.1",
            "10.0.0.2",
            "198.51.100.7",
            "2001:db8::1",
            "fe80::1",
            "06:00:00:00:00:01",
            "-",
        ])
    };
    let texts = (
        words(&["eni-b", "eni-a", "eni-c", "-"]),
        (address(), address()),
        (address(), address()),
        words(&["ACCEPT", "REJECT", "DENY", "-"]),
        words(&["OK", "NODATA", "SKIPDATA", "-"]),
        words(&["0", "22", "443", "65535", "-"]),
        words(&["0", "53", "443", "-"]),
        words(&["6", "17", "1", "-"]),
    );
    let numbers = (
        number(&[0, 1, 7, 65_535, 65_536, 1 << 33, u64::MAX / 2]),
        number(&[0, 40, 1500, 70_000, u64::MAX]),
        prop::option::weighted(
            0.9,
            prop_oneof![1_000_000u64..1_000_300, 990_000u64..1_100_000],
        ),
        0u64..400,
        (0u32..10, 1u64..4),
    );
    prop::collection::vec((texts, numbers), 0..most).prop_map(|rows| {
        let (mut source, mut line) = (0, 1);
        let mut records = Vec::new();
        for (texts, numbers) in rows {
            let (
                interface,
                (from, to),
                (inner_from, inner_to),
                action,
                status,
                sport,
                dport,
                protocol,
            ) = texts;
            let (packets, bytes, start, length, (leap, step)) = numbers;
            line += step;
            if leap == 0 {
                (source, line) = (source + 1, 2);
            }
            let time = |time: Option<u64>| time.map_or_else(|| "-".into(), |time| time.to_string());
            let record = Record::at(source, line)
                .with(id::INTERFACE_ID, interface)
                .with(id::SRCADDR, from)
                .with(id::DSTADDR, to)
                .with(id::PKT_SRCADDR, inner_from)
                .with(id::PKT_DSTADDR, inner_to)
                .with(id::SRCPORT, sport)
                .with(id::DSTPORT, dport)
                .with(id::PROTOCOL, protocol)
                .with(id::PACKETS, &packets.to_string())
                .with(id::BYTES, &bytes.to_string())
                .with(id::START, &time(start))
                .with(
                    id::END,
                    &time(start.map(|start| (start + length).saturating_sub(50))),
                )
                .with(id::ACTION, action)
                .with(id::LOG_STATUS, status);
            records.push(record);
        }
        records
    })
}

/// Records that are many enough for tables and sorting by digits, made without chance.
pub(crate) fn many(count: usize) -> Vec<Record> {
    let mut state = 1u64;
    let mut next = |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) % below
    };
    (0..count)
        .map(|row| {
            let start = 1_700_000_000 + row as u64 / 10 + next(300);
            let source = u32::try_from(row / 9000).unwrap();
            Record::at(source, row as u64 + 2)
                .with(id::INTERFACE_ID, &format!("eni-{}", next(40)))
                .with(id::SRCADDR, &format!("10.0.{}.{}", next(4), next(250)))
                .with(id::DSTADDR, &format!("{}.7.0.1", 1 + next(200)))
                .with(id::DSTPORT, &(next(3) * 30_000 + next(2000)).to_string())
                .with(id::PROTOCOL, ["6", "17", "1"][(row / 2) % 3])
                .with(id::BYTES, &(next(1 << 20) * 5000).to_string())
                .with(id::PACKETS, &next(200).to_string())
                .with(id::START, &start.to_string())
                .with(id::END, &(start + next(60)).to_string())
                .with(id::ACTION, ["ACCEPT", "REJECT"][(row / 3) % 2])
        })
        .collect()
}

/// [`many`] records with `addresses` different source addresses, which are far apart, one of them missing.
pub(crate) fn with_far_addresses(count: usize, addresses: u64, has_ipv6: bool) -> Vec<Record> {
    let address = |number: u64| match number {
        0 => "-".to_owned(),
        n if n % 10 == 3 && has_ipv6 => format!("2001:db8::{n:x}"),
        n => format!("{}.7.{}.{}", 1 + n % 200, n % 7, n % 50),
    };
    let records = many(count).into_iter();
    let records = records.map(|mut record| {
        let number = record.line * 7 % addresses;
        record.values.remove(&id::SRCADDR);
        record.with(id::SRCADDR, &address(number))
    });
    records.collect()
}

/// What the filter of the tests selects: two records of three, by their place, so that it does not matter
/// which chunk they are in.
pub(crate) fn picked(source: u32, line: u64) -> bool {
    !(line + u64::from(source)).is_multiple_of(3)
}

/// The records that are [`picked`].
pub(crate) fn picked_of(records: &[Record]) -> Vec<&Record> {
    let is = |record: &&Record| picked(record.source, record.line);
    records.iter().filter(is).collect()
}

/// The rows of a chunk that are [`picked`].
pub(crate) fn picked_rows(chunk: &Chunk) -> Mask {
    Mask::of(Bitmap::from_fn(chunk.rows(), |row| {
        picked(chunk.run(row).source, chunk.line(row))
    }))
}

/// The selection of the picked rows.
pub(crate) fn pick(store: &Store) -> Selection {
    let chunks = store.chunks().iter();
    let masks = chunks.map(|chunk| picked_rows(chunk));
    Selection::new(store.clone(), masks.collect())
}
