//! The line on top: what is explored, how much of it there is, and from when to when.

use ratatui::buffer::Buffer;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use unicode_width::UnicodeWidthStr;

use super::Canvas;
use super::widgets::{bars, text};
use crate::format;
use crate::store::{AssumedKind, Status};

/// What stands between two parts.
const BETWEEN: &str = " · ";
/// The cells of the gauge.
const GAUGE: usize = 12;

pub(super) fn draw(canvas: Canvas<'_>, buf: &mut Buffer) {
    let Canvas { app, theme } = canvas;
    let area = app.layout.header;
    if area.is_empty() {
        return;
    }
    let keys = Line::from(vec![
        Span::styled("?", theme.accent),
        Span::styled(" help  ", theme.faint),
        Span::styled("q", theme.accent),
        Span::styled(" quit ", theme.faint),
    ]);
    let room = usize::from(area.width);
    let mut spans = vec![Span::styled(" flowdeck ", theme.accent), Span::raw(" ")];
    spans.extend(parts(canvas, room.saturating_sub(11 + keys.width() + 1)));
    let line = Line::from(spans);
    let fits = line.width() + keys.width() < room;
    line.render(area, buf);
    if fits {
        keys.right_aligned().render(area, buf);
    }
}

/// What is said, the most telling first; what does not fit is left out whole.
fn parts(canvas: Canvas<'_>, room: usize) -> Vec<Span<'static>> {
    let Canvas { app, theme } = canvas;
    let store = &app.store;
    let title = text::keep_end(
        &format::visible(&app.title),
        32.min(room.max(8)),
        theme.symbols.ellipsis,
    );
    let mut parts = vec![Span::styled(title, theme.text)];
    let mut add = |part: String, style| parts.push(Span::styled(part, style));
    if app.load.is_running() {
        add(gauge(canvas), theme.accent);
    }
    if app.load.is_live {
        add(live(canvas), theme.accept);
    }
    let more = if app.load.stopped { "≥" } else { "" };
    add(
        format!("{more}{} records", format::count(store.rows() as u64)),
        theme.text,
    );
    if app.load.stopped {
        let text = match app.load.full {
            Some(limit) => format!("memory full at {}", format::bytes(limit)),
            None => "stopped".into(),
        };
        add(text, theme.warning);
    }
    for (part, style) in troubles(canvas) {
        add(part, style);
    }
    let used: usize = parts
        .iter()
        .map(|part| part.width() + BETWEEN.width())
        .sum();
    let assumed = assumed(canvas, room.saturating_sub(used));
    parts.extend(assumed.map(|part| Span::styled(part, theme.warning)));
    let extent = extent(canvas).into_iter();
    parts.extend(extent.map(|(part, style)| Span::styled(part, style)));
    join(parts, room, Span::styled(BETWEEN, theme.faint))
}

/// From when to when the records are, and in how many files.
fn extent(canvas: Canvas<'_>) -> Vec<(String, Style)> {
    let Canvas { app, theme } = canvas;
    let mut parts = Vec::new();
    if let Some((first, last)) = app.store.span() {
        let same_day = first / 86_400 == last / 86_400;
        let to = if same_day {
            format::time_of_day(last)
        } else {
            format::date_time(last)
        };
        let text = format!("{} – {to} UTC", format::date_time(first));
        parts.push((text, theme.text));
    }
    let files = app.store.sources().len();
    if files > 1 {
        parts.push((plural(files, "file"), theme.faint));
    }
    parts
}

/// What went wrong; the first of it with the key that shows more.
fn troubles(canvas: Canvas<'_>) -> Vec<(String, Style)> {
    let Canvas { app, theme } = canvas;
    let sources = app.store.sources().iter();
    let (mut damaged, mut warnings) = (0, 0);
    for source in sources {
        let is_stopped = matches!(source.status, Status::Stopped(_));
        damaged += usize::from(source.status.error().is_some() && !is_stopped);
        warnings += source.warnings.len();
    }
    let rejects = app.store.rejects().count();
    let rejects = rejects.max(app.load.progress.rejects);
    let mut parts = Vec::new();
    if damaged > 0 {
        parts.push((format!("{} damaged", plural(damaged, "file")), theme.error));
    }
    if rejects > 0 {
        let text = format!("{} rejected", format::count(rejects));
        parts.push((text, theme.warning));
    }
    if warnings > 0 && parts.is_empty() {
        parts.push((plural(warnings, "warning"), theme.warning));
    }
    if let Some((part, _)) = parts.first_mut() {
        part.push_str(" (R)");
    }
    parts
}

/// What was worked out about the files rather than known, if anything was, and the key that shows more; only that
/// something was where there is no `room` for more.
fn assumed(canvas: Canvas<'_>, room: usize) -> Option<String> {
    let assumptions = canvas.app.store.assumptions();
    let kinds: Vec<AssumedKind> = assumptions.iter().map(|one| one.kind).collect();
    let key = match kinds.as_slice() {
        [] => return None,
        [AssumedKind::Order] => 'o',
        _ => 'R',
    };
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
    let text = format!("{} assumed ({key})", names.join(", "));
    Some(if text.width() <= room {
        text
    } else {
        format!("assumed ({key})")
    })
}

fn join(parts: Vec<Span<'static>>, room: usize, between: Span<'static>) -> Vec<Span<'static>> {
    let mut line = Vec::new();
    let mut used = 0;
    for part in parts {
        let gap = if line.is_empty() { 0 } else { between.width() };
        if used + gap + part.content.width() > room {
            continue;
        }
        used += gap + part.content.width();
        if gap > 0 {
            line.push(between.clone());
        }
        line.push(part);
    }
    line
}

fn gauge(canvas: Canvas<'_>) -> String {
    let Canvas { app, theme } = canvas;
    let verb = if app.load.is_stopping {
        "stopping"
    } else {
        "loading"
    };
    match app.load.share() {
        Some(share) => {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "between 0 and 100"
            )]
            let percent = (share * 100.0) as u64;
            let bar = bars::lying(theme.symbols, percent, 100, GAUGE);
            format!("{verb} {}{percent:>3} %", text::pad(&bar, GAUGE, false))
        }
        None => format!("{verb} {}", format::bytes(app.load.progress.bytes_read)),
    }
}

/// What is said while files are followed.
fn live(canvas: Canvas<'_>) -> String {
    let load = &canvas.app.load;
    match (&load.waiting, load.is_stopping) {
        (_, true) => "stopping".into(),
        (Some(_), _) => {
            let waiting = format::count(load.records_waiting() as u64);
            format!("paused, {waiting} waiting (F)")
        }
        (None, _) => "live".into(),
    }
}

fn plural(count: usize, noun: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{} {noun}{s}", format::count(count as u64))
}
