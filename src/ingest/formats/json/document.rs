//! Follows the grammar of JSON and finds the elements of a document: messages, rows, and the envelopes around
//! them.

use std::sync::Arc;

use super::element::Element;
use super::keys::{Class, Key, Keys, List};
use super::token::{Token, unescape};
use super::unsupported::LAMBDA_PAYLOAD;
use super::write::LineWriter;
use crate::ingest::formats::event_ids::EventIds;
use crate::ingest::formats::unsupported::Unsupported;
use crate::ingest::text::piece::Piece;
use crate::store::RejectReason;

/// Deeper documents are not read.
const DEEPEST: usize = 64;

/// What a bracket that is open is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Frame {
    /// A list of elements.
    List(List),
    /// A list of objects of a field and a value each, which together are an element.
    Fields,
    /// An object that is an element, or becomes an envelope.
    Object,
    /// An object that has a list of elements.
    Envelope {
        /// Whether its events are `CloudWatch` `CONTROL_MESSAGE` health checks.
        is_control: bool,
    },
    /// A list that has none.
    OtherList,
    /// An object that has none.
    OtherObject,
}

/// What may come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expect {
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    Colon,
    CommaOrEnd,
}

/// What an element turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing that would be counted.
    Nothing,
    /// It has been written.
    Line,
    /// It cannot be read.
    Reject(RejectReason),
    /// The document is something else.
    Unsupported(Unsupported),
}

/// Where the reader is in a document, and what it knows of it.
#[derive(Debug)]
pub(super) struct Document {
    frames: Vec<Frame>,
    expect: Expect,
    key: Key,
    pub(super) keys: Keys,
    element: Element,
    /// An element whose fields come one by one.
    fields: Element,
    /// A buffer for the key of a field outside a record object.
    scratch: Vec<u8>,
    pub(super) writer: LineWriter,
    /// Whether an element has ended: what the whole is can only be told before.
    pub(super) has_ended: bool,
    /// Whether an element has just begun.
    pub(super) has_begun: bool,
    /// What the document turned out to be, once that is clear.
    pub(super) format: Option<&'static str>,
    /// The events of the load.
    pub(super) known: Option<Arc<EventIds>>,
    /// How many events had an id that was seen before.
    pub(super) duplicates: u64,
    /// The names in the first object that is neither a message nor a row.
    pub(super) names_unread: Option<Vec<String>>,
}

type Step = Result<Found, &'static str>;

impl Document {
    /// At the beginning of a document.
    pub(super) fn new(known: Option<Arc<EventIds>>) -> Self {
        Self {
            frames: Vec::new(),
            expect: Expect::Value,
            key: 0,
            keys: Keys::new(),
            element: Element::default(),
            fields: Element::default(),
            scratch: Vec::new(),
            writer: LineWriter::default(),
            has_ended: false,
            has_begun: false,
            format: None,
            known,
            duplicates: 0,
            names_unread: None,
        }
    }

    /// Gives up the current document.
    pub(super) fn reset(&mut self) {
        self.frames.clear();
        self.expect = Expect::Value;
    }

    /// Whether a document has begun and not ended.
    pub(super) fn is_inside(&self) -> bool {
        !self.frames.is_empty()
    }

    /// Whether an element has begun and not ended.
    pub(super) fn is_in_element(&self) -> bool {
        let is_element = |frame: &Frame| matches!(frame, Frame::Object | Frame::Fields);
        self.frames.iter().any(is_element)
    }

    /// Whether the place is in a list of elements, rather than in one that stands alone.
    pub(super) fn is_in_list(&self) -> bool {
        self.frames
            .iter()
            .any(|frame| matches!(frame, Frame::List(_)))
    }

    /// Whether what comes next is an element.
    pub(super) fn may_begin(&self) -> bool {
        matches!(self.frames.last(), None | Some(Frame::List(_)))
    }

    /// Takes in the next token of `data`.
    pub(super) fn take(&mut self, token: Token, data: &[u8], out: &mut Piece) -> Step {
        self.has_begun = false;
        match (self.expect, token) {
            (Expect::Colon, Token::Colon) => self.expect = Expect::Value,
            (Expect::Colon, _) => return Err("expected a colon"),
            (Expect::Key | Expect::KeyOrEnd, Token::Text { from, to, is_plain }) => {
                return self.name(&data[from..to], is_plain);
            }
            (Expect::Key | Expect::KeyOrEnd, Token::LongText) => {
                self.key = 0;
                self.expect = Expect::Colon;
            }
            (Expect::KeyOrEnd | Expect::CommaOrEnd, Token::CloseObject) if self.is_object() => {
                return Ok(self.close(out));
            }
            (Expect::Key | Expect::KeyOrEnd, _) => return Err("expected a name"),
            (Expect::ValueOrEnd | Expect::CommaOrEnd, Token::CloseArray) if !self.is_object() => {
                return Ok(self.close(out));
            }
            (Expect::CommaOrEnd, Token::Comma) => {
                self.expect = if self.is_object() {
                    Expect::Key
                } else {
                    Expect::Value
                };
            }
            (Expect::CommaOrEnd, _) => return Err("expected a comma or the end"),
            // Documents with a comma between them are what is left of a list.
            (Expect::Value, Token::Comma) if self.frames.is_empty() => {}
            (Expect::Value | Expect::ValueOrEnd, token) => return self.value(token, data, out),
        }
        Ok(Found::Nothing)
    }

    fn is_object(&self) -> bool {
        let objects = |frame: &Frame| {
            matches!(
                frame,
                Frame::Object | Frame::Envelope { .. } | Frame::OtherObject
            )
        };
        self.frames.last().is_some_and(objects)
    }

    fn name(&mut self, raw: &[u8], is_plain: bool) -> Step {
        self.key = if is_plain {
            self.keys.of(raw)
        } else {
            self.scratch.clear();
            unescape(raw, &mut self.scratch)?;
            self.keys.of(&self.scratch)
        };
        self.expect = Expect::Colon;
        Ok(Found::Nothing)
    }

    fn value(&mut self, token: Token, data: &[u8], out: &mut Piece) -> Step {
        match token {
            Token::OpenObject => return self.open_object(),
            Token::OpenArray => return self.open_array(),
            Token::CloseObject | Token::CloseArray | Token::Colon | Token::Comma => {
                return Err("expected a value");
            }
            _ => {}
        }
        self.expect = Expect::CommaOrEnd;
        let found = match self.frames.last() {
            None => {
                self.expect = Expect::Value;
                self.lone(token, data, List::Outer, out)?
            }
            Some(Frame::List(list)) => self.lone(token, data, *list, out)?,
            Some(Frame::Object) => {
                self.member(token, data)?;
                Found::Nothing
            }
            Some(Frame::Envelope { .. }) => {
                self.envelope_member(token, data);
                Found::Nothing
            }
            Some(Frame::Fields) => {
                self.fields.fault = Some(RejectReason::NoRecord);
                Found::Nothing
            }
            Some(Frame::OtherList | Frame::OtherObject) => Found::Nothing,
        };
        Ok(found)
    }

    fn push(&mut self, frame: Frame, expect: Expect) -> Step {
        if self.frames.len() >= DEEPEST {
            return Err("it is nested deeper than 64 levels");
        }
        self.frames.push(frame);
        self.expect = expect;
        Ok(Found::Nothing)
    }

    fn open_object(&mut self) -> Step {
        let frame = match self.frames.last() {
            None | Some(Frame::List(_)) => {
                self.has_begun = true;
                self.element.clear();
                Frame::Object
            }
            Some(Frame::Fields) => {
                self.element.clear();
                Frame::Object
            }
            Some(Frame::Object) => {
                let class = self.keys.member(self.key).class;
                if class == Class::Packed && self.frames.len() == 1 && !self.has_ended {
                    return Ok(Found::Unsupported(LAMBDA_PAYLOAD));
                }
                self.element.pass(self.key, &self.keys);
                Frame::OtherObject
            }
            Some(_) => Frame::OtherObject,
        };
        self.push(frame, Expect::KeyOrEnd)
    }

    fn open_array(&mut self) -> Step {
        let frame = match self.frames.last().copied() {
            None => Frame::List(List::Outer),
            Some(Frame::List(_)) => {
                self.has_begun = true;
                self.fields.clear();
                Frame::Fields
            }
            Some(Frame::Object | Frame::Envelope { .. }) => match self.member_list() {
                Ok(frame) => frame,
                Err(unsupported) => return Ok(Found::Unsupported(unsupported)),
            },
            Some(Frame::Fields) => {
                self.fields.fault = Some(RejectReason::NoRecord);
                Frame::OtherList
            }
            Some(Frame::OtherList | Frame::OtherObject) => Frame::OtherList,
        };
        self.push(frame, Expect::ValueOrEnd)
    }

    /// What a list is that is a member of an object.
    fn member_list(&mut self) -> Result<Frame, Unsupported> {
        let class = self.keys.member(self.key).class;
        if let Class::Described(what) = class
            && self.frames.len() == 1
            && !self.has_ended
        {
            return Err(what.unsupported());
        }
        let is_row = self.element.has_flow || self.frames.contains(&Frame::Fields);
        let Class::List(list) = class else {
            self.element.pass(self.key, &self.keys);
            return Ok(Frame::OtherList);
        };
        let is_control = match self.frames.last_mut() {
            Some(Frame::Envelope { is_control }) => *is_control,
            Some(frame) if !is_row => {
                let is_control = self.element.is_control;
                *frame = Frame::Envelope { is_control };
                is_control
            }
            _ => return Ok(Frame::OtherList),
        };
        Ok(if is_control {
            Frame::OtherList
        } else {
            Frame::List(list)
        })
    }

    fn close(&mut self, out: &mut Piece) -> Found {
        let frame = self.frames.pop();
        self.expect = if self.frames.is_empty() {
            Expect::Value
        } else {
            Expect::CommaOrEnd
        };
        match frame {
            Some(Frame::Object) if self.frames.last() == Some(&Frame::Fields) => {
                self.close_field();
                Found::Nothing
            }
            Some(Frame::Object) => {
                let list = self.innermost_list();
                let element = std::mem::take(&mut self.element);
                let found = self.decide(&element, list, out);
                self.element = element;
                found
            }
            Some(Frame::Fields) => {
                let element = std::mem::take(&mut self.fields);
                let found = self.decide(&element, List::Results, out);
                self.fields = element;
                found
            }
            _ => Found::Nothing,
        }
    }

    fn innermost_list(&self) -> List {
        let mut frames = self.frames.iter().rev();
        let list = frames.find_map(|frame| match frame {
            Frame::List(list) => Some(*list),
            _ => None,
        });
        list.unwrap_or(List::Outer)
    }

    /// An object of a field and a value has ended.
    fn close_field(&mut self) {
        let Some((field, value)) = self.element.pair(&self.keys) else {
            self.fields.fault = Some(RejectReason::NoRecord);
            return;
        };
        self.scratch.clear();
        self.scratch.extend_from_slice(field);
        let key = self.keys.of(&self.scratch);
        let copy = |text: &mut Vec<u8>| {
            text.extend_from_slice(value);
            Ok(())
        };
        if self.fields.push(key, &self.keys, copy).is_err() {
            self.fields.fault = Some(RejectReason::NoRecord);
        }
    }

    /// A value that is an element without an enclosing list.
    fn lone(&mut self, token: Token, data: &[u8], list: List, out: &mut Piece) -> Step {
        self.has_begun = true;
        self.has_ended = true;
        Ok(match token {
            Token::Text { from, to, is_plain } => {
                self.scratch.clear();
                if is_plain {
                    self.scratch.extend_from_slice(&data[from..to]);
                } else {
                    unescape(&data[from..to], &mut self.scratch)?;
                }
                self.tell("json-messages", list);
                self.writer.message(&self.scratch, out);
                Found::Line
            }
            Token::LongText => Found::Reject(RejectReason::LineTooLong),
            _ => Found::Reject(RejectReason::NoRecord),
        })
    }

    /// A value of the current element.
    fn member(&mut self, token: Token, data: &[u8]) -> Result<(), &'static str> {
        let class = self.keys.member(self.key).class;
        let is_row = class != Class::Message;
        let text: &[u8] = match token {
            Token::Text { from, to, is_plain } => {
                let raw = &data[from..to];
                return self.element.push(self.key, &self.keys, |text| {
                    if is_plain {
                        text.extend_from_slice(raw);
                        return Ok(());
                    }
                    unescape(raw, text)
                });
            }
            Token::LongText => {
                self.element.fault = Some(RejectReason::LineTooLong);
                return Ok(());
            }
            Token::Number { from, to } if is_row => &data[from..to],
            Token::Bool { is_true: true } if is_row => b"true",
            Token::Bool { is_true: false } if is_row => b"false",
            Token::Null if is_row => b"",
            _ => return Ok(()),
        };
        self.element.push(self.key, &self.keys, |into| {
            into.extend_from_slice(text);
            Ok(())
        })
    }

    /// A value beside the list of elements: only what kind of message it is matters.
    fn envelope_member(&mut self, token: Token, data: &[u8]) {
        if self.keys.member(self.key).class == Class::MessageType
            && let Token::Text { from, to, .. } = token
            && let Some(Frame::Envelope { is_control }) = self.frames.last_mut()
        {
            *is_control = &data[from..to] == b"CONTROL_MESSAGE";
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

    /// Whether the id of an event was seen before.
    pub(super) fn is_known(&mut self, event: &Element) -> bool {
        let id = event.id().filter(|id| !id.is_empty());
        let is_known = self
            .known
            .as_ref()
            .zip(id)
            .is_some_and(|(known, id)| known.is_repeated(id));
        self.duplicates += u64::from(is_known);
        is_known
    }
}
