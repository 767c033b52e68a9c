//! The frame of a pane.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Block, Borders, Widget};

use crate::theme::Theme;

/// The texts in the borders of a frame.
#[derive(Default)]
pub(crate) struct Titles<'a> {
    /// On the left of the top border.
    pub(crate) title: Line<'a>,
    /// On the right of the bottom border.
    pub(crate) note: Line<'a>,
}

/// Draws the frame of a pane or an overlay, and returns the area inside.
pub(crate) fn draw(
    theme: &Theme,
    area: Rect,
    is_focused: bool,
    titles: Titles<'_>,
    buf: &mut Buffer,
) -> Rect {
    let block = Block::new()
        .borders(Borders::ALL)
        .border_set(theme.symbols.border)
        .border_style(if is_focused {
            theme.focus_frame
        } else {
            theme.frame
        })
        .title_top(titles.title)
        .title_bottom(titles.note.right_aligned());
    let inner = block.inner(area);
    block.render(area, buf);
    inner
}
