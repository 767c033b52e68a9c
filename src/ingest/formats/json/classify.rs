//! What an element of a document is: a message, a row, or neither.

use super::document::{Document, Found, Place};
use super::element::{Cell, Element, Lists, Role};
use super::frame::Frame;
use super::keys::{Class, List};
use super::members::{first_line, has_lines};
use super::packing::is_packed_gzip;
use super::record::may_be_record;
use crate::ingest::text::piece::Piece;
use crate::store::RejectReason;

/// How the text of a `CloudWatch` `CONTROL_MESSAGE` health check begins.
const PROBE: &[u8] = b"CWL CONTROL MESSAGE";

impl Document {
    /// What an element is that has ended: the text of a record, else a row of its own fields, else what its strings
    /// hold, else nothing but what its lists and objects gave.
    pub(super) fn decide(&mut self, element: &mut Element, place: Place, out: &mut Piece) -> Found {
        if element.role != Role::Undecided {
            self.pass_envelope(element);
            return Found::Passed;
        }
        let is_first = !self.has_ended;
        if let Some(reason) = &element.fault {
            self.has_ended |= place.is_expected;
            return Found::Reject(reason.clone());
        }
        if let Some(record) = self.record_of(element, place) {
            return self.write_message(element, record, place.list, out);
        }
        let mut damage = None;
        if !element.packed.is_empty() && !element.fields.is_row() && !element.is_ocsf() {
            match self.unpack_member(element, out) {
                Some(Found::Reject(reason)) => damage = Some(reason),
                Some(found) => return found,
                None => {}
            }
        }
        self.has_ended |= place.is_expected;
        if element.is_ocsf() {
            return self.write_event(element, place, out);
        }
        if let Some(unsupported) = element.signs.recognize(element.fields.has_flow()) {
            return if is_first && place.is_expected {
                Found::Unsupported(Box::new(unsupported))
            } else {
                Found::Reject(unsupported.reason())
            };
        }
        if let Some(record) = likely_record(element) {
            return self.write_message(element, record, place.list, out);
        }
        if element.named == Lists::Named && !element.fields.is_row() {
            return Found::Passed;
        }
        if let Some(reason) = damage {
            return Found::Reject(reason);
        }
        if let Some(message) = element.message.filter(|_| place.is_expected)
            && (place.list == List::Events || !element.fields.has_flow())
        {
            return self.write_message(element, message.cell, place.list, out);
        }
        self.decide_row(element, place, out)
    }

    /// Writes a row of the fields of an element, if it has those of a record.
    fn decide_row(&mut self, element: &mut Element, place: Place, out: &mut Piece) -> Found {
        if element.paths > 0 {
            element.resolve(&mut self.keys, &mut self.conflicts);
        }
        // Many programs leave out what is missing: a row with nothing but names of rows before it is one, too.
        let has_column = |cell: &Cell| self.keys.member(cell.key).column.is_some();
        let is_sparse = || element.fields.known() > 0 && element.cells().iter().all(has_column);
        if !element.fields.has_flow() && !is_sparse() {
            return self.unread(element, place);
        }
        if let Some(field) = element.nested_field {
            return Found::Reject(RejectReason::NestedValue(field));
        }
        element.add_messages(&self.keys);
        self.cleaning.clean(element, &self.keys);
        self.has_ended = true;
        self.tell(alone(element, "json-rows"), place.list);
        self.write_row(element, out)
    }

    /// Writes a row, or says why it cannot be one.
    pub(super) fn write_row(&mut self, element: &Element, out: &mut Piece) -> Found {
        match self.writer.row(element, &mut self.keys, out) {
            Ok(is_whole) => {
                self.left_out.rows += u64::from(!is_whole || element.left_out > 0);
                self.skipped.note_lists(element, &self.keys);
                Found::Lines(1)
            }
            Err(reason) => Found::Reject(reason),
        }
    }

    /// An element has ended that holds others: notes that it would have been a record without them.
    fn pass_envelope(&mut self, element: &Element) {
        match element.role {
            Role::Undecided => {}
            Role::Control => self.probes += 1,
            Role::Envelope => {
                self.note_log_group(element, b"");
                let mut texts = element.message.iter().chain(&element.candidates);
                let mut packed = element.packed.iter();
                let is_record = element.fields.is_row()
                    || texts.any(|text| self.record_text.is_record(element.value(text.cell)))
                    || packed.any(|packed| is_packed_gzip(element.value(packed.cell)));
                self.left_out.beside_lists += u64::from(is_record);
            }
        }
    }

    /// What the strings of an element hold: the first in the order of their names that has records. If none has, why
    /// one could not be read.
    fn unpack_member(&mut self, element: &mut Element, out: &mut Piece) -> Option<Found> {
        element.packed.sort_by_key(|packed| packed.rank);
        let is_only = element.packed.len() == 1;
        let mut damage = None;
        for packed in &element.packed {
            let text = element.value(packed.cell);
            let is_named = self.keys.member(packed.cell.key).class == Class::Packed;
            match self.unpack(text, is_named || is_only && is_packed_gzip(text), out) {
                None => {}
                Some(Found::Reject(reason)) => damage = damage.or(Some(reason)),
                Some(found) => {
                    if found == Found::Passed {
                        self.mark_envelopes();
                    }
                    return Some(found);
                }
            }
        }
        damage.map(Found::Reject)
    }

    fn write_message(
        &mut self,
        element: &Element,
        record: Cell,
        list: List,
        out: &mut Piece,
    ) -> Found {
        let message = element.value(record);
        if message.starts_with(PROBE) {
            self.probes += 1;
            return Found::Passed;
        }
        self.note_log_group(element, message);
        if has_lines(message) && self.record_text.reads(first_line(message)) {
            return self.lines(message, false, out).unwrap_or(Found::Passed);
        }
        self.has_ended = true;
        self.tell(alone(element, "json-messages"), list);
        let is_known = list == List::Events && self.is_known(element);
        if is_known && self.known.as_ref().is_some_and(|known| known.are_dropped) {
            // A comment line keeps the numbers of the events after it right.
            out.text.extend(b"#\n");
        } else {
            self.writer.message(message, out);
        }
        Found::Lines(1)
    }

    /// Enters the log group that an event or the envelope of events names.
    fn note_log_group(&mut self, element: &Element, message: &[u8]) {
        if let Some(group) = element.log_group {
            let stream = element.log_stream.map(|stream| element.value(stream));
            self.log_groups.note(element.value(group), stream, message);
        }
    }

    /// The member that is the text of a record.
    fn record_of(&self, element: &mut Element, place: Place) -> Option<Cell> {
        let message = element.message;
        // Nearly every event has nothing else that could be one.
        let is_event = place.list == List::Events && message.is_some();
        let is_only = || {
            let is_row = element.fields.has_flow() || element.is_ocsf();
            element.candidates.is_empty() && !is_row && element.named == Lists::Unnamed
        };
        if place.is_expected && element.packed.is_empty() && (is_event || is_only()) {
            return message.map(|message| message.cell);
        }
        element.candidates.extend(message);
        element.candidates.sort_by_key(|candidate| candidate.rank);
        let mut candidates = element.candidates.iter().map(|candidate| candidate.cell);
        candidates.find(|cell| self.record_text.reads(first_line(element.value(*cell))))
    }

    /// Whether the id of an event was seen before.
    fn is_known(&mut self, event: &Element) -> bool {
        let id = event.id().filter(|id| !id.is_empty());
        let is_known = self
            .known
            .as_ref()
            .zip(id)
            .is_some_and(|(known, id)| known.is_repeated(id));
        self.duplicates += u64::from(is_known);
        is_known
    }

    /// An object that is neither a message nor a row.
    fn unread(&mut self, element: &Element, place: Place) -> Found {
        let is_item = matches!(self.frames.last(), Some(Frame::Array));
        if !place.is_expected
            && is_item
            && let Some(name) = element.column_name(&self.keys)
            && let Some(array) = self.arrays.top_mut()
        {
            array.names.push(self.keys.of(name));
            return Found::Passed;
        }
        if self.names_unread.is_none() && place.is_expected {
            let names = element.cells().iter();
            let names = names.map(|cell| self.keys.member(cell.key).name.clone());
            self.names_unread = Some(names.collect());
        }
        Found::Reject(if element.fields.known() == 0 {
            RejectReason::NoRecord
        } else {
            RejectReason::NoFlow
        })
    }

    /// A table has ended that came column by column; `element` has the members beside its columns.
    pub(super) fn close_table(&mut self, element: &mut Element) -> Found {
        if element.role == Role::Envelope {
            self.left_out.beside_lists += u64::from(self.table.has_field(&self.keys));
            self.table.clear();
            return Found::Passed;
        }
        if let Some(reason) = element.fault.take() {
            self.table.clear();
            return Found::Reject(reason);
        }
        let nested = element.nested_field.map(RejectReason::NestedValue);
        let beside = (element.fields.known() > 0).then_some(RejectReason::UnevenColumns);
        if let Some(reason) = nested.or(beside) {
            self.table.clear();
            return Found::Reject(reason);
        }
        match self.table.finish() {
            Ok(()) => Found::Passed,
            Err(reason) => Found::Reject(reason),
        }
    }

    /// Writes the next row of a table that came column by column.
    pub(super) fn next_row(&mut self, out: &mut Piece) -> Found {
        if !self.table.is_ready() {
            return Found::Nothing;
        }
        let mut element = Element::default();
        if !self.table.next_row(&mut element, &self.keys) {
            return Found::Nothing;
        }
        let place = Place {
            list: List::Outer,
            is_expected: true,
        };
        let found = self.decide(&mut element, place, out);
        self.count(found, place, out)
    }
}

/// The member that is a record whose order is unknown, unless there are fields under their names.
fn likely_record(element: &Element) -> Option<Cell> {
    if element.fields.has_flow() {
        return None;
    }
    let mut candidates = element.candidates.iter().map(|candidate| candidate.cell);
    candidates.find(|cell| may_be_record(element.value(*cell)))
}

/// The format of a document with one element.
fn alone(element: &Element, other: &'static str) -> &'static str {
    if element.is_automatic {
        "insights-json"
    } else {
        other
    }
}
