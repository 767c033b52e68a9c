//! Copying in a real terminal: what reaches the terminal, what reaches programs, and what is said of it.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

use crate::pty::Session;

/// Rows and columns.
const SMALL: (u16, u16) = (24, 80);

/// A record, longer than a row of the terminal.
const LINE: &str = "2 123456789012 eni-0a1b2c3d4e5f60011 10.0.0.1 10.0.0.2 40000 22 6 1 40 1795400460 1795400519 ACCEPT OK";

/// The same, as the terminal gets it.
const CODED: &str = "MiAxMjM0NTY3ODkwMTIgZW5pLTBhMWIyYzNkNGU1ZjYwMDExIDEwLjAuMC4xIDEwLjAuMC4yIDQwMDAwIDIyIDYgMSA0MCAxNzk1NDAwNDYwIDE3OTU0MDA1MTkgQUNDRVBUIE9L";

/// A program that takes everything.
const TAKES: &str = "/bin/cat > \"$0.got\"";

/// The message if the terminal does not confirm that it received the text.
const SENT: &str = "sent the line to the terminal; if pasting does not work, press Y";

/// A folder with a log, and with a program where a name and a script are given.
fn folder(program: Option<(&str, &str)>) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("one.log"), format!("{LINE}\n")).unwrap();
    if let Some((name, script)) = program {
        // A shell writes it: a file that a child of another thread has open for writing cannot be run.
        let write = "printf '#!/bin/sh\\n%s\\n' \"$2\" > \"$1\"; chmod 755 \"$1\"";
        let status = Command::new("/bin/sh")
            .args(["-c", write, "sh"])
            .arg(folder.path().join(name))
            .arg(script)
            .status();
        assert!(status.unwrap().success());
    }
    folder
}

/// flowdeck on the log of `folder`, which finds no programs but those of the folder. `variable` is set.
fn start(folder: &TempDir, variable: &str) -> Session {
    let log = folder.path().join("one.log");
    let env = [("PATH", folder.path().to_str().unwrap()), (variable, "1")];
    let session = Session::start(&[log.to_str().unwrap()], SMALL, &env);
    session.wait_for("1 of 1");
    session
}

fn leave(session: Session) -> String {
    session.send("q");
    let ended = session.wait_exit();
    ended.assert_restored();
    String::from_utf8_lossy(&ended.output).into_owned()
}

#[test]
fn a_text_that_no_program_took_is_sent_to_the_terminal_and_can_be_shown_alone() {
    let folder = folder(None);
    let session = start(&folder, "DISPLAY");
    session.send("yl");
    session.wait_for(SENT);
    session.send("Y");
    let is_alone = |screen: &vt100::Screen| {
        let text = screen.contents();
        let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
        // The terminal itself breaks the line, so that it is one line when it is selected.
        lines == [LINE, "press any key to go back"] && screen.row_wrapped(0)
    };
    session.wait_until("line that stands alone", is_alone);
    session.resize((30, 60));
    session.wait_until("line that stands alone again", |screen| {
        is_alone(screen) && screen.size().1.get() == 60
    });
    session.send("q");
    session.wait_until("whole panes", |screen| {
        let text = screen.contents();
        text.contains("1 records") && text.contains("filter") && !text.contains(LINE)
    });
    let output = leave(session);
    assert!(output.contains(&format!("\x1b]52;c;{CODED}\x07")));
}

#[test]
fn copied_is_said_where_a_program_took_the_text() {
    let taken = folder(Some(("xclip", TAKES)));
    let session = start(&taken, "DISPLAY");
    session.send("yl");
    session.wait_for("copied the line: 2 123456789012");
    let got = fs::read_to_string(taken.path().join("xclip.got"));
    assert_eq!(got.unwrap(), LINE);
    // Some terminals are not those of the desktop that has the display.
    let output = leave(session);
    assert!(output.contains(&format!("\x1b]52;c;{CODED}\x07")));

    let failed = folder(Some(("xclip", "/bin/cat; exit 1")));
    let session = start(&failed, "DISPLAY");
    session.send("yl");
    session.wait_for(SENT);
    assert!(!session.text().contains("copied"));
    leave(session);
}

#[test]
fn tmux_and_gnu_screen_get_what_they_take() {
    let folder = folder(Some(("tmux", TAKES)));
    let session = start(&folder, "TMUX");
    session.send("yl");
    session.wait_for("copied the line to tmux; if pasting elsewhere does not work, press Y");
    let got = fs::read_to_string(folder.path().join("tmux.got"));
    assert_eq!(got.unwrap(), LINE);
    leave(session);

    let session = start(&folder, "STY");
    session.send("yl");
    session.wait_for(SENT);
    let output = leave(session);
    assert!(output.contains("\x1bP\x1b]52;c;MiAx"), "{output:?}");
}

#[test]
fn who_copies_and_leaves_at_once_has_the_whole_text() {
    let folder = folder(Some(("xclip", TAKES)));
    let session = start(&folder, "DISPLAY");
    session.send("yl");
    leave(session);
    let got = fs::read_to_string(folder.path().join("xclip.got"));
    assert_eq!(got.unwrap(), LINE);
}
