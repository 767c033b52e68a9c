//! The log formats that were accepted for folders, and their file: one JSON object per line, the newest last.

#[cfg(test)]
mod tests;

use std::path::PathBuf;

use serde::Deserialize;

use super::problem::{FileProblem, Problem};
use super::state_file::StateFile;
use crate::export::json;

const MAX_FOLDERS: usize = 200;
const MAX_FILE_BYTES: u64 = 4 << 20;
const MAX_LINE_BYTES: usize = 16 << 10;

/// The log format that was accepted for the files without a header in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderFormat {
    /// Absolute where it was read from the file.
    pub folder: PathBuf,
    /// Names of fields, separated by spaces.
    pub log_format: String,
}

/// A line of the file.
#[derive(Deserialize)]
struct FormatLine {
    folder: String,
    log_format: String,
}

/// Reads the file. Lines that are not log formats are skipped, and kept.
pub(super) fn read(file: &StateFile) -> Result<Vec<FolderFormat>, Problem> {
    let bytes = file.read(MAX_FILE_BYTES)?;
    let lines = bytes.split(|byte| *byte == b'\n').filter_map(parse);
    Ok(lines
        .map(|line| FolderFormat {
            folder: line.folder.into(),
            log_format: line.log_format,
        })
        .collect())
}

/// Adds `accepted` as the newest, and removes what was there for its folder.
pub(super) fn accept(file: &StateFile, accepted: &FolderFormat) -> Result<(), Problem> {
    let folder = std::path::absolute(&accepted.folder).unwrap_or_else(|_| accepted.folder.clone());
    let Some(folder) = folder.to_str() else {
        return Err(file.problem(FileProblem::FolderNotUtf8));
    };
    let line = format!(
        "{{\"folder\":{},\"log_format\":{}}}",
        json::string(folder),
        json::string(&accepted.log_format)
    );
    if line.len() > MAX_LINE_BYTES {
        return Err(file.problem(FileProblem::FormatTooLong));
    }
    file.rewrite(MAX_FILE_BYTES, |old| {
        let others = old.split(|byte| *byte == b'\n').filter(|bytes| {
            let is_same = parse(bytes).is_some_and(|line| line.folder == folder);
            !is_same && !bytes.trim_ascii().is_empty()
        });
        let mut lines: Vec<&[u8]> = others.collect();
        let extra = (lines.len() + 1).saturating_sub(MAX_FOLDERS);
        lines.drain(..extra);
        lines.push(line.as_bytes());
        let mut new = lines.join(&b'\n');
        new.push(b'\n');
        Ok(new)
    })
}

fn parse(bytes: &[u8]) -> Option<FormatLine> {
    serde_json::from_slice(bytes).ok()
}
