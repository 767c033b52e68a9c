//! Files that grow, folders that fill and pipes that trickle: on the screen, and through `query --follow`.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use crate::pty::Session;

/// How long a test waits before it fails: far longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(30);
/// Rows and columns.
const SIZE: (u16, u16) = (24, 80);

fn record(number: usize) -> String {
    let start = 1_700_000_000 + number;
    format!("2 1 eni-1 10.0.0.1 10.0.0.{number} 1 22 6 1 40 {start} {start} ACCEPT OK\n")
}

fn append(path: &Path, text: &str) {
    let options = OpenOptions::new().append(true).create(true).to_owned();
    let mut file = options.open(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// A command whose output is read line by line.
struct Following {
    child: Child,
    lines: Receiver<String>,
}

impl Following {
    fn start(args: &[&str], folder: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flowdeck"));
        command.args(args).current_dir(folder).env("HOME", folder);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self { child, lines }
    }

    fn line(&self) -> String {
        self.lines.recv_timeout(PATIENCE).expect("a line comes")
    }

    /// Interrupts the command; gives its exit status and what it still printed.
    fn interrupt(mut self) -> (Option<i32>, Vec<String>) {
        let id = self.child.id().to_string();
        let killed = Command::new("kill").args(["-INT", &id]).status().unwrap();
        assert!(killed.success());
        let status = self.child.wait().unwrap();
        (status.code(), self.lines.iter().collect())
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn query_prints_records_as_they_come() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("a.log");
    fs::write(&log, record(1) + &record(2)).unwrap();
    let args = [
        "query",
        "--follow",
        "--output",
        "csv",
        "--columns",
        "dstaddr",
        "-f",
        "dstaddr != 10.0.0.2",
        ".",
    ];
    let following = Following::start(&args, folder.path());
    assert_eq!(following.line(), "dstaddr");
    assert_eq!(following.line(), "10.0.0.1");
    let (first, rest) = (record(3), record(4));
    let (half, end) = rest.split_at(40);
    append(&log, &(first + half));
    assert_eq!(following.line(), "10.0.0.3");
    append(&log, end);
    assert_eq!(following.line(), "10.0.0.4");
    fs::write(folder.path().join("b.log.gz"), gzip(&record(5))).unwrap();
    assert_eq!(following.line(), "10.0.0.5");
    assert_eq!(following.interrupt(), (Some(130), vec![]));
}

#[test]
fn the_file_that_the_output_goes_to_is_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let (log, out) = (folder.path().join("a.log"), folder.path().join("out.csv"));
    fs::write(&log, record(1)).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_flowdeck"));
    command.args([
        "query",
        "--follow",
        "--limit",
        "2",
        "--output",
        "csv",
        "--columns",
        "dstaddr",
    ]);
    command.arg(folder.path()).env("HOME", folder.path());
    command.stdin(Stdio::null()).stderr(Stdio::null());
    let mut child = command.stdout(File::create(&out).unwrap()).spawn().unwrap();
    let written = || fs::read_to_string(&out).unwrap();
    while written().lines().count() < 2 {
        thread::sleep(Duration::from_millis(50));
    }
    // A folder is searched every two seconds.
    thread::sleep(Duration::from_millis(2500));
    append(&log, &record(2));
    assert!(child.wait().unwrap().success());
    assert_eq!(written(), "dstaddr\n10.0.0.1\n10.0.0.2\n");
}

#[test]
fn what_cannot_be_read_while_following_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("a.log");
    fs::write(&log, record(1)).unwrap();
    let args = [
        "query",
        "--follow",
        "--limit",
        "2",
        "--output",
        "csv",
        "--columns",
        "dstaddr",
        ".",
    ];
    let mut following = Following::start(&args, folder.path());
    assert_eq!(following.line(), "dstaddr");
    assert_eq!(following.line(), "10.0.0.1");
    append(&log, "2 1 eni-1 10.0.0.1\n");
    let mut errors = BufReader::new(following.child.stderr.take().unwrap());
    let (sender, said) = mpsc::channel();
    thread::spawn(move || {
        let mut line = String::new();
        let _ = errors.read_line(&mut line);
        sender.send(line)
    });
    let said = said.recv_timeout(PATIENCE).expect("the line is told");
    assert!(
        said.contains("1 of 2 lines could not be read: too few fields (1)"),
        "{said}"
    );
    append(&log, &record(2));
    assert_eq!(following.line(), "10.0.0.2");
}

#[test]
fn every_format_that_has_no_end_can_follow() {
    for (format, first, second) in [
        ("lines", record(1), record(2)),
        (
            "ndjson",
            "{\"dstport\":22,\"line\":1}".into(),
            "{\"dstport\":22,\"line\":2}".into(),
        ),
        ("table", "22     1".into(), "22     2".into()),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("a.log");
        fs::write(&log, record(1)).unwrap();
        let args = [
            "query",
            "--follow",
            "--output",
            format,
            "--columns",
            "dstport,line",
            "a.log",
        ];
        let following = Following::start(&args, folder.path());
        if format == "table" {
            following.line();
        }
        assert_eq!(following.line().trim(), first.trim(), "{format}");
        append(&log, &record(2));
        assert_eq!(following.line().trim(), second.trim(), "{format}");
    }
}

#[test]
fn a_limit_ends_what_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("a.log");
    fs::write(&log, record(1)).unwrap();
    let args = [
        "query",
        "--follow",
        "--limit",
        "2",
        "--columns",
        "line",
        "a.log",
    ];
    let mut following = Following::start(&args, folder.path());
    assert_eq!(following.line(), "{\"line\":1}");
    append(&log, &(record(2) + &record(3)));
    assert_eq!(following.line(), "{\"line\":2}");
    assert_eq!(following.child.wait().unwrap().code(), Some(0));
    assert_eq!(following.lines.iter().count(), 0);
}

#[test]
fn records_of_a_pipe_are_printed_as_they_come_until_it_ends() {
    let folder = tempfile::tempdir().unwrap();
    let args = ["query", "--follow", "--columns", "line", "-"];
    let mut following = Following::start(&args, folder.path());
    let mut pipe = following.child.stdin.take().unwrap();
    for number in 1..=3 {
        pipe.write_all(record(number).as_bytes()).unwrap();
        pipe.flush().unwrap();
        assert_eq!(following.line(), format!("{{\"line\":{number}}}"));
    }
    drop(pipe);
    assert_eq!(following.child.wait().unwrap().code(), Some(0));
}

#[test]
fn the_explorer_follows_pauses_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("a.log");
    fs::write(&log, record(1) + &record(2)).unwrap();
    let path = folder.path().to_str().unwrap();
    let session = Session::start(&["--follow", path], SIZE, &[]);
    session.wait_for("live");
    session.wait_for("2 of 2");
    append(&log, &record(3));
    session.wait_for("3 of 3");
    fs::write(folder.path().join("b.log.gz"), gzip(&record(4))).unwrap();
    session.wait_for("4 of 4");
    session.send("F");
    session.wait_for("paused, 0 records waiting");
    append(&log, &record(5));
    session.wait_for("paused, 1 record waiting");
    session.wait_for("4 of 4");
    session.send("F");
    session.wait_for("5 of 5");
    session.send("\x03");
    session.wait_gone("live");
    session.send("q");
    let ended = session.wait_exit();
    ended.assert_restored();
    assert_eq!(ended.code, 0);
}

#[test]
fn a_pipe_is_explored_with_keys_from_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let text: String = (1..=9).map(record).collect();
    for (name, bytes) in [("a.log", text.clone().into_bytes()), ("b.gz", gzip(&text))] {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let before = format!("cat '{}'", path.display());
        let session = Session::start_piped(&before, "-", SIZE);
        session.wait_for("9 of 9");
        session.send("/dstaddr == 10.0.0.7");
        session.wait_for("1 of 9");
        session.send("\rqq");
        let ended = session.wait_exit();
        ended.assert_restored();
        assert_eq!(ended.code, 0, "{name}");
    }
}

#[test]
fn what_trickles_from_a_pipe_is_shown_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let fifo = folder.path().join("fifo");
    let made = Command::new("mkfifo").arg(&fifo).status().unwrap();
    assert!(made.success());
    let session = Session::start_piped(&format!("cat '{}'", fifo.display()), "-", SIZE);
    let mut pipe = File::options().write(true).open(&fifo).unwrap();
    for number in 1..=3 {
        pipe.write_all(record(number).as_bytes()).unwrap();
        session.wait_for(&format!("{number} of {number}"));
    }
    drop(pipe);
    session.wait_gone("loading");
    session.send("qq");
    session.wait_exit().assert_restored();
}
