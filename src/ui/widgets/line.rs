//! Draws a line editor, scrolled so that its cursor is visible.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use unicode_width::UnicodeWidthStr;

use super::text;
use crate::app::line_editor::LineEditor;
use crate::format;

/// Draws `prompt` and the edited text, and returns the position of the cursor. A text that is too long is cut at the
/// start first.
pub(crate) fn draw(
    editor: &LineEditor,
    prompt: Span<'_>,
    style: Style,
    area: Rect,
    buf: &mut Buffer,
) -> Position {
    let room = usize::from(area.width).saturating_sub(prompt.width() + 1);
    let before = text::keep_end(&format::visible(editor.before()), room, "");
    let after = format::visible(editor.after());
    let column = prompt.width() + before.width();
    let column = u16::try_from(column).unwrap_or(u16::MAX);
    let parts = [before.as_str(), &after].map(|part| Span::styled(part, style));
    Line::from([&[prompt], &parts[..]].concat()).render(area, buf);
    let last = area.width.saturating_sub(1);
    Position::new(area.x + column.min(last), area.y)
}
