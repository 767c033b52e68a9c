//! Selected rows in the order of a column.

use crate::schema::FieldId;
use crate::store::RowId;

/// Which column to sort by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The column.
    pub field: FieldId,
    /// Largest first.
    pub descending: bool,
}

/// The rows of a selection, sorted. Rows with equal values stand in reading order, and rows without a value
/// last, whatever the direction.
#[derive(Clone, Debug, Default)]
pub struct Order {
    /// The rows.
    pub rows: Vec<RowId>,
}
