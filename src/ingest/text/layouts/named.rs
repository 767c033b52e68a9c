//! The layout of values that stand under names: the names of a table, or those of an object.

use std::sync::Arc;

use super::{EVENT_TIME, Layouts, MAX_EXTRA_NAMES, MAX_FIELDS};
use crate::ingest::text::piece::Columns;
use crate::schema::{self, FieldId, id};
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
        let has_time = has_record_time(&names().map(String::as_str).collect::<Vec<_>>());
        let is_own = is_export(&names().map(String::as_str).collect::<Vec<_>>());
        // The name of something that is worked out is no name for what stands in a file.
        let name = |name: &String| match schema::lookup(name) {
            _ if name == EVENT_TIME && has_time => EVENT_TIME.replace('@', ""),
            _ if name == EVENT_TIME => "start".to_owned(),
            Some(id::FILE | id::LINE) if is_own => name.clone(),
            Some(field) if field.is_computed() => format!("{name} (2)"),
            _ => name.clone(),
        };
        let owned: Vec<String> = names().map(name).collect();
        let names: Vec<&str> = owned.iter().map(String::as_str).collect();
        let header = match (&columns.header, style) {
            (None, LineStyle::Values) => Some(columns.names.join(" ")),
            (header, _) => header.clone(),
        };
        Some(self.intern(self.named_fields(&names), header.as_deref(), style))
    }

    /// As [`Layouts::fields`], where the file and the line of our exports stay what they are.
    pub(crate) fn named_fields(&self, names: &[&str]) -> Vec<FieldId> {
        if !is_export(names) {
            return self.fields(names);
        }
        let own = |name: &&str| OWN.iter().find(|(own, _)| own == name);
        let others: Vec<&str> = names
            .iter()
            .copied()
            .filter(|name| own(name).is_none())
            .collect();
        let mut others = self.fields(&others).into_iter();
        let fields = names.iter().map(|name| match own(name) {
            Some((_, field)) => Some(*field),
            None => others.next(),
        });
        fields.flatten().collect()
    }
}

/// Whether a column has the start or the end of records, so that [`EVENT_TIME`] does not stand in for it.
pub(crate) fn has_record_time(names: &[&str]) -> bool {
    let mut fields = names.iter().map(|name| schema::lookup_header(name));
    fields.any(|field| matches!(field, Some(id::START | id::END)))
}

/// The columns behind all others in our exports: where a record was read from.
const OWN: [(&str, FieldId); 2] = [("file", id::FILE), ("line", id::LINE)];
/// A table with columns of these names is an export of ours only if it has so many fields, as we spell them.
const MIN_EXPORT_FIELDS: usize = 2;

/// Whether names are those of an export of ours: a file and a line, and fields that are spelled as in no other table.
pub(crate) fn is_export(names: &[&str]) -> bool {
    let are_own = OWN
        .iter()
        .all(|(own, _)| names.iter().filter(|name| name == &own).count() == 1);
    let fields = names
        .iter()
        .filter_map(|name| Some((name, schema::lookup_header(name)?.def()?)));
    let fields: Vec<_> = fields.collect();
    let are_ours = fields.iter().all(|(name, def)| def.column == **name);
    are_own && are_ours && fields.len() >= MIN_EXPORT_FIELDS
}
