//! The command line as scripts meet it: the real binary over case files, and over pipes, signals and full disks.

mod log;
mod parquet;
mod passed;
mod terminal;

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde::Deserialize;

/// The case files; each is a test of its own.
const FILES: [&str; 12] = [
    "answers", "assumed", "errors", "forms", "groups", "inspect", "nothing", "output", "overlaps",
    "query", "saved", "tools",
];

/// One file of cases.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    /// Files that every case of this file finds in its folder.
    #[serde(default)]
    files: BTreeMap<String, String>,
    /// The cases.
    case: Vec<Case>,
}

/// One run of the binary and what it has to give.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// What it shows, as a sentence.
    name: String,
    /// The arguments; `{samples}` is the folder of the sample logs, and `{lab}` that of the sample lab.
    args: Vec<String>,
    /// Fed to the standard input; where there is none, that is no pipe either.
    #[serde(default)]
    stdin: String,
    /// More files.
    #[serde(default)]
    files: BTreeMap<String, String>,
    /// Files that are compressed with gzip before they are written.
    #[serde(default)]
    gz: BTreeMap<String, String>,
    /// Files of these bytes, in hexadecimal.
    #[serde(default)]
    hex: BTreeMap<String, String>,
    /// The whole of standard output.
    stdout: Option<String>,
    /// What standard output contains.
    #[serde(default)]
    stdout_has: Vec<String>,
    /// What standard output does not contain.
    #[serde(default)]
    stdout_lacks: Vec<String>,
    /// The whole of standard error.
    stderr: Option<String>,
    /// What standard error contains; where nothing is said of it, it has to be empty.
    #[serde(default)]
    stderr_has: Vec<String>,
    /// Some of the keys of the JSON object that standard output is.
    json: Option<toml::Table>,
    /// What files contain afterwards.
    #[serde(default)]
    leaves: BTreeMap<String, String>,
    /// What is not there afterwards.
    #[serde(default)]
    leaves_no: Vec<String>,
    /// The exit status.
    #[serde(default)]
    code: i32,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The binary, told nothing by the terminal that the tests run in or by the home of who runs them.
fn flowdeck(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flowdeck"));
    command
        .current_dir(folder)
        .env("COLUMNS", "100")
        .env("NO_COLOR", "1")
        .env_remove("CLICOLOR_FORCE")
        .env("HOME", folder)
        .env("XDG_CONFIG_HOME", folder.join("config"))
        .env("XDG_STATE_HOME", folder.join("state"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

impl Case {
    /// Runs the case; gives what is wrong.
    fn run(&self, shared: &BTreeMap<String, String>) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &String, bytes: &[u8]| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        };
        for (name, text) in shared.iter().chain(&self.files) {
            write(name, text.as_bytes());
        }
        for (name, text) in &self.gz {
            write(name, &gzip(text));
        }
        for (name, digits) in &self.hex {
            write(name, &from_hex(digits));
        }
        let samples = root().join("sample-logs");
        let samples = samples.to_str().unwrap();
        let args = self.args.iter().map(|arg| {
            arg.replace("{lab}", "{samples}/lab/v2")
                .replace("{samples}", samples)
        });
        let mut command = flowdeck(folder.path());
        command.args(args);
        if !self.stdin.is_empty() {
            command.stdin(Stdio::piped());
        }
        let mut child = command.spawn().unwrap();
        if let Some(mut input) = child.stdin.take() {
            // A command that does not read its input may have ended already.
            let _ = input.write_all(self.stdin.as_bytes());
        }
        let output = child.wait_with_output().unwrap();
        self.judge(&output, folder.path())
    }

    fn judge(&self, output: &Output, folder: &Path) -> Vec<String> {
        let mut wrong = Vec::new();
        let stdout = String::from_utf8_lossy(&output.stdout);
        let stderr = String::from_utf8_lossy(&output.stderr);
        let mut expect = |holds: bool, what: String| {
            if !holds {
                wrong.push(what);
            }
        };
        let code = output.status.code();
        expect(
            code == Some(self.code),
            format!("status {code:?}, not {}", self.code),
        );
        if let Some(text) = &self.stdout {
            expect(stdout == *text, format!("standard output is not {text:?}"));
        }
        for text in &self.stdout_has {
            expect(
                stdout.contains(text),
                format!("standard output lacks {text:?}"),
            );
        }
        for text in &self.stdout_lacks {
            expect(
                !stdout.contains(text),
                format!("standard output has {text:?}"),
            );
        }
        for text in &self.stderr_has {
            expect(
                stderr.contains(text),
                format!("standard error lacks {text:?}"),
            );
        }
        if let Some(text) = &self.stderr {
            expect(stderr == *text, format!("standard error is not {text:?}"));
        } else if self.stderr_has.is_empty() {
            expect(stderr.is_empty(), "standard error is not empty".into());
        }
        if let Some(keys) = &self.json {
            let document: serde_json::Value = serde_json::from_str(&stdout).unwrap_or_default();
            for (key, value) in keys {
                let value = serde_json::to_value(value).unwrap();
                let found = &document[key];
                expect(*found == value, format!("{key} is {found}, not {value}"));
            }
        }
        for (name, text) in &self.leaves {
            let found = fs::read_to_string(folder.join(name)).unwrap_or_default();
            expect(found == *text, format!("{name} has {found:?}"));
        }
        for name in &self.leaves_no {
            expect(!folder.join(name).exists(), format!("{name} is there"));
        }
        let hidden = fs::read_dir(folder).unwrap().flatten();
        let left = hidden.filter(|entry| entry.file_name().to_string_lossy().starts_with('.'));
        expect(left.count() == 0, "a temporary file is left".into());
        if !wrong.is_empty() {
            wrong.push(format!(
                "--- standard output\n{stdout}--- standard error\n{stderr}---"
            ));
        }
        wrong
    }
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn from_hex(digits: &str) -> Vec<u8> {
    let digits: Vec<u8> = digits.bytes().filter(u8::is_ascii_hexdigit).collect();
    let byte = |pair: &[u8]| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}

/// Runs every case of `cases/<name>.toml`, and says of all that fail what is wrong.
fn run(name: &str) {
    let path = root().join(format!("tests/e2e/cases/{name}.toml"));
    let text = fs::read_to_string(&path).unwrap();
    let cases: Cases = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(!cases.case.is_empty());
    let mut failed = Vec::new();
    for case in &cases.case {
        let wrong = case.run(&cases.files);
        if !wrong.is_empty() {
            failed.push(format!("{name}: {}\n  {}\n", case.name, wrong.join("\n  ")));
        }
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}

#[test]
fn every_case_file_is_run() {
    let folder = root().join("tests/e2e/cases");
    let mut found: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            entry
                .unwrap()
                .path()
                .file_stem()
                .unwrap()
                .to_string_lossy()
                .into()
        })
        .collect();
    found.sort();
    assert_eq!(found, FILES);
}

#[test]
fn every_form_is_read_and_given_back() {
    run("forms");
}

#[test]
fn query_selects_and_sorts() {
    run("query");
}

#[test]
fn query_writes_every_format() {
    run("output");
}

#[test]
fn inspect_accounts_for_every_line() {
    run("inspect");
}

#[test]
fn top_and_timeline_group() {
    run("groups");
}

#[test]
fn errors_say_what_where_and_the_way_out() {
    run("errors");
}

#[test]
fn what_has_nothing_to_read_is_told_with_its_reason() {
    run("nothing");
}

#[test]
fn a_folder_with_nothing_in_it_is_said_to_be_empty() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("logs/2026")).unwrap();
    for (args, code, says) in [
        (&["logs"][..], 1, "flowdeck: the folder logs is empty\n"),
        (
            &["query", "logs"],
            1,
            "flowdeck: warning: the folder logs is empty\n",
        ),
        (
            &["logs", "x"],
            2,
            "flowdeck: no such file or folder: x\nflowdeck: the folder logs is empty\n",
        ),
    ] {
        let output = flowdeck(folder.path()).args(args).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(
            (output.status.code(), &*stderr),
            (Some(code), says),
            "{args:?}"
        );
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn an_interface_in_two_flow_logs_is_told_with_a_filter_that_keeps_one() {
    run("overlaps");
}

#[test]
fn a_filter_may_speak_of_filters_that_have_a_name() {
    run("saved");
}

#[test]
fn files_of_other_programs_are_read_or_named() {
    run("tools");
}

#[test]
fn what_needs_no_files_is_answered() {
    run("answers");
}

#[test]
fn help_is_as_it_was_read_last() {
    let output = flowdeck(&root()).arg("--help").output().unwrap();
    insta::assert_snapshot!(String::from_utf8(output.stdout).unwrap());
}

/// Many records, so that their output fills any pipe.
fn many() -> String {
    let line = "2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 40 1700000000 1700000001 ACCEPT OK\n";
    line.repeat(20_000)
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("many.log"), many()).unwrap();
    for format in ["csv", "json", "ndjson", "lines", "table"] {
        let mut command = flowdeck(folder.path());
        let mut child = command
            .args(["query", "--output", format, "many.log"])
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(
            (output.status.code(), stderr.as_ref()),
            (Some(0), ""),
            "{format}"
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said() {
    for args in [
        &["query"][..],
        &["query", "--count"],
        &["inspect"],
        &["fields"],
        &["man"],
    ] {
        let full = fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let output = flowdeck(&root()).args(args).stdout(full).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        let wanted = "flowdeck: standard output: cannot write: no space left on device\n";
        assert_eq!(
            (output.status.code(), stderr.as_ref()),
            (Some(2), wanted),
            "{args:?}"
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_as_output_file_is_written_to_and_not_replaced() {
    let output = flowdeck(&root())
        .args(["query", "--count", "-o", "/dev/full"])
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        stderr.starts_with("flowdeck: /dev/full: cannot write: no space left"),
        "{stderr}"
    );
    assert_eq!(output.status.code(), Some(2));
}

/// Sends `signal` to a command that waits for the rest of its standard input, and gives what it printed.
#[cfg(unix)]
fn interrupted(args: &[&str], folder: &Path, signal: &str) -> Output {
    let mut command = flowdeck(folder);
    let mut child = command.args(args).stdin(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    // More than a pipe holds: when it is written, the command is reading, and signals are listened to.
    for _ in 0..4 {
        input.write_all(many().as_bytes()).unwrap();
    }
    let id = child.id().to_string();
    let killed = Command::new("kill").args([signal, &id]).status().unwrap();
    assert!(killed.success());
    let mut stdout = Vec::new();
    child
        .stdout
        .take()
        .unwrap()
        .read_to_end(&mut stdout)
        .unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    Output { stdout, ..output }
}

#[cfg(unix)]
#[test]
fn an_interrupted_load_prints_nothing_and_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    // What is ignored when the program is started stays so, as `nohup` wants it.
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.map_or(0, |mask| u64::from_str_radix(mask.trim(), 16).unwrap());
    let mut signals = vec![("-INT", 130), ("-TERM", 143)];
    let others = [("-HUP", 129, 1), ("-QUIT", 131, 3)];
    let heeded = others
        .iter()
        .filter(|other| ignored >> (other.2 - 1) & 1 == 0);
    signals.extend(heeded.map(|(signal, code, _)| (*signal, *code)));
    for (signal, code) in signals {
        let args = ["query", "-o", "out.csv", "-"];
        for args in [&["query", "-"][..], &["inspect", "-"], &args] {
            let output = interrupted(args, folder.path(), signal);
            assert_eq!(output.status.code(), Some(code), "{args:?}");
            assert_eq!(String::from_utf8_lossy(&output.stdout), "");
            assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        }
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn what_generate_makes_is_what_inspect_counts() {
    let folder = tempfile::tempdir().unwrap();
    let generate = [
        "generate",
        "--records",
        "3000",
        "--scenario",
        "brute-force",
        "tree",
    ];
    let made = flowdeck(folder.path()).args(generate).output().unwrap();
    assert_eq!(made.status.code(), Some(0));
    let inspect = ["inspect", "--output", "json", "tree"];
    let output = flowdeck(folder.path()).args(inspect).output().unwrap();
    let account: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let key = fs::read_to_string(folder.path().join("tree/.answer-key.json")).unwrap();
    let key: serde_json::Value = serde_json::from_str(&key).unwrap();
    for name in [
        "records", "accept", "reject", "nodata", "skipdata", "files", "first", "last",
    ] {
        assert_eq!(account[name], key[name], "{name}");
    }
    assert_eq!(account["rejects"], 0);
    let planted = &key["planted"][0];
    let query = [
        "query",
        "--count",
        "-f",
        planted["filter"].as_str().unwrap(),
        "tree",
    ];
    let output = flowdeck(folder.path()).args(query).output().unwrap();
    let count = String::from_utf8_lossy(&output.stdout);
    assert_eq!(count.trim(), planted["records"].to_string());
}
