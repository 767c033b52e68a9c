//! Opens the objects and lists of a document: what each is for depends on what it stands in.

use super::array::{Array, Items};
use super::document::{Document, Expect, Found, Frame, MemberFrame, Place, Step};
use super::element::Role;
use super::keys::{Class, NO_KEY, ROW_NUMBER};
use crate::ingest::text::piece::Piece;

impl Document {
    pub(super) fn open_object(&mut self, out: &mut Piece) -> Step {
        match self.frames.last() {
            None | Some(Frame::Rows { .. }) => self.begin_element(),
            Some(Frame::Array) => match self.settle_values(out) {
                Items::Value | Items::Skipped => self.push(Frame::SkippedObject, Expect::KeyOrEnd),
                _ => self.begin_element(),
            },
            Some(Frame::Object { .. }) if self.key == ROW_NUMBER || self.has_labelled_rows() => {
                self.begin_element()
            }
            Some(Frame::Object { .. } | Frame::Member(_)) if self.key != NO_KEY => {
                let class = self.keys.member(self.key).class;
                let element = self.elements.top_mut();
                let Some(element) = element.filter(|_| class != Class::Extracted) else {
                    return self.push(Frame::SkippedObject, Expect::KeyOrEnd);
                };
                element.pass(self.key, &self.keys);
                let frame = Frame::Member(MemberFrame {
                    prefix: self.prefix,
                    field: self.keys.field(self.key),
                    known: element.known,
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
            Some(_) => self.push(Frame::SkippedObject, Expect::KeyOrEnd),
        }
    }

    fn begin_element(&mut self) -> Step {
        self.elements.push().names_before = self.keys.count();
        let prefix = std::mem::replace(&mut self.prefix, NO_KEY);
        self.push(Frame::Object { prefix }, Expect::KeyOrEnd)?;
        self.begun = Some(self.frames.len());
        Ok(Found::Nothing)
    }

    pub(super) fn open_array(&mut self, out: &mut Piece) -> Step {
        let place = match self.frames.last() {
            None => Some(self.place()),
            Some(Frame::Array) => match self.settle_values(out) {
                Items::Value | Items::Skipped => None,
                _ => Some(self.place()),
            },
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
        self.arrays.push().place = place;
        self.push(Frame::Array, Expect::ValueOrEnd)?;
        self.begun = Some(self.frames.len());
        Ok(Found::Nothing)
    }

    /// Opens a list that is a member of an object.
    fn member_array(&mut self) -> Step {
        let class = self.keys.member(self.key).class;
        if let Class::Described(what) = class
            && self.frames.len() == 1
            && !self.has_ended
            && self.is_expected
        {
            return Ok(Found::Unsupported(what.unsupported()));
        }
        let Some(element) = self.elements.top_mut().filter(|_| self.key != NO_KEY) else {
            return self.push(Frame::SkippedArray, Expect::ValueOrEnd);
        };
        element.pass(self.key, &self.keys);
        let mut array = Array::default();
        match class {
            _ if element.may_be_record() => {
                array.key = Some(self.key);
                array.items = Items::Value;
            }
            Class::List(_) if element.role == Role::Control => array.items = Items::Skipped,
            Class::List(list) => {
                element.role = Role::Envelope;
                array.place = Place {
                    list,
                    is_expected: true,
                };
            }
            _ => array.key = Some(self.key),
        }
        let new = self.arrays.push();
        (new.key, new.items, new.place) = (array.key, array.items, array.place);
        self.push(Frame::Array, Expect::ValueOrEnd)
    }
}
