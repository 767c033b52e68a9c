//! The layout of values that stand under names: the names of a table, or those of an object.

use std::sync::Arc;

use super::{Layouts, MAX_EXTRA_NAMES, MAX_FIELDS};
use crate::ingest::text::piece::Columns;
use crate::schema;
use crate::store::{Layout, LineStyle};

impl Layouts {
    /// The layout of values under the names of `columns`; none where there are too many.
    pub(in crate::ingest::text) fn named(&self, columns: &Columns) -> Option<Arc<Layout>> {
        let style = columns.style;
        let names = || columns.names.iter().filter(|name| !name.is_empty());
        let is_new = |name: &&String| self.catalog.lookup(name).is_none();
        let new = names().filter(is_new).count();
        if names().count() > MAX_FIELDS
            || new > 0 && self.catalog.extra_names().len() + new > MAX_EXTRA_NAMES
        {
            return None;
        }
        // The name of something that is worked out is no name for what stands in a file.
        let name = |name: &String| match schema::lookup(name) {
            Some(field) if field.is_computed() => format!("{name} (2)"),
            _ => name.clone(),
        };
        let owned: Vec<String> = names().map(name).collect();
        let names: Vec<&str> = owned.iter().map(String::as_str).collect();
        let header = match (&columns.header, style) {
            (None, LineStyle::Values) => Some(names.join(" ")),
            (header, _) => header.clone(),
        };
        Some(self.intern(self.fields(&names), header.as_deref(), style))
    }
}
