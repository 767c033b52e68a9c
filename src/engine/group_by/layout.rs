//! Where the code of each field is in a packed key.

use std::cmp::Ordering;

use super::codes::{FieldCodes, SKIP};
use super::reader::FieldReader;
use super::table::Packed;
use crate::analysis::Key;
use crate::schema::Storage;
use crate::store::Catalog;

/// The most words of a key.
pub(super) const MAX_WORDS: usize = 64;

/// The most keys of a record.
const MAX_CHOICES: usize = 64;

/// The bits of one field in a key.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    word: usize,
    shift: u32,
    bits: u32,
}

/// The fields of a key. No code lies in two words.
#[derive(Debug)]
pub(super) struct KeyLayout {
    pub(super) fields: Vec<FieldCodes>,
    places: Vec<Place>,
    /// By field: the rank of each word among all words by text; empty for fields without words.
    ranks: Vec<Vec<u32>>,
    words: usize,
}

impl KeyLayout {
    pub(super) fn new(fields: Vec<FieldCodes>, catalog: &Catalog) -> Self {
        let mut used: Vec<u32> = Vec::new();
        let mut places = Vec::new();
        for codes in &fields {
            let bits = codes.bits();
            let fits = used.iter().position(|used| used + bits <= u64::BITS);
            let word = fits.unwrap_or(used.len());
            used.resize(used.len().max(word + 1), 0);
            places.push(Place {
                word,
                shift: used[word].min(u64::BITS - 1),
                bits,
            });
            used[word] += bits;
        }
        let ranks = fields.iter().map(|codes| match codes.field.storage() {
            Storage::Word => catalog.dictionaries.of(codes.field).ranks(),
            Storage::Number | Storage::Address => Vec::new(),
        });
        Self {
            ranks: ranks.collect(),
            places,
            words: used.len(),
            fields,
        }
    }

    /// How many words a key has.
    pub(super) fn words(&self) -> usize {
        self.words
    }

    /// How many keys a record may have: one for each combination of one value from each field; none if far too many.
    pub(super) fn choices(&self) -> Option<usize> {
        let mut sides = self.fields.iter().map(|codes| codes.columns.len());
        let choices = sides.try_fold(1usize, usize::checked_mul)?;
        (choices <= MAX_CHOICES).then_some(choices)
    }

    /// How many keys there could be; none if more than 2⁶⁴.
    pub(super) fn bound(&self) -> Option<u64> {
        let mut bounds = self.fields.iter().map(FieldCodes::bound);
        bounds.try_fold(1u64, u64::checked_mul)
    }

    /// The code of a field in a key.
    #[inline]
    fn code<const N: usize>(&self, key: &Packed<N>, field: usize) -> u64 {
        let Place { word, shift, bits } = self.places[field];
        let mask = if bits == u64::BITS {
            !0
        } else {
            (1 << bits) - 1
        };
        (key[word] >> shift) & mask
    }

    /// Adds the code of a field to a key without one.
    #[inline]
    pub(super) fn put<const N: usize>(&self, key: &mut Packed<N>, field: usize, code: u64) {
        let place = self.places[field];
        key[place.word] |= code << place.shift;
    }

    /// The values of a key.
    pub(super) fn keys<const N: usize>(&self, key: &Packed<N>) -> Vec<Key> {
        let fields = self.fields.iter().enumerate();
        fields
            .map(|(field, codes)| codes.key(self.code(key, field)))
            .collect()
    }

    /// Compares two keys by their values, the first field first: numbers and addresses by size, words by their text,
    /// the missing value last.
    pub(super) fn compare<const N: usize>(&self, a: &Packed<N>, b: &Packed<N>) -> Ordering {
        let mut fields = 0..self.fields.len();
        let differs = fields.find_map(|field| {
            let order = self.order(a, field).cmp(&self.order(b, field));
            Some(order).filter(|order| order.is_ne())
        });
        differs.unwrap_or(Ordering::Equal)
    }

    /// What a value is compared by.
    fn order<const N: usize>(&self, key: &Packed<N>, field: usize) -> u64 {
        let code = self.code(key, field);
        // Codes are in the order of the values, except for the missing value, and for words.
        let place = code.wrapping_sub(1);
        let ranks = &self.ranks[field];
        if ranks.is_empty() || code == 0 {
            return place;
        }
        let word = place.wrapping_add(self.fields[field].low);
        let rank = usize::try_from(word).ok().and_then(|word| ranks.get(word));
        rank.map_or(u64::MAX - 1, |rank| u64::from(*rank))
    }
}

/// Reads the keys of rows.
#[derive(Clone, Debug)]
pub(super) struct KeyReader<'a, const N: usize> {
    layout: &'a KeyLayout,
    pub(super) fields: Vec<FieldReader<'a>>,
    pub(super) keys: Vec<Packed<N>>,
    /// Whether a key is none, because the record counts by others.
    skipped: Vec<bool>,
}

impl<'a, const N: usize> KeyReader<'a, N> {
    pub(super) fn new(layout: &'a KeyLayout) -> Self {
        Self {
            layout,
            fields: layout.fields.iter().map(FieldReader::new).collect(),
            keys: Vec::new(),
            skipped: Vec::new(),
        }
    }

    /// How many keys a record may have, as [`KeyLayout::choices`].
    pub(super) fn choices(&self) -> usize {
        self.fields.iter().map(FieldReader::sides).product()
    }

    /// Packs the keys of the batch that the fields have read, of one of the choices.
    pub(super) fn pack(&mut self, rows: usize, choice: usize) {
        let mut left = choice;
        self.keys.clear();
        self.keys.resize(rows, [0; N]);
        self.skipped.clear();
        for (index, field) in self.fields.iter().enumerate() {
            let codes = field.codes(left % field.sides());
            left /= field.sides();
            if field.sides() > 1 {
                self.skipped.resize(rows, false);
                let codes = self.skipped.iter_mut().zip(codes);
                codes.for_each(|(skipped, code)| *skipped |= *code == SKIP);
            }
            let Place { word, shift, .. } = self.layout.places[index];
            for (key, code) in self.keys.iter_mut().zip(codes) {
                key[word] |= code << shift;
            }
        }
    }

    /// The keys of the batch, if each record has one in this choice.
    pub(super) fn all(&self) -> Option<&[Packed<N>]> {
        self.skipped.is_empty().then_some(&self.keys)
    }

    /// Calls `visit` with the index in the batch and the key of each record that has one in this choice.
    #[inline]
    pub(super) fn for_each(&self, mut visit: impl FnMut(usize, &Packed<N>)) {
        let keys = self.keys.iter().enumerate();
        if self.skipped.is_empty() {
            keys.for_each(|(index, key)| visit(index, key));
            return;
        }
        for ((index, key), skipped) in keys.zip(&self.skipped) {
            if !skipped {
                visit(index, key);
            }
        }
    }
}
