use super::*;
use crate::app::Overlay;
use crate::app::tests::Session;
use crate::config::Change;
use crate::query::Saved;

fn dialog(session: &Session) -> &SaveDialog {
    match &session.app.overlay {
        Some(Overlay::Save(dialog)) => dialog,
        other => panic!("{other:?}"),
    }
}

fn saved(session: &Session) -> Vec<(&str, &str)> {
    let saved = session.app.library.saved.iter();
    saved
        .map(|saved| (saved.name.as_str(), saved.text.as_str()))
        .collect()
}

/// The sample, with `filter` saved as `name`.
fn lab(filter: &str, name: &str) -> Session {
    let mut lab = Session::lab(120, 36);
    lab.press("/")
        .press(filter)
        .press("<c-s>")
        .press(name)
        .press("<enter>");
    lab
}

#[test]
fn the_applied_filter_is_saved_under_a_name() {
    let mut lab = lab("reject and dst port 22 ", "scan");
    assert_eq!(saved(&lab), [("scan", "reject and dst port 22")]);
    let change = Change::Save(Saved {
        name: "scan".into(),
        text: "reject and dst port 22".into(),
    });
    assert_eq!(lab.kept, [change]);
    assert_eq!(
        lab.app.notice.as_deref(),
        Some("saved as $scan: reject and dst port 22")
    );
    assert!(lab.app.overlay.is_none());
    lab.press("<c-u>accept<c-s>all<enter>");
    assert_eq!(
        saved(&lab),
        [("all", "accept"), ("scan", "reject and dst port 22")]
    );
}

#[test]
fn replacing_a_saved_filter_is_announced() {
    let mut lab = lab("reject", "scan");
    lab.press("<c-u>accept<c-s>sca");
    assert_eq!(
        (&dialog(&lab).replaces, &dialog(&lab).error),
        (&None, &None)
    );
    lab.press("n");
    assert_eq!(dialog(&lab).replaces.as_deref(), Some("reject"));
    lab.press("<enter>");
    assert_eq!(saved(&lab), [("scan", "accept")]);
}

#[test]
fn an_invalid_name_is_refused_with_the_reason() {
    #[track_caller]
    fn check(name: &str, reason: &str) {
        let mut lab = lab("reject", name);
        assert_eq!(dialog(&lab).error.as_deref(), Some(reason));
        assert!(saved(&lab).is_empty() && lab.kept.is_empty());
        lab.press("<c-u>scan<enter>");
        assert_eq!(saved(&lab), [("scan", "reject")]);
    }
    check("", "a filter needs a name");
    check(
        "two words",
        "a name may only have letters a–z, digits, - and _",
    );
    check(
        "SrcAddr",
        "$SrcAddr already stands for the srcaddr of the selected record",
    );
    check(
        "dport",
        "$dport already stands for the dstport of the selected record",
    );
    // As soon as it is typed.
    let mut lab = Session::lab(120, 36);
    lab.press("/reject<c-s>a.");
    assert!(dialog(&lab).error.is_some());
    lab.press("<bs>");
    assert!(dialog(&lab).error.is_none());
}

#[test]
fn a_filter_cannot_be_saved_under_a_name_that_it_refers_to() {
    let mut lab = lab("reject", "scan");
    lab.press("<c-u>$scan and dst port 22<c-s>ssh<enter>");
    assert_eq!(
        saved(&lab),
        [("scan", "reject"), ("ssh", "$scan and dst port 22")]
    );
    lab.press("<c-u>$ssh or accept<c-s>Scan<enter>");
    let fault = dialog(&lab).error.as_deref().unwrap();
    assert!(fault.contains("$Scan refers to itself"), "{fault}");
    lab.press("<esc><c-u>accept<c-s>SCAN<enter>");
    assert_eq!(
        saved(&lab),
        [("scan", "accept"), ("ssh", "$scan and dst port 22")]
    );
    // Filters that refer to it change with it.
    lab.press("<c-u>$ssh<enter>");
    assert_eq!(
        lab.app.filter.canonical,
        "action == ACCEPT and dstport == 22"
    );
}

#[test]
fn escape_returns_to_the_filter_bar_without_saving() {
    let mut lab = Session::lab(120, 36);
    lab.press("/reject<c-s>scan<esc>");
    assert!(saved(&lab).is_empty() && lab.kept.is_empty());
    lab.press(" and");
    assert_eq!(lab.app.filter.editor.text(), "reject and");
}

#[test]
fn an_empty_filter_cannot_be_saved() {
    let mut lab = Session::lab(120, 36);
    lab.press("/<c-s>");
    assert!(lab.app.overlay.is_none());
    assert_eq!(lab.app.notice.as_deref(), Some("no filter to save"));
}

#[test]
fn with_invalid_text_the_applied_filter_is_saved() {
    let mut lab = Session::lab(120, 36);
    lab.press("/reject and (<c-s>");
    assert_eq!(dialog(&lab).filter, "reject");
}
