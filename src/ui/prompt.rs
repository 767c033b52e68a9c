//! Draws the one-line dialog above the footer.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::widgets::panel::Titles;
use super::widgets::{line, panel};
use super::{Canvas, row_of};
use crate::app::prompt::Prompt;

/// The text, advice, and the frame.
const HEIGHT: u16 = 4;

/// Draws the dialog. Returns the position of the text cursor.
pub(super) fn draw(canvas: Canvas<'_>, prompt: &Prompt, buf: &mut Buffer) -> Option<Position> {
    let Canvas { app, theme } = canvas;
    let screen = app.layout.screen;
    let height = HEIGHT.min(screen.height);
    let bottom = screen.bottom().saturating_sub(app.layout.footer.height);
    let area = Rect {
        y: bottom.saturating_sub(height),
        height,
        ..screen
    };
    Clear.render(area, buf);
    let titles = Titles {
        title: Line::styled(format!(" {} ", prompt.kind.title()), theme.focus),
        ..Titles::default()
    };
    let inner = panel::draw(theme, area, true, titles, buf);
    if inner.is_empty() {
        return None;
    }
    let cursor = line::draw(
        &prompt.editor,
        Span::raw(" "),
        theme.text,
        row_of(inner, 0),
        buf,
    );
    let (note, style) = match &prompt.error {
        Some(error) => (error.as_str(), theme.error),
        None => (prompt.kind.advice(), theme.faint),
    };
    Span::styled(format!(" {note}"), style).render(row_of(inner, 1), buf);
    Some(cursor)
}
