//! Filters that need nothing but the text of lines: whole blocks of text are searched, and no record.

mod line_regex;
#[cfg(test)]
mod tests;

use memchr::{memchr, memchr_iter};
use regex_automata::Input;
use regex_automata::meta::Regex;

use crate::query::expression::{Expression, Term};
use crate::query::pattern::{MAX_LARGE_REGEXES, Pattern};
use line_regex::Haystack;

/// A filter that needs nothing but the text of lines. A clone has caches of its own, so that threads with a clone each
/// do not wait for one another.
#[derive(Clone, Debug)]
pub struct TextFilter(Filter);

#[derive(Clone, Debug)]
enum Filter {
    /// Every line matches.
    Everything,
    /// A pattern for blocks of lines: no match is longer than its line.
    Block(Regex),
    /// A pattern for each line.
    Line(Regex),
    /// Several patterns for each line.
    Test {
        test: Test,
        /// The distinct patterns of the test.
        patterns: Vec<Regex>,
    },
}

#[derive(Clone, Debug)]
enum Test {
    Everything,
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    /// An index into the patterns.
    Find(usize),
}

impl TextFilter {
    /// None where `expression` needs values, or more memory than is allowed for patterns.
    pub fn new(expression: &Expression) -> Option<Self> {
        let mut patterns = Vec::new();
        let test = Test::new(expression, &mut patterns)?;
        let parsed = patterns.into_iter().map(line_regex::parse);
        let parsed = parsed.collect::<Option<Vec<_>>>()?;
        Some(Self(match (test, parsed.as_slice()) {
            (Test::Everything, _) => Filter::Everything,
            // In most lines, a search for a match at the beginning ends after a few bytes: a block would be read to its end.
            (Test::Find(_), [pattern]) if line_regex::is_anchored(pattern) => {
                Filter::Line(line_regex::compile(pattern, Haystack::Line)?)
            }
            (Test::Find(_), [pattern]) => {
                Filter::Block(line_regex::compile(pattern, Haystack::Block)?)
            }
            (test, patterns) => {
                let compile = |pattern| line_regex::compile(pattern, Haystack::Line);
                let patterns = patterns.iter().map(compile).collect::<Option<Vec<_>>>()?;
                Filter::Test { test, patterns }
            }
        }))
    }

    /// How many of `lines` match. They are ASCII without control characters below 0x20, and each ends with a line feed.
    pub fn count(&self, lines: &[u8]) -> u64 {
        debug_assert!(lines.is_ascii(), "other text is not for text filters");
        debug_assert!(
            lines.last().is_none_or(|byte| *byte == b'\n'),
            "only whole lines are counted"
        );
        let count = match &self.0 {
            Filter::Everything => memchr_iter(b'\n', lines).count(),
            Filter::Block(pattern) => count_matching_lines(pattern, lines),
            Filter::Line(pattern) => each_line(lines)
                .filter(|line| pattern.is_match(line))
                .count(),
            Filter::Test { test, patterns } => each_line(lines)
                .filter(|line| test.holds(line, patterns))
                .count(),
        };
        count as u64
    }
}

impl Test {
    /// The test of `expression`, whose new patterns are added to `patterns`.
    fn new<'e>(expression: &'e Expression, patterns: &mut Vec<&'e Pattern>) -> Option<Self> {
        let mut tests = |parts: &'e [Expression]| {
            let tests = parts.iter().map(|part| Self::new(part, patterns));
            tests.collect::<Option<Vec<_>>>()
        };
        Some(match expression {
            Expression::Everything => Self::Everything,
            Expression::All(parts) => Self::All(tests(parts)?),
            Expression::Any(parts) => Self::Any(tests(parts)?),
            Expression::Not(part) => Self::Not(Box::new(Self::new(part, patterns)?)),
            Expression::Term(Term::Find {
                field: None,
                pattern,
                ..
            }) => Self::Find(index_of(pattern, patterns)?),
            Expression::Term(_) => return None,
        })
    }

    fn holds(&self, line: &[u8], patterns: &[Regex]) -> bool {
        match self {
            Self::Everything => true,
            Self::All(parts) => parts.iter().all(|part| part.holds(line, patterns)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(line, patterns)),
            Self::Not(part) => !part.holds(line, patterns),
            Self::Find(index) => patterns[*index].is_match(line),
        }
    }
}

/// The index of `pattern` in `patterns`, to which it is added if it is new; none if there would be too many.
fn index_of<'e>(pattern: &'e Pattern, patterns: &mut Vec<&'e Pattern>) -> Option<usize> {
    if let Some(index) = patterns.iter().position(|known| *known == pattern) {
        return Some(index);
    }
    patterns.push(pattern);
    (patterns.len() <= MAX_LARGE_REGEXES).then(|| patterns.len() - 1)
}

/// How many of `lines` have a match of `pattern`, no match of which is longer than its line.
fn count_matching_lines(pattern: &Regex, lines: &[u8]) -> usize {
    // Behind the last line feed, an empty match would be in no line.
    let Some(text) = lines.strip_suffix(b"\n") else {
        return 0;
    };
    let (mut count, mut from) = (0, 0);
    // Where a match ends is enough to know its line, and is found without searching backwards for its beginning.
    let search = |from| pattern.search_half(&Input::new(text).range(from..).earliest(true));
    while let Some(found) = search(from) {
        count += 1;
        let end = found.offset();
        let Some(length) = memchr(b'\n', &text[end..]) else {
            break;
        };
        from = end + length + 1;
    }
    count
}

/// The lines without their line feeds.
fn each_line(lines: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut begin = 0;
    memchr_iter(b'\n', lines).map(move |end| &lines[std::mem::replace(&mut begin, end + 1)..end])
}
