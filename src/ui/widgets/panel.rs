//! The frame of a pane.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::symbols::merge::MergeStrategy;
use ratatui::text::Line;
use ratatui::widgets::{Block, Borders, Widget};

use crate::theme::Theme;

/// The texts in the top border of a frame.
#[derive(Default)]
pub(crate) struct Titles<'a> {
    /// On the left.
    pub(crate) title: Line<'a>,
    /// On the right.
    pub(crate) note: Line<'a>,
}

/// Draws the frame of a pane or an overlay, and returns the area inside. Shared borders are merged.
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
        .border_style(if is_focused { theme.focus } else { theme.frame })
        .merge_borders(if theme.symbols.is_ascii {
            MergeStrategy::Replace
        } else {
            MergeStrategy::Fuzzy
        })
        .title_top(titles.title)
        .title_top(titles.note.right_aligned());
    let inner = block.inner(area);
    block.render(area, buf);
    inner
}
