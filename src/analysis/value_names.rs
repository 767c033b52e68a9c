//! The values of a field as text, and their order.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::{Arc, OnceLock};

use super::Key;
use crate::schema::FieldId;
use crate::store::{Catalog, Dictionary};

/// Compares the values of one field: numbers by size, words by their text.
#[derive(Debug)]
pub(crate) struct ValueNames {
    dictionary: Arc<Dictionary>,
    /// The words by code; read at the first comparison.
    words: OnceLock<Vec<Arc<str>>>,
}

impl ValueNames {
    pub(crate) fn new(catalog: &Catalog, field: FieldId) -> Self {
        Self {
            dictionary: catalog.dictionaries.of(field),
            words: OnceLock::new(),
        }
    }

    /// Numbers and addresses by size, words by their text, the missing value last.
    pub(crate) fn compare(&self, a: Key, b: Key) -> Ordering {
        let rank = |key: Key| match key {
            Key::Number(_) => 0,
            Key::Word(_) => 1,
            Key::Address(_) => 2,
            Key::Missing => 3,
        };
        match (a, b) {
            (Key::Number(a), Key::Number(b)) => a.cmp(&b),
            (Key::Address(a), Key::Address(b)) => a.cmp(&b),
            (Key::Word(a), Key::Word(b)) if a == b => Ordering::Equal,
            (Key::Word(a), Key::Word(b)) => self.word(a).cmp(&self.word(b)),
            _ => rank(a).cmp(&rank(b)),
        }
    }

    fn word(&self, code: u32) -> Cow<'_, str> {
        let words = self.words.get_or_init(|| self.dictionary.words());
        match words.get(code as usize) {
            Some(word) => Cow::Borrowed(word),
            // The word was added after the first comparison.
            None => Cow::Owned(self.dictionary.word(code).to_string()),
        }
    }
}

impl Key {
    /// The value of `field` as a flow log prints it; `-` if it is missing.
    ///
    /// # Panics
    ///
    /// When the value is a word of another catalog.
    pub fn label(self, catalog: &Catalog, field: FieldId) -> String {
        match self {
            Self::Missing => "-".into(),
            Self::Number(number) => number.to_string(),
            Self::Word(code) => catalog.dictionaries.of(field).word(code).to_string(),
            Self::Address(address) => address.to_string(),
        }
    }
}
