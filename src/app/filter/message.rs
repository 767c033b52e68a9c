//! What the filter bar says below its text: what is wrong with it, or doubtful, whole.

use unicode_width::UnicodeWidthStr;

use super::FilterBar;
use crate::format;
use crate::query::{Diagnostic, Severity};

/// The mark under the place in the text, and the space after it.
pub const CARET: &str = "^ ";

/// What there is to say of the text, safe to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// How much it matters.
    pub severity: Severity,
    /// The byte of the text that it is about.
    pub at: usize,
    /// What is said: one line, which has room beside the caret, or several to be shown below it.
    pub lines: Vec<String>,
}

impl Message {
    /// How many rows it takes, the one of the caret included.
    pub fn rows(&self) -> u16 {
        let rows = match self.lines.len() {
            1 => 1,
            lines => lines + 1,
        };
        u16::try_from(rows).unwrap_or(u16::MAX)
    }
}

impl FilterBar {
    /// What there is to say of the text, in a bar of `width` cells: the first error, or else all warnings, each
    /// with its advice.
    pub fn message(&self, width: u16) -> Option<Message> {
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

    /// The diagnostics that matter most: one that keeps the text from being a filter, or else all warnings.
    pub(crate) fn said(&self) -> Vec<&Diagnostic> {
        let of = |severity: Severity| {
            let all = self.compiled.diagnostics.iter();
            all.filter(move |diagnostic| diagnostic.severity == severity)
        };
        let error = of(Severity::Error).chain(of(Severity::Incomplete)).next();
        error.map_or_else(|| of(Severity::Warning).collect(), |error| vec![error])
    }
}
