mod frames;
mod header;
mod menus;
mod pictures;
mod random;
mod record_list;
mod sizes;
mod terminals;
mod typing;

use std::fs;
use std::path::Path;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};
use tempfile::TempDir;

use super::*;
use crate::app::tests::Session;
use crate::config::{Entry, SavedState};
use crate::ingest::{Input, LoadEvent};
use crate::query::Saved;
use crate::schema::id;
use crate::store::SkippedColumn;
use crate::theme::Name;

/// The screen of a session, as text.
fn screen(session: &Session) -> TestBackend {
    drawn(session, &Theme::plain())
}

/// The screen of a session in a theme.
pub(super) fn drawn(session: &Session, theme: &Theme) -> TestBackend {
    let area = session.app.layout.screen;
    let mut terminal = Terminal::new(TestBackend::new(area.width, area.height)).unwrap();
    terminal
        .draw(|frame| draw(&session.app, theme, frame))
        .unwrap();
    terminal.backend().clone()
}

/// The cells from `text` to the end of its row.
pub(super) fn cells_from(screen: &TestBackend, text: &str) -> Vec<Cell> {
    let buffer = screen.buffer();
    let rows = buffer.content.chunks(usize::from(buffer.area.width));
    let line = |row: &[Cell]| row.iter().map(Cell::symbol).collect::<String>();
    let row = rows.into_iter().find(|row| line(row).contains(text));
    let row = row.unwrap_or_else(|| panic!("{text} is not on the screen: {screen}"));
    let starts = |at: &usize| line(&row[*at..]).starts_with(text);
    let at = (0..row.len()).find(starts).unwrap();
    row[at..].to_vec()
}

#[track_caller]
fn check(name: &str, session: &Session) {
    insta::assert_snapshot!(name, screen(session));
}

#[test]
fn the_lab_at_80_by_24() {
    check("lab_80x24", &Session::lab(80, 24));
}

#[test]
fn the_lab_at_120_by_36() {
    let mut lab = Session::lab(120, 36);
    check("lab_120x36", lab.press("/reject<enter>"));
}

#[test]
fn the_lab_at_200_by_50() {
    let mut lab = Session::lab(200, 50);
    check(
        "lab_200x50",
        lab.press("/dst port 22 and src host 10.0.100.10<enter>"),
    );
}

#[test]
fn each_lower_pane_at_80_by_24() {
    for (key, name) in [("2", "timeline"), ("3", "breakdown"), ("4", "explain")] {
        let mut lab = Session::lab(80, 24);
        check(
            &format!("{name}_80x24"),
            lab.press("/reject<enter>").press(key),
        );
    }
}

#[test]
fn a_caret_points_at_the_error_in_a_filter() {
    let mut lab = Session::lab(80, 24);
    check("error_80x24", lab.press("/reject and srcadr == 10.0.0.1"));
}

#[test]
fn the_fields_that_a_filter_can_begin_with() {
    let mut lab = Session::lab(120, 36);
    check("complete_fields_120x36", lab.press("/"));
}

#[test]
fn candidate_values_have_record_counts() {
    let mut lab = Session::lab(80, 24);
    check(
        "complete_values_80x24",
        lab.press("/reject and dstport == <c-n><c-n>"),
    );
}

#[test]
fn nothing_matches() {
    let mut lab = Session::lab(80, 24);
    check(
        "nothing_80x24",
        lab.press("/dst port 3389 and accept and src host 203.0.113.12<enter>"),
    );
}

#[test]
fn nothing_is_loaded() {
    check("empty_80x24", &Session::empty(80, 24));
}

#[test]
fn the_help() {
    let mut lab = Session::lab(80, 24);
    check("help_80x24", lab.press("?"));
}

#[test]
fn the_copy_menu() {
    let mut lab = Session::lab(80, 24);
    check("copy_80x24", lab.press("y"));
}

/// The sample, with saved filters and a history.
fn remembering(cols: u16, rows: u16) -> Session {
    let mut lab = Session::lab(cols, rows);
    let mut kept = SavedState::default();
    let used = [
        ("accept and dst port https", true),
        ("dst port 22", true),
        ("log-status SKIPDATA", false),
        (
            "reject and dst port 22 and srcaddr == 10.0.100.10 and start >= 2026-11-23T02:23:10Z and start < 2026-11-23T02:23:20Z",
            true,
        ),
        ("port 5900 # \u{202e}\u{1b}[31m", true),
    ];
    for (text, matched) in used {
        let text = text.to_owned();
        kept.history.add(Entry { text, matched });
    }
    kept.saved = [
        ("scan", "reject and src host 10.0.100.10"),
        ("ssh", "dst port 22"),
    ]
    .map(|(name, text)| Saved {
        name: name.into(),
        text: text.into(),
    })
    .into();
    lab.update(crate::app::Msg::SavedState(Box::new(kept)));
    lab
}

#[test]
fn the_filter_picker() {
    for (cols, rows) in [(80, 24), (120, 36)] {
        let mut lab = remembering(cols, rows);
        check(&format!("find_{cols}x{rows}"), lab.press("/reject<c-r>"));
        let name = format!("find_words_{cols}x{rows}");
        check(&name, lab.press("PORT 2<down><down>"));
    }
    check("find_30x9", remembering(30, 9).press("<c-r>port"));
    let mut lab = remembering(80, 24);
    check("find_none_80x24", lab.press("<c-r>no such words"));
    check("find_empty_80x24", Session::lab(80, 24).press("<c-r>"));
}

#[test]
fn the_save_dialog() {
    for (cols, rows) in [(80, 24), (120, 36)] {
        let mut lab = remembering(cols, rows);
        lab.press("/reject and dst port 22<c-s>");
        check(&format!("save_{cols}x{rows}"), &lab);
    }
    let mut lab = remembering(80, 24);
    lab.press("/reject and dst port 22<c-s>ssh");
    check("save_replaces_80x24", &lab);
    check("save_refused_80x24", lab.press("<c-u>srcaddr<enter>"));
}

#[test]
fn control_characters_in_a_filter_are_escaped() {
    let mut lab = remembering(80, 24);
    lab.press("/<up>");
    let bar = format!("{:?}", screen(&lab).buffer());
    assert!(bar.contains("port 5900 # \\u{202e}\\x1b[31m"), "{bar}");
    let at = |session: &Session| {
        let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
        let render = |frame: &mut Frame<'_>| draw(&session.app, &Theme::plain(), frame);
        terminal.draw(render).unwrap();
        terminal.get_cursor_position().unwrap()
    };
    // Two cells for the frame, the prompt and the full text.
    assert_eq!(at(&lab), Position::new(2 + 28, 2));
}

#[test]
fn search_words_are_highlighted() {
    let mut lab = remembering(80, 24);
    lab.press("<c-r>PORT https");
    let screen = screen(&lab);
    let found = Theme::plain().found.add_modifier;
    let marked = |y: u16| -> String {
        let cells = (0..80).map(|x| &screen.buffer()[(x, y)]);
        cells
            .filter(|cell| cell.modifier.contains(found))
            .map(Cell::symbol)
            .collect()
    };
    let lines: Vec<String> = (0..24)
        .map(marked)
        // Not the title.
        .filter(|line| !line.is_empty() && !line.starts_with(' '))
        .collect();
    // Once in the list, and once below it in the full text.
    assert_eq!(lines, ["porthttps", "porthttps"]);
}

#[test]
fn the_rejects() {
    for (cols, rows) in [(80, 24), (120, 36), (200, 50)] {
        let mut session = troubled(cols, rows);
        check(&format!("problems_hint_{cols}x{rows}"), &session);
        check(&format!("problems_{cols}x{rows}"), session.press("Rllj"));
        check(&format!("problems_end_{cols}x{rows}"), session.press("G"));
    }
    check("problems_30x9", troubled(30, 9).press("R"));
    check("problems_none_80x24", Session::lab(80, 24).press("R"));
}

/// Files with rejected lines, and a truncated file.
fn troubled(cols: u16, rows: u16) -> Session {
    session_of(&crate::app::problems::tests::troubled(), cols, rows)
}

/// A session over the files of a temporary folder, whose varying name is not shown.
fn session_of(folder: &TempDir, cols: u16, rows: u16) -> Session {
    let inputs = vec![Input::Path(folder.path().to_owned())];
    let mut session = Session::of(inputs, cols, rows);
    let mut store = session.app.store.clone();
    for (index, source) in session.app.store.sources().iter().enumerate() {
        let mut source = source.clone();
        let text = format!("{source:?}");
        let root = folder.path().to_str().unwrap();
        assert!(text.contains(root));
        source.path = Path::new("logs").join(source.path.file_name().unwrap());
        store.update_source(index, source, crate::store::Rejects::default());
    }
    session.app.store = store;
    session
}

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// The first line of the screen.
fn header(session: &Session) -> String {
    let screen = screen(session);
    let cells = (0..session.app.layout.screen.width).map(|x| &screen.buffer()[(x, 0)]);
    let line: String = cells.map(ratatui::buffer::Cell::symbol).collect();
    line.trim().to_owned()
}

const TIMES: &str = "srcaddr,start,bytes\n10.0.0.1,2026-11-23 02:21:00,7\n";
const EXCEL: &str = "srcaddr,account-id,column3\n10.0.0.1,1.23457E+11,x\n";
const ORDER: &str = include_str!("../../sample-logs/custom-no-header.log");

#[test]
fn assumptions_are_in_the_header_and_in_the_list_of_problems() {
    let files = [
        ("a.log", ORDER),
        ("b.csv", TIMES),
        ("c.csv", &TIMES.replace(",7", ",8")),
        ("d.csv", EXCEL),
    ];
    let all = folder(&files);
    for (cols, rows) in [(80, 24), (120, 36)] {
        let mut session = session_of(&all, cols, rows);
        check(&format!("assumed_{cols}x{rows}"), session.press("R"));
    }
    for (file, expected) in [
        (0, "order of fields assumed (o)"),
        (1, "time zone assumed (R)"),
        (3, "column names, digits assumed (R)"),
    ] {
        let one = folder(&files[file..=file]);
        let header = header(&session_of(&one, 120, 36));
        assert!(header.contains(expected), "{header}");
    }
    let given = folder(&[("a.log", "srcaddr bytes\n10.0.0.1 7\n")]);
    let header = header(&session_of(&given, 120, 36));
    assert!(!header.contains("assumed"), "{header}");
}

#[test]
fn a_measure_that_no_file_has_is_no_0() {
    let plain = folder(&[("a.log", "srcaddr start\n10.0.0.1 1700000000\n")]);
    let mut session = session_of(&plain, 80, 24);
    check("lacking_80x24", session.press("3ss"));
    // The same for a column that exists and was not read.
    let mut source = session.app.store.sources()[0].clone();
    source.skipped_columns = [("bytes", id::BYTES), ("action", id::ACTION)]
        .map(|(name, field)| SkippedColumn {
            name: name.into(),
            field,
            reason: "has the type LIST, which is not supported".into(),
            way_out: "write it again as BIGINT".into(),
        })
        .into();
    let event = LoadEvent::Source {
        index: 0,
        source: Box::new(source),
        rejects: crate::store::Rejects::default(),
    };
    session.press("/bytes > 5");
    assert!(!session.app.filter.is_held());
    session.update(crate::app::Msg::Load(event));
    assert!(session.app.filter.is_held());
    assert_eq!(session.matched(), 1, "no answer is better than a wrong one");
    check("passed_over_120x36", {
        session.update(crate::app::Msg::Resize {
            cols: 120,
            rows: 36,
        });
        &session
    });
}

#[test]
fn a_measure_missing_from_some_files_has_a_warning() {
    let files = [
        (
            "a.log",
            "srcaddr start action\n10.0.0.1 1700000000 ACCEPT\n",
        ),
        ("b.log", "srcaddr start bytes\n10.0.0.1 1700000000 70\n"),
    ];
    let mut session = session_of(&folder(&files), 80, 24);
    session.press("3ss");
    let buffer = format!("{:?}", screen(&session).buffer());
    assert!(buffer.contains("by bytes, not in 1 of 2 files"), "{buffer}");
    assert!(buffer.contains("70 B"), "{buffer}");
}

#[test]
fn nothing_is_drawn_over_text_shown_alone() {
    let mut lab = Session::lab(80, 24);
    lab.press("ylY");
    let screen = screen(&lab);
    let mut cells = screen.buffer().content.iter();
    assert!(cells.all(|cell| cell.symbol() == " "));
}

#[test]
fn the_format_dialog() {
    for (cols, rows) in [(80, 24), (120, 36), (40, 10)] {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/sample-logs/custom-no-header.log"
        );
        let input = crate::ingest::Input::Path(path.into());
        let mut session = Session::of(vec![input], cols, rows);
        session.press("o");
        // Keep the absolute path of the project out of the snapshot.
        if let Some(Overlay::Format(dialog)) = &mut session.app.overlay {
            dialog.path = "logs/custom-no-header.log".into();
        }
        check(&format!("format_{cols}x{rows}"), &session);
        session.press("<down><down>pkt");
        check(&format!("format_typing_{cols}x{rows}"), &session);
    }
}
