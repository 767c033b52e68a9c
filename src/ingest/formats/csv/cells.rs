//! The cells of a row that is not plain: what other programs than AWS's make of values is undone.

use std::borrow::Cow;

use crate::ingest::text::account;
use crate::ingest::text::missing::{self, MissingWords};
use crate::ingest::text::value::Doubt;
use crate::schema::{self, FieldId, Storage, id};

/// What is known of the columns of a table, for the cells of its rows.
#[derive(Debug, Default)]
pub(super) struct Cells {
    columns: Vec<Column>,
    words: MissingWords,
    /// The first account whose zeros in front were lost.
    zeros: Option<String>,
}

/// A column of a table.
#[derive(Debug)]
struct Column {
    /// Whether its values are text.
    is_text: bool,
    is_account: bool,
}

impl Column {
    fn new(field: Option<FieldId>) -> Self {
        Self {
            is_text: field.is_none_or(|field| field.storage() == Storage::Word),
            is_account: field.is_some_and(account::is_account),
        }
    }
}

impl Cells {
    /// Rows follow whose columns have these names.
    pub(super) fn set_columns<'n>(&mut self, names: impl Iterator<Item = &'n str>) {
        let mut met = Vec::new();
        self.columns.clear();
        for name in names {
            // A second column of a name is text.
            let field = schema::lookup_header(name).filter(|field| !met.contains(field));
            met.extend(field);
            self.columns.push(Column::new(field));
        }
    }

    /// The cells of a row as they are read.
    pub(super) fn read<'v>(
        &mut self,
        values: impl Iterator<Item = &'v [u8]>,
    ) -> Vec<Cow<'v, [u8]>> {
        let mut cells: Vec<Cow<'v, [u8]>> = values
            .map(|value| Cow::Borrowed(value.trim_ascii()))
            .collect();
        let columns = &self.columns;
        for (cell, column) in cells.iter_mut().zip(columns) {
            if column.is_account
                && let Ok(word) = str::from_utf8(cell)
                && let Some(account) = account::of_number(word)
            {
                if self.zeros.is_none() && account::has_lost_zeros(word) {
                    self.zeros = Some(word.to_owned());
                }
                *cell = Cow::Owned(account.into_owned().into_bytes());
            }
            if !column.is_text {
                self.words.note(cell);
                if missing::is_missing_unless_text(cell) {
                    *cell = MISSING;
                }
            }
        }
        let is_text = |index: usize| columns.get(index).is_none_or(|column| column.is_text);
        for (index, cell) in cells.iter_mut().enumerate() {
            if is_text(index) && self.words.is_missing_text(cell) {
                *cell = MISSING;
            }
        }
        cells
    }

    /// What had to be assumed of values.
    pub(super) fn doubts(&self) -> Vec<(FieldId, Doubt, String)> {
        let zeros = self.zeros.iter();
        zeros
            .map(|word| (id::ACCOUNT_ID, Doubt::Zeros, word.clone()))
            .collect()
    }

    /// What is unusual in the rows so far.
    pub(super) fn warnings(&self) -> Vec<String> {
        self.words.warning().into_iter().collect()
    }
}

/// How a missing value is written for the parser.
const MISSING: Cow<'static, [u8]> = Cow::Borrowed(b"-");
