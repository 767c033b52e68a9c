//! What commands do differently when a terminal shows their output.

use std::fs;
use std::io::Read;
use std::path::Path;

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

/// Runs the binary with a terminal for all its streams; gives every byte that the terminal got, and the exit
/// status.
fn shown(args: &[&str], folder: &Path) -> (String, u32) {
    let size = PtySize {
        rows: 24,
        cols: 200,
        ..PtySize::default()
    };
    let pair = native_pty_system().openpty(size).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_flowdeck"));
    command.args(args);
    command.cwd(folder);
    command.env("TERM", "xterm");
    command.env("HOME", folder);
    command.env_remove("XDG_CONFIG_HOME");
    command.env_remove("XDG_STATE_HOME");
    let mut reader = pair.master.try_clone_reader().unwrap();
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut bytes = Vec::new();
    // Where the other end is gone, Linux reports an error and other systems an end.
    let _ = reader.read_to_end(&mut bytes);
    let status = child.wait().unwrap().exit_code();
    let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
    (text, status)
}

/// A folder with one record whose interface would turn a terminal red.
fn evil() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let line = "2 1 eni-\x1b[31m 10.0.0.1 10.0.0.2 1 2 6 1 40 1700000000 1700000001 ACCEPT OK\n";
    fs::write(folder.path().join("evil.log"), line).unwrap();
    folder
}

#[test]
fn a_terminal_gets_a_table() {
    let folder = evil();
    let (text, status) = shown(&["query", "evil.log"], folder.path());
    assert_eq!(status, 0);
    assert_eq!(
        text,
        "start                interface-id  srcaddr   srcport  dstaddr   dstport  protocol  packets  bytes  action\n\
         2023-11-14 22:13:20  eni-\\x1b[31m  10.0.0.1        1  10.0.0.2        2  tcp             1     40  ACCEPT\n"
    );
    let (text, _) = shown(&["top", "--by", "action", "evil.log"], folder.path());
    assert!(text.starts_with("action  records"), "{text}");
}

#[test]
fn nothing_of_a_log_acts_on_a_terminal() {
    let folder = evil();
    for format in ["table", "csv", "json", "ndjson", "lines"] {
        let args = ["query", "--output", format, "evil.log"];
        let (text, status) = shown(&args, folder.path());
        assert_eq!(status, 0);
        assert!(text.contains("eni-\\"), "{format}: {text:?}");
        assert!(!text.contains('\x1b'), "{format}: {text:?}");
    }
    let (text, _) = shown(&["top", "--by", "interface-id", "evil.log"], folder.path());
    assert!(!text.contains('\x1b'), "{text:?}");
}

#[test]
fn a_file_gets_what_the_log_has_even_from_a_terminal() {
    let folder = evil();
    let args = ["query", "--output", "lines", "-o", "out.log", "evil.log"];
    let (text, status) = shown(&args, folder.path());
    assert_eq!((text.as_str(), status), ("", 0));
    let read = |name| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("out.log"), read("evil.log"));
}

#[test]
fn a_file_without_a_name_that_says_more_gets_ndjson_even_from_a_terminal() {
    let folder = evil();
    let args = ["query", "-o", "out", "--columns", "line", "evil.log"];
    assert_eq!(shown(&args, folder.path()).1, 0);
    let text = fs::read_to_string(folder.path().join("out")).unwrap();
    assert_eq!(text, "{\"line\":1}\n");
}

#[test]
fn a_terminal_gets_no_parquet() {
    let folder = evil();
    let (text, status) = shown(&["query", "--output", "parquet", "evil.log"], folder.path());
    assert_eq!(status, 2);
    assert_eq!(
        text,
        "flowdeck: --output parquet: Parquet cannot be shown on a terminal; add `-o FILE`\n"
    );
}
