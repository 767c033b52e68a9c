//! Parquet in and out, as scripts meet it.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Output, Stdio};

use super::{flowdeck, root};

/// Runs the binary, whose standard input is `stdin`.
fn run(args: &[&str], folder: &Path, stdin: Stdio) -> Output {
    flowdeck(folder).args(args).stdin(stdin).output().unwrap()
}

#[track_caller]
fn check(args: &[&str], folder: &Path, expected: &str) {
    let output = run(args, folder, Stdio::null());
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn the_sample_has_what_its_description_says() {
    let folder = root().join("sample-logs");
    let file = "backup.log.parquet";
    for (filter, count) in [
        ("dst port 5432 and reject", 3),
        ("traffic-path == 7", 2),
        ("exists traffic-path", 5),
        ("log-status != OK", 3),
    ] {
        let expected = format!("{count}\n");
        check(
            &["query", "--count", "-f", filter, file],
            &folder,
            &expected,
        );
    }
}

#[test]
fn what_query_writes_it_reads_as_the_same_records() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let sample = root().join("sample-logs/custom-order.log.gz");
    let sample = sample.to_str().unwrap();
    let lines =
        |file: &str| run(&["query", "--output", "lines", file], folder, Stdio::null()).stdout;
    let text = String::from_utf8(lines(sample)).unwrap();
    let (header, records) = text.split_once('\n').unwrap();
    let columns = header.replace(' ', ",");
    check(
        &["query", "--columns", &columns, "-o", "out.parquet", sample],
        folder,
        "",
    );
    assert_eq!(String::from_utf8(lines("out.parquet")).unwrap(), records);
    // Through a pipe as well, and to one.
    let output = run(
        &["query", "--output", "parquet", "out.parquet"],
        folder,
        Stdio::null(),
    );
    assert!(output.stdout.starts_with(b"PAR1"));
    fs::write(folder.join("piped"), output.stdout).unwrap();
    let piped = Stdio::from(File::open(folder.join("piped")).unwrap());
    let output = run(&["query", "--count", "-"], folder, piped);
    assert_eq!(output.stdout, b"18\n");
}

#[test]
fn groups_and_buckets_may_be_parquet_too() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let lab = root().join("sample-logs/lab/v2");
    let lab = lab.to_str().unwrap();
    check(
        &["top", "--by", "action,start", "-o", "top.parquet", lab],
        folder,
        "",
    );
    check(
        &["query", "--count", "-f", "action == REJECT", "top.parquet"],
        folder,
        "22\n",
    );
    check(
        &["timeline", "--iso", "-o", "time.parquet", lab],
        folder,
        "",
    );
}

#[test]
fn a_fault_of_what_decodes_columns_is_told_as_damage_and_as_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut bytes = fs::read(root().join("sample-logs/backup.log.parquet")).unwrap();
    // The length of a word, which now goes beyond its page.
    bytes[2127] = 0;
    fs::write(folder.join("lie.parquet"), bytes).unwrap();
    let output = run(&["query", "--count", "lie.parquet"], folder, Stdio::null());
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "flowdeck: corrupt: lie.parquet: the Parquet file is damaged (row group 1 of 1: column pkt_dst_aws_service: \
         invalid data); the rest of it was read; download the file again\n"
    );
    assert_eq!(output.status.code(), Some(2));
}
