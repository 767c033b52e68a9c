//! Takes in the values of members and of columns, and counts what was found in them.

use super::document::{Document, Found, Place, Step};
use super::element::Role;
use super::keys::{Class, ROW_NUMBER};
use super::token::{Token, unescape};
use super::unsupported::LARGE_COLUMN_TABLE;
use crate::ingest::text::piece::Piece;
use crate::store::RejectReason;

/// Whether a string has a line end before its end.
fn has_lines(text: &[u8]) -> bool {
    text.trim_ascii_end().contains(&b'\n')
}

impl Document {
    /// A value that is an element without an enclosing object.
    pub(super) fn lone(
        &mut self,
        token: Token,
        data: &[u8],
        place: Place,
        out: &mut Piece,
    ) -> Step {
        self.begun = Some(self.frames.len() + 1);
        let Token::Text { from, to, is_plain } = token else {
            let reason = match token {
                Token::LongText => RejectReason::LineTooLong,
                _ => RejectReason::NoRecord,
            };
            return Ok(self.count(Found::Reject(reason), place, out));
        };
        self.scratch.clear();
        if is_plain {
            self.scratch.extend_from_slice(&data[from..to]);
        } else {
            unescape(&data[from..to], &mut self.scratch)?;
        }
        let text = std::mem::take(&mut self.scratch);
        let found = match self.unpack(&text, false, out) {
            Some(found) => found,
            None if place.is_expected || self.record_text.reads(&text) => {
                self.has_ended = true;
                self.tell("json-messages", place.list);
                self.writer.message(&text, out);
                Found::Lines(1)
            }
            None => Found::Passed,
        };
        self.scratch = text;
        Ok(self.count(found, place, out))
    }

    /// A value of the current element.
    pub(super) fn member(&mut self, token: Token, data: &[u8], out: &mut Piece) -> Step {
        let class = self.keys.member(self.key).class;
        let is_row = !matches!(class, Class::Message { .. } | Class::MaybeMessage { .. });
        let Some(element) = self.elements.top_mut() else {
            return Ok(Found::Nothing);
        };
        let text: &[u8] = match token {
            Token::Text { from, to, is_plain } => {
                let raw = &data[from..to];
                let cell = element.push(self.key, &self.keys, |text| {
                    if is_plain {
                        text.extend_from_slice(raw);
                        return Ok(());
                    }
                    unescape(raw, text)
                })?;
                // Ids are long, and never hold records.
                let is_packed = || class != Class::Id && Self::may_be_packed(raw);
                let has_lines = || !is_plain && has_lines(element.value(cell));
                if element.fault.is_some() || !is_packed() && !has_lines() {
                    return Ok(Found::Nothing);
                }
                let text = element.value(cell).to_vec();
                let is_named = class == Class::Packed && !element.has_flow;
                return Ok(self.packed_member(&text, is_named, out));
            }
            Token::LongText => {
                element.fault = Some(RejectReason::LineTooLong);
                return Ok(Found::Nothing);
            }
            Token::Number { from, to } if is_row => &data[from..to],
            Token::Bool { is_true: true } if is_row => b"true",
            Token::Bool { is_true: false } if is_row => b"false",
            Token::Null if is_row => b"",
            _ => return Ok(Found::Nothing),
        };
        if self.key == ROW_NUMBER && self.prefix == 0 && text.is_empty() {
            return Ok(Found::Nothing);
        }
        element.push(self.key, &self.keys, |into| {
            into.extend_from_slice(text);
            Ok(())
        })?;
        Ok(Found::Nothing)
    }

    /// A string of an element that may hold records in base64 or JSON.
    fn packed_member(&mut self, text: &[u8], is_named: bool, out: &mut Piece) -> Found {
        let place = self.place();
        match self.unpack(text, is_named, out) {
            // It holds a document without records.
            Some(Found::Passed | Found::Held(_)) => {
                self.mark_envelopes();
                Found::Nothing
            }
            Some(found @ Found::Reject(_)) if is_named => {
                if let (Some(element), Found::Reject(reason)) = (self.elements.top_mut(), found) {
                    element.fault = Some(reason);
                }
                Found::Nothing
            }
            None | Some(Found::Reject(_)) => Found::Nothing,
            Some(found) => {
                // The lines are counted with the element that has them.
                self.count(found, place, out)
            }
        }
    }

    /// A value of a column of a table.
    pub(super) fn column_value(&mut self, token: Token, data: &[u8]) -> Step {
        self.scratch.clear();
        match token {
            Token::Text { from, to, is_plain } if is_plain => {
                self.scratch.extend_from_slice(&data[from..to]);
            }
            Token::Text { from, to, .. } => unescape(&data[from..to], &mut self.scratch)?,
            Token::Number { from, to } => self.scratch.extend_from_slice(&data[from..to]),
            Token::Bool { is_true } => {
                let word: &[u8] = if is_true { b"true" } else { b"false" };
                self.scratch.extend_from_slice(word);
            }
            Token::LongText => self.table.fault(),
            _ => {}
        }
        let value = std::mem::take(&mut self.scratch);
        self.table.put_labelled(&value);
        self.scratch = value;
        Ok(self.check_table())
    }

    /// Ends a document whose table is too large.
    pub(super) fn check_table(&mut self) -> Found {
        if !self.table.is_too_large() {
            return Found::Nothing;
        }
        self.table.clear();
        if self.has_ended {
            if let Some(element) = self.elements.top_mut() {
                element.fault = Some(RejectReason::LargeColumnTable);
            }
            return Found::Nothing;
        }
        Found::Unsupported(LARGE_COLUMN_TABLE)
    }

    /// Enters what was found at `place`: whatever holds records is an envelope.
    pub(super) fn count(&mut self, found: Found, place: Place, out: &mut Piece) -> Found {
        match found {
            Found::Lines(_) => {
                self.mark_envelopes();
                for array in self.arrays.all_mut() {
                    array.expect_records(out);
                }
                found
            }
            Found::Reject(reason) if !place.is_expected => Found::Held(reason),
            found => found,
        }
    }

    fn mark_envelopes(&mut self) {
        let elements = self.elements.all_mut().iter_mut().rev();
        for element in elements.take_while(|element| element.role != Role::Envelope) {
            element.role = Role::Envelope;
        }
    }
}
