//! Draws the explanation of the selected record.

use ratatui::buffer::Buffer;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::widgets::panel::{self, Titles};
use super::{Canvas, highlight, row_of};
use crate::app::Pane;
use crate::app::explain::{self, LineStyle};
use crate::theme::Theme;

pub(super) fn draw(canvas: Canvas<'_>, buf: &mut Buffer) {
    let Canvas { app, theme } = canvas;
    let focused = canvas.has_focus(Pane::Explain);
    let title = canvas.title(Pane::Explain, "");
    let pane = &app.explain;
    let room = usize::from(app.layout.inner(Pane::Explain).height);
    let above = pane.top - pane.pinned;
    let below = pane
        .lines
        .len()
        .saturating_sub(pane.top + room.saturating_sub(pane.pinned));
    let note = match (above, below) {
        (0, 0) => String::new(),
        (0, _) => format!(" {below} more below "),
        (_, 0) => format!(" {above} more above "),
        _ => format!(" {above} above, {below} below "),
    };
    let note = Line::styled(note, theme.text);
    let area = panel::draw(
        theme,
        app.layout.explain,
        focused,
        Titles { title, note },
        buf,
    );
    let area = explain::padded(area);
    let pinned = pane.lines.iter().take(pane.pinned);
    let lines = pinned.chain(pane.lines.iter().skip(pane.top));
    for (line, row) in lines.zip(0..area.height) {
        styled(theme, line, usize::from(area.width)).render(row_of(area, row), buf);
        if line.style == (LineStyle::Fact { current: true }) {
            let style = if focused { theme.row } else { theme.row_quiet };
            highlight(row_of(area, row), &[], style, buf);
        }
    }
}

fn styled<'a>(theme: &Theme, line: &'a explain::ExplainLine, width: usize) -> Line<'a> {
    match line.style {
        LineStyle::Rule => Line::styled(theme.symbols.rule.repeat(width), theme.frame),
        LineStyle::Sentence | LineStyle::Meaning => Line::styled(line.text.as_str(), theme.text),
        LineStyle::Try => Line::styled(line.text.as_str(), theme.value),
        LineStyle::Fact { .. } => Line::from(vec![
            Span::styled(line.name.as_str(), theme.accent),
            Span::styled(line.text.as_str(), theme.text),
            Span::styled(format!("  {}", line.decoded), theme.text),
        ]),
        LineStyle::More => Line::from(vec![
            Span::styled(line.text.as_str(), theme.text),
            Span::styled(line.decoded.as_str(), theme.text),
        ]),
    }
}
