//! What tools put around the lines of a log: file names and line numbers of `grep`, and terminal colours.
//!
//! The time and the stream that `aws logs tail` and export tasks write are columns (`known_order::columns`).

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use super::fit::is_iso_time;
use super::known_order::reads_as_record;

/// How far into a line the end of its file name and line number is looked for.
const MAX_PLACE_BYTES: usize = 4096;
/// The most names of files that are told apart in the first lines.
const MAX_NAMES: usize = 16;
/// What `grep` writes between lines that do not follow one another.
pub(crate) const BETWEEN: &str = "--";

/// What stands around the lines of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wrapping {
    /// Sequences that colour parts of a line.
    pub(crate) has_colours: bool,
    /// A file name, a line number, or both, before each line.
    pub(crate) has_places: bool,
}

impl Wrapping {
    /// What stands around most of `lines`.
    pub(crate) fn of(lines: &[&str]) -> Self {
        let most = |count: usize| 2 * count > lines.len();
        let has_colours = most(lines.iter().filter(|line| is_coloured(line)).count());
        let plain: Vec<Cow<'_, str>> = lines
            .iter()
            .map(|line| {
                if has_colours {
                    Cow::Owned(without_colours(line))
                } else {
                    Cow::Borrowed(*line)
                }
            })
            .collect();
        // Lines of context have hyphens instead of colons, which are clear only once the name is known.
        let mut names: Vec<&str> = Vec::new();
        for line in &plain {
            let name = place_of(line).and_then(|_| line.split(':').next());
            names.extend(name.filter(|name| names.len() < MAX_NAMES && !names.contains(name)));
        }
        let is_context = |line: &str| line == BETWEEN || of_context(line, &names);
        let placed = plain
            .iter()
            .filter(|line| place_of(line).is_some() || !names.is_empty() && is_context(line));
        Self {
            has_colours,
            has_places: most(placed.count()),
        }
    }

    /// Whether there is anything.
    pub(crate) fn is_any(self) -> bool {
        self.has_colours || self.has_places
    }

    /// The line itself. Where a line could begin at several places, it does at the first that makes sense, as
    /// `fits` says.
    pub(crate) fn strip(self, line: &str, fits: impl Fn(&str) -> bool) -> Cow<'_, str> {
        let line = if self.has_colours {
            Cow::Owned(without_colours(line))
        } else {
            Cow::Borrowed(line)
        };
        if !self.has_places {
            return line;
        }
        let begin = places(&line)
            .find(|at| line.get(*at..).is_some_and(&fits))
            .or_else(|| clear_place(&line));
        match (begin, line) {
            (None, line) => line,
            (Some(at), Cow::Borrowed(line)) => line.get(at..).unwrap_or(line).into(),
            (Some(at), Cow::Owned(mut line)) => line.split_off(at).into(),
        }
    }
}

/// Whether a line has an escape sequence that sets a color and a later one that resets it. Escape sequences that do not
/// come from a terminal rarely have both.
fn is_coloured(line: &str) -> bool {
    let Some((_, rest)) = line.split_once("\u{1b}[") else {
        return false;
    };
    rest.contains("\u{1b}[m") || rest.contains("\u{1b}[0m")
}

/// A line without the sequences that colour parts of it, and those that clear its end.
fn without_colours(line: &str) -> String {
    let mut parts = line.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let inner = |c: char| c.is_ascii_digit() || c == ';';
        let rest = part.trim_start_matches(inner);
        if let Some(rest) = rest.strip_prefix(['m', 'K']) {
            plain += rest;
        } else {
            plain += "\u{1b}[";
            plain += part;
        }
    }
    plain
}

/// Where a line may begin behind its place: after `path:12:`, `path-12-` or `12:`, and then after `path:`.
fn places(line: &str) -> impl Iterator<Item = usize> {
    let marks = || {
        let near = line.bytes().take(MAX_PLACE_BYTES).enumerate();
        near.filter(|(_, byte)| matches!(byte, b':' | b'-'))
    };
    let is_numbered = move |(at, mark): &(usize, u8)| {
        let before = line.as_bytes().get(..*at).unwrap_or_default();
        let digits = before.iter().rev().take_while(|byte| byte.is_ascii_digit());
        let digits = digits.count();
        let outer = before.get(..before.len() - digits).unwrap_or_default();
        digits > 0 && outer.last().is_none_or(|byte| byte == mark)
    };
    let numbered = marks().filter(is_numbered);
    let others = marks().filter(|(at, mark)| *mark == b':' && *at > 0);
    numbered.chain(others).map(|(at, _)| at + 1)
}

/// Whether a line is one of context, of one of the files called `names`.
fn of_context(line: &str, names: &[&str]) -> bool {
    names.iter().any(|name| {
        if name.bytes().all(|byte| byte.is_ascii_digit()) {
            return begins_with_number(line);
        }
        let rest = line.strip_prefix(name);
        rest.and_then(|rest| rest.strip_prefix('-'))
            .is_some_and(begins_with_number)
    })
}

/// Whether `12-` stands at the beginning.
fn begins_with_number(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < text.len() && rest.starts_with('-')
}

/// As [`clear_place`], but not within a record that has a log group or other words before it.
fn place_of(line: &str) -> Option<usize> {
    let first_word = line.find([' ', '\t']).unwrap_or(line.len());
    clear_place(line).filter(|at| *at <= first_word || !reads_as_record(line))
}

/// Where a line begins that can have no other beginning, whatever it is of: behind a file's name, which no
/// address, time or ARN can be taken for, and a colon.
fn clear_place(line: &str) -> Option<usize> {
    let mut colons = line.bytes().take(MAX_PLACE_BYTES).enumerate();
    let mut colons = colons
        .by_ref()
        .filter(|(_, byte)| *byte == b':')
        .map(|(at, _)| at);
    let mut first = colons.next()?;
    // A drive of Windows.
    if first == 1 && line.get(2..3) == Some("\\") {
        first = colons.next()?;
    }
    let name = line.get(..first)?;
    let rest = line.get(first + 1..)?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let is_numbered = digits > 0 && rest.as_bytes().get(digits) == Some(&b':');
    let word = rest.split([' ', '\t']).next().unwrap_or_default();
    if name.is_empty() || word.is_empty() {
        return None;
    }
    if name.bytes().all(|byte| byte.is_ascii_digit()) {
        // `12:` of one file alone; an address begins the same way.
        return (!word.contains(':') || is_iso_time(word)).then_some(first + 1);
    }
    let is_address = name.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_time = is_iso_time(line.split([' ', '\t']).next().unwrap_or_default());
    let is_name = !name.contains([' ', '\t']) || name.contains(['/', '\\']);
    if is_address || is_time || name == "arn" || !is_name {
        return None;
    }
    Some(if is_numbered {
        first + digits + 2
    } else {
        first + 1
    })
}
