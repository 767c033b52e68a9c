//! The explanation: the selected record as a sentence and field by field.

#[cfg(test)]
mod tests;

use std::ops::Range;

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::Pane;
use super::view::{Context, Effect, View};
use crate::format;
use crate::keymap::{Action, Scope};
use crate::schema::FieldId;
use crate::store::RowId;
use crate::teach::{self, Explanation, Fact};

/// Indents the lines that belong to a field.
const INDENT: &str = "  ";
/// The maximum width of the column of names, in cells.
const MAX_NAME_WIDTH: usize = 16;

/// How a line of the explanation is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineStyle {
    /// Part of the sentence.
    Sentence,
    /// The line between the sentence and the fields.
    Rule,
    /// The name of a field, its value, and what the value means.
    Fact {
        /// Whether this field is under the cursor.
        current: bool,
    },
    /// A continuation of the value or its meaning.
    More,
    /// An explanation of the field.
    Meaning,
    /// A filter to try.
    Try,
}

/// One line of the explanation, wrapped to the width of the pane and safe to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainLine {
    pub(crate) style: LineStyle,
    /// The name of the field, padded; empty on all lines but the first of a field.
    pub(crate) name: String,
    /// The value as written in the file, or the text.
    pub(crate) text: String,
    /// What the value means.
    pub(crate) decoded: String,
}

/// The state of the pane.
#[derive(Clone, Debug, Default)]
pub struct ExplainPane {
    pub(crate) lines: Vec<ExplainLine>,
    /// The number of lines at the top (the sentence and the rule) that do not scroll.
    pub(crate) pinned: usize,
    /// Index of the first line on the screen below the pinned lines.
    pub(crate) top: usize,
    /// The number of lines on the screen below the pinned lines.
    room: usize,
    explanation: Option<Explanation>,
    /// Index of the field under the cursor.
    fact: usize,
    laid_out: Option<LaidOut>,
    /// Where to scroll to when the text is next laid out.
    end: Option<End>,
}

/// What `lines` was laid out for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct LaidOut {
    row: RowId,
    fact: usize,
    width: u16,
    is_full: bool,
}

/// An end of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    First,
    Last,
}

impl ExplainPane {
    /// Scrolls within the explanation of a field, then moves to the next. Returns the field to be under the cursor, or
    /// `None` if `action` is not a movement.
    fn move_cursor(&mut self, action: Action) -> Option<FieldId> {
        const PAGE: usize = 5;
        let count = self.explanation.as_ref()?.facts.len();
        let last = count.checked_sub(1)?;
        let fact = self.fact;
        let next = match action {
            Action::Down if self.scroll_down(1) => fact,
            Action::Down => fact + 1,
            Action::Up if self.scroll_up(1) => fact,
            Action::Up => fact.saturating_sub(1),
            Action::PageDown if self.scroll_down(self.room) => fact,
            Action::PageDown => fact + PAGE,
            Action::PageUp if self.scroll_up(self.room) => fact,
            Action::PageUp => fact.saturating_sub(PAGE),
            Action::Top => {
                self.end = Some(End::First);
                0
            }
            Action::Bottom => {
                self.end = Some(End::Last);
                last
            }
            _ => return None,
        };
        let facts = &self.explanation.as_ref()?.facts;
        facts.get(next.min(last)).map(|fact| fact.field)
    }

    /// Scrolls down by at most `lines`, to the end of the current field. Returns false if its end is already visible.
    fn scroll_down(&mut self, lines: usize) -> bool {
        let hidden = self.block().end.saturating_sub(self.top + self.room);
        self.top += hidden.min(lines);
        hidden > 0
    }

    /// Scrolls up by at most `lines`, to the start of the current field, or to the sentence above the first field.
    /// Returns false if that is already visible.
    fn scroll_up(&mut self, lines: usize) -> bool {
        let start = if self.fact == 0 {
            self.pinned
        } else {
            self.block().start
        };
        let hidden = self.top.saturating_sub(start);
        self.top -= hidden.min(lines);
        hidden > 0
    }

    /// The lines about the field under the cursor.
    fn block(&self) -> Range<usize> {
        let current = LineStyle::Fact { current: true };
        let Some(first) = self.lines.iter().position(|line| line.style == current) else {
            return self.pinned..self.pinned;
        };
        let after = self.lines.iter().skip(first + 1);
        let belongs = |line: &&ExplainLine| {
            matches!(
                line.style,
                LineStyle::More | LineStyle::Meaning | LineStyle::Try
            )
        };
        first..first + 1 + after.take_while(belongs).count()
    }

    /// The filter that the glossary suggests for the field under the cursor.
    pub(crate) fn filter(&self) -> Option<&'static str> {
        let fact = self.explanation.as_ref()?.facts.get(self.fact)?;
        teach::entry(fact.field)?.filter.as_deref()
    }

    /// Clamps the scroll position to the text, of which `height` lines are visible. If the text has changed, scrolls to
    /// the field under the cursor. The sentence is pinned unless it takes more than two thirds of the height.
    fn scroll(&mut self, height: usize, has_changed: bool) {
        let rule = self
            .lines
            .iter()
            .position(|line| line.style == LineStyle::Rule);
        let sentence = rule.map_or(0, |rule| rule + 1);
        let is_pinned = sentence * 3 <= height * 2;
        self.pinned = if is_pinned { sentence } else { 0 };
        let room = height.saturating_sub(self.pinned);
        let has_changed = has_changed || room != self.room;
        self.room = room;
        let last = self.lines.len().saturating_sub(room).max(self.pinned);
        let block = self.block();
        self.top = match self.end.take() {
            Some(End::First) => self.pinned,
            Some(End::Last) => last,
            None if has_changed && block.end <= height => self.pinned,
            None if has_changed => {
                let lowest = block.end.saturating_sub(room).min(block.start);
                self.top.clamp(lowest, block.start)
            }
            None => self.top,
        }
        .clamp(self.pinned, last);
    }
}

impl View for ExplainPane {
    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Explain, Scope::Global]
    }

    fn act(&mut self, action: Action, context: &Context<'_>) -> Effect {
        match action {
            Action::Right => Effect::MoveRecord(Action::Down),
            Action::Left => Effect::MoveRecord(Action::Up),
            Action::KeepValue | Action::DropValue => {
                context.narrow_to_cell(action == Action::KeepValue)
            }
            Action::TryFilter => match self.filter() {
                Some(filter) => Effect::TryFilter(filter.to_owned()),
                None => Effect::Notice("no filter is suggested for this field".into()),
            },
            Action::OfferFilters => context.offer_filters(),
            Action::CopyCell => context.copy_cell(),
            Action::CopyLine => context.copy_line(),
            _ => match self.move_cursor(action) {
                Some(field) => Effect::SelectField(field),
                None => Effect::Unhandled,
            },
        }
    }

    /// Explains the selected record. The lines are laid out again only if something has changed.
    fn settle(&mut self, area: Rect, context: &Context<'_>) {
        let area = padded(area);
        let is_full = context.focus.pane == Pane::Explain;
        let Some(row) = context.shown_row() else {
            *self = Self::default();
            return;
        };
        if self.laid_out.is_none_or(|laid_out| laid_out.row != row) {
            self.explanation = Some(teach::explain(context.store, row));
        }
        let Some(explanation) = &self.explanation else {
            return;
        };
        let mut facts = explanation.facts.iter();
        let at = facts.position(|fact| Some(fact.field) == context.field);
        self.fact = at.unwrap_or(0);
        let laid_out = LaidOut {
            row,
            fact: self.fact,
            width: area.width,
            is_full,
        };
        let has_changed = self.laid_out != Some(laid_out);
        if has_changed {
            self.laid_out = Some(laid_out);
            let width = usize::from(area.width);
            self.lines = lines(explanation, self.fact, width, is_full);
        }
        self.scroll(usize::from(area.height), has_changed);
    }
}

/// `inner` without one cell on the left and right, so that prose does not touch the frame.
pub(crate) fn padded(inner: Rect) -> Rect {
    Rect {
        x: inner.x + u16::from(inner.width > 1),
        width: inner.width.saturating_sub(2),
        ..inner
    }
}

/// Lays out `explanation` in lines of at most `width` cells, with the meaning of the field with index `fact`.
fn lines(explanation: &Explanation, fact: usize, width: usize, is_full: bool) -> Vec<ExplainLine> {
    let width = width.max(8);
    let mut lines: Vec<ExplainLine> = wrap(&explanation.sentence, width, "")
        .into_iter()
        .map(|text| plain(LineStyle::Sentence, text))
        .collect();
    lines.push(plain(LineStyle::Rule, String::new()));
    let longest = explanation.facts.iter().map(|fact| fact.name.width()).max();
    let names = longest.unwrap_or(0).min(MAX_NAME_WIDTH).min(width / 2);
    for (index, entry) in explanation.facts.iter().enumerate() {
        let current = index == fact;
        let widths = FactWidths { name: names, width };
        push_fact(&mut lines, entry, current, widths);
        if current {
            push_meaning(&mut lines, entry, width, is_full);
        }
    }
    lines
}

fn plain(style: LineStyle, text: String) -> ExplainLine {
    ExplainLine {
        style,
        name: String::new(),
        text,
        decoded: String::new(),
    }
}

/// Adds the meaning of a field; if `is_full`, also its glossary entry.
fn push_meaning(lines: &mut Vec<ExplainLine>, fact: &Fact, width: usize, is_full: bool) {
    let mut push = |style, text: &str| {
        let wrapped = wrap(text, width, INDENT).into_iter();
        lines.extend(wrapped.map(|text| plain(style, text)));
    };
    push(LineStyle::Meaning, fact.meaning);
    if let Some(missing) = fact.missing {
        push(LineStyle::Meaning, missing);
    }
    let entry = teach::entry(fact.field).filter(|_| is_full);
    let Some(entry) = entry else { return };
    if let Some(meaning) = &entry.meaning {
        push(LineStyle::Meaning, meaning);
    }
    if let Some(mistake) = &entry.mistake {
        push(LineStyle::Meaning, &format!("Often misread: {mistake}"));
    }
    if let Some(filter) = &entry.filter {
        push(LineStyle::Try, &format!("Try: {filter}"));
    }
    if let Some(finds) = entry.filter.as_ref().and(entry.finds.as_ref()) {
        push(LineStyle::Meaning, &format!("finds {finds}"));
    }
}

/// Widths in cells: of the column of names, and of a whole line.
#[derive(Clone, Copy)]
struct FactWidths {
    name: usize,
    width: usize,
}

/// Adds a field, on one line if it fits, otherwise with continuation lines.
fn push_fact(lines: &mut Vec<ExplainLine>, fact: &Fact, current: bool, widths: FactWidths) {
    let FactWidths { name: names, width } = widths;
    let (value, decoded) = (
        format::visible(&fact.value),
        fact.decoded.as_deref().unwrap_or(""),
    );
    let decoded = format::visible(decoded).into_owned();
    let name = format!("{:names$} ", format::visible(&fact.name));
    let room = width.saturating_sub(name.width());
    let fits = value.width() + usize::from(!decoded.is_empty()) * 2 + decoded.width() <= room;
    let value_fits = value.width() <= room;
    let style = LineStyle::Fact { current };
    lines.push(ExplainLine {
        style,
        name,
        text: if value_fits {
            value.to_string()
        } else {
            String::new()
        },
        decoded: if fits { decoded.clone() } else { String::new() },
    });
    let more = |text: String, decoded: String| ExplainLine {
        style: LineStyle::More,
        name: String::new(),
        text,
        decoded,
    };
    if !value_fits {
        let wrapped = wrap(&value, width, INDENT).into_iter();
        lines.extend(wrapped.map(|text| more(text, String::new())));
    }
    if !fits && !decoded.is_empty() {
        let wrapped = wrap(&decoded, width, INDENT).into_iter();
        lines.extend(wrapped.map(|text| more(String::new(), text)));
    }
}

/// Wraps `text` to lines of at most `width` cells, including `indent`.
fn wrap(text: &str, width: usize, indent: &str) -> Vec<String> {
    let lines = format::wrap(&format::visible(text), width.saturating_sub(indent.len()));
    let lines = lines.into_iter();
    lines.map(|line| format!("{indent}{line}")).collect()
}
