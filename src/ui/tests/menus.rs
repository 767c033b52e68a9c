//! Menus and dialogs over the panes.

use super::check;
use crate::app::tests::Session;

#[test]
fn the_filters_for_a_value() {
    for (cols, rows) in [(80, 24), (120, 36), (200, 50)] {
        let mut lab = Session::lab(cols, rows);
        lab.press("/dst port 3389<enter>0lllf");
        check(&format!("value_menu_{cols}x{rows}"), &lab);
    }
}

#[test]
fn the_question_whether_to_quit() {
    let mut lab = Session::lab(80, 24);
    lab.press("/reject and (<esc>q");
    check("quit_80x24", &lab);
}

#[test]
fn the_palette() {
    for (cols, rows) in [(80, 24), (120, 36), (200, 50)] {
        let mut lab = Session::lab(cols, rows);
        lab.press(":");
        check(&format!("palette_{cols}x{rows}"), &lab);
        lab.press("filter");
        check(&format!("palette_words_{cols}x{rows}"), &lab);
    }
}

#[test]
fn the_help_while_it_is_searched() {
    let mut lab = Session::lab(80, 24);
    lab.press("3?");
    check("help_breakdown_80x24", &lab);
    lab.press("/scan");
    check("help_search_80x24", &lab);
}
