use super::*;
use crate::store::Values;

/// A column of `rows` constant values, of which those of the rows `absent` are missing.
fn column(rows: usize, absent: &[usize]) -> Column {
    let mut present = Bitmap::all(rows);
    for row in absent {
        present.unset(*row);
    }
    Column {
        values: Values::Numbers(Integers::Constant(7)),
        present: Some(present),
        range: Some((7, 7)),
    }
}

#[test]
fn rows_without_a_value_are_found_whether_they_are_few_or_many() {
    const ROWS: usize = 4_000;
    let few = [0, 63, 64, 1_000, 2_047, ROWS - 1];
    let many: Vec<usize> = (0..ROWS).filter(|row| row % 3 == 0).collect();
    for absent in [&few[..], &many, &[]] {
        let column = column(ROWS, absent);
        for step in [1, 2, 7, 500] {
            for first in [0, 1, 63] {
                let list: Vec<u16> = (first..4_000).step_by(step).take(BATCH_ROWS).collect();
                let mut found = vec![7u32; list.len()];
                Rows::List(&list).fill_missing(&column, &mut found, 0);
                let wanted = list.iter().map(|row| {
                    if absent.contains(&usize::from(*row)) {
                        0
                    } else {
                        7
                    }
                });
                let wanted: Vec<u32> = wanted.collect();
                assert_eq!(found, wanted, "{step} {first} {}", absent.len());
            }
        }
    }
}
