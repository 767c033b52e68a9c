//! Values that are worked out from other fields of a record.

use super::chunk::Chunk;
use super::column::{Column, Values};
use crate::schema::{Address, FieldId, Route, Scope, id};

/// Numbers of files from here on are not those of sources: the records were in these files before they were exported.
/// What is above it is the code of the path in the dictionary of `file`.
pub(crate) const EXPORTED_FILES: u64 = 1 << 32;

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
            id::LINE => Some(self.chunk.shown_line(row)),
            id::FILE => Some(self.chunk.file(row)),
            id::SCOPE => self.scope(row),
            _ => None,
        }
    }

    /// The scope of the record, as the code of its word.
    fn scope(&self, row: usize) -> Option<u64> {
        let (source, destination) = (
            address(self.source?, row)?,
            address(self.destination?, row)?,
        );
        let of = |field| self.chunk.column(field)?.integer(row);
        let route = || Route {
            is_egress: of(id::FLOW_DIRECTION).and_then(|code| self.chunk.is_egress(code)),
            traffic_path: of(id::TRAFFIC_PATH),
        };
        Some(Scope::of(source, destination, route) as u64)
    }
}

/// The address of `row`, if it has one.
pub(crate) fn address(column: &Column, row: usize) -> Option<Address> {
    match &column.values {
        Values::Addresses(addresses) if column.is_present(row) => Some(addresses.get(row)),
        _ => None,
    }
}
