//! Counting plain records while they are read tells the same as loading them.

use proptest::prelude::*;

use super::properties::text;
use super::*;

/// Counts the lines that have this text.
#[derive(Clone, Debug)]
struct Has(&'static str);

impl LineCounter for Has {
    fn for_thread(&self) -> Box<dyn LineCounter> {
        Box::new(self.clone())
    }

    fn count(&self, lines: &[u8]) -> u64 {
        assert!(lines.ends_with(b"\n") && lines.is_ascii());
        assert!(!lines.iter().any(|byte| *byte < b' ' && *byte != b'\n'));
        let lines = str::from_utf8(lines).unwrap().lines();
        lines.filter(|line| line.contains(self.0)).count() as u64
    }
}

fn counting(wanted: &'static str, threads: usize) -> Options {
    Options {
        counter: Some(Arc::new(Has(wanted))),
        ..on_threads(threads)
    }
}

fn on_threads(threads: usize) -> Options {
    Options {
        threads,
        ..Options::default()
    }
}

/// How many records there are, how many have `wanted`, and everything that there is to say about files.
fn told(loaded: &Loaded, wanted: &str) -> (u64, u64, String) {
    let store = &loaded.store;
    let rows = (0..u32::try_from(store.rows()).unwrap()).map(RowId);
    let matching = rows.filter(|row| store.line_text(*row).contains(wanted));
    let rejects = seen(store).rejects;
    let about = format!(
        "{:#?} {:#?} {rejects:#?}",
        store.sources(),
        store.overlaps()
    );
    (
        store.rows() as u64 + loaded.counted.records,
        matching.count() as u64 + loaded.counted.matching,
        about,
    )
}

#[track_caller]
fn compare(path: &Path, wanted: &'static str) -> Loaded {
    // With several threads, chance decides which of two equal events is the duplicate.
    let counted = load_path(path, counting(wanted, 1));
    let loaded = load_path(path, on_threads(1));
    assert_eq!(loaded.counted, Counted::default());
    let (records, matching, about) = told(&counted, wanted);
    let (expected_records, expected_matching, expected_about) = told(&loaded, wanted);
    assert_eq!((records, matching), (expected_records, expected_matching));
    let mut lines = about.lines().zip(expected_about.lines());
    assert_eq!(lines.find(|(line, expected)| line != expected), None);
    assert_eq!(about.len(), expected_about.len());
    counted
}

#[test]
fn plain_records_are_counted_and_not_kept() {
    let mut text = text_of(&[HEADER]);
    text.extend(records(100_000));
    let folder = folder(&[("a.log", &text), ("b.log.gz", &gzip(&text))]);
    let counted = compare(folder.path(), " 1030 ");
    assert_eq!(counted.counted.records, 200_000);
    assert_eq!(counted.counted.matching, 4);
    assert_eq!(counted.store.rows(), 0);
    let shared = load_path(folder.path(), counting(" 1030 ", 3));
    assert_eq!(shared.counted, counted.counted);
}

#[test]
fn records_that_are_not_plain_are_kept() {
    let short = RECORD.replace("123456789010", "1.23457E+11");
    let lines = [
        HEADER,
        RECORD,
        &RECORD.replace(" 22 ", " 022 "),
        RECORD,
        &short,
        "2 1 2",
        "",
        &RECORD.replace("172.31.16.139", "2001:db8::1"),
    ];
    let folder = folder(&[("a.log", &text_of(&lines))]);
    let counted = compare(folder.path(), "22 6");
    assert!(counted.counted.records >= 1);
    assert!(counted.store.rows() >= 2);
}

#[test]
fn the_samples_tell_the_same() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-logs");
    for wanted in ["REJECT", "443", "10.0.1", "-", "e"] {
        let counted = compare(&folder, wanted);
        assert!(counted.counted.records > 0);
        assert!(!counted.store.overlaps().is_empty());
    }
}

#[test]
fn flow_logs_that_overlap_are_found_where_records_name_them() {
    let line = |group: &str| format!("/vpc/{group} eni-1-all {RECORD}");
    let lines = [line("a"), line("b"), line("b")];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let folder = folder(&[("words.log", &text_of(&lines))]);
    let counted = compare(folder.path(), "22");
    assert_eq!(counted.store.overlaps().len(), 1);
}

#[test]
fn the_path_of_a_file_names_its_flow_log_also_where_records_name_others() {
    let line = |group: &str| format!("/vpc/{group} eni-1-all {RECORD}");
    let lines = [RECORD.to_owned(), line("a"), RECORD.to_owned(), line("b")];
    let mut lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    lines.insert(0, HEADER);
    let named = text_of(&lines);
    let file = "x_fl-0123456789abcdef0_a.log";
    let folder_of_one = folder(&[(file, &named)]);
    let counted = compare(folder_of_one.path(), "22");
    assert!(counted.counted.records > 0);
    assert!(counted.store.overlaps().is_empty());
    // Records of another file that name a log group may overlap, and no value that both have selects one of them.
    let other = line("a");
    let folder_of_two = folder(&[(file, &named), ("other.log", other.as_bytes())]);
    let counted = compare(folder_of_two.path(), "22");
    let [overlap] = counted.store.overlaps() else {
        panic!("{:?}", counted.store.overlaps());
    };
    assert_eq!(overlap.flow_logs[0], "fl-0123456789abcdef0");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn any_text_tells_the_same(first in text(), second in text(), wanted in prop::sample::select(&["1", "-", ".1", " 6 "][..])) {
        let folder = folder(&[("x_fl-0123456789abcdef0_a.log", &first), ("b", &second)]);
        compare(folder.path(), wanted);
    }
}
