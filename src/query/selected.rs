//! The values of the selected record, as a filter writes them.

use crate::query::Selected;
use crate::schema::{FieldId, Kind, id, protocol};
use crate::store::{Cell, Computed};

impl Selected<'_> {
    /// Whether the store has the row.
    pub(super) fn exists(self) -> bool {
        (self.row.0 as usize) < self.store.rows()
    }

    /// The values of `field` as text: none where it is missing, up to two for `addr` and the like, and for `time` the
    /// range from start to end.
    pub(super) fn texts(self, field: FieldId) -> Vec<String> {
        if let Some(either) = field.either() {
            return self.either(either);
        }
        let one = |text: Option<String>| text.into_iter().collect();
        match field {
            id::TIME => one(self.time()),
            id::FILE => {
                let (chunk, offset) = self.store.chunk_of(self.row);
                one(self.store.file_path(chunk.file(offset)))
            }
            _ if field.is_computed() => one(self.computed(field)),
            _ => one(self.text(field)),
        }
    }

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

    fn either(self, fields: [FieldId; 2]) -> Vec<String> {
        let mut texts: Vec<String> = fields
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

    fn computed(self, field: FieldId) -> Option<String> {
        let (chunk, offset) = self.store.chunk_of(self.row);
        let number = Computed::new(chunk, field).number(offset)?;
        match field.kind() {
            Kind::Choice(words) => {
                let word = words.get(usize::try_from(number).ok()?)?;
                Some((*word).to_owned())
            }
            _ => Some(number.to_string()),
        }
    }
}
