use super::super::Msg;
use super::super::tests::Session;
use super::*;
use crate::app::Overlay;
use crate::schema::id;

/// The text that the last command copies.
#[track_caller]
fn copied(session: &Session) -> Arc<str> {
    match session.cmds.last() {
        Some(Cmd::Copy(text)) => Arc::clone(text),
        other => panic!("{other:?}"),
    }
}

/// The text and the note that the last command shows.
#[track_caller]
fn shown(session: &Session) -> (String, String) {
    match session.cmds.last() {
        Some(Cmd::Show { text, note }) => (text.clone(), note.clone()),
        other => panic!("{other:?}"),
    }
}

fn notice(session: &Session) -> &str {
    session.app.notice.as_deref().unwrap_or_default()
}

/// Reports `delivery` for the last copied text.
fn deliver(session: &mut Session, delivery: Delivery) {
    let text = copied(session);
    session.update(Msg::Copied { text, delivery });
}

#[test]
fn copying_gives_the_original_line() {
    let mut lab = Session::lab(80, 24);
    lab.press("/dst port 3389<enter>yl");
    let line = copied(&lab);
    assert!(
        line.starts_with("5 123456789012 eni-0a1b2c3d4e5f600"),
        "{line}"
    );
    assert_eq!(line.split(' ').count(), 25);
}

#[test]
fn only_a_clipboard_program_confirms_a_copy() {
    let mut lab = Session::lab(80, 24);
    lab.press("/dst port 3389<enter>c");
    assert_eq!(notice(&lab), "copying the value");
    deliver(&mut lab, Delivery::Clipboard);
    let expected = format!("copied the value: {}", copied(&lab));
    assert_eq!(notice(&lab), expected);

    lab.press("yl");
    deliver(&mut lab, Delivery::Tmux);
    assert_eq!(
        notice(&lab),
        "copied the line to tmux; if pasting elsewhere does not work, press Y"
    );

    lab.press("yf");
    deliver(&mut lab, Delivery::Terminal);
    assert_eq!(
        notice(&lab),
        "sent the filter to the terminal; if pasting does not work, press Y"
    );

    lab.press("c");
    deliver(&mut lab, Delivery::TooLong { limit: 74_000 });
    assert_eq!(
        notice(&lab),
        "the value is longer than the terminal's limit of 74.0 kB; press Y to show it"
    );
}

#[test]
fn only_the_latest_copy_is_reported() {
    let mut lab = Session::lab(80, 24);
    lab.press("c");
    let first = copied(&lab);
    lab.press("yl");
    let delivery = Delivery::Clipboard;
    lab.update(Msg::Copied {
        text: first,
        delivery,
    });
    assert_eq!(notice(&lab), "copying the line");
}

#[test]
fn copying_takes_the_item_under_the_cursor_of_the_focused_pane() {
    let mut lab = Session::lab(120, 36);
    lab.press("/reject<enter>3c");
    assert_eq!(&*copied(&lab), "10.0.100.10");
    lab.press("jyc");
    assert_eq!(&*copied(&lab), "203.0.113.12");
    lab.press("2jc");
    assert_eq!(&*copied(&lab), "eni-0a1b2c3d4e5f60011");
    lab.press("4gc");
    let field = lab.app.records.field().unwrap();
    assert_eq!(&*copied(&lab), lab.text(field));
    lab.press("1$c");
    let field = lab.app.records.field().unwrap();
    assert_eq!(&*copied(&lab), lab.text(field));
    assert_eq!(lab.cmds.len(), 5);
}

#[test]
fn copying_nothing_gives_the_reason() {
    let mut lab = Session::lab(120, 36);
    let mut says = |keys: &str| {
        let notice = notice(lab.press(keys)).to_owned();
        assert!(lab.cmds.is_empty(), "{:?}", lab.cmds);
        notice
    };
    assert_eq!(says("yf"), "no filter to copy");
    assert_eq!(
        says("2c"),
        "select a lane first; this row is the total of all lanes"
    );
    let no_line = "no line to copy here; go to a record first";
    assert_eq!(says("yl"), no_line);
    assert_eq!(says("3yl"), no_line);
    assert_eq!(says("Rc"), "nothing to copy in this row");
    assert_eq!(says("<esc>Y"), "nothing has been copied yet");
    let no_record = "no record to copy from";
    assert_eq!(says("/port 4 and port 5 and accept<enter>c"), no_record);
    assert_eq!(says("yl"), no_record);
    assert_eq!(says("3c"), "no group to copy");
}

#[test]
fn the_copied_text_is_shown_alone_until_any_key() {
    let mut lab = Session::lab(80, 24);
    lab.press("ylY");
    let line = lab.app.store.line_text(lab.app.records.selected.unwrap());
    let alone = (line, "press any key to go back".to_owned());
    assert_eq!(shown(&lab), alone);
    let (focus, count) = (lab.app.focus, lab.cmds.len());
    // Pasting does not close it, and resizing shows it again.
    lab.update(Msg::Paste("q".into()));
    assert_eq!(lab.cmds.len(), count);
    let (cols, rows) = (20, 10);
    lab.update(Msg::Resize { cols, rows });
    assert_eq!(shown(&lab), (alone.0, "press any key to go ".to_owned()));
    lab.press("q");
    assert!(matches!(lab.cmds.last(), Some(Cmd::Redraw)));
    assert!(!lab.app.copying.is_shown());
    assert_eq!(lab.app.focus, focus);
    lab.press("q");
    assert!(matches!(lab.cmds.last(), Some(Cmd::Quit)));
}

#[test]
fn a_text_that_does_not_fit_is_shown_in_pages() {
    let mut lab = Session::lab(20, 5);
    let filter = format!("srcaddr == 10.0.0.1 # {}", "x".repeat(150));
    lab.press("/").press(&filter).press("<enter>yfY");
    let (first, note) = shown(&lab);
    assert_eq!(note, "page 1 of 3: press a");
    assert_eq!(first.len(), 80);
    lab.press("j");
    let (second, _) = shown(&lab);
    lab.press("<enter>");
    let (third, note) = shown(&lab);
    assert_eq!(note, "page 3 of 3: press a");
    assert_eq!(first + &second + &third, filter);
    lab.press("x");
    assert!(matches!(lab.cmds.last(), Some(Cmd::Redraw)));
    lab.press("Yj<esc>");
    assert!(matches!(lab.cmds.last(), Some(Cmd::Redraw)));
    assert!(!lab.app.copying.is_shown());
}

#[test]
fn pages_end_where_a_terminal_would_break_the_last_line() {
    let screen = |width, height| Rect::new(0, 0, width, height);
    assert_eq!(pages("", screen(10, 5)), [""]);
    assert_eq!(pages("abcdef", screen(3, 3)), ["abcdef"]);
    assert_eq!(pages("abcdefg", screen(3, 3)), ["abcdef", "g"]);
    // A wide character does not fit into the last cell of a row.
    assert_eq!(pages("ab\u{65e5}c", screen(3, 2)), ["ab", "\u{65e5}c"]);
    assert_eq!(pages("ab", screen(1, 1)), ["a", "b"]);
    assert_eq!(pages("ab", screen(0, 0)), ["a", "b"]);
}

#[test]
fn control_characters_are_copied_unchanged_and_shown_escaped() {
    let folder = super::super::problems::tests::troubled();
    let inputs = vec![crate::ingest::Input::Path(folder.path().to_owned())];
    let mut session = Session::of(inputs, 80, 24);
    session.press("Rlljc");
    assert_eq!(&*copied(&session), "10.0.0.1 7 \x1b[31m");
    deliver(&mut session, Delivery::Clipboard);
    assert_eq!(notice(&session), "copied the line: 10.0.0.1 7 \\x1b[31m");
    session.press("Y");
    assert_eq!(shown(&session).0, "10.0.0.1 7 \\x1b[31m");
    session.press("j");
    assert!(matches!(session.app.overlay, Some(Overlay::Problems(_))));
}

#[test]
fn a_missing_value_is_copied_as_written_in_the_file() {
    let mut lab = Session::lab(120, 36);
    lab.press("/log-status NODATA<enter>3c");
    assert_eq!(lab.app.breakdown.field, id::SRCADDR);
    assert_eq!(&*copied(&lab), "-");
}
