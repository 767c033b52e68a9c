//! Draws the timeline: lanes with what was accepted above their axes and what was rejected below.

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
use crate::analysis::{Bucket, ByAction, Lane, Measure, Timeline, Window};
use crate::app::timeline::{LaneShape, TOTAL_WIDTH, label_width, lane_rows};
use crate::app::{App, Pane};
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
    let title = canvas.title(Pane::Timeline, &detail(canvas, timeline.as_deref()));
    let mut needed = [id::START, id::ACTION].into_iter();
    let lacks = needed.find_map(|field| lacks(canvas, field));
    let note = lacks.unwrap_or_else(|| {
        let timeline = timeline.as_ref();
        timeline.map_or_else(Line::default, |timeline| note(canvas, timeline))
    });
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
    let shape = app.timeline.shape;
    let lane = |index: usize| match index.checked_sub(1) {
        None => Some((index, &timeline.all)),
        Some(at) => timeline.lanes.get(at).map(|lane| (index, lane)),
    };
    // The total stays on top, unless there is room for one lane only.
    let first = if shape.lanes > 1 {
        0
    } else {
        app.timeline.lane
    };
    let others = app.timeline.top + 1..;
    let lanes = std::iter::once(first).chain(others).map_while(lane);
    let mut y = area.y;
    for (index, lane) in lanes.take(shape.lanes) {
        let room = (area.y + rows).saturating_sub(y).min(shape.pitch());
        let row = LaneRow {
            index,
            lane,
            timeline: &timeline,
            shape,
        };
        draw_lane(canvas, Rect::new(area.x, y, area.width, room), &row, buf);
        y += shape.pitch();
    }
    if rows == area.height {
        return;
    }
    let axis = row_of(area, area.height - 1);
    draw_axis(canvas, axis, timeline.window, buf);
    Line::styled(hidden_lanes(canvas, &timeline), theme.text)
        .right_aligned()
        .render(axis, buf);
}

/// What the lanes are, and what they show, where that is not usual.
fn detail(canvas: Canvas<'_>, timeline: Option<&Timeline>) -> String {
    let app = canvas.app;
    let field = timeline.map_or(app.timeline.field, |timeline| timeline.field);
    let measure = timeline.map_or(app.breakdown.measure, |timeline| timeline.measure);
    let name = app.store.catalog.name(field);
    let field =
        (field != id::INTERFACE_ID).then(|| format!(" {SEPARATOR} by {}", format::visible(&name)));
    let measure = (measure != Measure::Records).then(|| format!(" {SEPARATOR} {}", measure.name()));
    field.into_iter().chain(measure).collect()
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

/// The length of a bar; or, while the timeline is focused, what is under the cursor.
fn note(canvas: Canvas<'_>, timeline: &Timeline) -> Line<'static> {
    let Canvas { app, theme } = canvas;
    let window = timeline.window;
    if !canvas.has_focus(Pane::Timeline) {
        let width = format::duration(window.width);
        let outside = app.store.odd_times().outside();
        if outside > 0 {
            let records = format::counted(outside, "record", "records");
            let text = format!(" {records} with implausible times not shown, 1 bar = {width} ");
            return Line::styled(text, theme.warning);
        }
        return Line::styled(format!(" 1 bar = {width} "), theme.text);
    }
    let lane = match app.timeline.lane.checked_sub(1) {
        None => &timeline.all,
        Some(lane) => timeline.lanes.get(lane).unwrap_or(&timeline.all),
    };
    let selected = app.timeline.selected_time(window);
    let (count, measured) = sum_in(lane, window, &selected);
    let amount = |value: u64| match timeline.measure {
        Measure::Bytes => format::bytes(value),
        Measure::Records | Measure::Packets => format::count(value),
    };
    let length = format::duration(selected.end.saturating_sub(selected.start));
    let more = match timeline.measure {
        Measure::Bytes => format::counted(count.records, "record", "records"),
        Measure::Records | Measure::Packets => format::bytes(count.bytes),
    };
    let time = format!(
        " {}{}{} ",
        format::time_of_day(selected.start),
        theme.symbols.dash,
        format::time_of_day(selected.end)
    );
    let time = vec![Span::styled(time, theme.accent)];
    let length = vec![Span::styled(format!("{length} {SEPARATOR} "), theme.text)];
    let actions = vec![
        Span::styled(amount(measured.accepted), theme.accept),
        Span::styled(" accepted ", theme.text),
        Span::styled(amount(measured.rejected), theme.reject),
        Span::styled(" rejected ", theme.text),
    ];
    let more = vec![Span::styled(format!("{SEPARATOR} {more} "), theme.text)];
    // What matters less is left out first.
    let room = usize::from(app.layout.timeline.width).saturating_sub(4);
    let longest = [&time, &length, &actions, &more];
    let shorter: [&[&Vec<Span<'static>>]; 3] = [&longest, &longest[..3], &[&time, &actions]];
    let lines = shorter.iter().map(|parts| {
        let spans = parts.iter().flat_map(|part| part.iter().cloned());
        Line::from(spans.collect::<Vec<_>>())
    });
    let mut fitting = lines.filter(|line| line.width() <= room);
    fitting.next().unwrap_or_else(|| Line::from(time))
}

/// Which of the lanes are on the screen, where not all are.
fn hidden_lanes(canvas: Canvas<'_>, timeline: &Timeline) -> String {
    let all = timeline.lanes.len();
    let shape = canvas.app.timeline.shape;
    let shown = shape.lanes.saturating_sub(1).max(1);
    if shown >= all {
        return String::new();
    }
    let first = canvas.app.timeline.top + 1;
    let last = (first + shown - 1).min(all);
    let dash = canvas.theme.symbols.dash;
    let all = format::count(timeline.distinct as u64);
    let range = if first == last {
        format::count(first as u64)
    } else {
        format!("{first}{dash}{last}")
    };
    format!(" {range} of {all} ")
}

/// The sums of the buckets that begin in a time range, and of the measure by action.
fn sum_in(lane: &Lane, window: Window, time: &Range<u64>) -> (Bucket, ByAction) {
    let (mut sum, mut measured) = (Bucket::default(), ByAction::default());
    for (index, bucket) in lane.buckets.iter().enumerate() {
        if time.contains(&window.start_of(index)) {
            sum += *bucket;
            measured += lane.measured(index);
        }
    }
    (sum, measured)
}

/// A lane on the screen.
struct LaneRow<'a> {
    /// 0 is the total of all lanes.
    index: usize,
    lane: &'a Lane,
    timeline: &'a Timeline,
    shape: LaneShape,
}

fn draw_lane(canvas: Canvas<'_>, area: Rect, row: &LaneRow<'_>, buf: &mut Buffer) {
    let LaneRow { lane, timeline, .. } = *row;
    let Canvas { app, theme } = canvas;
    let window = timeline.window;
    let focused = canvas.has_focus(Pane::Timeline);
    draw_labels(canvas, area, row, buf);
    let measured = (0..lane.buckets.len()).map(|bucket| lane.measured(bucket));
    let measured: Vec<ByAction> = measured.collect();
    // What was rejected is often far less, and has a scale of its own.
    let most = Most {
        accepted: measured.iter().map(|m| m.accepted).max().unwrap_or(0),
        rejected: measured.iter().map(|m| m.rejected).max().unwrap_or(0),
    };
    let selected = app.timeline.selected_time(window);
    let bars = (0u16..).zip(&lane.buckets).zip(&measured);
    for ((column, counts), measured) in bars {
        let x = area.x + label_width(area.width) + column;
        if x + TOTAL_WIDTH >= area.right() {
            break;
        }
        let is_marked = focused && selected.contains(&window.start_of(column.into()));
        let cells = bucket_cells(canvas, counts, *measured, &most, row.shape);
        for (y, (symbol, style)) in (area.y..area.bottom()).zip(cells) {
            let (symbol, style) = match symbol {
                " " if is_marked => (theme.symbols.guide, theme.faint),
                symbol => (symbol, style),
            };
            Span::styled(symbol, style).render(Rect::new(x, y, 1, 1), buf);
        }
    }
    draw_totals(canvas, area, row, buf);
    if row.index == app.timeline.lane && focused {
        let bars = area.x + label_width(area.width)..area.right().saturating_sub(TOTAL_WIDTH);
        let named = row_of(area, row.shape.up - 1);
        highlight(named, &[bars], theme.row, buf);
    }
}

/// The name of a lane, and below its axis what hangs there.
fn draw_labels(canvas: Canvas<'_>, area: Rect, row: &LaneRow<'_>, buf: &mut Buffer) {
    let LaneRow {
        index, lane, shape, ..
    } = *row;
    let Canvas { app, theme } = canvas;
    let focused = canvas.has_focus(Pane::Timeline);
    let room = usize::from(label_width(area.width)) - 2;
    let label = if index == 0 {
        "all".into()
    } else {
        format::visible(&lane.label)
    };
    let label = text::keep_end(&label, room, theme.symbols.ellipsis);
    let is_cursor = index == app.timeline.lane && focused;
    let mark = if is_cursor { theme.symbols.cursor } else { " " };
    Line::from(vec![
        Span::styled(mark, theme.accent),
        Span::styled(label, theme.text),
    ])
    .render(row_of(area, shape.up - 1), buf);
    if lane.measured_total().rejected > 0 {
        let label = text::keep_start("rejected", room, theme.symbols.ellipsis);
        Span::styled(format!(" {label}"), theme.text).render(row_of(area, shape.up), buf);
    }
}

/// The most that any bucket of a lane has.
struct Most {
    accepted: u64,
    rejected: u64,
}

/// The cells of a bucket from the top down: what was accepted, what was rejected, and behind that a symbol where data is
/// missing.
fn bucket_cells(
    canvas: Canvas<'_>,
    counts: &Bucket,
    measured: ByAction,
    most: &Most,
    shape: LaneShape,
) -> Vec<(&'static str, Style)> {
    let theme = canvas.theme;
    let symbols = theme.symbols;
    let up = bars::column(symbols, measured.accepted, most.accepted, shape.up);
    let mut cells: Vec<_> = up.map(|symbol| (symbol, theme.accept_bar)).collect();
    let rejected = measured.rejected;
    cells.extend(bars::hanging(
        symbols,
        rejected,
        most.rejected,
        shape.down,
        theme.reject_bar,
    ));
    let missing = match counts {
        Bucket { skipdata: 1.., .. } => Some((symbols.skipdata, theme.warning)),
        Bucket { nodata: 1.., .. } => Some((symbols.nodata, theme.faint)),
        _ => None,
    };
    match missing {
        Some(cell) if shape.gap > 0 => cells.push(cell),
        // Without a row of its own it must not hide what was rejected.
        Some(cell) if rejected == 0 => {
            if let Some(last) = cells.last_mut() {
                *last = cell;
            }
        }
        _ => {}
    }
    cells
}

/// Draws the totals of a lane at its right end, marked as lower bounds if records were skipped.
fn draw_totals(canvas: Canvas<'_>, area: Rect, row: &LaneRow<'_>, buf: &mut Buffer) {
    let LaneRow {
        lane,
        timeline,
        shape,
        ..
    } = *row;
    let theme = canvas.theme;
    let bound = if lane.total.skipdata > 0 { "≥" } else { "" };
    let room = Rect {
        x: area.right().saturating_sub(TOTAL_WIDTH),
        width: TOTAL_WIDTH,
        ..area
    };
    let total = lane.measured_total();
    let totals = [
        (shape.up - 1, total.accepted, theme.accept),
        (shape.up, total.rejected, theme.reject),
    ];
    for (line, value, style) in totals {
        if value > 0 {
            let number = match timeline.measure {
                Measure::Bytes => format::bytes(value),
                Measure::Records | Measure::Packets => exact(value),
            };
            let number = Span::styled(format!("{bound}{number} "), style);
            Line::from(number)
                .right_aligned()
                .render(row_of(room, line), buf);
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
    let record = record_bar(canvas.app, window);
    let is_marked = |bar: u16| {
        if focused {
            selected.contains(&window.start_of(bar.into()))
        } else {
            record == Some(bar)
        }
    };
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
            Span::styled(label(bar), theme.faint).render(room.intersection(area), buf);
        }
        bar += step;
    }
    if focused {
        draw_marks(canvas, area, window, buf);
    } else {
        draw_record(canvas, area, record, buf);
    }
}

/// The bar of the record under the cursor of the list.
fn record_bar(app: &App, window: Window) -> Option<u16> {
    let row = app.records.selected?;
    let start = app.store.number(row, id::START)?;
    u16::try_from(window.bucket(start)?).ok()
}

/// Marks the bar of the record under the cursor of the list.
fn draw_record(canvas: Canvas<'_>, area: Rect, bar: Option<u16>, buf: &mut Buffer) {
    let theme = canvas.theme;
    let x = bar.map(|bar| area.x + label_width(area.width) + bar);
    if let Some(x) = x.filter(|x| x + TOTAL_WIDTH < area.right()) {
        Span::styled(theme.symbols.sort[0], theme.accent).render(Rect::new(x, area.y, 1, 1), buf);
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
