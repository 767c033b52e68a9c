//! Draws the help and the copy menu.

use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::widgets::line;
use super::widgets::panel::{self, Titles};
use super::{Canvas, row_of};
use crate::app::help::{Help, HelpLine};
use crate::app::layout;
use crate::keymap::{self, Scope};

/// Draws the help. Returns the position of the text cursor while it is searched.
pub(super) fn draw(canvas: Canvas<'_>, help: &Help, buf: &mut Buffer) -> Option<Position> {
    let Canvas { app, theme } = canvas;
    let area = layout::help(app.layout.screen);
    Clear.render(area, buf);
    let title = Line::styled(
        format!(" help: {} ", help.pane.scope().title().to_lowercase()),
        theme.focus,
    );
    let is_searched = help.search.is_some();
    let page = layout::help_page(app.layout.screen).saturating_sub(usize::from(is_searched));
    let more = help.lines.len().saturating_sub(help.top + page);
    let note = match (help.top, more) {
        (0, 0) => String::new(),
        (0, _) => format!(" {more} more below "),
        (above, 0) => format!(" {above} more above "),
        (above, _) => format!(" {above} above, {more} below "),
    };
    let note = Line::styled(note, theme.text);
    let mut inner = panel::draw(theme, area, true, Titles { title, note }, buf);
    let mut cursor = None;
    if let Some(editor) = &help.search {
        let prompt = Span::styled(" search: ", theme.accent);
        let at = line::draw(editor, prompt, theme.text, row_of(inner, 0), buf);
        cursor = help.is_typing.then_some(at);
        inner.y += inner.height.min(1);
        inner.height = inner.height.saturating_sub(1);
    }
    for (line, row) in help.lines.iter().skip(help.top).zip(0..inner.height) {
        let line = match line {
            HelpLine::Heading(text) => Line::styled(format!(" {text}"), theme.heading),
            HelpLine::Text(text) => Line::styled(format!(" {text}"), theme.text),
            HelpLine::Entry { name, text } => Line::from(vec![
                Span::styled(format!("  {name}"), theme.accent),
                Span::styled(text.as_str(), theme.text),
            ]),
        };
        line.render(row_of(inner, row), buf);
    }
    cursor
}

pub(super) fn draw_copy(canvas: Canvas<'_>, buf: &mut Buffer) {
    let Canvas { app, theme } = canvas;
    let rows: Vec<_> = keymap::for_scope(Scope::Copy).collect();
    let height = u16::try_from(rows.len()).unwrap_or(4) + 2;
    let area = layout::centred(app.layout.screen, 34, height);
    Clear.render(area, buf);
    let titles = Titles {
        title: Line::styled(" copy ", theme.focus),
        ..Titles::default()
    };
    let inner = panel::draw(theme, area, true, titles, buf);
    for (binding, row) in rows.into_iter().zip(0..inner.height) {
        let key = binding
            .keys
            .first()
            .map(ToString::to_string)
            .unwrap_or_default();
        Line::from(vec![
            Span::styled(format!("  {key:<5}"), theme.accent),
            Span::styled(binding.help, theme.text),
        ])
        .render(row_of(inner, row), buf);
    }
}
