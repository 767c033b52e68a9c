//! The layout of values that stand under names: the names of a table, or those of an object.

use std::borrow::Cow;
use std::sync::Arc;

use super::{Layouts, MAX_EXTRA_NAMES, MAX_FIELDS};
use crate::schema;
use crate::store::{Layout, LineStyle};

impl Layouts {
    /// The layout of values under `names`; `header` is the line that they stood in. None where there are too many.
    pub(in crate::ingest::text) fn named(
        &self,
        names: &[Cow<'_, str>],
        style: LineStyle,
        header: Option<&str>,
    ) -> Option<Arc<Layout>> {
        let is_new = |name: &&Cow<'_, str>| self.catalog.lookup(name).is_none();
        let new = names.iter().filter(is_new).count();
        if names.len() > MAX_FIELDS
            || new > 0 && self.catalog.extra_names().len() + new > MAX_EXTRA_NAMES
        {
            return None;
        }
        // The name of something that is worked out is no name for what stands in a file.
        let name = |name: &Cow<'_, str>| match schema::lookup(name) {
            Some(field) if field.is_computed() => format!("{name} (2)"),
            _ => name.clone().into_owned(),
        };
        let owned: Vec<String> = names.iter().map(name).collect();
        let names: Vec<&str> = owned.iter().map(String::as_str).collect();
        let header = match (header, style) {
            (None, LineStyle::Values) => Some(names.join(" ")),
            (header, _) => header.map(str::to_owned),
        };
        Some(self.intern(self.fields(&names), header.as_deref(), style))
    }
}
