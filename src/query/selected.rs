//! The values of the record of the cursor, as a filter writes them.

use super::Selected;
use super::plan::{addresses::AddressSet, scope};
use crate::schema::{FieldId, id, protocol};
use crate::store::Cell;

impl Selected<'_> {
    /// Whether the store has the row.
    pub(super) fn exists(self) -> bool {
        (self.row.0 as usize) < self.store.rows()
    }

    /// The values of `field` in the record as texts: none where it is missing, two for a field that means
    /// either of two, and for `time` the range from start to end.
    pub(super) fn texts(self, field: FieldId) -> Vec<String> {
        let one = |text: Option<String>| text.into_iter().collect();
        let number = |number: Option<u64>| one(number.map(|number| number.to_string()));
        match field {
            id::ADDR => self.either(id::SRCADDR, id::DSTADDR),
            id::PKT_ADDR => self.either(id::PKT_SRCADDR, id::PKT_DSTADDR),
            id::PORT => self.either(id::SRCPORT, id::DSTPORT),
            id::TIME => one(self.time()),
            id::DURATION => number(self.duration()),
            id::BPS => number(self.rate(id::BYTES, 8)),
            id::PPS => number(self.rate(id::PACKETS, 1)),
            id::BPP => number(self.bytes_a_packet()),
            id::SCOPE => one(self.scope().map(str::to_owned)),
            id::LINE => number(Some(self.store.place(self.row).1)),
            id::FILE => {
                let source = self.store.sources().get(self.store.place(self.row).0);
                one(source.map(|source| source.path.to_string_lossy().into_owned()))
            }
            _ => one(self.text(field)),
        }
    }

    /// The number of a field that is not computed.
    pub(super) fn number(self, field: FieldId) -> Option<u64> {
        self.store.number(self.row, field)
    }

    fn text(self, field: FieldId) -> Option<String> {
        let portless = self
            .number(id::PROTOCOL)
            .is_some_and(|n| !protocol::has_ports(n));
        let hidden = [id::SRCPORT, id::DSTPORT].contains(&field) && portless;
        let missing = self.store.cell(self.row, field) == Cell::Missing;
        (!hidden && !missing).then(|| self.store.cell_text(self.row, field))
    }

    fn either(self, first: FieldId, second: FieldId) -> Vec<String> {
        let mut texts: Vec<String> = [first, second]
            .into_iter()
            .filter_map(|field| self.text(field))
            .collect();
        texts.dedup();
        texts
    }

    fn time(self) -> Option<String> {
        let (start, end) = (self.number(id::START), self.number(id::END));
        let (start, end) = start.or(end).zip(end.or(start))?;
        Some(if start == end {
            start.to_string()
        } else {
            format!("{}..{}", start.min(end), start.max(end))
        })
    }

    fn duration(self) -> Option<u64> {
        Some(
            self.number(id::END)?
                .saturating_sub(self.number(id::START)?),
        )
    }

    fn rate(self, field: FieldId, factor: u64) -> Option<u64> {
        Some(self.number(field)?.saturating_mul(factor) / self.duration()?.max(1))
    }

    fn bytes_a_packet(self) -> Option<u64> {
        self.number(id::BYTES)?
            .checked_div(self.number(id::PACKETS)?)
    }

    fn scope(self) -> Option<&'static str> {
        let public = AddressSet::public();
        let is_public = |field| match self.store.cell(self.row, field) {
            Cell::Address(address) => Some(public.contains(address)),
            _ => None,
        };
        scope::word(is_public(id::SRCADDR)?, is_public(id::DSTADDR)?)
    }
}
