use super::*;
use crate::app::Focus;
use crate::app::layout::Layout;

#[test]
fn a_tiny_screen() {
    check("lab_30x9", &Session::lab(30, 9));
}

#[test]
fn no_size_panics() {
    let mut lab = remembering(80, 24);
    lab.press("/reject<enter>");
    for cols in (0..70).chain([119, 120, 121, 500]) {
        for rows in (0..20).chain([33, 34, 35, 120]) {
            lab.app
                .update(crate::app::Msg::Resize { cols, rows }, &mut Vec::new());
            for key in [
                "1",
                "2",
                "3",
                "4",
                "/",
                "<c-r>",
                "<esc>/<c-s>",
                "<esc><esc>\\",
                "\\?",
                "<esc>R",
                "<esc>y",
                "<esc>",
            ] {
                lab.press(key);
                screen(&lab);
            }
        }
    }
}

/// The rows of `area` on the screen, as text.
fn rows_of(session: &Session, area: Rect) -> Vec<String> {
    let screen = screen(session);
    let row = |y| -> String {
        let cells = (area.x..area.right()).map(|x| &screen.buffer()[(x, y)]);
        cells.map(ratatui::buffer::Cell::symbol).collect()
    };
    (area.y..area.bottom()).map(row).collect()
}

#[test]
fn the_focused_pane_is_drawn_at_every_size() {
    let mut lab = Session::lab(80, 24);
    lab.press("/reject<enter>jj");
    for cols in [20, 40, 60, 80, 119, 120, 200] {
        for rows in (5..=24).chain([33, 34, 50]) {
            lab.update(crate::app::Msg::Resize { cols, rows });
            for key in ["1", "2", "3", "4", "/"] {
                lab.press(key);
                let pane = lab.app.focus.pane;
                let inner = lab.app.layout.inner(pane);
                let drawn = rows_of(&lab, inner);
                let written = drawn.iter().filter(|row| !row.trim().is_empty()).count();
                let least = if pane == Pane::Filter { 1 } else { 2 };
                assert!(written >= least, "{pane:?} at {cols}x{rows}: {drawn:?}");
                if pane == Pane::Records {
                    assert!(drawn.concat().contains('▸'), "{cols}x{rows}: {drawn:?}");
                }
            }
            lab.press("<esc>");
        }
    }
}

#[test]
fn the_focused_pane_has_room_at_every_size() {
    for pane in Pane::ALL {
        for (lower, maximised) in [(Pane::Timeline, false), (Pane::Explain, true)] {
            let is_lower = !matches!(pane, Pane::Filter | Pane::Records);
            let lower = if is_lower { pane } else { lower };
            let focus = Focus {
                pane,
                lower,
                maximised,
            };
            for cols in (20..=300).step_by(5).chain([119]) {
                for rows in 5..=100 {
                    let layout = Layout::of(Rect::new(0, 0, cols, rows), focus, 0);
                    let inner = layout.inner(pane);
                    let least = if pane == Pane::Filter { 1 } else { 2 };
                    assert!(
                        inner.height >= least,
                        "{focus:?} at {cols}x{rows}: {layout:?}"
                    );
                    assert!(inner.width >= 18, "{focus:?} at {cols}x{rows}: {layout:?}");
                }
            }
        }
    }
}

/// The words on the screen, without separators.
fn letters(text: &str) -> String {
    let is_frame = |c: char| c.is_whitespace() || "│─╭╮╰╯├┤┬┴┼".contains(c);
    text.chars().filter(|c| !is_frame(*c)).collect()
}

#[test]
fn filter_messages_are_shown_in_full() {
    // Messages with advice; some are wider than the bar.
    let filters = [
        "reject and srcadr == 10.0.0.1",
        "srcaddr == 10.0.0.300 and dstport in {22, 3389}",
        "srcaddr == 10.0.100 and reject",
        "srcaddr == $nosuchname",
        "tcp-flags has syn and ecs-cluster-name == i-0",
        "action == NOTHING",
        "srcaddr > 200",
    ];
    for (cols, rows) in [(30, 14), (40, 20), (80, 24), (120, 36), (200, 50)] {
        for filter in filters {
            let mut lab = Session::lab(cols, rows);
            lab.press("/").press(filter);
            lab.press("<esc>/");
            let said = lab.app.filter.said();
            assert!(!said.is_empty(), "{filter}");
            let bar = rows_of(&lab, lab.app.layout.inner(Pane::Filter)).concat();
            for diagnostic in said {
                let sentence = letters(&diagnostic.sentence());
                assert!(
                    letters(&bar).contains(&sentence),
                    "{cols}x{rows}: {sentence}\n{bar}"
                );
            }
            assert!(bar.contains('^'), "{bar}");
        }
    }
}

#[test]
fn notices_are_shown_in_full() {
    let mut lab = Session::lab(40, 12);
    let notice = "the history of filters cannot be written: /home/student/.local/state/flowdeck/history: \
                  no space left on device; free some and go on";
    lab.update(crate::app::Msg::Notice(notice.into()));
    let rows = rows_of(&lab, lab.app.layout.screen);
    assert!(
        letters(&rows.concat()).contains(&letters(notice)),
        "{rows:?}"
    );
    assert!(rows[0].contains("flowdeck"));
}

#[test]
fn why_nothing_was_read_is_shown_with_the_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    std::fs::write(&path, "hello\nthis is no log\n").unwrap();
    for (cols, rows) in [(80, 24), (120, 36), (200, 50)] {
        let session = Session::of(vec![Input::Path(path.clone())], cols, rows);
        let drawn = rows_of(&session, session.app.layout.inner(Pane::Records)).concat();
        let way_out = "if it is one, name the order of its fields with --log-format";
        assert!(
            letters(&drawn).contains(&letters(way_out)),
            "{cols}x{rows}: {drawn}"
        );
    }
    std::fs::write(&path, "").unwrap();
    let session = Session::of(vec![Input::Path(path)], 80, 24);
    let drawn = rows_of(&session, session.app.layout.inner(Pane::Records)).concat();
    assert!(drawn.contains("notes.txt is empty"), "{drawn}");
}
