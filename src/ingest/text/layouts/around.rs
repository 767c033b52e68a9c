//! The layouts of records that have words before and after them.

use std::sync::Arc;

use super::Layouts;
use crate::ingest::text::known_order::KnownLine;
use crate::ingest::text::known_order::columns::{TIMESTAMP, names_around};
use crate::schema::{FieldId, lookup_header};
use crate::store::Layout;

impl Layouts {
    /// The layout of a line that was recognized.
    pub(crate) fn of_line(&self, line: KnownLine, words: &[&str]) -> Arc<Layout> {
        self.of_fields(self.fields_of_line(line, words))
    }

    /// The fields of a line that was recognized, with those of the words around its record.
    pub(crate) fn fields_of_line(&self, line: KnownLine, words: &[&str]) -> Vec<FieldId> {
        let (prefix, extra) = names_around(line.prefix, line.fields.len(), words);
        self.fields_around(&prefix, line.fields, &extra)
    }

    /// The layout of records of `fields` with named words before and after them.
    pub(crate) fn around(
        &self,
        prefix: &[String],
        fields: &[FieldId],
        extra: &[String],
    ) -> Arc<Layout> {
        self.of_fields(self.fields_around(prefix, fields, extra))
    }

    fn fields_around(
        &self,
        prefix: &[String],
        fields: &[FieldId],
        extra: &[String],
    ) -> Vec<FieldId> {
        let mut all = Vec::with_capacity(prefix.len() + fields.len() + extra.len());
        all.extend(prefix.iter().map(|name| self.catalog.extra(name)));
        all.extend_from_slice(fields);
        for name in extra {
            let known = lookup_header(name).filter(|field| !all.contains(field));
            let field = known.unwrap_or_else(|| self.catalog.extra(name));
            if all.contains(&field) {
                all.push(self.catalog.extra(&format!("{name} (2)")));
            } else {
                all.push(field);
            }
        }
        all
    }

    /// Whether `field` is the time of an event before a record.
    pub(crate) fn is_event_time(&self, field: FieldId) -> bool {
        field.def().is_none() && *self.catalog.name(field) == *TIMESTAMP
    }
}
