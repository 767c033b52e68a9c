//! Draws the filter bar: the text, how many records it selects, and its canonical form or a message.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use unicode_width::UnicodeWidthStr;

use super::widgets::panel::Titles;
use super::widgets::{panel, text};
use super::{Canvas, row_of};
use crate::analysis::{KnownCounts, Measure};
use crate::app::Pane;
use crate::app::filter::CARET;
use crate::format;
use crate::query::tokens::TokenClass;
use crate::query::{self, Severity, Token};

/// Drawn before the text.
const PROMPT: &str = " ";

/// Draws the bar. Returns the position of the text cursor while the bar is focused.
pub(super) fn draw(canvas: Canvas<'_>, buf: &mut Buffer) -> Option<Position> {
    let Canvas { app, theme } = canvas;
    let focused = canvas.has_focus(Pane::Filter);
    let title = Line::from(Span::styled(
        " filter ",
        if focused { theme.focus } else { theme.title },
    ));
    let note = held(canvas);
    let area = panel::draw(
        theme,
        app.layout.filter,
        focused,
        Titles { title, note },
        buf,
    );
    if area.is_empty() {
        return None;
    }
    let line = row_of(area, 0);
    let room = usize::from(line.width);
    let wanted = width_of(app.filter.editor.text()).max(24) + PROMPT.width() + 3;
    let summaries = [summary(canvas, true), summary(canvas, false)];
    let fits = |summary: &Line<'_>| wanted + summary.width() <= room;
    let summary = summaries
        .iter()
        .find(|summary| fits(summary))
        .unwrap_or(&summaries[1]);
    let text_room = room.saturating_sub(summary.width() + 2);
    let text_room = if text_room < 24 { room } else { text_room };
    if text_room < room {
        summary.clone().right_aligned().render(line, buf);
    }
    let (cursor, skipped) = draw_text(canvas, line, text_room, buf);
    let below = Rect {
        y: area.y + 1,
        height: area.height - 1,
        ..area
    };
    draw_below(canvas, below, skipped, buf);
    focused.then_some(cursor)
}

/// While the text is not a valid filter: a reminder that the panes show the last valid one.
fn held(canvas: Canvas<'_>) -> Line<'static> {
    let Canvas { app, theme } = canvas;
    if !app.filter.is_held() || app.store.rows() == 0 {
        return Line::default();
    }
    let shown = match app.filter.applied.trim() {
        "" => "all records".to_owned(),
        applied => text::keep_start(&format::visible(applied), 30, theme.symbols.ellipsis),
    };
    Line::styled(format!(" still showing {shown} "), theme.warning)
}

/// Draws the text, scrolled so that the cursor is visible. Returns the position of the cursor, and how many cells are
/// scrolled off at the start.
fn draw_text(canvas: Canvas<'_>, area: Rect, room: usize, buf: &mut Buffer) -> (Position, usize) {
    let Canvas { app, theme } = canvas;
    let editor = &app.filter.editor;
    let room = room.saturating_sub(PROMPT.width() + 1);
    // Without a cursor, the end is shown: the part that was added last.
    let shown_end = if canvas.has_focus(Pane::Filter) {
        editor.before()
    } else {
        editor.text()
    };
    let focused = canvas.has_focus(Pane::Filter);
    let skipped = width_of(shown_end).saturating_sub(room);
    let x = area.x + u16::try_from(PROMPT.width()).unwrap_or(0);
    let origin =
        Rect::new(x, area.y, u16::try_from(room).unwrap_or(u16::MAX), 1).intersection(area);
    if editor.text().is_empty() {
        let hint = if focused {
            "type to filter: reject, dst port 22, src host 10.0.100.10, …"
        } else {
            "all records; press / to filter"
        };
        let hint = text::keep_start(hint, usize::from(origin.width), theme.symbols.ellipsis);
        Span::styled(hint, theme.faint).render(origin, buf);
    }
    let mut at = 0;
    for (part, style) in coloured(canvas) {
        for c in part.chars() {
            let shown = format::visible(c.encode_utf8(&mut [0; 4])).into_owned();
            let width = shown.width();
            if at >= skipped && at + width <= skipped + usize::from(origin.width) {
                let offset = u16::try_from(at - skipped).unwrap_or(u16::MAX);
                let cells = u16::try_from(width.max(2)).unwrap_or(2);
                let cell = Rect::new(origin.x.saturating_add(offset), origin.y, cells, 1);
                Span::styled(shown, style).render(cell.intersection(area), buf);
            }
            at += width;
        }
    }
    mark_cut(canvas, origin, skipped > 0, at > skipped + room, buf);
    let offset = width_of(editor.before()).saturating_sub(skipped);
    let offset = u16::try_from(offset).unwrap_or(u16::MAX);
    (
        Position::new(
            origin
                .x
                .saturating_add(offset)
                .min(area.right().saturating_sub(1)),
            area.y,
        ),
        skipped,
    )
}

/// Marks a text that continues to the left or to the right of `area`.
fn mark_cut(canvas: Canvas<'_>, area: Rect, left: bool, right: bool, buf: &mut Buffer) {
    let mark = Span::styled(canvas.theme.symbols.ellipsis, canvas.theme.accent);
    let last = area.right().saturating_sub(1);
    for x in [left.then_some(area.x), right.then_some(last)]
        .into_iter()
        .flatten()
    {
        mark.clone()
            .render(Rect::new(x, area.y, 1, 1).intersection(area), buf);
    }
}

/// The width of `part` as drawn, in cells.
fn width_of(part: &str) -> usize {
    format::visible(part).width()
}

/// The text in highlighted parts.
fn coloured(canvas: Canvas<'_>) -> Vec<(&str, Style)> {
    let Canvas { app, theme } = canvas;
    let line = app.filter.editor.text();
    let diagnostics = &app.filter.compiled.diagnostics;
    let wrong = diagnostics.iter().find(|d| d.severity == Severity::Error);
    let styled = |token: Token| {
        let style = match token.class {
            TokenClass::Field => theme.field,
            TokenClass::Operator | TokenClass::Keyword => theme.operator,
            TokenClass::Value | TokenClass::Text => theme.value,
            TokenClass::Comment => theme.faint,
            TokenClass::Punctuation | TokenClass::Space => theme.text,
            TokenClass::Error => theme.error,
        };
        let is_wrong = wrong.is_some_and(|d| d.span.contains(&token.span.start));
        let part = line.get(token.span)?;
        Some((part, if is_wrong { theme.error } else { style }))
    };
    query::tokens(line).into_iter().filter_map(styled).collect()
}

/// How many records the filter selects; `is_full` adds their bytes and the search time.
fn summary(canvas: Canvas<'_>, is_full: bool) -> Line<'static> {
    let Canvas { app, theme } = canvas;
    let answered = app.results.answer.as_ref();
    let all = answered.map_or(0, |answer| answer.selection.store().rows() as u64);
    let matched = app.results.len() as u64;
    let is_partial = all > 0 && (app.load.is_running() || !app.results.is_complete());
    let partial = if is_partial { "≥" } else { "" };
    let share = format::percent(matched, all);
    let mut spans = vec![
        Span::styled(format!("{partial}{}", format::count(matched)), theme.accent),
        Span::styled(format!(" of {} ({share}) ", format::count(all)), theme.text),
    ];
    if let Some(answer) = app.results.answer.as_ref().filter(|_| is_full) {
        let total = &answer.breakdown.total;
        if let Some(bytes) = KnownCounts::of(&app.store).measure(Measure::Bytes, total) {
            let bytes = format::bytes(bytes);
            spans.push(Span::styled(format!(" {bytes} "), theme.text));
        }
        spans.push(Span::styled(
            format!(" {} ", format::elapsed(answer.seconds)),
            theme.text,
        ));
    }
    Line::from(spans)
}

/// Draws the lines below the text: its canonical form, or a message with a caret that points into the text.
fn draw_below(canvas: Canvas<'_>, area: Rect, skipped: usize, buf: &mut Buffer) {
    let Canvas { app, theme } = canvas;
    let filter = &app.filter;
    let room = usize::from(area.width);
    let Some(message) = filter.message(area.width) else {
        let canonical = format::visible(&filter.canonical);
        if !canonical.is_empty() {
            let line = text::keep_end(&canonical, room.saturating_sub(3), theme.symbols.ellipsis);
            let line = format!(" = {line}");
            Span::styled(line, theme.text).render(row_of(area, 0), buf);
        }
        return;
    };
    let style = match message.severity {
        Severity::Error => theme.error,
        Severity::Incomplete => theme.text,
        Severity::Warning => theme.warning,
    };
    let before = filter.editor.text().get(..message.at).unwrap_or_default();
    let column = (PROMPT.width() + width_of(before)).saturating_sub(skipped);
    let column = column.min(room.saturating_sub(1));
    if let [only] = &message.lines[..] {
        Span::styled(beside_caret(only, column, room), style).render(row_of(area, 0), buf);
        return;
    }
    // If there is not enough room, omit the caret: the error is highlighted in the text anyway.
    let rows = message.lines.iter().map(|line| format!(" {line}"));
    let caret = format!("{}{}", " ".repeat(column), CARET.trim_end());
    let has_room = area.height >= message.rows();
    let rows: Vec<String> = has_room.then_some(caret).into_iter().chain(rows).collect();
    let is_cut = rows.len() > usize::from(area.height);
    for (row, y) in rows.into_iter().zip(0..area.height) {
        let row = if is_cut && y + 1 == area.height {
            let more = format!("{} F1 shows all", theme.symbols.ellipsis);
            text::keep_start(&row, room.saturating_sub(more.width()), "") + &more
        } else {
            row
        };
        Span::styled(row, style).render(row_of(area, y), buf);
    }
}

/// Places `message` after a caret in `column`, or before it, or, if neither fits, with the caret at the start of the
/// line.
fn beside_caret(message: &str, column: usize, room: usize) -> String {
    if column + CARET.width() + message.width() <= room {
        return format!("{}{CARET}{message}", " ".repeat(column));
    }
    if message.width() + 2 <= column {
        return format!("{message:>width$} {}", CARET.trim_end(), width = column - 1);
    }
    format!("{CARET}{message}")
}
