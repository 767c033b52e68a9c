//! Draws the timeline: a lane per interface, with accepted records above and rejected ones below.

#[cfg(test)]
mod tests;

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use unicode_width::UnicodeWidthStr;

use super::widgets::panel::Titles;
use super::widgets::{bars, panel, text};
use super::{Canvas, highlight, row_of};
use crate::analysis::{Bucket, Lane, Timeline, Window};
use crate::app::Pane;
use crate::app::timeline::{LANE_ROWS, TOTAL_WIDTH, label_width, lane_rows};
use crate::format;
use crate::schema::{FieldId, id};

const SEPARATOR: &str = "·";

pub(super) fn draw(canvas: Canvas<'_>, buf: &mut Buffer) {
    let Canvas { app, theme } = canvas;
    let focused = canvas.has_focus(Pane::Timeline);
    let timeline = app
        .results
        .answer
        .as_ref()
        .and_then(|answer| answer.timeline.clone());
    let mut needed = [id::START, id::ACTION].into_iter();
    let lacks = needed.find_map(|field| lacks(canvas, field));
    let note = lacks.unwrap_or_else(|| {
        let timeline = timeline.as_ref();
        timeline.map_or_else(Line::default, |timeline| note(canvas, timeline))
    });
    let title = canvas.title(Pane::Timeline, "");
    let area = panel::draw(
        theme,
        app.layout.timeline,
        focused,
        Titles { title, note },
        buf,
    );
    let Some(timeline) = timeline else { return };
    if area.width <= label_width(area.width) + TOTAL_WIDTH || area.height == 0 {
        return;
    }
    let rows = lane_rows(area.height);
    let lane = |index: usize| match index.checked_sub(1) {
        None => Some((index, &timeline.all)),
        Some(at) => timeline.lanes.get(at).map(|lane| (index, lane)),
    };
    // The total stays on top, unless there is room for one lane only.
    let first = if rows / LANE_ROWS > 1 {
        0
    } else {
        app.timeline.lane
    };
    let others = app.timeline.top + 1..;
    let lanes = std::iter::once(first).chain(others).map_while(lane);
    for ((index, lane), slot) in lanes.zip(0..rows / LANE_ROWS) {
        let y = area.y + slot * LANE_ROWS;
        let lane_area = Rect::new(area.x, y, area.width, LANE_ROWS);
        let row = LaneRow {
            index,
            lane,
            window: timeline.window,
        };
        draw_lane(canvas, lane_area, &row, buf);
    }
    if rows == area.height {
        return;
    }
    draw_axis(canvas, row_of(area, area.height - 1), timeline.window, buf);
}

/// A warning if the timeline needs `field` and it was not read or no file has it.
fn lacks(canvas: Canvas<'_>, field: FieldId) -> Option<Line<'static>> {
    let Canvas { app, theme } = canvas;
    let name = app.store.catalog.name(field);
    let is_everywhere = app.store.skipped_column(field).is_none();
    // If some files have it, the counts under the cursor are more useful.
    if app.store.has(field) && (is_everywhere || canvas.has_focus(Pane::Timeline)) {
        return None;
    }
    let text = if is_everywhere {
        format!(" no file has {name} ")
    } else {
        format!(" {name} was not read (R) ")
    };
    Some(Line::styled(text, theme.warning))
}

/// The length of a bar; or, while the timeline is focused, the counts under the cursor.
fn note(canvas: Canvas<'_>, timeline: &Timeline) -> Line<'static> {
    let Canvas { app, theme } = canvas;
    let window = timeline.window;
    let lanes = position(canvas, timeline);
    if !canvas.has_focus(Pane::Timeline) {
        let width = format::duration(window.width);
        let outside = app.store.odd_times().outside();
        if outside > 0 {
            let records = format::counted(outside, "record", "records");
            let text = format!(" {records} with implausible times not shown, 1 bar = {width} ");
            return Line::styled(text, theme.warning);
        }
        return Line::styled(format!(" {lanes}1 bar = {width} "), theme.text);
    }
    let lane = match app.timeline.lane.checked_sub(1) {
        None => &timeline.all,
        Some(lane) => timeline.lanes.get(lane).unwrap_or(&timeline.all),
    };
    let selected = app.timeline.selected_time(window);
    let count = sum_in(lane, window, &selected);
    Line::from(vec![
        Span::styled(format!(" {lanes}"), theme.text),
        Span::styled(
            format!(
                "{}{}{} ",
                format::time_of_day(selected.start),
                theme.symbols.dash,
                format::time_of_day(selected.end)
            ),
            theme.accent,
        ),
        Span::styled(format!(" {} ", format::count(count.accept)), theme.accept),
        Span::styled("accepted ", theme.text),
        Span::styled(format!(" {} ", format::count(count.reject)), theme.reject),
        Span::styled("rejected ", theme.text),
    ])
}

/// Which of the lanes are on the screen, if not all are.
fn position(canvas: Canvas<'_>, timeline: &Timeline) -> String {
    let Canvas { app, theme } = canvas;
    let slots = lane_rows(app.layout.inner(Pane::Timeline).height) / LANE_ROWS;
    let (shown, all) = (usize::from(slots).saturating_sub(1), timeline.lanes.len());
    if shown >= all {
        return String::new();
    }
    let first = app.timeline.top + 1;
    let dash = theme.symbols.dash;
    match shown {
        0 => format!("lane {} of {all} {SEPARATOR} ", app.timeline.lane),
        1 => format!("lane {first} of {all} {SEPARATOR} "),
        more => format!(
            "lanes {first}{dash}{} of {all} {SEPARATOR} ",
            app.timeline.top + more
        ),
    }
}

/// The sum of the buckets that begin in a time range.
fn sum_in(lane: &Lane, window: Window, time: &Range<u64>) -> Bucket {
    let mut sum = Bucket::default();
    for (index, bucket) in lane.buckets.iter().enumerate() {
        if time.contains(&window.start_of(index)) {
            sum += *bucket;
        }
    }
    sum
}

/// A lane on the screen.
struct LaneRow<'a> {
    /// 0 is the total of all lanes.
    index: usize,
    lane: &'a Lane,
    window: Window,
}

fn draw_lane(canvas: Canvas<'_>, area: Rect, row: &LaneRow<'_>, buf: &mut Buffer) {
    let LaneRow {
        index,
        lane,
        window,
    } = *row;
    let Canvas { app, theme } = canvas;
    let focused = canvas.has_focus(Pane::Timeline);
    let (upper, lower) = (row_of(area, 0), row_of(area, 1));
    let label = if index == 0 {
        "all".into()
    } else {
        format::visible(&lane.label)
    };
    let label = text::keep_end(
        &label,
        usize::from(label_width(area.width)) - 2,
        theme.symbols.ellipsis,
    );
    let is_cursor = index == app.timeline.lane && focused;
    let mark = if is_cursor { theme.symbols.cursor } else { " " };
    Line::from(vec![
        Span::styled(mark, theme.accent),
        Span::styled(label, theme.text),
    ])
    .render(upper, buf);
    let max = lane
        .buckets
        .iter()
        .map(|b| b.accept.max(b.reject))
        .max()
        .unwrap_or(0);
    let selected = app.timeline.selected_time(window);
    for (column, bucket) in (0u16..).zip(&lane.buckets) {
        let x = area.x + label_width(area.width) + column;
        if x + TOTAL_WIDTH >= area.right() {
            break;
        }
        let is_marked = focused && selected.contains(&window.start_of(column.into()));
        let cells = bucket_cells(canvas, bucket, max);
        for (row, (symbol, style)) in [upper, lower].into_iter().zip(cells) {
            let (symbol, style) = match symbol {
                " " if is_marked => (theme.symbols.guide, theme.faint),
                symbol => (symbol, style),
            };
            Span::styled(symbol, style).render(Rect::new(x, row.y, 1, 1), buf);
        }
    }
    draw_totals(canvas, area, lane, buf);
    if is_cursor {
        let bars = area.x + label_width(area.width)..area.right().saturating_sub(TOTAL_WIDTH);
        highlight(upper, &[bars], theme.row, buf);
    }
}

/// The two cells of a bucket: accepted above; rejected, or a symbol for missing data, below. `max` is the full height.
fn bucket_cells(canvas: Canvas<'_>, bucket: &Bucket, max: u64) -> [(&'static str, Style); 2] {
    let theme = canvas.theme;
    let accepted = bars::vertical(theme.symbols, bucket.accept, max);
    let below = match bucket {
        Bucket { reject: 1.., .. } => (
            bars::vertical(theme.symbols, bucket.reject, max),
            theme.reject_bar,
        ),
        Bucket { skipdata: 1.., .. } => (theme.symbols.skipdata, theme.warning),
        Bucket {
            nodata: 1..,
            accept: 0,
            ..
        } => (theme.symbols.nodata, theme.faint),
        _ => (" ", theme.text),
    };
    [(accepted, theme.accept_bar), below]
}

/// Draws the totals of a lane at its right end, marked as lower bounds if records were skipped.
fn draw_totals(canvas: Canvas<'_>, area: Rect, lane: &Lane, buf: &mut Buffer) {
    let theme = canvas.theme;
    let bound = if lane.total.skipdata > 0 { "≥" } else { "" };
    let room = Rect {
        x: area.right().saturating_sub(TOTAL_WIDTH),
        width: TOTAL_WIDTH,
        ..area
    };
    let totals = [
        (lane.total.accept, theme.accept),
        (lane.total.reject, theme.reject),
    ];
    for (row, (count, style)) in (0u16..).zip(totals) {
        if count > 0 {
            let number = Span::styled(format!("{bound}{} ", exact(count)), style);
            Line::from(number)
                .right_aligned()
                .render(row_of(room, row), buf);
        }
    }
}

/// The exact number if there is room for it, otherwise an abbreviated one.
fn exact(count: u64) -> String {
    if count < 10_000 {
        format::count(count)
    } else {
        format::short_count(count)
    }
}

/// Draws the time axis: as many times as fit without touching, leaving out those that marked bars would overwrite.
fn draw_axis(canvas: Canvas<'_>, area: Rect, window: Window, buf: &mut Buffer) {
    let theme = canvas.theme;
    let focused = canvas.has_focus(Pane::Timeline);
    let selected = canvas.app.timeline.selected_time(window);
    let is_marked = |bar: u16| focused && selected.contains(&window.start_of(bar.into()));
    let bars = u16::try_from(window.buckets).unwrap_or(u16::MAX).min(
        area.width
            .saturating_sub(label_width(area.width) + TOTAL_WIDTH),
    );
    let label = |bar: u16| {
        let time = format::time_of_day(window.start_of(bar.into()));
        let short = window.width.is_multiple_of(60) && window.first.is_multiple_of(60);
        if short { text::cut(&time, 5) } else { time }
    };
    let step = u16::try_from(label(0).width()).unwrap_or(8) + 4;
    let mut bar = 0;
    while bar + step - 4 <= bars.max(step - 4) {
        let x = area.x + label_width(area.width) + bar;
        let room = Rect::new(x, area.y, area.right().saturating_sub(x), 1);
        if !(bar..bar + step - 4).any(is_marked) {
            Span::styled(label(bar), theme.text).render(room.intersection(area), buf);
        }
        bar += step;
    }
    if focused {
        draw_marks(canvas, area, window, buf);
    }
}

/// Marks the bar under the cursor and the other marked bars on the axis.
fn draw_marks(canvas: Canvas<'_>, area: Rect, window: Window, buf: &mut Buffer) {
    let Canvas { app, theme } = canvas;
    let selected = app.timeline.selected_time(window);
    for bar in 0..u16::try_from(window.buckets).unwrap_or(u16::MAX) {
        let x = area.x + label_width(area.width) + bar;
        if selected.contains(&window.start_of(bar.into())) && x + TOTAL_WIDTH < area.right() {
            let is_cursor = usize::from(bar) == app.timeline.bar(window);
            let symbol = if is_cursor {
                theme.symbols.sort[0]
            } else {
                theme.symbols.rule
            };
            Span::styled(symbol, theme.accent).render(Rect::new(x, area.y, 1, 1), buf);
        }
    }
}
