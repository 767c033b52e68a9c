use super::*;
use crate::app::Msg;
use crate::app::tests::{Session, keys};
use crate::config::{Change, Problem};

/// The texts of the history, a tick after those that matched.
fn history(session: &Session) -> Vec<String> {
    let entries = session.app.library.history.entries().iter();
    entries.map(ticked).collect()
}

fn ticked(entry: &Entry) -> String {
    format!("{}{}", entry.text, if entry.matched { " ✓" } else { "" })
}

/// Entries added to the history since the last call.
fn kept(session: &mut Session) -> Vec<String> {
    let changes = session.kept.drain(..).map(|change| match change {
        Change::Remember(entry) => ticked(&entry),
        Change::Forget(text) => format!("no {text}"),
        Change::Save(saved) => format!("{} = {}", saved.name, saved.text),
        Change::Unsave(name) => format!("no ${name}"),
        Change::KeepColumns(layout) => format!("columns of {}", layout.fields.join(" ")),
        Change::AcceptFormat(accepted) => format!("accept {}", accepted.log_format),
    });
    changes.collect()
}

/// The sample, with a history.
fn lab(texts: &[&str]) -> Session {
    let mut lab = Session::lab(120, 36);
    let mut kept = SavedState::default();
    for text in texts {
        let text = (*text).to_owned();
        kept.history.add(Entry {
            text,
            matched: true,
        });
    }
    lab.update(Msg::SavedState(Box::new(kept)));
    lab
}

fn bar(session: &Session) -> &str {
    session.app.filter.editor.text()
}

#[test]
fn the_history_records_every_used_filter_and_whether_it_matched() {
    let mut lab = lab(&[]);
    lab.press("/reject<enter>");
    assert_eq!(kept(&mut lab), ["reject ✓"]);
    lab.press("/<c-u>bytes > 1GB <esc>");
    assert_eq!(kept(&mut lab), ["bytes > 1GB"]);
    lab.press("/<c-u>accept<tab>");
    assert_eq!(kept(&mut lab), ["accept ✓"]);
    assert_eq!(history(&lab), ["reject ✓", "bytes > 1GB", "accept ✓"]);
    // Using it again makes it the latest entry.
    lab.press("/<c-u>reject<enter>");
    assert_eq!(kept(&mut lab), ["reject ✓"]);
    assert_eq!(history(&lab), ["bytes > 1GB", "accept ✓", "reject ✓"]);
    // Entering and leaving the bar adds nothing.
    lab.press("/<esc>/<esc>");
    assert!(kept(&mut lab).is_empty());
}

#[test]
fn empty_invalid_and_unfinished_filters_are_not_recorded() {
    let mut lab = lab(&[]);
    lab.press("/<esc>/   <esc>/<c-u>reject and (<esc>");
    assert_eq!(lab.matched(), 2012);
    assert!(kept(&mut lab).is_empty() && history(&lab).is_empty());
    lab.press("/<c-u>accept");
    assert!(kept(&mut lab).is_empty() && history(&lab).is_empty());
    let long = format!("reject # {}", "x".repeat(5000));
    lab.press("<c-u>").update(Msg::Paste(long));
    lab.press("<esc>");
    assert_eq!(lab.matched(), 2012);
    assert!(kept(&mut lab).is_empty() && history(&lab).is_empty());
}

#[test]
fn every_way_of_applying_a_filter_is_recorded() {
    let mut lab = lab(&[]);
    lab.press("/dst port 3389<enter>0ll=");
    let source = lab.text(crate::schema::id::SRCADDR);
    let keep = format!("dst port 3389 and srcaddr == {source}");
    assert_eq!(
        kept(&mut lab),
        ["dst port 3389 ✓".to_owned(), format!("{keep} ✓")]
    );
    lab.press("3!");
    // Dropping what is kept replaces the condition.
    let drop = format!("dst port 3389 and srcaddr != {source}");
    assert_eq!(kept(&mut lab), [format!("{drop} ✓")]);
    lab.press("u2<enter>");
    let [undone, scope] = &kept(&mut lab)[..] else {
        panic!()
    };
    assert_eq!(*undone, format!("{keep} ✓"));
    assert!(
        scope.starts_with(&format!("{keep} and start >= ")),
        "{scope}"
    );
    lab.press("u10l4t");
    let tried = format!("{} ✓", lab.app.filter.applied);
    assert_eq!(kept(&mut lab), [format!("{keep} ✓"), tried]);
}

#[test]
fn a_filter_is_recorded_once_it_is_known_whether_it_matches() {
    let mut session = Session::empty(120, 36);
    session.app.filter.editor.set("accept".into());
    session.press("/ <esc>");
    assert_eq!(history(&session), ["accept"]);
    assert!(kept(&mut session).is_empty(), "nothing is loaded yet");
    // Another filter or quitting records it without waiting.
    session.press("/<c-u>reject<esc>");
    assert_eq!(kept(&mut session), ["accept"]);
    session.press("<c-c>q");
    assert_eq!(kept(&mut session), ["reject"]);

    let mut lab = lab(&["reject"]);
    lab.press("/reject");
    // The answer has not arrived yet.
    let mut cmds = Vec::new();
    for key in keys("<c-u>accept<enter>") {
        lab.app.update(Msg::Key(key), &mut cmds);
    }
    let keeps = |cmds: &[Cmd]| {
        cmds.iter()
            .filter(|cmd| matches!(cmd, Cmd::SaveState(_)))
            .count()
    };
    assert_eq!(keeps(&cmds), 0);
    assert_eq!(history(&lab), ["reject ✓", "accept"]);
    let Some(Cmd::Ask(request)) = cmds.pop() else {
        panic!()
    };
    lab.update(Msg::Answer(Box::new(crate::engine::answer(&request, 1))));
    assert_eq!(kept(&mut lab), ["accept ✓"]);
}

#[test]
fn the_applied_filter_is_recorded_on_exit() {
    for leave in ["q", "<c-c>", "/<c-c><c-c>"] {
        let mut lab = lab(&[]);
        lab.app.filter.editor.set("reject".into());
        lab.press("/ ");
        lab.app.focus.pane = crate::app::Pane::Records;
        let mut cmds = Vec::new();
        for key in keys(leave) {
            lab.app.update(Msg::Key(key), &mut cmds);
        }
        let [Cmd::SaveState(Change::Remember(entry)), Cmd::Quit] = &cmds[..] else {
            panic!("{leave}: {cmds:?}")
        };
        assert_eq!(ticked(entry), "reject ✓");
    }
}

#[test]
fn arrows_walk_the_history_and_return_to_the_typed_text() {
    let mut lab = lab(&["reject", "dst port 22", "dst port 80", "accept"]);
    lab.press("/<up>");
    assert_eq!(bar(&lab), "accept");
    assert_eq!(lab.matched(), 3834, "it is live");
    lab.press("<up><up><up>");
    assert_eq!(bar(&lab), "reject");
    lab.press("<up>");
    assert_eq!(
        lab.app.notice.as_deref(),
        Some("no earlier filter in the history")
    );
    assert_eq!(bar(&lab), "reject");
    lab.press("<down><down><down><down>");
    assert_eq!(bar(&lab), "");
    lab.press("<down>");
    assert_eq!(
        lab.app.notice.as_deref(),
        Some("no later filter in the history")
    );
    // The bar was not left, so nothing was recorded.
    assert!(kept(&mut lab).is_empty());
}

#[test]
fn only_entries_that_start_like_the_typed_text_are_walked() {
    let mut lab = lab(&["dst port 22", "reject", "dst port 80", "accept"]);
    lab.press("/dst<up>");
    assert_eq!(bar(&lab), "dst port 80");
    lab.press("<up>");
    assert_eq!(bar(&lab), "dst port 22");
    lab.press("<up>");
    let notice = "no earlier filter in the history starts with dst";
    assert_eq!(lab.app.notice.as_deref(), Some(notice));
    lab.press("<down><down>");
    assert_eq!(bar(&lab), "dst");
    // Editing a found entry restricts the walk to the edited text.
    lab.press("<up><up><bs>");
    assert_eq!(bar(&lab), "dst port 2");
    lab.press("<up>");
    assert_eq!(bar(&lab), "dst port 22");
}

#[test]
fn text_from_before_editing_does_not_restrict_the_walk() {
    let mut lab = lab(&["reject", "dst port 22"]);
    lab.press("/<up><enter>/<up>");
    assert_eq!(bar(&lab), "reject");
    lab.press("<esc>/<up>");
    assert_eq!(bar(&lab), "dst port 22");
}

#[test]
fn undo_in_the_filter_bar_ignores_the_history() {
    let mut lab = lab(&["accept"]);
    lab.press("/reject<enter>/ and dst port 22<a-left>");
    assert_eq!(bar(&lab), "reject");
    lab.press("<a-right>");
    assert_eq!(bar(&lab), "reject and dst port 22");
    lab.press("<c-p><c-n>");
    assert_eq!(
        bar(&lab),
        "reject and dst port 22",
        "they are free for others"
    );
}

#[test]
fn unreadable_state_files_are_reported() {
    let mut session = Session::empty(120, 36);
    let problems = vec![Problem::NoFolder, Problem::NoFolder];
    session.update(Msg::SavedState(Box::new(SavedState {
        problems,
        ..SavedState::default()
    })));
    assert_eq!(
        session.app.notice.as_deref(),
        Some(
            "set HOME or XDG_CONFIG_HOME to an absolute path; \
             set HOME or XDG_CONFIG_HOME to an absolute path"
        )
    );
    session.press("j");
    session.update(Msg::Notice("the history is not kept".into()));
    assert_eq!(
        session.app.notice.as_deref(),
        Some("the history is not kept")
    );
}
