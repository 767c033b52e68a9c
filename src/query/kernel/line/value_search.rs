//! Finds a text without spaces. It is within a single value of a line, so the columns are searched and no line has
//! to be built.

use std::net::Ipv4Addr;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use memchr::memmem::Finder;

use crate::format;
use crate::query::mask::Mask;
use crate::schema::{Address, FieldId};
use crate::store::{Addresses, Bitmap, Chunk, Column, Integers, Values};

/// Results for numbers below this are cached in a table.
const MAX_SMALL_NUMBER: u64 = 1 << 16;
/// The largest span of a column whose results are kept in a table, relative to its smallest number.
const MAX_TABLE_SPAN: u64 = 1 << 14;

/// A text without spaces to find.
#[derive(Clone, Debug)]
pub(super) struct ValueSearch {
    text: String,
    finder: Box<Finder<'static>>,
    /// Whether a number can contain it.
    is_digits: bool,
    /// Whether an IPv4 address can contain it.
    is_dotted: bool,
    small: OnceLock<Arc<[bool]>>,
    /// For every text field, whether the word of each code contains it.
    words: Vec<(FieldId, Vec<bool>)>,
}

impl ValueSearch {
    /// A search for `text`; none where it could span several values, or be the `-` of a missing one.
    pub(super) fn new(text: &str, words: &[(FieldId, Vec<Arc<str>>)]) -> Option<Self> {
        if text.is_empty() || text == "-" || text.contains(char::is_whitespace) {
            return None;
        }
        let finder = Finder::new(text.as_bytes()).into_owned();
        let holds = |word: &Arc<str>| finder.find(word.as_bytes()).is_some();
        let words = words
            .iter()
            .map(|(field, words)| (*field, words.iter().map(holds).collect()))
            .collect();
        Some(Self {
            text: text.to_owned(),
            is_digits: text.bytes().all(|b| b.is_ascii_digit()),
            is_dotted: text.bytes().all(|b| b.is_ascii_digit() || b == b'.'),
            small: OnceLock::new(),
            finder: Box::new(finder),
            words,
        })
    }

    /// Whether the lines of `chunk` contain it only within values, and not in separators and quotes.
    pub(super) fn suits(&self, chunk: &Chunk) -> bool {
        let mut forms = chunk.runs().iter().map(|run| run.layout.style);
        !forms.any(|style| style.may_add(&self.text))
    }

    pub(super) fn is_in_line(&self, line: &[u8]) -> bool {
        self.finder.find(line).is_some()
    }

    /// The rows of `rows` that contain it in a value or in their original text.
    pub(super) fn find(&self, chunk: &Chunk, rows: &Mask) -> Mask {
        let mut found = Bitmap::none(chunk.rows());
        let starts = chunk.runs().iter().map(|run| run.row as usize);
        let ends = starts.clone().skip(1).chain([chunk.rows()]);
        for (run, (start, end)) in chunk.runs().iter().zip(starts.zip(ends)) {
            for field in &run.layout.fields {
                if let Some(column) = chunk.column(*field) {
                    self.mark(*field, column, start..end, &mut found);
                }
            }
        }
        // Where the original text was kept, it decides.
        for (row, text) in chunk.originals() {
            if self.finder.find(text.as_bytes()).is_some() {
                found.set(row);
            } else {
                found.unset(row);
            }
        }
        Mask::of(found).and(rows.clone())
    }

    /// Sets the rows of `range` whose value in `column` contains the text.
    fn mark(&self, field: FieldId, column: &Column, range: Range<usize>, found: &mut Bitmap) {
        let mut set = |row: usize, holds: bool| {
            if holds && column.is_present(row) {
                found.set(row);
            }
        };
        match &column.values {
            Values::Words(codes) => {
                let known = self.words.binary_search_by_key(&field, |(field, _)| *field);
                let holds = known.map_or(&[][..], |place| &self.words[place].1);
                let holds = |code: u64| holds.get(index(code)) == Some(&true);
                if any(column, holds) {
                    each(codes, range, |row, code| set(row, holds(code)));
                }
            }
            Values::Numbers(numbers) if self.is_digits => match self.table(column) {
                Some((_, table)) if !table.contains(&true) => {}
                Some((least, table)) => each(numbers, range, |row, number| {
                    let place = index(number.wrapping_sub(least));
                    set(row, table.get(place) == Some(&true));
                }),
                None => {
                    let mut met = Met::new();
                    each(numbers, range, |row, number| {
                        set(row, met.test(number, |number| self.is_in_number(number)));
                    });
                }
            },
            Values::Numbers(_) => {}
            Values::Addresses(addresses) => self.mark_addresses(addresses, range, set),
        }
    }

    fn mark_addresses(
        &self,
        addresses: &Addresses,
        range: Range<usize>,
        mut set: impl FnMut(usize, bool),
    ) {
        let wide: Vec<bool> = addresses
            .wide
            .iter()
            .flat_map(|wide| wide.addresses.iter())
            .map(|address| self.finder.find(address.to_string().as_bytes()).is_some())
            .collect();
        if !self.is_dotted && !wide.contains(&true) {
            return;
        }
        let (mut line, mut met) = (Vec::with_capacity(16), Met::new());
        each(&addresses.narrow, range, |row, bits| {
            if let Some(set_of) = &addresses.wide
                && set_of.rows.get(row)
            {
                set(row, wide.get(index(bits)) == Some(&true));
                return;
            }
            let mut holds = |bits| {
                line.clear();
                let bits = u32::try_from(bits).unwrap_or(u32::MAX);
                Address::V4(Ipv4Addr::from_bits(bits)).push_to(&mut line);
                self.is_in(&line)
            };
            set(row, self.is_dotted && met.test(bits, &mut holds));
        });
    }

    /// For a column of small numbers, or with a small span: the smallest number, and whether each number from there on
    /// contains the text. Numbers of rows without a value may be beyond its end.
    fn table(&self, column: &Column) -> Option<(u64, Arc<[bool]>)> {
        let (least, most) = column.range?;
        if most < MAX_SMALL_NUMBER {
            let small = || {
                (0..MAX_SMALL_NUMBER)
                    .map(|number| self.is_in_number(number))
                    .collect()
            };
            return Some((0, Arc::clone(self.small.get_or_init(small))));
        }
        let near = most - least < MAX_TABLE_SPAN;
        near.then(|| {
            (
                least,
                (least..=most)
                    .map(|number| self.is_in_number(number))
                    .collect(),
            )
        })
    }

    fn is_in_number(&self, number: u64) -> bool {
        let mut digits = Vec::with_capacity(20);
        format::push_decimal(number, &mut digits);
        self.is_in(&digits)
    }

    /// Whether a short text contains it, without the setup cost of a prepared search.
    fn is_in(&self, text: &[u8]) -> bool {
        let wanted = self.text.as_bytes();
        text.windows(wanted.len()).any(|window| window == wanted)
    }
}

/// Whether any possible value of `column` passes `test`; true where there are too many to test.
fn any(column: &Column, test: impl Fn(u64) -> bool) -> bool {
    match column.range {
        Some((least, most)) if most - least < MAX_TABLE_SPAN => (least..=most).any(test),
        range => range.is_some(),
    }
}

/// A cache of results: most values of a column repeat soon.
struct Met {
    places: Vec<(u64, bool)>,
}

impl Met {
    /// Bits of a slot number.
    const BITS: u32 = 12;

    fn new() -> Self {
        let mut places = vec![(0, false); 1 << Self::BITS];
        // The value 0 belongs to the first slot, so that slot must start with a value that belongs to another one.
        places[0].0 = 1;
        Self { places }
    }

    #[inline]
    fn test(&mut self, value: u64, test: impl FnOnce(u64) -> bool) -> bool {
        let spread = value.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let place = &mut self.places[index(spread >> (64 - Self::BITS))];
        if place.0 != value {
            *place = (value, test(value));
        }
        place.1
    }
}

/// Calls `visit` with the rows of `range` and their values, with a single dispatch on the width.
fn each(integers: &Integers, range: Range<usize>, mut visit: impl FnMut(usize, u64)) {
    fn all<T: Copy + Into<u64>>(
        offsets: &[T],
        base: u64,
        range: Range<usize>,
        mut visit: impl FnMut(usize, u64),
    ) {
        for (row, offset) in range.clone().zip(&offsets[range]) {
            visit(row, base.wrapping_add((*offset).into()));
        }
    }
    match integers {
        Integers::Constant(_) | Integers::Bits { .. } => {
            for row in range {
                visit(row, integers.get(row));
            }
        }
        Integers::U8 { base, offsets } => all(offsets, *base, range, visit),
        Integers::U16 { base, offsets } => all(offsets, *base, range, visit),
        Integers::U32 { base, offsets } => all(offsets, *base, range, visit),
        Integers::U64(values) => all(values, 0, range, visit),
    }
}

fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
