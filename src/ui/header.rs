//! The line on top: what is explored, how much of it there is, and from when to when.

use ratatui::buffer::Buffer;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use unicode_width::UnicodeWidthStr;

use super::Canvas;
use super::widgets::{bars, text};
use crate::format;
use crate::store::{AssumedKind, Source, Status};

/// The cells of the name of the program, with the spaces around it.
const NAME_OF_PROGRAM: usize = 11;
/// The most cells of the name of a file that is missing.
const NAME: usize = 22;
/// What the names of paths that are not there stand behind.
const MISSING: &str = "missing: ";
/// What the names of folders with nothing in them stand behind.
const EMPTY: &str = "empty: ";
/// What is behind the first of what went wrong.
const MORE: &str = " (R)";

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
    let beside_keys = room.saturating_sub(NAME_OF_PROGRAM + keys.width() + 1);
    let alone = room.saturating_sub(NAME_OF_PROGRAM);
    let has = |parts: &[Span<'_>], what: &str| parts.iter().any(|part| part.content.contains(what));
    let (with_keys, without) = (parts(canvas, beside_keys), parts(canvas, alone));
    // What went wrong matters more than which keys there are, and so does which paths lead to nothing.
    let is_worth = [MORE, MISSING, EMPTY]
        .iter()
        .any(|what| has(&without, what) && !has(&with_keys, what));
    let told = if is_worth { without } else { with_keys };
    spans.extend(told);
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
    let troubles = troubles(canvas, left(&parts, room)).into_iter();
    parts.extend(troubles.map(|(part, style)| Span::styled(part, style)));
    let assumed = assumed(canvas, left(&parts, room));
    parts.extend(assumed.map(|part| Span::styled(part, theme.warning)));
    let extent = extent(canvas).into_iter();
    parts.extend(extent.map(|(part, style)| Span::styled(part, style)));
    join(parts, room, Span::styled(BETWEEN, theme.faint))
}

/// The cells of `room` that `parts` leave for another one.
fn left(parts: &[Span<'_>], room: usize) -> usize {
    let used = parts.iter().map(|part| part.width() + BETWEEN.width());
    room.saturating_sub(used.sum())
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
    let is_there =
        |source: &&Source| !matches!(source.status, Status::Missing(_) | Status::EmptyFolder(_));
    let files = app.store.sources().iter().filter(is_there).count();
    if files > 1 {
        parts.push((plural(files, "file"), theme.faint));
    }
    parts
}

/// What went wrong, in `room` if that can be; the first of it with the key that shows more.
fn troubles(canvas: Canvas<'_>, room: usize) -> Vec<(String, Style)> {
    let Canvas { app, theme } = canvas;
    let (mut missing, mut empty) = (Vec::new(), Vec::new());
    let (mut unread, mut damaged, mut warnings) = (0, 0, 0);
    for source in app.store.sources() {
        match source.status {
            Status::Missing(_) => missing.push(name(canvas, source)),
            Status::EmptyFolder(_) => empty.push(name(canvas, source)),
            Status::Unreadable(_) => unread += 1,
            Status::Truncated(_) | Status::Corrupt(_) => damaged += 1,
            Status::Ok | Status::Empty | Status::Stopped(_) => {}
        }
        warnings += source.warnings.len();
    }
    let rejects = app.store.rejects().count();
    let rejects = rejects.max(app.load.progress.rejects);
    let mut parts = Vec::new();
    if unread > 0 {
        let text = format!("{} not read", plural(unread, "file"));
        parts.push((text, theme.error));
    }
    if damaged > 0 {
        parts.push((format!("{} damaged", plural(damaged, "file")), theme.error));
    }
    if rejects > 0 {
        let text = format!("{} rejected", format::count(rejects));
        parts.push((text, theme.warning));
    }
    let taken: usize = parts
        .iter()
        .map(|(part, _)| BETWEEN.width() + part.width())
        .sum();
    let mut room = room.saturating_sub(taken + MORE.width());
    if !missing.is_empty() {
        let part = named(MISSING, &missing, room);
        room = room.saturating_sub(part.width() + BETWEEN.width());
        parts.insert(0, (part, theme.error));
    }
    if !empty.is_empty() {
        parts.push((named(EMPTY, &empty, room), theme.warning));
    } else if warnings > 0 && parts.is_empty() {
        parts.push((plural(warnings, "warning"), theme.warning));
    }
    if let Some((part, _)) = parts.first_mut() {
        part.push_str(MORE);
    }
    parts
}

/// The names behind `what`, as many as there is room for; how many there are, where that is none.
fn named(what: &str, names: &[String], room: usize) -> String {
    let text = |shown: usize| match names.len() - shown {
        0 => format!("{what}{}", names.join(", ")),
        more => format!("{what}{} and {more} more", names[..shown].join(", ")),
    };
    let mut texts = (1..=names.len()).rev().map(text);
    let fitting = texts.find(|text| text.width() <= room);
    fitting.unwrap_or_else(|| format!("{} {}", names.len(), what.trim_end_matches(": ")))
}

/// What a person calls a file or a folder.
fn name(canvas: Canvas<'_>, source: &Source) -> String {
    let path = &source.path;
    let name = path.file_name().unwrap_or(path.as_os_str());
    let name = format::visible(&name.to_string_lossy()).into_owned();
    text::keep_end(&name, NAME, canvas.theme.symbols.ellipsis)
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
