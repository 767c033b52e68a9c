//! Infers which fields the columns of a file without a header are, from the words of its first lines.
//!
//! A *reading* assigns fields to columns. What a field cannot have (bytes below 20 for each packet, an end before the
//! start, a port of a ping) excludes a reading; the other readings get a score, the logarithm of how likely the
//! values and the order of the columns are if it is true. The confidence in the best reading is its share of the
//! likelihood of all readings, so it is low where a second one is nearly as good.
//!
//! The readings of numbers (`numbers`), of addresses and services (`addresses`) and of words that have a shape of
//! their own (`shapes`) are found separately; `combine` joins them and adds what the order of the columns tells
//! (`order`).

mod addresses;
mod combine;
mod likelihood;
mod numbers;
mod order;
mod sample;
mod shapes;
pub(crate) mod survey;
#[cfg(test)]
mod tests;

use crate::schema::FieldId;
use sample::Sample;

/// From this confidence on, in percent, an inferred order is used without asking.
pub(crate) const MIN_CONFIDENCE: f64 = 99.0;
/// The highest confidence of an inferred order, in percent.
const MAX_CONFIDENCE: f64 = 99.9;

/// What a column seems to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ColumnGuess {
    /// The field; none where it is unknown.
    pub(crate) field: Option<FieldId>,
    /// How sure that is, in percent.
    pub(crate) confidence: f64,
}

/// What all of them seem to be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Inference {
    /// The columns in their order.
    pub(crate) columns: Vec<ColumnGuess>,
    /// How sure the whole is, in percent.
    pub(crate) confidence: f64,
    /// How many of the lines have traffic.
    pub(crate) records: usize,
}

/// Fields of some columns, and the logarithm of how likely the words are if they are right.
#[derive(Clone, Debug, Default)]
struct Reading {
    fields: Vec<(usize, FieldId)>,
    score: f64,
}

/// Infers what the columns of `lines` are, of which the first are `given`; none where they have no columns.
pub(crate) fn detect(lines: &[Vec<&str>], given: &[FieldId]) -> Option<Inference> {
    let sample = Sample::new(lines, given)?;
    let mut parts = shapes::readings(&sample);
    parts.push(numbers::readings(&sample));
    parts.push(addresses::readings(&sample));
    Some(combine::best(&sample, parts))
}

impl Reading {
    /// The column that is `field`.
    fn column(&self, field: FieldId) -> Option<usize> {
        let found = self.fields.iter().find(|(_, known)| *known == field);
        found.map(|(column, _)| *column)
    }
}

/// All ways to give some of `fields` to all of `columns`, each field once.
fn assignments(columns: &[usize], fields: &[FieldId]) -> Vec<Vec<(usize, FieldId)>> {
    let Some((column, rest)) = columns.split_first() else {
        return vec![Vec::new()];
    };
    let mut all = Vec::new();
    for field in fields {
        let others: Vec<FieldId> = fields
            .iter()
            .copied()
            .filter(|other| other != field)
            .collect();
        for mut assignment in assignments(rest, &others) {
            assignment.insert(0, (*column, *field));
            all.push(assignment);
        }
    }
    all
}
