//! The order of the record list, and what the keys that sort make of it.

#[cfg(test)]
mod tests;

use crate::analysis::{RowOrder, SortBy};
use crate::schema::{FieldId, Kind, id};

/// The order that was chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sorting {
    /// By `start`, then as read.
    #[default]
    Time,
    /// In the order in which the records were read.
    AsRead,
    /// By columns, the most significant first, then by time; at least one.
    Columns(Vec<SortBy>),
}

impl Sorting {
    /// What the engine is asked for.
    pub(crate) fn order(&self) -> RowOrder {
        match self {
            Self::Time => RowOrder::Time { descending: false },
            Self::AsRead => RowOrder::Reading,
            Self::Columns(sorts) => match sorts[..] {
                [only] if only.field == id::START => RowOrder::Time {
                    descending: only.descending,
                },
                _ => {
                    let is_timed = sorts.iter().any(|sort| sort.field == id::START);
                    let time = (!is_timed).then_some(ascending(id::START));
                    RowOrder::Columns(sorts.iter().copied().chain(time).collect())
                }
            },
        }
    }

    /// The columns that the list is sorted by, the most significant first.
    pub(crate) fn columns(&self) -> &[SortBy] {
        const TIME: &[SortBy] = &[ascending(id::START)];
        match self {
            Self::Time => TIME,
            Self::AsRead => &[],
            Self::Columns(sorts) => sorts,
        }
    }

    /// Sorts by `field` alone: ascending, descending, then by time; by time itself: ascending, descending, as read.
    pub(crate) fn cycle(&mut self, field: FieldId) {
        *self = match self {
            Self::Columns(sorts) => match sorts[..] {
                [only] if only.field == field => match (only.descending, field) {
                    (false, _) => Self::Columns(vec![descending(field)]),
                    (true, id::START) => Self::AsRead,
                    (true, _) => Self::Time,
                },
                _ => Self::by(ascending(field)),
            },
            Self::Time if field == id::START => Self::by(descending(field)),
            Self::Time | Self::AsRead => Self::by(ascending(field)),
        };
    }

    /// Sorts records that are equal in the columns so far by `field`: ascending, descending, then no longer.
    pub(crate) fn add(&mut self, field: FieldId) {
        let Self::Columns(sorts) = self else {
            return self.cycle(field);
        };
        let known = sorts.iter().position(|sort| sort.field == field);
        match known {
            None => sorts.push(ascending(field)),
            Some(at) if sorts[at].descending => _ = sorts.remove(at),
            Some(at) => sorts[at].descending = true,
        }
        if sorts.is_empty() {
            *self = Self::Time;
        }
    }

    /// Reverses the order of the first column. A list in reading order becomes descending by `field`.
    pub(crate) fn flip(&mut self, field: Option<FieldId>) {
        *self = match (&*self, field) {
            (Self::Columns(sorts), _) => match sorts[..] {
                [only] if only == descending(id::START) => Self::Time,
                _ => {
                    let mut sorts = sorts.clone();
                    if let Some(first) = sorts.first_mut() {
                        first.descending = !first.descending;
                    }
                    Self::Columns(sorts)
                }
            },
            (Self::Time, _) => Self::by(descending(id::START)),
            (Self::AsRead, Some(field)) => Self::by(descending(field)),
            (Self::AsRead, None) => return,
        };
    }

    /// Whether new records are listed after those that are there, as they are while files grow.
    pub(crate) fn appends(&self) -> bool {
        let first = self.columns().first();
        first.is_none_or(|sort| !sort.descending && sort.field.kind() == Kind::Time)
    }

    fn by(sort: SortBy) -> Self {
        if sort == ascending(id::START) {
            return Self::Time;
        }
        Self::Columns(vec![sort])
    }
}

const fn ascending(field: FieldId) -> SortBy {
    SortBy {
        field,
        descending: false,
    }
}

const fn descending(field: FieldId) -> SortBy {
    SortBy {
        field,
        descending: true,
    }
}
