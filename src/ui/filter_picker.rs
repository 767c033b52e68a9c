//! Draws the picker of saved filters and history.

use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::widgets::panel::Titles;
use super::widgets::{line, panel, text};
use super::{Canvas, highlight, row_of};
use crate::app::filter_picker::{Choice, FilterPicker, GAP, MARGIN};
use crate::format;

/// Draws the picker. Returns the position of the text cursor in the search words.
pub(super) fn draw(
    canvas: Canvas<'_>,
    picker: &FilterPicker,
    buf: &mut Buffer,
) -> Option<Position> {
    let theme = canvas.theme;
    let view = picker.view;
    Clear.render(view.window, buf);
    let title = Line::styled(" saved filters and history ", theme.focus);
    let note = Line::styled(note(canvas, picker), theme.text);
    panel::draw(theme, view.window, true, Titles { title, note }, buf);
    if view.words.is_empty() {
        return None;
    }
    for area in [view.rule, view.full_text_rule] {
        let rule = theme.symbols.rule.repeat(usize::from(area.width));
        Span::styled(rule, theme.frame).render(area, buf);
    }
    let prompt = Span::styled(" find: ", theme.accent);
    let cursor = line::draw(&picker.search.editor, prompt, theme.text, view.words, buf);
    let words = picker.search.words();
    for row in 0..view.list.height {
        let position = picker.search.top + usize::from(row);
        let index = picker.search.found.get(position);
        let Some(choice) = index.and_then(|index| picker.choices.get(*index)) else {
            break;
        };
        let is_current = position == picker.search.position;
        let line = choice_line(canvas, picker.names, choice, &words, is_current);
        text::fitted(line, view.list.width, theme.symbols.ellipsis)
            .render(row_of(view.list, row), buf);
        if is_current {
            highlight(row_of(view.list, row), &[], theme.row, buf);
        }
    }
    if picker.search.found.is_empty() {
        draw_nothing(canvas, picker, buf);
    }
    draw_full_text(canvas, picker, &words, buf);
    Some(cursor)
}

/// What the tick means, and how many of the filters are shown.
fn note(canvas: Canvas<'_>, picker: &FilterPicker) -> String {
    let tick = canvas.theme.symbols.tick;
    let count = |count: usize| format::count(count as u64);
    let (found, all) = (
        count(picker.search.found.len()),
        count(picker.choices.len()),
    );
    let long = format!(" {tick} matched something · {found} of {all} ");
    let room = usize::from(picker.view.window.width);
    if Span::raw(&long).width() + 32 > room {
        format!(" {found} of {all} ")
    } else {
        long
    }
}

/// The cursor symbol, the tick, the name and the filter, with `words` highlighted.
fn choice_line<'a>(
    canvas: Canvas<'_>,
    names: usize,
    choice: &'a Choice,
    words: &[String],
    is_current: bool,
) -> Line<'a> {
    let theme = canvas.theme;
    let mark = |symbol: &'static str, is_shown| if is_shown { symbol } else { " " };
    let mut spans = vec![
        Span::styled(mark(theme.symbols.cursor, is_current), theme.accent),
        Span::raw(" "),
        Span::styled(mark(theme.symbols.tick, choice.matched), theme.accept),
        Span::raw(" "),
    ];
    debug_assert_eq!(spans.len(), MARGIN);
    if let Some(name) = &choice.name {
        spans.extend(highlighted(name, words, theme.accent, theme.found));
        let gap = (names + GAP).saturating_sub(Span::raw(name).width());
        spans.push(Span::raw(" ".repeat(gap)));
    }
    spans.extend(highlighted(&choice.shown, words, theme.text, theme.found));
    Line::from(spans)
}

/// `text` in style `base`, with all occurrences of `words` in the style `found`, whatever their case.
fn highlighted<'a>(text: &'a str, words: &[String], base: Style, found: Style) -> Vec<Span<'a>> {
    let words: Vec<Vec<char>> = words.iter().map(|word| word.chars().collect()).collect();
    // One lowercase character per character, so that positions in `letters` and in `text` are the same.
    let lowercase = |c: char| c.to_lowercase().next().unwrap_or(c);
    let letters: Vec<char> = text.chars().map(lowercase).collect();
    let mut is_found = vec![false; letters.len()];
    for word in words.iter().filter(|word| !word.is_empty()) {
        for (at, part) in letters.windows(word.len()).enumerate() {
            if part == word.as_slice() {
                is_found
                    .iter_mut()
                    .skip(at)
                    .take(word.len())
                    .for_each(|mark| *mark = true);
            }
        }
    }
    let mut spans = Vec::new();
    let mut rest = text;
    for run in is_found.chunk_by(|a, b| a == b) {
        let end = rest
            .char_indices()
            .nth(run.len())
            .map_or(rest.len(), |(end, _)| end);
        let (part, after) = rest.split_at(end);
        let style = if run.first() == Some(&true) {
            base.patch(found)
        } else {
            base
        };
        spans.push(Span::styled(part, style));
        rest = after;
    }
    spans
}

/// Draws the full text of the filter under the cursor, if there is room for it below the list.
fn draw_full_text(canvas: Canvas<'_>, picker: &FilterPicker, words: &[String], buf: &mut Buffer) {
    let theme = canvas.theme;
    let area = picker.view.full_text;
    let Some(choice) = picker.current().filter(|_| !area.is_empty()) else {
        return;
    };
    let width = usize::from(area.width).saturating_sub(2).max(1);
    let lines = format::wrap(&choice.shown, width);
    let is_cut = lines.len() > usize::from(area.height);
    for (line, row) in lines.iter().zip(0..area.height) {
        let mut spans = vec![Span::raw(" ")];
        spans.extend(highlighted(line, words, theme.text, theme.found));
        if is_cut && row + 1 == area.height {
            spans.push(Span::styled(theme.symbols.ellipsis, theme.faint));
        }
        let line = text::fitted(Line::from(spans), area.width, theme.symbols.ellipsis);
        line.render(row_of(area, row), buf);
    }
}

/// Explains an empty list.
fn draw_nothing(canvas: Canvas<'_>, picker: &FilterPicker, buf: &mut Buffer) {
    let theme = canvas.theme;
    let lines: &[&str] = if picker.choices.is_empty() {
        &[
            "no filters yet",
            "every filter that you use is listed here;",
            "press Ctrl-S in the filter bar to save one under a name",
        ]
    } else {
        &["no filter contains all of these words"]
    };
    for (line, row) in lines.iter().zip(0..picker.view.list.height) {
        let line = text::keep_start(
            &format!(" {line}"),
            usize::from(picker.view.list.width),
            theme.symbols.ellipsis,
        );
        Span::styled(line, theme.text).render(row_of(picker.view.list, row), buf);
    }
}
