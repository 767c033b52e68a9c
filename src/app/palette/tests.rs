use super::*;
use crate::app::tests::Session;

/// What the palette lists.
fn found(session: &Session) -> Vec<(&'static str, Action)> {
    let Some(Overlay::Palette(palette)) = &session.app.overlay else {
        panic!("the palette is not open");
    };
    let entries = palette
        .search
        .found
        .iter()
        .map(|index| palette.entries[*index]);
    entries.map(|entry| (entry.help, entry.action)).collect()
}

#[test]
fn the_palette_begins_with_the_actions_of_the_focused_pane() {
    for (key, pane) in [
        ("1", Pane::Records),
        ("2", Pane::Timeline),
        ("3", Pane::Breakdown),
    ] {
        let mut lab = Session::lab(80, 24);
        lab.press(key).press(":");
        let mut rows = keymap::for_scope(pane.scope());
        let first = rows.find(|row| !is_movement(row.action)).unwrap();
        assert_eq!(found(&lab)[0].0, first.help);
    }
}

#[test]
fn every_action_outside_of_windows_is_listed_once() {
    let palette = Palette::new(Pane::Records);
    let actions: Vec<(Scope, Action)> = palette
        .entries
        .iter()
        .map(|entry| (entry.scope, entry.action))
        .collect();
    for binding in keymap::BINDINGS {
        let is_listed = actions.iter().any(|(_, action)| *action == binding.action);
        let is_pane = Pane::of(binding.scope).is_some() || binding.scope == Scope::Global;
        assert!(
            is_listed || !is_pane || binding.action == Action::Palette,
            "{binding:?}"
        );
    }
    for (at, one) in actions.iter().enumerate() {
        assert!(!actions[at + 1..].contains(one), "{one:?}");
    }
}

#[test]
fn actions_are_found_by_parts_beginnings_and_keys() {
    let mut lab = Session::lab(80, 24);
    for (typed, action) in [
        ("maxim", Action::Maximise),
        ("clear fil", Action::ClearFilter),
        ("cofi", Action::CopyFilter),
        ("both dir", Action::Conversation),
        ("ctrl-r", Action::FindFilter),
    ] {
        lab.press(":").press(typed);
        assert_eq!(found(&lab)[0].1, action, "{typed}: {:?}", &found(&lab)[0]);
        lab.press("<esc>");
    }
    lab.press(":zzz");
    assert!(found(&lab).is_empty());
    lab.press("<enter>");
    assert_eq!(lab.app.notice.as_deref(), Some("no action is called that"));
}

#[test]
fn enter_does_the_action_in_its_own_pane() {
    let mut lab = Session::lab(120, 36);
    lab.press(":next bar<enter>");
    assert_eq!(lab.app.focus.pane, Pane::Timeline);
    lab.press("1:same hour<enter>");
    assert!(lab.app.overlay.is_none());
    assert!(
        lab.app.filter.applied.starts_with("start >= "),
        "{}",
        lab.app.filter.applied
    );
    lab.press(":clear<enter>");
    assert_eq!(lab.app.filter.applied, "");
}
