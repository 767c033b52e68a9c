//! Whether an answer fits into the memory that is left.

use std::borrow::Cow;

use thiserror::Error;

use crate::format;

/// Records that are not sorted, because that would take more memory than is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "sorting {} takes about {}, but only {} of memory is left",
    format::counted(*.records as u64, "record", "records"),
    format::bytes(*.needed),
    format::bytes(*.left)
)]
pub struct SortTooLarge {
    /// How many records there are to sort.
    pub records: usize,
    /// About how many bytes sorting them takes.
    pub needed: u64,
    /// How many bytes are left.
    pub left: u64,
}

impl SortTooLarge {
    /// Checks whether `needed` bytes are left to sort `records`; where `left` is none, nobody knows.
    ///
    /// # Errors
    ///
    /// When they are not.
    pub fn check(records: usize, needed: usize, left: Option<u64>) -> Result<(), Self> {
        let needed = needed as u64;
        match left {
            Some(left) if left < needed => Err(Self {
                records,
                needed,
                left,
            }),
            _ => Ok(()),
        }
    }
}

impl format::Problem for SortTooLarge {
    fn advice(&self) -> Option<Cow<'_, str>> {
        Some("select fewer records with a filter, or load fewer with --max-memory".into())
    }
}
