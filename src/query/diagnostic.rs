//! Errors and warnings about a filter, with their position.

use std::borrow::Cow;
use std::ops::Range;

/// Longer words of a message are shortened.
const MAX_WORD_CHARS: usize = 80;
const MAX_MESSAGE_BYTES: usize = 2_000;
const MAX_SUGGESTION_BYTES: usize = 2_000;

/// How serious a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The filter is invalid.
    Error,
    /// The text is not a filter yet: the problem touches its end, where the next character may solve it.
    Incomplete,
    /// The filter is valid, but may not mean what was intended.
    Warning,
}

/// A problem at a place of a filter text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Whether it is wrong, incomplete while it is typed, or only a warning.
    pub severity: Severity,
    /// The bytes of the text that it is about; empty at the end of the text where something is missing.
    pub span: Range<usize>,
    /// One line, lower case, without a full stop: `action can be: ACCEPT, REJECT`.
    pub message: String,
    /// A replacement for the span, if there is a good guess.
    pub suggestion: Option<String>,
}

/// An error in a word or a value, without its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) message: String,
    pub(super) suggestion: Option<String>,
}

impl Problem {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            suggestion: None,
        }
    }

    pub(super) fn suggest(self, suggestion: impl Into<String>) -> Self {
        Self {
            suggestion: Some(suggestion.into()),
            ..self
        }
    }

    /// `did you mean …?`
    pub(super) fn did_you_mean(meant: impl Into<String>) -> Self {
        let meant = meant.into();
        Self::new(format!("did you mean {meant}?")).suggest(meant)
    }

    /// The problem at its place in a text.
    pub(super) fn at(self, span: Range<usize>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Error,
            span,
            message: self.message,
            suggestion: self.suggestion,
        }
    }
}

impl Diagnostic {
    /// The message, with the suggestion unless the message already contains it.
    pub fn sentence(&self) -> String {
        match &self.suggestion {
            Some(suggestion) if !self.message.contains(suggestion.as_str()) => {
                format!("{}; write {suggestion}", self.message)
            }
            _ => self.message.clone(),
        }
    }

    pub(super) fn into_warning(self) -> Self {
        Self {
            severity: Severity::Warning,
            ..self
        }
    }

    /// Replaces the control characters that names and words of a filter may have brought along, and shortens long
    /// words of the message. A suggestion that is too long to be read is left out.
    pub(super) fn tidy(&mut self) {
        self.suggestion
            .take_if(|text| text.len() > MAX_SUGGESTION_BYTES);
        for text in std::iter::once(&mut self.message).chain(&mut self.suggestion) {
            if text.contains(char::is_control) {
                *text = text.replace(char::is_control, " ");
            }
        }
        if self.message.len() > MAX_WORD_CHARS {
            let words = self.message.split(' ').map(shortened);
            self.message = words.collect::<Vec<Cow<'_, str>>>().join(" ");
            if self.message.len() > MAX_MESSAGE_BYTES {
                let end = self.message.floor_char_boundary(MAX_MESSAGE_BYTES);
                self.message.truncate(end);
                self.message.push('…');
            }
        }
    }
}

/// The beginning of a long word.
fn shortened(word: &str) -> Cow<'_, str> {
    match word.char_indices().nth(MAX_WORD_CHARS) {
        Some((end, _)) => Cow::Owned(format!("{}…", word.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(word),
    }
}
