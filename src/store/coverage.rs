//! Which files have a field, and which columns were skipped.

use std::path::Path;
use std::sync::Arc;

use super::{Layout, LineStyle, Source, Store};
use crate::format;
use crate::schema::FieldId;

/// A column of a file that was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedColumn {
    /// The name of the column in the file.
    pub name: String,
    /// The field that it would have filled.
    pub field: FieldId,
    /// Why, as the rest of a sentence about it: `has the type DECIMAL(38,0), which is not supported`.
    pub reason: String,
    /// What to do about it: `write it again …`.
    pub way_out: String,
}

impl SkippedColumn {
    /// That it was not read from the file at `path`, why, and the way out. Safe to show.
    pub fn message(&self, path: &Path) -> String {
        let path = format::path(path);
        let Self {
            name,
            reason,
            way_out,
            ..
        } = self;
        let text = format!("column {name} of {path} {reason}; {way_out}");
        format::visible(&text).into_owned()
    }
}

/// The first column among `sources` that was not read and that the values of `field` would come from.
pub fn skipped_column(sources: &[Source], field: FieldId) -> Option<(&Source, &SkippedColumn)> {
    // Hardly any file has one.
    let mut some = sources
        .iter()
        .filter(|source| !source.skipped_columns.is_empty())
        .peekable();
    some.peek()?;
    let basis = field.basis();
    some.find_map(|source| {
        let is_needed = |column: &&SkippedColumn| basis.fields.contains(&column.field);
        let column = source.skipped_columns.iter().find(is_needed)?;
        Some((source, column))
    })
}

/// A value that the name of a folder gives to all records below it: `action=REJECT`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderValue {
    /// The field that the folder names.
    pub field: FieldId,
    /// The value as a word; none where it is missing.
    pub word: Option<String>,
}

impl Store {
    /// The first column that was not read and that the values of `field` would come from.
    pub fn skipped_column(&self, field: FieldId) -> Option<(&Source, &SkippedColumn)> {
        skipped_column(self.sources(), field)
    }

    /// Whether the values of `field` can come from some file; true before there are records.
    pub fn has(&self, field: FieldId) -> bool {
        let is_met = |field: &FieldId| {
            let mut sources = self.sources().iter();
            self.fields.contains_key(field) || sources.any(|source| source.has_folder_value(*field))
        };
        self.rows() == 0 || field.basis().holds(is_met)
    }

    /// The files with records that do not have `field`, at least in part, by their indexes; and how many files have
    /// records.
    pub fn lacking(&self, field: FieldId) -> (Vec<usize>, usize) {
        let sources = self.sources().iter().enumerate();
        let read = sources.filter(|(_, source)| source.line_counts.records > 0);
        let (mut lacking, mut all) = (Vec::new(), 0);
        for (index, source) in read {
            all += 1;
            if source.lacks(field) {
                lacking.push(index);
            }
        }
        (lacking, all)
    }
}

impl Source {
    fn has_folder_value(&self, field: FieldId) -> bool {
        self.folder_values.iter().any(|value| value.field == field)
    }

    /// Whether some of its records cannot have a value of `field`.
    fn lacks(&self, field: FieldId) -> bool {
        if self.has_folder_value(field) {
            return false;
        }
        let layouts = || self.layouts.iter();
        let has = |layout: &Arc<Layout>| layout.fields.contains(&field);
        // Rows with named values leave out fields without a value.
        if layouts().any(|layout| layout.style == LineStyle::Values) {
            !layouts().any(has)
        } else {
            !layouts().all(has)
        }
    }
}
