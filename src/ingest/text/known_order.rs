//! Recognizes a record in one of the known orders of fields, with words before and after it.
//!
//! This is stricter than [`super::known_formats`], which recognizes the order of a whole file: every word must be a
//! value of its field, so that prose, other logs and fragments of JSON are never taken for records.

pub(crate) mod columns;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;

use super::fit::{Fit, fit};
use super::known_formats::record_words;
use crate::schema::formats;
use crate::schema::{Address, FIELDS, FieldDef, FieldId, Kind, TextShape, id};

/// The most words before a record: those of a syslog header (RFC 5424), or a log group, a stream and times.
pub(crate) const MAX_PREFIX_WORDS: usize = 8;
/// The most words after a record.
const MAX_EXTRA_WORDS: usize = 64;
/// So many words have to look as those of their fields do; the records without traffic have as many.
const TYPICAL_NEEDED: usize = 4;
/// How long the text of a record is, in bytes, with the words before and after it.
const RECORD_BYTES: std::ops::RangeInclusive<usize> = 40..=1 << 16;
/// A record has at least so many spaces.
const MIN_SPACES: usize = 13;

/// The log-status of records without traffic; the last one is that of Cloud WAN flow logs.
const WITHOUT_TRAFFIC: [&str; 3] = ["NODATA", "SKIPDATA", "INCOMPLETEDATA"];

/// Where the record is among the words of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KnownLine {
    /// How many words stand before the record.
    pub(crate) prefix: usize,
    /// The fields of the record.
    pub(crate) fields: &'static [FieldId],
    /// How many words stand after it.
    pub(crate) extra: usize,
}

/// Whether a string is one flow log record in a known order, perhaps with a time, a syslog header or other words
/// before it.
pub(crate) fn reads_as_record(text: &str) -> bool {
    let text = text.trim_end_matches(['\n', '\r']);
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t');
    if !RECORD_BYTES.contains(&text.len())
        || text.bytes().filter(is_space).count() < MIN_SPACES
        || text.contains(['\n', '\0'])
    {
        return false;
    }
    let words = record_words(text);
    recognize(&words).is_some_and(|line| {
        // Several records in one string are not one record.
        let behind = words.get(words.len() - line.extra..).unwrap_or_default();
        recognize(behind).is_none()
    })
}

impl KnownLine {
    /// Whether the words before and after the record are those of tools and fields, rather than the rest of another
    /// record of which a part was lost.
    pub(crate) fn is_plausible(&self, words: &[&str]) -> bool {
        let (before, rest) = words.split_at(self.prefix.min(words.len()));
        let behind = rest.get(self.fields.len()..).unwrap_or_default();
        let is_account =
            |word: &&str| word.len() == 12 && word.bytes().all(|byte| byte.is_ascii_digit());
        !before.iter().chain(behind).any(is_account) && behind.iter().all(|word| may_follow(word))
    }
}

/// Whether a word after a record may be the value of a field or of an event.
fn may_follow(word: &str) -> bool {
    let is_id = || {
        let (start, rest) = word.split_once('-').unwrap_or_default();
        !start.is_empty() && !rest.is_empty()
    };
    let is_listed =
        |def: &FieldDef| matches!(def.kind, Kind::Choice(words) if words.contains(&word));
    word == "-"
        || word.bytes().all(|byte| byte.is_ascii_digit())
        || word.contains(['.', ':', '/', '%'])
        || is_id()
        || FIELDS.iter().any(is_listed)
        || fit(id::PKT_SRC_AWS_SERVICE, word) == Fit::Typical
}

/// Finds the record among the words of a line: the one with the fewest words after it, then with the fewest before it.
pub(crate) fn recognize(words: &[&str]) -> Option<KnownLine> {
    bare(words).or_else(|| within(words))
}

/// The line as a record with nothing around it.
fn bare(words: &[&str]) -> Option<KnownLine> {
    let same_length = formats::known()
        .iter()
        .filter(|fields| fields.len() == words.len());
    let fitting = same_length.filter_map(|fields| Some((Reverse(fitting(fields, words)?), fields)));
    let (_, fields) = fitting.min_by_key(|(typical, _)| *typical)?;
    Some(KnownLine {
        prefix: 0,
        fields,
        extra: 0,
    })
}

fn within(words: &[&str]) -> Option<KnownLine> {
    let mut best: Option<(KnownLine, usize)> = None;
    for prefix in 0..=MAX_PREFIX_WORDS {
        let Some(record) = words.get(prefix..) else {
            break;
        };
        if !record.first().is_some_and(|word| may_begin(word)) {
            continue;
        }
        for fields in formats::known() {
            let Some(extra) = record.len().checked_sub(fields.len()) else {
                continue;
            };
            let rank =
                |(line, typical): &(KnownLine, usize)| (line.extra, line.prefix, Reverse(*typical));
            if extra > MAX_EXTRA_WORDS
                || best.as_ref().is_some_and(|(known, _)| known.extra < extra)
            {
                continue;
            }
            let Some(typical) = fitting(fields, record) else {
                continue;
            };
            let line = KnownLine {
                prefix,
                fields,
                extra,
            };
            let found = (line, typical);
            if best.as_ref().is_none_or(|known| rank(&found) < rank(known)) {
                best = Some(found);
            }
        }
    }
    best.map(|(line, _)| line)
}

/// Whether a record may begin with `word`: all known orders begin with the version or the account.
fn may_begin(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit()) || word == "unknown"
}

/// How many of the first words look as those of `fields` do; none where one of them is no value of its field.
fn fitting(fields: &[FieldId], words: &[&str]) -> Option<usize> {
    let (mut typical, mut addresses, mut is_silent) = (0, 0, false);
    for (field, word) in fields.iter().zip(words) {
        match strict_fit(*field, word) {
            Fit::Contradicts => return None,
            Fit::Possible => {}
            Fit::Typical => typical += 1,
        }
        addresses += usize::from([id::SRCADDR, id::DSTADDR].contains(field) && *word != "-");
        is_silent |= *field == id::LOG_STATUS && WITHOUT_TRAFFIC.contains(word);
    }
    (typical >= TYPICAL_NEEDED && (addresses == 2 || is_silent)).then_some(typical)
}

/// As [`fit`], where the words of open lists may be new ones, and an account may have been altered.
fn strict_fit(field: FieldId, word: &str) -> Fit {
    let found = fit(field, word);
    if found != Fit::Contradicts {
        return found;
    }
    let is_fit = match (field, field.kind()) {
        (id::VERSION | id::START | id::END | id::ACTION | id::TYPE | id::FLOW_DIRECTION, _) => {
            false
        }
        (id::LOG_STATUS, _) => WITHOUT_TRAFFIC.contains(&word),
        (_, Kind::Choice(_)) => is_word_of_list(word),
        (_, Kind::Address) => matches!(word.parse(), Ok(Address::Mac(_))),
        (_, Kind::Text) => {
            let shape = field.def().map(|def| def.shape);
            shape == Some(TextShape::Account) && is_altered_account(word)
        }
        _ => false,
    };
    if is_fit {
        Fit::Possible
    } else {
        Fit::Contradicts
    }
}

/// Whether AWS may add `word` to one of its lists: letters, digits, `_` and `-`.
fn is_word_of_list(word: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    word.bytes().all(inner) && word.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// An account that lost its first zeros, or whose digits were replaced: `xxxxxxxxxxxx`, `************`.
fn is_altered_account(word: &str) -> bool {
    let is_short = word.len() < 12 && word.bytes().all(|byte| byte.is_ascii_digit());
    let first = word.bytes().next().unwrap_or_default();
    let is_masked = matches!(first, b'x' | b'X' | b'*') && word.bytes().all(|byte| byte == first);
    is_short || is_masked
}
