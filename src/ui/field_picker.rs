//! Draws the list of the fields that a pane can show records by.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::widgets::panel::Titles;
use super::widgets::{line, panel, text};
use super::{Canvas, highlight, row_of};
use crate::app::Pane;
use crate::app::field_picker::FieldPicker;
use crate::format;

/// Draws the list. Returns the position of the text cursor in the words.
pub(super) fn draw(canvas: Canvas<'_>, picker: &FieldPicker, buf: &mut Buffer) -> Option<Position> {
    let theme = canvas.theme;
    Clear.render(picker.window, buf);
    let what = match picker.pane {
        Pane::Timeline => " a lane for each value of ",
        _ => " break down by ",
    };
    let count = |count: usize| format::count(count as u64);
    let (found, all) = (
        count(picker.search.found.len()),
        count(picker.choices.len()),
    );
    let titles = Titles {
        title: Line::styled(what, theme.focus),
        note: Line::styled(format!(" {found} of {all} fields "), theme.text),
    };
    let inner = panel::draw(theme, picker.window, true, titles, buf);
    if inner.is_empty() {
        return None;
    }
    let prompt = Span::styled(" field: ", theme.accent);
    let words = Rect { height: 1, ..inner };
    let cursor = line::draw(&picker.search.editor, prompt, theme.text, words, buf);
    let list = picker.list();
    let names = picker.name_width();
    for row in 0..list.height {
        let position = picker.search.top + usize::from(row);
        let index = picker.search.found.get(position);
        let Some(choice) = index.and_then(|index| picker.choices.get(*index)) else {
            break;
        };
        let is_cursor = position == picker.search.position;
        let mark = if is_cursor { theme.symbols.cursor } else { " " };
        let tick = if choice.field == picker.current {
            theme.symbols.tick
        } else {
            " "
        };
        let name = text::pad(&choice.name, names, false);
        let line = Line::from(vec![
            Span::styled(mark, theme.accent),
            Span::styled(format!("{tick} "), theme.accent),
            Span::styled(name, theme.text),
            Span::styled(format!("  {}", choice.summary), theme.text),
        ]);
        text::fitted(line, list.width, theme.symbols.ellipsis).render(row_of(list, row), buf);
        if is_cursor {
            highlight(row_of(list, row), &[], theme.row, buf);
        }
    }
    if picker.search.found.is_empty() {
        let nothing = Line::styled(" no field with these words", theme.faint);
        nothing.render(row_of(list, 0), buf);
    }
    Some(cursor)
}
