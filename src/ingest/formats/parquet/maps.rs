//! Columns of maps from text to text: the fields of OCSF events that the schema has no attribute for.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use parquet::basic::Type;
use parquet::schema::types::{ColumnDescPtr, SchemaDescriptor};

use super::lists::Lists;
use super::problem::Problem;
use super::values::{Batch, Cells};
use crate::ingest::formats::ocsf;
use crate::ingest::formats::ocsf::Attribute;
use crate::schema::FieldId;

/// The most distinct keys of a file that are told apart.
const MAX_KEYS: usize = 256;
/// How many rows are searched for keys at once.
const ROWS_AT_ONCE: usize = 4096;

/// A column of the keys or the values of a map: which of the file, and its type.
pub(super) type MapSide = (usize, ColumnDescPtr);

/// The columns of a map.
#[derive(Clone)]
pub(super) struct MapColumns {
    pub(super) keys: MapSide,
    pub(super) values: MapSide,
}

impl MapColumns {
    /// Those of the map `root`, if it is one of text.
    pub(super) fn of(schema: &SchemaDescriptor, root: &str) -> Option<Self> {
        let columns = schema.columns().iter().enumerate();
        let mut sides = columns.filter(|(index, _)| schema.get_column_root(*index).name() == root);
        let (keys, values) = (sides.next()?, sides.next()?);
        let is_text = |column: &ColumnDescPtr| {
            column.physical_type() == Type::BYTE_ARRAY && column.max_rep_level() == 1
        };
        if sides.next().is_some() || !is_text(keys.1) || !is_text(values.1) {
            return None;
        }
        let side = |(index, column): (usize, &ColumnDescPtr)| (index, ColumnDescPtr::clone(column));
        Some(Self {
            keys: side(keys),
            values: side(values),
        })
    }
}

/// The field that a key of `unmapped` names.
fn field_of(key: &[u8]) -> Option<FieldId> {
    let path = format!("unmapped.{}", str::from_utf8(key).ok()?);
    match ocsf::attribute(&path)? {
        Attribute::Unmapped(field) => Some(field),
        _ => None,
    }
}

/// The fields that keys name. `keys` are those of all rows of a row group.
pub(super) fn fields_of(keys: &mut Lists, into: &mut BTreeSet<FieldId>) -> Result<(), Problem> {
    let mut seen: BTreeSet<Vec<u8>> = BTreeSet::new();
    while keys.read(ROWS_AT_ONCE)? > 0 {
        let places = keys.entries().filter_map(|entry| entry.value);
        for key in places.filter_map(|at| keys.value(at)) {
            if seen.len() < MAX_KEYS && !seen.contains(key) {
                seen.insert(key.to_vec());
                into.extend(field_of(key));
            }
        }
    }
    Ok(())
}

/// The values of one field in maps.
pub(super) struct MapWords {
    keys: Lists,
    values: Lists,
    field: FieldId,
    /// The place of the value of each row.
    places: Vec<Option<usize>>,
}

impl MapWords {
    pub(super) fn new(keys: Lists, values: Lists, field: FieldId) -> Self {
        Self {
            keys,
            values,
            field,
            places: Vec::new(),
        }
    }
}

impl Cells for MapWords {
    fn read(&mut self, rows: usize) -> Result<usize, Problem> {
        self.places.clear();
        let read = self.keys.read(rows)?.min(self.values.read(rows)?);
        for (key, value) in self.keys.entries().zip(self.values.entries()) {
            if key.is_first {
                self.places.push(None);
            }
            let name = key.value.and_then(|at| self.keys.value(at));
            if name.and_then(field_of) == Some(self.field)
                && let Some(place) = self.places.last_mut()
            {
                *place = place.or(value.value);
            }
        }
        Ok(read.min(self.places.len()))
    }

    fn fill(&mut self, rows: Range<usize>, _: usize, batch: &mut Batch<'_>) {
        batch.irregular.extend(rows);
    }

    fn word(&mut self, row: usize) -> Option<Cow<'_, [u8]>> {
        let place = self.places.get(row).copied().flatten()?;
        self.values.value(place).map(Cow::Borrowed)
    }
}
