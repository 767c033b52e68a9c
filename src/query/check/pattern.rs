//! Reads texts and regular expressions to find, and compiles the latter within bounds.

use super::Checker;
use crate::query::diagnostic::Problem;
use crate::query::expression::Name;
use crate::query::operators::Operator;
use crate::query::pattern::{LARGE, MAX_LARGE_REGEXES, Pattern, Regex, RegexLimits, SMALL};
use crate::query::syntax::{Atom, AtomStyle};

/// The most bytes of a regular expression.
const MAX_REGEX_BYTES: usize = 1024;
/// The most distinct regular expressions of a filter.
const MAX_REGEXES: usize = 64;

/// A regular expression and the result of compiling it.
pub(super) struct Tried {
    source: String,
    ignore_case: bool,
    result: Result<Regex, Problem>,
}

impl Checker<'_> {
    /// The pattern after `operator`, to find in the field `name` or anywhere in the line.
    pub(super) fn pattern(
        &mut self,
        name: Option<&Name>,
        operator: Operator,
        atom: &Atom,
    ) -> Option<Pattern> {
        let as_regex = match (operator, &atom.style) {
            (Operator::Contains, AtomStyle::Pattern(_)) => {
                let field = name.map_or("field", |name| &*name.text);
                self.error(
                    &atom.span,
                    format!(
                        "contains takes text; for a regular expression write {field} matches /…/"
                    ),
                );
                return None;
            }
            (Operator::Matches | Operator::NotMatches, _) | (_, AtomStyle::Pattern(_)) => true,
            _ => false,
        };
        if let (true, Some(from), Some(name)) = (as_regex, &atom.from, name) {
            let contains = format!("{name} {} ${from}", Operator::Contains.symbol());
            let message =
                format!("the value of a field is not a regular expression: write {contains}");
            self.problem(atom, Problem::new(message).suggest(contains));
            return None;
        }
        if !as_regex {
            self.warn_about_percent(name, operator, atom);
            return Some(Pattern::Text(atom.text.clone()));
        }
        // Compiling is expensive, and no further problems are reported.
        if self.is_full() {
            return None;
        }
        match self.regular(atom) {
            Ok(regex) => Some(Pattern::Regex(regex)),
            Err(problem) => {
                self.problem(atom, problem);
                None
            }
        }
    }
}

impl Checker<'_> {
    /// The regular expression of `atom`, compiled once even if the filter repeats it.
    fn regular(&mut self, atom: &Atom) -> Result<Regex, Problem> {
        let (source, ignore_case) = source(atom)?;
        let tried = &mut self.shared.regexes;
        let known = tried
            .iter()
            .find(|tried| tried.source == source && tried.ignore_case == ignore_case);
        if let Some(known) = known {
            return known.result.clone();
        }
        if tried.len() == MAX_REGEXES {
            let message =
                format!("a filter has at most {MAX_REGEXES} different regular expressions");
            return Err(Problem::new(message));
        }
        let limits = if tried.len() < MAX_LARGE_REGEXES {
            LARGE
        } else {
            SMALL
        };
        let result = compiled(&source, ignore_case, &limits);
        tried.push(Tried {
            source,
            ignore_case,
            result: result.clone(),
        });
        result
    }

    /// Warns about the wildcard `%` of SQL, which is an ordinary character here.
    fn warn_about_percent(&mut self, name: Option<&Name>, operator: Operator, atom: &Atom) {
        let (Some(name), Operator::Like, true) = (name, operator, atom.text.contains('%')) else {
            return;
        };
        let glob = atom.text.replace('%', "*");
        let instead = format!("{name} {} {glob}", Operator::Equal.symbol());
        let message = "% is an ordinary character here; to match a pattern, use * after ==";
        self.warn(&atom.span, Problem::new(message).suggest(instead));
    }
}

/// The regular expression between the slashes, and whether it ignores case.
fn source(atom: &Atom) -> Result<(String, bool), Problem> {
    let ignore_case = match &atom.style {
        AtomStyle::Pattern(letters) => match letters.as_str() {
            "" => false,
            "i" => true,
            other => {
                return Err(Problem::new(format!(
                    "unknown regular expression flag: {other}; only i is supported"
                )));
            }
        },
        _ => false,
    };
    if atom.text.is_empty() {
        return Err(Problem::new(
            "an empty regular expression matches everything",
        ));
    }
    if atom.text.len() > MAX_REGEX_BYTES {
        return Err(Problem::new(format!(
            "a regular expression has at most {MAX_REGEX_BYTES} bytes"
        )));
    }
    Ok((unescape_slashes(&atom.text), ignore_case))
}

/// Compiles a regular expression within bounds.
fn compiled(source: &str, ignore_case: bool, limits: &RegexLimits) -> Result<Regex, Problem> {
    let compiled = regex::RegexBuilder::new(source)
        .case_insensitive(ignore_case)
        .size_limit(limits.program)
        .dfa_size_limit(limits.cache)
        .build()
        .map_err(|error| {
            if let regex::Error::CompiledTooBig(_) = error {
                return Problem::new("the regular expression needs too much memory");
            }
            let text = error.to_string();
            // The last line has the message; the lines above point to the place and need more room.
            let line = text.lines().last().unwrap_or_default();
            Problem::new(format!(
                "invalid regular expression: {}",
                line.trim_start_matches("error: ")
            ))
        })?;
    Ok(Regex {
        source: source.to_owned(),
        ignore_case,
        compiled,
    })
}

/// Replaces `\/` by a slash and keeps all other escapes.
fn unescape_slashes(text: &str) -> String {
    let mut out = String::new();
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match (c, if c == '\\' { characters.next() } else { None }) {
            (_, Some('/')) => out.push('/'),
            (_, Some(next)) => out.extend([c, next]),
            (_, None) => out.push(c),
        }
    }
    out
}
