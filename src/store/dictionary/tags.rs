//! The tags of a dictionary, decoded: flow logs hold them percent-encoded in UTF-8.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use percent_encoding::percent_decode_str;

/// The decoded words of a dictionary of tags, by code.
#[derive(Debug, Default)]
pub(super) struct DecodedTags {
    words: Vec<Arc<str>>,
    /// The codes of each decoded word, ascending.
    codes: HashMap<Arc<str>, Vec<u32>, foldhash::fast::RandomState>,
    /// Whether some word has several codes.
    has_spellings: bool,
}

/// `tag` without percent encoding; as it is where the encoding is not valid.
pub fn decoded(tag: &str) -> Cow<'_, str> {
    if !is_encoded(tag) {
        return Cow::Borrowed(tag);
    }
    percent_decode_str(tag)
        .decode_utf8()
        .unwrap_or(Cow::Borrowed(tag))
}

/// Whether `tag` has a `%` and each is followed by two hexadecimal digits.
fn is_encoded(tag: &str) -> bool {
    let mut parts = tag.split('%');
    parts.next();
    let is_sequence = |part: &str| {
        let digits = part.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    tag.contains('%') && parts.all(is_sequence)
}

impl DecodedTags {
    /// Adds the tag of the next code. Returns how many bytes that takes.
    pub(super) fn add(&mut self, code: u32, tag: &Arc<str>) -> usize {
        let word: Arc<str> = match decoded(tag) {
            Cow::Borrowed(_) => Arc::clone(tag),
            Cow::Owned(word) => word.into(),
        };
        self.words.push(Arc::clone(&word));
        let bytes = word.len() + 64;
        let codes = self.codes.entry(word).or_default();
        codes.push(code);
        self.has_spellings |= codes.len() > 1;
        bytes
    }

    pub(super) fn words(&self) -> &Vec<Arc<str>> {
        &self.words
    }

    pub(super) fn find(&self, word: &str) -> Option<u32> {
        self.codes.get(word)?.first().copied()
    }

    pub(super) fn find_all(&self, word: &str) -> Vec<u32> {
        self.codes.get(word).cloned().unwrap_or_default()
    }

    /// For each code the first code of the same word; none if every word has one code.
    pub(super) fn first_spellings(&self) -> Option<Arc<[u32]>> {
        if !self.has_spellings {
            return None;
        }
        let first = |word: &Arc<str>| self.find(word).unwrap_or(0);
        Some(self.words.iter().map(first).collect())
    }
}
