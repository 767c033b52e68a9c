//! Writes rows as lines: a layout that grows with every new name, and `-` for what a row does not have.

use super::element::Element;
use super::keys::{Key, Keys};
use crate::ingest::text::missing;
use crate::ingest::text::piece::{Columns, Piece};
use crate::store::{LineStyle, RejectReason};

/// The most columns of a layout.
const MAX_COLUMNS: usize = 512;

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
    pub(super) fn columns(&self) -> &[Key] {
        &self.columns
    }

    /// Writes the text of a record.
    pub(super) fn message(&mut self, message: &[u8], out: &mut Piece) {
        if self.mode == Mode::Rows {
            out.push_layout(None);
        }
        self.mode = Mode::Messages;
        out.push_message(message);
    }

    /// Writes a row, or says why it cannot be one.
    pub(super) fn row(
        &mut self,
        element: &Element,
        keys: &mut Keys,
        out: &mut Piece,
    ) -> Result<(), RejectReason> {
        let known = self.columns.len();
        for cell in element.cells() {
            if keys.member(cell.key).column.is_some() {
                continue;
            }
            let shared = self.shared_column(cell.key, element, keys);
            if shared.is_none() {
                if self.columns.len() == MAX_COLUMNS {
                    self.forget_columns(known, element, keys);
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
        Ok(())
    }

    /// Takes back the columns from `known` on, so that a row with too many names leaves room for the rows after it.
    fn forget_columns(&mut self, known: usize, element: &Element, keys: &mut Keys) {
        self.columns.truncate(known);
        for cell in element.cells() {
            let column = &mut keys.member_mut(cell.key).column;
            *column = column.filter(|column| usize::from(*column) < known);
        }
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
