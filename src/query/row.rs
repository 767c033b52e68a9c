//! Asks a question of one row: cheaper than asking the whole column where few rows are still in doubt.

use std::mem::discriminant;

use super::expression::Comparison;
use super::plan::Question;
use crate::schema::FieldId;
use crate::store::{Bitmap, Cell, Chunk, Computed, address};

/// Up to so many rows of a chunk are asked one by one.
pub(super) const FEW_ROWS: usize = 512;

/// The rows among those of `among` for which `question` holds; none where it is not one to ask a row.
pub(super) fn few(question: &Question, chunk: &Chunk, among: &Bitmap) -> Option<Bitmap> {
    // These know a better way: a bitmap that is there, a search that keeps to the rows it is given.
    if matches!(question, Question::Present(_) | Question::Line(_)) || among.count() > FEW_ROWS {
        return None;
    }
    let mut found = Bitmap::none(among.len());
    for row in among.iter().filter(|row| holds(question, chunk, *row)) {
        found.set(row);
    }
    Some(found)
}

fn holds(question: &Question, chunk: &Chunk, row: usize) -> bool {
    match question {
        Question::Within(field, ranges) => chunk
            .column(*field)
            .and_then(|column| column.integer(row))
            .is_some_and(|number| ranges.contains(number.into())),
        Question::Addresses(field, set) => chunk
            .column(*field)
            .and_then(|column| address(column, row))
            .is_some_and(|address| set.contains(address)),
        Question::Bits { field, mask, any } => chunk
            .column(*field)
            .and_then(|column| column.integer(row))
            .is_some_and(|flags| {
                if *any {
                    flags & mask != 0
                } else {
                    flags & mask == *mask
                }
            }),
        Question::Computed(field, ranges) => Computed::new(chunk, *field)
            .number(row)
            .is_some_and(|number| ranges.contains(number.into())),
        Question::Fields {
            left,
            comparison,
            right,
            codes,
        } => fields(chunk, row, (*left, *comparison, *right), codes.as_deref()),
        Question::File(files) => files.contains(chunk.run(row).source.into()),
        Question::Present(_) | Question::Line(_) => false,
    }
}

fn fields(
    chunk: &Chunk,
    row: usize,
    (left, comparison, right): (FieldId, Comparison, FieldId),
    codes: Option<&[u64]>,
) -> bool {
    let value = |field: FieldId| match chunk.cell(row, field) {
        Cell::Missing if field.is_computed() => Computed::new(chunk, field)
            .number(row)
            .map_or(Cell::Missing, Cell::Number),
        cell => cell,
    };
    match (value(left), value(right)) {
        (Cell::Number(a), Cell::Number(b)) => comparison.holds(a, b),
        (Cell::Word(a), Cell::Word(b)) => {
            let b = codes.and_then(|codes| codes.get(b as usize));
            comparison.holds(u64::from(a), b.copied().unwrap_or(u64::MAX))
        }
        (Cell::Address(a), Cell::Address(b)) => {
            // An order is one of a family.
            discriminant(&a) == discriminant(&b) && comparison.holds(a, b)
        }
        _ => false,
    }
}
