//! The filter bar: its text, what became of it, and the filters before it.

use std::sync::Arc;

use super::line_editor::LineEditor;
use crate::query::{self, Compiled, Context, Expression};
use crate::schema::FieldId;
use crate::store::Store;

/// A filter that was in force, and what the breakdown grouped by then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The text.
    pub text: String,
    /// The field of the breakdown.
    pub breakdown: FieldId,
}

/// The state of the filter bar.
#[derive(Clone, Debug)]
pub struct FilterBar {
    /// The text and its cursor.
    pub editor: LineEditor,
    /// What became of the text.
    pub compiled: Compiled,
    /// The text of the last good filter; what is on the screen.
    pub applied: String,
    /// The last good filter.
    pub expression: Option<Arc<Expression>>,
    /// The canonical form of the last good filter; empty for all records.
    pub canonical: String,
    steps: Vec<Step>,
    at: usize,
}

impl FilterBar {
    /// A bar with `text` in it. `breakdown` is what the breakdown groups by at first.
    pub fn new(text: String, breakdown: FieldId) -> Self {
        let mut editor = LineEditor::default();
        editor.set(text);
        Self {
            editor,
            compiled: Compiled::default(),
            applied: String::new(),
            expression: None,
            canonical: String::new(),
            steps: vec![Step {
                text: String::new(),
                breakdown,
            }],
            at: 0,
        }
    }

    /// Reads the text anew; says whether the filter in force is another one now.
    pub fn compile(&mut self, store: &Store, fields: &[FieldId]) -> bool {
        let context = Context {
            catalog: &store.catalog,
            fields,
            span: store.span(),
            selected: None,
            saved: &[],
        };
        self.compiled = query::compile(self.editor.text(), &context);
        let Some(expression) = self.compiled.expression.clone() else {
            return false;
        };
        self.editor.text().clone_into(&mut self.applied);
        let changed = self.expression.as_ref() != Some(&expression);
        if changed {
            self.canonical = expression.to_string();
            self.expression = Some(expression);
        }
        changed
    }

    /// Whether the text does not make a filter, so that the last good one is in force.
    pub fn is_held(&self) -> bool {
        self.compiled.expression.is_none()
    }

    /// Remembers the filter in force as a step that can be walked back to.
    pub fn remember(&mut self, breakdown: FieldId) {
        let step = Step {
            text: self.applied.clone(),
            breakdown,
        };
        if self.steps[self.at] == step {
            return;
        }
        if self.steps[self.at].text == step.text {
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
        Some(step)
    }
}
