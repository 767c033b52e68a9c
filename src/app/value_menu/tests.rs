use crate::app::tests::Session;
use crate::app::{Overlay, Pane};
use crate::keymap::Action;
use crate::schema::id;

fn lines(session: &Session) -> Vec<(Action, String, u64)> {
    let Some(Overlay::Values(menu)) = &session.app.overlay else {
        return Vec::new();
    };
    let line = |line: &super::Offer| (line.action, line.term.clone(), line.count.unwrap());
    menu.lines.iter().map(line).collect()
}

/// Moves the cursor to the column of a field.
fn go_to(session: &mut Session, field: crate::schema::FieldId) {
    session.press("0");
    while session.app.records.field() != Some(field) {
        session.press("l");
    }
}

#[test]
fn each_line_selects_as_many_records_as_it_says() {
    let mut lab = Session::lab(120, 36);
    lab.press("/dst port 3389<enter>");
    go_to(&mut lab, id::SRCADDR);
    lab.press("f");
    let offered = lines(&lab);
    let actions: Vec<Action> = offered.iter().map(|line| line.0).collect();
    assert_eq!(
        actions,
        [
            Action::KeepValue,
            Action::DropValue,
            Action::AddValue,
            Action::OnlyValue,
            Action::BothDirections,
            Action::SamePort,
            Action::Conversation,
            Action::ThisHour
        ]
    );
    lab.press("<esc>");
    for (at, (_, term, count)) in offered.iter().enumerate() {
        lab.press("f").press(&"j".repeat(at)).press("<enter>");
        assert_eq!(lab.matched() as u64, *count, "{term}");
        assert!(lab.app.overlay.is_none());
        lab.press("u");
        assert_eq!(lab.app.filter.applied, "dst port 3389");
    }
}

#[test]
fn keys_choose_a_line_and_enter_opens_the_menu_on_records_and_explain() {
    let mut lab = Session::lab(120, 36);
    lab.press("/tcp<enter>");
    go_to(&mut lab, id::SRCADDR);
    lab.press("<enter>!");
    let dropped = lab.app.filter.applied.clone();
    assert!(dropped.starts_with("tcp and srcaddr != "), "{dropped}");
    lab.press("4<enter>o");
    assert_eq!(lab.app.focus.pane, Pane::Explain);
    assert!(lab.app.filter.applied.starts_with("srcaddr == "));
    lab.press("u");
    assert_eq!(lab.app.filter.applied, dropped);
    lab.press("u]");
    assert_eq!(lab.app.filter.applied, dropped);
}

#[test]
fn groups_and_lanes_have_filters_too() {
    let mut lab = Session::lab(120, 36);
    lab.press("3f");
    let offered = lines(&lab);
    assert_eq!(offered[0].0, Action::KeepValue);
    assert!(offered[0].1.starts_with("srcaddr == "), "{offered:?}");
    let groups = &lab.app.results.answer.as_ref().unwrap().breakdown.groups;
    assert_eq!(offered[0].2, groups[0].counts.records);
    lab.press("b");
    assert!(lab.app.filter.applied.starts_with("addr == "));
    lab.press("2gf");
    assert!(lines(&lab).is_empty(), "the total of all lanes is no value");
    lab.press("jf");
    assert!(lines(&lab)[0].1.starts_with("interface-id == "));
    lab.press("s");
    let notice = lab.app.notice.as_deref();
    assert_eq!(notice, Some("not for this value"));
}

#[test]
fn keeping_and_then_dropping_a_value_does_not_contradict_itself() {
    let mut lab = Session::lab(120, 36);
    lab.press("/tcp<enter>");
    go_to(&mut lab, id::SRCADDR);
    let source = lab.text(id::SRCADDR);
    lab.press("=");
    assert_eq!(
        lab.app.filter.applied,
        format!("tcp and srcaddr == {source}")
    );
    lab.press("!");
    assert_eq!(
        lab.app.filter.applied,
        format!("tcp and srcaddr != {source}")
    );
    lab.press(&format!("/<c-u>src host {source} and tcp<enter>!"));
    assert_eq!(
        lab.app.filter.applied,
        format!("tcp and srcaddr != {source}")
    );
    // Parts that `or` joins stay as they are.
    let either = format!("srcaddr == {source} or reject");
    lab.press("/<c-u>").press(&either).press("<enter>!");
    assert_eq!(
        lab.app.filter.applied,
        format!("({either}) and srcaddr != {source}")
    );
}
