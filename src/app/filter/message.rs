//! The message below the text of the filter bar: the error or the warnings, wrapped to the width.

use unicode_width::UnicodeWidthStr;

use super::FilterBar;
use crate::format;
use crate::query::{Diagnostic, Severity};

/// Points at the error in the text; the message follows.
pub(crate) const CARET: &str = "^ ";

/// The diagnostics of a filter as text, safe to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub(crate) severity: Severity,
    /// The byte offset in the filter at which the caret points.
    pub(crate) at: usize,
    /// A single line fits beside the caret; several lines go below it.
    pub(crate) lines: Vec<String>,
}

impl Message {
    /// The number of rows, including that of the caret.
    pub(crate) fn rows(&self) -> u16 {
        let rows = match self.lines.len() {
            1 => 1,
            lines => lines + 1,
        };
        u16::try_from(rows).unwrap_or(u16::MAX)
    }
}

impl FilterBar {
    /// The message for a bar of `width` cells: the first error, or else all warnings, each with its advice.
    pub(crate) fn message(&self, width: u16) -> Option<Message> {
        let said = self.said();
        let first = said.first()?;
        let width = usize::from(width);
        let sentences = said.iter().map(|diagnostic| diagnostic.sentence());
        let sentences: Vec<String> = sentences
            .map(|sentence| format::visible(&sentence).into_owned())
            .collect();
        let is_short = |sentence: &String| CARET.width() + sentence.width() <= width;
        let lines = match &sentences[..] {
            [only] if is_short(only) => vec![only.clone()],
            _ => sentences
                .iter()
                .flat_map(|sentence| format::wrap(sentence, width.saturating_sub(2)))
                .collect(),
        };
        Some(Message {
            severity: first.severity,
            at: first.span.start,
            lines,
        })
    }

    /// The diagnostics to show: the first error, or else all warnings.
    pub(crate) fn said(&self) -> Vec<&Diagnostic> {
        let of = |severity: Severity| {
            let all = self.compiled.diagnostics.iter();
            all.filter(move |diagnostic| diagnostic.severity == severity)
        };
        let error = of(Severity::Error).chain(of(Severity::Incomplete)).next();
        error.map_or_else(|| of(Severity::Warning).collect(), |error| vec![error])
    }
}
