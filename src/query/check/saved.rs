//! `$name` at the place of a filter: a saved filter, read as if it stood there in parentheses. Its text means
//! the same wherever it is named: no direction or protocol is inherited into it or out of it.

use super::super::TEXT_BYTES;
use super::super::diagnostic::{Diagnostic, Severity};
use super::super::expression::Expression;
use super::super::lex;
use super::super::parse;
use super::super::print;
use super::super::suggest;
use super::super::syntax::Atom;
use super::Checker;

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
            self.filter_problem(atom, format!("{} names itself", dollar(&saved.name)), None);
            return None;
        }
        if self.depth == parse::DEPTH {
            self.filter_problem(atom, parse::too_deep(), None);
            return None;
        }
        self.shared.expanded += saved.text.len() + 1;
        if self.shared.expanded > TEXT_BYTES {
            let message = format!("saved filters come to more than {TEXT_BYTES} bytes here");
            self.filter_problem(atom, message, None);
            return None;
        }
        self.shared.within.push(saved.name.clone());
        let (expression, diagnostics) = self.inside(&saved.text);
        self.shared.within.pop();
        if !self.pass_on(atom, &saved.text, &diagnostics) {
            return None;
        }
        if expression == Some(Expression::Everything) {
            self.filter_problem(atom, format!("{} is empty", dollar(&saved.name)), None);
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
            ..Checker::new(self.context, text.trim_end().len())
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
            self.filter_problem(atom, message, None);
        }
        for warning in diagnostics.iter().filter(|d| doubt(d.severity)) {
            let message = self.told(&atom.text, text, warning);
            self.say(Diagnostic {
                severity: Severity::Warning,
                span: atom.span.clone(),
                message,
                suggestion: None,
            });
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
                    format!("{message}, at {}", print::quoted(&excerpt))
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
            format!("there are {}", listed.join(", "))
        };
        let name = atom.text.as_str();
        let near = suggest::nearest(name, &names).map(dollar);
        let field = self.context.catalog.lookup(name).is_some();
        let (message, suggestion) = match near {
            _ if name.is_empty() => (
                format!("expected the name of a saved filter: {known}"),
                None,
            ),
            Some(near) => (format!("did you mean {near}? {known}"), Some(near)),
            None if field => {
                let compared = format!("{name} == {}", dollar(name));
                (
                    format!("{} is a value, not a filter: {compared}", dollar(name)),
                    Some(compared),
                )
            }
            None => (
                format!("not a saved filter: {}; {known}", dollar(name)),
                None,
            ),
        };
        self.filter_problem(atom, message, suggestion);
    }

    fn filter_problem(&mut self, atom: &Atom, message: String, suggestion: Option<String>) {
        let start = atom.text.to_lowercase();
        let longer =
            |name: &str| name.len() > start.len() && name.to_lowercase().starts_with(&start);
        let may_grow = self.context.saved.iter().any(|saved| longer(&saved.name));
        self.dollar_problem(atom, may_grow, message, suggestion);
    }
}

/// `name` as a filter refers to it.
fn dollar(name: &str) -> String {
    if name.contains(lex::ends_word) {
        format!("${}", print::backquoted(name))
    } else {
        format!("${name}")
    }
}
