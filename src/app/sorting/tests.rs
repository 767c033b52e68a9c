use super::*;
use crate::app::tests::Session;

/// The value of a field in each listed record.
fn listed(session: &Session, field: FieldId) -> Vec<u64> {
    let rows = session.app.results.page(0, session.matched());
    let store = &session.app.store;
    rows.iter()
        .map(|row| store.number(*row, field).unwrap_or(u64::MAX))
        .collect()
}

fn point_at(session: &mut Session, field: FieldId) {
    session.press("0");
    while session.app.records.field() != Some(field) {
        session.press("l");
    }
}

#[test]
fn records_are_listed_by_time_and_as_read_on_request() {
    let mut lab = Session::lab(200, 50);
    let starts = listed(&lab, id::START);
    assert!(starts.is_sorted());
    lab.press("s");
    let latest = listed(&lab, id::START);
    assert!(latest.is_sorted_by_key(|start| u64::MAX - start));
    lab.press("s");
    let read = listed(&lab, id::START);
    assert!(
        !read.is_sorted(),
        "the lab has two interfaces, one file each"
    );
    lab.press("s");
    assert_eq!(listed(&lab, id::START), starts);
    lab.press("S");
    assert_eq!(listed(&lab, id::START), latest);
    lab.press("S");
    assert_eq!(lab.app.records.sorting, Sorting::Time);
}

#[test]
fn a_column_is_added_to_the_order_reversed_and_removed() {
    let mut lab = Session::lab(200, 50);
    point_at(&mut lab, id::PROTOCOL);
    lab.press("+");
    point_at(&mut lab, id::BYTES);
    lab.press("+");
    let both = |lab: &Session| -> Vec<(u64, u64)> {
        let protocols = listed(lab, id::PROTOCOL);
        protocols.into_iter().zip(listed(lab, id::BYTES)).collect()
    };
    assert!(both(&lab).is_sorted());
    lab.press("+");
    assert!(both(&lab).is_sorted_by_key(|(protocol, bytes)| (*protocol, u64::MAX - bytes)));
    assert!(!both(&lab).is_sorted());
    lab.press("+");
    // Records with the same protocol are in the order of time again.
    let starts = listed(&lab, id::PROTOCOL)
        .into_iter()
        .zip(listed(&lab, id::START));
    assert!(starts.is_sorted());
    lab.press("S");
    let protocols = listed(&lab, id::PROTOCOL);
    assert!(
        protocols.is_sorted_by_key(|protocol| u64::MAX - protocol) || protocols.contains(&u64::MAX)
    );
}

#[test]
fn the_cursor_stays_on_its_record_when_the_order_changes() {
    let mut lab = Session::lab(120, 36);
    lab.press("jjjjjjjj");
    let row = lab.app.records.selected;
    for keys in ["s", "s", "s", "l", "s", "+", "S"] {
        lab.press(keys);
        assert_eq!(lab.app.records.selected, row, "{keys}");
    }
}
