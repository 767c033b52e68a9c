//! A per-thread cache of a dictionary, so that the shared one is rarely locked.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::ingest::text::swar::load8;
use crate::ingest::text::value;
use crate::schema::FieldId;
use crate::store::{Catalog, Dictionary};

/// The code of `-`, which no dictionary hands out before it has 2³² − 1 words.
pub(crate) const MISSING: u32 = u32::MAX;

/// Words up to this length are compared as one number.
const TINY: usize = 8;
const TINY_SLOTS: usize = 256;
/// Words up to this length are compared as three numbers.
const SHORT: usize = 24;
const SHORT_SLOTS: usize = 1024;
/// How many long words are remembered before all are forgotten.
const LONG_KEPT: usize = 4096;

const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

/// The first eight bytes of a text of ASCII, bytes from its middle, and the last eight, which may overlap; the length is
/// in bits that ASCII leaves.
type Key = [u64; 3];

/// The words of one field that a thread saw recently.
#[derive(Debug)]
pub(crate) struct WordCache {
    field: FieldId,
    dictionary: Arc<Dictionary>,
    /// The accounts that lost digits, by their codes.
    shortened: BTreeMap<u32, Box<str>>,
    /// By the text, as a number; 0 is no text.
    tiny: Box<[(u64, u32); TINY_SLOTS]>,
    short: Box<[(Key, u32); SHORT_SLOTS]>,
    long: HashMap<Box<[u8]>, u32, foldhash::fast::RandomState>,
}

impl WordCache {
    /// What is remembered of `field`: nothing yet but `-`.
    pub(crate) fn new(catalog: &Catalog, field: FieldId) -> Self {
        let mut cache = Self {
            field,
            shortened: BTreeMap::new(),
            dictionary: catalog.dictionaries.of(field),
            tiny: Box::new([(0, 0); TINY_SLOTS]),
            short: vec![([0; 3], 0); SHORT_SLOTS]
                .into_boxed_slice()
                .try_into()
                .expect("there are as many as were asked for"),
            long: HashMap::default(),
        };
        let dash = tiny_key(b"-       ", 0, 1);
        cache.tiny[tiny_slot(dash)] = (dash, MISSING);
        cache
    }

    /// The code of the word at `at`, or [`MISSING`]. The word is ASCII.
    #[inline]
    pub(crate) fn code(&mut self, text: &[u8], at: usize, len: usize) -> u32 {
        if len.wrapping_sub(1) < TINY {
            let key = tiny_key(text, at, len);
            let slot = tiny_slot(key);
            for slot in [slot, slot ^ 1] {
                let (known, code) = self.tiny[slot];
                if known == key {
                    return code;
                }
            }
            return self.tiny_code(key, text, at, len);
        }
        if len.wrapping_sub(1) < SHORT {
            let key = short_key(text, at, len);
            let slot = short_slot(&key);
            for slot in [slot, slot ^ 1] {
                let (known, code) = &self.short[slot];
                // An array would be compared in a vector register, which waits for the words of the key.
                if (known[0] ^ key[0]) | (known[1] ^ key[1]) | (known[2] ^ key[2]) == 0 {
                    return *code;
                }
            }
            return self.short_code(key, text, at, len);
        }
        self.long_code(text, at, len)
    }

    #[cold]
    fn tiny_code(&mut self, key: u64, text: &[u8], at: usize, len: usize) -> u32 {
        let word = word(text, at, len);
        let code = if word == "-" {
            MISSING
        } else {
            self.code_of(word)
        };
        let slot = tiny_slot(key);
        self.tiny[slot ^ 1] = self.tiny[slot];
        self.tiny[slot] = (key, code);
        code
    }

    #[cold]
    fn short_code(&mut self, key: Key, text: &[u8], at: usize, len: usize) -> u32 {
        let code = self.code_of(word(text, at, len));
        let slot = short_slot(&key);
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

/// A word of one to eight bytes as a number that no other word has, as no byte is 0.
#[inline]
fn tiny_key(text: &[u8], at: usize, len: usize) -> u64 {
    load8(text, at) << (64 - 8 * len)
}

#[inline]
fn short_key(text: &[u8], at: usize, len: usize) -> Key {
    let last = load8(text, at + len - TINY);
    let middle = if len <= 2 * TINY {
        len as u64
    } else {
        load8(text, at + TINY) | 0x80 << (8 * (len - 2 * TINY - 1))
    };
    [load8(text, at), middle, last]
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "eight bits are left")]
fn tiny_slot(key: u64) -> usize {
    (key.wrapping_mul(MULTIPLIER) >> (64 - TINY_SLOTS.ilog2())) as usize
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "ten bits are left")]
fn short_slot(key: &Key) -> usize {
    let mixed = key[0] ^ key[1].rotate_left(23) ^ key[2].rotate_left(41);
    (mixed.wrapping_mul(MULTIPLIER) >> (64 - SHORT_SLOTS.ilog2())) as usize
}
