//! The harness, held against programs that everybody knows.

use std::panic;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use super::{OneScreen, Session};

fn shell(script: &str) -> Session {
    Session::start_program("/bin/sh", &["-c", script], (6, 40), &[("COLOUR", "blue")])
}

#[test]
fn a_session_shows_what_is_printed_and_types_what_is_asked() {
    let session = shell("printf 'name? '; read name; echo \"hello $name, $COLOUR\"; exit 3");
    session.wait_for("name? ");
    session.send("Ada\n");
    session.wait_for("hello Ada, blue");
    let ended = session.wait_exit();
    assert_eq!((ended.code, ended.signal.as_deref()), (3, None));
    assert!(ended.text.contains("name? Ada"));
    assert!(ended.output.ends_with(b"hello Ada, blue\r\n"));
    ended.assert_restored();
}

#[test]
fn a_program_that_leaves_the_terminal_spoiled_is_found_out() {
    let spoil = "stty -echo -icanon; printf '\\033[?1049h\\033[?25l\\033[?2004h'";
    let ended = shell(spoil).wait_exit();
    assert!(ended.alternate_screen && ended.cursor_hidden && ended.bracketed_paste);
    assert_ne!(ended.settings_before, ended.settings_after);

    let mend = "stty echo icanon; printf '\\033[?1049l\\033[?25h\\033[?2004l'";
    shell(&format!("{spoil}; {mend}"))
        .wait_exit()
        .assert_restored();
}

#[test]
fn a_terminal_with_one_screen_never_switches() {
    let written = b"a\x1b[?1049hb\x1b[?25l\x1b[?1049l\x1b\x1b[?1049hc\x1b[?1049";
    for size in 1..=written.len() {
        let mut one_screen = OneScreen::default();
        let shown = written.chunks(size);
        let shown: Vec<u8> = shown
            .flat_map(|bytes| one_screen.without_switches(bytes))
            .collect();
        assert_eq!(shown, b"ab\x1b[?25l\x1bc", "in pieces of {size}");
        assert_eq!(one_screen.held, b"\x1b[?1049");
    }

    let script = "printf 'first\\033[?1049h'; read line; printf '\\033[?1049l second'";
    let session = Session::start_on_one_screen(script, (6, 40));
    session.wait_for("first");
    session.send("\n");
    session.wait_for("second");
    session.wait_for("first");
    assert!(!session.wait_exit().alternate_screen);
}

#[test]
fn a_program_learns_the_new_size_of_its_terminal() {
    let session = shell("stty size; read line; stty size");
    session.wait_for("6 40");
    session.resize((12, 80));
    session.send("\n");
    session.wait_for("12 80");
    assert_eq!(session.look(|screen| screen.size().0.get()), 12);
    assert_eq!(session.wait_exit().code, 0);
}

#[test]
fn a_signal_reaches_the_program() {
    let session = shell("echo ready; exec sleep 600");
    session.wait_for("ready");
    session.signal("TERM");
    let ended = session.wait_exit();
    assert!(ended.signal.is_some_and(|name| name.contains("Terminated")));
}

#[test]
fn a_question_for_the_cursor_is_answered() {
    let session = shell("stty raw -echo; printf 'ab\\033[6n'; head -c 6 | tr -d '\\033'");
    session.wait_for("ab[1;3R");
    let ended = session.wait_exit();
    assert_eq!(ended.code, 0);
}

#[test]
fn what_has_gone_from_the_screen_has_gone() {
    let session = shell("printf first; read line; printf '\\033[2J\\033[Hsecond'; read line");
    session.wait_for("first");
    session.send("\n");
    session.wait_gone("first");
    session.wait_until("second at the top", |screen| {
        screen.contents().starts_with("second")
    });
    assert!(session.output().starts_with(b"first"));
    assert!(session.text().starts_with("second"));
}

#[test]
fn a_wait_that_fails_shows_the_screen() {
    let mut session = shell("echo something else; read line");
    session.wait_for("something else");
    session.patience = Duration::from_millis(1);
    let waited = panic::catch_unwind(AssertUnwindSafe(|| session.wait_for("treasure")));
    let message = *waited.unwrap_err().downcast::<String>().unwrap();
    assert!(
        message.starts_with("no \"treasure\" on the screen"),
        "{message}"
    );
    assert!(message.contains("|something else  "), "{message}");
}

#[test]
fn flowdeck_leaves_the_terminal_alone_when_it_only_answers() {
    let ended = Session::start(&["--version"], (24, 80), &[]).wait_exit();
    assert_eq!(ended.code, 0, "{}", ended.text);
    assert!(ended.text.starts_with("flowdeck "), "{}", ended.text);
    ended.assert_restored();
}

#[test]
fn flowdeck_gives_the_terminal_back_when_its_user_leaves_or_it_is_asked_to_end() {
    for ends in [
        |session: &Session| session.send("q"),
        |session: &Session| session.signal("TERM"),
    ] {
        let session = Session::start(&["sample-logs/ipv6.log"], (24, 80), &[]);
        session.wait_for("2001:db8");
        assert!(session.look(vt100::Screen::alternate_screen));
        ends(&session);
        let ended = session.wait_exit();
        assert_eq!(ended.signal, None);
        ended.assert_restored();
    }
}
