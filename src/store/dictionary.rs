//! The distinct words of a text field, each with a code.

mod tags;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use crate::schema::{FieldId, Kind};
use tags::DecodedTags;
pub use tags::decoded;

/// An append-only list of the distinct words of one field.
///
/// Codes are assigned in the order in which loading threads read the words, so they have no order: sort by the words. Only the words of a [`Kind::Choice`] have fixed codes, in table order, so
/// that `ACCEPT` is 0 and `REJECT` is 1 in every store.
///
/// Tags have a code for each spelling in the files, and are compared, shown and grouped by their decoded text.
#[derive(Debug, Default)]
pub struct Dictionary {
    inner: RwLock<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    codes: HashMap<Arc<str>, u32, foldhash::fast::RandomState>,
    /// As they are in the files.
    words: Vec<Arc<str>>,
    /// The decoded words of a field of tags.
    tags: Option<DecodedTags>,
    bytes: usize,
}

/// The dictionaries of a store, one for each text field, made when first asked for.
#[derive(Debug, Default)]
pub struct Dictionaries {
    fields: RwLock<Vec<Option<Arc<Dictionary>>>>,
}

impl Inner {
    fn words(&self) -> &Vec<Arc<str>> {
        self.tags.as_ref().map_or(&self.words, DecodedTags::words)
    }
}

impl Dictionary {
    fn of(field: FieldId) -> Self {
        let dictionary = Self {
            inner: RwLock::new(Inner {
                tags: field.is_tag().then(DecodedTags::default),
                ..Inner::default()
            }),
        };
        if let Kind::Choice(words) = field.kind() {
            for word in words {
                dictionary.code(word);
            }
        }
        dictionary
    }

    fn read(&self) -> RwLockReadGuard<'_, Inner> {
        // A poisoned lock holds a list that is still whole: pushes are the last step of an insertion.
        self.inner.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The code of `word`, which is added if it is new.
    ///
    /// # Panics
    ///
    /// When the field has more than 2³² words.
    pub fn code(&self, word: &str) -> u32 {
        if let Some(code) = self.read().codes.get(word) {
            return *code;
        }
        let mut inner = self.inner.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(&code) = inner.codes.get(word) {
            return code;
        }
        let code = u32::try_from(inner.words.len()).expect("fewer words than rows");
        let word: Arc<str> = word.into();
        // Two pointers of 16 bytes, the code, the two counts of the Arc, and the slack of the hash table.
        inner.bytes += word.len() + 64;
        if let Some(tags) = &mut inner.tags {
            let bytes = tags.add(code, &word);
            inner.bytes += bytes;
        }
        inner.codes.insert(Arc::clone(&word), code);
        inner.words.push(word);
        code
    }

    /// The code of `word` if it is known; of a decoded tag, the code of its first spelling.
    pub fn find(&self, word: &str) -> Option<u32> {
        let inner = self.read();
        match &inner.tags {
            Some(tags) => tags.find(word),
            None => inner.codes.get(word).copied(),
        }
    }

    /// The codes of `word`: none if it is unknown, several for a tag that is spelled in several ways.
    pub fn find_all(&self, word: &str) -> Vec<u32> {
        let inner = self.read();
        match &inner.tags {
            Some(tags) => tags.find_all(word),
            None => inner.codes.get(word).copied().into_iter().collect(),
        }
    }

    /// The codes of the words that are `word` in any case.
    pub fn find_in_any_case(&self, word: &str) -> Vec<u32> {
        let inner = self.read();
        let words = (0..).zip(inner.words());
        let same = words.filter(|(_, other)| other.eq_ignore_ascii_case(word));
        same.map(|(code, _)| code).collect()
    }

    /// For each code the first code of the same tag; none if every code has a text of its own.
    pub fn first_spellings(&self) -> Option<Arc<[u32]>> {
        self.read().tags.as_ref()?.first_spellings()
    }

    /// The word of `code`.
    ///
    /// # Panics
    ///
    /// When no such code was handed out.
    pub fn word(&self, code: u32) -> Arc<str> {
        Arc::clone(&self.read().words()[code as usize])
    }

    /// The word of `code` as it is in the file.
    ///
    /// # Panics
    ///
    /// When no such code was handed out.
    pub fn original_word(&self, code: u32) -> Arc<str> {
        Arc::clone(&self.read().words[code as usize])
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.read().words.len()
    }

    /// Whether there is no word.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every word known now, by code.
    pub fn words(&self) -> Vec<Arc<str>> {
        self.read().words().clone()
    }

    /// The first `limit` words.
    pub fn first_words(&self, limit: usize) -> Vec<Arc<str>> {
        self.read().words().iter().take(limit).cloned().collect()
    }

    /// Every word known now as it is in the files, by code.
    pub fn original_words(&self) -> Vec<Arc<str>> {
        self.read().words.clone()
    }

    /// For each code known now, the place of its word among the sorted words; equal words have one place.
    ///
    /// # Panics
    ///
    /// When the field has more than 2³² words.
    pub fn ranks(&self) -> Vec<u32> {
        let words = self.words();
        let mut codes: Vec<usize> = (0..words.len()).collect();
        codes.sort_unstable_by(|a, b| words[*a].cmp(&words[*b]));
        let mut ranks = vec![0; words.len()];
        let mut before: Option<usize> = None;
        for (place, code) in codes.into_iter().enumerate() {
            ranks[code] = match before {
                Some(before) if words[before] == words[code] => ranks[before],
                _ => u32::try_from(place).expect("fewer words than rows"),
            };
            before = Some(code);
        }
        ranks
    }

    /// Approximate heap size in bytes.
    pub fn memory(&self) -> usize {
        self.read().bytes
    }
}

impl Dictionaries {
    /// The dictionary of `field`.
    ///
    /// # Panics
    ///
    /// Never: the list is as long as the field asks for when it is written.
    pub fn of(&self, field: FieldId) -> Arc<Dictionary> {
        let index = field.index();
        let known = self.fields.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(Some(dictionary)) = known.get(index) {
            return Arc::clone(dictionary);
        }
        drop(known);
        let mut fields = self.fields.write().unwrap_or_else(PoisonError::into_inner);
        if fields.len() <= index {
            fields.resize(index + 1, None);
        }
        Arc::clone(fields[index].get_or_insert_with(|| Arc::new(Dictionary::of(field))))
    }

    /// Approximate heap size in bytes.
    pub fn memory(&self) -> usize {
        let fields = self.fields.read().unwrap_or_else(PoisonError::into_inner);
        fields
            .iter()
            .flatten()
            .map(|dictionary| dictionary.memory())
            .sum()
    }
}
