//! What was left out of objects that gave records, so that it can be said.

use crate::format;

/// Counts of what was left out of a file.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LeftOut {
    /// Rows with more columns than there is room for.
    pub(super) rows: u64,
    /// Objects with records in a list and fields or text of a record beside it.
    pub(super) beside_lists: u64,
    /// Records with a list under a name of lists of records.
    pub(super) lists: u64,
}

impl LeftOut {
    /// A sentence about each.
    pub(super) fn warnings(&self) -> Vec<String> {
        let Self {
            rows,
            beside_lists,
            lists,
        } = *self;
        let mut warnings = Vec::new();
        if rows > 0 {
            warnings.push(format!(
                "{} values that were left out: a file can have 448 columns that are no fields of flow logs",
                format::counted(rows, "record has", "records have")
            ));
        }
        if beside_lists > 0 {
            warnings.push(format!(
                "{} a record and a list of records: only the list was read",
                format::counted(beside_lists, "object has both", "objects have both")
            ));
        }
        if lists > 0 {
            warnings.push(format!(
                "{} a list of records, which was not read: an object is one record",
                format::counted(lists, "record has", "records have")
            ));
        }
        warnings
    }
}
