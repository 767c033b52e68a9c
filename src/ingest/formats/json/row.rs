//! What a list is that has ended: a row of values, a header, a column, messages, or the value of a member.

use super::array::{Array, Items};
use super::document::{Document, Found, Place};
use super::element::{Element, Lists, MAX_CELLS, Values};
use super::keys::{Class, Key, Keys, List};
use super::record::may_be_record;
use crate::ingest::formats::ocsf;
use crate::ingest::text::piece::Piece;
use crate::ingest::text::{missing, value};
use crate::store::RejectReason;

/// A string beside a record that has as many spaces is a record that cannot be read, and not a time or a name.
const SPACES_OF_MESSAGE: usize = 6;
/// Members that are rows of values.
const ROW_NAMES: [&str; 4] = ["data", "row", "values", "cells"];
/// Names of columns with records that are no words of anything else.
const RECORD_NAMES: [&[u8]; 2] = [b"@message", b"_raw"];
/// How the names of the types of `ClickHouse` begin.
const TYPES: [&str; 16] = [
    "String",
    "FixedString",
    "Int",
    "UInt",
    "Float",
    "Decimal",
    "Nullable(",
    "LowCardinality(",
    "Date",
    "Bool",
    "IPv4",
    "IPv6",
    "Enum",
    "UUID",
    "Array(",
    "Map(",
];

impl Document {
    pub(super) fn close_element(&mut self, out: &mut Piece) -> Found {
        let level = self.elements.len();
        let mut element = self.elements.take();
        self.forget_labels();
        let place = self.place();
        let mut is_table = !self.table.is_empty() && self.table.level() == level;
        if is_table && !self.is_table(&element) {
            self.give_back_columns(&mut element);
            is_table = false;
        }
        let found = if is_table {
            for key in self.table.drop_uneven(&self.keys) {
                element.take_list(key, &self.keys);
            }
            self.close_table(&mut element)
        } else {
            match self.part_of_list(&element) {
                Some(found) => found,
                None => self.decide(&mut element, place, out),
            }
        };
        self.elements.give_back(element);
        self.count(found, place, out)
    }

    /// Makes members of what was taken for columns of a table, as far as a row has room.
    fn give_back_columns(&mut self, element: &mut Element) {
        let table = std::mem::take(&mut self.table);
        if !table.has_labels() {
            for key in table.keys() {
                element.take_list(key, &self.keys);
            }
            return;
        }
        let cells = table.labelled_cells();
        if cells.len() > MAX_CELLS {
            element.left_out += 1;
            return;
        }
        for (column, label, value) in cells {
            let key = self.keys.find_nested(column, label, &mut self.path);
            element.push_bytes(key, &self.keys, value);
        }
    }

    /// Whether the columns in an element are those of a table, rather than lists and objects beside its fields.
    fn is_table(&self, element: &Element) -> bool {
        if self.table.has_field(&self.keys) {
            return true;
        }
        if !self.table.has_labels() || element.fields.known() > 0 || element.message.is_some() {
            return false;
        }
        let Some((key, first)) = self.table.only_labelled() else {
            return true;
        };
        let class = self.keys.member(key).class;
        matches!(class, Class::Message { .. } | Class::MaybeMessage { .. })
            || self.record_text.reads(first)
            || may_be_record(first)
    }

    /// An object of a list that is no element, but a part of one.
    fn part_of_list(&mut self, element: &Element) -> Option<Found> {
        let array = self
            .arrays
            .top_mut()
            .filter(|_| matches!(self.frames.last(), Some(super::frame::Frame::Array)))?;
        let is_envelope = !element.is_undecided() || element.named == Lists::Named;
        if element.fault.is_some() || element.message.is_some() || is_envelope {
            if array.items == Items::Unknown {
                array.items = Items::Elements;
            }
            return None;
        }
        if matches!(array.items, Items::Unknown | Items::Cells) {
            let is_data = |key: Key| matches!(&*self.keys.member(key).name, "Data" | "f");
            let is_missing = element.cells().is_empty()
                && (array.items == Items::Cells || array.key.is_some_and(is_data));
            let missing = is_missing.then_some(&[][..]);
            if let Some(value) = element.as_cell(&self.keys).or(missing) {
                array.items = Items::Cells;
                array.push_value(value);
                return Some(Found::Passed);
            }
        }
        if !matches!(array.items, Items::Unknown | Items::Fields) {
            if array.items == Items::Cells {
                array.fields.fault = Some(RejectReason::NoRecord);
                return Some(Found::Passed);
            }
            return None;
        }
        let Some((field, value)) = element.pair(&self.keys) else {
            if array.items == Items::Fields {
                array.fields.fault = Some(RejectReason::NoRecord);
                return Some(Found::Passed);
            }
            array.items = Items::Elements;
            return None;
        };
        array.items = Items::Fields;
        let key = self.keys.of(field);
        array.fields.push_bytes(key, &self.keys, value);
        Some(Found::Passed)
    }

    pub(super) fn close_array(&mut self, out: &mut Piece) -> Found {
        let mut array = self.arrays.take();
        let place = array.place;
        let found = match array.items {
            Items::Elements => {
                self.close_names(&array);
                if !place.is_expected {
                    self.take_list(array.key);
                }
                Found::Passed
            }
            Items::Values | Items::Cells | Items::Value => self.close_values(&mut array, out),
            Items::Fields => {
                let place = Place {
                    list: List::Results,
                    ..place
                };
                self.decide(&mut array.fields, place, out)
            }
            Items::Skipped if place.is_expected && array.key.is_none() => {
                Found::Reject(RejectReason::TooManyFields)
            }
            Items::Unknown | Items::Messages | Items::Column | Items::Skipped => Found::Passed,
        };
        self.arrays.give_back(array);
        self.count(found, place, out)
    }

    /// The columns that the objects of a list describe.
    fn close_names(&mut self, array: &Array) {
        let is_flow = |key: &Key| self.keys.member(*key).meaning.is_flow();
        if array.names.iter().any(is_flow) {
            self.header.clone_from(&array.names);
        }
    }

    fn close_values(&mut self, array: &mut Array, out: &mut Piece) -> Found {
        if let Some(reason) = array.fields.fault.take() {
            return Found::Reject(reason);
        }
        if array.items == Items::Value {
            return self.member_value(array);
        }
        if array.records > 0 {
            return if self.is_row(array) {
                self.row_of(array, out)
            } else {
                self.records_of(array, out)
            };
        }
        if array.key.is_some() && array.items == Items::Values {
            return self.member_values(array, out);
        }
        if self.take_header(array) {
            out.push_header(None);
            return Found::Lines(1);
        }
        if !self.header.is_empty() {
            return self.row_of(array, out);
        }
        if array.has_mostly_phrases() && array.place.is_expected {
            return self.write_messages(array, out);
        }
        let line = line_of(&array.values);
        if !array.place.is_expected && !self.record_text.reads(&line) && !may_be_record(&line) {
            return Found::Reject(RejectReason::NoRecord);
        }
        self.has_ended = true;
        self.tell("json-rows", array.place.list.of_values());
        self.writer.message(&line, out);
        Found::Lines(1)
    }

    /// Writes the records among the values of a list. Of a list of messages, what cannot be read is a reject; what a
    /// row has beside its record is not.
    fn records_of(&mut self, array: &mut Array, out: &mut Piece) -> Found {
        self.has_ended = true;
        self.tell("json-messages", array.place.list);
        let spaces = |value: &[u8]| memchr::memchr_iter(b' ', value).count();
        let mut values = array.values.iter();
        let is_messages = !array.is_row && values.all(|value| spaces(value) >= SPACES_OF_MESSAGE);
        let mut count = 0;
        for (index, value) in array.values.iter().enumerate() {
            let is_record = self.record_text.reads(value);
            let mut before = array.values.iter().take(index);
            if is_record && array.is_row && before.any(|other| are_same(value, other)) {
                continue;
            }
            if is_record || is_messages {
                self.writer.message(value, out);
                count += 1;
            } else if spaces(value) > 0 {
                self.skipped.note_text(value);
            }
        }
        Found::Lines(count)
    }

    /// Takes in that the member `key` is a list of several values, or of objects.
    pub(super) fn take_list(&mut self, key: Option<Key>) {
        if let (Some(key), Some(element)) = (key, self.elements.top_mut()) {
            element.take_list(key, &self.keys);
        }
    }

    /// The value of a member that is a list of one.
    fn member_value(&mut self, array: &Array) -> Found {
        let (Some(key), Some(element)) = (array.key, self.elements.top_mut()) else {
            return Found::Passed;
        };
        let count = array.values.len();
        let is_ocsf = count > 1 && ocsf::is_intermediate(&self.keys.member(key).name);
        if is_ocsf {
            self.skipped.note_addresses();
        }
        match count {
            0 => {}
            _ if count == 1 || is_ocsf => {
                element.push_bytes(key, &self.keys, array.values.get(0));
            }
            _ => element.take_list(key, &self.keys),
        }
        Found::Passed
    }

    /// The values of a member: one value, a header, a row or a column.
    fn member_values(&mut self, array: &mut Array, out: &mut Piece) -> Found {
        if array.values.len() == 1 && !self.table.has_field(&self.keys) {
            return self.member_value(array);
        }
        if self.take_header(array) {
            return Found::Passed;
        }
        if self.is_row(array) {
            return self.row_of(array, out);
        }
        let is_ocsf = |key: Key| ocsf::is_intermediate(&self.keys.member(key).name);
        if array.key.is_some_and(is_ocsf) {
            return self.member_value(array);
        }
        if self.begins_column(array.key) {
            for value in array.values.iter() {
                self.table.put(value);
            }
            return match self.check_table() {
                Found::Nothing => Found::Passed,
                found => found,
            };
        }
        self.member_value(array)
    }

    /// Whether the values of a list are those of the columns of the header.
    fn is_row(&self, array: &Array) -> bool {
        let may_be_row = |key: Key| ROW_NAMES.contains(&&*self.keys.member(key).name);
        self.header.len() == array.values.len() && array.key.is_none_or(may_be_row)
    }

    /// Takes the values of a list for the names of the columns, if they are names.
    fn take_header(&mut self, array: &Array) -> bool {
        let values = &array.values;
        if array.items == Items::Values && array.strings < values.len() {
            return false;
        }
        if !self.header.is_empty() && values.len() == self.header.len() && are_types(values) {
            return true;
        }
        if !is_header(values, &mut self.keys, array.place.is_expected) {
            return false;
        }
        self.header.clear();
        for name in values.iter() {
            let name = name.trim_ascii();
            let key = self.keys.of(name);
            self.header.push(key);
        }
        true
    }

    /// Writes the values of a list as a row under the names of the header.
    fn row_of(&mut self, array: &mut Array, out: &mut Piece) -> Found {
        let count = array.values.len();
        if count != self.header.len() {
            return Found::Reject(if count < self.header.len() {
                RejectReason::TooFewFields
            } else {
                RejectReason::TooManyFields
            });
        }
        let row = &mut array.fields;
        for (key, value) in self.header.iter().zip(array.values.iter()) {
            row.push_bytes(*key, &self.keys, value);
        }
        let place = Place {
            list: array.place.list.of_values(),
            is_expected: array.place.is_expected,
        };
        self.decide(&mut array.fields, place, out)
    }
}

impl Array {
    fn push_value(&mut self, value: &[u8]) {
        self.strings += 1;
        if self.values.is_full() {
            self.fields.fault = Some(RejectReason::TooManyFields);
        } else {
            self.values.push_bytes(value);
        }
    }
}

/// Whether values are the names of columns: of a list that need not have records, only with an address or a time.
fn is_header(values: &Values, keys: &mut Keys, is_expected: bool) -> bool {
    let may_begin = |name: &[u8]| {
        let first = name.trim_ascii().first();
        first.is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'@' | b'_' | b'$'))
    };
    let begins = values.iter().filter(|name| may_begin(name)).count();
    // The first column of some tables has no name.
    if begins < values.len() && !(begins + 1 == values.len() && values.get(0).is_empty()) {
        return false;
    }
    let (mut known, mut has_flow, mut has_record) = (0, false, false);
    for name in values.iter() {
        let name = name.trim_ascii();
        let key = keys.of(name);
        known += usize::from(keys.field(key).is_some());
        has_flow |= keys.member(key).meaning.is_flow();
        has_record |= RECORD_NAMES.contains(&name);
    }
    let is_known = known > 0 && known == values.len() && is_expected || known > 1 && has_flow;
    is_known || has_record && values.len() > 1
}

/// Whether two cells of a row hold the same record, one of them perhaps behind a time or a header of syslog.
fn are_same(one: &[u8], other: &[u8]) -> bool {
    let [one, other] = [one, other].map(<[u8]>::trim_ascii);
    !one.is_empty() && !other.is_empty() && (one.ends_with(other) || other.ends_with(one))
}

/// Whether values are the types of columns, as some formats of `ClickHouse` have them below the names.
fn are_types(values: &Values) -> bool {
    values.iter().all(|value| {
        TYPES
            .iter()
            .any(|begin| value.starts_with(begin.as_bytes()))
    })
}

/// Values as a line of text.
fn line_of(values: &Values) -> Vec<u8> {
    let mut line = Vec::new();
    for value in values.iter() {
        if !line.is_empty() {
            line.push(b' ');
        }
        if missing::is_missing_unless_text(value) {
            line.push(b'-');
            continue;
        }
        let whole = str::from_utf8(value).ok();
        let whole = whole.filter(|word| word.contains('.'));
        match whole.and_then(value::whole_of_float) {
            Some((number, None)) => line.extend_from_slice(number.to_string().as_bytes()),
            _ => line.extend_from_slice(value),
        }
    }
    line
}
