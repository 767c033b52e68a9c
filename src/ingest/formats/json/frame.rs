//! What is open at a place of a document, and what may come there.

use super::keys::Key;
use crate::schema::FieldId;

/// What a bracket that is open is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// A list; what it has is in [`Document::arrays`].
    Array,
    /// An object that is an element, or becomes an envelope; what it has is in [`Document::elements`].
    Object { prefix: Key },
    /// An object within an element: its members have paths.
    Member(MemberFrame),
    /// A column of a table: its members are the values of the rows.
    Column { prefix: Key },
    /// An object whose members are elements.
    Rows { prefix: Key },
    /// A list whose contents do not matter.
    SkippedArray,
    /// An object whose contents do not matter.
    SkippedObject,
}

/// What was before an object within an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MemberFrame {
    pub(super) prefix: Key,
    /// The field that has this object for its value.
    pub(super) field: Option<FieldId>,
    /// How many members of the element were fields, and how many there were.
    pub(super) known: u32,
    pub(super) cells: usize,
}

/// What may come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expect {
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    Colon,
    CommaOrEnd,
}
