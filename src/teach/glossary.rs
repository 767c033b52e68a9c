//! The glossary: what every field means, read from its asset when it is first asked for.

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

/// What there is to say about a field.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What it is, in one line.
    pub summary: String,
    /// What it says, in a few sentences.
    pub meaning: Option<String>,
    /// Why a record has `-` there.
    pub missing: Option<String>,
    /// What people get wrong.
    pub mistake: Option<String>,
    /// A filter to try.
    pub filter: Option<String>,
    /// What that filter finds.
    pub finds: Option<String>,
    /// What single values mean, by the value as a flow log prints it.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// Whether values are percent-encoded, as those of tags are.
    #[serde(default)]
    pub encoded: bool,
}

/// The entry of a field; none for a field that only a file knows.
pub fn entry(field: FieldId) -> Option<&'static Entry> {
    GLOSSARY.get(&field)
}

fn read() -> BTreeMap<String, Entry> {
    toml::from_str(TEXT).expect("a test reads the glossary")
}
