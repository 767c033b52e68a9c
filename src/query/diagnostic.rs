//! What is wrong with a filter text, and where.

use std::ops::Range;

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The text does not make a filter.
    Error,
    /// The text is the beginning of a filter: nothing is wrong yet.
    Incomplete,
    /// The text makes a filter that may not mean what is hoped.
    Warning,
}

/// One thing to say about a filter text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// Which bytes of the text it is about; empty at the end of the text where something is wanted.
    pub span: Range<usize>,
    /// One line, lower case, without a full stop: `action can be: ACCEPT, REJECT`.
    pub message: String,
    /// What to write instead, where there is a good guess.
    pub suggestion: Option<String>,
}

impl Diagnostic {
    /// The message, and what to write instead where the message does not say so itself.
    pub fn sentence(&self) -> String {
        match &self.suggestion {
            Some(suggestion) if !self.message.contains(suggestion.as_str()) => {
                format!("{}; write {suggestion}", self.message)
            }
            _ => self.message.clone(),
        }
    }

    /// Names and words of a filter may have line breaks in them; what is said of them has none.
    pub(super) fn on_one_line(&mut self) {
        for text in std::iter::once(&mut self.message).chain(&mut self.suggestion) {
            if text.contains(char::is_control) {
                *text = text.replace(char::is_control, " ");
            }
        }
    }
}
