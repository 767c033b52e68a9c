//! Draws the menu of filters for a value: key, meaning, condition, and how many records would be shown.

use ratatui::buffer::Buffer;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};
use unicode_width::UnicodeWidthStr;

use super::widgets::panel::Titles;
use super::widgets::{panel, text};
use super::{Canvas, highlight, row_of};
use crate::app::layout;
use crate::app::value_menu::{Offer, ValueMenu};
use crate::format;
use crate::keymap::{self, Scope};

/// The width of the column of meanings, in cells.
const LABEL_WIDTH: usize = 28;
/// The width of the column of counts, in cells.
const COUNT_WIDTH: usize = 12;
/// A narrower menu leaves conditions out.
const MIN_TERM_WIDTH: usize = 12;

pub(super) fn draw(canvas: Canvas<'_>, menu: &ValueMenu, buf: &mut Buffer) {
    let Canvas { app, theme } = canvas;
    let area = layout::value_menu(app.layout.screen, menu.lines.len());
    Clear.render(area, buf);
    let room = usize::from(area.width).saturating_sub(30);
    let title = text::keep_start(&menu.title, room, theme.symbols.ellipsis);
    let note = if app.load.is_running() {
        " records so far "
    } else {
        " records "
    };
    let titles = Titles {
        title: Line::styled(format!(" {title} "), theme.focus),
        note: Line::styled(note, theme.text),
    };
    let inner = panel::draw(theme, area, true, titles, buf);
    let lines = menu.lines.iter().enumerate().skip(menu.top);
    for ((index, offer), row) in lines.zip(0..inner.height) {
        let line = line(canvas, offer, index == menu.position, inner.width);
        line.render(row_of(inner, row), buf);
        if index == menu.position {
            highlight(row_of(inner, row), &[], theme.row, buf);
        }
    }
}

fn line(canvas: Canvas<'_>, offer: &Offer, is_current: bool, width: u16) -> Line<'static> {
    let theme = canvas.theme;
    let base = theme.text;
    let ellipsis = theme.symbols.ellipsis;
    let mut bindings = keymap::for_scope(Scope::Values);
    let binding = bindings.find(|binding| binding.action == offer.action);
    let key = binding.and_then(|binding| binding.keys.first());
    let key = key.map(ToString::to_string).unwrap_or_default();
    let count = offer
        .count
        .map_or_else(|| ellipsis.to_owned(), format::count);
    let used = 4 + COUNT_WIDTH + 1;
    let room = usize::from(width).saturating_sub(used);
    let label_room = LABEL_WIDTH.min(room);
    let term_room = room.saturating_sub(label_room);
    let term_room = if term_room < MIN_TERM_WIDTH {
        0
    } else {
        term_room
    };
    let label_room = room - term_room;
    let label = text::keep_start(ValueMenu::label(offer.action), label_room, ellipsis);
    let term = format::visible(&offer.term);
    let term = text::keep_start(&term, term_room.saturating_sub(1), ellipsis);
    let style = match offer.count {
        Some(0) => theme.text,
        _ => theme.accent,
    };
    let mark = if is_current {
        theme.symbols.cursor
    } else {
        " "
    };
    debug_assert!(mark.width() == 1);
    Line::from(vec![
        Span::styled(mark, theme.accent),
        Span::styled(format!("{key:<2} "), theme.accent),
        Span::styled(text::pad(&label, label_room, false), base),
        Span::styled(text::pad(&term, term_room, false), theme.value),
        Span::styled(text::pad(&count, COUNT_WIDTH, true) + " ", style),
    ])
}
