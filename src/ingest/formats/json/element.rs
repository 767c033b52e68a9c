//! What one element of a document has: its members, as far as a row or a message could use them.

use super::keys::{Class, Key, Keys, Meaning};
use crate::ingest::formats::unsupported::signs::Signs;
use crate::ingest::text::piece::LINE_BYTES;
use crate::ingest::text::value;
use crate::store::RejectReason;

/// More members than this are too many.
const MOST_CELLS: usize = 1024;

#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub(super) key: Key,
    from: u32,
    to: u32,
}

#[derive(Debug, Default)]
pub(super) struct Element {
    text: Vec<u8>,
    cells: Vec<Cell>,
    message: Option<Cell>,
    /// The id of an event.
    id: Option<Cell>,
    /// How many members are fields of flow logs.
    pub(super) known: usize,
    /// Whether one of them is an address or a time.
    pub(super) has_flow: bool,
    /// Which other log the names of the members point to.
    pub(super) signs: Signs,
    /// How many members are such as Security Lake has.
    pub(super) ocsf: usize,
    /// Whether a member is one that Logs Insights makes up.
    pub(super) is_automatic: bool,
    /// Whether it is a `CloudWatch` `CONTROL_MESSAGE` health check.
    pub(super) is_control: bool,
    /// Why it cannot be read.
    pub(super) fault: Option<RejectReason>,
}

impl Element {
    /// Nothing yet.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.cells.clear();
        self.message = None;
        self.id = None;
        self.known = 0;
        self.has_flow = false;
        self.signs = Signs::default();
        self.ocsf = 0;
        self.is_automatic = false;
        self.is_control = false;
        self.fault = None;
    }

    /// The members of a row.
    pub(super) fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// What a member says.
    pub(super) fn value(&self, cell: Cell) -> &[u8] {
        &self.text[cell.from as usize..cell.to as usize]
    }

    /// The text of a record, if it has one.
    pub(super) fn message(&self) -> Option<&[u8]> {
        self.message.map(|cell| self.value(cell))
    }

    /// The id of an event, if it has one.
    pub(super) fn id(&self) -> Option<&[u8]> {
        self.id.map(|cell| self.value(cell))
    }

    /// Takes in a member whose value is a text, a number or a bare word. `write` appends what it says.
    pub(super) fn push(
        &mut self,
        key: Key,
        keys: &Keys,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), &'static str>,
    ) -> Result<(), &'static str> {
        let from = self.text.len();
        write(&mut self.text)?;
        self.take_in(key, keys, from);
        Ok(())
    }

    fn take_in(&mut self, key: Key, keys: &Keys, from: usize) {
        let member = keys.member(key);
        if member.is_number && self.text[from..].iter().any(|byte| b".eE".contains(byte)) {
            let word = String::from_utf8_lossy(&self.text[from..]);
            // One that lost digits stays as it is, so that this is noticed.
            if let Some((number, None)) = value::whole_of_float(&word) {
                self.text.truncate(from);
                self.text.extend_from_slice(number.to_string().as_bytes());
            }
        }
        let cell = Cell {
            key,
            from: place(from),
            to: place(self.text.len()),
        };
        match member.class {
            Class::Message => self.message = Some(cell),
            Class::Pointer => self.text.truncate(from),
            Class::MessageType => self.is_control |= self.value(cell) == b"CONTROL_MESSAGE",
            Class::Unknown => self.fault = Some(RejectReason::TooManyFields),
            Class::Ocsf => self.ocsf += 1,
            Class::Column | Class::Id | Class::List(_) | Class::Described(_) | Class::Packed => {
                self.known += usize::from(member.meaning != Meaning::Nothing);
                self.has_flow |= member.meaning == Meaning::AddressOrTime;
                if member.class == Class::Id {
                    self.id = Some(cell);
                }
                self.cells.push(cell);
            }
        }
        self.is_automatic |= member.is_automatic;
        self.signs = self.signs.and(member.signs);
        if self.text.len() > LINE_BYTES || self.cells.len() > MOST_CELLS {
            let is_long = self.text.len() > LINE_BYTES;
            self.text.clear();
            self.cells.clear();
            self.message = None;
            self.id = None;
            self.fault = Some(if is_long {
                RejectReason::LineTooLong
            } else {
                RejectReason::TooManyFields
            });
        }
    }

    /// Takes in that a member has a list or an object for its value.
    pub(super) fn pass(&mut self, key: Key, keys: &Keys) {
        let member = keys.member(key);
        self.ocsf += usize::from(member.class == Class::Ocsf);
        self.signs = self.signs.and(member.signs);
    }

    /// The values of two members, the only ones, by the names that results of Logs Insights give them.
    pub(super) fn pair(&self, keys: &Keys) -> Option<(&[u8], &[u8])> {
        let [one, other] = self.cells[..] else {
            return None;
        };
        let name = |cell: Cell| keys.member(cell.key).name.as_str();
        match (name(one), name(other)) {
            ("field", "value") => Some((self.value(one), self.value(other))),
            ("value", "field") => Some((self.value(other), self.value(one))),
            _ => None,
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "an element is bounded")]
fn place(at: usize) -> u32 {
    at as u32
}
