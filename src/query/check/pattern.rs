//! Texts and regular expressions to find, the latter compiled within bounds.

use super::Checker;
use crate::query::diagnostic::Problem;
use crate::query::expression::Name;
use crate::query::operators::Operator;
use crate::query::pattern::{Pattern, Regex};
use crate::query::syntax::{Atom, AtomStyle};

/// The most bytes of a regular expression.
const MAX_REGEX_BYTES: usize = 1024;
/// The most different regular expressions of a filter: each takes its time and its memory.
const MAX_REGEXES: usize = 64;
/// The most memory that a compiled regular expression takes.
const REGEX_SIZE_BYTES: usize = 1 << 20;
/// The most memory that matching a regular expression takes beside it.
const REGEX_CACHE_BYTES: usize = 8 << 20;

/// A regular expression of the filter, and what became of it.
pub(super) struct Tried {
    source: String,
    ignore_case: bool,
    became: Result<Regex, Problem>,
}

impl Checker<'_> {
    /// What `operator` is to find, in the field `name` or anywhere.
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
            self.doubt_percent(name, operator, atom);
            return Some(Pattern::Text(atom.text.clone()));
        }
        // To compile is work: where nothing more will be said, it is not done.
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
    /// The regular expression of `atom`, compiled once however often the filter has it.
    fn regular(&mut self, atom: &Atom) -> Result<Regex, Problem> {
        let (source, ignore_case) = source(atom)?;
        let tried = &mut self.shared.regexes;
        let known = tried
            .iter()
            .find(|tried| tried.source == source && tried.ignore_case == ignore_case);
        if let Some(known) = known {
            return known.became.clone();
        }
        if tried.len() == MAX_REGEXES {
            let message =
                format!("a filter has at most {MAX_REGEXES} different regular expressions");
            return Err(Problem::new(message));
        }
        let became = compiled(&source, ignore_case);
        tried.push(Tried {
            source,
            ignore_case,
            became: became.clone(),
        });
        became
    }

    /// Warns of the `%` of SQL, which stands for itself here.
    fn doubt_percent(&mut self, name: Option<&Name>, operator: Operator, atom: &Atom) {
        let (Some(name), Operator::Like, true) = (name, operator, atom.text.contains('%')) else {
            return;
        };
        let glob = atom.text.replace('%', "*");
        let instead = format!("{name} {} {glob}", Operator::Equal.symbol());
        let message = "% is an ordinary character here; to match a pattern, use * after ==";
        self.warn(&atom.span, Problem::new(message).suggest(instead));
    }
}

/// The regular expression between the slashes, and whether upper and lower case are the same to it.
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
fn compiled(source: &str, ignore_case: bool) -> Result<Regex, Problem> {
    let compiled = regex::RegexBuilder::new(source)
        .case_insensitive(ignore_case)
        .size_limit(REGEX_SIZE_BYTES)
        .dfa_size_limit(REGEX_CACHE_BYTES)
        .build()
        .map_err(|error| {
            if let regex::Error::CompiledTooBig(_) = error {
                return Problem::new("the regular expression needs too much memory");
            }
            let text = error.to_string();
            // The last line says what is wrong; those above show where, for a wider screen than a bar.
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

/// `\/` is a slash; every other pair that begins with a backslash stays.
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
