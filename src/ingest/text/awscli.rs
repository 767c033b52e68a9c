//! The lines of awscli's text output that have no record.

#[cfg(test)]
mod tests;

/// What such a line begins with: the key of what it shows, and a tab.
const KEYS: [&str; 7] = [
    "SEARCHEDLOGSTREAMS\t",
    "STATISTICS\t",
    "RESULTS\t@timestamp\t",
    "RESULTS\t@ingestionTime\t",
    "RESULTS\t@ptr\t",
    "RESULTS\t@log\t",
    "RESULTS\t@logStream\t",
];
/// The status of a query, on a line of its own.
const STATUS: &str = "Complete";
/// A token has at least so many digits.
const MIN_TOKEN_DIGITS: usize = 40;

/// Whether a line shows something else than a record: a token, a log stream, the statistics of a query, the time and
/// the pointer of a row.
pub(crate) fn is_remark(line: &str) -> bool {
    let may_be = matches!(
        line.as_bytes().first(),
        Some(b'S' | b'R' | b'C' | b'b' | b'f')
    );
    may_be
        && (KEYS.iter().any(|key| line.starts_with(key))
            || line.trim_end() == STATUS
            || line.split_ascii_whitespace().all(is_token))
}

/// Whether a word is a token of `get-log-events`: `b/` or `f/` and a number, perhaps with a letter behind it.
fn is_token(word: &str) -> bool {
    let rest = word.strip_prefix("b/").or_else(|| word.strip_prefix("f/"));
    let digits = |rest: &str| rest.bytes().take_while(u8::is_ascii_digit).count();
    rest.is_some_and(|rest| {
        let digits = digits(rest);
        digits >= MIN_TOKEN_DIGITS && matches!(rest.as_bytes().get(digits), None | Some(b'/'))
    })
}
