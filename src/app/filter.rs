//! The filter bar: its text, the compiled filter, and the filters to undo and redo.

mod message;
mod partial;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use message::Message;

pub(crate) use message::CARET;

use ratatui::layout::Rect;

use super::Pane;
use super::completion::Completing;
use super::line_editor::{Edit, LineEditor};
use super::view::{Context, Effect, View};
use crate::keymap::{Action, Scope};
use crate::query::{self, Compiled, Completion, Expression, Saved, Selected, Severity};
use crate::schema::FieldId;
use crate::store::{RowId, Store};
use partial::Partial;

/// A step of undo and redo: a filter that was applied, and the field of the breakdown at that time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub(crate) text: String,
    /// The record that `$srcaddr` and the like refer to, if the text has any.
    pub(crate) row: Option<RowId>,
    pub(crate) breakdown: FieldId,
}

/// The state of the filter bar.
#[derive(Clone, Debug)]
pub struct FilterBar {
    pub(crate) editor: LineEditor,
    pub(crate) completing: Completing,
    /// The result of compiling the text, with diagnostics.
    pub(crate) compiled: Compiled,
    /// The text of the last valid filter, which the panes show.
    pub(crate) applied: String,
    /// The last valid filter.
    pub(crate) expression: Option<Arc<Expression>>,
    /// The canonical form of the last valid filter; empty if it selects all records.
    pub(crate) canonical: String,
    /// The records that `$srcaddr` and the like refer to: in the text, and in the last valid filter.
    rows: [Option<RowId>; 2],
    /// The text when the bar was focused.
    entered: String,
    /// The record that was selected before typing began.
    subject: Option<RowId>,
    /// Set while the text ends with what may be the first part of an address.
    partial: Option<Partial>,
    steps: Vec<Step>,
    at: usize,
}

impl FilterBar {
    /// `breakdown` is the initial field of the breakdown.
    pub(crate) fn new(text: String, breakdown: FieldId) -> Self {
        let mut editor = LineEditor::default();
        editor.set(text.clone());
        Self {
            editor,
            completing: Completing::default(),
            compiled: Compiled::default(),
            applied: String::new(),
            expression: None,
            canonical: String::new(),
            rows: [None; 2],
            entered: text,
            subject: None,
            partial: None,
            steps: vec![Step {
                text: String::new(),
                row: None,
                breakdown,
            }],
            at: 0,
        }
    }

    /// Prepares for editing while the record `row` is selected.
    pub(crate) fn enter(&mut self, row: Option<RowId>) {
        self.editor.text().clone_into(&mut self.entered);
        self.subject = row;
    }

    /// Whether the text has changed since the bar was focused.
    pub(crate) fn is_typed(&self) -> bool {
        self.editor.text() != self.entered
    }

    /// The text when the bar was focused, if it has changed since.
    pub(crate) fn text_before(&self) -> Option<String> {
        self.is_typed().then(|| self.entered.clone())
    }

    /// Puts the text from before typing back into the bar, with the record that it referred to.
    pub(crate) fn restore(&mut self, text: String) {
        self.partial = None;
        let mut steps = self.steps.iter().rev();
        let step = steps.find(|step| step.text == text);
        self.rows[0] = step.and_then(|step| step.row);
        self.editor.set(text);
    }

    /// Records that the text was edited while `row` is selected. The text refers to the record that was selected when
    /// typing began, because the list and its cursor change with every key.
    pub(crate) fn typed(&mut self, row: Option<RowId>) {
        self.subject = self.subject.or(row);
        self.refer(self.subject);
    }

    /// Replaces the text. It refers to the same record as the typed text did; text typed after this refers to the
    /// record selected then.
    pub(crate) fn replace(&mut self, text: String, row: Option<RowId>) {
        self.editor.set(text);
        self.typed(row);
        self.subject = None;
    }

    /// Makes `$srcaddr` and the like in the text refer to `row`.
    pub(crate) fn refer(&mut self, row: Option<RowId>) {
        self.rows[0] = row.filter(|_| self.editor.text().contains('$'));
    }

    /// Replaces the text by one that was made from the last valid filter. It refers to the same record as that.
    pub(crate) fn derive(&mut self, text: String) {
        self.editor.set(text);
        self.rows[0] = self.rows[1];
    }

    /// Compiles the text. Returns whether the applied filter has changed.
    pub(crate) fn compile(&mut self, store: &Store, fields: &[FieldId], saved: &[Saved]) -> bool {
        let context = query::Context {
            selected: self.rows[0].map(|row| Selected { store, row }),
            saved,
            ..query::Context::of(store, fields)
        };
        self.compiled = query::compile(self.editor.text(), &context);
        self.hold_refused();
        let Some(expression) = self.compiled.expression.clone() else {
            return self.withdraw();
        };
        self.editor.text().clone_into(&mut self.applied);
        self.rows[1] = self.rows[0];
        let changed = self.expression.as_ref() != Some(&expression);
        if changed {
            self.canonical = expression.to_string();
            self.expression = Some(expression);
        }
        changed
    }

    /// Removes the applied filter if it has become invalid, which happens when a file is loaded whose column was not
    /// read. Returns whether it was removed.
    fn withdraw(&mut self) -> bool {
        let mut found = self.compiled.diagnostics.iter();
        let is_wrong = found.any(|found| found.severity != Severity::Warning);
        let is_withdrawn =
            is_wrong && !self.applied.is_empty() && self.applied == self.editor.text();
        if is_withdrawn {
            self.applied.clear();
            self.canonical.clear();
            self.expression = None;
            self.rows[1] = None;
        }
        is_withdrawn
    }

    /// The candidates at the cursor.
    pub(crate) fn completion(&self, store: &Store, saved: &[Saved]) -> Completion {
        let fields = store.fields();
        let context = query::Context {
            selected: self.rows[0].map(|row| Selected { store, row }),
            saved,
            ..query::Context::of(store, &fields)
        };
        query::complete(self.editor.text(), self.editor.cursor(), &context)
    }

    /// The record that the last valid filter refers to, if any.
    pub(super) fn applied_row(&self) -> Option<RowId> {
        self.rows[1]
    }

    /// Whether the text is not a valid filter, so that the panes still show the last valid one.
    pub(crate) fn is_held(&self) -> bool {
        self.compiled.expression.is_none()
    }

    /// Adds the applied filter to the undo steps.
    pub(crate) fn remember(&mut self, breakdown: FieldId) {
        let step = Step {
            text: self.applied.clone(),
            row: self.rows[1],
            breakdown,
        };
        let last = &self.steps[self.at];
        if *last == step {
            return;
        }
        if (&last.text, last.row) == (&step.text, step.row) {
            self.steps[self.at] = step;
            return;
        }
        self.steps.truncate(self.at + 1);
        self.steps.push(step);
        self.at += 1;
    }

    /// Undoes or redoes one step. Returns `None` if there is no such step.
    pub(crate) fn walk(&mut self, forward: bool) -> Option<Step> {
        let next = if forward {
            self.at + 1
        } else {
            self.at.checked_sub(1)?
        };
        let step = self.steps.get(next)?.clone();
        self.at = next;
        self.editor.set(step.text.clone());
        self.rows[0] = step.row;
        Some(step)
    }
}

impl View for FilterBar {
    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Filter, Scope::Line]
    }

    fn act(&mut self, action: Action, context: &Context<'_>) -> Effect {
        match action {
            Action::NextCandidate => self.completing.choose(true),
            Action::PreviousCandidate => self.completing.choose(false),
            Action::HistoryForward if self.completing.is_shown() => self.completing.choose(true),
            Action::HistoryBack if self.completing.is_chosen() => self.completing.choose_above(),
            // Cycling through the panes with Tab must not change the filter.
            Action::Complete => {
                let is_meant = self.completing.chosen.is_some() || self.completing.has_typed_word();
                return if is_meant && self.write_candidate() {
                    Effect::FilterEdited
                } else {
                    Effect::FocusNext
                };
            }
            Action::AcceptFilter => {
                return if self.completing.chosen.is_some() && self.write_candidate() {
                    Effect::FilterEdited
                } else {
                    Effect::Focus(Pane::Records)
                };
            }
            Action::CopyCell => return context.copy_cell(),
            Action::CopyLine => return context.copy_line(),
            _ => {
                let before = self.editor.cursor();
                match self.editor.act(action) {
                    Edit::Changed => return Effect::FilterEdited,
                    Edit::Moved if self.editor.cursor() != before => self.completing.suppress(),
                    Edit::Moved => {}
                    Edit::Unhandled => return Effect::Unhandled,
                }
            }
        }
        Effect::None
    }

    fn insert(&mut self, text: &str, _context: &Context<'_>) -> Effect {
        if text == "?" && self.editor.text().is_empty() {
            return Effect::Act(Action::Help);
        }
        self.editor.insert(text);
        Effect::FilterEdited
    }

    fn settle(&mut self, _area: Rect, _context: &Context<'_>) {}
}

/// Why `text` is not a valid filter, as a sentence. `saved` and `row` are what `$name` and `$srcaddr` refer to.
pub(super) fn error_of(
    text: &str,
    row: Option<RowId>,
    store: &Store,
    saved: &[Saved],
) -> Option<String> {
    let context = query::Context {
        selected: row.map(|row| Selected { store, row }),
        saved,
        ..query::Context::of(store, &[])
    };
    let diagnostics = query::compile(text, &context).diagnostics;
    let mut errors = diagnostics.into_iter();
    let error = errors.find(|error| error.severity != Severity::Warning)?;
    Some(error.sentence())
}
