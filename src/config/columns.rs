//! The columns that were chosen for logs, and their file: one JSON object per line, the newest last.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::problem::{FileProblem, Problem};
use super::state_file::StateFile;

const MAX_LAYOUTS: usize = 200;
const MAX_FILE_BYTES: u64 = 4 << 20;
const MAX_LINE_BYTES: usize = 16 << 10;

/// The columns of logs with certain fields, all by the names of their fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct ColumnLayout {
    /// The fields of the logs, sorted; empty for all logs that have no layout of their own.
    #[serde(default)]
    pub fields: Vec<String>,
    /// The columns that come first, in this order.
    #[serde(default)]
    pub order: Vec<String>,
    /// The columns that are not shown.
    #[serde(default)]
    pub hidden: Vec<String>,
    /// The widths that were chosen, in cells.
    #[serde(default)]
    pub widths: BTreeMap<String, usize>,
    /// How many columns stay on the screen when the others are scrolled.
    #[serde(default)]
    pub frozen: usize,
}

/// Reads the file. Lines that are not layouts are skipped, and kept.
pub(super) fn read(file: &StateFile) -> Result<Vec<ColumnLayout>, Problem> {
    let bytes = file.read(MAX_FILE_BYTES)?;
    let lines = bytes.split(|byte| *byte == b'\n');
    Ok(lines.filter_map(parse).collect())
}

/// Adds `layout` as the newest, and removes what was there for its fields.
pub(super) fn keep(file: &StateFile, layout: &ColumnLayout) -> Result<(), Problem> {
    let line = serde_json::to_vec(layout).unwrap_or_default();
    if line.len() > MAX_LINE_BYTES {
        return Err(file.problem(FileProblem::FormatTooLong));
    }
    file.rewrite(MAX_FILE_BYTES, |old| {
        let others = old.split(|byte| *byte == b'\n').filter(|bytes| {
            let is_same = parse(bytes).is_some_and(|known| known.fields == layout.fields);
            !is_same && !bytes.trim_ascii().is_empty()
        });
        let mut lines: Vec<&[u8]> = others.collect();
        let extra = (lines.len() + 1).saturating_sub(MAX_LAYOUTS);
        lines.drain(..extra);
        lines.push(&line);
        let mut new = lines.join(&b'\n');
        new.push(b'\n');
        Ok(new)
    })
}

fn parse(bytes: &[u8]) -> Option<ColumnLayout> {
    serde_json::from_slice(bytes).ok()
}
