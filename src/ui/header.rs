//! The line on top: what is explored, how much of it there is, and from when to when.

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

/// The most cells of the title.
const TITLE: usize = 32;
/// The most cells of the name of a file that is missing.
const NAME: usize = 22;
/// The key that shows more about the first problem.
const MORE: &str = " (R)";
/// What stands between two parts.
const BETWEEN: &str = " · ";
/// The cells of the progress bar.
const PROGRESS_BAR: usize = 12;

/// Draws the line: the parts that matter most are placed first, and a part that does not fit is left out whole. The
/// hints of keys give way to problems, and what comes after them gives way to the hints.
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
    let mut parts = Parts::new(theme, usize::from(area.width));
    let keys_width = keys.width() + 1;
    let title = format::visible(&app.title);
    let (name, description) = title.split_once(": ").unwrap_or((&title, ""));
    let name_width = TITLE.min(parts.room().max(8));
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

/// The parts that fit into the line.
struct Parts<'a> {
    theme: &'a Theme,
    spans: Vec<Span<'static>>,
    /// The cells that are neither taken nor reserved.
    left: usize,
}

impl<'a> Parts<'a> {
    /// A line of `width` cells with the name of the program.
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

    /// The cells before the next part.
    fn gap(&self) -> usize {
        if self.spans.len() > 2 {
            BETWEEN.width()
        } else {
            0
        }
    }

    /// The cells for the next part.
    fn room(&self) -> usize {
        self.left.saturating_sub(self.gap())
    }

    /// Adds a part, if it fits.
    fn push(&mut self, text: String, style: Style) {
        let gap = self.gap();
        let Some(left) = self.left.checked_sub(gap + text.width()) else {
            return;
        };
        self.left = left;
        if gap > 0 {
            self.spans.push(Span::styled(BETWEEN, self.theme.faint));
        }
        self.spans.push(Span::styled(text, style));
    }

    /// The first of `texts` that leaves room for `keys` cells, or else the first that fits at all.
    fn first_that_fits(&self, texts: Vec<String>, keys: usize) -> Option<String> {
        let room = self.room();
        let fitting = |room: usize| texts.iter().find(|text| text.width() <= room);
        let text = fitting(room.saturating_sub(keys)).or_else(|| fitting(room));
        text.cloned()
    }

    /// Keeps `cells` at the end of the line for something else.
    fn reserve(&mut self, cells: usize) {
        self.left = self.left.saturating_sub(cells);
    }

    /// Writes `text` in place of the first part, if there is room for it.
    fn widen_first(&mut self, text: String) {
        if let Some(first) = self.spans.get_mut(2)
            && text.width() <= first.width() + self.left
        {
            first.content = text.into();
        }
    }
}

/// How far the load is, and how many records there are.
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
        let (from, dash) = (format::date_time(first), theme.symbols.dash);
        parts.push((format!("{from} {dash} {to} UTC"), theme.text));
    }
    let is_there =
        |source: &&Source| !matches!(source.status, Status::Missing(_) | Status::EmptyFolder(_));
    let files = app.store.sources().iter().filter(is_there).count();
    if files > 1 {
        parts.push((format::counted(files as u64, "file", "files"), theme.faint));
    }
    parts
}

/// What went wrong, in `room` cells: beside `keys` cells if possible. The first part names the key that shows more.
fn problems(canvas: Canvas<'_>, room: usize, keys: usize) -> Vec<(String, Style)> {
    let Canvas { app, theme } = canvas;
    let (mut missing, mut empty) = (Vec::new(), Vec::new());
    let (mut unreadable, mut damaged, mut warnings) = (0, 0, 0);
    for source in app.store.sources() {
        match source.status {
            Status::Missing(_) => missing.push(name(canvas, source)),
            Status::EmptyFolder(_) => empty.push(name(canvas, source)),
            Status::Unreadable(_) => unreadable += 1,
            Status::Truncated(_) | Status::Corrupt(_) => damaged += 1,
            Status::Ok | Status::Empty | Status::Stopped(_) => {}
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
    let widths = parts.iter().map(|(part, _)| BETWEEN.width() + part.width());
    let mut room = room.saturating_sub(widths.sum::<usize>() + MORE.width());
    if !missing.is_empty() {
        let count = format!(
            "{} missing",
            format::counted(missing.len() as u64, "path", "paths")
        );
        let part = listed("no such file", &missing, room, keys).unwrap_or(count);
        room = room.saturating_sub(part.width() + BETWEEN.width());
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
        part.push_str(MORE);
    }
    parts
}

/// `what: a.log, b.log and 3 more`, with as many names as there is room for: beside `keys` cells if possible.
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

/// What a person calls a file or a folder.
fn name(canvas: Canvas<'_>, source: &Source) -> String {
    let path = &source.path;
    let name = path.file_name().unwrap_or(path.as_os_str());
    let name = format::visible(&name.to_string_lossy()).into_owned();
    text::keep_end(&name, NAME, canvas.theme.symbols.ellipsis)
}

/// What was assumed about the files, if anything was, with the key that shows more: in words, and short.
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

/// How much has been read: of what is to be read, where that is known.
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
            let bar = bars::lying(theme.symbols, percent, 100, PROGRESS_BAR);
            let bar = text::pad(&bar, PROGRESS_BAR, false);
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
