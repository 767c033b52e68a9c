//! The glossary of fields, parsed from its asset on first use.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::schema::FieldId;
use crate::schema::lookup;

const TEXT: &str = include_str!("../../assets/glossary.toml");

static GLOSSARY: LazyLock<HashMap<FieldId, Entry>> = LazyLock::new(|| {
    let fields = read().into_iter();
    fields
        .filter_map(|(name, entry)| Some((lookup(&name)?, entry)))
        .collect()
});

/// The glossary entry of a field.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// One line.
    pub summary: String,
    /// A few sentences.
    pub meaning: Option<String>,
    /// Why a record has `-` there.
    pub missing: Option<String>,
    /// A common mistake in reading the field.
    pub mistake: Option<String>,
    /// An example filter.
    pub filter: Option<String>,
    /// The records that `filter` selects.
    pub finds: Option<String>,
    /// The meaning of values, keyed by the value as a flow log prints it.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
}

/// The entry of a field; none for a field that is not in the table.
pub fn entry(field: FieldId) -> Option<&'static Entry> {
    GLOSSARY.get(&field)
}

fn read() -> BTreeMap<String, Entry> {
    toml::from_str(TEXT).expect("a test reads the glossary")
}
