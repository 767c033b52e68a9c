//! `$name` as a filter: a saved filter, read as if it were written there in parentheses. It means the same wherever
//! it is used: no direction or protocol is inherited into it or out of it.

use super::Checker;
use crate::query::MAX_TEXT_BYTES;
use crate::query::diagnostic::{Diagnostic, Problem, Severity};
use crate::query::expression::Expression;
use crate::query::lex;
use crate::query::parse;
use crate::query::suggest;
use crate::query::syntax::Atom;

/// The most saved filters that a message lists.
const MAX_LISTED: usize = 8;
/// The most characters of a saved filter that a message quotes.
const EXCERPT_CHARS: usize = 24;

/// A problem reported in a saved filter.
pub(super) struct SavedProblem {
    /// The saved filters that lead to it, the outermost first.
    names: Vec<String>,
    error: String,
    /// The whole message.
    whole: String,
}

impl Checker<'_> {
    /// The saved filter that `atom` names.
    pub(super) fn saved(&mut self, atom: &Atom) -> Option<Expression> {
        if self.is_full() {
            return None;
        }
        let fits = |name: &str| name.eq_ignore_ascii_case(&atom.text);
        let Some(saved) = self.context.saved.iter().find(|saved| fits(&saved.name)) else {
            self.unknown_filter(atom);
            return None;
        };
        if self.shared.within.iter().any(|name| fits(name)) {
            let message = format!("{} refers to itself", dollar(&saved.name));
            self.error(&atom.span, message);
            return None;
        }
        if self.depth == parse::MAX_DEPTH {
            self.error(&atom.span, parse::too_deep());
            return None;
        }
        self.shared.expanded += saved.text.len() + 1;
        if self.shared.expanded > MAX_TEXT_BYTES {
            let message = format!("the saved filters used here exceed {MAX_TEXT_BYTES} bytes");
            self.error(&atom.span, message);
            return None;
        }
        self.shared.within.push(saved.name.clone());
        let (expression, diagnostics) = self.inside(&saved.text);
        self.shared.within.pop();
        if !self.report_problems_in(atom, &saved.text, &diagnostics) {
            return None;
        }
        if expression == Some(Expression::Everything) {
            self.error(&atom.span, format!("{} is empty", dollar(&saved.name)));
            return None;
        }
        expression
    }

    /// Reads the text of a saved filter, one level deeper.
    fn inside(&mut self, text: &str) -> (Option<Expression>, Vec<Diagnostic>) {
        let depth = self.depth + 1;
        let (syntax, mut diagnostics) = parse::parse(text, self.context.catalog, depth);
        let Some(syntax) = syntax else {
            let empty = diagnostics.is_empty().then_some(Expression::Everything);
            return (empty, diagnostics);
        };
        let mut checker = Checker {
            depth,
            shared: std::mem::take(&mut self.shared),
            ..Checker::new(self.context)
        };
        let expression = checker.check(&syntax);
        self.shared = checker.shared;
        diagnostics.append(&mut checker.diagnostics);
        diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
        (expression, diagnostics)
    }

    /// Reports the problems in the text of a saved filter at its name: the first error, and every warning. Whether
    /// there is no error.
    fn report_problems_in(&mut self, atom: &Atom, text: &str, diagnostics: &[Diagnostic]) -> bool {
        let is_warning = |severity| severity == Severity::Warning;
        let error = diagnostics.iter().find(|d| !is_warning(d.severity));
        if let Some(error) = error {
            let message = self.message_in(&atom.text, text, error);
            self.error(&atom.span, message);
        }
        for warning in diagnostics.iter().filter(|d| is_warning(d.severity)) {
            let message = self.message_in(&atom.text, text, warning);
            self.warn(&atom.span, Problem::new(message));
        }
        error.is_none()
    }

    /// The message about a problem in `text`, the text of the saved filter `name`, of which only the name is on the
    /// screen.
    fn message_in(&mut self, name: &str, text: &str, diagnostic: &Diagnostic) -> String {
        let message = &diagnostic.message;
        let known = self
            .shared
            .saved_problems
            .iter()
            .position(|known| known.whole == *message);
        // A problem in a saved filter within a saved filter has the name of the inner one already.
        let mut problem = known.map_or_else(
            || {
                let quoted = text.get(diagnostic.span.clone()).unwrap_or_default();
                let excerpt: String = quoted.chars().take(EXCERPT_CHARS).collect();
                let error = if excerpt.is_empty() || message.contains(&excerpt) {
                    message.clone()
                } else {
                    format!("{message}, at {}", lex::quoted(&excerpt))
                };
                SavedProblem {
                    names: Vec::new(),
                    error,
                    whole: String::new(),
                }
            },
            |at| self.shared.saved_problems.swap_remove(at),
        );
        problem.names.insert(0, dollar(name));
        let path = match problem.names.as_slice() {
            [first, second, .., last] if problem.names.len() > 4 => {
                format!("{first}, {second}, …, {last}")
            }
            names => names.join(", "),
        };
        problem.whole = format!("in {path}: {}", problem.error);
        let whole = problem.whole.clone();
        self.shared.saved_problems.push(problem);
        whole
    }

    fn unknown_filter(&mut self, atom: &Atom) {
        let names: Vec<&str> = self.context.saved.iter().map(|s| s.name.as_str()).collect();
        let mut listed: Vec<String> = names
            .iter()
            .take(MAX_LISTED)
            .map(|name| dollar(name))
            .collect();
        if names.len() > MAX_LISTED {
            listed.push(format!("{} more", names.len() - MAX_LISTED));
        }
        let known = if names.is_empty() {
            "there are no saved filters".to_owned()
        } else {
            format!("saved filters: {}", listed.join(", "))
        };
        let name = atom.text.as_str();
        let near = suggest::nearest(name, &names).map(dollar);
        let field = self.context.catalog.lookup(name).is_some();
        let problem = match near {
            _ if name.is_empty() => {
                Problem::new(format!("expected the name of a saved filter; {known}"))
            }
            Some(near) => Problem::new(format!("did you mean {near}? {known}")).suggest(near),
            None if field => {
                let compared = format!("{name} == {}", dollar(name));
                let message = format!(
                    "{} is a value, not a filter: write {compared}",
                    dollar(name)
                );
                Problem::new(message).suggest(compared)
            }
            None => Problem::new(format!("unknown saved filter: {}; {known}", dollar(name))),
        };
        self.problem(atom, problem);
    }
}

/// How a filter refers to `name`.
fn dollar(name: &str) -> String {
    if name.contains(lex::ends_word) {
        format!("${}", lex::backquoted(name))
    } else {
        format!("${name}")
    }
}
