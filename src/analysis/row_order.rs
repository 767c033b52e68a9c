//! The orders in which records are listed.

use std::sync::Arc;

use super::{Selection, SortBy, SortedRows, TimeOrder};
use crate::store::RowId;

/// The order in which records are to be listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum RowOrder {
    /// File by file, line by line.
    #[default]
    Reading,
    /// By `start`; records with the same start in reading order, and records without one last. Found page by page.
    Time {
        /// Whether the latest record comes first.
        descending: bool,
    },
    /// By columns, the most significant first.
    Columns(Vec<SortBy>),
}

/// Selected rows in the order that was asked for.
#[derive(Clone, Debug, Default)]
pub enum ListedRows {
    /// In reading order, as the selection has them.
    #[default]
    Reading,
    /// By time.
    Time(Arc<TimeOrder>),
    /// Sorted by columns.
    Sorted(Arc<SortedRows>),
}

impl ListedRows {
    /// The rows at the positions `first..first + count` of the list of `selection`, or as many as there are.
    pub fn page(&self, selection: &Selection, first: usize, count: usize) -> Vec<RowId> {
        match self {
            Self::Reading => {
                let positions = first..selection.len().min(first.saturating_add(count));
                positions.filter_map(|n| selection.nth(n)).collect()
            }
            Self::Time(order) => order.page(first, count),
            Self::Sorted(order) => {
                let rows = order.rows.iter().skip(first).take(count);
                rows.copied().collect()
            }
        }
    }

    /// The position of `row` in the list of `selection`, which is in `order`; that of the next row if it is not selected.
    ///
    /// # Panics
    ///
    /// When the store has no such row.
    pub fn position(&self, selection: &Selection, order: &RowOrder, row: RowId) -> usize {
        match (self, order) {
            (Self::Time(list), _) => list.position(row),
            (Self::Sorted(list), RowOrder::Columns(by)) => list.position(selection, by, row),
            _ => selection.rank(row),
        }
    }

    /// The whole list, if it was sorted.
    pub fn sorted(&self) -> Option<&Arc<SortedRows>> {
        match self {
            Self::Reading | Self::Time(_) => None,
            Self::Sorted(order) => Some(order),
        }
    }
}
