use super::*;
use crate::app::Msg;
use crate::app::tests::Session;
use crate::app::{Overlay, Pane};
use crate::config::{Change, Entry, SavedState};
use crate::query::Saved;

/// The sample, with two saved filters and a history of three.
fn lab() -> Session {
    let mut lab = Session::lab(120, 36);
    let mut kept = SavedState::default();
    for (text, matched) in [("dst port 22", true), ("port 7", false), ("accept", true)] {
        let text = text.to_owned();
        kept.history.add(Entry { text, matched });
    }
    let saved = [("scan", "reject and dst port 23"), ("ssh", "dst port 22")];
    kept.saved = saved
        .map(|(name, text)| Saved {
            name: name.into(),
            text: text.into(),
        })
        .into();
    lab.update(Msg::SavedState(Box::new(kept)));
    lab
}

fn picker(session: &Session) -> &FilterPicker {
    match &session.app.overlay {
        Some(Overlay::Find(picker)) => picker,
        other => panic!("{other:?}"),
    }
}

/// The rows of the list, with a symbol before the one under the cursor.
fn shown(session: &Session) -> Vec<String> {
    let picker = picker(session);
    let rows = picker
        .search
        .found
        .iter()
        .enumerate()
        .map(|(position, index)| {
            let choice = &picker.choices[*index];
            let mark = if position == picker.search.position {
                "▸"
            } else {
                ""
            };
            let tick = if choice.matched { "✓" } else { "" };
            let name = choice
                .name
                .as_ref()
                .map_or(String::new(), |name| format!("{name} "));
            format!("{mark}{tick}{name}{}", choice.shown)
        });
    rows.collect()
}

#[test]
fn saved_filters_come_first_then_the_latest_history() {
    for keys in ["<c-r>", "/<c-r>", "2<c-r>", "4<c-r>"] {
        let mut lab = lab();
        lab.press(keys);
        let expected = [
            "▸$scan reject and dst port 23",
            "✓$ssh dst port 22",
            "✓accept",
            "port 7",
            "✓dst port 22",
        ];
        assert_eq!(shown(&lab), expected, "{keys}");
    }
}

#[test]
fn a_filter_must_contain_every_typed_word() {
    let mut lab = lab();
    lab.press("<c-r>PORT 2");
    let found = [
        "▸$scan reject and dst port 23",
        "✓$ssh dst port 22",
        "✓dst port 22",
    ];
    assert_eq!(shown(&lab), found);
    lab.press(" $S");
    assert_eq!(
        shown(&lab),
        ["▸$scan reject and dst port 23", "✓$ssh dst port 22"]
    );
    lab.press("<down>sh");
    assert_eq!(shown(&lab), ["▸✓$ssh dst port 22"]);
    lab.press("x");
    assert!(shown(&lab).is_empty());
    lab.press("<enter>");
    assert!(shown(&lab).is_empty(), "there is nothing to take");
    lab.press("<c-w>22<c-w>accept");
    assert!(shown(&lab).is_empty());
    lab.press("<c-u>accept");
    assert_eq!(shown(&lab), ["▸✓accept"]);
    lab.press("<c-u>");
    assert_eq!(shown(&lab).len(), 5);
}

#[test]
fn a_picked_filter_replaces_the_text_of_the_bar() {
    let mut lab = lab();
    lab.press("/<c-u>reject<c-r>accept<enter>");
    assert!(lab.app.overlay.is_none());
    assert_eq!(lab.app.focus.pane, Pane::Filter);
    assert_eq!(lab.app.filter.editor.text(), "accept");
    assert_eq!(lab.matched(), 3834);
    assert!(lab.kept.is_empty(), "what was typed before was not left");
    lab.press("<up>");
    assert_eq!(
        lab.app.filter.editor.text(),
        "port 7",
        "it is not a beginning"
    );
    lab.press("<down> and<a-left>");
    assert_eq!(lab.app.filter.editor.text(), "reject");
}

#[test]
fn a_filter_picked_from_another_pane_applies_at_once() {
    let mut lab = lab();
    lab.press("/reject<enter>3<c-r>accept<enter>");
    assert_eq!(lab.app.focus.pane, Pane::Breakdown);
    assert_eq!(lab.matched(), 3834);
    assert_eq!(lab.app.notice.as_deref(), Some("accept; press u to undo"));
    let used = |text: &str| {
        Change::Remember(Entry {
            text: text.into(),
            matched: true,
        })
    };
    assert_eq!(lab.kept, [used("reject"), used("accept")]);
    lab.press("u");
    assert_eq!(lab.app.filter.applied, "reject");
}

#[test]
fn a_saved_filter_is_inserted_by_name() {
    let mut lab = lab();
    lab.press("<c-r>scan<enter>");
    assert_eq!(lab.app.filter.editor.text(), "$scan");
}

#[test]
fn escape_changes_nothing() {
    let mut lab = lab();
    lab.press("/rej<c-r>acc<down><esc>");
    assert_eq!(lab.app.filter.editor.text(), "rej");
    assert!(lab.kept.is_empty() && lab.app.overlay.is_none());
    lab.press("ect");
    assert_eq!(lab.matched(), 2012);
}

#[test]
fn deleting_names_the_filter_and_removes_it() {
    let mut lab = lab();
    lab.press("<c-r>port<down><c-d>");
    assert_eq!(
        lab.app.notice.as_deref(),
        Some("deleted $ssh (dst port 22)")
    );
    assert_eq!(
        shown(&lab),
        ["$scan reject and dst port 23", "▸port 7", "✓dst port 22"]
    );
    lab.press("<down><del>");
    assert_eq!(lab.app.notice.as_deref(), Some("deleted dst port 22"));
    assert_eq!(shown(&lab), ["$scan reject and dst port 23", "▸port 7"]);
    assert_eq!(
        lab.kept,
        [
            Change::Unsave("ssh".into()),
            Change::Forget("dst port 22".into())
        ]
    );
    lab.press("<c-u><esc>");
    assert_eq!(lab.app.library.saved.len(), 1);
    assert_eq!(lab.app.library.history.entries().len(), 2);
    lab.press("<c-r><del><del><del><del>");
    assert!(shown(&lab).is_empty());
}

#[test]
fn the_cursor_stays_in_the_list_and_on_the_screen() {
    let mut lab = Session::lab(80, 24);
    let mut kept = SavedState::default();
    for port in 0..100 {
        kept.history.add(Entry {
            text: format!("port {port}"),
            matched: false,
        });
    }
    lab.update(Msg::SavedState(Box::new(kept)));
    lab.press("<c-r>");
    let page = usize::from(picker(&lab).view.list.height);
    assert_eq!(page, 18);
    for (keys, position, top) in [
        ("<up><pgup>", 0, 0),
        ("<down><c-n><c-r>", 3, 0),
        ("<c-p>", 2, 0),
        ("<pgdn>", 20, 3),
        (&"<pgdn>".repeat(9), 99, 82),
        ("<down>", 99, 82),
        ("<pgup>", 81, 81),
        ("9", 0, 0),
        ("<pgdn><c-u>", 0, 0),
    ] {
        lab.press(keys);
        let picker = picker(&lab);
        assert_eq!(
            (picker.search.position, picker.search.top),
            (position, top),
            "{keys}"
        );
    }
    lab.press(&"<pgdn>".repeat(9));
    lab.update(Msg::Resize { cols: 80, rows: 10 });
    assert_eq!(picker(&lab).search.position, 99);
    assert_eq!(picker(&lab).search.top, 96);
}

#[test]
fn a_truncated_filter_is_shown_in_full_below_the_list() {
    let mut lab = lab();
    let view = |lab: &Session| picker(lab).view;
    lab.press("<c-r>");
    assert!(view(&lab).full_text.is_empty());
    assert_eq!(view(&lab).window.height, 9, "as high as the list is long");
    let long = format!("accept and dst port in {{{}}}", "22, ".repeat(40));
    lab.press("<esc>/<c-u>").press(&long).press("<enter><c-r>");
    assert_eq!(view(&lab).full_text.height, 3);
    lab.update(Msg::Resize {
        cols: 120,
        rows: 12,
    });
    assert!(view(&lab).full_text.is_empty(), "there is none to spare");
}

#[test]
fn control_characters_are_shown_escaped_and_inserted_unchanged() {
    let mut lab = Session::lab(120, 36);
    let mut kept = SavedState::default();
    kept.history.add(Entry {
        text: "reject # \u{1b}[31m".into(),
        matched: true,
    });
    lab.update(Msg::SavedState(Box::new(kept)));
    lab.press("<c-r>x1b");
    assert_eq!(shown(&lab), ["▸✓reject # \\x1b[31m"]);
    lab.press("<enter>");
    assert_eq!(lab.app.filter.editor.text(), "reject # \u{1b}[31m");
    assert_eq!(
        lab.app.notice.as_deref(),
        Some("reject # \\x1b[31m; press u to undo")
    );
}
