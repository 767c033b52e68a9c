//! Which counts are of something that was read.

#[cfg(test)]
mod tests;

use super::{Counts, Measure};
use crate::schema::{FieldId, id};
use crate::store::Store;

/// Which counts are of something that some file has. The others are not 0: nobody knows them.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is about a count of its own"
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownCounts {
    /// The sum of packets.
    pub packets: bool,
    /// The sum of bytes.
    pub bytes: bool,
    /// How many records were accepted, rejected, and neither.
    pub actions: bool,
    /// How many records say that there was no data, or that it was left out.
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
    /// The field that is added up; none where records are counted.
    pub fn field(self) -> Option<FieldId> {
        match self {
            Self::Records => None,
            Self::Packets => Some(id::PACKETS),
            Self::Bytes => Some(id::BYTES),
        }
    }

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Records => "records",
            Self::Packets => "packets",
            Self::Bytes => "bytes",
        }
    }
}
