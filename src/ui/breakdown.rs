//! Draws the breakdown: accepted and rejected on the left, the largest groups of a field on the right.

#[cfg(test)]
mod tests;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::widgets::panel::Titles;
use super::widgets::{bars, panel, text};
use super::{Canvas, highlight, row_of};
use crate::analysis::{Breakdown, ByAction, Group, KnownCounts, Measure};
use crate::app::Pane;
use crate::format;
use crate::schema::protocol;
use crate::schema::{FieldId, Kind};
use crate::store::Store;

/// The width of the actions on the left and a space, in cells.
const ACTIONS_WIDTH: u16 = 30;
/// The width of the bar of an action, in cells.
const ACTION_BAR_WIDTH: usize = 5;
/// The width of the bar of a group, in cells.
const BAR_WIDTH: usize = 6;

pub(super) fn draw(canvas: Canvas<'_>, buf: &mut Buffer) {
    let Canvas { app, theme } = canvas;
    let focused = canvas.has_focus(Pane::Breakdown);
    let breakdown = app
        .results
        .answer
        .as_ref()
        .map(|answer| answer.breakdown.clone());
    let field = breakdown
        .as_ref()
        .map_or(app.breakdown.field, |breakdown| breakdown.field);
    let name = app.store.catalog.name(field);
    let detail = format!(" by {}", format::visible(&name));
    let title = canvas.title(Pane::Breakdown, &detail);
    let note = breakdown
        .as_ref()
        .map_or_else(Line::default, |breakdown| note(canvas, breakdown));
    let area = panel::draw(
        theme,
        app.layout.breakdown,
        focused,
        Titles { title, note },
        buf,
    );
    let Some(breakdown) = breakdown else { return };
    if area.is_empty() {
        return;
    }
    let split = if area.width >= ACTIONS_WIDTH + 30 {
        ACTIONS_WIDTH
    } else {
        0
    };
    let left = Rect {
        width: split,
        ..area
    };
    let right = Rect {
        x: area.x + split,
        width: area.width - split,
        ..area
    };
    draw_actions(canvas, left, &breakdown, buf);
    for line in 0..right.height {
        let index = app.breakdown.top + usize::from(line);
        let Some(group) = breakdown.groups.get(index) else {
            break;
        };
        let row = GroupRow {
            index,
            group,
            breakdown: &breakdown,
        };
        draw_group(canvas, row_of(right, line), &row, buf);
    }
}

fn note(canvas: Canvas<'_>, breakdown: &Breakdown) -> Line<'static> {
    let measure = breakdown.measure.name();
    let values = format::counted(breakdown.distinct as u64, "value", "values");
    let position = format::count(canvas.app.breakdown.position as u64 + 1);
    let text = if breakdown.groups.is_empty() {
        format!(" {values} · by {measure}")
    } else {
        format!(" {position} / {values} · by {measure}")
    };
    match lacks(&canvas.app.store, breakdown.measure) {
        Some(lacks) => Line::styled(format!("{text}, {lacks} "), canvas.theme.warning),
        None => Line::styled(format!("{text} "), canvas.theme.text),
    }
}

/// A warning if some files do not have the measure.
fn lacks(store: &Store, measure: Measure) -> Option<String> {
    let field = measure.field()?;
    let (lacking, files) = store.lacking(field);
    match (store.has(field), lacking.len()) {
        (true, 0) => None,
        (true, lacking) => Some(format!("not in {lacking} of {files} files")),
        (false, _) if store.skipped_column(field).is_some() => Some("not read (R)".into()),
        (false, _) => Some("not in any file".into()),
    }
}

/// Draws how much of the measure was accepted, rejected, and neither.
fn draw_actions(canvas: Canvas<'_>, area: Rect, breakdown: &Breakdown, buf: &mut Buffer) {
    let theme = canvas.theme;
    let Some(parts) = breakdown.by_action else {
        return;
    };
    let known = KnownCounts::of(&canvas.app.store);
    let knows_measure = known.measure(breakdown.measure, &breakdown.total).is_some();
    let whole = breakdown.measure.of(&breakdown.total);
    for (line, (name, value, style)) in (0u16..).zip(actions(canvas, breakdown, parts)) {
        let row = row_of(area, line);
        let is_known = known.actions || !["ACCEPT", "REJECT"].contains(&name);
        if !is_known || !knows_measure {
            let unknown = format!("{:>7} ", "-");
            Line::from(vec![
                Span::styled(format!(" {name:<8}"), style),
                Span::styled(unknown, theme.text),
            ])
            .render(row, buf);
            continue;
        }
        let share = format::percent(value, whole);
        let values = match name {
            "ACCEPT" => [value, 0, 0],
            "REJECT" => [0, value, 0],
            _ => [0, 0, value],
        };
        let mut spans = vec![
            Span::styled(format!(" {name:<8}"), style),
            Span::styled(
                format!("{:>7} ", number(breakdown.measure, value, 7)),
                theme.text,
            ),
        ];
        let bar = bars::stacked(theme, values, whole, ACTION_BAR_WIDTH);
        spans.extend(padded(bar, ACTION_BAR_WIDTH));
        spans.push(Span::styled(format!("{share:>7}"), theme.text));
        Line::from(spans).render(row, buf);
    }
}

/// Name, value and style of each action. Records without an action are divided by their log-status.
fn actions(
    canvas: Canvas<'_>,
    breakdown: &Breakdown,
    parts: ByAction,
) -> impl Iterator<Item = (&'static str, u64, Style)> {
    let theme = canvas.theme;
    let (nodata, skipdata) = match breakdown.measure {
        Measure::Records => (breakdown.total.nodata, breakdown.total.skipdata),
        Measure::Packets | Measure::Bytes => (0, 0),
    };
    let other = parts.other.saturating_sub(nodata + skipdata);
    [
        ("ACCEPT", parts.accepted, theme.accept),
        ("REJECT", parts.rejected, theme.reject),
        ("NODATA", nodata, theme.other),
        ("SKIPDATA", skipdata, theme.warning),
        ("other", other, theme.other),
    ]
    .into_iter()
    .enumerate()
    .filter(|(index, (_, value, _))| *index < 2 || *value > 0)
    .map(|(_, row)| row)
}

/// Pads `spans` to `width` cells.
fn padded(mut spans: Vec<Span<'static>>, width: usize) -> Vec<Span<'static>> {
    let taken: usize = spans.iter().map(Span::width).sum();
    spans.push(Span::raw(" ".repeat(width.saturating_sub(taken))));
    spans
}

/// A group on the screen.
struct GroupRow<'a> {
    index: usize,
    group: &'a Group,
    breakdown: &'a Breakdown,
}

fn draw_group(canvas: Canvas<'_>, area: Rect, row: &GroupRow<'_>, buf: &mut Buffer) {
    let GroupRow {
        index,
        group,
        breakdown,
    } = *row;
    let Canvas { app, theme } = canvas;
    let is_cursor = index == app.breakdown.position;
    let focused = canvas.has_focus(Pane::Breakdown);
    let mark = if is_cursor { theme.symbols.cursor } else { " " };
    let max = breakdown
        .groups
        .first()
        .map_or(0, |first| breakdown.measure.of(&first.counts));
    let known = KnownCounts::of(&app.store).measure(breakdown.measure, &group.counts);
    let share = match known {
        Some(value) => format::percent(value, breakdown.measure.of(&breakdown.total)),
        None => String::new(),
    };
    let widths = Widths::of(usize::from(area.width));
    let label = text::keep_end(
        &label(breakdown.field, group),
        widths.label,
        theme.symbols.ellipsis,
    );
    let number = known.map_or_else(
        || "-".into(),
        |value| number(breakdown.measure, value, widths.number),
    );
    let mut spans = vec![
        Span::styled(mark, theme.accent),
        Span::styled(text::pad(&label, widths.label, false), theme.text),
        Span::styled(
            format!(" {} ", text::pad(&number, widths.number, true)),
            theme.text,
        ),
    ];
    if let Some(parts) = group.by_action {
        let values = [parts.accepted, parts.rejected, parts.other];
        let bar = bars::stacked(theme, values, max, BAR_WIDTH);
        spans.extend(padded(bar, BAR_WIDTH + bars::STACKED_EXTRA));
    }
    spans.push(Span::styled(format!("{share:>7}  "), theme.text));
    spans.extend(sparkline(canvas, &group.sparkline, widths.spark));
    Line::from(spans).render(area, buf);
    if is_cursor {
        let style = if focused { theme.row } else { theme.row_quiet };
        let column = |at: usize| area.x.saturating_add(u16::try_from(at).unwrap_or(u16::MAX));
        let bar = 1 + widths.label + widths.number + 2;
        let end = bar + BAR_WIDTH + bars::STACKED_EXTRA;
        let bars = [column(bar)..column(end), column(end + 9)..area.right()];
        highlight(area, &bars, style, buf);
    }
}

/// The widths of a group's columns, in cells.
struct Widths {
    label: usize,
    number: usize,
    spark: usize,
}

impl Widths {
    /// The widths in a row of `room` cells.
    fn of(room: usize) -> Self {
        let number = if room < 70 { 8 } else { 9 };
        // The cursor; the number in spaces; the bar; the share and the spaces after it.
        let fixed = 1 + (number + 2) + (BAR_WIDTH + bars::STACKED_EXTRA) + (7 + 2);
        let spark = match room {
            0..44 => 0,
            44..70 => room.saturating_sub(fixed + 15),
            _ => (room - fixed - 26).min(40),
        };
        Self {
            label: room.saturating_sub(fixed + spark).max(8),
            number,
            spark,
        }
    }
}

/// Formats `value` for its measure, in at most `width` cells.
fn number(measure: Measure, value: u64, width: usize) -> String {
    match measure {
        Measure::Bytes => format::bytes(value),
        Measure::Records | Measure::Packets => exact(value, width),
    }
}

/// The exact number if it fits into `width` cells, otherwise an abbreviated one.
fn exact(count: u64, width: usize) -> String {
    let exact = format::count(count);
    if exact.len() <= width {
        exact
    } else {
        format::short_count(count)
    }
}

/// The value of a group, with the name of the port or protocol if it has one.
fn label(field: FieldId, group: &Group) -> String {
    let plain = format::visible(&group.label).into_owned();
    let known = match (field.kind(), plain.parse()) {
        (Kind::Port, Ok(port)) => protocol::likely_service(field, port),
        (Kind::Protocol, Ok(number)) => protocol::name(number),
        _ => None,
    };
    match known {
        Some(name) => format!("{plain} {name}"),
        None => plain,
    }
}

/// The measure over time in at most `width` cells, each of them covering the same number of buckets. The last cell may
/// cover fewer; it is faint if that is not the end of the records.
fn sparkline(canvas: Canvas<'_>, values: &[u64], width: usize) -> Vec<Span<'static>> {
    let Canvas { app, theme } = canvas;
    if width == 0 || values.is_empty() {
        return Vec::new();
    }
    let (columns, factor) = bars::folded(values, width);
    let max = columns.iter().copied().max().unwrap_or(0);
    let bar = |value: &u64| bars::vertical(theme.symbols, *value, max);
    let answer = app.results.answer.as_ref();
    let window = answer.and_then(|answer| Some(answer.timeline.as_ref()?.window));
    let last = app.store.span().map(|(_, last)| last);
    let has_later_records = window.zip(last).is_some_and(|(w, last)| last >= w.end());
    let is_cut = has_later_records && !values.len().is_multiple_of(factor);
    let (whole, cut) = columns.split_at(columns.len() - usize::from(is_cut));
    vec![
        Span::styled(whole.iter().map(bar).collect::<String>(), theme.text),
        Span::styled(cut.iter().map(bar).collect::<String>(), theme.faint),
    ]
}
