//! The layouts of records that have words before and after them.

use std::sync::Arc;

use super::Layouts;
use crate::ingest::text::known_order::KnownLine;
use crate::ingest::text::known_order::columns::{TIMESTAMP, names_around};
use crate::schema::{FieldId, lookup_header};
use crate::store::{Layout, LineStyle};

/// No more layouts of such lines are kept: the words around records could make up any number of them.
const MAX_LAYOUTS: usize = 1024;

impl Layouts {
    /// The layout of a line that was recognized; none where there are too many.
    pub(crate) fn of_line(&self, line: KnownLine, words: &[&str]) -> Option<Arc<Layout>> {
        let (prefix, extra) = names_around(line.prefix, line.fields.len(), words);
        self.around(&prefix, line.fields, &extra)
    }

    /// The layout of records of `fields` with named words before and after them; none where there are too many.
    pub(crate) fn around(
        &self,
        prefix: &[String],
        fields: &[FieldId],
        extra: &[String],
    ) -> Option<Arc<Layout>> {
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
        self.intern_bounded(all)
    }

    fn intern_bounded(&self, fields: Vec<FieldId>) -> Option<Arc<Layout>> {
        let layout = Layout {
            fields,
            header: None,
            style: LineStyle::Words,
        };
        let mut met = self.met();
        if let Some(known) = met.all.get(&layout) {
            return Some(Arc::clone(known));
        }
        if met.around >= MAX_LAYOUTS {
            return None;
        }
        met.around += 1;
        drop(met);
        Some(self.intern(layout.fields, None, LineStyle::Words))
    }

    /// Whether `field` is the time of an event before a record.
    pub(crate) fn is_event_time(&self, field: FieldId) -> bool {
        field.def().is_none() && *self.catalog.name(field) == *TIMESTAMP
    }
}
