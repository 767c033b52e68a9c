//! Follows the grammar of JSON and finds the elements of a document: messages, rows, and the envelopes around
//! them.

use std::sync::Arc;

use super::array::Array;
use super::cleaning::Cleaning;
use super::element::{Element, Lists, Role};
use super::frame::{Expect, Frame, MemberFrame};
use super::keys::{Key, Keys, List, NO_KEY, ROW_NUMBER};
use super::labelled::Labels;
use super::left_out::LeftOut;
use super::packing::Budget;
use super::record::RecordText;
use super::resolve::Conflicts;
use super::skipped::Skipped;
use super::stack::Stack;
use super::table::ColumnTable;
use super::token::{Token, unescape};
use super::write::LineWriter;
use crate::ingest::formats::event_ids::EventIds;
use crate::ingest::formats::log_groups::LogGroups;
use crate::ingest::formats::unsupported::Unsupported;
use crate::ingest::text::piece::Piece;
use crate::store::{Layout, RejectReason};

/// The most open objects and lists.
const MAX_DEPTH: usize = 64;

/// What an element turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// No element has ended.
    Nothing,
    /// One has ended that is not counted.
    Passed,
    /// It has been written, in so many lines.
    Lines(u64),
    /// It cannot be read, and is a reject if its list has records.
    Held(RejectReason),
    /// It cannot be read.
    Reject(RejectReason),
    /// The document is something else.
    Unsupported(Box<Unsupported>),
}

/// Where an element stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) list: List,
    /// Whether it is a reject if it is no record.
    pub(super) is_expected: bool,
}

/// Where a nested document stands in the one that holds it.
#[derive(Debug)]
pub(super) struct Outer {
    frames: Vec<Frame>,
    expect: Expect,
    key: Key,
    prefix: Key,
    is_expected: bool,
    elements: usize,
    arrays: usize,
}

/// Where the reader is in a document, and what it knows of it.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) frames: Vec<Frame>,
    expect: Expect,
    pub(super) key: Key,
    /// The member whose value is the innermost open object; none at the top of an element.
    pub(super) prefix: Key,
    pub(super) keys: Keys,
    pub(super) elements: Stack<Element>,
    pub(super) arrays: Stack<Array>,
    /// The columns of a table that comes column by column.
    pub(super) table: ColumnTable,
    pub(super) labels: Labels,
    /// The names of the columns of lists.
    pub(super) header: Vec<Key>,
    /// Whether what stands at the top is a reject if it is no record.
    pub(super) is_expected: bool,
    /// How many documents are open that stand in strings of others.
    pub(super) packed: usize,
    /// A buffer for strings without escapes.
    pub(super) scratch: Vec<u8>,
    pub(super) path: Vec<u8>,
    pub(super) writer: LineWriter,
    pub(super) record_text: RecordText,
    /// Whether an element has ended: what the whole is can only be told before.
    pub(super) has_ended: bool,
    /// How deep the element stands that has just begun, if one has.
    pub(super) begun: Option<usize>,
    /// What the document turned out to be, once that is clear.
    pub(super) format: Option<&'static str>,
    /// The events of the load.
    pub(super) known: Option<Arc<EventIds>>,
    /// How many events had an id that was seen before.
    pub(super) duplicates: u64,
    /// The log groups of events, whose messages do not keep them.
    pub(super) log_groups: LogGroups,
    /// The names in the first object that is neither a message nor a row.
    pub(super) names_unread: Option<Vec<String>>,
    pub(super) conflicts: Conflicts,
    pub(super) skipped: Skipped,
    pub(super) cleaning: Cleaning,
    pub(super) left_out: LeftOut,
    /// Whether it is not yet clear what a list is for that has begun.
    pub(super) is_list_open: bool,
    /// How many health checks of `CloudWatch` there were.
    pub(super) probes: u64,
    pub(super) budget: Budget,
}

pub(super) type Step = Result<Found, &'static str>;

impl Document {
    /// At the beginning of a document whose order of fields may be given.
    pub(super) fn new(known: Option<Arc<EventIds>>, order: Option<Arc<Layout>>) -> Self {
        Self {
            frames: Vec::new(),
            expect: Expect::Value,
            key: NO_KEY,
            prefix: NO_KEY,
            keys: Keys::new(),
            elements: Stack::default(),
            arrays: Stack::default(),
            table: ColumnTable::default(),
            labels: Labels::default(),
            header: Vec::new(),
            is_expected: true,
            packed: 0,
            scratch: Vec::new(),
            path: Vec::new(),
            writer: LineWriter::default(),
            record_text: RecordText::new(order),
            has_ended: false,
            begun: None,
            format: None,
            known,
            duplicates: 0,
            log_groups: LogGroups::default(),
            names_unread: None,
            conflicts: Conflicts::default(),
            skipped: Skipped::default(),
            cleaning: Cleaning::default(),
            left_out: LeftOut::default(),
            is_list_open: false,
            probes: 0,
            budget: Budget::default(),
        }
    }

    /// Gives up the current document.
    pub(super) fn reset(&mut self) {
        self.frames.clear();
        self.expect = Expect::Value;
        self.prefix = NO_KEY;
        self.elements.truncate(0);
        self.arrays.truncate(0);
        self.table.clear();
        self.labels = Labels::default();
        self.is_list_open = false;
    }

    /// Begins a document in a string of this one.
    pub(super) fn enter_nested(&mut self, is_expected: bool) -> Outer {
        Outer {
            frames: std::mem::take(&mut self.frames),
            expect: std::mem::replace(&mut self.expect, Expect::Value),
            key: self.key,
            prefix: std::mem::replace(&mut self.prefix, NO_KEY),
            is_expected: std::mem::replace(&mut self.is_expected, is_expected),
            elements: self.elements.len(),
            arrays: self.arrays.len(),
        }
    }

    /// Goes back to the document that holds the one that has ended.
    pub(super) fn leave_nested(&mut self, outer: Outer) {
        self.frames = outer.frames;
        self.expect = outer.expect;
        self.key = outer.key;
        self.prefix = outer.prefix;
        self.is_expected = outer.is_expected;
        self.elements.truncate(outer.elements);
        self.arrays.truncate(outer.arrays);
        if self.table.level() > outer.elements {
            self.table.clear();
        }
        self.forget_labels();
    }

    /// How deep the element stands that has just ended.
    pub(super) fn level(&self) -> usize {
        self.frames.len() + 1
    }

    /// Keeps an element that is no record until it is clear whether its list has records.
    pub(super) fn hold(&mut self, reason: RejectReason, text: &[u8]) {
        if let Some(array) = self.arrays.top_mut() {
            array.hold(reason, text);
        }
    }

    /// Whether a document has begun and not ended.
    pub(super) fn is_inside(&self) -> bool {
        !self.frames.is_empty()
    }

    /// Whether an element has begun and not ended.
    pub(super) fn is_in_element(&self) -> bool {
        let element = self.elements.top();
        let is_open = |element: &Element| element.is_undecided() && element.named == Lists::Unnamed;
        element.is_some_and(is_open) || self.is_in_values()
    }

    fn is_in_values(&self) -> bool {
        let array = self.arrays.top();
        array.is_some_and(Array::has_values)
    }

    /// Whether the place is in a list of elements, rather than in one that stands alone.
    pub(super) fn is_in_list(&self) -> bool {
        self.arrays.items().any(|array| array.place.is_expected)
    }

    /// Whether the place is directly in a list of elements.
    pub(super) fn is_between_elements(&self) -> bool {
        matches!(self.frames.last(), Some(Frame::Array))
            && self.arrays.top().is_some_and(|array| !array.has_values())
    }

    /// Whether what comes next is an element.
    pub(super) fn may_begin(&self) -> bool {
        matches!(self.frames.last(), None | Some(Frame::Array))
    }

    /// Takes in the next token of `data`.
    #[inline]
    pub(super) fn take(&mut self, token: Token, data: &[u8], out: &mut Piece) -> Step {
        self.begun = None;
        match (self.expect, token) {
            (Expect::Colon, Token::Colon) => self.expect = Expect::Value,
            (Expect::Colon, _) => return Err("expected a colon"),
            (Expect::Key | Expect::KeyOrEnd, Token::Text { from, to, is_plain }) => {
                return self.name(&data[from..to], is_plain);
            }
            (Expect::Key | Expect::KeyOrEnd, Token::LongText) => {
                self.key = NO_KEY;
                self.expect = Expect::Colon;
            }
            (Expect::KeyOrEnd | Expect::CommaOrEnd, Token::CloseObject) if self.is_object() => {
                return Ok(self.close(out));
            }
            (Expect::Key | Expect::KeyOrEnd, _) => return Err("expected a name"),
            (Expect::ValueOrEnd | Expect::CommaOrEnd, Token::CloseArray) if !self.is_object() => {
                return Ok(self.close(out));
            }
            (Expect::CommaOrEnd, Token::Comma) => self.expect = self.after_comma(),
            (Expect::CommaOrEnd, _) => return Err("expected a comma or the end"),
            // Documents with a comma between them are what is left of a list.
            (Expect::Value, Token::Comma) if self.frames.is_empty() => {}
            (Expect::Value | Expect::ValueOrEnd, token) => return self.value(token, data, out),
        }
        Ok(Found::Nothing)
    }

    /// Takes in a byte that stands directly behind a token, if it is the colon or the comma that has to come.
    pub(super) fn take_mark(&mut self, mark: u8) -> bool {
        match (self.expect, mark) {
            (Expect::Colon, b':') => self.expect = Expect::Value,
            (Expect::CommaOrEnd, b',') => self.expect = self.after_comma(),
            _ => return false,
        }
        true
    }

    fn after_comma(&self) -> Expect {
        if self.is_object() {
            Expect::Key
        } else {
            Expect::Value
        }
    }

    fn is_object(&self) -> bool {
        let is_array = |frame: &Frame| matches!(frame, Frame::Array | Frame::SkippedArray);
        self.frames.last().is_some_and(|frame| !is_array(frame))
    }

    fn name(&mut self, raw: &[u8], is_plain: bool) -> Step {
        self.expect = Expect::Colon;
        let is_number = raw.first().is_some_and(u8::is_ascii_digit);
        if is_plain && self.prefix == NO_KEY && !is_number {
            self.key = self.keys.of(raw);
            return Ok(Found::Nothing);
        }
        self.scratch.clear();
        if is_plain {
            self.scratch.extend_from_slice(raw);
        } else {
            unescape(raw, &mut self.scratch)?;
        }
        let is_number = is_number && self.scratch.iter().all(u8::is_ascii_digit);
        let frame = self.frames.last().copied();
        match frame {
            Some(Frame::Column { .. }) => self.table.set_label(&self.scratch),
            Some(Frame::Rows { .. }) => {}
            Some(Frame::Member(member)) if is_number && self.begins_labelled_column(member) => {
                self.table.set_label(&self.scratch);
            }
            Some(Frame::Object { .. }) if is_number && self.may_have_rows() => {
                self.key = ROW_NUMBER;
            }
            _ if self.prefix == NO_KEY => self.key = self.keys.of(&self.scratch),
            _ => {
                self.key = self.keys.nested(self.prefix, &self.scratch, &mut self.path);
            }
        }
        Ok(Found::Nothing)
    }

    /// Whether an object whose first name is a number is a column of a table, which then begins.
    fn begins_labelled_column(&mut self, member: MemberFrame) -> bool {
        let Some(element) = self.elements.top() else {
            return false;
        };
        let is_first = element.cells().len() == member.cells;
        let is_column = !self.table.is_empty()
            || self.keys.field(self.prefix).is_some()
            || self.scratch == b"0";
        let is_table = is_first && is_column && element.fields.known() == 0;
        if !is_table || !self.begins_table_column(self.prefix) {
            return false;
        }
        if let Some(frame) = self.frames.last_mut() {
            let prefix = member.prefix;
            *frame = Frame::Column { prefix };
        }
        true
    }

    /// Whether the current element may be a list of rows under their numbers.
    fn may_have_rows(&self) -> bool {
        let element = self.elements.top();
        element.is_some_and(|element| {
            let is_blank = element.cells().is_empty() && element.message.is_none();
            is_blank || element.role == Role::Envelope
        }) && self.table.is_empty()
    }

    #[inline]
    fn value(&mut self, token: Token, data: &[u8], out: &mut Piece) -> Step {
        match token {
            Token::OpenObject => return self.open_object(out),
            Token::OpenArray => return self.open_array(out),
            Token::CloseObject | Token::CloseArray | Token::Colon | Token::Comma => {
                return Err("expected a value");
            }
            _ => {}
        }
        self.expect = if self.frames.is_empty() {
            Expect::Value
        } else {
            Expect::CommaOrEnd
        };
        match self.frames.last() {
            None => {
                let place = self.place();
                self.lone(token, data, place, out)
            }
            Some(Frame::Array) => self.item(token, data, out),
            Some(Frame::Object { .. }) if self.key == ROW_NUMBER => self.numbered(token, data, out),
            Some(Frame::Object { .. } | Frame::Member(_)) => self.member(token, data),
            Some(Frame::Column { .. }) => self.column_value(token, data),
            Some(Frame::Rows { .. } | Frame::SkippedArray | Frame::SkippedObject) => {
                Ok(Found::Nothing)
            }
        }
    }

    pub(super) fn push(&mut self, frame: Frame, expect: Expect) -> Step {
        if self.frames.len() >= MAX_DEPTH {
            return Err("it is nested deeper than 64 levels");
        }
        self.frames.push(frame);
        self.expect = expect;
        Ok(Found::Nothing)
    }

    fn close(&mut self, out: &mut Piece) -> Found {
        let frame = self.frames.pop();
        self.expect = if self.frames.is_empty() {
            Expect::Value
        } else {
            Expect::CommaOrEnd
        };
        match frame {
            Some(Frame::Object { prefix }) => {
                self.prefix = prefix;
                self.close_element(out)
            }
            Some(Frame::Member(frame)) => {
                let label = std::mem::replace(&mut self.prefix, frame.prefix);
                // An object in the place of a value is lost, unless fields were found in it.
                if let Some(element) = self.elements.top_mut()
                    && element.fields.known() == frame.known
                    && element.cells().len() > frame.cells
                {
                    element.nested_field = element.nested_field.or(frame.field);
                }
                self.close_labelled(label, frame, out)
            }
            Some(Frame::Column { prefix } | Frame::Rows { prefix }) => {
                self.prefix = prefix;
                Found::Nothing
            }
            Some(Frame::Array) => {
                self.is_list_open = false;
                self.close_array(out)
            }
            Some(Frame::SkippedArray | Frame::SkippedObject) | None => Found::Nothing,
        }
    }

    /// Where an element stands that begins or ends now.
    pub(super) fn place(&self) -> Place {
        match self.frames.last() {
            Some(Frame::Array) => self
                .arrays
                .top()
                .map(|array| array.place)
                .unwrap_or_default(),
            Some(_) => Place {
                list: List::Outer,
                is_expected: self
                    .elements
                    .top()
                    .is_some_and(|element| element.role == Role::Envelope),
            },
            None => Place {
                list: List::Outer,
                is_expected: self.is_expected,
            },
        }
    }

    /// Says what the document is, where that is not known yet.
    pub(super) fn tell(&mut self, alone: &'static str, list: List) {
        let format = match list {
            List::Outer => alone,
            List::Events => "json-events",
            List::Results => "insights-json",
        };
        self.format.get_or_insert(format);
    }
}

impl Default for Place {
    fn default() -> Self {
        Self {
            list: List::Outer,
            is_expected: false,
        }
    }
}
