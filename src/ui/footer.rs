//! Draws the footer: the most useful keys, or a notice.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::{Canvas, row_of};
use crate::format;
use crate::keymap;

const MAX_HINTS: usize = 9;

pub(super) fn draw(canvas: Canvas<'_>, buf: &mut Buffer) {
    let Canvas { app, theme } = canvas;
    let area = app.layout.footer;
    if area.is_empty() {
        return;
    }
    if let Some(notice) = &app.notice {
        draw_notice(canvas, notice, buf);
        return;
    }
    let room = usize::from(area.width);
    let mut spans = vec![Span::raw(" ")];
    let mut used = 1;
    for (key, word) in keymap::hints(app.scopes()).take(MAX_HINTS) {
        let (key, word) = (key.to_string(), format!(" {word}   "));
        let width = Span::raw(&key).width() + word.len();
        if used + width > room + 3 {
            break;
        }
        used += width;
        spans.push(Span::styled(key, theme.accent));
        spans.push(Span::styled(word, theme.text));
    }
    Line::from(spans).render(area, buf);
}

/// Draws a notice. A long one grows upwards over the panes, to at most half of the screen.
fn draw_notice(canvas: Canvas<'_>, notice: &str, buf: &mut Buffer) {
    let Canvas { app, theme } = canvas;
    let footer = app.layout.footer;
    let notice = format::visible(notice);
    let lines = format::wrap(&notice, usize::from(footer.width).saturating_sub(2));
    let max = (app.layout.screen.height / 2).max(1);
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(max);
    let is_cut = lines.len() > usize::from(height);
    let area = Rect {
        y: footer.bottom() - height,
        height,
        ..footer
    };
    Clear.render(area, buf);
    for (line, row) in lines.iter().zip(0..height) {
        let more = if is_cut && row + 1 == height {
            theme.symbols.ellipsis
        } else {
            ""
        };
        Line::styled(format!(" {line}{more}"), theme.accent).render(row_of(area, row), buf);
    }
}
