//! Draws the list of problems: rejected lines by reason, and files that could not be read completely.

use ratatui::buffer::Buffer;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};
use unicode_width::UnicodeWidthStr;

use super::widgets::panel::Titles;
use super::widgets::{panel, text};
use super::{Canvas, highlight, row_of};
use crate::app::problems::{Description, ProblemList, ProblemRow, describe};
use crate::format;

/// Cells before a row of a group, including the cursor symbol.
const MARGIN: usize = 4;
/// Cells between a location and its message.
const GAP: usize = 2;

pub(super) fn draw(canvas: Canvas<'_>, list: &ProblemList, buf: &mut Buffer) {
    let Canvas { app, theme } = canvas;
    let view = list.view;
    Clear.render(view.window, buf);
    let title = Line::styled(" problems while reading ", theme.focus);
    let lines = app.store.line_counts().lines;
    let rejects = format::count(app.store.rejects().count());
    let note = format!(
        " {rejects} of {} not read ",
        format::counted(lines, "line", "lines")
    );
    let note = if view.window.width < 60 {
        Line::default()
    } else {
        Line::styled(note, theme.text)
    };
    panel::draw(theme, view.window, true, Titles { title, note }, buf);
    let rule = theme.symbols.rule.repeat(usize::from(view.rule.width));
    Span::styled(rule, theme.frame).render(view.rule, buf);
    if list.rows.is_empty() {
        draw_nothing(canvas, list, buf);
        return;
    }
    let shown = list.rows.iter().enumerate().skip(list.top);
    let shown: Vec<_> = shown.take(usize::from(view.list.height)).collect();
    let descriptions: Vec<_> = shown
        .iter()
        .map(|(_, row)| describe(&app.store, row))
        .collect();
    let lines = shown
        .iter()
        .zip(&descriptions)
        .filter(|((_, row), _)| !row.is_heading());
    let widest = lines
        .map(|(_, description)| description.location.width())
        .max();
    let locations = widest
        .unwrap_or(0)
        .min(usize::from(view.list.width) * 2 / 5);
    for (((position, row), description), y) in shown.into_iter().zip(&descriptions).zip(0..) {
        let is_current = position == list.position;
        let line = row_line(canvas, row, description, locations, is_current);
        text::fitted(line, view.list.width, theme.symbols.ellipsis)
            .render(row_of(view.list, y), buf);
        if is_current {
            highlight(row_of(view.list, y), &[], theme.row, buf);
        }
    }
    draw_full_text(canvas, list, buf);
}

/// A row of the list, with the cursor symbol. Locations are padded to `locations` cells.
fn row_line<'a>(
    canvas: Canvas<'_>,
    row: &ProblemRow,
    description: &'a Description,
    locations: usize,
    is_current: bool,
) -> Line<'a> {
    let Description { location, text } = description;
    let theme = canvas.theme;
    let mark = if is_current {
        theme.symbols.cursor
    } else {
        " "
    };
    let mut spans = vec![Span::styled(mark, theme.accent), Span::raw(" ")];
    let heading = |name: String, count: u64, noun: &str| {
        let count = format!("  {}", format::counted(count, noun, &format!("{noun}s")));
        [
            Span::styled(name, theme.warning),
            Span::styled(count, theme.text),
        ]
    };
    match row {
        ProblemRow::Reason(_, count) => spans.extend(heading(location.clone(), *count, "line")),
        ProblemRow::Status(name, count) => {
            let noun = match *name {
                "missing" => "path",
                "empty" => "folder",
                _ => "file",
            };
            spans.extend(heading((*name).to_owned(), *count as u64, noun));
        }
        ProblemRow::Assumed(kind, count) => {
            let name = format!("{} assumed", kind.name());
            spans.extend(heading(name, *count as u64, "file"));
        }
        ProblemRow::Warnings(count) => {
            spans.extend(heading("warnings".into(), *count as u64, "message"));
        }
        ProblemRow::NotKept(count) => spans.push(Span::styled(
            format!("  and {} more, counted but not kept", format::count(*count)),
            theme.text,
        )),
        ProblemRow::Reject(_)
        | ProblemRow::Fault(_)
        | ProblemRow::Assumption(..)
        | ProblemRow::Warning(..) => {
            let location = text::keep_end(location, locations, theme.symbols.ellipsis);
            let location = text::pad(&location, locations + GAP, false);
            spans.push(Span::raw(" ".repeat(MARGIN - 2)));
            spans.push(Span::styled(location, theme.accent));
            spans.push(Span::styled(text.as_str(), theme.text));
        }
    }
    Line::from(spans)
}

/// Draws the row under the cursor in full, with its location on a line of its own.
fn draw_full_text(canvas: Canvas<'_>, list: &ProblemList, buf: &mut Buffer) {
    let Canvas { app, theme } = canvas;
    let area = list.view.full_text;
    let Some(row) = list.current().filter(|_| !area.is_empty()) else {
        return;
    };
    let Description {
        location,
        text: full_text,
    } = describe(&app.store, row);
    let width = usize::from(area.width).saturating_sub(2).max(1);
    let lines = format::wrap(&full_text, width);
    let location = text::keep_end(&location, width, theme.symbols.ellipsis);
    Line::styled(format!(" {location}"), theme.accent).render(row_of(area, 0), buf);
    let room = area.height.saturating_sub(1);
    let is_cut = lines.len() > usize::from(room);
    for (line, y) in lines.iter().zip(1..=room) {
        let mut spans = vec![Span::raw(" "), Span::styled(line.as_str(), theme.text)];
        if is_cut && y == room {
            spans.push(Span::styled(theme.symbols.ellipsis, theme.faint));
        }
        let line = text::fitted(Line::from(spans), area.width, theme.symbols.ellipsis);
        line.render(row_of(area, y), buf);
    }
}

/// Explains an empty list.
fn draw_nothing(canvas: Canvas<'_>, list: &ProblemList, buf: &mut Buffer) {
    let Canvas { app, theme } = canvas;
    let line = if app.load.is_running() {
        " no problems so far: every line was read"
    } else {
        " no problems: every line was read"
    };
    let room = usize::from(list.view.list.width);
    let line = text::keep_start(line, room, theme.symbols.ellipsis);
    Span::styled(line, theme.text).render(row_of(list.view.list, 0), buf);
}
