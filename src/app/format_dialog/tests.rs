use super::super::tests::Session;
use super::*;
use crate::app::{Cmd, Overlay};
use crate::config::Change;
use crate::ingest::Input;

/// A session over one file with these lines, and the folder that it is in.
fn session(lines: &str) -> (Session, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    std::fs::write(&path, lines).unwrap();
    (Session::of(vec![Input::Path(path)], 120, 36), folder)
}

const UNSURE: &str = "10.0.0.1 10.0.0.2 17 REJECT\n10.0.0.9 10.0.0.2 6 ACCEPT\n";

fn dialog(session: &Session) -> Option<&FormatDialog> {
    match &session.app.overlay {
        Some(Overlay::Format(dialog)) => Some(dialog),
        _ => None,
    }
}

fn names(session: &Session) -> String {
    dialog(session).map_or_else(String::new, FormatDialog::names)
}

#[test]
fn an_uncertain_format_opens_the_dialog_after_the_load() {
    let (mut session, _folder) = session(UNSURE);
    assert_eq!(names(&session), "srcaddr dstaddr protocol action");
    session.press("<esc>");
    assert_eq!(dialog(&session), None);
    session.press("o");
    assert_eq!(names(&session), "srcaddr dstaddr protocol action");
}

#[test]
fn typing_finds_a_field_name_and_replaces_the_old_one() {
    let (mut session, _folder) = session(UNSURE);
    session.press("dstad<enter>");
    assert_eq!(names(&session), "dstaddr srcaddr protocol action");
    session.press("<down><down>pac<enter>");
    assert_eq!(names(&session), "dstaddr srcaddr packets action");
    session.press("pac<down><enter>");
    assert_eq!(
        names(&session),
        "dstaddr srcaddr packets-lost-no-route action"
    );
    session.press("nothing<enter>");
    assert!(dialog(&session).unwrap().found.is_empty());
    session.press("<esc>");
    assert!(
        !dialog(&session).unwrap().is_typing(),
        "the first Esc gives up the name"
    );
    session.press("<esc>");
    assert_eq!(dialog(&session), None);
}

#[test]
fn accepting_a_format_saves_it_and_reloads() {
    let (mut session, folder) = session(UNSURE);
    session.press("<enter>");
    let expected = FolderFormat {
        folder: folder.path().to_owned(),
        log_format: "srcaddr dstaddr protocol action".into(),
    };
    assert_eq!(session.kept, [Change::AcceptFormat(expected.clone())]);
    let read = session.cmds.iter().find_map(|cmd| match cmd {
        Cmd::ReadAgain { accepted, .. } => Some(accepted.clone()),
        _ => None,
    });
    assert_eq!(read, Some(expected));
    assert_eq!(dialog(&session), None);
    assert_eq!(session.app.store.rows(), 0);
    assert!(session.app.load.is_running());
}

#[test]
fn known_formats_open_no_dialog() {
    let mut session = Session::lab(120, 36);
    assert_eq!(dialog(&session), None);
    session.press("o");
    let notice = session.app.notice.as_deref();
    assert_eq!(
        notice,
        Some("every file has a header or a known order of fields")
    );
}
