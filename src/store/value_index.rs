//! The distinct values of a column, and which of them each row has.

/// An index of a column of a chunk, built when it is first needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ValueIndex {
    /// For each row the place of its value in `values` plus one, or 0 if the value is missing.
    pub(crate) places: Box<[u16]>,
    /// The distinct values.
    pub(crate) values: Box<[IndexedValue]>,
}

/// A value of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IndexedValue {
    /// A number, or the 32 bits of an IPv4 address.
    Integer(u64),
    /// The address at this place among the wide addresses of the column.
    Wide(u32),
}

impl ValueIndex {
    /// Heap size in bytes.
    pub(crate) fn memory(&self) -> usize {
        size_of_val(&*self.places) + size_of_val(&*self.values)
    }
}
