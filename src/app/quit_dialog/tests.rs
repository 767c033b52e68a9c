use crate::app::tests::Session;
use crate::app::{Cmd, Msg, Overlay};
use crate::ingest::LoadEvent;

fn losses(session: &Session) -> Vec<String> {
    match &session.app.overlay {
        Some(Overlay::Quit(dialog)) => dialog.losses.clone(),
        _ => Vec::new(),
    }
}

#[test]
fn q_quits_at_once_if_nothing_would_be_lost() {
    let mut lab = Session::lab(80, 24);
    lab.press("/reject<enter>q");
    assert!(matches!(lab.cmds[..], [Cmd::Quit]));
}

#[test]
fn q_asks_before_an_unfinished_filter_is_lost() {
    let mut lab = Session::lab(80, 24);
    lab.press("/reject and (<esc>q");
    assert_eq!(
        losses(&lab),
        ["The text in the filter bar, which is not a filter yet: reject and ("]
    );
    lab.press("<esc>");
    assert!(lab.app.overlay.is_none() && lab.cmds.is_empty());
    lab.press("qn<c-c>");
    assert!(
        !losses(&lab).is_empty(),
        "Ctrl-C quits with the same question"
    );
    lab.press("<c-c>");
    assert!(lab.app.overlay.is_none() && lab.cmds.is_empty());
    lab.press("qq");
    assert!(matches!(lab.cmds[..], [Cmd::Quit]));
}

#[test]
fn q_asks_while_records_are_loaded() {
    let mut session = Session::empty(80, 24);
    let events = session.load_events(vec![crate::ingest::Input::Lab]);
    let is_end = |event: &LoadEvent| matches!(event, LoadEvent::Finished { .. });
    for event in events.into_iter().filter(|event| !is_end(event)) {
        session.update(Msg::Load(event));
    }
    session.press("q");
    let lost = losses(&session);
    assert!(
        lost.len() == 1 && lost[0].starts_with("The load, which is still running: "),
        "{lost:?}"
    );
}
