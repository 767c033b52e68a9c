//! What one run of the explorer remembers of filters, and the next one knows.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::pty::Session;

/// Rows and columns.
const SIZE: (u16, u16) = (24, 100);

/// A home that outlives the programs that run in it.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    fn session(&self, args: &[&str]) -> Session {
        let session = Session::start(args, SIZE, &[("HOME", self.0.path().to_str().unwrap())]);
        session.wait_for("5,856 of 5,856");
        session
    }
}

const HISTORY: &str = ".local/state/flowdeck/history";
const FILTERS: &str = ".config/flowdeck/filters.toml";

#[track_caller]
fn leave(session: Session) {
    session.send("q");
    let ended = session.wait_exit();
    ended.assert_restored();
    assert_eq!(ended.code, 0);
}

/// Uses a filter and leaves the bar.
fn filter(session: &Session, text: &str, count: &str) {
    session.send(&format!("/\x15{text}"));
    session.wait_for(count);
    session.send("\r");
    session.wait_for("= keep ");
}

#[test]
fn the_history_survives_the_program() {
    let home = Home::new();
    let session = home.session(&[]);
    filter(&session, "reject", "2,012 of 5,856");
    filter(&session, "dst port 9 and accept and reject", "0 of 5,856");
    filter(&session, "accept", "3,834 of 5,856");
    leave(session);
    assert_eq!(
        home.read(HISTORY),
        "{\"matched\":true,\"filter\":\"reject\"}\n\
         {\"matched\":false,\"filter\":\"dst port 9 and accept and reject\"}\n\
         {\"matched\":true,\"filter\":\"accept\"}\n"
    );

    let session = home.session(&[]);
    session.send("/\x1b[A");
    session.wait_for("3,834 of 5,856");
    session.send("\x1b[A\x1b[A");
    session.wait_for("2,012 of 5,856");
    session.send("\x15\x12");
    session.wait_for("saved filters and history");
    session.wait_for("✓ accept");
    session.wait_for("  dst port 9 and");
    session.send("REJ 9");
    session.wait_for("1 of 3");
    session.send("\x04");
    session.wait_for("deleted dst port 9");
    session.send("\x1b");
    session.wait_gone("saved filters");
    session.send("\r");
    leave(session);
    assert!(!home.read(HISTORY).contains("port 9"));
}

#[test]
fn a_filter_with_a_name_survives_the_program_and_stands_for_its_text() {
    let home = Home::new();
    let session = home.session(&[]);
    session.send("/reject\x13scan");
    session.wait_for("save as $scan");
    session.send("\r");
    session.wait_for("saved as $scan: reject");
    session.send("\r");
    leave(session);
    assert!(home.read(FILTERS).ends_with("\nscan = \"reject\"\n"));

    let session = home.session(&[]);
    session.send("/$scan and dst port 3389");
    session.wait_for("= action == REJECT and dstport == 3389");
    session.send("\r\x12");
    session.wait_for("$scan  reject");
    session.send("\r");
    session.wait_for("2,012 of 5,856");
    leave(session);

    let home = home.0.path().to_str().unwrap();
    let session = Session::start(&["--filter", "$scan"], SIZE, &[("HOME", home)]);
    session.wait_for("2,012 of 5,856");
    leave(session);
}

#[test]
fn sessions_side_by_side_keep_the_filters_of_both() {
    let home = Home::new();
    let (one, other) = (home.session(&[]), home.session(&[]));
    filter(&one, "reject", "2,012 of 5,856");
    filter(&other, "accept", "3,834 of 5,856");
    leave(one);
    leave(other);
    let history = home.read(HISTORY);
    assert!(
        history.contains("\"reject\"") && history.contains("\"accept\""),
        "{history}"
    );
}

#[test]
fn who_wants_no_history_has_none() {
    let home = Home::new();
    home.write(HISTORY, "{\"filter\":\"accept\"}\n");
    let session = home.session(&["--no-history"]);
    filter(&session, "reject", "2,012 of 5,856");
    session.send("\x12");
    session.wait_for("1 of 1");
    session.send("\x1b");
    session.wait_gone("1 of 1");
    leave(session);
    assert_eq!(home.read(HISTORY), "{\"filter\":\"accept\"}\n");
}

#[test]
fn files_that_cannot_be_used_are_told_and_change_nothing_else() {
    let home = Home::new();
    home.write(FILTERS, "scan = reject\n");
    // Where the folder of the history should be, there is a file.
    home.write(".local/state", "");
    let session = home.session(&[]);
    session.wait_for("~/.config/flowdeck/filters.toml:1: ");
    session.send("/reject\r");
    session.wait_for("~/.local/state/flowdeck/history: cannot be written: ");
    session.send("/\x13scan\r");
    session.wait_for("$scan is saved for this session only: ~/.config/flowdeck/filters.toml:1: ");
    session.send("\x15$scan");
    session.wait_for("2,012 of 5,856");
    session.send("\r");
    leave(session);
    assert_eq!(home.read(FILTERS), "scan = reject\n");

    let session = Session::start(&[], SIZE, &[("HOME", "")]);
    session.wait_for("5,856 of 5,856");
    filter(&session, "reject", "2,012 of 5,856");
    leave(session);
}
