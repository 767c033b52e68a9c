//! Checks that the loaded files have the fields that a filter uses.

use std::ops::Range;

use super::Checker;
use crate::query::diagnostic::Problem;
use crate::query::expression::Name;
use crate::query::parse::MAX_DIAGNOSTICS;
use crate::store::coverage;

impl Checker<'_> {
    /// Reports a field that could not be read from a file, and warns about one that no loaded file has.
    pub(super) fn mention(&mut self, name: &Name, span: &Range<usize>) {
        if self.shared.mentioned.contains(&name.field) {
            return;
        }
        if let Some((source, column)) = coverage::skipped_column(self.context.sources, name.field) {
            self.shared.mentioned.push(name.field);
            self.error(span, column.message(&source.path));
            return;
        }
        // Warnings must leave room for errors.
        let enough = self.shared.mentioned.len() >= MAX_DIAGNOSTICS / 2;
        if self.context.fields.is_empty() || enough {
            return;
        }
        self.shared.mentioned.push(name.field);
        let loaded = |field: &_| self.context.fields.contains(field);
        if !name.field.basis().holds(loaded) {
            let message = format!("no loaded file has {name}, so it is missing in every record");
            self.warn(span, Problem::new(message));
        }
    }
}
