//! Half an address: while `10.0.100.1` is typed on the way to `10.0.100.10`, the last good result stays on the screen
//! unless the text as it is selects something.

use std::sync::Arc;

use super::FilterBar;
use crate::engine::Answer;
use crate::query::complete::may_be_partial_address;
use crate::query::{Diagnostic, Expression, Severity};
use crate::store::{Catalog, RowId};

/// A text that may end with the first part of an address, and the filter to go back to if it selects nothing.
#[derive(Clone, Debug)]
pub(super) struct Partial {
    text: String,
    good: Good,
    /// Whether the text is known to select nothing.
    is_refused: bool,
}

/// The last valid filter that was not half an address.
#[derive(Clone, Debug)]
struct Good {
    applied: String,
    expression: Option<Arc<Expression>>,
    canonical: String,
    row: Option<RowId>,
}

impl FilterBar {
    /// Prepares for compiling text that was just typed: if it ends with what may be half an address, remembers the
    /// filter in force.
    pub(crate) fn watch_partial(&mut self, catalog: &Catalog) {
        let text = self.editor.text();
        let at_end = self.editor.cursor() == text.len();
        let is_partial = at_end && may_be_partial_address(text, catalog);
        let good = match self.partial.take() {
            // The filter in force may be half an address that happens to select something, such as a port.
            Some(partial) => partial.good,
            None => Good {
                applied: self.applied.clone(),
                expression: self.expression.clone(),
                canonical: self.canonical.clone(),
                row: self.rows[1],
            },
        };
        self.partial = is_partial.then(|| Partial {
            text: text.to_owned(),
            good,
            is_refused: false,
        });
    }

    /// Takes the filter in force as it is from now on, half an address or not. Returns whether it has to be compiled
    /// again.
    pub(crate) fn commit(&mut self) -> bool {
        let partial = self.partial.take();
        partial.is_some_and(|partial| partial.is_refused)
    }

    /// Whether the newest `answer` is to be ignored because the filter may be half an address and selects nothing. Then
    /// the last good filter is in force again.
    pub(crate) fn refuses(&mut self, answer: &Answer) -> bool {
        let Some(partial) = &mut self.partial else {
            return false;
        };
        if partial.is_refused || self.applied != partial.text {
            return false;
        }
        let has_records = answer.selection.store().rows() > 0;
        if !answer.selection.is_empty()
            || !has_records
            || self.expression == partial.good.expression
        {
            return false;
        }
        if answer.complete {
            partial.is_refused = true;
            let good = partial.good.clone();
            self.applied = good.applied;
            self.expression = good.expression;
            self.canonical = good.canonical;
            self.rows[1] = good.row;
            self.hold_refused();
        }
        true
    }

    /// Has a refused text tried again, because there are more records.
    pub(crate) fn retry(&mut self) {
        if let Some(partial) = &mut self.partial {
            partial.is_refused = false;
        }
    }

    /// If the text was refused, makes it incomplete rather than a filter.
    pub(super) fn hold_refused(&mut self) {
        let text = self.editor.text();
        let refused = self.partial.as_ref();
        let refused = refused.filter(|partial| partial.is_refused && partial.text == text);
        if refused.is_none() || self.compiled.expression.take().is_none() {
            return;
        }
        let is_end = |c: char| c.is_whitespace() || "({[,=".contains(c);
        let word = text.rsplit(is_end).next().unwrap_or_default();
        let message = format!("no record matches {word} so far; Enter filters by it all the same");
        self.compiled
            .diagnostics
            .retain(|known| known.severity != Severity::Warning);
        self.compiled.diagnostics.push(Diagnostic {
            severity: Severity::Incomplete,
            span: text.len() - word.len()..text.len(),
            message,
            suggestion: None,
        });
    }
}
