//! The columns that a question needs: whether they were read, and in how many files they are.

use super::failure::Failure;
use super::problem::Problem;
use super::report;
use crate::analysis::{KnownCounts, Measure};
use crate::format;
use crate::schema::FieldId;
use crate::store::Store;

/// Refuses `fields`, which were given to `option`, where one of them was not read; warns of those that no file has.
pub(super) fn fields(store: &Store, option: &str, fields: &[FieldId]) -> Result<(), Failure> {
    for (index, field) in fields.iter().enumerate() {
        if let Some((source, column)) = store.skipped_column(*field) {
            let why = column.telling(&source.path);
            return Err(Failure::at(option, Problem::NotRead(why)));
        }
        if !store.has(*field) && !fields.get(..index).unwrap_or_default().contains(field) {
            let name = store.catalog.name(*field);
            report::warn(&format!(
                "{option}: no loaded file has {}, so it is missing in every record",
                format::visible(&name)
            ));
        }
    }
    Ok(())
}

/// Which counts are known. Says which sums lack something; `measure` was asked for, and is refused where it was not
/// read.
pub(super) fn sums(store: &Store, measure: Measure) -> Result<KnownCounts, Failure> {
    if let Some(field) = measure.field() {
        fields(store, "--measure", &[field])?;
    }
    let known = KnownCounts::of(store);
    let mut partial: Vec<(&str, Vec<usize>, usize)> = Vec::new();
    for sum in [Measure::Packets, Measure::Bytes] {
        let Some(field) = sum.field() else { continue };
        let passed = store.skipped_column(field);
        if let (false, Some((source, column))) = (store.has(field), passed) {
            report::warn(&column.telling(&source.path));
        } else if store.has(field) {
            let (lacking, files) = store.lacking(field);
            partial.push((sum.name(), lacking, files));
        }
    }
    partial.retain(|(_, lacking, _)| !lacking.is_empty());
    for same in partial.chunk_by(|a, b| a.1 == b.1) {
        let names: Vec<&str> = same.iter().map(|(name, ..)| *name).collect();
        let are = if names.len() == 1 { "is" } else { "are" };
        let files = same.first().map_or(0, |(.., files)| *files);
        let lacking = same.first().map_or(0, |(_, lacking, _)| lacking.len());
        let s = if files == 1 { "" } else { "s" };
        report::warn(&format!(
            "{} {are} missing from {} of {} file{s}: sums are lower bounds",
            names.join(" and "),
            format::count(lacking as u64),
            format::count(files as u64)
        ));
    }
    Ok(known)
}
