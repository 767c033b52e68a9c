//! Evaluates a plan on a chunk.
//!
//! A test of a missing value is false, whatever it tests, and `not` turns that into true. Missing columns, constant
//! columns, and columns whose smallest and largest values decide the test are evaluated without visiting rows.

use std::mem::discriminant;

use crate::query::kernel;
use crate::query::kernel::row;
use crate::query::mask::Mask;
use crate::query::plan::addresses::AddressSet;
use crate::query::plan::{FieldPair, Node, Predicate};
use crate::query::ranges::Ranges;
use crate::schema::{FieldId, id};
use crate::store::{Addresses, Bitmap, Cell, Chunk, Column, Computed, Values};

/// With at most this many possible values, each value is tested once instead of each row.
const MAX_TESTED_VALUES: u64 = 1024;

/// The rows of `chunk` for which `node` holds. Only bits of the rows of `among` are specified.
pub(super) fn evaluate(node: &Node, chunk: &Chunk, among: &Mask) -> Mask {
    match node {
        Node::Every => Mask::All,
        Node::Nothing => Mask::None,
        Node::Not(part) => evaluate(part, chunk, among).inverted(),
        Node::All(parts) => {
            let mut left = among.clone();
            for part in parts {
                let part = evaluate(part, chunk, &left);
                left = left.and(part);
                if left == Mask::None {
                    break;
                }
            }
            left
        }
        Node::Any(parts) => {
            let mut found = Mask::None;
            let mut left = among.clone();
            for part in parts {
                let part = evaluate(part, chunk, &left);
                left = left.and_not(&part);
                found = found.or(part);
                if left == Mask::None {
                    break;
                }
            }
            found
        }
        Node::Test(predicate) => test(predicate, chunk, among),
    }
}

fn test(predicate: &Predicate, chunk: &Chunk, among: &Mask) -> Mask {
    let rows = chunk.rows();
    if let Mask::Bits(among) = among
        && let Some(found) = row::single_rows(predicate, chunk, among)
    {
        return Mask::of(found);
    }
    match predicate {
        Predicate::Present(field) => chunk.column(*field).map_or(Mask::None, present),
        Predicate::Within(field, ranges) => chunk
            .column(*field)
            .map_or(Mask::None, |column| within(column, ranges, rows)),
        Predicate::Addresses(field, set) => chunk
            .column(*field)
            .map_or(Mask::None, |column| addresses(column, set, rows)),
        Predicate::Bits { field, mask, any } => chunk
            .column(*field)
            .map_or(Mask::None, |column| bits(column, *mask, *any, rows)),
        Predicate::Computed(id::SCOPE, codes) => scopes(chunk, codes, among),
        Predicate::Computed(field, ranges) => match numbers(*field, chunk) {
            Some((values, present)) => kernel::listed(&values, ranges).and(present),
            None => Mask::None,
        },
        Predicate::Fields(pair) => fields(chunk, pair),
        Predicate::File(files) => files_of(chunk, files),
        Predicate::Line(search) => search.find(chunk, among),
    }
}

fn present(column: &Column) -> Mask {
    match &column.present {
        None => Mask::All,
        Some(bits) => Mask::of(bits.clone()),
    }
}

fn keep_present(mask: Mask, column: &Column) -> Mask {
    match &column.present {
        None => mask,
        Some(_) => mask.and(present(column)),
    }
}

fn within(column: &Column, ranges: &Ranges, rows: usize) -> Mask {
    let Some((least, most)) = column.range else {
        return Mask::None;
    };
    if !ranges.overlaps(least.into(), most.into()) {
        return Mask::None;
    }
    if ranges.covers(least.into(), most.into()) {
        return present(column);
    }
    keep_present(kernel::within(column.integers(), ranges, rows), column)
}

fn bits(column: &Column, mask: u64, any: bool, rows: usize) -> Mask {
    let holds = |v: u64| if any { v & mask != 0 } else { v & mask == mask };
    match column.range {
        // Testing each possible value is less work than testing each row.
        Some((least, most)) if most - least < MAX_TESTED_VALUES => {
            let values = (least..=most).filter(|v| holds(*v));
            let ranges = Ranges::of(values.map(|v| (v.into(), v.into())).collect());
            within(column, &ranges, rows)
        }
        _ => keep_present(kernel::passing(column.integers(), rows, holds), column),
    }
}

fn addresses(column: &Column, set: &AddressSet, rows: usize) -> Mask {
    let Values::Addresses(addresses) = &column.values else {
        return Mask::None;
    };
    let mut mask = match column.range {
        None => Mask::None,
        Some((least, most)) if set.v4.covers(least.into(), most.into()) => Mask::All,
        Some((least, most)) => {
            let mut mask = if set.v4.overlaps(least.into(), most.into()) {
                kernel::within(&addresses.narrow, &set.v4, rows)
            } else {
                Mask::None
            };
            for (bits, value) in &set.masked {
                let (bits, value) = (u64::from(*bits), u64::from(*value));
                mask = mask.or(kernel::passing(&addresses.narrow, rows, |v| {
                    v & bits == value
                }));
            }
            mask
        }
    };
    if let Some(wide) = &addresses.wide {
        let holds: Vec<bool> = wide
            .addresses
            .iter()
            .map(|address| set.contains(*address))
            .collect();
        let mut found = Bitmap::none(rows);
        if holds.contains(&true) {
            for row in wide.rows.iter() {
                let index = usize::try_from(addresses.narrow.get(row)).unwrap_or(usize::MAX);
                if holds.get(index) == Some(&true) {
                    found.set(row);
                }
            }
        }
        mask = mask
            .and_not(&Mask::of(wide.rows.clone()))
            .or(Mask::of(found));
    }
    keep_present(mask, column)
}

/// The values of a numeric field, and the rows that have one; none if no row has.
fn numbers(field: FieldId, chunk: &Chunk) -> Option<(Vec<u64>, Mask)> {
    let rows = chunk.rows();
    let quotient = |field: FieldId, factor: u64| {
        let (mut values, present) = numbers(field, chunk)?;
        let (seconds, timed) = numbers(id::DURATION, chunk)?;
        for (value, seconds) in values.iter_mut().zip(seconds) {
            *value = value.saturating_mul(factor) / seconds.max(1);
        }
        Some((values, present.and(timed)))
    };
    match field {
        id::DURATION => {
            let (start, started) = numbers(id::START, chunk)?;
            let (mut end, ended) = numbers(id::END, chunk)?;
            for (end, start) in end.iter_mut().zip(start) {
                *end = end.saturating_sub(start);
            }
            Some((end, started.and(ended)))
        }
        id::BPS => quotient(id::BYTES, 8),
        id::PPS => quotient(id::PACKETS, 1),
        id::BPP => {
            let (mut bytes, present) = numbers(id::BYTES, chunk)?;
            let (packets, counted) = numbers(id::PACKETS, chunk)?;
            let some = Mask::of(Bitmap::from_fn(rows, |row| packets[row] != 0));
            for (bytes, packets) in bytes.iter_mut().zip(packets) {
                *bytes /= packets.max(1);
            }
            Some((bytes, present.and(counted).and(some)))
        }
        id::LINE => {
            let lines = (0..rows).map(|row| chunk.shown_line(row));
            Some((lines.collect(), Mask::All))
        }
        _ => {
            let column = chunk.column(field)?;
            let mut values = Vec::with_capacity(rows);
            column
                .integers()
                .for_each(rows, |_, value| values.push(value));
            Some((values, present(column)))
        }
    }
}

/// The rows of `among` whose scope has one of `codes`.
fn scopes(chunk: &Chunk, codes: &Ranges, among: &Mask) -> Mask {
    let scope = Computed::new(chunk, id::SCOPE);
    let has = |row: usize| {
        scope
            .number(row)
            .is_some_and(|code| codes.contains(code.into()))
    };
    match among {
        Mask::None => Mask::None,
        Mask::All => Mask::of(Bitmap::from_fn(chunk.rows(), has)),
        Mask::Bits(rows) => {
            let mut found = Bitmap::none(chunk.rows());
            for row in rows.iter().filter(|row| has(*row)) {
                found.set(row);
            }
            Mask::of(found)
        }
    }
}

fn fields(chunk: &Chunk, pair: &FieldPair) -> Mask {
    let (left, comparison, right) = (pair.left, pair.comparison, pair.right);
    let wide = |field| {
        let values = chunk.column(field).map(|column| &column.values);
        matches!(
            values,
            Some(Values::Addresses(Addresses { wide: Some(_), .. }))
        )
    };
    if wide(left) || wide(right) {
        let holds = |row| match (chunk.cell(row, left), chunk.cell(row, right)) {
            (Cell::Address(left), Cell::Address(right)) => {
                // Addresses of different families do not compare.
                discriminant(&left) == discriminant(&right) && comparison.holds(left, right)
            }
            _ => false,
        };
        return Mask::of(Bitmap::from_fn(chunk.rows(), holds));
    }
    let (Some((mut a, left)), Some((mut b, right))) = (numbers(left, chunk), numbers(right, chunk))
    else {
        return Mask::None;
    };
    if let Some(codes) = &pair.codes {
        for code in &mut a {
            *code = codes.left(*code);
        }
        for code in &mut b {
            *code = codes.right(*code);
        }
    }
    kernel::pairs(&a, &b, |a, b| comparison.holds(a, b))
        .and(left)
        .and(right)
}

fn files_of(chunk: &Chunk, files: &Ranges) -> Mask {
    let holds = |source: u32| files.contains(source.into());
    if chunk.column(id::FILE).is_some() {
        return Mask::of(Bitmap::from_fn(chunk.rows(), |row| {
            files.contains(chunk.file(row).into())
        }));
    }
    if chunk.runs().iter().all(|run| holds(run.source)) {
        return Mask::All;
    }
    if !chunk.runs().iter().any(|run| holds(run.source)) {
        return Mask::None;
    }
    Mask::of(Bitmap::from_fn(chunk.rows(), |row| {
        holds(chunk.run(row).source)
    }))
}
