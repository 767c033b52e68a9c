//! Draws the completion candidates of the filter bar, in a window below the word that they replace.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};
use unicode_width::UnicodeWidthStr;

use super::widgets::panel::Titles;
use super::widgets::{panel, text};
use super::{Canvas, highlight, row_of};
use crate::app::layout;
use crate::format;
use crate::query::complete::{Candidate, CandidateKind};
use crate::teach;

/// The maximum width of a candidate, in cells.
const MAX_TEXT_WIDTH: usize = 40;
/// The maximum width of a candidate's description, in cells.
const MAX_HELP_WIDTH: usize = 52;
/// Cells around a candidate: the cursor symbol, a space before it and a space after it.
const MARGIN: usize = 3;

/// Draws the list below the text cursor at `cursor`.
pub(super) fn draw(canvas: Canvas<'_>, cursor: Position, buf: &mut Buffer) {
    let Canvas { app, theme } = canvas;
    let list = &app.filter.completing;
    if !list.is_shown() {
        return;
    }
    let rows = layout::candidate_rows(&app.layout);
    let lines: Vec<(usize, CandidateRow)> = list
        .items
        .iter()
        .enumerate()
        .skip(list.top)
        .take(rows)
        .map(|(index, item)| (index, CandidateRow::of(item)))
        .collect();
    let widest = |width: fn(&CandidateRow) -> usize| lines.iter().map(|(_, row)| width(row)).max();
    let text_width = widest(|row| row.text.width())
        .unwrap_or(0)
        .min(MAX_TEXT_WIDTH);
    let help_width = widest(|row| row.help.width())
        .unwrap_or(0)
        .min(MAX_HELP_WIDTH);
    let count_width = widest(|row| row.count.width()).unwrap_or(0);
    let gap = |width: usize| if width > 0 { width + 2 } else { 0 };
    let wanted = MARGIN + text_width + gap(help_width) + gap(count_width) + 2;
    let area = window(canvas, cursor, wanted, lines.len());
    if area.width < 12 || area.height < 3 {
        return;
    }
    Clear.render(area, buf);
    let note = match (list.items.len() > rows, list.is_waiting()) {
        (_, true) => " counting ".to_owned(),
        (true, false) => {
            let end = list.top + lines.len();
            let (first, dash) = (list.top + 1, theme.symbols.dash);
            format!(" {first}{dash}{end} of {} ", list.items.len())
        }
        (false, false) => String::new(),
    };
    let titles = Titles {
        note: Line::styled(note, theme.text),
        ..Titles::default()
    };
    let inner = panel::draw(theme, area, true, titles, buf);
    let room = usize::from(inner.width);
    // Counts are right-aligned; descriptions take the remaining width.
    let help_room = room.saturating_sub(MARGIN + text_width + gap(count_width) + 2);
    for (line, (index, row)) in (0..).zip(&lines) {
        let is_chosen = list.chosen == Some(*index);
        let symbol = if is_chosen { theme.symbols.cursor } else { " " };
        let ellipsis = theme.symbols.ellipsis;
        let shown = text::keep_start(&row.text, text_width, ellipsis);
        let help = text::keep_start(&row.help, help_room.min(MAX_HELP_WIDTH), ellipsis);
        let mut spans = vec![
            Span::styled(symbol, theme.accent),
            Span::raw(" "),
            Span::styled(
                text::pad(&shown, text_width, false),
                style(canvas, row.kind),
            ),
            Span::raw("  "),
        ];
        let help_cells = room.saturating_sub(MARGIN + text_width + 1 + gap(count_width));
        spans.push(Span::styled(
            text::pad(&help, help_cells, false),
            theme.text,
        ));
        if count_width > 0 {
            let count = text::pad(&row.count, count_width + 1, true);
            spans.push(Span::styled(format!("{count} "), theme.accent));
        }
        Line::from(spans).render(row_of(inner, line), buf);
        if is_chosen {
            highlight(row_of(inner, line), &[], theme.row, buf);
        }
    }
}

/// The text of a candidate's columns.
struct CandidateRow {
    text: String,
    help: String,
    count: String,
    kind: CandidateKind,
}

impl CandidateRow {
    fn of(item: &Candidate) -> Self {
        let help = match item.kind {
            CandidateKind::Field(field) => teach::entry(field).map_or("", |entry| &entry.summary),
            CandidateKind::Operator
            | CandidateKind::Phrase
            | CandidateKind::Saved
            | CandidateKind::Value => &item.help,
        };
        Self {
            text: format::visible(&item.text).into_owned(),
            help: format::visible(help).into_owned(),
            count: item.count.map(format::count).unwrap_or_default(),
            kind: item.kind,
        }
    }
}

fn style(canvas: Canvas<'_>, kind: CandidateKind) -> Style {
    let theme = canvas.theme;
    match kind {
        CandidateKind::Field(_) => theme.field,
        CandidateKind::Operator | CandidateKind::Phrase => theme.operator,
        CandidateKind::Saved => theme.accent,
        CandidateKind::Value => theme.value,
    }
}

/// The area below the word at the cursor, shifted left to stay on the screen.
fn window(canvas: Canvas<'_>, cursor: Position, width: usize, rows: usize) -> Rect {
    let app = canvas.app;
    let screen = app.layout.screen;
    let typed = app.filter.editor.text();
    let typed = typed.get(app.filter.completing.span().start..app.filter.editor.cursor());
    let typed = u16::try_from(typed.unwrap_or_default().width()).unwrap_or(u16::MAX);
    let width = u16::try_from(width).unwrap_or(u16::MAX).min(screen.width);
    let height = u16::try_from(rows + 2).unwrap_or(u16::MAX);
    // Align the candidates with the start of the word.
    let left = cursor.x.saturating_sub(typed.saturating_add(3));
    let x = left.min(screen.right().saturating_sub(width));
    let y = app.layout.filter.bottom().saturating_sub(1);
    Rect::new(x, y, width, height).intersection(screen)
}
