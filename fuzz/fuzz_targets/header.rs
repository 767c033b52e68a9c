//! A header and lines, or lines and a log format, made of words that occur in names and values: nothing panics, every
//! line is accounted for, and an inferred layout has as many columns as the lines.

#![no_main]

mod reading;

use flowdeck::schema::{FIELDS, FieldId, formats};
use libfuzzer_sys::fuzz_target;

/// Values of fields, prefixes of records, and other words.
const WORDS: &[&str] = &[
    "-",
    "2",
    "5",
    "6",
    "17",
    "0",
    "18",
    "22",
    "443",
    "40022",
    "1795400460",
    "1795400518",
    "1795400460000",
    "10.0.0.1",
    "10.0.0.2",
    "2001:db8::1",
    "0a:1b:2c:3d:4e:5f",
    "ACCEPT",
    "REJECT",
    "OK",
    "NODATA",
    "IPv4",
    "EFA",
    "ingress",
    "egress",
    "eni-0a1b2c3d",
    "vpc-0a1b",
    "subnet-0a1b",
    "i-0a1b",
    "nat-0a1b",
    "tgw-0a1b",
    "TransitGateway",
    "123456789012",
    "unknown",
    "us-east-1",
    "use1-az2",
    "S3",
    "BPA",
    "arn:aws:ecs:us-east-1:123456789012:cluster/a",
    "2026-11-23T02:21:00.000Z",
    "2026-11-23T02:21:00",
    "eni-0a1b-all",
    "a.log:12:2",
    "a.log:2",
    "a.log-12-2",
    "12:2",
    "--",
    "#",
    "#Fields:",
    "\u{1b}[32m2\u{1b}[0m",
    "\u{1b}[",
    "x",
    "column-3",
];

/// Which names, whether they stand in the file, what begins each line, and the words of the lines.
type Case<'a> = (&'a [u8], u8, u8, &'a [u8]);

fuzz_target!(|case: Case<'_>| {
    let (names, how, start, words) = case;
    let known = formats::known();
    let fields: Vec<FieldId> = match known.get(usize::from(how >> 2)) {
        Some(order) => order.clone(),
        None => names
            .iter()
            .map(|name| FieldId::from_index(usize::from(*name) % FIELDS.len()))
            .collect(),
    };
    let names: Vec<&str> = fields
        .iter()
        .filter_map(|field| Some(field.def()?.name))
        .collect();
    let header = names.join(" ");
    let start = [
        "",
        "",
        "2026-11-23T02:21:00 ",
        "2026-11-23T02:21:00Z eni-1-all ",
        "a.log:7:",
        "\u{1b}[m",
    ]
    .get(usize::from(start) % 8)
    .copied()
    .unwrap_or_default();
    let width = names.len().max(1);
    let mut text = if how & 1 == 0 {
        format!("{start}{header}\n")
    } else {
        String::new()
    };
    let words: Vec<&str> = words
        .iter()
        .filter_map(|word| WORDS.get(usize::from(*word) % WORDS.len()))
        .copied()
        .collect();
    for line in words.chunks(width) {
        text += start;
        text += &line.join(" ");
        text += "\n";
    }
    let log_format = (how & 2 != 0).then(|| header.clone());
    let Some(store) = reading::read(text.as_bytes(), log_format) else {
        return;
    };
    let line_counts = store.line_counts();
    assert_eq!(line_counts.lines, text.lines().count() as u64, "{text}");
    if let Some(guess) = &store.sources()[0].inferred_order {
        assert!(guess.confidence <= 100);
        assert!(
            guess
                .lines
                .iter()
                .all(|line| line.len() == guess.columns.len())
        );
    }
});
