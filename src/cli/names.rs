//! Fields by the names that people give them on the command line.

use super::failure::Failure;
use super::problem::Problem;
use crate::analysis::SortBy;
use crate::export::records;
use crate::schema;
use crate::schema::FIELDS;
use crate::schema::FieldId;
use crate::schema::id;
use crate::store::Catalog;

/// The field called `name`, which was given to `option`.
pub(super) fn field(catalog: &Catalog, option: &str, name: &str) -> Result<FieldId, Failure> {
    catalog.lookup(name).ok_or_else(|| {
        let (nearest, name) = (nearest(catalog, name), name.to_owned());
        Failure::at(option, Problem::UnknownField { name, nearest })
    })
}

/// The fields called `names`, which were given to `option`.
pub(super) fn fields(
    catalog: &Catalog,
    option: &str,
    names: &[String],
) -> Result<Vec<FieldId>, Failure> {
    names
        .iter()
        .map(|name| field(catalog, option, name.trim()))
        .collect()
}

/// The field called `name`, of which a record has at most one value.
pub(super) fn single(catalog: &Catalog, option: &str, name: &str) -> Result<FieldId, Failure> {
    let field = field(catalog, option, name)?;
    if records::is_single(field) {
        return Ok(field);
    }
    let (first, second) = match field {
        id::ADDR => (id::SRCADDR, id::DSTADDR),
        id::PORT => (id::SRCPORT, id::DSTPORT),
        _ => (id::START, id::END),
    };
    let problem = Problem::NotOneColumn {
        name: catalog.name(field),
        first: catalog.name(first),
        second: catalog.name(second),
    };
    Err(Failure::at(option, problem))
}

/// What `--columns` asks for.
pub(super) fn columns(catalog: &Catalog, names: &[String]) -> Result<Vec<FieldId>, Failure> {
    names
        .iter()
        .map(|name| single(catalog, "--columns", name.trim()))
        .collect()
}

/// What `--sort` asks for: `-` before a name for largest first.
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

/// The name that is closest to `name`, if one is close.
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
        .map(|name| (distance(&wanted, &schema::normalize(&name)), name))
        .filter(|(distance, _)| *distance <= bound)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// How many letters have to be put in, left out, replaced or swapped with their neighbour to make `b` of `a`.
pub(super) fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replace = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replace.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}
