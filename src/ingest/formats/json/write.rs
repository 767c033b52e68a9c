//! Writes rows as lines: a layout that grows with every new name, and `-` for what a row does not have.

use super::element::{Cell, Element};
use super::keys::{Key, Keys};
use crate::ingest::text::missing;
use crate::ingest::text::piece::{Columns, Piece};
use crate::store::{LineStyle, RejectReason};

/// The most columns of a layout, and the most of which not all are fields.
const MAX_COLUMNS: usize = 512;
const MAX_OTHER_COLUMNS: usize = 448;

/// What the lines written last were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Mode {
    #[default]
    Nothing,
    Messages,
    Rows,
}

/// Writes messages and rows.
#[derive(Debug, Default)]
pub(super) struct LineWriter {
    mode: Mode,
    columns: Vec<Key>,
    /// For each column, the index of the member with its value, plus one; 0 where the row has none.
    places: Vec<u16>,
}

impl LineWriter {
    /// Writes the text of a record.
    pub(super) fn message(&mut self, message: &[u8], out: &mut Piece) {
        if self.mode == Mode::Rows {
            out.push_layout(None);
        }
        self.mode = Mode::Messages;
        out.push_message(message);
    }

    /// Writes a row, and returns whether that was the whole row; or says why it cannot be one.
    pub(super) fn row(
        &mut self,
        element: &Element,
        keys: &mut Keys,
        out: &mut Piece,
    ) -> Result<bool, RejectReason> {
        let known = self.columns.len();
        let mut has_room = None;
        for cell in element.cells() {
            if keys.member(cell.key).column.is_some() {
                continue;
            }
            let has_room = *has_room.get_or_insert_with(|| self.has_room(element, keys));
            if !has_room && keys.field(cell.key).is_none() {
                continue;
            }
            let shared = self.shared_column(cell.key, element, keys);
            if shared.is_none() {
                if self.columns.len() == MAX_COLUMNS {
                    return Err(RejectReason::TooManyFields);
                }
                self.columns.push(cell.key);
            }
            let last = self.columns.len() - 1;
            keys.member_mut(cell.key).column = shared.or_else(|| u16::try_from(last).ok());
        }
        if self.mode != Mode::Rows || self.columns.len() > known {
            let names = self.columns.iter();
            let names = names.map(|key| keys.member(*key).name.clone());
            out.push_layout(Some(Columns {
                style: LineStyle::Values,
                names: names.collect(),
                header: None,
            }));
            self.mode = Mode::Rows;
        }
        self.places.clear();
        self.places.resize(self.columns.len(), 0);
        for (index, cell) in element.cells().iter().enumerate() {
            if let Some(column) = keys.member(cell.key).column {
                let place = &mut self.places[usize::from(column)];
                if *place > 0 {
                    return Err(RejectReason::TooManyFields);
                }
                *place = u16::try_from(index + 1).unwrap_or(0);
            }
        }
        let begin = out.text.len();
        if self.words(element, &mut out.text) {
            out.text.push(b'\n');
        } else {
            out.text.truncate(begin);
            let values = self.places.iter();
            out.push_row(values.map(|place| Self::value(element, *place)), None);
        }
        Ok(has_room.unwrap_or(true))
    }

    /// Whether there is room for all new columns of a row that are no fields.
    fn has_room(&self, element: &Element, keys: &Keys) -> bool {
        let is_new =
            |cell: &&Cell| keys.member(cell.key).column.is_none() && keys.field(cell.key).is_none();
        let new = element.cells().iter().filter(is_new).count();
        new == 0 || self.columns.len() + new <= MAX_OTHER_COLUMNS
    }

    /// The column of the same field under another name, unless the row has both.
    fn shared_column(&self, key: Key, element: &Element, keys: &Keys) -> Option<u16> {
        let field = keys.member(key).field?;
        let is_same = |other: Key| other != key && keys.member(other).field == Some(field);
        if element.cells().iter().any(|cell| is_same(cell.key)) {
            return None;
        }
        let same = self.columns.iter().find(|other| is_same(**other))?;
        keys.member(*same).column
    }

    fn value(element: &Element, place: u16) -> &[u8] {
        let cell = usize::from(place).checked_sub(1);
        let value = cell.map_or(&[][..], |cell| element.value(element.cells()[cell]));
        if missing::is_missing(value) {
            b"-"
        } else {
            value
        }
    }

    /// Writes words with spaces between, and says whether they are read as that and nothing else.
    fn words(&self, element: &Element, out: &mut Vec<u8>) -> bool {
        // A line of names alone would be read as a header.
        let mut may_be_header = true;
        for (index, place) in self.places.iter().enumerate() {
            if index > 0 {
                out.push(b' ');
            }
            let value = Self::value(element, *place);
            if value.iter().any(|byte| *byte <= b' ') || index == 0 && value[0] == b'#' {
                return false;
            }
            may_be_header &= value[0].is_ascii_alphabetic();
            out.extend_from_slice(value);
        }
        !may_be_header
    }
}
