//! Draws the header: the title, the progress of the load, problems, and the time range.

use ratatui::buffer::Buffer;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use unicode_width::UnicodeWidthStr;

use super::Canvas;
use super::widgets::{bars, text};
use crate::app::App;
use crate::format;
use crate::store::{AssumedKind, Source, Status};
use crate::theme::Theme;

/// The maximum width of the title, in cells.
const MAX_TITLE_WIDTH: usize = 32;
/// The maximum width of the name of a missing file, in cells.
const MAX_NAME_WIDTH: usize = 22;
/// The key that opens the list of problems.
const PROBLEMS_KEY: &str = " (R)";
const SEPARATOR: &str = " · ";
/// In cells.
const PROGRESS_BAR_WIDTH: usize = 12;

/// Draws the header. The most important parts are placed first, and a part that does not fit is omitted. Problems take
/// precedence over the key hints, and the key hints over the time range and the number of files.
pub(super) fn draw(canvas: Canvas<'_>, buf: &mut Buffer) {
    let Canvas { app, theme } = canvas;
    let area = app.layout.header;
    if area.is_empty() {
        return;
    }
    let keys = Line::from(vec![
        Span::styled("?", theme.accent),
        Span::styled(" help  ", theme.text),
        Span::styled("q", theme.accent),
        Span::styled(" quit ", theme.text),
    ]);
    let mut parts = Parts::new(theme, usize::from(area.width));
    let keys_width = keys.width() + 1;
    let title = format::visible(&app.title);
    let (name, description) = title.split_once(": ").unwrap_or((&title, ""));
    let name_width = MAX_TITLE_WIDTH.min(parts.room().max(8));
    let name = text::keep_end(name, name_width, theme.symbols.ellipsis);
    parts.push(name.clone(), theme.text);
    for (text, style) in progress(canvas) {
        parts.push(text, style);
    }
    for (text, style) in problems(canvas, parts.room(), keys_width) {
        parts.push(text, style);
    }
    let assumed = assumed(app);
    if let Some(text) = parts.first_that_fits(assumed, keys_width) {
        parts.push(text, theme.warning);
    }
    let has_keys = parts.left() >= keys_width;
    if has_keys {
        parts.reserve(keys_width);
    }
    for (text, style) in extent(canvas) {
        parts.push(text, style);
    }
    if !description.is_empty() {
        parts.widen_first(format!("{name}: {description}"));
    }
    Line::from(parts.spans).render(area, buf);
    if has_keys {
        keys.right_aligned().render(area, buf);
    }
}

/// Collects the parts that fit into the line.
struct Parts<'a> {
    theme: &'a Theme,
    spans: Vec<Span<'static>>,
    /// Cells that are neither used nor reserved.
    left: usize,
}

impl<'a> Parts<'a> {
    /// A line of `width` cells that starts with the name of the program.
    fn new(theme: &'a Theme, width: usize) -> Self {
        let spans = vec![Span::styled(" flowdeck ", theme.accent), Span::raw(" ")];
        let taken: usize = spans.iter().map(Span::width).sum();
        Self {
            theme,
            spans,
            left: width.saturating_sub(taken),
        }
    }

    fn left(&self) -> usize {
        self.left
    }

    /// The width of the separator before the next part, in cells.
    fn gap(&self) -> usize {
        if self.spans.len() > 2 {
            SEPARATOR.width()
        } else {
            0
        }
    }

    /// The width available to the next part, in cells.
    fn room(&self) -> usize {
        self.left.saturating_sub(self.gap())
    }

    /// Adds a part if it fits.
    fn push(&mut self, text: String, style: Style) {
        let gap = self.gap();
        let Some(left) = self.left.checked_sub(gap + text.width()) else {
            return;
        };
        self.left = left;
        if gap > 0 {
            self.spans.push(Span::styled(SEPARATOR, self.theme.faint));
        }
        self.spans.push(Span::styled(text, style));
    }

    /// The first of `texts` that leaves `keys` cells free, or else the first that fits at all.
    fn first_that_fits(&self, texts: Vec<String>, keys: usize) -> Option<String> {
        let room = self.room();
        let fitting = |room: usize| texts.iter().find(|text| text.width() <= room);
        let text = fitting(room.saturating_sub(keys)).or_else(|| fitting(room));
        text.cloned()
    }

    /// Reserves `cells` at the end of the line.
    fn reserve(&mut self, cells: usize) {
        self.left = self.left.saturating_sub(cells);
    }

    /// Replaces the first part by `text` if it fits.
    fn widen_first(&mut self, text: String) {
        if let Some(first) = self.spans.get_mut(2)
            && text.width() <= first.width() + self.left
        {
            first.content = text.into();
        }
    }
}

/// The state of the load, and the number of records.
fn progress(canvas: Canvas<'_>) -> Vec<(String, Style)> {
    let Canvas { app, theme } = canvas;
    let mut parts = Vec::new();
    if app.load.is_running() {
        parts.push((loading(canvas), theme.accent));
    }
    if app.load.is_live {
        parts.push((live(app), theme.accept));
    }
    let at_least = if app.load.stopped { "≥" } else { "" };
    let records = format::counted(app.store.rows() as u64, "record", "records");
    parts.push((format!("{at_least}{records}"), theme.text));
    if app.load.stopped {
        let text = match app.load.full {
            Some(limit) => format!("memory full at {}", format::bytes(limit)),
            None => "stopped".into(),
        };
        parts.push((text, theme.warning));
    }
    parts
}

/// The time range of the records, and the number of files.
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
        let (from, dash) = (format::date_time(first), theme.symbols.dash);
        parts.push((format!("{from} {dash} {to} UTC"), theme.text));
    }
    let is_there =
        |source: &&Source| !matches!(source.status, Status::Missing(_) | Status::EmptyFolder(_));
    let files = app.store.sources().iter().filter(is_there).count();
    if files > 1 {
        parts.push((format::counted(files as u64, "file", "files"), theme.text));
    }
    parts
}

/// What went wrong, in at most `room` cells, leaving `keys` of them free if possible. The first part names the key that
/// shows more.
fn problems(canvas: Canvas<'_>, room: usize, keys: usize) -> Vec<(String, Style)> {
    let Canvas { app, theme } = canvas;
    let (mut missing, mut empty) = (Vec::new(), Vec::new());
    let (mut unreadable, mut damaged, mut skipped, mut warnings) = (0, 0, 0, 0);
    for source in app.store.sources() {
        match source.status {
            Status::Missing(_) => missing.push(name(canvas, source)),
            Status::EmptyFolder(_) => empty.push(name(canvas, source)),
            Status::Unreadable(_) => unreadable += 1,
            Status::Truncated(_) | Status::Corrupt(_) => damaged += 1,
            Status::Skipped(_) => skipped += u64::from(source.is_skipped()),
            Status::Ok | Status::Empty | Status::Limited(_) | Status::Stopped => {}
        }
        warnings += source.warnings.len();
    }
    let rejects = app.store.rejects().count();
    let rejects = rejects.max(app.load.progress.rejects);
    let mut parts = Vec::new();
    if unreadable > 0 {
        let files = format::counted(unreadable, "file", "files");
        parts.push((format!("{files} not read"), theme.error));
    }
    if damaged > 0 {
        let files = format::counted(damaged, "file", "files");
        parts.push((format!("{files} damaged"), theme.error));
    }
    if rejects > 0 {
        let lines = format::counted(rejects, "line", "lines");
        parts.push((format!("{lines} not read"), theme.warning));
    }
    if skipped > 0 {
        let files = format::counted(skipped, "file", "files");
        parts.push((format!("{files} skipped"), theme.text));
    }
    let widths = parts
        .iter()
        .map(|(part, _)| SEPARATOR.width() + part.width());
    let mut room = room.saturating_sub(widths.sum::<usize>() + PROBLEMS_KEY.width());
    if !missing.is_empty() {
        let count = format!(
            "{} missing",
            format::counted(missing.len() as u64, "path", "paths")
        );
        let part = listed("no such file", &missing, room, keys).unwrap_or(count);
        room = room.saturating_sub(part.width() + SEPARATOR.width());
        parts.insert(0, (part, theme.error));
    }
    if !empty.is_empty() {
        let count = format::counted(empty.len() as u64, "empty folder", "empty folders");
        let part = listed("empty", &empty, room, keys).unwrap_or(count);
        parts.push((part, theme.warning));
    } else if warnings > 0 && parts.is_empty() {
        let text = format::counted(warnings as u64, "warning", "warnings");
        parts.push((text, theme.warning));
    }
    if let Some((part, _)) = parts.first_mut() {
        part.push_str(PROBLEMS_KEY);
    }
    parts
}

/// `what: a.log, b.log and 3 more`, with as many names as fit into `room` cells, leaving `keys` of them free if
/// possible.
fn listed(what: &str, names: &[String], room: usize, keys: usize) -> Option<String> {
    let text = |shown: usize| {
        let shown_names = names.get(..shown).unwrap_or(names).join(", ");
        match names.len() - shown {
            0 => format!("{what}: {shown_names}"),
            more => format!("{what}: {shown_names} and {more} more"),
        }
    };
    let longest_in = |room: usize| {
        let mut texts = (1..=names.len()).rev().map(text);
        texts.find(|text| text.width() <= room)
    };
    longest_in(room.saturating_sub(keys)).or_else(|| longest_in(room))
}

/// The name of a file or folder without its path.
fn name(canvas: Canvas<'_>, source: &Source) -> String {
    let path = &source.path;
    let name = path.file_name().unwrap_or(path.as_os_str());
    let name = format::visible(&format::path(name.as_ref())).into_owned();
    text::keep_end(&name, MAX_NAME_WIDTH, canvas.theme.symbols.ellipsis)
}

/// What was assumed about the files, with the key that shows more: a long and a short form. Empty if nothing was.
fn assumed(app: &App) -> Vec<String> {
    let assumptions = app.store.assumptions();
    let kinds: Vec<AssumedKind> = assumptions.iter().map(|one| one.kind).collect();
    let key = match kinds.as_slice() {
        [] => return Vec::new(),
        [AssumedKind::Order] => 'o',
        _ => 'R',
    };
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
    vec![
        format!("{} assumed ({key})", names.join(", ")),
        format!("assumed ({key})"),
    ]
}

/// The progress of the load: a bar, or the bytes read if the total is unknown.
fn loading(canvas: Canvas<'_>) -> String {
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
            let bar = bars::horizontal(theme.symbols, percent, 100, PROGRESS_BAR_WIDTH);
            let bar = text::pad(&bar, PROGRESS_BAR_WIDTH, false);
            format!("{verb} {bar}{percent:>3} %")
        }
        None => format!("{verb} {}", format::bytes(app.load.progress.bytes_read)),
    }
}

/// The state of live updates.
fn live(app: &App) -> String {
    let load = &app.load;
    match (&load.waiting, load.is_stopping) {
        (_, true) => "stopping".into(),
        (Some(_), _) => {
            let waiting = format::counted(load.records_waiting() as u64, "record", "records");
            format!("paused, {waiting} waiting (F)")
        }
        (None, _) => "live".into(),
    }
}
