//! Events in the schema of OCSF become rows of the fields that they were made of.

use std::borrow::Cow;

use super::document::{Document, Found, Place};
use super::element::Element;
use super::stack::Reuse;
use crate::ingest::formats::ocsf;
use crate::ingest::formats::ocsf::Event;
use crate::ingest::text::piece::Piece;
use crate::schema::FieldId;
use crate::store::RejectReason;

impl Document {
    /// Writes an event as a row.
    pub(super) fn write_event(
        &mut self,
        element: &mut Element,
        place: Place,
        out: &mut Piece,
    ) -> Found {
        let row = match self.row_of_event(element) {
            Ok(row) => row,
            Err(reason) => return Found::Reject(reason),
        };
        element.clear();
        for (field, word) in row {
            let key = self.keys.of_field(field);
            element.push_bytes(key, &self.keys, word.as_bytes());
        }
        self.has_ended = true;
        self.tell("ocsf", place.list);
        self.write_row(element, out)
    }

    /// The fields of an event, and their words.
    fn row_of_event(&self, element: &Element) -> Result<Vec<(FieldId, String)>, RejectReason> {
        let mut words = Vec::with_capacity(element.cells().len());
        for cell in element.cells() {
            if let Some(attribute) = ocsf::attribute(&self.keys.member(cell.key).name) {
                let word = element.value(*cell);
                let word = str::from_utf8(word).map_err(|_| RejectReason::NotUtf8)?;
                words.push((attribute, word));
            }
        }
        let attributes: Vec<_> = words.iter().map(|(attribute, _)| *attribute).collect();
        let event = Event::new(words);
        event.check()?;
        let row = ocsf::fields(&attributes).into_iter().map(|field| {
            let word = event.value(field);
            (field, word.map_or_else(String::new, Cow::into_owned))
        });
        Ok(row.collect())
    }
}
