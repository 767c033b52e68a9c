//! However large what is read turns out to be, memory is bounded, and what was left out is said.

#![cfg(target_os = "linux")]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

/// The address space of a run, in kilobytes: what the program and its libraries take, and little more.
const ADDRESS_SPACE: u64 = 400_000;

/// Runs flowdeck in an address space that is bounded.
fn bounded(args: &str, folder: &Path) -> Output {
    let program = env!("CARGO_BIN_EXE_flowdeck");
    let line = format!("ulimit -v {ADDRESS_SPACE}; exec '{program}' {args}");
    let mut command = Command::new("/bin/sh");
    command.args(["-c", &line]).current_dir(folder);
    command.env("HOME", folder).output().unwrap()
}

#[track_caller]
fn account(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    let said = String::from_utf8_lossy(&output.stderr);
    let account: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}\n{said}"));
    let number = |key: &str| account[key].as_u64().unwrap();
    let parts = ["records", "headers", "comments", "blanks", "rejects"];
    assert_eq!(number("lines"), parts.into_iter().map(number).sum::<u64>());
    account
}

/// A packed file in which `block` stands so many times.
fn bomb(path: &Path, block: &[u8], times: usize) {
    let file = fs::File::create(path).unwrap();
    let mut encoder = GzEncoder::new(file, Compression::fast());
    for _ in 0..times {
        encoder.write_all(block).unwrap();
    }
    encoder.finish().unwrap();
}

#[test]
fn a_line_that_unpacks_to_more_than_the_memory_is_one_reject() {
    let folder = tempfile::tempdir().unwrap();
    bomb(&folder.path().join("a.log.gz"), &vec![b'x'; 1 << 20], 600);
    let output = bounded("inspect --jobs 2 --output json a.log.gz", folder.path());
    let account = account(&output);
    assert_eq!(
        (&account["lines"], &account["rejects"]),
        (&1.into(), &1.into())
    );
    assert_eq!(account["reject_reasons"]["line too long"], 1);
    assert_eq!(account["bytes_decoded"], 600 << 20);
}

#[test]
fn lines_that_are_no_records_are_counted_and_only_some_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut block = vec![b'x'; 4000];
    block.push(b'\n');
    // A file without any record is no flow log, and its lines would not be counted.
    let block = [block.repeat(100), records(0, 1).into_bytes()].concat();
    bomb(&folder.path().join("a.log.gz"), &block, 1500);
    let output = bounded("inspect --jobs 2 --output json a.log.gz", folder.path());
    let account = account(&output);
    assert_eq!(account["rejects"], 150_000);
    assert_eq!(account["records"], 1500);
}

/// Records that no two of them are alike.
fn records(from: usize, count: usize) -> String {
    let mut state = from as u64 + 1;
    let mut text = String::new();
    for number in 0..count {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let address = |shift: u32| {
            let [_, bytes @ ..] = u32::try_from(state >> shift & 0xff_ffff)
                .unwrap()
                .to_be_bytes();
            format!("10.{}.{}.{}", bytes[0], bytes[1], bytes[2])
        };
        let line = format!(
            "2 1 eni-1 {} {} {} {} 6 {} {} {} {} ACCEPT OK\n",
            address(40),
            address(16),
            state % 60_000,
            state % 50_000,
            state % 100_000,
            state % 10_000_000,
            1_700_000_000 + number,
            1_700_000_060 + number
        );
        text += &line;
    }
    text
}

#[test]
fn records_stop_at_the_memory_they_may_take_and_what_was_left_out_is_said() {
    let folder = tempfile::tempdir().unwrap();
    for file in 0..20 {
        let path = folder.path().join(format!("{file:02}.log"));
        fs::write(path, records(file, 50_000)).unwrap();
    }
    let args = "inspect --jobs 2 --max-memory 6MB --output json .";
    let output = bounded(args, folder.path());
    let account = account(&output);
    let records = account["records"].as_u64().unwrap();
    assert!((50_000..700_000).contains(&records), "{records}");
    let memory = account["memory_bytes"].as_u64().unwrap();
    assert!(memory < 16_000_000, "{memory}");
    let sources = account["sources"].as_array().unwrap();
    let left_out = sources.iter().filter(|source| source["status"] == "limit");
    assert!(left_out.count() > 2);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("limit: ") && said.contains("--max-memory") && said.contains("6.0 MB"),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn words_count_as_memory_too() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::from("interface-id bytes\n");
    for number in 0..200_000 {
        text.extend(["eni-", &format!("{number:0>100}"), " 1\n"]);
    }
    fs::write(folder.path().join("a.log"), text).unwrap();
    let args = "inspect --jobs 1 --max-memory 4MB --output json a.log";
    let output = bounded(args, folder.path());
    let memory = account(&output)["memory_bytes"].as_u64().unwrap();
    assert!(memory < 8_000_000, "{memory}");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_screen_says_that_memory_was_full() {
    let folder = tempfile::tempdir().unwrap();
    for file in 0..8 {
        let path = folder.path().join(format!("{file}.log"));
        fs::write(path, records(file, 50_000)).unwrap();
    }
    let path = folder.path().to_str().unwrap();
    let args = ["--max-memory", "3MB", "--jobs", "1", path];
    let session = crate::pty::Session::start(&args, (36, 120), &[]);
    session.wait_for("memory full at 3.0 MB");
    session.send("Rj");
    session.wait_for("limit");
    session.wait_for("--max-memory");
    session.send("qq");
    session.wait_exit().assert_restored();
}

#[test]
fn many_small_files_are_read_in_little_memory() {
    let folder = tempfile::tempdir().unwrap();
    for file in 0..3000 {
        let path = folder.path().join(format!("{file}.log.gz"));
        bomb(&path, records(file, 2).as_bytes(), 1);
    }
    let output = bounded("inspect --jobs 2 --output json .", folder.path());
    let account = account(&output);
    assert_eq!(
        (&account["files"], &account["records"]),
        (&3000.into(), &6000.into())
    );
    assert!(account["memory_bytes"].as_u64().unwrap() < 1_000_000);
}
