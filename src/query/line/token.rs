//! Finds a text without spaces: it lies within one value of a line, so that columns can be asked and no line
//! has to be put together.

use std::net::Ipv4Addr;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use memchr::memmem::Finder;

use crate::format;
use crate::query::mask::Mask;
use crate::schema::{Address, FieldId};
use crate::store::{Addresses, Bitmap, Chunk, Column, Integers, Values};

/// Numbers below this are printed once, and then looked up.
const SMALL: u64 = 1 << 16;
/// A column whose numbers span so much at most is looked up by the distance from its smallest.
const NEAR: u64 = 1 << 14;

/// A text without spaces that is to be found.
#[derive(Clone, Debug)]
pub(super) struct Token {
    text: String,
    finder: Box<Finder<'static>>,
    /// Whether a number can hold it.
    is_digits: bool,
    /// Whether an IPv4 address can hold it.
    is_dotted: bool,
    small: OnceLock<Arc<[bool]>>,
    /// For every text field, whether the word of each code holds it.
    words: Vec<(FieldId, Vec<bool>)>,
}

impl Token {
    /// The search for `text` among values of which `words` are the words; none where that is no way to find it:
    /// where it could lie across values, or be the `-` of one that is missing.
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

    /// Whether the lines of `chunk` have it only where a value has it: not where it could be what stands between
    /// values.
    pub(super) fn suits(&self, chunk: &Chunk) -> bool {
        let mut forms = chunk.runs().iter().map(|run| run.layout.style);
        !forms.any(|style| style.may_add(&self.text))
    }

    /// Whether it is in a line.
    pub(super) fn is_in_line(&self, line: &[u8]) -> bool {
        self.finder.find(line).is_some()
    }

    /// The rows of `chunk` among those of `rows` that have it in a value or in the text that was kept of them.
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
        // What was kept of a row because its values do not give it back decides for it.
        for (row, text) in chunk.originals() {
            if self.finder.find(text.as_bytes()).is_some() {
                found.set(row);
            } else {
                found.unset(row);
            }
        }
        Mask::of(found).and(rows.clone())
    }

    /// Sets the rows of `range` whose value in `column` holds the text.
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

    /// For a column of small numbers, or of such that are near one another: the smallest, and whether each from
    /// there on holds the text. Numbers of rows without a value may lie beyond its end.
    fn table(&self, column: &Column) -> Option<(u64, Arc<[bool]>)> {
        let (least, most) = column.range?;
        if most < SMALL {
            let small = || (0..SMALL).map(|number| self.is_in_number(number)).collect();
            return Some((0, Arc::clone(self.small.get_or_init(small))));
        }
        let near = most - least < NEAR;
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

    /// Whether a short text holds it; a search that is made ready for long ones would take longer.
    fn is_in(&self, text: &[u8]) -> bool {
        let wanted = self.text.as_bytes();
        text.windows(wanted.len()).any(|window| window == wanted)
    }
}

/// Whether any value that can be in `column` passes `test`; true where there are too many to ask.
fn any(column: &Column, test: impl Fn(u64) -> bool) -> bool {
    match column.range {
        Some((least, most)) if most - least < NEAR => (least..=most).any(test),
        range => range.is_some(),
    }
}

/// What has been found out of values that were met before, as far as there is room: most values of a column
/// are met again soon.
struct Met {
    places: Vec<(u64, bool)>,
}

impl Met {
    /// The bits of a place.
    const BITS: u32 = 12;

    fn new() -> Self {
        let mut places = vec![(0, false); 1 << Self::BITS];
        // The value 0 belongs to the first place: what stands there now must be one that belongs elsewhere.
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

/// Calls `visit` with the rows of `range` and their values, with the form looked up once.
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
