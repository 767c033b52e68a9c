//! The history of filters and its file: one JSON object per line, the newest last.

use std::collections::HashSet;

use serde::Deserialize;

use super::problem::{FileProblem, Problem};
use super::state_file::StateFile;
use crate::export::json;

const MAX_ENTRIES: usize = 1000;
/// Longer filters are not kept.
const MAX_TEXT_BYTES: usize = 4 << 10;
/// Lines that are not filters are kept up to this size.
const MAX_UNKNOWN_BYTES: usize = 64 << 10;
/// A larger file is not used. What is kept fits: a byte takes at most six in JSON.
const MAX_FILE_BYTES: u64 = 32 << 20;

/// A filter that was used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// As it was typed.
    pub text: String,
    /// Whether it matched any record when it was last used.
    pub matched: bool,
}

/// The filters that were used, each once, the newest last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    entries: Vec<Entry>,
    /// Lines of the file that are not filters; they are written back unchanged.
    unknown_lines: Vec<Vec<u8>>,
}

/// A line of the file.
#[derive(Deserialize)]
struct HistoryLine {
    filter: String,
    #[serde(default)]
    matched: bool,
}

impl History {
    /// The filters, the newest last.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Adds a filter as the newest; false if it is empty or too long to be kept.
    pub fn add(&mut self, entry: Entry) -> bool {
        let is_kept = is_kept(&entry.text);
        if is_kept {
            self.remove(&entry.text);
            self.entries.push(entry);
            let extra = self.entries.len().saturating_sub(MAX_ENTRIES);
            self.entries.drain(..extra);
        }
        is_kept
    }

    /// Removes a filter.
    pub fn remove(&mut self, text: &str) {
        self.entries.retain(|entry| entry.text != text);
    }

    /// What is wrong with the file, although it is used.
    pub(super) fn problem(&self, file: &StateFile) -> Option<Problem> {
        let unknown_lines = self.unknown_lines.len();
        (unknown_lines > 0).then(|| file.problem(FileProblem::UnknownLines(unknown_lines)))
    }

    fn parse(bytes: &[u8]) -> Self {
        let mut lines = Vec::new();
        let mut history = Self::default();
        let mut room = MAX_UNKNOWN_BYTES;
        for bytes in bytes.split(|byte| *byte == b'\n') {
            match serde_json::from_slice::<HistoryLine>(bytes) {
                Ok(line) if is_kept(&line.filter) => lines.push(line),
                _ if bytes.trim_ascii().is_empty() => {}
                _ => {
                    if let Some(left) = room.checked_sub(bytes.len()) {
                        room = left;
                        history.unknown_lines.push(bytes.to_owned());
                    }
                }
            }
        }
        // Of repeated texts the last one counts.
        let mut seen = HashSet::new();
        for HistoryLine { filter, matched } in lines.into_iter().rev() {
            if seen.insert(filter.clone()) && history.entries.len() < MAX_ENTRIES {
                let text = filter;
                history.entries.push(Entry { text, matched });
            }
        }
        history.entries.reverse();
        history
    }

    fn print(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for line in &self.unknown_lines {
            out.extend_from_slice(line);
            out.push(b'\n');
        }
        for Entry { text, matched } in &self.entries {
            let text = json::string(text);
            let line = format!("{{\"matched\":{matched},\"filter\":{text}}}\n");
            out.extend_from_slice(line.as_bytes());
        }
        out
    }
}

fn is_kept(text: &str) -> bool {
    !text.trim().is_empty() && text.len() <= MAX_TEXT_BYTES
}

pub(super) fn read(file: &StateFile) -> Result<History, Problem> {
    file.read(MAX_FILE_BYTES)
        .map(|bytes| History::parse(&bytes))
}

/// Changes the file.
pub(super) fn edit(file: &StateFile, change: impl FnOnce(&mut History)) -> Result<(), Problem> {
    file.rewrite(MAX_FILE_BYTES, |bytes| {
        let mut history = History::parse(&bytes);
        change(&mut history);
        Ok(history.print())
    })
}
