//! Text to find in a value or in a line: matching, and its canonical form.

use std::fmt;

use crate::query::lex;
use crate::query::operators::Operator;

/// How many regular expressions of a filter may be large: each thread has a cache for each.
pub(super) const MAX_LARGE_REGEXES: usize = 8;
/// The most memory of a large regular expression and of each cache that matching needs.
pub(super) const LARGE: RegexLimits = RegexLimits {
    program: 1 << 20,
    cache: 8 << 20,
};
/// As [`LARGE`], of the other regular expressions of a filter.
pub(super) const SMALL: RegexLimits = RegexLimits {
    program: 128 << 10,
    cache: 512 << 10,
};

/// Limits of a compiled regular expression, in bytes.
pub(super) struct RegexLimits {
    pub(super) program: usize,
    pub(super) cache: usize,
}

/// A pattern of `contains` or `matches`.
#[derive(Clone, Debug, PartialEq)]
pub enum Pattern {
    /// Literal text.
    Text(String),
    /// A regular expression.
    Regex(Regex),
}

/// A regular expression that was compiled within bounds.
#[derive(Clone, Debug)]
pub struct Regex {
    /// The text between the slashes, with `/` unescaped.
    pub source: String,
    /// Whether upper and lower case are the same.
    pub ignore_case: bool,
    pub(crate) compiled: regex::Regex,
}

impl PartialEq for Regex {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source && self.ignore_case == other.ignore_case
    }
}

impl Pattern {
    /// The operator that the canonical form writes before it.
    pub(super) fn operator(&self) -> Operator {
        match self {
            Self::Text(_) => Operator::Contains,
            Self::Regex(_) => Operator::Matches,
        }
    }

    /// The text to find, if the pattern is not a regular expression.
    pub(super) fn literal(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Regex(_) => None,
        }
    }

    /// Whether it is found in `text`.
    pub(super) fn is_in(&self, text: &str) -> bool {
        match self {
            Self::Text(wanted) => text.contains(wanted.as_str()),
            Self::Regex(regex) => regex.compiled.is_match(text),
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(&lex::quoted(text)),
            Self::Regex(regex) => {
                f.write_str("/")?;
                let mut escaped = false;
                for c in regex.source.chars() {
                    if c == '/' && !escaped {
                        f.write_str("\\")?;
                    }
                    write!(f, "{c}")?;
                    escaped = c == '\\' && !escaped;
                }
                f.write_str(if regex.ignore_case { "/i" } else { "/" })
            }
        }
    }
}
