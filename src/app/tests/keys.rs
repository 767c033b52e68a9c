//! Keys that mean the same everywhere, keys without effect, and pasted text.

use super::*;

fn notice(session: &Session) -> &str {
    session.app.notice.as_deref().unwrap_or_default()
}

#[test]
fn ctrl_c_closes_what_is_open_and_quits_when_there_is_nothing() {
    for keys in ["?", "R", "y", "<c-r>", "/reject<c-s>", "/"] {
        let mut lab = Session::lab(80, 24);
        lab.press(keys).press("<c-c>");
        assert!(lab.app.overlay.is_none(), "{keys}");
        assert!(lab.cmds.is_empty(), "{keys}");
    }
    let mut lab = Session::lab(80, 24);
    lab.press("2v<c-c>");
    assert!(lab.app.timeline.brush.is_none() && lab.cmds.is_empty());
    lab.press("<c-c>");
    assert!(matches!(lab.cmds[..], [Cmd::Quit]));
}

#[test]
fn ctrl_c_in_the_bar_restores_the_filter_and_the_typed_one_can_be_redone() {
    let mut lab = Session::lab(80, 24);
    lab.press("/reject<enter>/<c-u>accept and tcp<c-c>");
    assert_eq!(lab.app.filter.applied, "reject");
    assert_eq!(lab.app.focus.pane, Pane::Records);
    lab.press("u");
    assert_eq!(lab.app.filter.applied, "accept and tcp");
}

#[test]
fn a_key_without_effect_says_so() {
    let mut lab = Session::lab(80, 24);
    lab.press("K");
    assert_eq!(notice(&lab), "K is not bound here; ? shows the keys");
    lab.press("<f5>");
    assert_eq!(notice(&lab), "F5 is not bound here; ? shows the keys");
    lab.press("/<f5>");
    assert_eq!(notice(&lab), "F5 is not bound here; F1 shows the keys");
    lab.press("<esc><esc>");
    assert_eq!(notice(&lab), "nothing to go back from; q quits");
    lab.press("?w");
    assert_eq!(notice(&lab), "w is not bound here; Esc closes this window");
}

#[test]
fn an_unbound_key_with_alt_is_escape_and_the_key() {
    let mut lab = Session::lab(80, 24);
    lab.press("/reject<a-j>");
    assert_eq!(lab.app.focus.pane, Pane::Records);
    assert_eq!(lab.app.records.position, 1);
    // Alt-b is bound in the bar.
    lab.press("/<a-b>");
    assert_eq!(lab.app.filter.editor.cursor(), 0);
}

#[test]
fn a_question_mark_in_an_empty_bar_opens_the_help() {
    let mut lab = Session::lab(80, 24);
    lab.press("/?");
    assert!(matches!(lab.app.overlay, Some(Overlay::Help(_))));
    lab.press("<esc>eni-?");
    assert_eq!(lab.app.filter.editor.text(), "eni-?");
    lab.press("<f2>");
    assert!(matches!(lab.app.overlay, Some(Overlay::Help(_))));
}

#[test]
fn the_filter_is_cleared_with_one_key_and_comes_back() {
    let mut lab = Session::lab(80, 24);
    let all = lab.matched();
    lab.press("/reject<enter>x");
    assert_eq!(lab.matched(), all);
    lab.press("u");
    assert_eq!(lab.app.filter.applied, "reject");
    lab.press("xx");
    assert_eq!(notice(&lab), "there is no filter to clear");
}

#[test]
fn text_pasted_outside_the_bar_opens_it() {
    for keys in ["", "3", "?"] {
        let mut lab = Session::lab(80, 24);
        lab.press("/reject<enter>").press(keys);
        lab.update(Msg::Paste("dstport 22\n".into()));
        assert_eq!(lab.app.filter.editor.text(), "dstport 22 ");
        assert_eq!(lab.app.focus.pane, Pane::Filter);
        assert!(lab.app.overlay.is_none());
        lab.press("<enter>u");
        assert_eq!(lab.app.filter.applied, "reject", "{keys}");
    }
}
