use std::fs::{self, File};
use std::io::Write as _;
use std::sync::Arc;

use super::super::tests::Session;
use super::super::{Cmd, Msg};
use crate::ingest::{self, Input, LoadEvent, Options};
use crate::schema::id;
use crate::store::RowId;

/// A session that follows a file with ten records.
pub(crate) fn live(cols: u16, rows: u16) -> Session {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    fs::write(&path, lines(0, 10)).unwrap();
    let mut session = Session::of(vec![Input::Path(path)], cols, rows);
    session.update(Msg::Load(LoadEvent::CaughtUp(0.0)));
    session
}

/// Lines that begin after `seconds`, one in each second.
fn lines(seconds: usize, count: usize) -> String {
    let line = |number: usize| {
        let start = 1_700_000_000 + seconds + number;
        format!("2 1 eni-1 10.0.0.1 10.0.0.{number} 1 22 6 1 40 {start} {start} ACCEPT OK\n")
    };
    (1..=count).map(line).collect()
}

/// Appends this many records, later than those that are there.
pub(crate) fn arrive(session: &mut Session, count: usize) {
    let seconds = session.app.store.rows() + session.app.load.records_waiting();
    arrive_after(session, seconds, count);
}

/// Appends this many records that begin after `seconds`.
fn arrive_after(session: &mut Session, seconds: usize, count: usize) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    File::write_all(file.as_file_mut(), lines(seconds, count).as_bytes()).unwrap();
    let (sender, events) = std::sync::mpsc::channel();
    let sink = move |event| sender.send(event).unwrap();
    let inputs = vec![Input::Path(file.path().to_owned())];
    let catalog = Arc::clone(&session.app.store.catalog);
    ingest::start(inputs, Options::default(), catalog, sink)
        .unwrap()
        .wait();
    for event in events {
        if let LoadEvent::Chunk(chunk) = event {
            let chunk = Arc::unwrap_or_clone(chunk).arrived(1);
            session.update(Msg::Load(LoadEvent::Chunk(Arc::new(chunk))));
        }
    }
}

#[test]
fn a_selection_in_the_middle_stays_while_records_arrive() {
    let mut session = live(80, 24);
    session.press("jjj");
    let records = |session: &Session| {
        let records = &session.app.records;
        (records.selected, records.position, records.top)
    };
    let before = records(&session);
    assert_eq!(before.0, Some(RowId(3)));
    arrive(&mut session, 5);
    assert_eq!(session.matched(), 15);
    assert_eq!(records(&session), before);
}

#[test]
fn in_a_sorted_list_the_selected_record_stays_in_its_row() {
    let mut session = live(80, 24);
    session.press("0Sjjj");
    let sort = session.app.records.sorting.columns()[0];
    assert_eq!((sort.field, sort.descending), (id::START, true));
    let (row, position) = (session.app.records.selected, session.app.records.position);
    arrive(&mut session, 10);
    assert_eq!(session.app.records.selected, row);
    assert!(session.app.records.position > position);
    let on_screen = session.app.records.position - session.app.records.top;
    assert_eq!(on_screen, position);
    // In a list sorted from new to old, new records do not arrive at the end.
    session.press("G");
    let row = session.app.records.selected;
    arrive(&mut session, 10);
    assert_eq!(session.app.records.selected, row);
}

#[test]
fn a_late_record_is_put_in_its_place_and_the_cursor_stays_on_its_record() {
    let mut session = live(80, 24);
    session.press("jjjj");
    arrive_after(&mut session, 1, 2);
    let listed = session.app.results.page(0, 6);
    assert_eq!(listed, [0, 1, 10, 2, 11, 3].map(RowId));
    assert_eq!(session.app.records.selected, Some(RowId(4)));
    assert_eq!(session.app.records.position, 6);
    assert_eq!(session.app.records.top, 2);
}

#[test]
fn a_cursor_on_the_last_record_follows_new_records() {
    let mut session = live(80, 24);
    session.press("G");
    arrive(&mut session, 5);
    assert_eq!(session.app.records.selected, Some(RowId(14)));
    session.press("k");
    arrive(&mut session, 5);
    assert_eq!(session.app.records.selected, Some(RowId(13)));
    // A different filter makes a different list rather than a longer one.
    session.press("G/dstaddr == 10.0.0.5<enter>");
    assert_eq!(session.matched(), 3);
}

#[test]
fn events_are_held_back_while_live_updates_are_paused() {
    let mut session = live(80, 24);
    session.press("F");
    arrive(&mut session, 5);
    arrive(&mut session, 2);
    assert_eq!(session.matched(), 10);
    assert_eq!(session.app.load.records_waiting(), 7);
    session.press("F");
    assert_eq!(session.matched(), 17);
    arrive(&mut session, 1);
    assert_eq!(session.matched(), 18);
}

#[test]
fn quitting_stops_following_first() {
    let mut session = live(80, 24);
    session.press("F");
    arrive(&mut session, 5);
    session.press("<c-c>");
    assert!(matches!(session.cmds[..], [Cmd::StopLoad]));
    assert_eq!(session.matched(), 15, "nothing waits for an end");
    session.update(Msg::Load(LoadEvent::Finished {
        seconds: 1.0,
        stopped: false,
        full: None,
    }));
    session.press("F");
    let notice = session.app.notice.clone().unwrap();
    assert!(notice.contains("--follow"), "{notice}");
    session.press("<c-c>");
    assert!(matches!(session.cmds[..], [Cmd::StopLoad, Cmd::Quit]));
}
