//! Draws the model. Nothing here takes `&mut App`: the same model always gives the same frame.
//!
//! ```text
//!  header: title, number of records, time range                                      keys of help
//! ╭ filter ─────────────────────────────────────────────────────────────────────────────────────────╮
//! │ the text                                                              matches and search time  │
//! │ its canonical form, or a message with a caret that points at the error                          │
//! ╰─────────────────────────────────────────────────────────────────────────────────────────────────╯
//! ╭ 1 records ─────────────────────────────────────────────────────╮╭ 4 explain ────────────────────╮
//! │                                                                ││ a sentence                    │
//! ╰───────────────────────────────────────────── position and order ╯│ and field by field            │
//! ╭ 2 interfaces over time ────────────────────────────────────────╮│                               │
//! ╰────────────────────────────────────────────────────────────────╯│                               │
//! ╭ 3 breakdown ─ keys and names of hidden panes ──────────────────╮│                               │
//! ╰────────────────────────────────────────────────────────────────╯╰───────────────────────────────╯
//!  footer: the most useful keys, or a notice
//! ```

mod breakdown;
mod column_chooser;
mod completion;
mod explain;
mod field_picker;
mod filter;
mod filter_picker;
mod footer;
mod format_dialog;
mod header;
mod help;
mod palette;
mod problems;
mod prompt;
mod quit_dialog;
mod records;
mod save_dialog;
#[cfg(test)]
mod tests;
mod timeline;
mod value_menu;
mod widgets;

use std::ops::Range;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Style};
use ratatui::text::{Line, Span};

use crate::app::{App, Overlay, Pane};
use crate::keymap;
use crate::theme::{self, Charset, Theme};

/// What every pane needs to draw itself.
#[derive(Clone, Copy, Debug)]
struct Canvas<'a> {
    app: &'a App,
    theme: &'a Theme,
}

/// Draws one frame.
pub fn draw(app: &App, theme: &Theme, frame: &mut Frame<'_>) {
    let screen = app.layout.screen;
    if frame.area() != screen {
        return; // The resize message has not been processed yet.
    }
    if app.copying.is_shown() {
        return; // `tui` has written the copied text onto the screen.
    }
    let canvas = Canvas { app, theme };
    let buf = frame.buffer_mut();
    header::draw(canvas, buf);
    let mut cursor = None;
    for pane in Pane::ALL {
        cursor = draw_pane(canvas, pane, buf).or(cursor);
    }
    footer::draw(canvas, buf);
    match &app.overlay {
        Some(Overlay::Help(help)) => cursor = help::draw(canvas, help, buf),
        Some(Overlay::Problems(list)) => problems::draw(canvas, list, buf),
        Some(Overlay::Copy(_)) => help::draw_copy(canvas, buf),
        Some(Overlay::Find(picker)) => cursor = filter_picker::draw(canvas, picker, buf),
        Some(Overlay::Save(dialog)) => cursor = save_dialog::draw(canvas, dialog, buf),
        Some(Overlay::Prompt(prompt)) => cursor = prompt::draw(canvas, prompt, buf),
        Some(Overlay::Columns(chooser)) => cursor = column_chooser::draw(canvas, chooser, buf),
        Some(Overlay::Format(dialog)) => cursor = format_dialog::draw(canvas, dialog, buf),
        Some(Overlay::Palette(palette)) => cursor = palette::draw(canvas, palette, buf),
        Some(Overlay::Values(menu)) => value_menu::draw(canvas, menu, buf),
        Some(Overlay::Quit(dialog)) => quit_dialog::draw(canvas, dialog, buf),
        Some(Overlay::Fields(picker)) => cursor = field_picker::draw(canvas, picker, buf),
        None => {
            if let Some(at) = cursor {
                completion::draw(canvas, at, buf);
            }
        }
    }
    finish(theme, buf);
    if let Some(at) = cursor {
        frame.set_cursor_position(at);
    }
}

/// Puts in the colours of the theme where nothing else was said, and replaces the characters that the terminal does not
/// have.
fn finish(theme: &Theme, buf: &mut Buffer) {
    let has_all = theme.symbols.charset == Charset::Unicode;
    if has_all && (theme.foreground, theme.background) == (Color::Reset, Color::Reset) {
        return;
    }
    for cell in &mut buf.content {
        if let Some(shown) = theme::replacement(theme.symbols.charset, cell.symbol()) {
            cell.set_symbol(shown);
        }
        if cell.fg == Color::Reset {
            cell.fg = theme.foreground;
        }
        if cell.bg == Color::Reset {
            cell.bg = theme.background;
        }
    }
}

/// Draws one pane. Returns the position of the text cursor, if the pane has one.
fn draw_pane(canvas: Canvas<'_>, pane: Pane, buf: &mut Buffer) -> Option<Position> {
    if canvas.app.layout.area(pane).is_empty() {
        return None;
    }
    match pane {
        Pane::Filter => return filter::draw(canvas, buf),
        Pane::Records => records::draw(canvas, buf),
        Pane::Timeline => timeline::draw(canvas, buf),
        Pane::Breakdown => breakdown::draw(canvas, buf),
        Pane::Explain => explain::draw(canvas, buf),
    }
    None
}

impl Canvas<'_> {
    /// The title of `pane`: its key, its name and `detail`; and the keys and names of the hidden panes if it stands for
    /// them. Where the names do not fit, hidden panes have their keys alone.
    fn title(self, pane: Pane, detail: &str) -> Line<'static> {
        let area = self.app.layout.area(pane);
        let named = self.tabs(pane, detail, true);
        if named.width() + 2 <= usize::from(area.width) {
            return named;
        }
        self.tabs(pane, detail, false)
    }

    fn tabs(self, pane: Pane, detail: &str, has_names: bool) -> Line<'static> {
        let theme = self.theme;
        let mut line = Line::default();
        for other in self.app.layout.titles(pane) {
            if !line.spans.is_empty() {
                line.push_span(Span::styled(theme.symbols.rule, theme.frame));
            }
            let key = keymap::focus_key(other.scope()).map_or(String::new(), |key| key.to_string());
            let name = other.scope().title().to_lowercase();
            let (text, style) = match other == pane {
                true if self.has_focus(pane) => (format!(" {key} {name}{detail} "), theme.focus),
                true => (format!(" {key} {name}{detail} "), theme.title),
                false if has_names => (format!(" {key} {name} "), theme.text),
                false => (format!(" {key} "), theme.text),
            };
            line.push_span(Span::styled(text, style));
        }
        line
    }

    /// Whether keys go to `pane`.
    fn has_focus(self, pane: Pane) -> bool {
        self.app.focus.pane == pane && self.app.overlay.is_none()
    }
}

/// Row `row` of `area`, counted from 0; empty if there is no such row.
fn row_of(area: Rect, row: u16) -> Rect {
    if row >= area.height {
        return Rect::new(area.x, area.y, 0, 0);
    }
    Rect::new(area.x, area.y + row, area.width, 1)
}

/// Highlights the row of a cursor. What is in the columns `bars` is not reversed, so that bars look like those of the other
/// rows.
fn highlight(area: Rect, bars: &[Range<u16>], style: Style, buf: &mut Buffer) {
    let is_bar = |at: &Position| bars.iter().any(|columns| columns.contains(&at.x));
    for at in area.intersection(buf.area).positions() {
        let cell = &mut buf[at];
        match style.bg {
            _ if !is_bar(&at) => cell.set_style(style),
            Some(colour) if cell.bg == Color::Reset => cell.set_bg(colour),
            _ => cell,
        };
    }
}
