//! Filters that need nothing but the text of lines: whole blocks of text are searched, and no record.

#[cfg(test)]
mod tests;

use memchr::{memchr, memchr_iter, memrchr};
use regex::bytes::{Regex, RegexBuilder};

use crate::query::expression::{Expression, Term};
use crate::query::pattern::Pattern;

/// The most memory of each cache that matching needs, in bytes.
const CACHE_BYTES: usize = 8 << 20;

/// A filter that needs nothing but the text of lines. A clone shares nothing that threads would wait for.
#[derive(Clone, Debug)]
pub struct TextFilter(Test);

#[derive(Clone, Debug)]
enum Test {
    Everything,
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Find(Search),
}

/// A pattern to find.
#[derive(Clone, Debug)]
struct Search {
    /// For a single line.
    line: Regex,
    /// For many lines: matches in every line that `line` matches, but a match may go on in the next line. None where
    /// it is better to search each line.
    block: Option<Regex>,
}

impl TextFilter {
    /// None where `expression` needs values.
    pub fn new(expression: &Expression) -> Option<Self> {
        Test::new(expression).map(Self)
    }

    /// How many of `lines` match. They are printable ASCII, and each ends with a line feed.
    pub fn count(&self, lines: &[u8]) -> u64 {
        let count = match &self.0 {
            Test::Everything => memchr_iter(b'\n', lines).count(),
            Test::Find(search) => search.count(lines),
            test => each_line(lines).filter(|line| test.holds(line)).count(),
        };
        count as u64
    }
}

impl Test {
    fn new(expression: &Expression) -> Option<Self> {
        let tests = |parts: &[Expression]| parts.iter().map(Self::new).collect::<Option<Vec<_>>>();
        Some(match expression {
            Expression::Everything => Self::Everything,
            Expression::All(parts) => Self::All(tests(parts)?),
            Expression::Any(parts) => Self::Any(tests(parts)?),
            Expression::Not(part) => Self::Not(Box::new(Self::new(part)?)),
            Expression::Term(Term::Find {
                field: None,
                pattern,
                ..
            }) => Self::Find(Search::new(pattern)?),
            Expression::Term(_) => return None,
        })
    }

    fn holds(&self, line: &[u8]) -> bool {
        match self {
            Self::Everything => true,
            Self::All(parts) => parts.iter().all(|part| part.holds(line)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(line)),
            Self::Not(part) => !part.holds(line),
            Self::Find(search) => search.line.is_match(line),
        }
    }
}

impl Search {
    fn new(pattern: &Pattern) -> Option<Self> {
        let (source, ignore_case) = match pattern {
            Pattern::Text(text) => (regex::escape(text), false),
            Pattern::Regex(regex) => (regex.source.clone(), regex.ignore_case),
        };
        let compile = |multi_line| {
            RegexBuilder::new(&source)
                .case_insensitive(ignore_case)
                .multi_line(multi_line)
                .dfa_size_limit(CACHE_BYTES)
                .build()
                .ok()
        };
        let block = if suits_blocks(&source) {
            Some(compile(true)?)
        } else {
            None
        };
        Some(Self {
            line: compile(false)?,
            block,
        })
    }

    fn count(&self, lines: &[u8]) -> usize {
        if lines.is_empty() {
            return 0;
        }
        let Some(block) = &self.block else {
            return each_line(lines)
                .filter(|line| self.line.is_match(line))
                .count();
        };
        // Behind the last line feed, an empty match would be in no line.
        let text = lines.strip_suffix(b"\n").unwrap_or(lines);
        let (mut count, mut from) = (0, 0);
        while let Some(found) = block.find_at(text, from) {
            let end = memchr(b'\n', &text[found.start()..])
                .map_or(text.len(), |length| found.start() + length);
            let is_within = found.end() <= end;
            if is_within
                || self
                    .line
                    .is_match(&text[line_start(text, from, found.start())..end])
            {
                count += 1;
            }
            from = end + 1;
            if from > text.len() {
                break;
            }
        }
        count
    }
}

/// Where the line with the byte at `at` begins, if not before `from`, where a line begins.
fn line_start(text: &[u8], from: usize, at: usize) -> usize {
    memrchr(b'\n', &text[from..at]).map_or(from, |length| from + length + 1)
}

/// Whether a regular expression means the same in a block, where `^` and `$` match at line ends, as in a line; and
/// whether it may be found faster there.
fn suits_blocks(source: &str) -> bool {
    // A line that does not begin right is passed over at once.
    let is_anchored = source.starts_with('^');
    let has_text_anchor = source.contains("\\A") || source.contains("\\z");
    // Flags may take from `^` and `$` what they mean in a block.
    let mut groups = source.split("(?").skip(1);
    let changes_lines = groups.any(|group| {
        let end = group.find([':', ')']).unwrap_or(group.len());
        group.get(..end).is_some_and(|flags| flags.contains('m'))
    });
    !is_anchored && !has_text_anchor && !changes_lines
}

/// The lines without their line feeds.
fn each_line(lines: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut begin = 0;
    memchr_iter(b'\n', lines).map(move |end| &lines[std::mem::replace(&mut begin, end + 1)..end])
}
