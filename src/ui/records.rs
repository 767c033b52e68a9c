//! Draws the record list. Only the rows on the screen are formatted.

#[cfg(test)]
mod tests;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::widgets::panel::Titles;
use super::widgets::{panel, text};
use super::{Canvas, highlight, row_of};
use crate::app::Pane;
use crate::app::cell_text::{self, Notation, Times};
use crate::app::columns::ColumnView;
use crate::app::records::MARGIN;
use crate::app::sorting::Sorting;
use crate::format::{self, Zone};
use crate::schema::{FieldId, Kind, id};
use crate::store::{Cell, RowId, Source, Status, Store};

/// The widest line of a message in place of the records, in cells.
const MESSAGE_WIDTH: usize = 100;

pub(super) fn draw(canvas: Canvas<'_>, buf: &mut Buffer) {
    let Canvas { app, theme } = canvas;
    let focused = canvas.has_focus(Pane::Records);
    let title = canvas.title(Pane::Records, "");
    let note = note(canvas);
    let area = panel::draw(
        theme,
        app.layout.records,
        focused,
        Titles { title, note },
        buf,
    );
    if area.is_empty() {
        return;
    }
    let visible = app.records.visible();
    draw_heading(canvas, row_of(area, 0), &visible, buf);
    if app.results.is_empty() {
        draw_nothing(canvas, area, buf);
        return;
    }
    for line in 1..area.height {
        let index = usize::from(line) - 1;
        let position = app.records.top + index;
        let Some(&row) = app.records.rows.get(index) else {
            break;
        };
        let row = ListRow {
            row,
            columns: &visible,
            is_cursor: position == app.records.position,
        };
        draw_row(canvas, row_of(area, line), row, buf);
    }
}

/// The sort order and the position of the cursor.
fn note(canvas: Canvas<'_>) -> Line<'static> {
    let Canvas { app, theme } = canvas;
    if app.results.is_empty() {
        return Line::default();
    }
    let order = match &app.records.sorting {
        Sorting::Time => String::new(),
        Sorting::AsRead => "as read · ".to_owned(),
        Sorting::Columns(sorts) => {
            let names = sorts.iter().map(|sort| {
                let name = app.store.catalog.name(sort.field);
                let mark = theme.symbols.sort[usize::from(sort.descending)];
                format!("{} {mark}", format::visible(&name))
            });
            format!("by {} · ", names.collect::<Vec<_>>().join(", "))
        }
    };
    let times = match app.records.times {
        _ if app.records.notation == Notation::Raw => String::new(),
        Times::Clock(Zone::Utc) => String::new(),
        Times::Clock(zone) => format!("{zone} · "),
        Times::SinceFirst => "since the first record · ".to_owned(),
    };
    let (at, all) = (app.records.position as u64 + 1, app.results.len() as u64);
    Line::styled(
        format!(
            " {times}{order}{} / {} ",
            format::count(at),
            format::count(all)
        ),
        theme.text,
    )
}

fn draw_heading(canvas: Canvas<'_>, area: Rect, visible: &[usize], buf: &mut Buffer) {
    let Canvas { app, theme } = canvas;
    let mut at = MARGIN;
    for &index in visible {
        let column = &app.records.columns[index];
        let mut sorts = app.records.sorting.columns().iter();
        let sort = sorts.find(|sort| sort.field == column.field);
        let mark = sort.map_or("", |sort| theme.symbols.sort[usize::from(sort.descending)]);
        let style = if sort.is_some() {
            theme.sorted
        } else {
            theme.heading
        };
        let room = column.width.saturating_sub(mark.chars().count());
        let title: String = column.title.chars().take(room).collect();
        let title = text::pad(&format!("{title}{mark}"), column.width, column.right);
        put(buf, area, at, &title, style);
        at += column.width + app.records.gap_after(index);
    }
    let [left, right] = app.records.has_more();
    let ends = [(left, 0), (right, area.width.saturating_sub(1).into())];
    for ((has_more, at), mark) in ends.into_iter().zip(theme.symbols.more) {
        if has_more {
            put(buf, area, at, mark, theme.accent);
        }
    }
}

/// Writes `text` into the row `area`, starting `at` cells from its left edge.
fn put(buf: &mut Buffer, area: Rect, at: usize, text: &str, style: Style) {
    let room = cells(area, at, usize::from(area.width));
    Span::styled(text, style).render(room, buf);
}

/// At most `width` cells of the row `area`, starting `at` cells from its left edge.
fn cells(area: Rect, at: usize, width: usize) -> Rect {
    let x = area.x.saturating_add(u16::try_from(at).unwrap_or(u16::MAX));
    let width = u16::try_from(width).unwrap_or(u16::MAX);
    let width = width.min(area.right().saturating_sub(x));
    Rect::new(x, area.y, width, 1).intersection(area)
}

/// A record on the screen.
struct ListRow<'a> {
    row: RowId,
    /// The indices of the columns on the screen.
    columns: &'a [usize],
    is_cursor: bool,
}

fn draw_row(canvas: Canvas<'_>, area: Rect, list_row: ListRow<'_>, buf: &mut Buffer) {
    let ListRow {
        row,
        columns: visible,
        is_cursor,
    } = list_row;
    let Canvas { app, theme } = canvas;
    let focused = canvas.has_focus(Pane::Records);
    let shows_cell = is_cursor && (focused || canvas.has_focus(Pane::Explain));
    let base = if focused { theme.row } else { theme.row_quiet };
    let mut cursor_cell = None;
    if is_cursor {
        Span::styled(theme.symbols.cursor, theme.accent).render(area, buf);
    }
    let mut at = MARGIN;
    for &index in visible {
        let column = &app.records.columns[index];
        let value = app.records.style.text(&app.store, row, column.field);
        let is_found = app.finding.text.is_in_cell(&value);
        let value = fit(&format::visible(&value), column, theme.symbols.ellipsis);
        let style = cell_style(canvas, &app.store, row, column.field);
        let style = if is_found {
            style.add_modifier(Modifier::UNDERLINED)
        } else {
            style
        };
        put(buf, area, at, &value, style);
        if shows_cell && index == app.records.column {
            cursor_cell = Some(cells(area, at, column.width));
        }
        at += column.width;
        if app.records.has_arrow_after(index) {
            put(buf, area, at + 1, theme.symbols.arrow, theme.faint);
        }
        at += app.records.gap_after(index);
    }
    if is_cursor {
        highlight(area, &[], base, buf);
    }
    if let Some(cell) = cursor_cell {
        highlight(cell, &[], theme.cell, buf);
    }
}

/// The fewest letters of a service that are shown if the rest is cut.
const MIN_SERVICE: usize = 3;

/// Fits a value to the width of its column. Ids and addresses differ at the end, so they are cut at the start;
/// protocols and choices are cut at the end, and so are services unless hardly a letter of them would be left.
fn fit(value: &str, column: &ColumnView, ellipsis: &str) -> String {
    let port = match (column.field.kind(), value.split_once(' ')) {
        (Kind::Port, Some((port, _))) if value.chars().count() > column.width => Some(port),
        _ => None,
    };
    let is_bare = |port: &str| column.width < port.len() + 2 + MIN_SERVICE;
    let value = port.filter(|port| is_bare(port)).unwrap_or(value);
    let cut = match column.field.kind() {
        Kind::Port | Kind::Choice(_) | Kind::Protocol => text::keep_start,
        _ => text::keep_end,
    };
    text::pad(
        &cut(value, column.width, ellipsis),
        column.width,
        column.right,
    )
}

/// The colour of a value: the action stands out, and missing values are faint.
fn cell_style(canvas: Canvas<'_>, store: &Store, row: RowId, field: FieldId) -> Style {
    let theme = canvas.theme;
    match (field, store.cell(row, field)) {
        (id::ACTION, Cell::Missing) if canvas.app.records.notation == Notation::Decoded => {
            match cell_text::in_place_of_action(store, row).as_deref() {
                Some("SKIPDATA") => theme.warning,
                Some(_) => theme.other,
                None => theme.faint,
            }
        }
        (_, Cell::Missing) => theme.faint,
        (id::ACTION, Cell::Word(code)) => match &*store.catalog.dictionaries.of(field).word(code) {
            "ACCEPT" => theme.accept,
            "REJECT" => theme.reject,
            _ => theme.other,
        },
        (id::LOG_STATUS, Cell::Word(code)) if code != 0 => theme.other,
        _ => theme.text,
    }
}

/// Explains an empty list when everything has been read.
fn nothing_read(store: &Store) -> String {
    let mut messages = store.sources().iter().filter_map(Source::message);
    let Some(first) = messages.next() else {
        return no_records(store);
    };
    let first = format::visible(&first).into_owned();
    match messages.count() as u64 {
        0 => format!("nothing was read: {first}"),
        more => {
            let more = format::counted(more, "other file or folder", "other files and folders");
            format!("nothing was read: {first}; R shows what is wrong with {more}")
        }
    }
}

/// Explains an empty list when every file could be read.
fn no_records(store: &Store) -> String {
    let sources = store.sources();
    match store.rejects().count() {
        0 if sources.is_empty() => "there is nothing to read".to_owned(),
        0 if sources.iter().all(|source| source.status == Status::Empty) => match sources {
            [only] => format!("the file {} is empty", format::visible(&only.path_text())),
            all => format!("all {} files are empty", format::count(all.len() as u64)),
        },
        0 => "there are no records in the files that were read".to_owned(),
        count => {
            let lines = format::counted(count, "line", "lines");
            format!("no line was read as a record ({lines} rejected; R shows why)")
        }
    }
}

/// The lines of a message, which ends with the way out. Where there is no room for all of it, the last line says where it
/// is shown.
fn whole_message(message: &str, width: usize, room: usize) -> Vec<String> {
    let mut lines = format::wrap(message, width.min(MESSAGE_WIDTH));
    if lines.len() > room && room > 1 {
        lines.truncate(room - 1);
        lines.push("(R shows the rest)".to_owned());
    }
    lines
}

/// Draws a message in place of the records.
fn draw_nothing(canvas: Canvas<'_>, area: Rect, buf: &mut Buffer) {
    let Canvas { app, theme } = canvas;
    let message = match (app.store.rows(), app.load.is_running()) {
        (0, true) => format!("loading {}", theme.symbols.ellipsis),
        (0, false) => nothing_read(&app.store),
        _ if app.results.is_pending() => format!("searching {}", theme.symbols.ellipsis),
        _ => "no records match; press u to undo the filter".to_owned(),
    };
    // Below the heading.
    let room = area.height.saturating_sub(1);
    let width = usize::from(area.width).saturating_sub(2 * MARGIN);
    let message = whole_message(&message, width, room.into());
    let message = message.into_iter();
    let mut lines: Vec<Line<'_>> = message.map(|line| Line::styled(line, theme.text)).collect();
    let answer = app.results.answer.as_deref();
    let ways_out = answer.filter(|_| !app.results.is_pending());
    for way_out in ways_out.into_iter().flat_map(|answer| &answer.without) {
        lines.push(Line::from(vec![
            Span::styled(format::count(way_out.records as u64), theme.accent),
            Span::styled(" would match without ", theme.text),
            Span::styled(format::visible(&way_out.part).into_owned(), theme.text),
        ]));
    }
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(room);
    let first = 1 + (room - rows) / 2;
    for (line, row) in lines.into_iter().zip(first..first + rows) {
        let line = text::fitted(line, area.width, theme.symbols.ellipsis);
        line.centered().render(row_of(area, row), buf);
    }
}
