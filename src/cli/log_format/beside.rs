//! Finds descriptions of flow logs that lie beside their files: the output of `describe-flow-logs`.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::{bounded, collect};
use crate::ingest::{self, LogFormat};

/// Descriptions are small; larger files are not read, in bytes.
const MAX_BYTES: u64 = 1 << 20;
/// So many entries of a folder are looked at, and so many of its files read.
const MAX_ENTRIES: usize = 1000;
const MAX_FILES: usize = 16;

/// The formats of the flow logs that are described in JSON files beside `paths`: in these folders, or in those of these
/// files.
pub(in crate::cli) fn beside(paths: &[PathBuf]) -> Vec<LogFormat> {
    let folder = |path: &PathBuf| {
        if path.is_dir() {
            return Some(path.clone());
        }
        let parent = path.parent().filter(|_| path.as_os_str() != "-")?;
        let is_here = parent.as_os_str().is_empty();
        Some(if is_here {
            ".".into()
        } else {
            parent.to_owned()
        })
    };
    let folders: BTreeSet<PathBuf> = paths.iter().filter_map(folder).collect();
    folders
        .iter()
        .flat_map(|folder| in_folder(folder))
        .collect()
}

fn in_folder(folder: &Path) -> Vec<LogFormat> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries
        .take(MAX_ENTRIES)
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .filter(|path| {
            fs::metadata(path).is_ok_and(|data| data.is_file() && data.len() <= MAX_BYTES)
        })
        .collect();
    files.sort();
    files.truncate(MAX_FILES);
    files.into_iter().flat_map(described).collect()
}

/// The formats that a file describes; none where it is something else.
fn described(file: PathBuf) -> Vec<LogFormat> {
    let text = bounded(&file)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let text = text.filter(|text| text.contains("\"FlowLog") && text.contains("\"LogFormat\""));
    let document = text.and_then(|text| serde_json::from_str(&text).ok());
    let Some(document) = document else {
        return Vec::new();
    };
    let mut orders = Vec::new();
    collect(&document, &mut orders);
    orders.retain(|order| ingest::check_log_format(&order.format).is_ok());
    for order in &mut orders {
        order.file = Some(file.clone());
    }
    orders
}
