//! Warns of fields that no loaded file has.

use std::ops::Range;

use super::super::diagnostic::{Diagnostic, Severity};
use super::super::expression::Name;
use super::super::parse::DIAGNOSTICS;
use super::Checker;
use crate::schema::{FieldId, id};

impl Checker<'_> {
    /// Warns where no loaded file has what `name` asks for.
    pub(in super::super) fn mention(&mut self, name: &Name, span: &Range<usize>) {
        // Warnings must leave room for what is wrong.
        let enough = self.shared.mentioned.len() >= DIAGNOSTICS / 2;
        if self.context.fields.is_empty() || enough || self.shared.mentioned.contains(&name.field) {
            return;
        }
        self.shared.mentioned.push(name.field);
        let loaded = |field: &FieldId| self.context.fields.contains(field);
        let there = match name.field {
            id::ADDR => loaded(&id::SRCADDR) || loaded(&id::DSTADDR),
            id::PKT_ADDR => loaded(&id::PKT_SRCADDR) || loaded(&id::PKT_DSTADDR),
            id::PORT => loaded(&id::SRCPORT) || loaded(&id::DSTPORT),
            id::TIME => loaded(&id::START) || loaded(&id::END),
            id::LINE | id::FILE => true,
            id::SCOPE => [id::SRCADDR, id::DSTADDR].iter().all(loaded),
            id::DURATION => [id::START, id::END].iter().all(loaded),
            id::BPS => [id::BYTES, id::START, id::END].iter().all(loaded),
            id::PPS => [id::PACKETS, id::START, id::END].iter().all(loaded),
            id::BPP => [id::BYTES, id::PACKETS].iter().all(loaded),
            field => loaded(&field),
        };
        if !there {
            self.say(Diagnostic {
                severity: Severity::Warning,
                span: span.clone(),
                message: format!("no loaded file has {name}: it is missing in every record"),
                suggestion: None,
            });
        }
    }
}
