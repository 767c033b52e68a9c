//! Which counts are known, because some file has the field that they come from.

#[cfg(test)]
mod tests;

use super::{Counts, Measure};
use crate::schema::{FieldId, id};
use crate::store::Store;

/// Which counts are known, because some file has their field. The others are unknown, and not 0.
#[expect(clippy::struct_excessive_bools, reason = "each is about another count")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownCounts {
    /// The sum of packets.
    pub packets: bool,
    /// The sum of bytes.
    pub bytes: bool,
    /// The numbers of accepted and rejected records, and of the others.
    pub actions: bool,
    /// The numbers of records with NODATA and SKIPDATA.
    pub statuses: bool,
}

impl KnownCounts {
    /// What is known of the records of `store`.
    pub fn of(store: &Store) -> Self {
        Self {
            packets: store.has(id::PACKETS),
            bytes: store.has(id::BYTES),
            actions: store.has(id::ACTION),
            statuses: store.has(id::LOG_STATUS),
        }
    }

    /// The measure of `counts`, if it is known.
    pub fn measure(self, measure: Measure, counts: &Counts) -> Option<u64> {
        let is_known = match measure {
            Measure::Records => true,
            Measure::Packets => self.packets,
            Measure::Bytes => self.bytes,
        };
        is_known.then(|| measure.of(counts))
    }
}

impl Measure {
    /// The field that is added up; none for the number of records.
    pub fn field(self) -> Option<FieldId> {
        match self {
            Self::Records => None,
            Self::Packets => Some(id::PACKETS),
            Self::Bytes => Some(id::BYTES),
        }
    }

    /// The name in tables and options: `records`, `packets`, `bytes`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Records => "records",
            Self::Packets => "packets",
            Self::Bytes => "bytes",
        }
    }
}
