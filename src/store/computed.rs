//! Values that are worked out from other fields of a record.

use super::chunk::Chunk;
use super::column::{Column, Values};
use crate::schema::{Address, FieldId, id};

/// The columns of a chunk that a computed number needs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Computed<'a> {
    field: FieldId,
    chunk: &'a Chunk,
    start: Option<&'a Column>,
    end: Option<&'a Column>,
    count: Option<&'a Column>,
    packets: Option<&'a Column>,
    source: Option<&'a Column>,
    destination: Option<&'a Column>,
}

impl<'a> Computed<'a> {
    /// Looks up what `field` needs in `chunk`.
    pub(crate) fn new(chunk: &'a Chunk, field: FieldId) -> Self {
        let count = if field == id::PPS {
            id::PACKETS
        } else {
            id::BYTES
        };
        Self {
            field,
            chunk,
            start: chunk.column(id::START),
            end: chunk.column(id::END),
            count: chunk.column(count),
            packets: chunk.column(id::PACKETS),
            source: chunk.column(id::SRCADDR),
            destination: chunk.column(id::DSTADDR),
        }
    }

    /// The number of `row`; none if the values that it needs are missing, or if the field has no numbers.
    pub(crate) fn number(&self, row: usize) -> Option<u64> {
        let of = |column: Option<&Column>| column.and_then(|column| column.integer(row));
        // An end before its start is an error of the log, and counts as 0 seconds.
        let duration = || Some(of(self.end)?.saturating_sub(of(self.start)?));
        match self.field {
            id::TIME => of(self.start),
            id::DURATION => duration(),
            // Rates use at least one second, so that records with equal times have a rate.
            id::BPS => Some(of(self.count)?.saturating_mul(8) / duration()?.max(1)),
            id::PPS => Some(of(self.count)? / duration()?.max(1)),
            id::BPP => of(self.count)?.checked_div(of(self.packets)?),
            id::LINE => Some(self.chunk.line(row)),
            id::FILE => Some(u64::from(self.chunk.run(row).source)),
            id::SCOPE => self.scope(row),
            _ => None,
        }
    }

    /// Which sides of the record are public, as the code of the word: 0 internal (neither), 1 inbound (the source),
    /// 2 outbound (the destination), 3 external (both).
    fn scope(&self, row: usize) -> Option<u64> {
        let public = |column: Option<&Column>| Some(address(column?, row)?.is_public());
        let (source, destination) = (public(self.source)?, public(self.destination)?);
        Some(u64::from(source) + 2 * u64::from(destination))
    }
}

/// The address of `row`, if it has one.
pub(crate) fn address(column: &Column, row: usize) -> Option<Address> {
    match &column.values {
        Values::Addresses(addresses) if column.is_present(row) => Some(addresses.get(row)),
        _ => None,
    }
}
