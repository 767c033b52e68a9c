//! Draws the palette: what is typed, and the actions that match with their keys.

use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};
use unicode_width::UnicodeWidthStr;

use super::widgets::panel::Titles;
use super::widgets::{line, panel, text};
use super::{Canvas, highlight, row_of};
use crate::app::layout;
use crate::app::palette::Palette;
use crate::keymap::{self, Action, Binding, Scope};

/// The width of the column of keys, in cells.
const KEYS_WIDTH: usize = 18;
/// The width of the column that says where an action belongs to, in cells.
const SCOPE_WIDTH: usize = 22;
/// A narrower palette leaves that column out.
const MIN_WIDTH_WITH_SCOPES: usize = 70;

/// Draws the palette. Returns the position of the text cursor.
pub(super) fn draw(canvas: Canvas<'_>, palette: &Palette, buf: &mut Buffer) -> Option<Position> {
    let Canvas { app, theme } = canvas;
    let area = layout::palette(app.layout.screen);
    Clear.render(area, buf);
    let titles = Titles {
        title: Line::styled(" actions ", theme.focus),
        note: Line::styled(
            format!(
                " {} of {} ",
                palette.search.found.len(),
                palette.entries.len()
            ),
            theme.text,
        ),
    };
    let inner = panel::draw(theme, area, true, titles, buf);
    if inner.is_empty() {
        return None;
    }
    let prompt = Span::styled(" : ", theme.accent);
    let cursor = line::draw(
        &palette.search.editor,
        prompt,
        theme.text,
        row_of(inner, 0),
        buf,
    );
    let rule = theme.symbols.rule.repeat(usize::from(inner.width));
    Span::styled(rule, theme.frame).render(row_of(inner, 1), buf);
    let list = layout::palette_list(app.layout.screen);
    let found = palette
        .search
        .found
        .iter()
        .enumerate()
        .skip(palette.search.top);
    for ((position, index), row) in found.zip(0..list.height) {
        let is_current = position == palette.search.position;
        entry(canvas, palette.entries[*index], is_current, list.width)
            .render(row_of(list, row), buf);
        if is_current {
            highlight(row_of(list, row), &[], theme.row, buf);
        }
    }
    if palette.search.found.is_empty() {
        Span::styled("  no action is called that", theme.text).render(row_of(list, 0), buf);
    }
    Some(cursor)
}

fn entry(canvas: Canvas<'_>, binding: &Binding, is_current: bool, width: u16) -> Line<'static> {
    let theme = canvas.theme;
    let base = theme.text;
    let mark = if is_current {
        theme.symbols.cursor
    } else {
        " "
    };
    let ellipsis = theme.symbols.ellipsis;
    let width = usize::from(width);
    let scopes = if width < MIN_WIDTH_WITH_SCOPES {
        0
    } else {
        SCOPE_WIDTH
    };
    let names = width.saturating_sub(2 + KEYS_WIDTH + scopes);
    let cell = |text: &str, width: usize| {
        let text = text::keep_start(text, width.saturating_sub(1), ellipsis);
        text::pad(&text, width, false)
    };
    Line::from(vec![
        Span::styled(mark, theme.accent),
        Span::styled(" ", base),
        Span::styled(cell(binding.help, names), base),
        Span::styled(cell(binding.scope.title(), scopes), theme.text),
        Span::styled(cell(&keys(binding), KEYS_WIDTH), theme.accent),
    ])
}

/// The keys of a row of the table, as many as fit; in a menu, after the key that opens it.
fn keys(binding: &Binding) -> String {
    let opening = match binding.scope {
        Scope::Copy => Some(Action::CopyMenu),
        Scope::Values => Some(Action::OfferFilters),
        _ => None,
    };
    let key_of = |action| {
        let mut rows = keymap::BINDINGS.iter();
        let row = rows.find(|row| Some(row.action) == action)?;
        row.keys
            .iter()
            .map(ToString::to_string)
            .min_by_key(String::len)
    };
    let mut text = String::new();
    for key in binding.keys {
        let key = match key_of(opening) {
            Some(opening) => format!("{opening} {key}"),
            None => key.to_string(),
        };
        let gap = if text.is_empty() { "" } else { "  " };
        if text.width() + gap.len() + key.width() < KEYS_WIDTH || text.is_empty() {
            text = format!("{text}{gap}{key}");
        }
    }
    text
}
