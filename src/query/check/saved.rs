//! `$name` at the place of a filter: a saved filter, read as if it stood there in parentheses. Its text means
//! the same wherever it is named: no direction or protocol is inherited into it or out of it.

use super::Checker;
use crate::query::MAX_TEXT_BYTES;
use crate::query::diagnostic::{Diagnostic, Problem, Severity};
use crate::query::expression::Expression;
use crate::query::lex;
use crate::query::parse;
use crate::query::suggest;
use crate::query::syntax::Atom;

/// How many saved filters are listed, and how many characters of one are shown where something is wrong.
const SHOWN: usize = 8;
const EXCERPT: usize = 24;

/// What was said of a place in a saved filter.
pub(super) struct Told {
    /// The names that lead to the place, the outermost first.
    names: Vec<String>,
    /// What is wrong there.
    fault: String,
    /// Both, as it was said.
    said: String,
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
        if !self.pass_on(atom, &saved.text, &diagnostics) {
            return None;
        }
        if expression == Some(Expression::Everything) {
            self.error(&atom.span, format!("{} is empty", dollar(&saved.name)));
            return None;
        }
        expression
    }

    /// What becomes of the text of a saved filter one level below here.
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

    /// Says at the place of a saved filter what is wrong in its text: the first fault, and every doubt. Whether
    /// there is no fault.
    fn pass_on(&mut self, atom: &Atom, text: &str, diagnostics: &[Diagnostic]) -> bool {
        let doubt = |severity| severity == Severity::Warning;
        let fault = diagnostics.iter().find(|d| !doubt(d.severity));
        if let Some(fault) = fault {
            let message = self.told(&atom.text, text, fault);
            self.error(&atom.span, message);
        }
        for warning in diagnostics.iter().filter(|d| doubt(d.severity)) {
            let message = self.told(&atom.text, text, warning);
            self.warn(&atom.span, Problem::new(message));
        }
        fault.is_none()
    }

    /// What is said of a place in `text`, the text of the saved filter `name`, to one who sees only the name.
    fn told(&mut self, name: &str, text: &str, diagnostic: &Diagnostic) -> String {
        let message = &diagnostic.message;
        let known = self
            .shared
            .told
            .iter()
            .position(|told| told.said == *message);
        // What is in a saved filter of a saved filter has been told with the name of the inner one.
        let mut told = known.map_or_else(
            || {
                let place = text.get(diagnostic.span.clone()).unwrap_or_default();
                let excerpt: String = place.chars().take(EXCERPT).collect();
                let fault = if excerpt.is_empty() || message.contains(&excerpt) {
                    message.clone()
                } else {
                    format!("{message}, at {}", lex::quoted(&excerpt))
                };
                Told {
                    names: Vec::new(),
                    fault,
                    said: String::new(),
                }
            },
            |at| self.shared.told.swap_remove(at),
        );
        told.names.insert(0, dollar(name));
        let way = match told.names.as_slice() {
            [first, second, .., last] if told.names.len() > 4 => {
                format!("{first}, {second}, …, {last}")
            }
            names => names.join(", "),
        };
        told.said = format!("in {way}: {}", told.fault);
        let said = told.said.clone();
        self.shared.told.push(told);
        said
    }

    fn unknown_filter(&mut self, atom: &Atom) {
        let names: Vec<&str> = self.context.saved.iter().map(|s| s.name.as_str()).collect();
        let mut listed: Vec<String> = names.iter().take(SHOWN).map(|name| dollar(name)).collect();
        if names.len() > SHOWN {
            listed.push(format!("{} more", names.len() - SHOWN));
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

/// `name` as a filter refers to it.
fn dollar(name: &str) -> String {
    if name.contains(lex::ends_word) {
        format!("${}", lex::backquoted(name))
    } else {
        format!("${name}")
    }
}
