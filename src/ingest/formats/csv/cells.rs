//! The cells of a row that is not plain: what other programs than AWS's make of values is undone.

use std::borrow::Cow;

use super::notation::{DateOrder, LonePoint, NumberNotation, Reading};
use crate::ingest::text::account::{self, LostZeros};
use crate::ingest::text::layouts::{EVENT_TIME, has_record_time};
use crate::ingest::text::missing::{self, MissingWords};
use crate::ingest::text::value::Doubt;
use crate::schema::{self, FieldId, Kind, Storage, id};
use crate::store::RejectReason;

/// What is known of the columns of a table, for the cells of its rows.
#[derive(Debug, Default)]
pub(super) struct Cells {
    columns: Vec<Column>,
    words: MissingWords,
    dates: DateOrder,
    lone_point: LonePoint,
    zeros: LostZeros,
}

/// A column of a table.
#[derive(Debug)]
struct Column {
    /// None where it is no field of flow logs, so that its values are text.
    field: Option<FieldId>,
    content: Content,
    numbers: NumberNotation,
}

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Text,
    Account,
    Number,
    Time,
    Address,
    /// Numbers, times or addresses in a column without a name.
    Unnamed,
}

impl Content {
    fn of(field: Option<FieldId>) -> Self {
        let Some(field) = field else {
            return Self::Text;
        };
        match (field.storage(), field.kind()) {
            (Storage::Word, _) if account::is_account(field) => Self::Account,
            (Storage::Word, _) => Self::Text,
            (Storage::Address, _) => Self::Address,
            (Storage::Number, Kind::Time) => Self::Time,
            (Storage::Number, _) => Self::Number,
        }
    }
}

/// A column beyond those of the header.
const OTHER: Column = Column {
    field: None,
    content: Content::Text,
    numbers: NumberNotation::NONE,
};

impl Cells {
    /// For rows whose values stand between these.
    pub(super) fn new(separator: u8) -> Self {
        Self {
            lone_point: if matches!(separator, b';' | b'\t') {
                LonePoint::Ambiguous
            } else {
                LonePoint::Fraction
            },
            ..Self::default()
        }
    }

    fn number<'w>(&self, column: &Column, word: &'w str) -> Reading<'w> {
        if word.contains([',', '.']) {
            column.numbers.read(word, self.lone_point)
        } else {
            Reading::Plain
        }
    }

    /// Rows follow whose columns have these names.
    pub(super) fn set_columns<'n>(&mut self, names: impl Iterator<Item = &'n str>) {
        let names: Vec<&str> = names.collect();
        let has_time = has_record_time(&names);
        let mut fields = Vec::new();
        self.columns.clear();
        for name in names {
            // A second column of a name is text.
            let field = match name {
                EVENT_TIME if has_time => None,
                EVENT_TIME => Some(id::START),
                name => schema::lookup_header(name),
            };
            let field = field.filter(|field| !fields.contains(field));
            fields.extend(field);
            self.columns.push(Column {
                field,
                content: Content::of(field),
                numbers: NumberNotation::default(),
            });
        }
    }

    /// Rows follow whose columns have no names; `are_text` says which of them have text.
    pub(super) fn set_unnamed(&mut self, are_text: impl Iterator<Item = bool>) {
        let columns = are_text.map(|is_text| Column {
            field: None,
            content: if is_text {
                Content::Text
            } else {
                Content::Unnamed
            },
            numbers: NumberNotation::default(),
        });
        self.columns = columns.collect();
    }

    /// Takes in how a row writes its values.
    pub(super) fn note<'v>(&mut self, values: impl Iterator<Item = &'v [u8]>) {
        for (value, column) in values.zip(&mut self.columns) {
            let content = column.content;
            if matches!(content, Content::Text | Content::Account) {
                continue;
            }
            let value = unguarded(value.trim_ascii(), content);
            self.words.note(value);
            let Ok(word) = str::from_utf8(value) else {
                continue;
            };
            match content {
                Content::Number if word.contains([',', '.']) => column.numbers.note(word),
                Content::Time => self.dates.note(word),
                _ => {}
            }
        }
    }

    /// Whether a row that was noted has a value whose reading depends on rows that have not been.
    pub(super) fn is_unsettled<'v>(&self, values: impl Iterator<Item = &'v [u8]>) -> bool {
        self.has_value(values, |column, content, value| {
            let word = || str::from_utf8(value).unwrap_or_default();
            match content {
                Content::Text | Content::Account => self.words.is_unsettled(value),
                Content::Number if column.numbers.awaits_points(word()) => true,
                _ => self.has_two_readings(column, content, value),
            }
        })
    }

    /// Whether a row that was noted has a value with two readings, which no value so far settles.
    pub(super) fn is_ambiguous<'v>(&self, values: impl Iterator<Item = &'v [u8]>) -> bool {
        self.has_value(values, |column, content, value| {
            self.has_two_readings(column, content, value)
        })
    }

    fn has_value<'v>(
        &self,
        values: impl Iterator<Item = &'v [u8]>,
        test: impl Fn(&Column, Content, &[u8]) -> bool,
    ) -> bool {
        let columns = self.columns.iter().chain(std::iter::repeat(&OTHER));
        values.zip(columns).any(|(value, column)| {
            let content = column.content;
            test(column, content, unguarded(value.trim_ascii(), content))
        })
    }

    fn has_two_readings(&self, column: &Column, content: Content, value: &[u8]) -> bool {
        let word = || str::from_utf8(value).unwrap_or_default();
        match content {
            Content::Number => self.number(column, word()) == Reading::Ambiguous,
            Content::Time => self.dates.read(word()) == Reading::Ambiguous,
            Content::Text | Content::Account | Content::Address | Content::Unnamed => false,
        }
    }

    /// The cells of a row that was noted, as they are read.
    pub(super) fn read<'v>(
        &mut self,
        values: impl Iterator<Item = &'v [u8]>,
    ) -> Result<Vec<Cow<'v, [u8]>>, RejectReason> {
        let columns = self.columns.iter().chain(std::iter::repeat(&OTHER));
        let mut cells = Vec::new();
        for (value, column) in values.zip(columns) {
            let content = column.content;
            let value = unguarded(value.trim_ascii(), content);
            let is_missing = match content {
                Content::Text | Content::Account => self.words.is_missing_text(value),
                _ => missing::is_missing_unless_text(value),
            };
            let word = str::from_utf8(value);
            let reading = match (content, word) {
                _ if is_missing => Reading::Rewritten(Cow::Borrowed("-")),
                (Content::Account, Ok(word)) => account::of_number(word)
                    .inspect(|_| self.zeros.note(word))
                    .map_or(Reading::Plain, Reading::Rewritten),
                (Content::Number, Ok(word)) => self.number(column, word),
                (Content::Time, Ok(word)) => self.dates.read(word),
                _ => Reading::Plain,
            };
            cells.push(match reading {
                Reading::Plain => Cow::Borrowed(value),
                Reading::Rewritten(Cow::Borrowed(word)) => Cow::Borrowed(word.as_bytes()),
                Reading::Rewritten(Cow::Owned(word)) => Cow::Owned(word.into_bytes()),
                Reading::Ambiguous => {
                    let field = column.field.unwrap_or(id::BYTES);
                    return Err(match content {
                        Content::Time => RejectReason::AmbiguousDate(field),
                        _ => RejectReason::AmbiguousNumber(field),
                    });
                }
            });
        }
        Ok(cells)
    }

    /// What had to be assumed of values.
    pub(super) fn doubts(&self) -> Vec<(FieldId, Doubt, String)> {
        self.zeros.doubts()
    }

    /// What is unusual in the rows so far.
    pub(super) fn warnings(&self) -> Vec<String> {
        self.words.warning().into_iter().collect()
    }
}

/// A value without the mark by which a spreadsheet takes it for text: `="123"`, `'123`, and `'=1` as our own exports
/// write it.
fn unguarded(value: &[u8], content: Content) -> &[u8] {
    match value {
        [b'=', b'"', inner @ .., b'"'] if !inner.contains(&b'"') => inner,
        [b'\'', inner @ ..] => {
            let is_digits = || !inner.is_empty() && inner.iter().all(u8::is_ascii_digit);
            if content != Content::Text && is_digits() || is_guarded(inner) {
                inner
            } else {
                value
            }
        }
        _ => value,
    }
}

/// Whether our exports put a `'` in front of a text, so that no spreadsheet takes it for a formula. That they do it to
/// one that has such a mark already keeps the two apart.
fn is_guarded(text: &[u8]) -> bool {
    let first = text.iter().find(|byte| **byte != b'\'');
    first.is_some_and(|first| matches!(first, b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r'))
}
