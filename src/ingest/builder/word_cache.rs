//! A per-thread cache of a dictionary, so that the shared one is rarely locked.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::ingest::text::swar::{load8, lowest};
use crate::ingest::text::value;
use crate::schema::FieldId;
use crate::store::{Catalog, Dictionary};

/// The code of `-`, which no dictionary hands out before it has 2³² − 1 words.
pub(crate) const MISSING: u32 = u32::MAX;

const SLOTS: usize = 1024;
/// Words up to this length are compared as three numbers.
const SHORT: usize = 24;
/// How many long words are remembered before all are forgotten.
const LONG_KEPT: usize = 4096;

/// Text of at most [`SHORT`] bytes, filled up with zeros, which no word contains.
type Key = [u64; 3];

/// The words of one field that a thread saw recently.
#[derive(Debug)]
pub(crate) struct WordCache {
    field: FieldId,
    dictionary: Arc<Dictionary>,
    /// The accounts that lost digits, by their codes.
    shortened: BTreeMap<u32, Box<str>>,
    short: Box<[(Key, u32)]>,
    long: HashMap<Box<[u8]>, u32, foldhash::fast::RandomState>,
}

impl WordCache {
    /// What is remembered of `field`: nothing yet but `-`.
    pub(crate) fn new(catalog: &Catalog, field: FieldId) -> Self {
        let mut cache = Self {
            field,
            shortened: BTreeMap::new(),
            dictionary: catalog.dictionaries.of(field),
            short: vec![([0; 3], 0); SLOTS].into_boxed_slice(),
            long: HashMap::default(),
        };
        let dash = [u64::from(b'-'), 0, 0];
        cache.short[slot(&dash)] = (dash, MISSING);
        cache
    }

    /// The code of the word at `at`, or [`MISSING`]. The word is ASCII.
    #[inline]
    pub(crate) fn code(&mut self, text: &[u8], at: usize, len: usize) -> u32 {
        if len > SHORT {
            return self.long_code(text, at, len);
        }
        let first = load8(text, at);
        let key = if len <= 8 {
            [lowest(first, len), 0, 0]
        } else {
            let second = lowest(load8(text, at + 8), len - 8);
            [
                first,
                second,
                lowest(load8(text, at + 16), len.saturating_sub(16)),
            ]
        };
        let slot = slot(&key);
        for slot in [slot, slot ^ 1] {
            let (known, code) = &self.short[slot];
            // An array would be compared in a vector register, which waits for the words of the key.
            if (known[0] ^ key[0]) | (known[1] ^ key[1]) | (known[2] ^ key[2]) == 0 {
                return *code;
            }
        }
        self.short_code(key, text, at, len)
    }

    #[cold]
    fn short_code(&mut self, key: Key, text: &[u8], at: usize, len: usize) -> u32 {
        let word = word(text, at, len);
        let code = if word == "-" {
            MISSING
        } else {
            self.code_of(word)
        };
        let slot = slot(&key);
        self.short[slot ^ 1] = self.short[slot];
        self.short[slot] = (key, code);
        code
    }

    fn long_code(&mut self, text: &[u8], at: usize, len: usize) -> u32 {
        let bytes = &text[at..at + len];
        if let Some(code) = self.long.get(bytes) {
            return *code;
        }
        let code = self.dictionary.code(word(text, at, len));
        if self.long.len() >= LONG_KEPT {
            self.long.clear();
        }
        self.long.insert(bytes.into(), code);
        code
    }

    /// The code of a word that need not be ASCII.
    pub(crate) fn code_of(&mut self, word: &str) -> u32 {
        let code = self.dictionary.code(word);
        if value::is_shortened(self.field, word) {
            self.shortened.entry(code).or_insert_with(|| word.into());
        }
        code
    }

    /// The accounts that lost digits, by their codes.
    pub(crate) fn shortened(&self) -> &BTreeMap<u32, Box<str>> {
        &self.shortened
    }
}

fn word(text: &[u8], at: usize, len: usize) -> &str {
    str::from_utf8(&text[at..at + len])
        .expect("lines with other bytes than ASCII go the scalar path")
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "ten bits are left")]
fn slot(key: &Key) -> usize {
    const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;
    let mixed = key[0] ^ key[1].rotate_left(23) ^ key[2].rotate_left(41);
    (mixed.wrapping_mul(MULTIPLIER) >> (64 - SLOTS.ilog2())) as usize
}
