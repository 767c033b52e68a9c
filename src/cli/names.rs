//! Looks up fields named on the command line, and checks that the files have them.

use strsim::osa_distance;

use super::failure::{Failure, Problem};
use super::report;
use crate::analysis::{KnownCounts, Measure, SortBy};
use crate::export::records;
use crate::format;
use crate::schema;
use crate::schema::FIELDS;
use crate::schema::FieldId;
use crate::schema::id;
use crate::store::{Catalog, Store};

/// Looks up the field `name`, the value of `option`.
pub(super) fn field(catalog: &Catalog, option: &str, name: &str) -> Result<FieldId, Failure> {
    catalog.lookup(name).ok_or_else(|| {
        let (nearest, name) = (nearest(catalog, name), name.to_owned());
        Failure::at(option, Problem::UnknownField { name, nearest })
    })
}

/// Looks up the field `name`, which must have at most one value per record.
pub(super) fn single(catalog: &Catalog, option: &str, name: &str) -> Result<FieldId, Failure> {
    let field = field(catalog, option, name)?;
    if records::is_single(field) {
        return Ok(field);
    }
    // Of the other fields, only `time` has two values.
    let [first, second] = field.either().unwrap_or([id::START, id::END]);
    let problem = Problem::NotOneColumn {
        name: catalog.name(field),
        first: catalog.name(first),
        second: catalog.name(second),
    };
    Err(Failure::at(option, problem))
}

/// The fields of `--columns`.
pub(super) fn columns(catalog: &Catalog, names: &[String]) -> Result<Vec<FieldId>, Failure> {
    names
        .iter()
        .map(|name| single(catalog, "--columns", name.trim()))
        .collect()
}

/// The sort order of `--sort`; `-` before a name sorts in descending order.
pub(super) fn sorts(catalog: &Catalog, names: &[String]) -> Result<Vec<SortBy>, Failure> {
    let sort = |name: &String| {
        let name = name.trim();
        let (descending, name) = match name.strip_prefix('-') {
            Some(name) => (true, name),
            None => (false, name.strip_prefix('+').unwrap_or(name)),
        };
        let field = field(catalog, "--sort", name)?;
        Ok(SortBy { field, descending })
    };
    names.iter().map(sort).collect()
}

/// The most similar name, if one is similar enough.
fn nearest(catalog: &Catalog, name: &str) -> Option<String> {
    let wanted = schema::normalize(name);
    if wanted.is_empty() {
        return None;
    }
    let known = FIELDS
        .iter()
        .flat_map(|def| std::iter::once(&def.name).chain(def.aliases))
        .map(|name| (*name).to_owned())
        .chain(catalog.extra_names());
    let bound = 1 + wanted.chars().count() / 4;
    known
        .map(|name| (osa_distance(&wanted, &schema::normalize(&name)), name))
        .filter(|(distance, _)| *distance <= bound)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Fails if one of `fields`, the values of `option`, was not read; warns of fields that no file has.
pub(super) fn require(store: &Store, option: &str, fields: &[FieldId]) -> Result<(), Failure> {
    for (index, field) in fields.iter().enumerate() {
        if let Some((source, column)) = store.skipped_column(*field) {
            let why = column.message(&source.path);
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

/// Which counts are known. Warns of incomplete sums; fails if `measure` was requested but not read.
pub(super) fn sums(store: &Store, measure: Measure) -> Result<KnownCounts, Failure> {
    if let Some(field) = measure.field() {
        require(store, "--measure", &[field])?;
    }
    let known = KnownCounts::of(store);
    let mut partial: Vec<(&str, Vec<usize>, usize)> = Vec::new();
    for sum in [Measure::Packets, Measure::Bytes] {
        let Some(field) = sum.field() else { continue };
        let passed = store.skipped_column(field);
        if let (false, Some((source, column))) = (store.has(field), passed) {
            report::warn(&column.message(&source.path));
        } else if store.has(field) {
            let (lacking, files) = store.lacking(field);
            partial.push((sum.name(), lacking, files));
        }
    }
    partial.retain(|(_, lacking, _)| !lacking.is_empty());
    for same in partial.chunk_by(|a, b| a.1 == b.1) {
        let names: Vec<&str> = same.iter().map(|(name, ..)| *name).collect();
        let files = same.first().map_or(0, |(.., files)| *files);
        let lacking = same.first().map_or(0, |(_, lacking, _)| lacking.len());
        report::warn(&format!(
            "{} are missing from {} of {}; sums are lower bounds",
            names.join(" and "),
            format::count(lacking as u64),
            format::counted(files as u64, "file", "files")
        ));
    }
    Ok(known)
}
