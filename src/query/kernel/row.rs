//! Tests single rows: cheaper than testing the whole column where few rows are still undecided.

use std::mem::discriminant;

use crate::query::plan::{FieldPair, Predicate};
use crate::schema::FieldId;
use crate::store::{Bitmap, Cell, Chunk, Computed, address};

/// The most undecided rows of a chunk that are tested one by one.
pub(in crate::query) const MAX_SINGLE_ROWS: usize = 512;

/// The rows of `among` for which `predicate` holds; none where testing single rows is not worthwhile.
pub(in crate::query) fn single_rows(
    predicate: &Predicate,
    chunk: &Chunk,
    among: &Bitmap,
) -> Option<Bitmap> {
    // A bitmap exists already, and a line search visits only the given rows anyway.
    if matches!(predicate, Predicate::Present(_) | Predicate::Line(_))
        || among.count() > MAX_SINGLE_ROWS
    {
        return None;
    }
    let mut found = Bitmap::none(among.len());
    for row in among.iter().filter(|row| holds(predicate, chunk, *row)) {
        found.set(row);
    }
    Some(found)
}

fn holds(predicate: &Predicate, chunk: &Chunk, row: usize) -> bool {
    match predicate {
        Predicate::Within(field, ranges) => chunk
            .column(*field)
            .and_then(|column| column.integer(row))
            .is_some_and(|number| ranges.contains(number.into())),
        Predicate::Addresses(field, set) => chunk
            .column(*field)
            .and_then(|column| address(column, row))
            .is_some_and(|address| set.contains(address)),
        Predicate::Bits { field, mask, any } => chunk
            .column(*field)
            .and_then(|column| column.integer(row))
            .is_some_and(|flags| {
                if *any {
                    flags & mask != 0
                } else {
                    flags & mask == *mask
                }
            }),
        Predicate::Computed(field, ranges) => Computed::new(chunk, *field)
            .number(row)
            .is_some_and(|number| ranges.contains(number.into())),
        Predicate::Fields(pair) => fields(chunk, row, pair),
        Predicate::File(files) => files.contains(chunk.file(row).into()),
        Predicate::Present(_) | Predicate::Line(_) => false,
    }
}

fn fields(chunk: &Chunk, row: usize, pair: &FieldPair) -> bool {
    let comparison = pair.comparison;
    let value = |field: FieldId| match chunk.cell(row, field) {
        Cell::Missing if field.is_computed() => Computed::new(chunk, field)
            .number(row)
            .map_or(Cell::Missing, Cell::Number),
        cell => cell,
    };
    match (value(pair.left), value(pair.right)) {
        (Cell::Number(a), Cell::Number(b)) => comparison.holds(a, b),
        (Cell::Word(a), Cell::Word(b)) => {
            let codes = pair.codes.as_ref();
            codes.is_some_and(|codes| comparison.holds(codes.left(a.into()), codes.right(b.into())))
        }
        (Cell::Address(a), Cell::Address(b)) => {
            // Addresses of different families do not compare.
            discriminant(&a) == discriminant(&b) && comparison.holds(a, b)
        }
        _ => false,
    }
}
