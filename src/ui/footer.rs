//! The line at the bottom: the keys that matter here, or what has just happened.

use ratatui::buffer::Buffer;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::Canvas;
use super::widgets::text;
use crate::keymap;

/// The most keys that are hinted at.
const HINTS: usize = 9;

pub(super) fn draw(canvas: Canvas<'_>, buf: &mut Buffer) {
    let Canvas { app, theme } = canvas;
    let area = app.layout.footer;
    if area.is_empty() {
        return;
    }
    let room = usize::from(area.width);
    if let Some(notice) = &app.notice {
        let line = text::keep_start(&format!(" {notice}"), room, theme.symbols.ellipsis);
        Line::styled(line, theme.accent).render(area, buf);
        return;
    }
    let mut spans = vec![Span::raw(" ")];
    let mut used = 1;
    for (key, word) in keymap::hints(app.scopes()).take(HINTS) {
        let (key, word) = (key.to_string(), format!(" {word}   "));
        let width = Span::raw(&key).width() + word.len();
        if used + width > room + 3 {
            break;
        }
        used += width;
        spans.push(Span::styled(key, theme.accent));
        spans.push(Span::styled(word, theme.faint));
    }
    Line::from(spans).render(area, buf);
}
