//! Draws the list of columns.

use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::widgets::panel::Titles;
use super::widgets::{line, panel, text};
use super::{Canvas, row_of};
use crate::app::column_chooser::{ColumnChooser, ColumnRow};
use crate::app::layout;
use crate::format;

/// The width with the frame, in cells.
const WIDTH: u16 = 66;
/// The width of a name.
const NAME: usize = 28;

/// Draws the list. Returns the position of the text cursor while a name is searched for.
pub(super) fn draw(
    canvas: Canvas<'_>,
    chooser: &ColumnChooser,
    buf: &mut Buffer,
) -> Option<Position> {
    let Canvas { app, theme } = canvas;
    let screen = app.layout.screen;
    let listed = chooser.listed();
    let page = layout::help_page(screen).saturating_sub(1);
    let rows = chooser.rows.len().min(page);
    let height = u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(3);
    let area = layout::centred(screen, WIDTH, height);
    Clear.render(area, buf);
    let titles = Titles {
        title: Line::styled(" columns ", theme.focus),
        note: Line::styled(
            format!(
                " {} / {} ",
                (chooser.position() + 1).min(listed.len()),
                listed.len()
            ),
            theme.faint,
        ),
    };
    let inner = panel::draw(theme, area, true, titles, buf);
    if inner.is_empty() {
        return None;
    }
    let cursor = chooser.is_searching.then(|| {
        let prompt = Span::styled(" name: ", theme.accent);
        line::draw(&chooser.editor, prompt, theme.text, row_of(inner, 0), buf)
    });
    if cursor.is_none() {
        let searched = chooser.editor.text();
        let heading = if searched.is_empty() {
            format!("   {:<NAME$}  width   with a value", "column")
        } else {
            format!(" name: {}", format::visible(searched))
        };
        Span::styled(heading, theme.heading).render(row_of(inner, 0), buf);
    }
    let shown = listed.iter().enumerate().skip(chooser.top);
    for ((position, row), line) in shown.zip(1..inner.height) {
        let is_cursor = position == chooser.position();
        let style = match (is_cursor, row.width) {
            (true, _) => theme.row,
            (false, Some(_)) => theme.text,
            (false, None) => theme.faint,
        };
        let area = row_of(inner, line);
        let text = text::pad(&describe(canvas, row, is_cursor), area.width.into(), false);
        Span::styled(text, style).render(area, buf);
    }
    cursor
}

fn describe(canvas: Canvas<'_>, row: &ColumnRow, is_cursor: bool) -> String {
    let symbols = &canvas.theme.symbols;
    let cursor = if is_cursor { symbols.cursor } else { " " };
    let tick = if row.width.is_some() {
        symbols.tick
    } else {
        " "
    };
    let name = format::visible(&row.name).into_owned();
    let name = text::pad(
        &text::keep_start(&name, NAME, symbols.ellipsis),
        NAME,
        false,
    );
    let width = row
        .width
        .map_or_else(|| "hidden".to_owned(), |width| width.to_string());
    let records = format::count(row.records);
    let frozen = if row.is_frozen { "  frozen" } else { "" };
    format!("{cursor}{tick} {name} {width:>6} {records:>14}{frozen}")
}
