//! What one element of a document has: its members, as far as a row or a message could use them.

use super::field_counts::FieldCounts;
use super::keys::{Class, Key, Keys, Meaning, NO_KEY};
use super::stack::Reuse;
use super::token::MAX_STRING_BYTES;
use crate::ingest::formats::unsupported::signs::Signs;
use crate::ingest::text::missing;
use crate::ingest::text::value;
use crate::schema::{FieldId, Storage};
use crate::store::RejectReason;

/// The most members of an element, and the most of which not all are fields.
pub(super) const MAX_CELLS: usize = 1024;
const MAX_COLUMN_CELLS: usize = 896;
/// The most lists of an element that are remembered.
const MAX_LISTS: usize = 8;
/// The fewest bytes and spaces of a string that is a record.
pub(super) const MIN_RECORD_BYTES: usize = 24;
const MIN_RECORD_SPACES: usize = 2;
/// The most strings of an element that are tried as records.
const MAX_CANDIDATES: usize = 64;
/// How many digits an account has.
pub(super) const ACCOUNT_DIGITS: usize = 12;
/// The rank of a string whose name says that it is packed, and of one whose name does not say what it is.
const PACKED: u8 = 5;
const ANY_STRING: u8 = 6;

#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub(super) key: Key,
    from: u32,
    to: u32,
}

/// What an element turned out to be before its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Role {
    #[default]
    Undecided,
    /// It holds other elements.
    Envelope,
    /// A `CloudWatch` `CONTROL_MESSAGE` health check.
    Control,
}

/// A string that may be the text of a record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    /// Of several that are records, the one with the lowest rank is used.
    pub(super) rank: u8,
    pub(super) cell: Cell,
}

#[derive(Debug, Default)]
pub(super) struct Element {
    text: Vec<u8>,
    cells: Vec<Cell>,
    /// The member whose name says that it is the text of a record.
    pub(super) message: Option<Candidate>,
    pub(super) candidates: Vec<Candidate>,
    /// The id of an event.
    id: Option<Cell>,
    /// The log group and the log stream of an event, or of the events that it holds.
    pub(super) log_group: Option<Cell>,
    pub(super) log_stream: Option<Cell>,
    /// Strings that may be documents or several lines.
    pub(super) packed: Vec<Candidate>,
    /// Which fields of flow logs the members are.
    pub(super) fields: FieldCounts,
    /// How many members have paths, or names that are fields only among certain others.
    pub(super) paths: usize,
    /// Which other log the names of the members point to.
    pub(super) signs: Signs,
    /// How many members are such as Security Lake has.
    ocsf: usize,
    /// Whether a member is one that Logs Insights makes up.
    pub(super) is_automatic: bool,
    pub(super) role: Role,
    /// Whether a value may be an account that became a number, or a word for a missing value.
    pub(super) needs_cleaning: bool,
    /// Members that are lists of several values, and no fields.
    lists: Vec<Key>,
    /// A field with an object or a list of several values.
    pub(super) nested_field: Option<FieldId>,
    /// How many members were left out since there were too many names.
    pub(super) left_out: usize,
    /// What is known of its lists.
    pub(super) named: Lists,
    /// Whether its lists are searched for records: it is none as far as was looked ahead.
    pub(super) is_searched: bool,
    /// Why it cannot be read.
    pub(super) fault: Option<RejectReason>,
}

/// What is known of the lists of an element.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Lists {
    /// None has a name of lists of records.
    #[default]
    Unnamed,
    /// One has: without fields of a record, the element describes that list.
    Named,
}

impl Reuse for Element {
    fn clear(&mut self) {
        self.text.clear();
        self.cells.clear();
        self.message = None;
        self.candidates.clear();
        self.id = None;
        self.log_group = None;
        self.log_stream = None;
        self.packed.clear();
        self.fields = FieldCounts::default();
        self.paths = 0;
        self.signs = Signs::default();
        self.ocsf = 0;
        self.is_automatic = false;
        self.role = Role::Undecided;
        self.needs_cleaning = false;
        self.lists.clear();
        self.nested_field = None;
        self.left_out = 0;
        self.named = Lists::Unnamed;
        self.is_searched = false;
        self.fault = None;
    }
}

impl Element {
    /// The members of a row.
    pub(super) fn cells(&self) -> &[Cell] {
        &self.cells
    }

    pub(super) fn cells_mut(&mut self) -> &mut Vec<Cell> {
        &mut self.cells
    }

    /// What a member says.
    pub(super) fn value(&self, cell: Cell) -> &[u8] {
        &self.text[cell.from as usize..cell.to as usize]
    }

    /// Replaces what the member at `index` says.
    pub(super) fn set_value(&mut self, index: usize, value: &[u8]) {
        let from = place(self.text.len());
        self.text.extend_from_slice(value);
        if let Some(cell) = self.cells.get_mut(index) {
            (cell.from, cell.to) = (from, place(self.text.len()));
        }
    }

    /// Whether it is an event in the schema of OCSF.
    pub(super) fn is_ocsf(&self) -> bool {
        self.ocsf > 1
    }

    /// Members that are lists of several values, and no fields.
    pub(super) fn lists(&self) -> &[Key] {
        &self.lists
    }

    /// Takes in that a member is a list of several values, or of objects.
    pub(super) fn take_list(&mut self, key: Key, keys: &Keys) {
        match keys.field(key) {
            Some(field) => self.nested_field = self.nested_field.or(Some(field)),
            None if self.lists.len() < MAX_LISTS && !self.lists.contains(&key) => {
                self.lists.push(key);
            }
            None => {}
        }
    }

    /// The id of an event, if it has one.
    pub(super) fn id(&self) -> Option<&[u8]> {
        self.id.map(|cell| self.value(cell))
    }

    /// Whether it has not turned out to be an envelope.
    pub(super) fn is_undecided(&self) -> bool {
        self.role == Role::Undecided
    }

    /// Makes columns of messages that are no records.
    pub(super) fn add_messages(&mut self, keys: &Keys) {
        let Some(message) = self.message else {
            return;
        };
        self.cells.push(message.cell);
        let is_message = |cell: &Cell| matches!(keys.member(cell.key).class, Class::Message { .. });
        for candidate in &self.candidates {
            if is_message(&candidate.cell) && !candidate.cell.is_same_place(message.cell) {
                self.cells.push(candidate.cell);
            }
        }
    }

    /// Takes in a member whose value is a string, a number or a bare word. `write` appends what it says.
    pub(super) fn push(
        &mut self,
        key: Key,
        keys: &Keys,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), &'static str>,
    ) -> Result<Cell, &'static str> {
        let from = self.text.len();
        write(&mut self.text)?;
        Ok(self.take_in(key, keys, from))
    }

    /// Takes in a member that says `value`.
    pub(super) fn push_bytes(&mut self, key: Key, keys: &Keys, value: &[u8]) {
        let from = self.text.len();
        self.text.extend_from_slice(value);
        self.take_in(key, keys, from);
    }

    fn take_in(&mut self, key: Key, keys: &Keys, from: usize) -> Cell {
        let member = keys.member(key);
        if member.storage == Storage::Number
            && self.text[from..].iter().any(|byte| b".eE".contains(byte))
        {
            let word = String::from_utf8_lossy(&self.text[from..]);
            // One that lost digits stays as it is, so that this is noticed.
            if let Some((number, None)) = value::whole_of_float(&word) {
                self.text.truncate(from);
                self.text.extend_from_slice(number.to_string().as_bytes());
            }
        }
        let mut cell = Cell {
            key,
            from: place(from),
            to: place(self.text.len()),
        };
        match member.class {
            Class::Message { rank } => {
                let candidate = Candidate { rank, cell };
                match self.message {
                    None => self.message = Some(candidate),
                    Some(_) => self.propose(candidate),
                }
            }
            Class::Pointer => self.drop_text(&mut cell),
            Class::MessageType => {
                if self.value(cell) == b"CONTROL_MESSAGE" {
                    self.role = Role::Control;
                }
            }
            Class::Unknown => {
                self.drop_text(&mut cell);
                self.left_out += 1;
            }
            Class::Column
                if self.cells.len() >= MAX_COLUMN_CELLS && member.meaning == Meaning::Nothing =>
            {
                self.drop_text(&mut cell);
                self.left_out += 1;
            }
            Class::ExcessField => self.fault = Some(RejectReason::TooManyFields),
            Class::Ocsf => {
                self.ocsf += 1;
                self.add(cell, keys);
            }
            Class::Id => {
                self.id = Some(cell);
                self.add(cell, keys);
            }
            Class::LogGroup => {
                self.log_group = Some(cell);
                self.add(cell, keys);
            }
            Class::LogStream => {
                self.log_stream = Some(cell);
                self.add(cell, keys);
            }
            Class::MaybeMessage { rank } => {
                self.propose(Candidate { rank, cell });
                self.add(cell, keys);
            }
            Class::Column
            | Class::List(_)
            | Class::Cell
            | Class::Extracted
            | Class::NoCell
            | Class::Described(_)
            | Class::Packed => {
                if has_words(&self.text[from..]) {
                    self.propose(Candidate {
                        rank: ANY_STRING,
                        cell,
                    });
                }
                self.add(cell, keys);
            }
        }
        self.is_automatic |= member.is_automatic;
        self.signs = self.signs.and(member.signs);
        self.bound();
        cell
    }

    fn add(&mut self, cell: Cell, keys: &Keys) {
        let member = keys.member(cell.key);
        self.fields.add(member.meaning);
        self.paths += usize::from(member.path.is_some());
        let value = &self.text[cell.from as usize..cell.to as usize];
        let may_be_missing = |byte: &u8| missing::may_begin_word(*byte);
        self.needs_cleaning |= value.first().is_some_and(may_be_missing)
            || member.is_account && value.len() != ACCOUNT_DIGITS;
        self.cells.push(cell);
    }

    /// Forgets what a member says, the last that was taken in.
    fn drop_text(&mut self, cell: &mut Cell) {
        cell.to = cell.from;
        self.text.truncate(cell.from as usize);
    }

    /// Adds a string that may hold records in JSON, base64 or lines.
    pub(super) fn add_packed(&mut self, cell: Cell, class: Class) {
        let rank = match class {
            Class::Message { rank } | Class::MaybeMessage { rank } => rank,
            Class::Packed => PACKED,
            _ => ANY_STRING,
        };
        if self.packed.len() < MAX_CANDIDATES {
            self.packed.push(Candidate { rank, cell });
        }
    }

    fn propose(&mut self, candidate: Candidate) {
        if self.candidates.len() < MAX_CANDIDATES {
            self.candidates.push(candidate);
        }
    }

    /// Forgets what it has where that is too much.
    fn bound(&mut self) {
        let is_long = self.text.len() > MAX_STRING_BYTES;
        if !is_long && self.cells.len() <= MAX_CELLS {
            return;
        }
        let (role, signs) = (self.role, self.signs);
        self.clear();
        (self.role, self.signs) = (role, signs);
        self.fault = Some(if is_long {
            RejectReason::LineTooLong
        } else {
            RejectReason::TooManyFields
        });
    }

    /// Takes in that a member has a list or an object for its value.
    pub(super) fn pass(&mut self, key: Key, keys: &Keys) {
        let member = keys.member(key);
        self.ocsf += usize::from(member.class == Class::Ocsf);
        self.left_out += usize::from(member.class == Class::Unknown);
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

    /// The value of the cell that this is, where it is one: an object with a value and no other member.
    pub(super) fn as_cell(&self, keys: &Keys) -> Option<&[u8]> {
        match self.cells[..] {
            [only] => match keys.member(only.key).class {
                Class::Cell => Some(self.value(only)),
                Class::NoCell => Some(b""),
                _ => None,
            },
            _ => None,
        }
    }

    /// The name of the column that this describes: `{"name":"srcaddr","type":"String"}`.
    pub(super) fn column_name(&self, keys: &Keys) -> Option<&[u8]> {
        let member = |name: &str| {
            let mut cells = self.cells.iter();
            let is_it = |cell: &&Cell| keys.member(cell.key).name.eq_ignore_ascii_case(name);
            cells.find(is_it).map(|cell| self.value(*cell))
        };
        member("type").or_else(|| member("typeName"))?;
        member("name")
    }
}

/// Whether a string is long enough for a record.
pub(super) fn has_words(text: &[u8]) -> bool {
    text.len() >= MIN_RECORD_BYTES
        && memchr::memchr_iter(b' ', text)
            .take(MIN_RECORD_SPACES)
            .count()
            == MIN_RECORD_SPACES
}

impl Cell {
    pub(super) fn is_same_place(self, other: Self) -> bool {
        (self.from, self.to) == (other.from, other.to)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "an element is bounded")]
fn place(at: usize) -> u32 {
    at as u32
}

/// The cells of a list: values without names.
#[derive(Debug, Default)]
pub(super) struct Values {
    text: Vec<u8>,
    cells: Vec<Cell>,
}

impl Values {
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.cells.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether there is no room for more.
    pub(super) fn is_full(&self) -> bool {
        self.cells.len() > MAX_CELLS || self.text.len() > MAX_STRING_BYTES
    }

    /// Adds a value.
    pub(super) fn push_bytes(&mut self, value: &[u8]) {
        let from = place(self.text.len());
        self.text.extend_from_slice(value);
        self.cells.push(Cell {
            key: NO_KEY,
            from,
            to: place(self.text.len()),
        });
    }

    /// Adds a value that `write` appends.
    pub(super) fn push(
        &mut self,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), &'static str>,
    ) -> Result<(), &'static str> {
        let from = self.text.len();
        write(&mut self.text)?;
        self.cells.push(Cell {
            key: NO_KEY,
            from: place(from),
            to: place(self.text.len()),
        });
        Ok(())
    }

    /// The value at `index`; an empty one where there is none.
    pub(super) fn get(&self, index: usize) -> &[u8] {
        let cell = self.cells.get(index);
        cell.map_or(&[], |cell| &self.text[cell.from as usize..cell.to as usize])
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.cells.len()).map(|index| self.get(index))
    }
}
