//! Files without a header, or with something before the record: which columns they turn out to have.

use super::*;
use crate::schema::{formats, id};
use crate::store::Assumed;
use crate::store::InferredOrder;

/// A line of every shape of the alphabetical order of the console.
const ALPHABETICAL: &str = "123456789012 ACCEPT use1-az2 4249 10.0.0.5 443 1763856060 egress i-0a1b2c3d4e5f60001 eni-0a1b2c3d4e5f60001 OK 20 S3 203.0.113.5 - 10.0.0.5 6 us-east-1 10.0.0.9 40022 1763856000 - - subnet-0a1b2c3d 19 8 IPv4 5 vpc-0a1b2c3d";

/// The names of the first layout of the only file.
fn names(loaded: &Loaded) -> Vec<String> {
    let source = &loaded.store.sources()[0];
    let Some(layout) = source.layouts.first() else {
        return Vec::new();
    };
    let fields = layout.fields.iter();
    fields
        .map(|field| loaded.store.catalog.name(*field))
        .collect()
}

pub(super) fn guess(loaded: &Loaded) -> Option<&InferredOrder> {
    loaded.store.sources()[0].inferred_order.as_deref()
}

/// The header and the records of the lab in its custom format.
pub(super) fn lab() -> (String, Vec<String>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-logs/lab/v5");
    let loaded = load_path(&path, Options::default());
    let header = loaded.store.sources()[0].layouts[0].header.clone();
    let rows = u32::try_from(loaded.store.rows()).unwrap();
    let lines = (0..rows).map(|row| loaded.store.line_text(RowId(row)));
    (header.unwrap(), lines.collect())
}

/// `words` in the order of `places`.
fn reordered(line: &str, places: &[usize]) -> String {
    let words: Vec<&str> = line.split(' ').collect();
    let words: Vec<&str> = places.iter().map(|place| words[*place]).collect();
    words.join(" ")
}

#[test]
fn every_order_that_aws_gives_is_known_by_its_shape() {
    for order in formats::known() {
        let words = order.iter().map(|field| match *field {
            id::SRCADDR | id::DSTADDR | id::PKT_SRCADDR | id::PKT_DSTADDR => "10.0.0.1".to_owned(),
            id::ACTION => "ACCEPT".into(),
            id::LOG_STATUS => "OK".into(),
            id::VERSION => "5".into(),
            id::TYPE => "IPv4".into(),
            id::START | id::END => "1763856000".into(),
            id::INTERFACE_ID => "eni-0a1b2c3d".into(),
            id::VPC_ID => "vpc-0a1b2c3d".into(),
            id::SUBNET_ID => "subnet-0a1b2c3d".into(),
            id::ACCOUNT_ID => "123456789012".into(),
            id::RESOURCE_TYPE => "TransitGateway".into(),
            id::PROTOCOL | id::PACKETS | id::BYTES | id::SRCPORT | id::DSTPORT => "6".into(),
            _ => "-".into(),
        });
        let line = words.collect::<Vec<_>>().join(" ");
        let loaded = load_bytes(&text_of(&[&line]));
        let layout = &loaded.store.sources()[0].layouts;
        assert_eq!(layout.len(), 1, "{line}");
        assert_eq!(&layout[0].fields, order, "{line}");
    }
}

#[test]
fn the_order_of_the_console_is_not_that_of_the_versions() {
    let loaded = load_bytes(&text_of(&[ALPHABETICAL]));
    assert_eq!(loaded.store.cell_text(RowId(0), id::SRCPORT), "40022");
    assert_eq!(loaded.store.cell_text(RowId(0), id::VPC_ID), "vpc-0a1b2c3d");
    assert_eq!(guess(&loaded), None);
    let silent = "5 123456789012 eni-0a1b2c3d - - - - - - - 1763856000 1763856060 - NODATA vpc-1 subnet-1 i-1 - - - - us-east-1 use1-az1 - - - - - -";
    let loaded = load_bytes(&text_of(&[silent]));
    assert_eq!(loaded.store.cell_text(RowId(0), id::AZ_ID), "use1-az1");
}

#[test]
fn a_count_of_words_alone_makes_no_order() {
    let words = |count: usize| vec!["x"; count].join(" ");
    for count in [21, 25, 29, 30, 36, 54] {
        let loaded = load_bytes(&text_of(&[&words(count)]));
        assert_eq!(loaded.store.rows(), 0, "{count}");
        assert_eq!(guess(&loaded), None, "{count}");
    }
}

#[test]
fn what_tail_and_export_tasks_write_first_becomes_columns() {
    for (prefix, names_of_event) in [
        (
            "2025-11-23T00:00:00.123456+00:00 eni-1235b8ca123456789-all ",
            2,
        ),
        ("2025-11-23T00:00:00 ", 1),
        ("2025-11-23T00:00:00.000Z ", 1),
        ("1763856000000 ", 1),
        ("1763856000000 some-stream ", 2),
    ] {
        let line = format!("{prefix}{RECORD}");
        let loaded = load_bytes(&text_of(&[&line, &line]));
        assert_eq!(loaded.store.rows(), 2, "{line}");
        assert_eq!(loaded.store.cell_text(RowId(1), id::BYTES), "4249");
        assert_eq!(loaded.store.line_text(RowId(1)), line);
        let names = names(&loaded);
        assert_eq!(names.len(), 14 + names_of_event, "{line}");
        assert_eq!(names[0], "timestamp");
        assert_eq!(
            names.contains(&"log-stream".to_owned()),
            names_of_event == 2
        );
    }
}

#[test]
fn a_given_order_may_stand_behind_the_words_of_an_event() {
    let text = text_of(&[
        "2025-11-23T00:00:00 1.2.3.4 ACCEPT",
        "2025-11-23T00:00:01 1.2.3.5 REJECT",
    ]);
    let folder = folder(&[("a", &text)]);
    let options = Options {
        log_format: Some("${srcaddr} ${action}".into()),
        ..Options::default()
    };
    let loaded = load_path(folder.path(), options);
    assert_eq!(names(&loaded), ["timestamp", "srcaddr", "action"]);
    assert_eq!(loaded.store.rows(), 2);
}

#[test]
fn what_grep_writes_first_is_taken_away_and_comes_back() {
    let header = "version srcaddr dstaddr action start end";
    let record = "5 10.0.0.1 10.0.0.2 REJECT 1763856000 1763856060";
    for (text, rows) in [
        (format!("logs/a.log:1:{header}\nlogs/a.log:17:{record}"), 1),
        (format!("a.log:{header}\na.log:{record}\na.log:{record}"), 2),
        (format!("12:{RECORD}\n13:{RECORD}"), 2),
        (
            format!(
                "a-1-2.log-11-{RECORD}\na-1-2.log:12:{RECORD}\na-1-2.log-13-{RECORD}\n--\nb.log:3:{RECORD}"
            ),
            4,
        ),
        (format!("my logs/a.log:12:{RECORD}"), 1),
        (format!("C:\\logs\\a.log:12:{RECORD}"), 1),
        (format!("a.log:5:{ALPHABETICAL}\nb.log:6:{RECORD}"), 2),
        (format!("a.log:2025-11-23T00:12:00.000Z {RECORD}"), 1),
        (format!("a.log:3:2025-11-23T00:12:00.000Z {RECORD}"), 1),
    ] {
        let loaded = load_bytes(text.as_bytes());
        assert_eq!(
            loaded.store.rows(),
            rows,
            "{text}: {:?}",
            loaded.store.rejects()
        );
        assert_eq!(loaded.store.rejects().count(), 0, "{text}");
        for row in 0..rows {
            let line = loaded.store.line_text(RowId(u32::try_from(row).unwrap()));
            assert!(text.lines().any(|known| known == line), "{line}");
        }
    }
}

#[test]
fn colours_of_a_terminal_are_no_part_of_a_value() {
    let (green, end) = ("\u{1b}[32m", "\u{1b}[0m");
    let tail = format!("{green}2025-11-23T00:00:00{end} \u{1b}[36meni-1-all{end} {RECORD}");
    let match_of_grep = RECORD.replace("ACCEPT", "\u{1b}[01;31m\u{1b}[KACCEPT\u{1b}[m\u{1b}[K");
    let grep = format!(
        "\u{1b}[35m\u{1b}[Ka.log\u{1b}[m\u{1b}[K\u{1b}[36m\u{1b}[K:\u{1b}[m\u{1b}[K{match_of_grep}"
    );
    for line in [tail, match_of_grep, grep] {
        let loaded = load_bytes(&text_of(&[&line, &line]));
        assert_eq!(
            loaded.store.rows(),
            2,
            "{line}: {:?}",
            loaded.store.rejects()
        );
        assert_eq!(loaded.store.cell_text(RowId(1), id::ACTION), "ACCEPT");
        assert_eq!(loaded.store.cell_text(RowId(1), id::VERSION), "2");
        assert_eq!(loaded.store.line_text(RowId(1)), line);
    }
}

#[test]
fn the_mark_of_an_export_task_is_passed_over_whatever_its_name() {
    let loaded = load_bytes(b"Permission Check Successful");
    let source = &loaded.store.sources()[0];
    assert_eq!(
        (source.line_counts.comments, source.line_counts.lines),
        (1, 1)
    );
    assert_eq!(source.status, Status::Ok);
    assert!(
        source.warnings[0].contains("export task"),
        "{:?}",
        source.warnings
    );
}

#[test]
fn the_order_of_a_custom_format_is_found_out() {
    let (header, lines) = lab();
    let text = lines.join("\n") + "\n";
    let loaded = load_bytes(text.as_bytes());
    let guess = guess(&loaded).unwrap();
    assert_eq!(guess.names(), header, "{guess:?}");
    assert!(guess.is_used, "{guess:?}");
    assert_eq!(loaded.store.rows(), lines.len());
    let assumed = Assumed::Order {
        log_format: header,
        confidence: guess.confidence,
    };
    let source = &loaded.store.sources()[0];
    assert_eq!(source.assumed, [assumed]);
    assert_eq!(source.warnings, [""; 0]);
}

#[test]
fn an_order_by_the_alphabet_is_found_out_too() {
    let (header, lines) = lab();
    let names: Vec<&str> = header.split(' ').collect();
    let mut places: Vec<usize> = (0..names.len()).collect();
    places.sort_by_key(|place| names[*place]);
    let lines: Vec<String> = lines.iter().map(|line| reordered(line, &places)).collect();
    let loaded = load_bytes((lines.join("\n") + "\n").as_bytes());
    let guess = guess(&loaded).unwrap();
    assert_eq!(guess.names(), reordered(&header, &places), "{guess:?}");
    assert!(guess.is_used, "{guess:?}");
}

#[test]
fn what_is_not_sure_is_proposed_and_not_read() {
    let lines = ["10.0.0.1 10.0.0.2 17 REJECT", "10.0.0.9 10.0.0.2 6 ACCEPT"];
    let loaded = load_bytes(&text_of(&lines));
    let guess = guess(&loaded).unwrap();
    assert!(!guess.is_used, "{guess:?}");
    assert_eq!(loaded.store.sources()[0].assumed, []);
    assert_eq!(guess.names(), "srcaddr dstaddr protocol action");
    assert_eq!(guess.lines[1][3], "ACCEPT");
    assert_eq!(loaded.store.rejects().count(), 2);
    for text in ["", "one two three\nfour five six\n", "# nothing\n", "x\n"] {
        let loaded = load_bytes(text.as_bytes());
        let guess = loaded.store.sources()[0].inferred_order.as_deref();
        assert!(
            guess.is_none_or(|guess| guess.confidence < 30),
            "{text}: {guess:?}"
        );
    }
}

#[test]
fn of_several_flow_logs_that_of_the_path_is_taken() {
    let order = |format: &str, name: &str, hint: &str| LogFormat {
        format: format.into(),
        name: name.into(),
        hints: vec![name.into(), hint.into()],
        file: None,
    };
    let options = Options {
        described: vec![
            order("${srcaddr} ${bytes}", "fl-1", "bucket/one"),
            order("${bytes} ${srcaddr}", "fl-12", "bucket"),
        ],
        ..Options::default()
    };
    let folder = folder(&[
        ("bucket/one/a_fl-9_b.log", b"10.0.0.1 7\n"),
        ("x_fl-12_y.log", b"8 10.0.0.1\n"),
        ("other.log", b"9 10.0.0.1\n"),
        ("known.log", &text_of(&[RECORD])),
    ]);
    let loaded = load_path(folder.path(), options);
    let sources = loaded.store.sources();
    let records: Vec<u64> = sources
        .iter()
        .map(|source| source.line_counts.records)
        .collect();
    assert_eq!(records, [1, 1, 0, 1]);
    let error = sources[2].status.error().unwrap();
    assert!(error.contains("fl-1, fl-12"), "{error}");
}

#[test]
fn what_was_accepted_for_a_folder_is_used_there_and_only_if_it_fits() {
    let text = text_of(&["7 10.0.0.1 10.0.0.2", "8 10.0.0.1 10.0.0.2"]);
    let folder = folder(&[
        ("in/a.log", &text),
        ("in/b.log", b"x y z\n"),
        ("out/a.log", &text),
    ]);
    let options = Options {
        remembered: vec![(folder.path().join("in"), "bytes srcaddr dstaddr".into())],
        ..Options::default()
    };
    let loaded = load_path(folder.path(), options);
    let sources = loaded.store.sources();
    let records: Vec<u64> = sources
        .iter()
        .map(|source| source.line_counts.records)
        .collect();
    assert_eq!(records, [2, 0, 0]);
    assert_eq!(sources[0].assumed, [], "the order was accepted");
}
