//! The orders of fields that were accepted for the files of a folder, and the file that keeps them: one JSON
//! object a line, the newest at the end.

#[cfg(test)]
mod tests;

use std::path::PathBuf;

use serde::Deserialize;

use super::file::Place;
use super::problem::{FileProblem, Problem};
use crate::export::json;

/// How many folders are kept.
const ENTRIES: usize = 200;
/// A file of more bytes is left alone.
const FILE_BYTES: u64 = 4 << 20;
/// The most bytes of a line that is kept.
const LINE_BYTES: usize = 16 << 10;

/// The order of the fields that was accepted for files without a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The folder that the files are in.
    pub folder: PathBuf,
    /// The order, as a log format.
    pub log_format: String,
}

/// A line of the file.
#[derive(Deserialize)]
struct Line {
    folder: String,
    log_format: String,
}

/// What is in the file. Lines that are something else are passed over, and stay.
pub(super) fn read(place: &Place) -> Result<Vec<Accepted>, Problem> {
    let bytes = place.read(FILE_BYTES)?;
    let lines = bytes.split(|byte| *byte == b'\n').filter_map(parse);
    Ok(lines
        .map(|line| Accepted {
            folder: line.folder.into(),
            log_format: line.log_format,
        })
        .collect())
}

/// Puts `accepted` at the end, in place of what was there for its folder.
pub(super) fn accept(place: &Place, accepted: &Accepted) -> Result<(), Problem> {
    let folder = std::path::absolute(&accepted.folder).unwrap_or_else(|_| accepted.folder.clone());
    let Some(folder) = folder.to_str() else {
        return Err(place.problem(FileProblem::FolderNotUtf8));
    };
    let line = format!(
        "{{\"folder\":{},\"log_format\":{}}}",
        json::string(folder),
        json::string(&accepted.log_format)
    );
    if line.len() > LINE_BYTES {
        return Err(place.problem(FileProblem::OrderTooLong));
    }
    place.rewrite(FILE_BYTES, |old| {
        let others = old.split(|byte| *byte == b'\n').filter(|bytes| {
            let is_same = parse(bytes).is_some_and(|line| line.folder == folder);
            !is_same && !bytes.trim_ascii().is_empty()
        });
        let mut lines: Vec<&[u8]> = others.collect();
        let extra = (lines.len() + 1).saturating_sub(ENTRIES);
        lines.drain(..extra);
        lines.push(line.as_bytes());
        let mut new = lines.join(&b'\n');
        new.push(b'\n');
        Ok(new)
    })
}

fn parse(bytes: &[u8]) -> Option<Line> {
    serde_json::from_slice(bytes).ok()
}
