//! Opens the objects and lists of a document: what each is for depends on what it stands in.

use super::array::Items;
use super::document::{Document, Found, Place, Step};
use super::element::{Lists, Role};
use super::frame::{Expect, Frame, MemberFrame};
use super::keys::{Class, List, NO_KEY, ROW_NUMBER};
use crate::ingest::text::piece::Piece;

impl Document {
    pub(super) fn open_object(&mut self, out: &mut Piece) -> Step {
        match self.frames.last() {
            None | Some(Frame::Rows { .. }) => self.begin_element(),
            Some(Frame::Array) => {
                let before = self.settle_values(out);
                if self.is_array_passed() {
                    return self.push(Frame::SkippedObject, Expect::KeyOrEnd);
                }
                self.begin_element()?;
                Ok(before)
            }
            Some(Frame::Object { .. }) if self.key == ROW_NUMBER || self.has_labelled_rows() => {
                self.begin_element()
            }
            Some(Frame::Object { .. } | Frame::Member(_)) if self.key != NO_KEY => {
                let class = self.keys.member(self.key).class;
                let element = self.elements.top_mut();
                let is_skipped = matches!(class, Class::Extracted | Class::ExcessField);
                let Some(element) = element.filter(|_| !is_skipped) else {
                    return self.push(Frame::SkippedObject, Expect::KeyOrEnd);
                };
                element.pass(self.key, &self.keys);
                let frame = Frame::Member(MemberFrame {
                    prefix: self.prefix,
                    field: self.keys.field(self.key),
                    known: element.fields.known(),
                    cells: element.cells().len(),
                });
                self.prefix = self.key;
                self.push(frame, Expect::KeyOrEnd)
            }
            Some(Frame::Column { prefix }) if self.table.has_no_value() => {
                let prefix = *prefix;
                self.table.clear();
                self.frames.pop();
                self.frames.push(Frame::Rows { prefix });
                self.begin_element()
            }
            Some(Frame::Column { .. }) => {
                self.table.fault();
                self.push(Frame::SkippedObject, Expect::KeyOrEnd)
            }
            Some(frame) => {
                if matches!(frame, Frame::Object { .. } | Frame::Member(_))
                    && let Some(element) = self.elements.top_mut()
                {
                    element.pass(self.key, &self.keys);
                }
                self.push(Frame::SkippedObject, Expect::KeyOrEnd)
            }
        }
    }

    fn begin_element(&mut self) -> Step {
        self.elements.push();
        self.keys.begin_element();
        let prefix = std::mem::replace(&mut self.prefix, NO_KEY);
        self.push(Frame::Object { prefix }, Expect::KeyOrEnd)?;
        self.begun = Some(self.frames.len());
        Ok(Found::Nothing)
    }

    pub(super) fn open_array(&mut self, out: &mut Piece) -> Step {
        let mut before = Found::Nothing;
        let place = match self.frames.last() {
            None => Some(self.place()),
            Some(Frame::Array) => {
                before = self.settle_values(out);
                (!self.is_array_passed()).then(|| self.place())
            }
            Some(Frame::Object { .. } | Frame::Member(_)) => return self.member_array(),
            Some(Frame::Column { .. }) => {
                self.table.fault();
                None
            }
            Some(Frame::Rows { .. } | Frame::SkippedArray | Frame::SkippedObject) => None,
        };
        let Some(place) = place else {
            return self.push(Frame::SkippedArray, Expect::ValueOrEnd);
        };
        // In a list, a list is a row rather than a list of messages.
        let is_row = matches!(self.frames.last(), Some(Frame::Array));
        let array = self.arrays.push();
        (array.place, array.is_row) = (place, is_row);
        self.push(Frame::Array, Expect::ValueOrEnd)?;
        self.begun = Some(self.frames.len());
        Ok(before)
    }

    /// Whether the contents of the list that is open do not matter.
    fn is_array_passed(&self) -> bool {
        let items = self.arrays.top().map(|array| array.items);
        matches!(items, None | Some(Items::Value | Items::Skipped))
    }

    /// Opens a list that is a member of an object.
    fn member_array(&mut self) -> Step {
        let class = self.keys.member(self.key).class;
        if let Class::Described(what) = class
            && self.frames.len() == 1
            && !self.has_ended
            && self.is_expected
        {
            return Ok(Found::Unsupported(Box::new(what.unsupported())));
        }
        let Some(mut element) = self.elements.top_mut().map(std::mem::take) else {
            return self.push(Frame::SkippedArray, Expect::ValueOrEnd);
        };
        element.pass(self.key, &self.keys);
        self.is_list_open = !element.is_searched && element.is_undecided();
        let array = self.arrays.push();
        match class {
            Class::List(_) if element.role == Role::Control => array.items = Items::Skipped,
            Class::List(list) => {
                element.named = Lists::Named;
                array.place = Place {
                    list,
                    is_expected: true,
                };
                // The lists of AWS stand in nothing that is a record; they need no look ahead.
                if list != List::Outer {
                    self.is_list_open &= self.is_record_so_far(&element);
                }
            }
            _ => {
                array.key = Some(self.key);
                // A field of a row has no records in it.
                if element.fields.has_flow() && self.keys.field(self.key).is_some() {
                    array.items = Items::Value;
                    self.is_list_open = false;
                }
            }
        }
        if let Some(top) = self.elements.top_mut() {
            *top = element;
        }
        self.push(Frame::Array, Expect::ValueOrEnd)
    }
}
