//! Draws the question whether to quit.

use ratatui::buffer::Buffer;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::widgets::panel;
use super::widgets::panel::Titles;
use super::{Canvas, row_of};
use crate::app::layout;
use crate::app::quit_dialog::QuitDialog;
use crate::format;

/// The width of the dialog with its frame, in cells.
const WIDTH: u16 = 68;

pub(super) fn draw(canvas: Canvas<'_>, dialog: &QuitDialog, buf: &mut Buffer) {
    let Canvas { app, theme } = canvas;
    let screen = app.layout.screen;
    let width = usize::from(WIDTH.min(screen.width).saturating_sub(4));
    let mut lines = vec![Line::styled(" This would be lost:", theme.text)];
    for loss in &dialog.losses {
        let wrapped = format::wrap(loss, width.saturating_sub(2)).into_iter();
        lines.extend(wrapped.map(|line| Line::styled(format!("   {line}"), theme.warning)));
    }
    lines.push(Line::default());
    let key = |key| Span::styled(key, theme.accent);
    let word = |word| Span::styled(word, theme.text);
    lines.push(Line::from(vec![
        key(" q"),
        word(" quit   "),
        key("Esc"),
        word(" go back"),
    ]));
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let area = layout::centred(screen, WIDTH, height.saturating_add(2));
    Clear.render(area, buf);
    let titles = Titles {
        title: Line::styled(" quit? ", theme.focus),
        ..Titles::default()
    };
    let inner = panel::draw(theme, area, true, titles, buf);
    for (line, row) in lines.into_iter().zip(0..inner.height) {
        line.render(row_of(inner, row), buf);
    }
}
