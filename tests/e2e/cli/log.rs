//! `--log FILE`, of the real binary.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::{flowdeck, root};

/// Every value of these columns of the samples: addresses, interfaces and instances.
fn values_of_records(samples: &Path) -> BTreeSet<String> {
    let columns = "srcaddr,dstaddr,pkt-srcaddr,pkt-dstaddr,interface-id,instance-id,bytes";
    let mut command = flowdeck(samples);
    let output = command
        .args(["query", "--output", "csv", "--columns", columns, "."])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let values = text.lines().skip(1).flat_map(|line| line.split(','));
    // Short numbers are also counts, which the log has.
    let values = values.filter(|value| value.len() > 6);
    values.map(str::to_owned).collect()
}

#[test]
fn the_log_has_what_was_decided_and_no_content_of_records() {
    let samples = root().join("sample-logs");
    let values = values_of_records(&samples);
    assert!(
        values.len() > 50 && values.contains("10.0.100.10"),
        "{values:?}"
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flowdeck.log");
    for attempt in ["new", "written over"] {
        let output = flowdeck(&samples)
            .args(["inspect", ".", "--log"])
            .arg(&path)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{attempt}: {output:?}");
    }
    let log = fs::read_to_string(&path).unwrap();
    for value in &values {
        let mut words = log.split(|c: char| !(c.is_alphanumeric() || ".:-".contains(c)));
        assert!(!words.any(|word| word == value), "{value}");
    }
    for decision in [
        "flowdeck log: version ",
        "inspect\n",
        "ingest: memory for records: at most ",
        "files found; ",
        "custom-order.log.gz: format text, compression gzip, status ok",
        "order of fields from the header: ",
        "order of fields inferred from the values, ",
        " bytes read, ",
        "finished after ",
    ] {
        assert!(log.contains(decision), "{decision}\n{log}");
    }
    assert_eq!(log.matches("flowdeck log: ").count(), 1);
}

#[test]
fn a_log_that_cannot_be_written_is_an_error() {
    #[track_caller]
    fn check(folder: &Path, log: &str, message: &str) {
        let output = flowdeck(folder)
            .args(["query", "--count", "flow.log", "--log", log])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(String::from_utf8(output.stdout).unwrap(), "");
        assert_eq!(String::from_utf8(output.stderr).unwrap(), message);
    }
    let folder = tempfile::tempdir().unwrap();
    let records = "srcaddr bytes\n10.0.0.1 7\n";
    fs::write(folder.path().join("flow.log"), records).unwrap();
    check(
        folder.path(),
        "no/such/flowdeck.log",
        "flowdeck: --log: no/such/flowdeck.log: cannot write: no such file or directory\n",
    );
    check(
        folder.path(),
        "flow.log",
        "flowdeck: --log: flow.log: this file exists and is not a flowdeck log; name a new file\n",
    );
    assert_eq!(
        fs::read_to_string(folder.path().join("flow.log")).unwrap(),
        records
    );
}
