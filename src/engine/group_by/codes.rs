//! Numbers for the values of a field: as few bits as the selected records need, and in the order of the values.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use super::{GroupError, GroupField, Prefix};
use crate::analysis::{Key, Selection, fold_parallel, useful_threads};
use crate::query::Mask;
use crate::schema::{Address, FieldId, Storage, id};
use crate::store::{Chunk, Computed, EXPORTED_FILES, Numbering};

/// The code of the missing value.
pub(super) const MISSING: u64 = 0;
/// Not a code: the record counts by its other value.
pub(super) const SKIP: u64 = u64::MAX;

/// About how many bytes a value takes while all are looked for.
const VALUE_BYTES: usize = 64;

/// How many values share a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Each has its own.
    One,
    /// Numbers from a multiple of this to the next.
    Every(u64),
    /// Those that differ only in so many of the lowest bits.
    Bits(u32),
}

impl Unit {
    #[inline]
    pub(super) fn of(self, value: u64) -> u64 {
        match self {
            Self::One => value,
            Self::Every(width) => value / width,
            Self::Bits(bits) => value >> bits,
        }
    }

    fn first(self, unit: u64) -> u64 {
        match self {
            Self::One => unit,
            Self::Every(width) => unit * width,
            Self::Bits(bits) => unit << bits,
        }
    }
}

/// What grouping may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) threads: usize,
    pub(super) max_bytes: usize,
}

impl Limits {
    /// Fails where one of the parts that grouping takes memory for would take too much.
    pub(super) fn check(self, bytes: usize) -> Result<(), GroupError> {
        if bytes > self.max_bytes / 2 {
            return Err(GroupError::TooManyGroups);
        }
        Ok(())
    }
}

/// The codes of a field: 0 for the missing value, then numbers, words or IPv4 addresses from the smallest on, and last
/// the other addresses.
#[derive(Clone, Debug)]
pub(super) struct FieldCodes {
    pub(super) field: FieldId,
    /// Where the values are: two fields for those like `addr`.
    pub(super) columns: Vec<FieldId>,
    pub(super) unit: Unit,
    prefix: Option<Prefix>,
    /// The smallest unit, which has code 1.
    pub(super) low: u64,
    /// How many codes there are from `low` on.
    span: u64,
    /// The IPv6 and MAC addresses, ascending.
    others: Vec<Address>,
    /// All numbers, ascending, if they are too far apart to count from the smallest.
    numbers: Option<Vec<u64>>,
    /// For tags that are spelled in several ways: the code that stands for each code.
    spellings: Option<Arc<[u32]>>,
    /// For `file`: the code of the path of each source.
    paths: Vec<u32>,
    /// The numbers of the values in indexes.
    pub(super) numbering: Arc<Numbering>,
}

impl FieldCodes {
    /// The codes for the values of `by` in the selected records; numbers are rounded down to a multiple of `every`.
    pub(super) fn new(
        by: GroupField,
        every: Option<u64>,
        selection: &Selection,
        limits: Limits,
    ) -> Result<Self, GroupError> {
        let GroupField { field, prefix } = by;
        let store = selection.store();
        let dictionary = store.catalog.dictionaries.of(field);
        // `time` is computed from `start` alone.
        let column = if field == id::TIME { id::START } else { field };
        let mut codes = Self {
            field,
            columns: field.either().map_or_else(|| vec![column], Vec::from),
            unit: match (every, prefix) {
                (Some(width), _) if width > 1 => Unit::Every(width),
                (_, Some(prefix)) => Unit::Bits(32 - u32::from(prefix.v4.min(32))),
                _ => Unit::One,
            },
            prefix,
            low: 0,
            span: 0,
            others: Vec::new(),
            numbers: None,
            spellings: None,
            paths: Vec::new(),
            numbering: store.catalog.numberings.of(column),
        };
        if field == id::FILE {
            let paths = store.sources().iter();
            codes.paths = paths
                .map(|source| dictionary.code(&source.path_text()))
                .collect();
        }
        if field.is_tag() {
            codes.spellings = dictionary.first_spellings();
        }
        codes.survey(selection, limits)?;
        Ok(codes)
    }

    /// Finds out which values there are.
    fn survey(&mut self, selection: &Selection, limits: Limits) -> Result<(), GroupError> {
        let mut range: Option<(u64, u64)> = None;
        let mut others = BTreeSet::new();
        for (chunk, _) in selected(selection) {
            for column in self.columns.iter().filter_map(|field| chunk.column(*field)) {
                range = wider(range, column.range);
                if let Some(wide) = column.wide() {
                    others.extend(wide.addresses.iter().map(|address| self.masked(*address)));
                    limits.check(others.len() * VALUE_BYTES)?;
                }
            }
        }
        if self.columns.iter().any(|field| field.is_computed()) {
            range = self.computed_range(selection, limits.threads);
        }
        if let Some(spellings) = &self.spellings {
            range = wider(range, range.map(|_| (0, spellings.len() as u64)));
        }
        self.others = others.into_iter().collect();
        let Some((low, high)) = range else {
            return Ok(());
        };
        self.low = self.unit.of(low);
        let distance = self.unit.of(high) - self.low;
        if distance >= 1 << 62 {
            self.numbers = Some(self.all_numbers(selection, limits)?);
        }
        self.span = match &self.numbers {
            Some(numbers) => numbers.len() as u64,
            None => distance + 1,
        };
        Ok(())
    }

    /// The smallest and the largest number of a field that is worked out from others.
    fn computed_range(&self, selection: &Selection, threads: usize) -> Option<(u64, u64)> {
        let chunks: Vec<_> = selected(selection).collect();
        let ranges = fold_parallel(
            &chunks,
            useful_threads(threads, chunks.len()),
            || None,
            |range, (chunk, mask)| {
                self.for_each_number(chunk, mask, |number| {
                    *range = wider(*range, Some((number, number)));
                });
            },
            &|| false,
        );
        ranges.into_iter().fold(None, wider)
    }

    /// All numbers, in units, ascending.
    fn all_numbers(&self, selection: &Selection, limits: Limits) -> Result<Vec<u64>, GroupError> {
        let mut numbers = BTreeSet::new();
        for (chunk, mask) in selected(selection) {
            self.for_each_number(chunk, mask, |number| {
                numbers.insert(self.unit.of(number));
            });
            limits.check(numbers.len() * VALUE_BYTES)?;
        }
        Ok(numbers.into_iter().collect())
    }

    fn for_each_number(&self, chunk: &Chunk, mask: &Mask, mut visit: impl FnMut(u64)) {
        for field in &self.columns {
            let computed = Computed::new(chunk, *field);
            let column = chunk.column(*field);
            let rows = (0..chunk.rows()).filter(|row| mask.get(*row));
            for row in rows {
                let number = if field.is_computed() {
                    computed.number(row).and_then(|number| self.word(number))
                } else {
                    column.and_then(|column| column.integer(row))
                };
                number.into_iter().for_each(&mut visit);
            }
        }
    }

    /// What a computed number stands for: for `file` it is the number of a file.
    pub(super) fn word(&self, number: u64) -> Option<u64> {
        if self.field != id::FILE {
            return Some(number);
        }
        if let Some(code) = number.checked_sub(EXPORTED_FILES) {
            return Some(code);
        }
        let path = self.paths.get(usize::try_from(number).ok()?)?;
        Some(u64::from(*path))
    }

    /// The network of an address that is not IPv4.
    fn masked(&self, address: Address) -> Address {
        match (address, self.prefix) {
            (Address::V6(v6), Some(prefix)) => {
                let bits = 128 - u32::from(prefix.v6.min(128));
                let mask = u128::MAX.checked_shl(bits).unwrap_or(0);
                Address::V6(Ipv6Addr::from_bits(v6.to_bits() & mask))
            }
            _ => address,
        }
    }

    /// Larger than every code.
    pub(super) fn bound(&self) -> u64 {
        self.span + self.others.len() as u64 + 1
    }

    /// How many bits a code has.
    pub(super) fn bits(&self) -> u32 {
        u64::BITS - (self.bound() - 1).leading_zeros()
    }

    /// Whether the code of a number is its unit less `low`, plus one.
    pub(super) fn is_plain(&self) -> bool {
        self.numbers.is_none() && self.spellings.is_none()
    }

    /// The code of a number, a word or an IPv4 address; any number for one that is not among the selected records.
    #[inline]
    pub(super) fn number(&self, value: u64) -> u64 {
        if self.is_plain() {
            return self.unit.of(value).wrapping_sub(self.low).wrapping_add(1);
        }
        if let Some(numbers) = &self.numbers {
            let place = numbers.binary_search(&self.unit.of(value));
            return place.map_or(MISSING, |place| place as u64 + 1);
        }
        let spellings = self.spellings.as_deref().unwrap_or_default();
        let first = usize::try_from(value).ok().and_then(|at| spellings.get(at));
        first.map_or(value, |first| u64::from(*first)) + 1
    }

    /// The code of an address that is not IPv4.
    pub(super) fn other(&self, address: Address) -> u64 {
        let place = self.others.binary_search(&self.masked(address));
        place.map_or(MISSING, |place| self.span + 1 + place as u64)
    }

    /// The value of a code; the first one if several have it.
    pub(super) fn key(&self, code: u64) -> Key {
        let Some(place) = code.checked_sub(1) else {
            return Key::Missing;
        };
        if place >= self.span {
            let other = usize::try_from(place - self.span).expect("codes are few");
            return Key::Address(self.others[other]);
        }
        let unit = match &self.numbers {
            Some(numbers) => numbers[usize::try_from(place).expect("as many as records")],
            None => self.low + place,
        };
        let value = self.unit.first(unit);
        let narrow = || u32::try_from(value).expect("codes and IPv4 addresses have 32 bits");
        match self.field.storage() {
            Storage::Number => Key::Number(value),
            Storage::Word => Key::Word(narrow()),
            Storage::Address => Key::Address(Address::V4(Ipv4Addr::from(narrow()))),
        }
    }

    /// How many bits of an address its group shares, if not all.
    pub(super) fn prefix_of(&self, address: Address) -> Option<u8> {
        let Prefix { v4, v6 } = self.prefix?;
        match address {
            Address::V4(_) => Some(v4).filter(|bits| *bits < 32),
            Address::V6(_) => Some(v6).filter(|bits| *bits < 128),
            Address::Mac(_) => None,
        }
    }
}

/// The chunks with selected rows.
pub(super) fn selected(selection: &Selection) -> impl Iterator<Item = (&Chunk, &Mask)> {
    let chunks = selection.store().chunks().iter().map(|chunk| &**chunk);
    let chunks = chunks.zip(selection.masks());
    chunks.filter(|(_, mask)| **mask != Mask::None)
}

/// The range that covers two.
fn wider(a: Option<(u64, u64)>, b: Option<(u64, u64)>) -> Option<(u64, u64)> {
    match (a, b) {
        (Some((low, high)), Some((first, last))) => Some((low.min(first), high.max(last))),
        (a, b) => a.or(b),
    }
}
