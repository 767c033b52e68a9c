//! Takes in the values of members and of columns, and counts what was found in them.

use super::document::{Document, Found, Place, Step};
use super::element::Role;
use super::keys::Class;
use super::packing::is_packed_gzip;
use super::token::{Token, unescape};
use super::unsupported::LARGE_COLUMN_TABLE;
use crate::ingest::text::piece::Piece;
use crate::store::RejectReason;

/// Whether a string has a line end before its end.
pub(super) fn has_lines(text: &[u8]) -> bool {
    memchr::memchr(b'\n', text.trim_ascii_end()).is_some()
}

/// The first line of a string that says anything.
pub(super) fn first_line(text: &[u8]) -> &[u8] {
    let mut lines = text.split(|byte| *byte == b'\n');
    lines
        .find(|line| !line.trim_ascii().is_empty())
        .unwrap_or_default()
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
        let found = match self.unpack(&text, is_packed_gzip(&text), out) {
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
    #[inline]
    pub(super) fn member(&mut self, token: Token, data: &[u8]) -> Step {
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
                let is_packed = class != Class::Id && Self::may_be_packed(raw)
                    || !is_plain && element.fault.is_none() && has_lines(element.value(cell));
                if is_packed && element.fault.is_none() {
                    element.add_packed(cell, class);
                }
                return Ok(Found::Nothing);
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
        element.push_bytes(self.key, &self.keys, text);
        Ok(Found::Nothing)
    }

    /// A value under a number: the values of such an object are its rows if the first is one.
    pub(super) fn numbered(&mut self, token: Token, data: &[u8], out: &mut Piece) -> Step {
        let name = self.keys.of(&self.scratch);
        let place = self.place();
        let is_row = match token {
            Token::Null => return Ok(Found::Nothing),
            _ if place.is_expected => true,
            Token::Text { from, to, .. } => {
                self.scratch.clear();
                unescape(&data[from..to], &mut self.scratch)?;
                self.record_text.reads(&self.scratch)
            }
            _ => false,
        };
        if is_row {
            return self.lone(token, data, place, out);
        }
        self.key = name;
        self.member(token, data)
    }

    /// Leaves in `scratch` what a value of a column says, if it is a string or a number.
    pub(super) fn take_column_text(
        &mut self,
        token: Token,
        data: &[u8],
    ) -> Result<(), &'static str> {
        self.scratch.clear();
        match token {
            Token::Text { from, to, is_plain } if is_plain => {
                self.scratch.extend_from_slice(&data[from..to]);
            }
            Token::Text { from, to, .. } => unescape(&data[from..to], &mut self.scratch)?,
            Token::Number { from, to } => self.scratch.extend_from_slice(&data[from..to]),
            Token::LongText => self.table.fault(),
            _ => {}
        }
        Ok(())
    }

    /// A value of a column of a table.
    pub(super) fn column_value(&mut self, token: Token, data: &[u8]) -> Step {
        self.take_column_text(token, data)?;
        if let Token::Bool { is_true } = token {
            let word: &[u8] = if is_true { b"true" } else { b"false" };
            self.scratch.extend_from_slice(word);
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
        let has_field = self.table.has_field(&self.keys);
        self.table.clear();
        if !has_field {
            return Found::Nothing;
        }
        if self.has_ended {
            if let Some(element) = self.elements.top_mut() {
                element.fault = Some(RejectReason::LargeColumnTable);
            }
            return Found::Nothing;
        }
        Found::Unsupported(Box::new(LARGE_COLUMN_TABLE))
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

    pub(super) fn mark_envelopes(&mut self) {
        let elements = self.elements.all_mut().iter_mut().rev();
        for element in elements.take_while(|element| element.role != Role::Envelope) {
            element.role = Role::Envelope;
        }
    }
}
