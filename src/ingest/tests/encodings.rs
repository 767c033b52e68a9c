//! Files in every compression, in UTF-16, and with lone carriage returns.

use proptest::prelude::*;

use super::*;
use crate::ingest::compression::tests::compressed;
use crate::store::Source;

/// Loads a file and says its status, then records, rejects, headers.
#[track_caller]
fn check(bytes: &[u8], status: &str, counts: [u64; 3]) -> Source {
    let loaded = load_bytes(bytes);
    let source = loaded.store.sources()[0].clone();
    let counted = &source.line_counts;
    assert_eq!(
        (
            source.status.name(),
            [counted.records, counted.rejects, counted.headers]
        ),
        (status, counts),
        "{source:?}\n{:?}",
        loaded.store.rejects()
    );
    source
}

fn good() -> Vec<u8> {
    [HEADER.as_bytes(), b"\n", &records(1000)].concat()
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let text = format!("\u{feff}{text}");
    text.encode_utf16().flat_map(unit).collect()
}

#[test]
fn every_compression_is_read_and_named() {
    for (compression, bytes) in compressed(&good()) {
        let source = check(&bytes, "ok", [1000, 0, 1]);
        assert_eq!(source.compression, compression);
        let twice = [&bytes[..], &bytes].concat();
        check(&twice, "ok", [2000, 0, 2]);
        let garbage = [&bytes[..], b"\n"].concat();
        let source = check(&garbage, "ok", [1000, 0, 1]);
        let name = compression.name();
        let said = format!("bytes that are not {name} follow the last {name} member");
        assert!(
            source.warnings[0].starts_with(&said),
            "{:?}",
            source.warnings
        );
    }
}

#[test]
fn what_is_compressed_twice_is_named() {
    let zstd = |bytes: &[u8]| {
        let mut all = compressed(bytes).into_iter();
        let found = all.find(|(compression, _)| compression.name() == "zstd");
        found.unwrap().1
    };
    let source = check(&zstd(&gzip(&good())), "unreadable", [0, 0, 0]);
    let error = source.status.error().unwrap();
    assert!(
        error.contains("compressed with gzip and then with zstd")
            && error.contains("zstd -d --long=31 < FILE"),
        "{error}"
    );
}

#[test]
fn json_csv_and_parquet_are_read_in_every_compression() {
    let json = format!("{{\"message\":\"{RECORD}\"}}\n").repeat(3);
    let csv = "srcaddr,dstaddr,bytes\n10.0.0.1,10.0.0.2,3\n";
    let parquet = include_bytes!("../../../sample-logs/backup.log.parquet");
    let rows = load_bytes(parquet).store.rows() as u64;
    for (_, bytes) in compressed(json.as_bytes()) {
        assert_eq!(check(&bytes, "ok", [3, 0, 0]).format, "json-messages");
    }
    for (_, bytes) in compressed(csv.as_bytes()) {
        assert_eq!(check(&bytes, "ok", [1, 0, 1]).format, "csv");
    }
    for (_, bytes) in compressed(parquet) {
        assert_eq!(check(&bytes, "ok", [rows, 0, 0]).format, "parquet");
    }
}

#[test]
fn a_window_beyond_the_limit_is_said_with_a_way_out() {
    let source = check(b"\x28\xb5\x2f\xfd\x00\x90\x01\0\0", "limit", [0, 0, 0]);
    let error = source.status.error().unwrap();
    assert!(
        error.contains("the zstd stream needs a window of 256 MiB, and 128 MiB is the limit"),
        "{error}"
    );
}

#[test]
fn utf_16_is_read_as_text_csv_and_json() {
    let text = format!("{HEADER}\r\n{RECORD}\r\n{RECORD}\r\n");
    let csv = "srcaddr,dstaddr,bytes\r\n10.0.0.1,10.0.0.2,3\r\n";
    let json = format!("[{{\"message\":\"{RECORD}\"}}]");
    for unit in [u16::to_le_bytes, u16::to_be_bytes] {
        for bytes in [utf16(&text, unit), gzip(&utf16(&text, unit))] {
            let source = check(&bytes, "ok", [2, 0, 1]);
            assert_eq!(source.format, "text");
            assert!(
                source.warnings[0].contains("UTF-16"),
                "{:?}",
                source.warnings
            );
        }
        assert_eq!(check(&utf16(csv, unit), "ok", [1, 0, 1]).format, "csv");
        check(&utf16(&json, unit), "ok", [1, 0, 0]);
        check(&utf16("", unit), "empty", [0, 0, 0]);
    }
}

#[test]
fn what_is_no_utf_16_costs_its_line() {
    let line = format!("{RECORD}\n");
    let mut bytes = utf16(&line, u16::to_le_bytes);
    let unpaired = RECORD.replace("eni-1235b8ca123456789", "eni-X");
    let unpaired: Vec<u8> = unpaired
        .encode_utf16()
        .map(|unit| {
            if unit == u16::from(b'X') {
                0xd800
            } else {
                unit
            }
        })
        .flat_map(u16::to_le_bytes)
        .collect();
    bytes.extend(unpaired);
    bytes.extend(b"\n\0");
    bytes.extend(utf16(&line, u16::to_le_bytes));
    let loaded = load_bytes(&bytes);
    assert_eq!(loaded.store.rows(), 2);
    let rejects = &loaded.store.rejects().kept;
    assert_eq!(
        (rejects[0].line, &rejects[0].reason),
        (2, &RejectReason::NotUtf8)
    );
    // A last character that is cut off.
    bytes.push(b'2');
    check(&bytes, "ok", [2, 2, 0]);
    // With no line that is like a record, it is no flow log.
    check(b"\xff\xfe2", "unreadable", [0, 0, 0]);
    check(b"\xff", "unreadable", [0, 0, 0]);
}

#[test]
fn lone_carriage_returns_end_lines_where_there_is_no_line_feed() {
    let text = format!("{HEADER}\r{RECORD}\r{RECORD}\r");
    for bytes in [text.clone().into_bytes(), gzip(text.as_bytes())] {
        let source = check(&bytes, "ok", [2, 0, 1]);
        assert!(
            source.warnings[0].contains("carriage returns"),
            "{:?}",
            source.warnings
        );
    }
    check(format!("{RECORD}\r{RECORD}").as_bytes(), "ok", [2, 0, 0]);
    let csv = "srcaddr,dstaddr,bytes\r10.0.0.1,10.0.0.2,3\r10.0.0.1,10.0.0.2,4";
    assert_eq!(check(csv.as_bytes(), "ok", [2, 0, 1]).format, "csv");
    let json = format!("{{\"message\":\"{RECORD}\"}}\r").repeat(2);
    check(json.as_bytes(), "ok", [2, 0, 0]);
    check(&utf16(&text, u16::to_le_bytes), "ok", [2, 0, 1]);
    let many = format!("{RECORD}\r").repeat(12_000);
    check(many.as_bytes(), "ok", [12_000, 0, 0]);
    // A single one at the end is part of its line, and so is one in a file with line feeds.
    let source = check(format!("{RECORD}\r").as_bytes(), "ok", [1, 0, 0]);
    assert_eq!(source.warnings, [""; 0]);
    check(
        format!("{RECORD}\n{RECORD}\r{RECORD}\n").as_bytes(),
        "ok",
        [1, 1, 0],
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    #[test]
    fn every_line_is_accounted_for_wherever_a_file_is_cut_or_changed(
        text in properties::text(),
        at in any::<prop::sample::Index>(),
        bit in 0u8..8,
    ) {
        for (compression, bytes) in compressed(&text) {
            let cut = bytes[..at.index(bytes.len())].to_vec();
            let mut changed = bytes;
            let at = at.index(changed.len());
            changed[at] ^= 1 << bit;
            for bytes in [cut, changed] {
                let seen = properties::read(bytes, vec![5000], compression);
                prop_assert!(seen.line_counts.is_balanced(), "{:?}", compression);
                prop_assert_eq!(seen.records.len() as u64, seen.line_counts.records);
            }
        }
    }
}
