//! Draws the model. Nothing here takes `&mut App`: the same model always gives the same frame.
//!
//! ```text
//!  header: title, number of records, time range                                      keys of help
//! ╭ filter ─────────────────────────────────────────────────────────────────────────────────────────╮
//! │ the text                                                              matches and search time  │
//! │ its canonical form, or a message with a caret that points at the error                          │
//! ├ 1 records ──────────────────────────────────────────────────────┬ 4 explain ────────────────────┤
//! │                                                                 │ a sentence                    │
//! ├ 2 interfaces over time ─────────────────────────────────────────┤ and field by field            │
//! │                                                                 │                               │
//! ├ 3 breakdown ────────────────────────────────────────────────────┤                               │
//! ╰─────────────────────────────────────────────────────────────────┴───────────────────────────────╯
//!  footer: the most useful keys, or a notice
//! ```

mod breakdown;
mod completion;
mod explain;
mod filter;
mod filter_picker;
mod footer;
mod format_dialog;
mod header;
mod help;
mod problems;
mod records;
mod save_dialog;
#[cfg(test)]
mod tests;
mod timeline;
mod widgets;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Span;

use crate::app::{App, Overlay, Pane};
use crate::theme::{self, Theme};

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
    // The focused pane is drawn last, so that its frame is complete where panes share a border.
    let focused = app.focus.pane;
    let mut cursor = None;
    for pane in Pane::ALL
        .into_iter()
        .filter(|pane| *pane != focused)
        .chain([focused])
    {
        if let Some(at) = draw_pane(canvas, pane, buf) {
            cursor = Some(at);
        }
    }
    footer::draw(canvas, buf);
    match &app.overlay {
        Some(Overlay::Help(help)) => help::draw(canvas, help, buf),
        Some(Overlay::Problems(list)) => problems::draw(canvas, list, buf),
        Some(Overlay::Copy(_)) => help::draw_copy(canvas, buf),
        Some(Overlay::Find(picker)) => cursor = filter_picker::draw(canvas, picker, buf),
        Some(Overlay::Save(dialog)) => cursor = save_dialog::draw(canvas, dialog, buf),
        Some(Overlay::Format(dialog)) => cursor = format_dialog::draw(canvas, dialog, buf),
        None => {
            if let Some(at) = cursor {
                completion::draw(canvas, at, buf);
            }
        }
    }
    if theme.symbols.is_ascii {
        for cell in &mut buf.content {
            if let Some(ascii) = theme::in_ascii(cell.symbol()) {
                cell.set_symbol(ascii);
            }
        }
    }
    if let Some(at) = cursor {
        frame.set_cursor_position(at);
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
    /// The title of `pane`: the key that focuses it, and its name.
    fn title(self, pane: Pane, key: char, name: &'static str) -> Vec<Span<'static>> {
        let theme = self.theme;
        let style = if self.has_focus(pane) {
            theme.focus
        } else {
            theme.text
        };
        vec![
            Span::styled(format!(" {key} "), theme.faint),
            Span::styled(name, style),
            Span::raw(" "),
        ]
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
