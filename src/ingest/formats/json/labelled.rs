//! Objects whose members are rows under labels of their own: `{"a": {"srcaddr": …}, "b": {"srcaddr": …}}`, as pandas
//! and `ClickHouse` write a table by rows.
//!
//! The first member alone might be an envelope: only the second one shows that both are rows.

use super::document::{Document, Found, Place};
use super::element::{Cell, Element, Role};
use super::frame::{Frame, MemberFrame};
use super::keys::{Key, Keys, List, NO_KEY};
use super::stack::Reuse;
use crate::ingest::text::piece::Piece;
use crate::schema::FieldId;
use crate::store::RejectReason;

/// How many fields two rows have in common at least.
const MIN_COMMON_FIELDS: usize = 4;

/// Where the labels of rows stand in a document.
#[derive(Debug, Default)]
pub(super) struct Labels {
    /// The first member of the current element that is an object.
    first: Key,
    /// How many elements are open where the members of the innermost one are rows.
    level: Option<usize>,
}

/// A member below a label.
struct Part<'a> {
    name: &'a [u8],
    value: &'a [u8],
    field: Option<FieldId>,
}

impl Document {
    /// Whether the members of the current element have turned out to be rows.
    pub(super) fn has_labelled_rows(&self) -> bool {
        self.labels.level == Some(self.elements.len())
    }

    /// An element has ended whose members may have been rows.
    pub(super) fn forget_labels(&mut self) {
        if self.labels.level > Some(self.elements.len()) {
            self.labels.level = None;
        }
    }

    /// The object that is the member `label` has ended. Where it and the one before it are rows, they are written.
    pub(super) fn close_labelled(
        &mut self,
        label: Key,
        frame: MemberFrame,
        out: &mut Piece,
    ) -> Found {
        if frame.prefix != NO_KEY || !matches!(self.frames.last(), Some(Frame::Object { .. })) {
            return Found::Nothing;
        }
        if frame.cells == 0 {
            self.labels.first = label;
            return Found::Nothing;
        }
        let Some(mut element) = self.elements.top_mut().map(std::mem::take) else {
            return Found::Nothing;
        };
        let rows = rows(
            &element,
            [self.labels.first, label],
            frame.cells,
            &mut self.keys,
        );
        if rows.is_some() {
            element.clear();
            element.role = Role::Envelope;
            self.labels.level = Some(self.elements.len());
        }
        if let Some(top) = self.elements.top_mut() {
            *top = element;
        }
        let place = Place {
            list: List::Outer,
            is_expected: true,
        };
        let mut lines = 0;
        for mut row in rows.into_iter().flatten() {
            match self.decide(&mut row, place, out) {
                Found::Lines(count) => lines += count,
                Found::Reject(reason) => {
                    out.push_reject(reason, &[]);
                    lines += 1;
                }
                _ => {}
            }
        }
        if lines == 0 {
            return Found::Nothing;
        }
        let place = self.place();
        self.count(Found::Lines(lines), place, out)
    }
}

/// The rows under two labels, of which the first has the first `count` members of an element.
fn rows(
    element: &Element,
    labels: [Key; 2],
    count: usize,
    keys: &mut Keys,
) -> Option<[Element; 2]> {
    if !element.is_undecided() || element.fault.is_some() || element.is_ocsf() {
        return None;
    }
    let (before, after) = element.cells().split_at_checked(count)?;
    let before = parts(element, before, labels[0], keys)?;
    let after = parts(element, after, labels[1], keys)?;
    let pairs = before.iter().filter_map(|part| {
        let other = after.iter().find(|other| other.name == part.name)?;
        let field = part.field.filter(|_| other.field.is_some())?;
        Some((field, part.value == other.value))
    });
    let common: Vec<(FieldId, bool)> = pairs.collect();
    let has_flow = common.iter().any(|(field, _)| field.is_address_or_time());
    let differs = common.iter().any(|(_, is_same)| !is_same);
    if common.len() < MIN_COMMON_FIELDS || !has_flow || !differs {
        return None;
    }
    let owned = |parts: &[Part<'_>]| -> Vec<(Vec<u8>, Vec<u8>)> {
        let parts = parts.iter();
        parts
            .map(|part| (part.name.to_vec(), part.value.to_vec()))
            .collect()
    };
    let rows = [owned(&before), owned(&after)];
    Some(rows.map(|parts| row(&parts, keys)))
}

/// The members below a label, unless one is elsewhere.
fn parts<'a>(
    element: &'a Element,
    cells: &[Cell],
    label: Key,
    keys: &'a Keys,
) -> Option<Vec<Part<'a>>> {
    let part = |cell: &Cell| {
        let (name, field) = keys.below(cell.key, label)?;
        let value = element.value(*cell);
        Some(Part { name, value, field })
    };
    cells.iter().map(part).collect()
}

fn row(parts: &[(Vec<u8>, Vec<u8>)], keys: &mut Keys) -> Element {
    let mut row = Element::default();
    for (name, value) in parts {
        let key = keys.of(name);
        let copy = |text: &mut Vec<u8>| {
            text.extend_from_slice(value);
            Ok(())
        };
        if row.push(key, keys, copy).is_err() {
            row.fault = Some(RejectReason::NoRecord);
        }
    }
    row
}
