//! Splits a line into words.

/// The words of a line: what stands between runs of spaces and tabs. A carriage return at the end is none.
pub(crate) fn words(line: &str) -> impl Iterator<Item = &str> {
    let line = line.strip_suffix('\r').unwrap_or(line);
    line.split([' ', '\t']).filter(|word| !word.is_empty())
}
