//! The filters that were used, and the file that keeps them: one JSON object a line, the newest at the end.

use std::collections::HashSet;

use serde::Deserialize;

use super::file::Place;
use super::problem::{FileProblem, Problem};
use crate::export::json;

/// How many filters are kept.
const ENTRIES: usize = 1000;
/// The most bytes of a filter that is kept.
const TEXT_BYTES: usize = 4 << 10;
/// How much of what is no filter is kept; what is more is passed over.
const STRANGE_BYTES: usize = 64 << 10;
/// A file of more bytes is left alone. What is kept fits: in JSON a byte may take six.
const FILE_BYTES: u64 = 32 << 20;

/// A filter that was used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What was typed.
    pub text: String,
    /// Whether it matched something when it was used last.
    pub matched: bool,
}

/// The filters that were used, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    entries: Vec<Entry>,
    /// Lines of the file that are no filters, to be written as they are.
    strange: Vec<Vec<u8>>,
}

/// A line of the file.
#[derive(Deserialize)]
struct Line {
    filter: String,
    #[serde(default)]
    matched: bool,
}

impl History {
    /// The filters, the one used last at the end.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Adds a filter as the one used last, and says whether it is kept: one without text or with very much is
    /// not.
    pub fn add(&mut self, entry: Entry) -> bool {
        let is_kept = is_kept(&entry.text);
        if is_kept {
            self.remove(&entry.text);
            self.entries.push(entry);
            let extra = self.entries.len().saturating_sub(ENTRIES);
            self.entries.drain(..extra);
        }
        is_kept
    }

    /// Takes a filter out.
    pub fn remove(&mut self, text: &str) {
        self.entries.retain(|entry| entry.text != text);
    }

    /// What is wrong with the file, which is read all the same.
    pub(super) fn problem(&self, place: &Place) -> Option<Problem> {
        let strange = self.strange.len();
        (strange > 0).then(|| place.problem(FileProblem::StrangeLines(strange)))
    }

    fn parse(bytes: &[u8]) -> Self {
        let mut lines = Vec::new();
        let mut history = Self::default();
        let mut room = STRANGE_BYTES;
        for bytes in bytes.split(|byte| *byte == b'\n') {
            match serde_json::from_slice::<Line>(bytes) {
                Ok(line) if is_kept(&line.filter) => lines.push(line),
                _ if bytes.trim_ascii().is_empty() => {}
                _ => {
                    if let Some(left) = room.checked_sub(bytes.len()) {
                        room = left;
                        history.strange.push(bytes.to_owned());
                    }
                }
            }
        }
        // A text that stands there twice counts where it stands last.
        let mut seen = HashSet::new();
        for Line { filter, matched } in lines.into_iter().rev() {
            if seen.insert(filter.clone()) && history.entries.len() < ENTRIES {
                let text = filter;
                history.entries.push(Entry { text, matched });
            }
        }
        history.entries.reverse();
        history
    }

    fn print(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for line in &self.strange {
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
    !text.trim().is_empty() && text.len() <= TEXT_BYTES
}

/// What the file has.
pub(super) fn read(place: &Place) -> Result<History, Problem> {
    place.read(FILE_BYTES).map(|bytes| History::parse(&bytes))
}

/// Makes a change of the file.
pub(super) fn edit(place: &Place, change: impl FnOnce(&mut History)) -> Result<(), Problem> {
    place.rewrite(FILE_BYTES, |bytes| {
        let mut history = History::parse(&bytes);
        change(&mut history);
        Ok(history.print())
    })
}
