use crate::app::tests::Session;
use crate::app::{Overlay, cell_text::Times};
use crate::format::Zone;
use crate::schema::id;

fn error(session: &Session) -> Option<String> {
    match &session.app.overlay {
        Some(Overlay::Prompt(prompt)) => prompt.error.clone(),
        _ => None,
    }
}

fn start(session: &Session) -> u64 {
    session.text(id::START).parse().unwrap()
}

#[test]
fn ctrl_g_goes_to_a_record_by_its_number() {
    let mut lab = Session::lab(80, 24);
    lab.press("<c-g>1,000<enter>");
    assert_eq!(lab.app.records.position, 999);
    for wrong in ["0", "99999"] {
        lab.press("<c-g>").press(wrong).press("<enter>");
        assert!(error(&lab).unwrap().starts_with("the list has"), "{wrong}");
        lab.press("<esc>");
    }
    assert_eq!(lab.app.records.position, 999);
}

#[test]
fn ctrl_g_goes_to_the_first_record_at_a_time() {
    let mut lab = Session::lab(80, 24);
    let (first, last) = lab.app.store.span().unwrap();
    let middle = crate::format::time_of_day(first + (last - first) / 2);
    lab.press("<c-g>").press(&middle).press("<enter>");
    let found = start(&lab);
    assert!(found >= first + (last - first) / 2);
    let position = lab.app.records.position;
    lab.press("k");
    assert!(start(&lab) < first + (last - first) / 2);
    // In a list that is sorted otherwise it is the same record.
    lab.press("j");
    let row = lab.app.records.selected;
    lab.press("lsg<c-g>").press(&middle).press("<enter>");
    assert_eq!(lab.app.records.selected, row);
    assert_ne!(lab.app.records.position, position);
    lab.press("<c-g>2099-01-01<enter>");
    assert!(error(&lab).unwrap().contains("no record"));
    lab.press("<c-u>noon<enter>");
    assert!(error(&lab).is_some());
}

#[test]
fn times_are_shown_at_an_offset_or_since_the_first_record() {
    let mut lab = Session::lab(80, 24);
    let shown = |lab: &Session| lab.app.records.style.time(1_795_400_465);
    assert_eq!(shown(&lab), "02:21:05");
    lab.press("T+05:30<enter>");
    assert_eq!(lab.app.records.times, Times::Clock(Zone::Offset(19_800)));
    assert_eq!(shown(&lab), "07:51:05");
    lab.press("T-3<enter>");
    assert_eq!(shown(&lab), "23:21:05");
    lab.press("Tlunch<enter>");
    assert!(error(&lab).unwrap().contains("is no offset"));
    lab.press("<esc>ttt");
    assert!(shown(&lab).starts_with("+00:00:"), "{}", shown(&lab));
    lab.press("t");
    assert_eq!(lab.app.records.times, Times::Clock(Zone::Utc));
}
