//! Finds descriptions of flow logs that lie beside their files: the output of `describe-flow-logs`.

#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};

use super::{bounded, collect, text_of};
use crate::ingest::{self, LogFormat};

/// Descriptions are small; larger files are not read, in bytes.
const MAX_BYTES: u64 = 1 << 20;
/// So many JSON files of a folder are read, those first whose names speak of flow logs.
const MAX_FILES: usize = 16;
/// So many folders are looked into: a bucket may have thousands, all of them below the description of its flow logs.
const MAX_FOLDERS: usize = 64;

/// The formats of the flow logs that are described in JSON files beside `paths`: in these folders and below them, or in
/// the folders of these files.
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
    let is_given = |folder: &PathBuf| paths.contains(folder);
    // Breadth first, so that what is near is found where there is much.
    let mut folders: VecDeque<(PathBuf, bool)> = folders
        .into_iter()
        .map(|folder| {
            let is_whole = is_given(&folder);
            (folder, is_whole)
        })
        .collect();
    let mut seen: BTreeSet<PathBuf> = folders.iter().map(|(folder, _)| folder.clone()).collect();
    let mut found = Vec::new();
    for _ in 0..MAX_FOLDERS {
        let Some((folder, is_whole)) = folders.pop_front() else {
            break;
        };
        let Contents { files, inner } = Contents::of(&folder);
        found.extend(files.into_iter().flat_map(described));
        let inner = inner
            .into_iter()
            .filter(|folder| is_whole && seen.insert(folder.clone()));
        folders.extend(inner.map(|folder| (folder, true)));
    }
    found
}

/// What a folder has that may be a description or have one below it.
#[derive(Default)]
struct Contents {
    files: Vec<PathBuf>,
    inner: Vec<PathBuf>,
}

impl Contents {
    fn of(folder: &Path) -> Self {
        let mut contents = Self::default();
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
            let path = entry.path();
            let is_json = path
                .extension()
                .is_some_and(|extension| extension == "json");
            // Links to folders are not followed, since they may lead in a circle.
            if !is_hidden && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                contents.inner.push(path);
            } else if is_json {
                contents.files.push(path);
            }
        }
        contents.inner.sort();
        contents
            .files
            .sort_by_key(|path| (!is_named_likely(path), path.clone()));
        let is_small = |path: &PathBuf| {
            fs::metadata(path).is_ok_and(|data| data.is_file() && data.len() <= MAX_BYTES)
        };
        let files = std::mem::take(&mut contents.files).into_iter();
        contents.files = files.filter(is_small).take(MAX_FILES).collect();
        contents
    }
}

/// Whether the name of a file speaks of flow logs: `flow-logs.json`, `describe-flow-logs.json`.
fn is_named_likely(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.to_ascii_lowercase();
    name.contains("flow") || name.contains("describe")
}

/// The formats that a file describes; none where it is something else.
fn described(file: PathBuf) -> Vec<LogFormat> {
    let text = bounded(&file).ok().and_then(text_of);
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
