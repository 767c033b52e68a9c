//! The explorer in a real terminal: what a person sees, and what is left behind when it ends.

use std::fs;

use crate::pty::{Ended, Session};

/// Rows and columns.
const SMALL: (u16, u16) = (24, 80);

/// The lab, loaded.
fn lab() -> Session {
    let session = Session::start(&[], SMALL, &[]);
    session.wait_for("5,856 of 5,856");
    session
}

#[track_caller]
fn check_left(session: Session, code: u32) -> Ended {
    let ended = session.wait_exit();
    ended.assert_restored();
    assert_eq!(ended.code, code);
    ended
}

#[test]
fn the_port_scan_can_be_found_in_the_sample() {
    let session = lab();
    session.send("/action == REJECT");
    session.wait_for("2,012 of 5,856");
    session.send("\r3");
    session.wait_for("breakdown by srcaddr");
    session.wait_until("the attacker leads", |screen| {
        let text = screen.contents();
        let at = |address: &str| text.find(&format!("{address} "));
        let list = text.find("breakdown by").unwrap_or(0);
        let groups = text.get(list..).unwrap_or("");
        groups.find("10.0.100.10 ") < groups.find("203.0.113.12").or(Some(usize::MAX))
            && at("10.0.100.10").is_some()
    });
    session.send("q");
    check_left(session, 0);
}

#[test]
fn an_error_stands_under_its_place_and_the_last_good_result_stays() {
    let session = lab();
    session.send("/reject and srcadr == 10.0.0.1");
    session.wait_for("did you mean srcaddr");
    session.wait_for("2,012 of 5,856");
    session.send("\r");
    session.send("q");
    // The text would be lost.
    session.wait_for("This would be lost");
    session.send("q");
    check_left(session, 0);
}

#[test]
fn the_mouse_selects_and_is_left_to_the_terminal_at_the_end() {
    let session = lab();
    // Press and release on the third record.
    session.send("\x1b[<0;10;10M\x1b[<0;10;10m");
    session.wait_for(" 3 / 5,856");
    session.send("q");
    check_left(session, 0);
    let session = Session::start(&["--no-mouse"], SMALL, &[]);
    session.wait_for("5,856 of 5,856");
    session.look(|screen| {
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
    });
    session.send("q");
    check_left(session, 0);
}

#[test]
fn escape_and_a_letter_in_two_pieces_are_one_key() {
    let session = lab();
    session.send("/reject accept");
    session.wait_for("reject accept");
    // Alt-b goes to the word before, in whose place a new one is typed.
    session.send("\x1bb");
    session.send("tcp ");
    session.wait_for("reject tcp accept");
    session.send("\x15\x0b\x1b");
    session.wait_for("Enter filters");
    session.send("q");
    check_left(session, 0);
}

#[test]
fn explain_says_that_a_probe_was_not_let_in() {
    let session = lab();
    session.send("/reject dst port 3389 and src host 10.0.100.10\r4");
    session.wait_for("did not let it");
    session.wait_for("3389");
    session.send("q");
    check_left(session, 0);
}

#[test]
fn a_text_is_found_on_a_thread_of_its_own_and_a_record_by_its_number() {
    let session = lab();
    session.send("\x063389\r");
    session.wait_for("found 3389 at");
    session.send("\x06no such text\r");
    session.wait_for("no such text is not in the 5,856 records");
    session.send("\x075856\r");
    session.wait_for("5,856 / 5,856");
    session.send("q");
    check_left(session, 0);
}

#[test]
fn the_help_opens_and_closes() {
    let session = lab();
    session.send("?");
    session.wait_for("help: records");
    session.send("\x1b");
    session.wait_gone("help: records");
    session.send("q");
    check_left(session, 0);
}

#[test]
fn the_screen_may_become_one_cell_and_large_again() {
    let session = lab();
    session.resize((1, 1));
    session.resize((50, 200));
    session.wait_for("4 explain");
    session.wait_for("3 breakdown by");
    session.resize(SMALL);
    session.wait_gone("breakdown by");
    session.send("q");
    check_left(session, 0);
}

#[test]
fn signals_give_the_terminal_back() {
    for (name, code) in [
        ("TERM", 143),
        ("HUP", 129),
        ("INT", 130),
        ("QUIT", 131),
        ("ALRM", 142),
        ("ABRT", 134),
    ] {
        let session = lab();
        session.signal(name);
        check_left(session, code);
    }
}

#[test]
fn a_signal_ends_a_program_whose_terminal_takes_no_output() {
    let session = Session::start(&[], (100, 300), &[]);
    session.wait_for("5,856 of 5,856");
    session.stall();
    // Each frame takes some tens of kilobytes, and a terminal holds a few.
    for _ in 0..100 {
        session.send("\x0c");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    session.signal("TERM");
    let ended = session.wait_exit();
    assert_eq!(ended.code, 143);
    assert_eq!(ended.settings_after, ended.settings_before);
}

#[test]
fn a_signal_ends_the_wait_for_a_pipe_with_a_log_format() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("format");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let format = format!("@{}", pipe.to_str().unwrap());
    let session = Session::start(&["inspect", "--log-format", &format], (24, 200), &[]);
    session.wait_for("waiting for the end of");
    session.signal("TERM");
    assert_eq!(session.wait_exit().code, 143);
}

#[test]
fn a_stopped_program_gives_the_terminal_back_and_takes_it_again() {
    let session = lab();
    session.send("\x1a");
    session.wait_until("the first screen is back", |screen| {
        !screen.alternate_screen()
    });
    // The screen is given back before the program stops: it is woken until it has been stopped and goes on.
    session.wait_until("the panes are back", |screen| {
        session.signal("CONT");
        screen.alternate_screen() && screen.contents().contains("1 records")
    });
    session.send("/reject");
    session.wait_for("2,012 of 5,856");
    session.send("\r");
    session.send("q");
    check_left(session, 0);
}

#[track_caller]
fn check_refused(args: &[&str], code: u32, says: &str) {
    let ended = Session::start(args, SMALL, &[]).wait_exit();
    ended.assert_restored();
    assert_eq!(ended.code, code, "{args:?}");
    // The terminal breaks long lines.
    let said = ended.text.replace('\n', "");
    assert!(said.contains(says), "{args:?}: {said}");
    assert!(!ended.output.contains(&0x1b), "no screen was opened");
}

#[test]
fn a_terminal_without_an_alternate_screen_keeps_no_old_text() {
    let (rows, cols) = SMALL;
    let fill = "#".repeat(usize::from((rows - 2) * cols));
    // Under job control the shell goes on while flowdeck is stopped.
    let script = format!(
        "set -m; printf '{fill}'; \"$FLOWDECK\"; \
         echo stopped; read line; printf '{fill}'; read line; fg; echo the shell again"
    );
    let session = Session::start_on_one_screen(&script, SMALL);
    let is_clean = |screen: &vt100::Screen| {
        let text = screen.contents();
        text.contains("5,856 of 5,856") && text.contains("1 records") && !text.contains('#')
    };
    session.wait_until("panes without old text", is_clean);
    session.send("\x1a");
    session.wait_for("stopped");
    assert!(!session.text().contains("records"), "{}", session.text());
    session.send("\n");
    session.wait_for("##");
    session.send("\n");
    session.wait_until("panes without old text again", is_clean);
    session.send("q");
    let ended = session.wait_exit();
    assert_eq!(ended.text.trim_end(), "the shell again");
}

#[test]
fn no_screen_is_opened_where_no_path_is_there() {
    check_refused(
        &["no-such-file.log"],
        2,
        "flowdeck: no such file or folder: no-such-file.log",
    );
    check_refused(
        &["a.log", "b.log", "no-such-*.log"],
        2,
        "flowdeck: no such file or folder: a.log, b.log; no file matches: no-such-*.log",
    );
    check_refused(
        &["--follow", "a.log"],
        2,
        "flowdeck: no such file or folder: a.log",
    );
}

#[test]
fn no_screen_is_opened_for_a_folder_that_is_empty_or_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::create_dir(path("empty")).unwrap();
    fs::create_dir_all(path("table/_delta_log")).unwrap();
    fs::write(path("table/a.log"), "srcaddr\n10.0.0.1\n").unwrap();
    check_refused(&[&path("empty")], 1, "empty is empty");
    check_refused(
        &[&path("empty"), &path("table")],
        2,
        "this is a Delta table",
    );
}

#[test]
fn an_empty_folder_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path().join("logs");
    fs::create_dir(&logs).unwrap();
    let session = Session::start(&["--follow", logs.to_str().unwrap()], SMALL, &[]);
    session.wait_for("empty: logs (R)");
    fs::write(logs.join("a.log"), "srcaddr\n10.0.0.1\n").unwrap();
    session.wait_for("1 records");
    session.wait_gone("empty: logs");
    session.send("q");
    check_left(session, 0);
}

#[test]
fn the_header_and_the_list_of_troubles_name_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    fs::write(&path, "srcaddr\n10.0.0.1\n").unwrap();
    let path = path.to_str().unwrap();
    let session = Session::start(&["b.log", path, "c*.log"], (24, 100), &[]);
    session.wait_for("a.log and 2 more · 1 record · no such file: b.log, c*.log (R)");
    session.send("R");
    session.wait_for("no such file or folder");
    session.wait_for("no file matches");
    assert!(!session.text().contains("damaged"));
    session.send("q");
    session.send("q");
    check_left(session, 0);
}

#[test]
fn a_terminal_is_not_read_from() {
    for args in [&["-"][..], &["query", "-"], &["/dev/tty"]] {
        check_refused(
            args,
            2,
            ": no records can be read from a terminal; name files, or pipe records in",
        );
    }
}

#[test]
fn no_colour_is_written_where_none_is_wanted() {
    let session = Session::start(&[], SMALL, &[("NO_COLOR", "1")]);
    session.wait_for("5,856 of 5,856");
    session.send("/reject\r");
    session.wait_for("2,012 of 5,856");
    session.send("q");
    let ended = check_left(session, 0);
    let output = String::from_utf8_lossy(&ended.output).into_owned();
    let coloured = output.split("\x1b[").skip(1).any(|sequence| {
        let parameters: String = sequence
            .chars()
            .take_while(|c| c.is_ascii_digit() || *c == ';')
            .collect();
        let is_style = sequence
            .get(parameters.len()..)
            .is_some_and(|rest| rest.starts_with('m'));
        is_style
            && parameters
                .split(';')
                .any(|n| matches!(n.parse(), Ok(30..=37 | 40..=47 | 90..=107 | 38 | 48)))
    });
    assert!(!coloured, "{output:?}");
}

#[test]
fn a_late_answer_about_the_background_acts_as_no_key() {
    let session = lab();
    session.send("\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[?62;22c/reject\r");
    session.wait_for("2,012 of 5,856");
    session.send("q");
    check_left(session, 0);
}

/// One sequence ends bold and dim text alike, and bright black is invisible in some palettes.
#[test]
fn the_row_of_the_cursor_stays_reversed_but_for_its_cell_when_the_cursor_moves() {
    /// The row of the first record, and where the columns of its time and its source address are.
    const FIRST: u16 = 7;
    const TIME: std::ops::Range<u16> = 3..11;
    const SOURCE: std::ops::Range<u16> = 19..27;
    let session = lab();
    for (keys, current) in [("", 1), ("jj", 3), ("k", 2), ("jjj", 5), ("k", 4)] {
        session.send(keys);
        session.wait_until(&format!("styles with the cursor on {current}"), |screen| {
            // The first record has no addresses, and what is missing is faint.
            (1..6).all(|record| {
                let cells = |columns: std::ops::Range<u16>| {
                    columns.map(move |column| screen.cell(FIRST + record, column).unwrap())
                };
                let style = |cell: &vt100::Cell| {
                    let is_plain = cell.fgcolor() == vt100::Color::Default;
                    (cell.bold(), cell.dim(), cell.inverse(), is_plain)
                };
                let (time, source) = if record == current {
                    ((true, false, false, true), (false, false, true, true))
                } else {
                    ((false, false, false, true), (false, false, false, true))
                };
                cells(TIME).all(|cell| style(cell) == time)
                    && cells(SOURCE).all(|cell| style(cell) == source)
            })
        });
    }
    session.send("q");
    check_left(session, 0);
}

#[test]
fn escapes_in_a_log_and_in_its_name_do_not_reach_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("name_\u{1b}]0;owned\u{7}.log");
    let line = "2 123456789012 eni-\u{1b}]52;c;ZXZpbA==\u{7}\u{9b}31m 10.0.0.1 10.0.0.2 1 22 6 1 40 1795400460 1795400519 ACCEPT OK\n";
    fs::write(&path, line.repeat(3)).unwrap();
    let session = Session::start(&[path.to_str().unwrap()], (40, 160), &[]);
    session.wait_for("3 of 3");
    session.send("4");
    session.wait_for("\\x1b]52");
    session.send("q");
    let ended = check_left(session, 0);
    let output = String::from_utf8_lossy(&ended.output).into_owned();
    assert!(
        !output.contains("\u{1b}]52")
            && !output.contains("\u{1b}]0;")
            && !output.contains('\u{9b}')
    );
}

#[test]
fn a_terminal_that_cannot_show_panes_gets_a_sentence() {
    let session = Session::start(&[], SMALL, &[("TERM", "dumb")]);
    let ended = session.wait_exit();
    assert_eq!(ended.code, 2);
    assert!(ended.text.contains("flowdeck:"), "{}", ended.text);
    assert!(!ended.output.contains(&0x1b));
}
