//! The filter bar: its text, what became of it, and the filters before it.

mod message;

use std::sync::Arc;

pub use message::{CARET, Message};

use ratatui::layout::Rect;

use super::Pane;
use super::completion::Completing;
use super::line_editor::{Edit, LineEditor};
use super::view::{Context, Effect, View};
use crate::keymap::{Action, Scope};
use crate::query::{self, Compiled, Completion, Expression, Saved, Selected, Severity};
use crate::schema::FieldId;
use crate::store::{RowId, Store};

/// A filter that was in force, and what the breakdown grouped by then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The text.
    pub text: String,
    /// The record that it refers to, if it refers to one.
    pub row: Option<RowId>,
    /// The field of the breakdown.
    pub breakdown: FieldId,
}

/// The state of the filter bar.
#[derive(Clone, Debug)]
pub struct FilterBar {
    /// The text and its cursor.
    pub editor: LineEditor,
    /// What is suggested at the cursor.
    pub completing: Completing,
    /// What became of the text.
    pub compiled: Compiled,
    /// The text of the last good filter; what is on the screen.
    pub applied: String,
    /// The last good filter.
    pub expression: Option<Arc<Expression>>,
    /// The canonical form of the last good filter; empty for all records.
    pub canonical: String,
    /// The record that `$srcaddr` in the text refers to, and the one in the last good filter.
    rows: [Option<RowId>; 2],
    /// The text when the bar got the keys.
    entered: String,
    /// The record of the cursor before somebody began to type.
    subject: Option<RowId>,
    steps: Vec<Step>,
    at: usize,
}

impl FilterBar {
    /// A bar with `text` in it. `breakdown` is what the breakdown groups by at first.
    pub fn new(text: String, breakdown: FieldId) -> Self {
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
            steps: vec![Step {
                text: String::new(),
                row: None,
                breakdown,
            }],
            at: 0,
        }
    }

    /// Notes that the bar gets the keys while the cursor is on the record `row`.
    pub fn enter(&mut self, row: Option<RowId>) {
        self.editor.text().clone_into(&mut self.entered);
        self.subject = row;
    }

    /// Whether the text is another one than when the bar got the keys.
    pub fn is_typed(&self) -> bool {
        self.editor.text() != self.entered
    }

    /// Notes that the text was typed while the cursor is on the record `row`: it refers to the one that the
    /// cursor was on when that began. The list follows every keystroke and takes its cursor along.
    pub fn typed(&mut self, row: Option<RowId>) {
        self.subject = self.subject.or(row);
        self.refer(self.subject);
    }

    /// Puts `text` in place of what was typed, which refers to the same record. What is typed next is about
    /// the list that it makes.
    pub fn replace(&mut self, text: String, row: Option<RowId>) {
        self.editor.set(text);
        self.typed(row);
        self.subject = None;
    }

    /// Makes the text refer to the record `row`, if it refers to one.
    pub fn refer(&mut self, row: Option<RowId>) {
        self.rows[0] = row.filter(|_| self.editor.text().contains('$'));
    }

    /// Narrows the last good filter by `term`; it refers to the same record as before.
    pub fn narrow(&mut self, term: &str) {
        self.editor.set(query::narrow(&self.applied, term));
        self.rows[0] = self.rows[1];
    }

    /// Reads the text anew; says whether the filter in force is another one now.
    pub fn compile(&mut self, store: &Store, fields: &[FieldId], saved: &[Saved]) -> bool {
        let context = query::Context {
            selected: self.rows[0].map(|row| Selected { store, row }),
            saved,
            ..query::Context::of(store, fields)
        };
        self.compiled = query::compile(self.editor.text(), &context);
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

    /// Takes the last good filter out of force where its text is that of the bar, which is wrong by what is known
    /// now: a file has come of which a column was not read. Says whether it did.
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

    /// What could be written at the cursor.
    pub fn completion(&self, store: &Store, saved: &[Saved]) -> Completion {
        let fields = store.fields();
        let context = query::Context {
            selected: self.rows[0].map(|row| Selected { store, row }),
            saved,
            ..query::Context::of(store, &fields)
        };
        query::complete(self.editor.text(), self.editor.cursor(), &context)
    }

    /// The record that the last good filter refers to, if it refers to one.
    pub(super) fn applied_row(&self) -> Option<RowId> {
        self.rows[1]
    }

    /// Whether the text does not make a filter, so that the last good one is in force.
    pub fn is_held(&self) -> bool {
        self.compiled.expression.is_none()
    }

    /// Remembers the filter in force as a step that can be walked back to.
    pub fn remember(&mut self, breakdown: FieldId) {
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

    /// Takes the text of the step before or after the present one; none where there is no such step.
    pub fn walk(&mut self, forward: bool) -> Option<Step> {
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
            // Tab through the panes must not write into the filter.
            Action::Complete => {
                let is_meant = self.completing.chosen.is_some() || self.completing.is_begun();
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
        self.editor.insert(text);
        Effect::FilterEdited
    }

    fn settle(&mut self, _area: Rect, _context: &Context<'_>) {}
}

/// Why `text` is not a filter, among the filters `saved` and about the record `row`; in a sentence.
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
