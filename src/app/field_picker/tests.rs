use super::*;
use crate::app::Overlay;
use crate::app::tests::Session;
use crate::schema::id;

fn picker(session: &Session) -> &FieldPicker {
    match &session.app.overlay {
        Some(Overlay::Fields(picker)) => picker,
        overlay => panic!("{overlay:?}"),
    }
}

fn names(session: &Session) -> Vec<&str> {
    let picker = picker(session);
    let found = picker.search.found.iter();
    found.map(|index| &*picker.choices[*index].name).collect()
}

#[test]
fn a_field_is_found_by_its_name_and_shown_in_the_pane_that_asked() {
    let mut lab = Session::lab(120, 36);
    lab.press("3b");
    assert_eq!(picker(&lab).current, id::SRCADDR);
    lab.press("dstp");
    assert_eq!(names(&lab)[0], "dstport");
    lab.press("<enter>");
    assert!(lab.app.overlay.is_none());
    assert_eq!(lab.app.breakdown.field, id::DSTPORT);
    assert_eq!(lab.app.timeline.field, id::INTERFACE_ID);

    lab.press("2bprotocol<enter>");
    assert_eq!(lab.app.timeline.field, id::PROTOCOL);
    assert_eq!(lab.app.breakdown.field, id::DSTPORT);
    let answer = lab.app.results.answer.as_ref().unwrap();
    let timeline = answer.timeline.as_ref().unwrap();
    assert_eq!(timeline.field, id::PROTOCOL);
    assert!(timeline.lanes.iter().any(|lane| lane.label == "6"));
}

#[test]
fn a_field_is_found_by_what_it_means() {
    let mut lab = Session::lab(80, 24);
    lab.press("3b");
    let all = names(&lab).len();
    lab.press("interface");
    let found = names(&lab);
    assert!(
        found.contains(&"interface-id") && found.len() < all,
        "{found:?}"
    );
    lab.press("<c-u>qqq");
    assert_eq!(names(&lab), [""; 0]);
    lab.press("<enter>");
    assert!(lab.app.overlay.is_some(), "there is nothing to choose");
    lab.press("<esc>");
    assert!(lab.app.overlay.is_none());
    assert_eq!(lab.app.breakdown.field, id::SRCADDR);
}
