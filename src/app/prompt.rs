//! The one-line dialog that asks for a text to find, a place to go to, or an offset from UTC.

#[cfg(test)]
mod tests;

use ratatui::layout::Rect;

use super::cell_text::Times;
use super::line_editor::{Edit, LineEditor};
use super::view::{Context, Effect, View};
use crate::format::{self, Zone};
use crate::keymap::{Action, Scope};
use crate::query;
use crate::schema::id;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromptKind {
    /// A text in any cell or in the original line.
    Find,
    /// A time or the number of a record in the list.
    GoTo,
    /// An offset from UTC.
    Zone,
}

/// The dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    pub(crate) kind: PromptKind,
    pub(crate) editor: LineEditor,
    /// Why the text cannot be used, in a sentence.
    pub(crate) error: Option<String>,
}

impl PromptKind {
    /// The title of the dialog.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Find => "find",
            Self::GoTo => "go to",
            Self::Zone => "time zone",
        }
    }

    /// What may be typed.
    pub(crate) fn advice(self) -> &'static str {
        match self {
            Self::Find => "text of a cell or of the original line; then n next, N previous",
            Self::GoTo => "number of a record, or a time in UTC: 02:23, 2026-11-23T02:23:37, -5m",
            Self::Zone => "utc, local, or an offset from UTC: +02:00, -3",
        }
    }
}

impl Prompt {
    pub(super) fn new(kind: PromptKind) -> Self {
        Self {
            kind,
            editor: LineEditor::default(),
            error: None,
        }
    }

    fn enter(&mut self, context: &Context<'_>) -> Effect {
        let text = self.editor.text().trim();
        let effect = match self.kind {
            PromptKind::Find => Ok(Effect::Find(self.editor.text().to_owned())),
            PromptKind::GoTo => position(text, context).map(Effect::GoTo),
            PromptKind::Zone => times(text).map(Effect::ShowTimes),
        };
        effect.unwrap_or_else(|error| {
            self.error = Some(error);
            Effect::None
        })
    }
}

impl View for Prompt {
    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Prompt, Scope::Line]
    }

    fn act(&mut self, action: Action, context: &Context<'_>) -> Effect {
        match action {
            Action::Enter => return self.enter(context),
            Action::Back => return Effect::CloseOverlay,
            _ => {}
        }
        match self.editor.act(action) {
            Edit::Changed => self.error = None,
            Edit::Moved => {}
            Edit::Unhandled => return Effect::Unhandled,
        }
        Effect::None
    }

    fn insert(&mut self, text: &str, _context: &Context<'_>) -> Effect {
        self.editor.insert(text);
        self.error = None;
        Effect::None
    }

    fn settle(&mut self, _screen: Rect, _context: &Context<'_>) {}
}

/// The most digits of the number of a record; longer numbers are times.
const MAX_DIGITS: usize = 9;

/// The position in the list that `text` names, or why it names none.
fn position(text: &str, context: &Context<'_>) -> Result<usize, String> {
    let len = context.results.len();
    if len == 0 {
        return Err("there are no records to go to".into());
    }
    let digits: String = text.chars().filter(|c| *c != ',').collect();
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number && digits.len() <= MAX_DIGITS {
        let number: usize = digits.parse().unwrap_or(0);
        let records = format::counted(len as u64, "record", "records");
        return match number.checked_sub(1) {
            Some(position) if position < len => Ok(position),
            _ => Err(format!("the list has {records}; write a number from 1 on")),
        };
    }
    let span = context.store.span();
    let start = context
        .row
        .and_then(|row| context.store.number(row, id::START));
    let day = start.or_else(|| Some(span?.0)).unwrap_or(0);
    let time = query::read_time(text, span, day)?;
    let found = context.results.first_at(time);
    found.ok_or_else(|| {
        let time = format::date_time(time);
        format!("no record of the list starts at or after {time} UTC; press G for the last one")
    })
}

/// The times that `text` asks for, or why it is no zone.
fn times(text: &str) -> Result<Times, String> {
    let zone = match text.to_ascii_lowercase().as_str() {
        "utc" | "z" => Some(Zone::Utc),
        "local" => Some(Zone::Local),
        offset => seconds_east(offset).map(Zone::Offset),
    };
    zone.map(Times::Clock).ok_or_else(|| {
        format!(
            "{} is no offset; write +02:00, -3, utc or local",
            format::visible(text)
        )
    })
}

/// `+02:00`, `-0330`, `+2`, `utc+2` in seconds.
fn seconds_east(text: &str) -> Option<i32> {
    let text = text.strip_prefix("utc").unwrap_or(text);
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+')?),
    };
    let (hours, minutes) = match (digits.split_once(':'), digits.len()) {
        (Some(parts), _) => parts,
        (None, 3 | 4) => digits.split_at_checked(digits.len() - 2)?,
        (None, _) => (digits, "0"),
    };
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    let is_offset = (0..=14).contains(&hours) && (0..60).contains(&minutes);
    is_offset.then_some(sign * (hours * 3_600 + minutes * 60))
}
