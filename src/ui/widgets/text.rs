//! Cutting and padding text to a width.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// `text` in at most `width` cells, cut at the start if it is too long.
pub(crate) fn keep_end(text: &str, width: usize, ellipsis: &str) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let room = width.saturating_sub(ellipsis.width());
    let (mut taken, mut cells) = (Vec::new(), 0);
    for grapheme in text.graphemes(true).rev() {
        cells += grapheme.width();
        if cells > room {
            break;
        }
        taken.push(grapheme);
    }
    let end: String = taken.into_iter().rev().collect();
    cut(&format!("{ellipsis}{end}"), width)
}

/// `text` in at most `width` cells, cut at the end if it is too long.
pub(crate) fn keep_start(text: &str, width: usize, ellipsis: &str) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let start = cut(text, width.saturating_sub(ellipsis.width()));
    cut(&format!("{start}{ellipsis}"), width)
}

/// The longest prefix of `text` that fits into `width` cells.
pub(crate) fn cut(text: &str, width: usize) -> String {
    let mut cells = 0;
    text.graphemes(true)
        .take_while(|grapheme| {
            cells += grapheme.width();
            cells <= width
        })
        .collect()
}

/// Pads `text` to `width` cells, aligned to the left or right.
pub(crate) fn pad(text: &str, width: usize, right: bool) -> String {
    let space = " ".repeat(width.saturating_sub(text.width()));
    if right {
        space + text
    } else {
        text.to_owned() + &space
    }
}

/// `line` in at most `width` cells, cut at the end if it is too long.
pub(crate) fn fitted<'a>(line: Line<'a>, width: u16, ellipsis: &'static str) -> Line<'a> {
    let width = usize::from(width);
    if line.width() <= width {
        return line;
    }
    let mut room = width.saturating_sub(Span::raw(ellipsis).width());
    let mut spans = Vec::new();
    for span in line.spans {
        let part = cut(&span.content, room);
        let is_whole = part.len() == span.content.len();
        room -= Span::raw(&part).width();
        spans.push(Span::styled(part, span.style));
        if !is_whole {
            break;
        }
    }
    let style = spans.last().map_or_else(Style::default, |span| span.style);
    spans.push(Span::styled(ellipsis, style));
    Line::from(spans)
}
