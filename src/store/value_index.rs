//! The distinct values of a column, and which of them each row has.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use foldhash::fast::RandomState;

use super::interner::{Interner, PREFETCHED};
use crate::schema::{Address, FieldId};

/// An index of a column of a chunk, built when it is first needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ValueIndex {
    /// For each row the place of its value plus one, or 0 if the value is missing.
    pub(crate) places: Box<[u16]>,
    /// By place: the number of the value in the [`Numbering`] of the field.
    pub(crate) numbers: Box<[u32]>,
    /// The values.
    pub(crate) values: IndexedValues,
}

/// The distinct values of a column by place: first the wide addresses, in their order, then integers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IndexedValues {
    /// How many wide addresses there are.
    pub(crate) wide: u32,
    /// The integers are this plus the offsets.
    pub(crate) base: u64,
    pub(crate) offsets: Box<[u32]>,
}

/// A value of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IndexedValue {
    /// The address at this place among the wide addresses of the column.
    Wide(u32),
    /// A number, or the 32 bits of an IPv4 address.
    Integer(u64),
}

impl IndexedValues {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.wide as usize + self.offsets.len()
    }

    /// The value at `place`.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "smaller than the number of wide addresses"
    )]
    pub(crate) fn get(&self, place: usize) -> IndexedValue {
        match place.checked_sub(self.wide as usize) {
            Some(place) => IndexedValue::Integer(self.base + u64::from(self.offsets[place])),
            None => IndexedValue::Wide(place as u32),
        }
    }

    /// The values by place.
    pub(crate) fn iter(&self) -> impl Iterator<Item = IndexedValue> {
        (0..self.len()).map(|place| self.get(place))
    }
}

impl ValueIndex {
    /// Heap size in bytes.
    pub(crate) fn memory(&self) -> usize {
        let offsets = size_of_val(&*self.values.offsets);
        size_of_val(&*self.places) + size_of_val(&*self.numbers) + offsets
    }
}

/// A value with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NumberedValue {
    /// An IPv6 or MAC address.
    Wide(Address),
    /// A number, or the 32 bits of an IPv4 address.
    Integer(u64),
}

/// The numbers of the values of a field, in the order in which they were indexed.
#[derive(Debug, Default)]
pub(crate) struct Numbering(Mutex<Numbered>);

/// The numbers of the values, plus one.
#[derive(Debug, Default)]
struct Numbered {
    narrow: Interner<u32>,
    integers: HashMap<u64, u32, RandomState>,
    wide: HashMap<Address, u32, RandomState>,
    values: Vec<NumberedValue>,
}

impl Numbered {
    /// The number of a value plus one; a new value gets the next.
    #[inline]
    fn number(&mut self, value: NumberedValue) -> u32 {
        let fresh = u32::try_from(self.values.len() + 1).expect("fewer values than rows");
        let number = match value {
            NumberedValue::Wide(address) => *self.wide.entry(address).or_insert(fresh),
            NumberedValue::Integer(integer) => match u32::try_from(integer) {
                Ok(narrow) => self.narrow.number(narrow, fresh),
                Err(_) => *self.integers.entry(integer).or_insert(fresh),
            },
        };
        if number == fresh {
            self.values.push(value);
        }
        number
    }
}

impl Numbering {
    fn lock(&self) -> MutexGuard<'_, Numbered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The numbers of some values; new ones get the next.
    ///
    /// # Panics
    ///
    /// When there are 2³² − 1.
    pub(crate) fn numbers(&self, values: &[NumberedValue]) -> Box<[u32]> {
        let mut numbers = Vec::with_capacity(values.len());
        let mut numbered = self.lock();
        for values in values.chunks(PREFETCHED) {
            let narrow = values.iter().filter_map(|value| match value {
                NumberedValue::Integer(integer) => u32::try_from(*integer).ok(),
                NumberedValue::Wide(_) => None,
            });
            numbered.narrow.prefetch(narrow);
            numbers.extend(values.iter().map(|value| numbered.number(*value) - 1));
        }
        numbers.into()
    }

    /// The values by number.
    pub(crate) fn values(&self) -> Vec<NumberedValue> {
        self.lock().values.clone()
    }

    /// Heap size in bytes.
    fn memory(&self) -> usize {
        let numbered = self.lock();
        let entries = numbered.wide.capacity() * size_of::<(Address, u32)>()
            + numbered.integers.capacity() * size_of::<(u64, u32)>();
        entries + numbered.narrow.memory() + numbered.values.capacity() * size_of::<NumberedValue>()
    }
}

/// The numberings of the fields that have an index.
#[derive(Debug, Default)]
pub(crate) struct Numberings(RwLock<HashMap<FieldId, Arc<Numbering>>>);

impl Numberings {
    /// The numbering of `field`.
    pub(crate) fn of(&self, field: FieldId) -> Arc<Numbering> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(numbering) = known.get(&field) {
            return Arc::clone(numbering);
        }
        drop(known);
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(field).or_default())
    }

    /// Heap size in bytes.
    pub(crate) fn memory(&self) -> usize {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.values().map(|numbering| numbering.memory()).sum()
    }
}
