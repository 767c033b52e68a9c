//! Names the words before and after a record in a known order, which become columns of their own.

use crate::ingest::text::fit::is_event_time;

/// What the time and the stream of an event are called.
pub(crate) const TIMESTAMP: &str = "timestamp";
const INGESTION_TIME: &str = "ingestion-time";
const LOG_STREAM: &str = "log-stream";
const LOG_GROUP: &str = "log-group";
/// What the name of a word after a record begins with, where it is unknown; the number of the word follows.
const UNNAMED: &str = "extra-";
/// What awscli's text output puts before the fields of an event.
const EVENTS: &str = "EVENTS";

/// The names of the words around the record of `len` words that `prefix` words stand before: those of the words before
/// it, then those of the words after it.
pub(crate) fn names_around(
    prefix: usize,
    len: usize,
    words: &[&str],
) -> (Vec<String>, Vec<String>) {
    let (before, rest) = words.split_at(prefix.min(words.len()));
    let behind = rest.get(len..).unwrap_or_default();
    let names = if before.first() == Some(&EVENTS) {
        of_awscli(before.len())
    } else {
        of_prefix(before)
    };
    let mut extra: Vec<String> = Vec::with_capacity(behind.len());
    for (index, word) in behind.iter().enumerate() {
        let known = if is_event_time(word) {
            Some(TIMESTAMP)
        } else {
            is_stream(word).then_some(LOG_STREAM)
        };
        let is_new = |name: &&str| !names.iter().chain(&extra).any(|other| other == name);
        let name = known.filter(is_new).map(str::to_owned);
        extra.push(name.unwrap_or_else(|| format!("{UNNAMED}{}", prefix + len + index + 1)));
    }
    (names, extra)
}

/// Whether a name says only that the word stands after a record.
pub(crate) fn is_unnamed(name: &str) -> bool {
    let number = name.strip_prefix(UNNAMED).unwrap_or_default();
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// The fields of an event in awscli's text output, which are in the order of the alphabet: of `filter-log-events`, or
/// of `get-log-events`. The message is the record, and the timestamp follows it.
fn of_awscli(count: usize) -> Vec<String> {
    let names: &[&str] = match count {
        4 => &["output-key", "event-id", INGESTION_TIME, LOG_STREAM],
        2 => &["output-key", INGESTION_TIME],
        _ => &["output-key"],
    };
    let other = (names.len()..count).map(|index| format!("prefix-{}", index + 1));
    names
        .iter()
        .map(|name| (*name).to_owned())
        .chain(other)
        .collect()
}

fn of_prefix(words: &[&str]) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(words.len());
    for (index, word) in words.iter().enumerate() {
        let has = |name: &str| names.iter().any(|other| other == name);
        let follows_event = |name: &str| index == 1 && words.len() <= 4 && has(name);
        let is_group = index == 0
            && (word.starts_with('/') || words.get(1).is_some_and(|word| is_stream(word)));
        let known = if is_event_time(word) {
            [TIMESTAMP, INGESTION_TIME]
                .into_iter()
                .find(|name| !has(name))
        } else if is_stream(word) && !has(LOG_STREAM) {
            Some(LOG_STREAM)
        } else if is_group && !is_event_time(words.get(1).unwrap_or(word)) {
            Some(LOG_GROUP)
        } else if follows_event(LOG_GROUP) || words.len() == 2 && follows_event(TIMESTAMP) {
            Some(LOG_STREAM)
        } else {
            None
        };
        let name = known.map_or_else(|| format!("prefix-{}", index + 1), str::to_owned);
        names.push(name);
    }
    names
}

/// Whether a word is the name of a stream of flow logs: an interface, and which of its traffic.
pub(crate) fn is_stream(word: &str) -> bool {
    let traffic = ["-all", "-accept", "-reject"];
    word.starts_with("eni-") && traffic.iter().any(|end| word.ends_with(end))
}
