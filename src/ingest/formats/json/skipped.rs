//! What rows and lists have that is not read.

use std::collections::BTreeSet;

use super::element::Element;
use super::keys::Keys;
use crate::format::visible;
use crate::ingest::formats::ocsf::SEVERAL_ADDRESSES;
use crate::ingest::formats::unsupported::listed;

/// The most names of lists that are remembered.
const MAX_NAMES: usize = 64;
/// How much of a text is shown, in characters.
const SHOWN: usize = 60;

/// What was skipped so far.
#[derive(Debug, Default)]
pub(super) struct Skipped {
    /// The members of rows that are lists of several values.
    lists: BTreeSet<String>,
    /// A text in a list with one record that is no record itself.
    text: Option<String>,
    /// Whether an endpoint of an OCSF event has several addresses on the way.
    has_addresses: bool,
}

impl Skipped {
    /// Enters the lists of an element that became a row.
    pub(super) fn note_lists(&mut self, element: &Element, keys: &Keys) {
        for key in element.lists() {
            if self.lists.len() < MAX_NAMES {
                self.lists.insert(keys.member(*key).name.clone());
            }
        }
    }

    /// Enters a text beside a record.
    pub(super) fn note_text(&mut self, text: &[u8]) {
        if self.text.is_none() && !is_time(text) {
            let text = String::from_utf8_lossy(text);
            self.text = Some(text.chars().take(SHOWN).collect());
        }
    }

    /// Enters that an endpoint has several addresses on the way, of which the first is used.
    pub(super) fn note_addresses(&mut self) {
        self.has_addresses = true;
    }

    /// A sentence about each kind.
    pub(super) fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if !self.lists.is_empty() {
            let names: Vec<&String> = self.lists.iter().collect();
            warnings.push(format!(
                "lists of several values were skipped: {}; write each list as one string to keep it",
                listed(&names)
            ));
        }
        if let Some(text) = &self.text {
            warnings.push(format!(
                "in lists with one record, other texts were skipped, such as \"{}\"; if they are records, name the order \
                 of their fields with --log-format",
                visible(text)
            ));
        }
        if self.has_addresses {
            warnings.push(SEVERAL_ADDRESSES.into());
        }
        warnings
    }
}

/// Whether a text is a time or a number, which often stand beside a record.
fn is_time(text: &[u8]) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_digit() || b"-+:./, TZUCAPMtz".contains(byte);
    text.iter().all(is_part)
}
