//! The breakdown: accepted and rejected on the left, the largest groups of a field on the right.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use unicode_width::UnicodeWidthStr;

use super::widgets::{bars, panel, text};
use super::{Canvas, row_of};
use crate::analysis::{Breakdown, Counts, Group, Known, Measure};
use crate::app::Pane;
use crate::format;
use crate::schema::protocol;
use crate::schema::{FieldId, Kind};
use crate::store::Store;

/// The cells of the part on the left, and a space.
const ACTIONS: u16 = 30;
/// The cells of a lying bar.
const BAR: usize = 6;

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
    let mut title = canvas.title(Pane::Breakdown, '3', "breakdown by");
    title.push(Span::styled(
        format!("{} ", format::visible(&name)),
        theme.accent,
    ));
    let title = Line::from(title);
    let note = breakdown
        .as_ref()
        .map_or_else(Line::default, |breakdown| note(canvas, breakdown));
    let area = panel::draw(theme, app.layout.breakdown, focused, (title, note), buf);
    let Some(breakdown) = breakdown else { return };
    if area.is_empty() {
        return;
    }
    let split = if area.width >= ACTIONS + 30 {
        ACTIONS
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
    draw_actions(canvas, left, &breakdown.total, buf);
    for line in 0..right.height {
        let index = app.breakdown.top + usize::from(line);
        let Some(group) = breakdown.groups.get(index) else {
            break;
        };
        draw_group(canvas, row_of(right, line), (index, group), &breakdown, buf);
    }
}

fn note(canvas: Canvas<'_>, breakdown: &Breakdown) -> Line<'static> {
    let measure = breakdown.measure.name();
    let values = format::count(breakdown.distinct as u64);
    let s = if breakdown.distinct == 1 { "" } else { "s" };
    let text = format!(" {values} value{s} · by {measure}");
    match lacks(&canvas.app.store, breakdown.measure) {
        Some(lacks) => Line::styled(format!("{text}, {lacks} "), canvas.theme.warning),
        None => Line::styled(format!("{text} "), canvas.theme.faint),
    }
}

/// What is to be said of a measure that not every file has.
fn lacks(store: &Store, measure: Measure) -> Option<String> {
    let field = measure.field()?;
    let (lacking, files) = store.lacking(field);
    match (store.has(field), lacking.len()) {
        (true, 0) => None,
        (true, lacking) => Some(format!("not in {lacking} of {files} files")),
        (false, _) if store.passed_over(field).is_some() => Some("which was not read (R)".into()),
        (false, _) => Some("which no file has".into()),
    }
}

/// How much was accepted, rejected, and neither.
fn draw_actions(canvas: Canvas<'_>, area: Rect, total: &Counts, buf: &mut Buffer) {
    let theme = canvas.theme;
    let known = Known::of(&canvas.app.store);
    let rows = [
        ("ACCEPT", total.accept, theme.accept),
        ("REJECT", total.reject, theme.reject),
        ("NODATA", total.nodata, theme.other),
        ("SKIPDATA", total.skipdata, theme.warning),
        (
            "other",
            total.other().saturating_sub(total.nodata + total.skipdata),
            theme.other,
        ),
    ];
    let shown = rows
        .into_iter()
        .enumerate()
        .filter(|(index, (_, count, _))| *index < 2 || *count > 0);
    for (line, (index, (name, count, style))) in (0u16..).zip(shown) {
        let row = row_of(area, line);
        if index < 2 && !known.actions {
            let unknown = format!("{:>7} ", "-");
            Line::from(vec![
                Span::styled(format!(" {name:<8}"), style),
                Span::styled(unknown, theme.text),
            ])
            .render(row, buf);
            continue;
        }
        let share = format::percent(count, total.records);
        let bar = bars::lying(theme.symbols, count, total.records, 5);
        Line::from(vec![
            Span::styled(format!(" {name:<8}"), style),
            Span::styled(format!("{:>7} ", exact(count, 7)), theme.text),
            Span::styled(text::pad(&bar, 5, false), style),
            Span::styled(format!("{share:>7}"), theme.faint),
        ])
        .render(row, buf);
    }
}

fn draw_group(
    canvas: Canvas<'_>,
    area: Rect,
    (index, group): (usize, &Group),
    breakdown: &Breakdown,
    buf: &mut Buffer,
) {
    let Canvas { app, theme } = canvas;
    let is_cursor = index == app.breakdown.position;
    let focused = canvas.has_focus(Pane::Breakdown);
    let (mark, style) = if is_cursor && focused {
        (theme.symbols.cursor, theme.row)
    } else {
        (" ", theme.text)
    };
    let measure = |counts: &Counts| breakdown.measure.of(counts);
    let value = measure(&group.counts);
    let most = breakdown
        .groups
        .first()
        .map_or(0, |first| measure(&first.counts));
    let known = Known::of(&app.store).measure(breakdown.measure, &group.counts);
    let number = match (known, breakdown.measure) {
        (None, _) => "-".into(),
        (Some(value), Measure::Bytes) => format::bytes(value),
        (Some(value), Measure::Records | Measure::Packets) => exact(value, 9),
    };
    let share = match known {
        Some(value) => format::percent(value, measure(&breakdown.total)),
        None => String::new(),
    };
    let room = usize::from(area.width);
    let fixed = 1 + 10 + 1 + BAR + 8;
    let spark = match room {
        0..44 => 0,
        44..70 => room - fixed - 17,
        _ => (room - fixed - 28).min(40),
    };
    let names = room.saturating_sub(fixed + spark + 2).max(8);
    let label = text::keep_end(
        &label(breakdown.field, group),
        names,
        theme.symbols.ellipsis,
    );
    let rejected = group.counts.reject * 2 > group.counts.records;
    let bar_style = if rejected { theme.reject } else { theme.accept };
    let bar = bars::lying(theme.symbols, value, most, BAR);
    Line::from(vec![
        Span::styled(mark, theme.accent),
        Span::styled(text::pad(&label, names, false), style),
        Span::styled(format!("{number:>10} "), style),
        Span::styled(text::pad(&bar, BAR, false), bar_style),
        Span::styled(format!("{share:>8}"), theme.faint),
        Span::styled(
            format!("  {}", sparkline(canvas, &group.sparkline, spark)),
            bar_style,
        ),
    ])
    .render(area, buf);
}

/// The exact number where it fits into `width` cells, else a short one.
fn exact(count: u64, width: usize) -> String {
    let exact = format::count(count);
    if exact.len() <= width {
        exact
    } else {
        format::short_count(count)
    }
}

/// The value of a group as people know it.
fn label(field: FieldId, group: &Group) -> String {
    let plain = format::visible(&group.label).into_owned();
    let known = match (field.kind(), plain.parse()) {
        (Kind::Port, Ok(port)) => protocol::service(port),
        (Kind::Protocol, Ok(number)) => protocol::name(number),
        _ => None,
    };
    match known {
        Some(name) => format!("{plain} {name}"),
        None => plain,
    }
}

/// Records over time in `width` cells.
fn sparkline(canvas: Canvas<'_>, counts: &[u64], width: usize) -> String {
    if width == 0 || counts.is_empty() {
        return String::new();
    }
    let cells: Vec<u64> = (0..width)
        .map(|cell| {
            let (from, to) = (
                cell * counts.len() / width,
                (cell + 1) * counts.len() / width,
            );
            counts[from..to.max(from + 1).min(counts.len())]
                .iter()
                .sum()
        })
        .collect();
    let most = cells.iter().copied().max().unwrap_or(0);
    let symbols = canvas.theme.symbols;
    let line: String = cells
        .iter()
        .map(|cell| bars::standing(symbols, *cell, most))
        .collect();
    debug_assert_eq!(line.width(), width);
    line
}
