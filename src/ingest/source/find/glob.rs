//! Globs: patterns that stand for the files whose paths they match.

use std::path::{Component, Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};

use super::table_folders::Inside;
use super::{DEEPEST, InputFiles, TooDeep, is_hidden, is_marker_folder, is_missing, walk};
use crate::store::{MissingPath, Status};

/// What matches as `path` says, if that is a glob.
pub(super) fn of(path: &Path) -> Option<GlobMatcher> {
    let text = path.to_str().filter(|text| has_wildcard(text))?;
    let glob = GlobBuilder::new(text).literal_separator(true).build();
    Some(glob.ok()?.compile_matcher())
}

impl InputFiles {
    /// What `matcher` matches, which is made of `pattern`.
    pub(super) fn glob(&mut self, pattern: &Path, matcher: &GlobMatcher) {
        let (before, met) = (self.list.len(), self.met);
        let root = root_of(pattern);
        let mut too_deep = TooDeep::default();
        let mut table = Inside::at(&root);
        let mut walk = walk(&root).max_depth(depth(pattern, &root)).into_iter();
        while let Some(entry) = walk.next() {
            let entry = match entry {
                Ok(entry) => entry,
                // Nothing matches below a folder that is not there.
                Err(error) if error.io_error().is_some_and(is_missing) => continue,
                Err(error) => {
                    self.walk_error(&root, error);
                    continue;
                }
            };
            let is_dir = entry.file_type().is_dir();
            if entry.depth() > 0 && is_hidden(&entry) && !names_hidden(pattern, &root) {
                if is_dir {
                    walk.skip_current_dir();
                }
                continue;
            }
            if entry.depth() > 0 && is_marker_folder(&entry) {
                walk.skip_current_dir();
                continue;
            }
            table = Inside::below(table, entry.path(), is_dir);
            if is_dir {
                too_deep.note(&entry);
            }
            let path = entry
                .path()
                .strip_prefix(".")
                .unwrap_or_else(|_| entry.path());
            if !matcher.is_match(path) && !matcher.is_match(entry.path()) {
                continue;
            }
            if is_dir {
                walk.skip_current_dir();
            }
            match &mut table {
                Some(inside) => {
                    if !std::mem::replace(&mut inside.is_told, true) {
                        self.table(&inside.folder, inside.table);
                    }
                }
                None if is_dir => self.folder(entry.path()),
                None => self.found(&entry),
            }
            if self.is_enough() {
                return;
            }
        }
        self.too_deep(too_deep);
        if self.list.len() == before && self.met == met {
            self.nowhere(pattern, Status::Missing(MissingPath::Match));
        }
    }
}

fn has_wildcard(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// How deep below its `root` a pattern can match.
fn depth(pattern: &Path, root: &Path) -> usize {
    let below = pattern.strip_prefix(root).unwrap_or(pattern);
    if below.to_string_lossy().contains("**") {
        DEEPEST
    } else {
        below.components().count().min(DEEPEST)
    }
}

/// Whether a pattern asks for hidden files by name, behind its `root`.
fn names_hidden(pattern: &Path, root: &Path) -> bool {
    let parts = pattern.strip_prefix(root).unwrap_or(pattern).components();
    parts.into_iter().any(|part| match part {
        Component::Normal(name) => name.as_encoded_bytes().starts_with(b"."),
        _ => false,
    })
}

/// The folder above the first wildcard.
fn root_of(pattern: &Path) -> PathBuf {
    let root: PathBuf = pattern
        .components()
        .take_while(|part| !has_wildcard(&part.as_os_str().to_string_lossy()))
        .collect();
    if root.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        root
    }
}
