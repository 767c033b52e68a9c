//! Assumptions about files, and times in a given time zone.

use super::*;
use crate::ingest::load::report::FileReport;
use crate::ingest::text::value::Doubt;
use crate::schema::id;
use crate::store::Assumed;

/// What was assumed of the only file.
#[track_caller]
fn assumed(text: &str) -> Vec<Assumed> {
    load_bytes(text.as_bytes()).store.sources()[0]
        .assumed
        .clone()
}

#[track_caller]
fn in_zone(text: &str, zone: InputZone) -> Loaded {
    let folder = folder(&[("file.log", text.as_bytes())]);
    let options = Options {
        zone,
        ..Options::default()
    };
    load_path(&folder.path().join("file.log"), options)
}

fn zone(time: &str) -> Assumed {
    Assumed::Zone(time.into())
}

fn digits(columns: &[(&str, &str)]) -> Assumed {
    let owned = |(name, word): &(&str, &str)| ((*name).to_owned(), (*word).to_owned());
    Assumed::Digits(columns.iter().map(owned).collect())
}

#[test]
fn what_is_known_is_not_assumed() {
    let line = RECORD.replace(' ', ",");
    for text in [
        format!("{HEADER}\n{RECORD}\n"),
        format!("{RECORD}\n"),
        format!("{line}\n"),
        "srcaddr,cost_center,v2\n10.0.0.1,7,8\n".to_owned(),
        "{\"srcaddr\":\"10.0.0.1\",\"start\":\"2026-11-23T02:21:00Z\",\"bytes\":9007199254740993}\n".to_owned(),
        "srcaddr,account-id,packets\n10.0.0.1,123456789012.0,443.0\n".to_owned(),
        "srcaddr,account-id\n10.0.0.1,1.23456789012E+11\n".to_owned(),
        "srcaddr,account-id,cost\n10.0.0.1,e,1.2E+11\n".to_owned(),
    ] {
        assert_eq!(assumed(&text), [], "{text}");
    }
}

#[test]
fn columns_whose_names_say_nothing_are_assumed_to_be_text() {
    let names = |names: &[&str]| Assumed::Names(names.iter().map(|n| (*n).to_owned()).collect());
    assert_eq!(
        assumed("srcaddr,column5,col_7,Field12,c5,Unnamed: 0\n10.0.0.1,7,8,9,1,1\n"),
        [names(&["column5", "col_7", "Field12", "Unnamed:_0"])]
    );
    assert_eq!(
        assumed("{\"srcaddr\":\"10.0.0.1\",\"_col2\":4400,\"_c3\":1}\n"),
        [names(&["_col2", "_c3"])]
    );
    let folder = folder(&[("file.log", b"10.0.0.1 7\n")]);
    let options = Options {
        log_format: Some("srcaddr column-2".into()),
        ..Options::default()
    };
    let loaded = load_path(folder.path(), options);
    assert_eq!(loaded.store.sources()[0].assumed, [], "the order was given");
}

#[test]
fn times_that_name_no_zone_are_assumed_to_be_in_utc() {
    let csv = |time: &str| format!("srcaddr,start\n10.0.0.1,{time}\n");
    for (text, written) in [
        (csv("2026-11-23 02:21:00"), "2026-11-23 02:21:00"),
        (csv("2026-11-23T02:21:00.000"), "2026-11-23T02:21:00.000"),
        (
            "{\"srcaddr\":\"10.0.0.1\",\"start\":\"2026-11-23 02:21:00\"}\n".to_owned(),
            "2026-11-23 02:21:00",
        ),
    ] {
        assert_eq!(assumed(&text), [zone(written)], "{text}");
    }
    for time in [
        "2026-11-23T02:21:00Z",
        "2026-11-23 02:21:00.000 UTC",
        "2026-11-23 02:21:00Z",
        "2026-11-23 04:21:00+02:00",
        "2026-11-23T04:21:00.5+0200",
        "2026-11-22 20:51:00 -0530",
        "1795400460",
    ] {
        let loaded = load_bytes(csv(time).as_bytes());
        assert_eq!(loaded.store.sources()[0].assumed, [], "{time}");
        assert_eq!(
            loaded.store.number(RowId(0), id::START),
            Some(1_795_400_460),
            "{time}"
        );
    }
    for time in [
        "2026-11-23 02:21:00 CEST",
        "2026-11-23",
        "2026-11-23 02:21:00 +",
        "-",
    ] {
        assert_eq!(assumed(&csv(time)), [], "{time}");
    }
}

#[test]
fn in_a_zone_that_somebody_names_nothing_is_assumed() {
    let text = "srcaddr,start,end\n10.0.0.1,2026-11-23 04:21:00,2026-11-23T02:21:59Z\n";
    for (zone, start) in [
        (InputZone::Offset(7200), 1_795_400_460),
        (InputZone::Offset(0), 1_795_407_660),
    ] {
        let loaded = in_zone(text, zone);
        assert_eq!(loaded.store.sources()[0].assumed, []);
        assert_eq!(loaded.store.number(RowId(0), id::START), Some(start));
        let end = loaded.store.number(RowId(0), id::END);
        assert_eq!(end, Some(1_795_400_519), "it says its zone");
    }
}

#[test]
fn numbers_in_fewer_digits_than_they_have_are_assumed_to_be_whole() {
    let table = |number: &str| format!("srcaddr,bytes\n10.0.0.1,{number}\n");
    for (number, read) in [
        ("1.23457E+11", 123_457_000_000),
        ("1.5e3", 1500),
        ("9007199254740992.0", 9_007_199_254_740_992),
    ] {
        let loaded = load_bytes(table(number).as_bytes());
        let source = &loaded.store.sources()[0];
        assert_eq!(source.assumed, [digits(&[("bytes", number)])], "{number}");
        assert_eq!(loaded.store.number(RowId(0), id::BYTES), Some(read));
    }
    for number in ["4.4e1", "1.25e2", "9007199254740993", "443.0"] {
        assert_eq!(assumed(&table(number)), [], "{number}");
    }
    let json = "{\"srcaddr\":\"10.0.0.1\",\"bytes\":1.5e3,\"packets\":4.4e1}\n";
    assert_eq!(assumed(json), [digits(&[("bytes", "1.5e3")])]);
}

#[test]
fn accounts_that_lost_digits_are_told_of_the_files_that_have_them() {
    let table = |report: &str, rows: usize| {
        let row = format!("2,{report},eni-1,10.0.0.1\n");
        format!(
            "version,account-id,interface-id,srcaddr\n{}",
            row.repeat(rows)
        )
        .into_bytes()
    };
    let loaded = load_files(
        &[
            table("1.23457E+11", 3),
            table("-", 3),
            table("123456789012", 3),
            table("1.23457E+11", 1),
            b"{\"version\":2,\"account-id\":\"1.23457E+11\",\"srcaddr\":\"10.0.0.1\"}\n".to_vec(),
            b"srcaddr account-id x\n10.0.0.1 1.23457E+11 y\n".to_vec(),
        ],
        false,
    );
    let lost = digits(&[("account-id", "1.23457E+11")]);
    let assumed: Vec<bool> = loaded
        .store
        .sources()
        .iter()
        .map(|source| source.assumed == [lost.clone()])
        .collect();
    assert_eq!(assumed, [true, false, false, true, true, true]);
    assert_eq!(loaded.store.sources()[1].assumed, []);
    assert_eq!(
        loaded.store.cell_text(RowId(0), id::ACCOUNT_ID),
        "1.23457E+11"
    );
}

#[test]
fn of_the_parts_of_a_file_the_first_word_is_told_whichever_was_read_first() {
    let part = |line: u64, word: &str| {
        let mut report = FileReport::new(0);
        report.doubt(line, id::START, Doubt::Zone, word);
        report.doubt(line, id::BYTES, Doubt::Digits, word);
        report.doubt(line + 1, id::BYTES, Doubt::Digits, "later");
        report.doubt(line, id::ACCOUNT_ID, Doubt::Digits, word);
        report
    };
    for order in [[1, 2], [2, 1]] {
        let mut report = FileReport::new(0);
        for line in order {
            report.merge(part(line, &format!("of line {line}")));
        }
        let mut source = Source::default();
        report.close(&mut source, &Catalog::default());
        let words = [("account-id", "of line 1"), ("bytes", "of line 1")];
        assert_eq!(source.assumed, [zone("of line 1"), digits(&words)]);
    }
}
