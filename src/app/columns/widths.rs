//! The widths of the values of each field, measured chunk by chunk.

use std::collections::{HashMap, HashSet};

use crate::app::cell_text::{Notation, status, status_word};
use crate::format;
use crate::schema::{FieldId, id};
use crate::store::{Addresses, Bitmap, Chunk, Store, Values};

/// The widest values of all chunks loaded so far, in characters.
#[derive(Clone, Debug, Default)]
pub(crate) struct Widths {
    fields: HashMap<FieldId, usize>,
    words: HashMap<FieldId, usize>,
    /// The widest log-status shown in place of a missing action.
    statuses: usize,
    /// How many records have a value.
    records: HashMap<FieldId, u64>,
}

impl Widths {
    /// Adds the values of a newly loaded chunk.
    pub(crate) fn measure(&mut self, chunk: &Chunk, store: &Store) {
        for (field, column) in chunk.columns() {
            let width = match &column.values {
                Values::Numbers(_) => column.range.map_or(1, |(_, max)| digits(max)),
                Values::Words(_) => self.measure_words(*field, store),
                Values::Addresses(addresses) => widest_address(addresses, chunk.rows()),
            };
            let present = column.present.as_ref();
            let present = present.map_or_else(|| chunk.rows(), Bitmap::count);
            *self.records.entry(*field).or_default() += present as u64;
            let widest = self.fields.entry(*field).or_default();
            *widest = width.max(*widest);
        }
        let statuses = widest_status(chunk, store);
        self.statuses = statuses.max(self.statuses);
    }

    /// The widest word of the dictionary. Only words added since the last call are measured.
    fn measure_words(&mut self, field: FieldId, store: &Store) -> usize {
        let dictionary = store.catalog.dictionaries.of(field);
        let seen = self.words.entry(field).or_default();
        let widest = self.fields.get(&field).copied().unwrap_or(0);
        if dictionary.len() == *seen {
            return widest;
        }
        let words = dictionary.words();
        let new = words.iter().skip(*seen);
        let longest = new.map(|word| format::visible(word).chars().count()).max();
        *seen = words.len();
        widest.max(longest.unwrap_or(0))
    }
}

/// The length of the longest log-status shown in place of an action, in characters.
fn widest_status(chunk: &Chunk, store: &Store) -> usize {
    let actions = chunk.column(id::ACTION);
    if actions.is_some_and(|column| column.present.is_none()) {
        return 0;
    }
    let mut seen = HashSet::new();
    let mut widest = 0;
    for row in 0..chunk.rows() {
        if let Some(code) = status(chunk, row)
            && seen.insert(code)
            && let Some(word) = status_word(code, store)
        {
            widest = widest.max(format::visible(&word).chars().count());
        }
    }
    widest
}

/// The length of the longest address. IPv4 addresses are measured without formatting them.
fn widest_address(addresses: &Addresses, rows: usize) -> usize {
    let mut widest = 0;
    addresses.narrow.for_each(rows, |_, bits| {
        let octet = |shift: u32| match bits >> shift & 0xff {
            0..10 => 1,
            10..100 => 2,
            _ => 3,
        };
        widest = widest.max(octet(24) + octet(16) + octet(8) + octet(0));
    });
    let wide = addresses.wide.iter().flat_map(|wide| wide.addresses.iter());
    let wide = wide.map(|address| address.to_string().len()).max();
    (widest + 3).max(wide.unwrap_or(0))
}

fn digits(number: u64) -> usize {
    number.checked_ilog10().unwrap_or(0) as usize + 1
}

impl Widths {
    /// How many of the loaded records have a value of `field`.
    pub(crate) fn records_with(&self, field: FieldId) -> u64 {
        self.records.get(&field).copied().unwrap_or(0)
    }

    pub(super) fn of(&self, field: FieldId) -> usize {
        self.fields.get(&field).copied().unwrap_or(1)
    }

    /// The width of the action column, which also shows log-statuses.
    pub(super) fn action(&self, notation: Notation) -> usize {
        let statuses = match notation {
            Notation::Decoded => self.statuses,
            Notation::Raw => 0,
        };
        let widest = self.of(id::ACTION).max(statuses);
        widest.max("action".len())
    }
}
