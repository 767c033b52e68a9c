use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::*;
use crate::app::tests::Session;

/// The screen of a session, as text.
fn screen(session: &Session) -> TestBackend {
    let area = session.app.layout.screen;
    let mut terminal = Terminal::new(TestBackend::new(area.width, area.height)).unwrap();
    terminal
        .draw(|frame| draw(&session.app, &Theme::plain(), frame))
        .unwrap();
    terminal.backend().clone()
}

#[track_caller]
fn check(name: &str, session: &Session) {
    insta::assert_snapshot!(name, screen(session));
}

#[test]
fn the_lab_at_80_by_24() {
    check("lab_80x24", &Session::lab(80, 24));
}

#[test]
fn the_lab_at_120_by_36() {
    let mut lab = Session::lab(120, 36);
    check("lab_120x36", lab.press("/reject<enter>"));
}

#[test]
fn the_lab_at_200_by_50() {
    let mut lab = Session::lab(200, 50);
    check(
        "lab_200x50",
        lab.press("/dst port 22 and src host 10.0.100.10<enter>"),
    );
}

#[test]
fn each_lower_pane_at_80_by_24() {
    for (key, name) in [("2", "timeline"), ("3", "breakdown"), ("4", "explain")] {
        let mut lab = Session::lab(80, 24);
        check(
            &format!("{name}_80x24"),
            lab.press("/reject<enter>").press(key),
        );
    }
}

#[test]
fn a_filter_with_an_error_has_a_caret_under_the_place() {
    let mut lab = Session::lab(80, 24);
    check("error_80x24", lab.press("/reject and srcadr == 10.0.0.1"));
}

#[test]
fn nothing_matches() {
    let mut lab = Session::lab(80, 24);
    check("nothing_80x24", lab.press("/dst port 1 and accept<enter>"));
}

#[test]
fn nothing_is_loaded() {
    check("empty_80x24", &Session::empty(80, 24));
}

#[test]
fn the_help() {
    let mut lab = Session::lab(80, 24);
    check("help_80x24", lab.press("?"));
}

#[test]
fn the_copy_menu() {
    let mut lab = Session::lab(80, 24);
    check("copy_80x24", lab.press("y"));
}

#[test]
fn a_tiny_screen() {
    check("lab_30x9", &Session::lab(30, 9));
}

#[test]
fn no_size_panics() {
    let mut lab = Session::lab(80, 24);
    for cols in (0..70).chain([119, 120, 121, 500]) {
        for rows in (0..20).chain([33, 34, 35, 120]) {
            lab.app
                .update(crate::app::Msg::Resize { cols, rows }, &mut Vec::new());
            for key in ["1", "2", "3", "4", "/", "<esc>\\", "\\?", "<esc>y", "<esc>"] {
                lab.press(key);
                screen(&lab);
            }
        }
    }
}
