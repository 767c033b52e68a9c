//! Draws the dialog that asks for the name of a filter to save.

use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::widgets::panel::Titles;
use super::widgets::{line, panel};
use super::{Canvas, row_of};
use crate::app::layout;
use crate::app::save_dialog::SaveDialog;
use crate::format;

/// The width of the dialog with its frame, in cells.
const WIDTH: u16 = 72;

/// Draws the dialog. Returns the position of the text cursor.
pub(super) fn draw(canvas: Canvas<'_>, dialog: &SaveDialog, buf: &mut Buffer) -> Option<Position> {
    let Canvas { app, theme } = canvas;
    let (note, style) = match (&dialog.error, &dialog.replaces) {
        (Some(fault), _) => (format::visible(fault).into_owned(), theme.error),
        (None, Some(old)) => (format!("replaces: {}", format::visible(old)), theme.warning),
        (None, None) => (format!("= {}", format::visible(&dialog.filter)), theme.text),
    };
    let screen = app.layout.screen;
    let note = format::wrap(
        &note,
        usize::from(WIDTH.min(screen.width).saturating_sub(4)),
    );
    let height = u16::try_from(note.len()).unwrap_or(u16::MAX);
    let area = layout::centred(screen, WIDTH, height.saturating_add(3));
    Clear.render(area, buf);
    let titles = Titles {
        title: Line::styled(" save filter ", theme.focus),
        ..Titles::default()
    };
    let inner = panel::draw(theme, area, true, titles, buf);
    if inner.is_empty() {
        return None;
    }
    let prompt = Span::styled(" save as $", theme.accent);
    let cursor = line::draw(&dialog.editor, prompt, theme.text, row_of(inner, 0), buf);
    for (line, row) in note.iter().zip(1..inner.height) {
        Span::styled(format!(" {line}"), style).render(row_of(inner, row), buf);
    }
    Some(cursor)
}
