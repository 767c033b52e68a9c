//! Opens every sample, and holds the filters of `sample-logs/README.md` to what they find.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is in the folder of the files that hold the same records: the format and the compression of each.
const SAME_RECORDS: [(&str, &str, &str); 33] = [
    ("athena-results.csv", "csv", "none"),
    ("awscli-events.txt", "text", "none"),
    ("awscli-page.txt", "messages", "none"),
    ("by-action", "csv", "none"),
    ("clickhouse-compact.json", "json-rows", "none"),
    ("cloudwatch-events.json", "json-events", "none"),
    ("console-events.csv", "csv-messages", "none"),
    ("default-format.log", "text", "none"),
    ("default-format.log.bz2", "text", "bzip2"),
    ("default-format.log.lz4", "text", "lz4"),
    ("default-format.log.xz", "text", "xz"),
    ("default-format.log.zst", "text", "zstd"),
    ("duckdb.tsv", "csv", "none"),
    ("elasticsearch.json", "json-messages", "none"),
    ("firehose-messages.json", "json-messages", "none"),
    ("firehose-request.json", "json-events", "none"),
    ("fluent-bit.json", "json-messages", "none"),
    ("hive.txt", "csv", "none"),
    ("insights-results.csv", "csv-messages", "none"),
    ("insights-results.json", "insights-json", "none"),
    ("ocsf.json.gz", "ocsf", "gzip"),
    ("ocsf.parquet", "ocsf-parquet", "none"),
    ("pandas-index.csv", "csv", "none"),
    ("pandas-split.json", "json-rows", "none"),
    ("powershell.txt", "text", "none"),
    ("query-output.csv", "csv", "none"),
    ("r-write-table.txt", "csv", "none"),
    ("rows.json", "json-rows", "none"),
    ("splunk.json", "json-messages", "none"),
    (SPREADSHEET, "csv", "none"),
    ("subscription.json.gz", "json-events", "gzip"),
    ("syslog-rfc3164.log", "text", "none"),
    ("syslog-rfc5424.log", "text", "none"),
];

/// The file whose account has lost its first digit, and got it back when it was read.
const SPREADSHEET: &str = "spreadsheet.csv";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-logs")
}

/// What the program prints on standard output and on standard error.
fn run(args: &[&str]) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_flowdeck"))
        .args(args)
        .current_dir(root())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr))
}

/// The names in a folder, sorted.
fn entries(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(folder)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

/// A filter of the README, the file that it is for, and how many records it says that it finds.
fn promises() -> Vec<(String, String, u64)> {
    let text = fs::read_to_string(root().join("README.md")).unwrap();
    let mut files = Vec::new();
    let mut promises = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            let name = title.split(':').next().unwrap_or_default();
            files = match name {
                "formats" => SAME_RECORDS
                    .iter()
                    .map(|(name, ..)| format!("formats/{name}"))
                    .collect(),
                _ => vec![name.to_owned()],
            };
            files.retain(|name| root().join(name).exists());
        }
        let Some((filter, rest)) = line
            .strip_prefix("    ")
            .and_then(|line| line.split_once("  "))
        else {
            continue;
        };
        let count = rest.split_whitespace().next().unwrap_or_default();
        if let Ok(count) = count.replace(',', "").parse() {
            let promise = |file: &String| (filter.to_owned(), file.clone(), count);
            promises.extend(files.iter().map(promise));
        }
    }
    promises
}

#[test]
fn the_filters_of_the_samples_find_what_is_said() {
    let promises = promises();
    assert!(promises.len() > 130, "{promises:?}");
    for (filter, file, count) in promises {
        let (found, _) = run(&["query", "--count", "--filter", &filter, &file]);
        assert_eq!(found.trim(), count.to_string(), "{file}: {filter}");
    }
}

#[test]
fn every_sample_is_described_and_read_whole() {
    let text = fs::read_to_string(root().join("README.md")).unwrap();
    let formats = entries("formats");
    let formats = formats.iter().map(|name| format!("formats/{name}"));
    for path in entries("").into_iter().chain(formats) {
        if path == "README.md" {
            continue;
        }
        let name = path.strip_prefix("formats/").unwrap_or(&path);
        let places = [format!("## {name}: "), format!("| `{name}` | ")];
        assert!(places.iter().any(|place| text.contains(place)), "{path}");
        let (account, _) = run(&["inspect", "--output", "json", &path]);
        assert!(account.contains(r#""rejects":0,"#), "{path}: {account}");
        assert!(account.contains(r#""status":"ok""#), "{path}: {account}");
    }
}

/// The records of a file, with the columns of the default format, sorted.
fn rows(name: &str) -> Vec<String> {
    let columns = "version,account-id,interface-id,srcaddr,dstaddr,srcport,dstport,protocol,packets,bytes,start,end,\
                   action,log-status";
    let path = format!("formats/{name}");
    let (rows, said) = run(&["query", "--output", "csv", "--columns", columns, &path]);
    if name == SPREADSHEET {
        assert_eq!(said.lines().count(), 2, "{said}");
    } else {
        assert_eq!(said, "", "{name}");
    }
    let mut rows: Vec<_> = rows.lines().map(str::to_owned).collect();
    rows.sort();
    rows
}

#[test]
fn files_with_the_same_records_give_the_same_rows() {
    let names: Vec<_> = SAME_RECORDS.iter().map(|(name, ..)| *name).collect();
    assert_eq!(entries("formats"), names);
    let expected = rows("default-format.log");
    assert_eq!(expected.len(), 13);
    for (name, format, compression) in SAME_RECORDS {
        let mut rows = rows(name);
        if name == SPREADSHEET {
            for row in &mut rows {
                *row = row.replace(",012345678901,", ",123456789012,");
            }
        }
        assert_eq!(rows, expected, "{name}");
        let (account, _) = run(&["inspect", "--output", "json", &format!("formats/{name}")]);
        let read = format!(r#""format":"{format}","compression":"{compression}""#);
        assert!(account.contains(&read), "{name}: {account}");
    }
}

#[test]
fn exports_are_read_back_as_the_same_records_with_their_places() {
    let folder = tempfile::tempdir().unwrap();
    for sample in [
        "custom-order.log.gz",
        "efa.log",
        "formats/syslog-rfc5424.log",
        "mixed-orders.log",
        "nodata-skipdata.log",
    ] {
        let (expected, _) = run(&["query", "--output", "csv", sample]);
        for format in ["csv", "json", "ndjson", "parquet"] {
            let export = folder.path().join(format!("export.{format}"));
            let export = export.to_str().unwrap();
            run(&["query", "--output", format, "-o", export, sample]);
            let (rows, said) = run(&["query", "--output", "csv", export]);
            assert_eq!(
                (rows, said.as_str()),
                (expected.clone(), ""),
                "{sample}: {format}"
            );
        }
    }
}
