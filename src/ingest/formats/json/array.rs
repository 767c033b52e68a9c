//! Lists: of elements, of messages, or of the values of a row.

use super::document::{Document, Found, Place, Step};
use super::element::{Element, Values};
use super::keys::{Key, List};
use super::packing::is_packed_gzip;
use super::record::{RecordText, may_be_record};
use super::stack::Reuse;
use super::token::{Token, unescape};
use crate::ingest::text::piece::Piece;
use crate::store::RejectReason;

/// The most elements that are remembered until it is clear whether their list holds records.
const MAX_HELD: usize = 64;
/// How many bytes of each of them are remembered.
const HELD_BYTES: usize = 1 << 10;

/// What the items of a list are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Items {
    /// There has been none.
    #[default]
    Unknown,
    /// Objects and lists.
    Elements,
    /// Texts of records.
    Messages,
    /// The values of a row, or texts of records; that is clear at the end.
    Values,
    /// Objects with one value of a row each.
    Cells,
    /// Objects with a field and its value each, which together are an element.
    Fields,
    /// The values of a column of a table.
    Column,
    /// Values of which no more than one matters.
    Value,
    /// What does not matter.
    Skipped,
}

#[derive(Debug, Default)]
pub(super) struct Array {
    pub(super) place: Place,
    pub(super) items: Items,
    /// The member whose value the list is, unless its name says that it is a list.
    pub(super) key: Option<Key>,
    pub(super) values: Values,
    /// How many of the values are strings, how many of these have a space, and how many read as records.
    pub(super) strings: usize,
    pub(super) phrases: usize,
    pub(super) records: usize,
    /// Whether it stands in a list, so that it is a row with at most one record.
    pub(super) is_row: bool,
    /// The element whose fields come one by one.
    pub(super) fields: Element,
    /// The columns that the items describe.
    pub(super) names: Vec<Key>,
    /// Elements that are no records, until there has been a record.
    held: Vec<(RejectReason, Box<[u8]>)>,
}

impl Reuse for Array {
    fn clear(&mut self) {
        self.place = Place::default();
        self.items = Items::Unknown;
        self.key = None;
        self.is_row = false;
        self.clear_values();
        self.fields.clear();
        self.names.clear();
        self.held.clear();
    }
}

impl Array {
    /// Whether there are values that have not been written yet.
    pub(super) fn has_values(&self) -> bool {
        self.values.len() > 0 && matches!(self.items, Items::Values | Items::Cells)
            || self.items == Items::Fields
    }

    pub(super) fn clear_values(&mut self) {
        self.values.clear();
        (self.strings, self.phrases, self.records) = (0, 0, 0);
    }

    /// Whether all values are strings, and at least every second one of those that say anything has several words.
    pub(super) fn has_mostly_phrases(&self) -> bool {
        let blank = self.values.iter().filter(|value| value.is_empty()).count();
        self.strings == self.values.len()
            && self.phrases > 0
            && 2 * self.phrases >= self.strings - blank
    }

    /// Keeps an element that is no record.
    pub(super) fn hold(&mut self, reason: RejectReason, text: &[u8]) {
        if self.held.len() < MAX_HELD {
            let text = &text[..text.len().min(HELD_BYTES)];
            self.held.push((reason, text.into()));
        }
    }

    /// Says that there has been a record, so that elements that are none are rejects.
    pub(super) fn expect_records(&mut self, out: &mut Piece) {
        self.place.is_expected = true;
        for (reason, text) in self.held.drain(..) {
            out.push_reject(reason, &text);
        }
    }
}

impl Document {
    /// A value in a list that is no list and no object.
    pub(super) fn item(&mut self, token: Token, data: &[u8], out: &mut Piece) -> Step {
        let Some(array) = self.arrays.top_mut() else {
            return Ok(Found::Nothing);
        };
        match array.items {
            Items::Unknown | Items::Values => {
                array.items = Items::Values;
                self.list_value(token, data, out)
            }
            Items::Value if array.values.len() < 2 => self.list_value(token, data, out),
            Items::Column => {
                self.column_item(token, data)?;
                Ok(self.check_table())
            }
            Items::Elements | Items::Messages => {
                let place = array.place;
                self.lone(token, data, place, out)
            }
            Items::Cells | Items::Fields => {
                array.fields.fault = Some(RejectReason::NoRecord);
                Ok(Found::Nothing)
            }
            Items::Value | Items::Skipped => Ok(Found::Nothing),
        }
    }

    /// A value of a list whose meaning is clear at the end.
    fn list_value(&mut self, token: Token, data: &[u8], out: &mut Piece) -> Step {
        let place = self.place();
        let Some(array) = self.arrays.top_mut() else {
            return Ok(Found::Nothing);
        };
        let text: &[u8] = match token {
            Token::Text { from, to, is_plain } => {
                let raw = &data[from..to];
                array.values.push(|text| {
                    if is_plain {
                        text.extend_from_slice(raw);
                        return Ok(());
                    }
                    unescape(raw, text)
                })?;
                return Ok(self.list_string(place, out));
            }
            Token::LongText => {
                array.fields.fault = Some(RejectReason::LineTooLong);
                return Ok(Found::Nothing);
            }
            Token::Number { from, to } => &data[from..to],
            Token::Bool { is_true: true } => b"true",
            Token::Bool { is_true: false } => b"false",
            _ => b"",
        };
        array.values.push_bytes(text);
        if array.values.is_full() {
            return Ok(self.many_values(place, out));
        }
        Ok(Found::Nothing)
    }

    /// A string has been added to the values of a list.
    fn list_string(&mut self, place: Place, out: &mut Piece) -> Found {
        let Some(mut array) = self.arrays.top_mut().map(std::mem::take) else {
            return Found::Nothing;
        };
        let text = array.values.get(array.values.len() - 1);
        array.strings += 1;
        array.phrases += usize::from(text.contains(&b' '));
        let is_record = text.contains(&b' ') && self.record_text.reads(text);
        // Behind a header, every string is a message.
        let is_header = is_record && RecordText::is_header(text);
        array.records += usize::from(is_record) + usize::from(is_header);
        let is_alone = array.values.len() == 1;
        let is_value = array.items == Items::Value;
        // Of a row, no more than one value is the record.
        let may_be_row = array.is_row || array.values.len() <= self.header.len();
        let mut found = Found::Nothing;
        if array.records > 1 && !is_value && !may_be_row {
            found = self.write_messages(&mut array, out);
            array.items = Items::Messages;
        } else if is_alone && !is_value && Self::may_be_packed(text) {
            let text = text.to_vec();
            if let Some(unpacked) = self.unpack(&text, is_packed_gzip(&text), out) {
                array.clear_values();
                array.items = Items::Elements;
                found = unpacked;
            }
        }
        let is_full = array.values.is_full() && !is_value;
        if let Some(top) = self.arrays.top_mut() {
            *top = array;
        }
        if is_full && found == Found::Nothing {
            found = self.many_values(place, out);
        }
        self.count(found, place, out)
    }

    /// There are more values than a row can have.
    fn many_values(&mut self, place: Place, out: &mut Piece) -> Found {
        let Some(mut array) = self.arrays.top_mut().map(std::mem::take) else {
            return Found::Nothing;
        };
        let mut found = Found::Nothing;
        let is_messages = array.records > 0 || array.has_mostly_phrases();
        if is_messages && (place.is_expected || array.records > 0) {
            found = self.write_messages(&mut array, out);
            array.items = Items::Messages;
        } else if self.begins_column(array.key) {
            for value in array.values.iter() {
                self.table.put(value);
            }
            array.clear_values();
            array.items = Items::Column;
            found = self.check_table();
        } else {
            array.clear_values();
            array.items = Items::Skipped;
            self.take_list(array.key);
        }
        if let Some(top) = self.arrays.top_mut() {
            *top = array;
        }
        self.count(found, place, out)
    }

    fn column_item(&mut self, token: Token, data: &[u8]) -> Result<(), &'static str> {
        self.take_column_text(token, data)?;
        self.table.put(&self.scratch);
        Ok(())
    }

    /// Whether a list under `key` may be a column of a table, which then begins.
    pub(super) fn begins_column(&mut self, key: Option<Key>) -> bool {
        key.is_some_and(|key| self.begins_table_column(key))
    }

    /// Begins a column of a table in the current element, unless the element has fields of its own.
    pub(super) fn begins_table_column(&mut self, key: Key) -> bool {
        let element = self.elements.top();
        element.is_some_and(|element| element.fields.known() == 0)
            && self.table.begin(key, self.elements.len(), &self.keys)
    }

    /// An object or a list comes in a list: values before it are not those of a row, but records or rejects.
    pub(super) fn settle_values(&mut self, out: &mut Piece) -> Found {
        let has_values = |array: &&mut Array| {
            matches!(array.items, Items::Column | Items::Value | Items::Values)
        };
        let top = self.arrays.top_mut().filter(has_values);
        let Some(mut array) = top.map(std::mem::take) else {
            return Found::Nothing;
        };
        let mut found = Found::Nothing;
        if array.items == Items::Column {
            self.table.fault();
            array.items = Items::Skipped;
        } else if array.items == Items::Value {
            self.take_list(array.key);
        } else if array.items == Items::Values {
            found = self.write_records(&array, out);
            // Values of a field and objects among them are no single value.
            let field = array.key.and_then(|key| self.keys.field(key));
            if let Some(element) = self.elements.top_mut() {
                element.nested_field = element.nested_field.or(field);
            }
            array.clear_values();
            array.items = Items::Elements;
        }
        let place = array.place;
        if let Some(top) = self.arrays.top_mut() {
            *top = array;
        }
        self.count(found, place, out)
    }

    /// Writes the records among values before an object or a list, and what else is no time and no tag of it.
    fn write_records(&mut self, array: &Array, out: &mut Piece) -> Found {
        let is_event = array.values.len() <= 2;
        let mut count = 0;
        for value in array.values.iter() {
            let is_expected = array.place.is_expected;
            if self.record_text.reads(value) || is_expected && may_be_record(value) {
                self.has_ended = true;
                self.tell("json-messages", array.place.list);
                self.writer.message(value, out);
            } else if is_expected && !is_event {
                out.push_reject(RejectReason::NoRecord, value);
            } else {
                continue;
            }
            count += 1;
        }
        match count {
            0 => Found::Nothing,
            lines => Found::Lines(lines),
        }
    }

    /// Writes the values of a list as messages.
    pub(super) fn write_messages(&mut self, array: &mut Array, out: &mut Piece) -> Found {
        self.has_ended = true;
        self.tell("json-messages", array.place.list);
        let count = array.values.len() as u64;
        for value in array.values.iter() {
            self.writer.message(value, out);
        }
        array.clear_values();
        Found::Lines(count)
    }
}

impl List {
    /// What a list of values within a list of this kind is.
    pub(super) fn of_values(self) -> Self {
        match self {
            Self::Events => Self::Outer,
            list => list,
        }
    }
}
