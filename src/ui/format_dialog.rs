//! Draws the format dialog for a file without a header: a row per column, with its values in the first lines.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};
use unicode_width::UnicodeWidthStr;

use super::widgets::panel::Titles;
use super::widgets::{line, panel, text};
use super::{Canvas, highlight, row_of};
use crate::app::format_dialog::FormatDialog;
use crate::app::layout;
use crate::format;

/// The maximum width of a name or a value, in cells.
const MAX_WORD_WIDTH: usize = 26;
/// Cells between two values.
const GAP: usize = 2;
/// A confidence below this, in percent, is drawn as a warning.
const MIN_CONFIDENCE: u8 = 99;

/// Draws the dialog. Returns the position of the text cursor while a name is being typed.
pub(super) fn draw(
    canvas: Canvas<'_>,
    dialog: &FormatDialog,
    buf: &mut Buffer,
) -> Option<Position> {
    let Canvas { app, theme } = canvas;
    let window = layout::format_dialog(app.layout.screen);
    Clear.render(window, buf);
    let title = Line::styled(" order of fields ", theme.focus);
    let note = if dialog.is_used {
        format!(" guessed, {} % sure ", dialog.confidence)
    } else {
        dialog.few_records.map_or_else(
            || " unknown ".to_owned(),
            |few| {
                let records = format::counted(few as u64, "record", "records");
                format!(" unknown, only {records} ")
            },
        )
    };
    let note = Line::styled(note, theme.text);
    let inner = panel::draw(theme, window, true, Titles { title, note }, buf);
    let ellipsis = theme.symbols.ellipsis;
    let path = format::visible(&dialog.path.to_string_lossy()).into_owned();
    let room = usize::from(inner.width).saturating_sub(22);
    let path = text::keep_end(&path, room, ellipsis);
    let about = format!(" {path} has no header");
    Span::styled(about, theme.text).render(row_of(inner, 0), buf);
    draw_columns(canvas, dialog, layout::format_list(app.layout.screen), buf);
    let below = inner.height.saturating_sub(2);
    if !dialog.is_typing() {
        let folder = format::visible(&dialog.folder().to_string_lossy()).into_owned();
        let lines = [
            " type to rename the column under the cursor".to_owned(),
            format!(" Enter reads the files in {folder} in this order, now and in future"),
        ];
        for (note, row) in lines.iter().zip(below..) {
            let note = text::keep_start(note, usize::from(inner.width), ellipsis);
            Span::styled(note, theme.text).render(row_of(inner, row), buf);
        }
        return None;
    }
    let prompt = Span::styled(" name: ", theme.accent);
    let cursor = line::draw(
        &dialog.editor,
        prompt,
        theme.text,
        row_of(inner, below),
        buf,
    );
    let mut spans = vec![Span::raw(" ")];
    for (index, name) in dialog
        .found
        .iter()
        .enumerate()
        .skip(dialog.chosen.saturating_sub(1))
    {
        let style = if index == dialog.chosen {
            theme.focus
        } else {
            theme.text
        };
        let mark = if index == dialog.chosen {
            theme.symbols.cursor
        } else {
            " "
        };
        spans.push(Span::styled(format!("{mark}{name} "), style));
    }
    if dialog.found.is_empty() {
        spans.push(Span::styled("no field has this name", theme.error));
    }
    text::fitted(Line::from(spans), inner.width, ellipsis).render(row_of(inner, below + 1), buf);
    Some(cursor)
}

/// Draws a row for each column: its name, the confidence in it, and its values.
fn draw_columns(canvas: Canvas<'_>, dialog: &FormatDialog, list: Rect, buf: &mut Buffer) {
    let theme = canvas.theme;
    let ellipsis = theme.symbols.ellipsis;
    let width = |words: &mut dyn Iterator<Item = &str>| {
        let widths = words.map(|word| format::visible(word).width());
        widths.max().unwrap_or(0).min(MAX_WORD_WIDTH)
    };
    let names = width(&mut dialog.columns.iter().map(|column| &*column.name));
    let widths: Vec<usize> = dialog
        .lines
        .iter()
        .map(|line| width(&mut line.iter().map(String::as_str)))
        .collect();
    let columns = dialog.columns.iter().enumerate().skip(dialog.top);
    for ((index, column), row) in columns.zip(0..list.height) {
        let is_current = index == dialog.position;
        let mark = if is_current {
            theme.symbols.cursor
        } else {
            " "
        };
        let cell = |word: &str, width: usize| {
            let word = text::keep_start(&format::visible(word), width, ellipsis);
            text::pad(&word, width + GAP, false)
        };
        let sure = match column.confidence {
            0 => "?".to_owned(),
            100 => "set".to_owned(),
            sure => format!("{sure} %"),
        };
        let style = if column.confidence < MIN_CONFIDENCE {
            theme.warning
        } else {
            theme.text
        };
        let mut spans = vec![
            Span::styled(mark, theme.accent),
            Span::styled(cell(&column.name, names), theme.accent),
            Span::styled(format!("{sure:>5}  "), style),
        ];
        for (line, width) in dialog.lines.iter().zip(&widths) {
            let word = line.get(index).map_or("", String::as_str);
            spans.push(Span::styled(cell(word, *width), theme.text));
        }
        let line = text::fitted(Line::from(spans), list.width, ellipsis);
        line.render(row_of(list, row), buf);
        if is_current {
            highlight(row_of(list, row), &[], theme.row, buf);
        }
    }
}
