use std::fs;

use tempfile::TempDir;

use super::super::tests::Session;
use super::*;
use crate::app::{Cmd, Overlay};
use crate::ingest::Input;

/// Files with lines that are rejected for three reasons, and a truncated file.
pub(crate) fn troubled() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    write(
        "a.log",
        b"srcaddr bytes\n10.0.0.1 7\n10.0.0.1\n10.0.0.300 7\n10.0.0.1 7 \x1b[31m\n10.0.0.301 7\n",
    );
    let times = "srcaddr start\n10.0.0.2 1512564058000\n";
    write("b.log", times.as_bytes());
    write("c.log.gz", b"\x1f\x8b\x08\x00\x00\x00");
    folder
}

fn open(folder: &TempDir) -> Session {
    let inputs = vec![Input::Path(folder.path().to_owned())];
    let mut session = Session::of(inputs, 120, 36);
    session.press("R");
    session
}

fn list(session: &Session) -> &ProblemList {
    match &session.app.overlay {
        Some(Overlay::Problems(list)) => list,
        other => panic!("{other:?}"),
    }
}

/// The rows, without the folder in their paths.
fn shown(session: &Session, folder: &TempDir) -> Vec<String> {
    let rows = list(session).rows.iter();
    let root = format!("{}/", folder.path().display());
    rows.map(|row| match row {
        ProblemRow::Reason(reason, count) => format!("{reason}: {count}"),
        ProblemRow::Status(name, count) => format!("{name}: {count}"),
        ProblemRow::Warnings(count) => format!("warnings: {count}"),
        ProblemRow::NotKept(count) => format!("not kept: {count}"),
        row => {
            let Description { location, text } = describe(&session.app.store, row);
            format!("  {location} | {text}").replace(&root, "")
        }
    })
    .collect()
}

#[test]
fn rejects_are_grouped_by_reason_and_files_by_status() {
    let folder = troubled();
    let session = open(&folder);
    let rows = shown(&session, &folder);
    assert_eq!(
        rows,
        [
            "bad srcaddr: 2",
            "  a.log:4 | 10.0.0.300 7",
            "  a.log:6 | 10.0.0.301 7",
            "too few fields: 1",
            "  a.log:3 | 10.0.0.1",
            "too many fields: 1",
            "  a.log:5 | 10.0.0.1 7 \\x1b[31m",
            "truncated: 1",
            "  c.log.gz | the gzip stream ends early; what comes before was read; download the file again",
            "warnings: 1",
            "  b.log | times in milli-, micro- or nanoseconds were read as seconds",
        ]
    );
    let Description {
        location: name,
        text: meaning,
    } = describe(&session.app.store, &list(&session).rows[0]);
    assert_eq!(name, "bad srcaddr");
    assert!(meaning.starts_with("srcaddr has a value that is not allowed: an address is"));
}

#[test]
fn the_cursor_moves_by_row_and_by_group() {
    let folder = troubled();
    let mut session = open(&folder);
    let mut at = |keys: &str| {
        session.press(keys);
        list(&session).position
    };
    assert_eq!(at("j"), 1);
    assert_eq!(at("l"), 3);
    assert_eq!(at("<right><tab>"), 7);
    assert_eq!(at("h"), 5);
    assert_eq!(at("G"), 10);
    assert_eq!(at("l"), 10, "there is no later reason");
    assert_eq!(at("<left>"), 9);
    assert_eq!(at("g"), 0);
    session.press("<esc>");
    assert!(session.app.overlay.is_none());
}

#[test]
fn the_cursor_stays_on_its_row_while_more_is_found() {
    let folder = troubled();
    let mut session = open(&folder);
    session.press("lj");
    let row = list(&session).current().cloned();
    let mut rejects = crate::store::Rejects::default();
    rejects.push(crate::store::Reject {
        source: 0,
        line: 1,
        reason: RejectReason::NotUtf8,
        text: "\u{fffd}".into(),
    });
    for _ in 0..5 {
        let source = session.app.store.sources()[0].clone();
        let event = crate::ingest::LoadEvent::Source {
            index: 0,
            source: Box::new(source),
            rejects: rejects.clone(),
        };
        session.update(super::super::Msg::Load(event));
    }
    let progress = crate::ingest::LoadEvent::Progress(crate::ingest::Progress::default());
    session.update(super::super::Msg::Load(progress));
    assert_eq!(
        list(&session).rows[0],
        ProblemRow::Reason(RejectReason::NotUtf8, 5)
    );
    assert_eq!(list(&session).current().cloned(), row);
}

#[test]
fn rejects_beyond_the_limit_are_counted() {
    let mut rejects = crate::store::Rejects::default();
    for line in 1..=crate::store::source::REJECTS_KEPT as u64 + 7 {
        rejects.push(crate::store::Reject {
            source: 0,
            line,
            reason: RejectReason::NotUtf8,
            text: String::new(),
        });
    }
    let mut store = Store::default();
    store.update_source(0, Source::default(), rejects);
    assert_eq!(rows(&store).last(), Some(&ProblemRow::NotKept(7)));
}

#[test]
fn missing_paths_and_empty_folders_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.log"), "srcaddr\n10.0.0.1\n").unwrap();
    fs::create_dir(folder.path().join("none")).unwrap();
    fs::create_dir_all(folder.path().join("hidden/.git")).unwrap();
    let names = ["a.log", "b.log", "none", "c*.log", "hidden"];
    let input = |name: &str| Input::Path(folder.path().join(name));
    let mut session = Session::of(names.map(input).into(), 120, 36);
    session.press("R");
    let root = format!("{}/", folder.path().display());
    let rows: Vec<String> = shown(&session, &folder)
        .into_iter()
        .map(|row| row.replace(&root, ""))
        .collect();
    assert_eq!(
        rows,
        [
            "empty: 2",
            "  none | the folder none is empty",
            "  hidden | no flow logs in hidden: 1 file or folder was skipped (hidden, markers, links, sockets or \
             pipes); name a file itself to read it",
            "missing: 2",
            "  b.log | no such file or folder",
            "  c*.log | no file matches",
        ]
    );
}

#[test]
fn enter_shows_the_full_message_on_any_screen() {
    let folder = troubled();
    let inputs = vec![Input::Path(folder.path().to_owned())];
    for (cols, rows) in [(20, 5), (80, 24)] {
        let mut session = Session::of(inputs.clone(), cols, rows);
        session.press("R");
        let rows = list(&session).rows.clone();
        for row in rows {
            let Description {
                location,
                text: said,
            } = describe(&session.app.store, &row);
            session.cmds.clear();
            session.press("<enter>");
            let mut text = String::new();
            while session.app.copying.is_shown() {
                match session.cmds.last() {
                    Some(Cmd::Show { text: page, .. }) => text += page,
                    other => panic!("{other:?}"),
                }
                session.press("j");
            }
            assert!(
                text.starts_with(&location) && text.ends_with(&said),
                "{row:?}: {text}"
            );
            session.press("j");
        }
    }
}
