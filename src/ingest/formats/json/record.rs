//! Which strings are the text of a record.

use std::sync::Arc;

use crate::ingest::text::fit::Score;
use crate::ingest::text::known_formats::{event_counts, record_words};
use crate::ingest::text::known_order::reads_as_record;
use crate::ingest::text::layouts::{is_name, is_value};
use crate::ingest::text::value;
use crate::schema;
use crate::store::Layout;

/// The fewest names of fields in a header.
const MIN_NAMES: usize = 3;
/// The fewest words of a record whose order is unknown.
const MIN_WORDS: usize = 4;
/// Every eighth word of a record in a given order may be wrong.
const RIGHT_OF_ONE_WRONG: usize = 8;

/// Tells records from other strings.
#[derive(Debug, Default)]
pub(super) struct RecordText {
    /// The order of the fields that was given or accepted for the file.
    order: Option<Arc<Layout>>,
}

impl RecordText {
    pub(super) fn new(order: Option<Arc<Layout>>) -> Self {
        Self { order }
    }

    /// Whether a string is a record in a known or the given order, or a header.
    pub(super) fn reads(&self, text: &[u8]) -> bool {
        let Ok(text) = str::from_utf8(text) else {
            return false;
        };
        let text = text.trim_end_matches(['\n', '\r']);
        is_header(text) || reads_as_record(text) || self.has_given_order(text)
    }

    /// Whether a string is a record in a known or the given order.
    pub(super) fn is_record(&self, text: &[u8]) -> bool {
        str::from_utf8(text).is_ok_and(|text| {
            let text = text.trim_end_matches(['\n', '\r']);
            reads_as_record(text) || self.has_given_order(text)
        })
    }

    /// Whether a string is a header.
    pub(super) fn is_header(text: &[u8]) -> bool {
        str::from_utf8(text).is_ok_and(is_header)
    }

    fn has_given_order(&self, text: &str) -> bool {
        let Some(order) = &self.order else {
            return false;
        };
        let words = record_words(text);
        event_counts(&words).iter().any(|count| {
            let words = words.get(*count..).unwrap_or_default();
            let score = Score::of(&order.fields, words);
            score.is_some_and(|score| RIGHT_OF_ONE_WRONG * score.wrong <= words.len())
        })
    }
}

/// Whether a string is a header: names of fields and nothing else.
fn is_header(text: &str) -> bool {
    if !text.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return false;
    }
    let words = record_words(text);
    let known = words
        .iter()
        .filter(|word| schema::lookup_header(word).is_some());
    known.count() >= MIN_NAMES
        && words
            .iter()
            .all(|word| schema::lookup_header(word).is_some() || is_name(word) && !is_value(word))
}

/// Whether a string may be a record whose order is unknown: several words, one of them an address or a time.
pub(super) fn may_be_record(text: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(text) else {
        return false;
    };
    let words = record_words(text);
    let is_typical = |word: &&str| {
        word.parse::<std::net::IpAddr>().is_ok()
            || word.len() == EPOCH_DIGITS
                && word
                    .parse()
                    .is_ok_and(|time: u64| (EARLIEST..value::LATEST).contains(&time))
    };
    words.len() >= MIN_WORDS && words.iter().any(is_typical)
}

/// The digits of a time of a flow log, and the earliest one.
const EPOCH_DIGITS: usize = 10;
const EARLIEST: u64 = 1_400_000_000;
