use super::*;
use crate::app::Msg;
use crate::app::tests::Session;
use crate::schema::id;

/// Does something at a cell inside the frame of a pane.
fn mouse(session: &mut Session, kind: MouseKind, pane: Pane, column: u16, row: u16) {
    let area = session.app.layout.inner(pane);
    session.update(Msg::Mouse(Mouse {
        kind,
        column: area.x + column,
        row: area.y + row,
    }));
}

#[test]
fn a_press_focuses_a_pane_and_selects_what_is_there() {
    let mut lab = Session::lab(120, 36);
    mouse(&mut lab, MouseKind::Press, Pane::Breakdown, 3, 2);
    assert_eq!(
        (lab.app.focus.pane, lab.app.breakdown.position),
        (Pane::Breakdown, 2)
    );
    mouse(&mut lab, MouseKind::Press, Pane::Records, 3, 4);
    assert_eq!(
        (lab.app.focus.pane, lab.app.records.position),
        (Pane::Records, 3)
    );
    assert_eq!(lab.app.records.column, 0);
    mouse(&mut lab, MouseKind::Press, Pane::Explain, 3, 4);
    assert_eq!(lab.app.focus.pane, Pane::Explain);
}

#[test]
fn a_press_on_a_heading_sorts_by_its_column() {
    let mut lab = Session::lab(120, 36);
    let width = usize::from(lab.app.layout.inner(Pane::Records).width);
    let is_source = |cell: &usize| {
        let column = lab.app.records.column_at(*cell);
        column.is_some_and(|column| lab.app.records.columns[column].field == id::SRCADDR)
    };
    let cell = (0..width).find(is_source).unwrap();
    let cell = u16::try_from(cell).unwrap();
    mouse(&mut lab, MouseKind::Press, Pane::Records, cell + 1, 0);
    assert_eq!(lab.app.records.field(), Some(id::SRCADDR));
    let least = lab.text(id::SRCADDR);
    mouse(&mut lab, MouseKind::Press, Pane::Records, cell + 1, 0);
    lab.press("g");
    assert_ne!(lab.text(id::SRCADDR), least, "the other way round");
}

#[test]
fn the_wheel_moves_in_the_pane_below_the_pointer() {
    let mut lab = Session::lab(120, 36);
    mouse(&mut lab, MouseKind::WheelDown, Pane::Breakdown, 3, 0);
    assert_eq!(lab.app.focus.pane, Pane::Records);
    assert_eq!(lab.app.breakdown.position, 3);
    mouse(&mut lab, MouseKind::WheelDown, Pane::Records, 3, 3);
    assert_eq!(lab.app.records.position, 3);
    mouse(&mut lab, MouseKind::WheelUp, Pane::Records, 3, 3);
    assert_eq!(lab.app.records.position, 0);
    // In the bar, the wheel does not walk the history.
    lab.press("/reject<enter>/<c-u>tcp");
    mouse(&mut lab, MouseKind::WheelUp, Pane::Filter, 3, 0);
    assert_eq!(lab.app.filter.editor.text(), "tcp");
    lab.press("<esc>?");
    mouse(&mut lab, MouseKind::WheelDown, Pane::Records, 3, 3);
    let Some(Overlay::Help(help)) = &lab.app.overlay else {
        panic!("the help is closed");
    };
    assert_eq!(help.top, 3);
}

#[test]
fn a_drag_in_the_timeline_marks_a_time_range() {
    let mut lab = Session::lab(120, 36);
    let all = lab.matched();
    let first = super::super::timeline::label_width(lab.app.layout.inner(Pane::Timeline).width);
    mouse(&mut lab, MouseKind::Press, Pane::Timeline, first + 5, 1);
    assert!(lab.app.timeline.brush.is_none());
    mouse(&mut lab, MouseKind::Drag, Pane::Timeline, first + 9, 1);
    let shown = lab
        .app
        .timeline
        .shown_in(&lab.app.layout, &lab.app.store)
        .unwrap();
    let marked = lab.app.timeline.selected_time(shown.window);
    assert_eq!(marked.end - marked.start, 5 * shown.window.width);
    lab.press("<enter>");
    assert!(lab.matched() < all);
    // Another press starts anew.
    mouse(&mut lab, MouseKind::Press, Pane::Timeline, first + 2, 1);
    assert!(lab.app.timeline.brush.is_none());
}

#[test]
fn a_press_chooses_a_line_of_a_list_and_outside_of_it_closes_it() {
    let mut lab = Session::lab(120, 36);
    lab.press("f");
    let Some(Overlay::Values(menu)) = &lab.app.overlay else {
        panic!("the menu is closed");
    };
    let filter = menu.lines[1].filter.clone();
    let window = layout::value_menu(lab.app.layout.screen, menu.lines.len());
    let press = |column, row| {
        Msg::Mouse(Mouse {
            kind: MouseKind::Press,
            column,
            row,
        })
    };
    lab.update(press(window.x + 3, window.y + 2));
    assert_eq!(lab.app.filter.applied, filter);
    lab.press("f");
    lab.update(press(0, 0));
    assert!(lab.app.overlay.is_none());
}
