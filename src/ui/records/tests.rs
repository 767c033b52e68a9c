use std::io::Write;

use ratatui::buffer::Cell as ScreenCell;

use super::*;
use crate::app::Cmd;
use crate::app::tests::Session;
use crate::ingest::Input;
use crate::theme::{Name, Theme};
use crate::ui::tests::{cells_from, drawn};

/// The text in the action column of the selected record, and its style.
fn action(session: &Session, theme: &Theme) -> (String, Style) {
    // Without the highlight of the row of the cursor.
    let theme = &Theme {
        row: Style::new(),
        ..*theme
    };
    let screen = drawn(session, theme);
    let columns = &session.app.records.columns;
    let index = columns.iter().position(|c| c.field == id::ACTION).unwrap();
    let before = &columns[..index];
    let gaps: usize = (0..index).map(|i| session.app.records.gap_after(i)).sum();
    let at = MARGIN + before.iter().map(|c| c.width).sum::<usize>() + gaps;
    let cells = cells_from(&screen, theme.symbols.cursor);
    let cells = &cells[at..at + columns[index].width];
    let word: String = cells.iter().map(ScreenCell::symbol).collect();
    (word.trim_end().to_owned(), cells[0].style())
}

/// A file of `lines` with these fields, loaded.
fn session(lines: &[&str], (cols, rows): (u16, u16)) -> Session {
    let mut file = tempfile::NamedTempFile::with_suffix(".log").unwrap();
    let header = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status";
    writeln!(file, "{header}\n{}", lines.join("\n")).unwrap();
    Session::of(vec![Input::Path(file.path().to_owned())], cols, rows)
}

const FLOW: &str =
    "2 123456789012 eni-0a1b2c3d4e5f60011 198.51.100.23 10.0.100.11 44321 443 6 2 84";
const NO_FLOW: &str = "2 123456789012 eni-0a1b2c3d4e5f60011 - - - - - - -";
const TIME: &str = "1700000000 1700000060";

#[test]
fn a_record_without_an_action_shows_its_log_status() {
    let theme = Name::Dark.theme();
    let lines = [
        format!("{NO_FLOW} {TIME} - SKIPDATA"),
        format!("{NO_FLOW} {TIME} - NODATA"),
        format!("{FLOW} {TIME} REJECT OK"),
    ];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    for size in [(80, 24), (120, 36), (200, 50)] {
        let mut session = session(&lines, size);
        let wanted = [
            ("SKIPDATA", theme.warning),
            ("NODATA", theme.other),
            ("REJECT", theme.reject),
        ];
        for (status, style) in wanted {
            let (word, drawn) = action(&session, &theme);
            assert_eq!((word.as_str(), drawn.fg), (status, style.fg));
            session.press("j");
        }
        // The log-status is only drawn there; the value itself is missing.
        session.press("g0lyy");
        assert_eq!(session.app.records.field(), Some(id::ACTION));
        assert!(matches!(&session.cmds[..], [Cmd::Copy(text)] if **text == *"-"));
        session.press("d");
        assert_eq!(action(&session, &theme).0, "-", "as it stands in the file");
        session.press("d=");
        assert_eq!(session.app.filter.applied, "action is missing");
        assert_eq!(session.matched(), 2);
    }
}

#[test]
fn a_narrow_list_shows_what_matters_most_of_any_log() {
    let flow = format!("{FLOW} {TIME} REJECT OK");
    let lost = format!("{NO_FLOW} {TIME} - SKIPDATA");
    let days = flow.replace(TIME, "1700200000 1700200060");
    let wide = flow.replace("198.51.100.23", "2001:db8:1234:5678:9abc:def0:1234:5678");
    let wide = wide.replace("10.0.100.11", "2001:db8:1234:5678:9abc:def0:1234:9999");
    for lines in [
        &[flow.as_str()][..],
        &[&flow, &lost],
        &[&flow, &lost, &days],
        &[&wide, &lost, &days],
    ] {
        let session = session(lines, (80, 24));
        let records = &session.app.records;
        let shown = records
            .visible()
            .into_iter()
            .map(|index| records.columns[index].field);
        let shown: Vec<_> = shown.take(7).collect();
        let wanted = [
            id::START,
            id::ACTION,
            id::SRCADDR,
            id::DSTADDR,
            id::DSTPORT,
            id::PROTOCOL,
            id::BYTES,
        ];
        assert_eq!(shown, wanted, "{lines:?}");
        let action = &records.columns[1];
        assert!(lines.len() < 2 || action.width == "SKIPDATA".len());
        assert_eq!(records.has_more(), [false, true]);
    }
}

#[test]
fn no_value_is_cut_while_there_is_room() {
    let flow = format!("{FLOW} {TIME} REJECT OK");
    let session = session(&[&flow], (300, 50));
    let records = &session.app.records;
    let id = records
        .columns
        .iter()
        .find(|column| column.field == id::INTERFACE_ID);
    let value = session.text(crate::schema::id::INTERFACE_ID);
    assert!(id.unwrap().width >= value.len());
    assert_eq!(records.has_more(), [false, false]);
}

#[test]
fn an_unknown_log_status_also_replaces_a_missing_action() {
    let lines = [
        format!("{FLOW} {TIME} - INCOMPLETE\u{1b}DATA"),
        format!("{FLOW} {TIME} - OK"),
        format!("{FLOW} {TIME} - -"),
        format!("{FLOW} {TIME} ACCEPT INCOMPLETEDATA"),
    ];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let theme = Name::Dark.theme();
    let mut session = session(&lines, (200, 50));
    let mut words = Vec::new();
    for _ in &lines {
        words.push(action(&session, &theme));
        session.press("j");
    }
    let texts: Vec<&str> = words.iter().map(|(word, _)| word.as_str()).collect();
    assert_eq!(texts, ["INCOMPLETE\\x1bDATA", "-", "-", "ACCEPT"]);
    assert_eq!(words[0].1.fg, theme.other.fg);
}

#[test]
fn a_message_without_room_says_where_the_rest_is() {
    let message = "one two three four five";
    assert_eq!(
        whole_message(message, 9, 3),
        ["one two", "three", "four five"]
    );
    assert_eq!(
        whole_message(message, 9, 2),
        ["one two", "(R shows the rest)"]
    );
}
