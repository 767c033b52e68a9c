//! The inferred orders of fields of files without a header: the first lines beside the names of the columns.

use std::io;
use std::io::Write;

use unicode_width::UnicodeWidthStr;

use super::table::{WIDTH, end_of, entry_of, start_of};
use crate::format;
use crate::store::InferredOrder;
use crate::store::Store;

/// The most orders shown.
const MAX_ORDERS: usize = 3;
/// The number of sample lines shown beside the names.
const MAX_LINES: usize = 3;
/// The maximum width of a cell.
const MAX_CELL_WIDTH: usize = 28;
/// The separator between columns.
const GAP: &str = "   ";

/// Writes the distinct orders inferred for the files of `store`.
pub(super) fn write(store: &Store, out: &mut dyn Write) -> io::Result<()> {
    let mut seen: Vec<String> = Vec::new();
    for source in store.sources() {
        let Some(guess) = source.inferred_order.as_deref() else {
            continue;
        };
        let names = guess.names();
        if seen.contains(&names) {
            continue;
        }
        seen.push(names);
        if seen.len() <= MAX_ORDERS {
            let path = source.path_text();
            order(guess, &format::visible(&path), out)?;
        }
    }
    match seen.len().saturating_sub(MAX_ORDERS) {
        0 => Ok(()),
        rest => {
            let rest = format::counted(rest as u64, "more inferred order", "more inferred orders");
            writeln!(out, "and {rest}")
        }
    }
}

fn order(guess: &InferredOrder, path: &str, out: &mut dyn Write) -> io::Result<()> {
    let is_used = if guess.is_used {
        "and used"
    } else if guess.has_few_records() {
        "too few to be used"
    } else {
        "so not used"
    };
    writeln!(out)?;
    writeln!(out, "order of the fields in {}", end_of(path, WIDTH - 24))?;
    writeln!(
        out,
        "inferred from the values of {}, {} % sure, {is_used}; the first lines:",
        format::counted(guess.records as u64, "record", "records"),
        guess.confidence
    )?;
    writeln!(out)?;
    let rows: Vec<Vec<String>> = guess
        .columns
        .iter()
        .enumerate()
        .map(|(index, column)| {
            let words = guess
                .lines
                .iter()
                .take(MAX_LINES)
                .map(|line| line.get(index));
            let words = words.map(|word| word.map_or("", String::as_str));
            let cells = std::iter::once(column.name.as_str()).chain(words);
            let mut cells: Vec<String> = cells
                .map(|cell| start_of(&format::visible(cell), MAX_CELL_WIDTH))
                .collect();
            let sure = match column.confidence {
                0 => "?".to_owned(),
                sure => format!("{sure} %"),
            };
            cells.insert(1, format!("{sure:>4}"));
            cells
        })
        .collect();
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count)
        .map(|index| {
            let cells = rows.iter().filter_map(|row| row.get(index));
            cells.map(|cell| cell.width()).max().unwrap_or(0)
        })
        .collect();
    for row in &rows {
        let mut line = String::from("  ");
        for (cell, width) in row.iter().zip(&widths) {
            line += cell;
            line += &" ".repeat(width - cell.width());
            line += GAP;
        }
        writeln!(out, "{}", start_of(line.trim_end(), WIDTH))?;
    }
    writeln!(out)?;
    let names = format!("--log-format '{}'", guess.names());
    let words: Vec<String> = names.split(' ').map(str::to_owned).collect();
    entry_of(out, "to use it", &words, " ")
}
