//! Undoes what other programs than AWS's make of values: accounts that became numbers, and words for missing values.

use super::element::{ACCOUNT_DIGITS, Element};
use super::keys::{Key, Keys};
use crate::ingest::text::account::{self, LostZeros};
use crate::ingest::text::missing::{self, MissingWords};
use crate::ingest::text::value::Doubt;
use crate::schema::{FieldId, Storage};

/// What the rows so far have shown.
#[derive(Debug, Default)]
pub(super) struct Cleaning {
    words: MissingWords,
    zeros: LostZeros,
}

impl Cleaning {
    /// Cleans the values of a row.
    pub(super) fn clean(&mut self, element: &mut Element, keys: &Keys) {
        // Nearly every row is clean.
        if !element.needs_cleaning {
            return;
        }
        let mut may_be_missing = false;
        for index in 0..element.cells().len() {
            let cell = element.cells()[index];
            let value = element.value(cell);
            match value.first().copied() {
                Some(byte) if missing::may_begin_word(byte) => {
                    may_be_missing = true;
                    if !is_text(cell.key, keys) {
                        self.words.note(value);
                    }
                }
                Some(byte)
                    if byte.is_ascii_digit()
                        && value.len() != ACCOUNT_DIGITS
                        && is_text(cell.key, keys) =>
                {
                    self.account(index, element, keys);
                }
                _ => {}
            }
        }
        if !may_be_missing {
            return;
        }
        for index in 0..element.cells().len() {
            let cell = element.cells()[index];
            if is_text(cell.key, keys) && self.words.is_missing_text(element.value(cell)) {
                element.set_value(index, b"");
            }
        }
    }

    /// Makes an account of a number, if the field is one.
    fn account(&mut self, index: usize, element: &mut Element, keys: &Keys) {
        let cell = element.cells()[index];
        if !keys.field(cell.key).is_some_and(account::is_account) {
            return;
        }
        let Ok(word) = str::from_utf8(element.value(cell)) else {
            return;
        };
        let Some(whole) = account::of_number(word) else {
            return;
        };
        self.zeros.note(word);
        let whole = whole.into_owned();
        element.set_value(index, whole.as_bytes());
    }

    /// What had to be assumed of values.
    pub(super) fn doubts(&self) -> Vec<(FieldId, Doubt, String)> {
        self.zeros.doubts()
    }

    /// What is unusual in the rows so far.
    pub(super) fn warnings(&self) -> Vec<String> {
        self.words.warning().into_iter().collect()
    }
}

/// Whether the values of a member are text.
fn is_text(key: Key, keys: &Keys) -> bool {
    keys.member(key).storage == Storage::Word
}
