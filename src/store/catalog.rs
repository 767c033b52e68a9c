//! What loading threads and readers share: the dictionaries, and the names of extra fields.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use super::dictionary::Dictionaries;
use super::value_index::Numberings;
use crate::schema::{self, FIELDS, FieldId};

/// The shared names of one load.
#[derive(Debug, Default)]
pub struct Catalog {
    /// The words of every text field.
    pub dictionaries: Dictionaries,
    /// The numbers of addresses and of large numbers, in the order in which they were indexed.
    pub(crate) numberings: Numberings,
    extras: RwLock<Extras>,
}

/// The names of extra fields, and the index of each by its normalized spelling.
#[derive(Debug, Default)]
struct Extras {
    names: Vec<String>,
    places: HashMap<String, usize>,
}

impl Catalog {
    /// The field of a header word: one of [`FIELDS`], or an extra field, added when its name is new.
    pub fn header_field(&self, word: &str) -> FieldId {
        schema::lookup_header(word).unwrap_or_else(|| self.extra(word))
    }

    /// The extra field called `name`, added when it is new.
    pub fn extra(&self, name: &str) -> FieldId {
        if let Some(field) = self.find_extra(name) {
            return field;
        }
        let mut extras = self.extras.write().unwrap_or_else(PoisonError::into_inner);
        let next = extras.names.len();
        let index = *extras.places.entry(schema::normalize(name)).or_insert(next);
        if index == next {
            extras.names.push(name.to_owned());
        }
        FieldId::from_index(FIELDS.len() + index)
    }

    fn find_extra(&self, name: &str) -> Option<FieldId> {
        let extras = self.extras.read().unwrap_or_else(PoisonError::into_inner);
        let index = extras.places.get(&schema::normalize(name))?;
        Some(FieldId::from_index(FIELDS.len() + index))
    }

    /// The field that `name` means in any spelling, extra fields included; none if it is unknown.
    pub fn lookup(&self, name: &str) -> Option<FieldId> {
        schema::lookup(name).or_else(|| self.find_extra(name))
    }

    /// The name of `field`: AWS's, or the header's own for an extra field.
    ///
    /// # Panics
    ///
    /// When the field is of another catalog.
    pub fn name(&self, field: FieldId) -> String {
        field
            .def()
            .map_or_else(|| self.extra_name(field), |def| def.name.to_owned())
    }

    /// The column name of `field` in JSON, CSV and Parquet.
    ///
    /// # Panics
    ///
    /// When the field is of another catalog.
    pub fn column(&self, field: FieldId) -> String {
        field
            .def()
            .map_or_else(|| self.extra_name(field), |def| def.column.to_owned())
    }

    fn extra_name(&self, field: FieldId) -> String {
        let extras = self.extras.read().unwrap_or_else(PoisonError::into_inner);
        extras.names[field.index() - FIELDS.len()].clone()
    }

    /// The names of the extra fields, in the order of their ids.
    pub fn extra_names(&self) -> Vec<String> {
        let extras = self.extras.read().unwrap_or_else(PoisonError::into_inner);
        extras.names.clone()
    }
}
