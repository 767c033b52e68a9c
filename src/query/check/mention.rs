//! Says which fields no loaded file has, and which were not read.

use std::ops::Range;

use super::super::diagnostic::{Diagnostic, Severity};
use super::super::expression::Name;
use super::super::parse::DIAGNOSTICS;
use super::Checker;
use crate::store::coverage;

impl Checker<'_> {
    /// Refuses what `name` asks for where a file has it and it was not read; warns where no loaded file has it.
    pub(in super::super) fn mention(&mut self, name: &Name, span: &Range<usize>) {
        if self.shared.mentioned.contains(&name.field) {
            return;
        }
        if let Some((source, column)) = coverage::skipped_column(self.context.sources, name.field) {
            self.shared.mentioned.push(name.field);
            self.error(span, column.telling(&source.path));
            return;
        }
        // Warnings must leave room for what is wrong.
        let enough = self.shared.mentioned.len() >= DIAGNOSTICS / 2;
        if self.context.fields.is_empty() || enough {
            return;
        }
        self.shared.mentioned.push(name.field);
        let loaded = |field: &_| self.context.fields.contains(field);
        if !name.field.basis().holds(loaded) {
            self.say(Diagnostic {
                severity: Severity::Warning,
                span: span.clone(),
                message: format!("no loaded file has {name}: it is missing in every record"),
                suggestion: None,
            });
        }
    }
}
