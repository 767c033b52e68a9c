use ratatui::buffer::Cell;

use super::*;
use crate::app::tests::Session;
use crate::theme::Theme;
use crate::ui::tests::drawn;

/// The text under the bars.
fn axis(session: &Session) -> String {
    let screen = drawn(session, &Theme::plain());
    let area = session.app.layout.inner(Pane::Timeline);
    let cells = (area.left()..area.right()).map(|x| &screen.buffer()[(x, area.bottom() - 1)]);
    cells.map(Cell::symbol).collect()
}

#[test]
fn marks_never_overlap_a_time() {
    let mut lab = Session::lab(80, 24);
    lab.press("2");
    assert_eq!(axis(&lab).split_whitespace().next(), Some("▲"));
    for _ in 0..30 {
        lab.press("l");
        let axis = axis(&lab);
        assert_eq!(axis.matches('▲').count(), 1, "{axis}");
        for word in axis.split(['▲', ' ']).filter(|word| !word.is_empty()) {
            assert!(word.len() == 8 && word.starts_with("02:2"), "{axis}");
        }
    }
    lab.press("vlllll");
    let axis = axis(&lab);
    assert!(axis.contains(" ─────▲ "), "{axis}");
}
