//! Functions of Logs Insights, and its name for the whole line: `isIpv4InSubnet(srcAddr, "10.0.0.0/8")`,
//! `ispresent(srcAddr)`, `@message like "x"`.

mod functions_of_others;

use super::Parser;
use crate::query::diagnostic::Problem;
use crate::query::lex::{Bracket, Lexeme, LexemeKind};
use crate::query::operators::Operator;
use crate::query::syntax::{Atom, AtomStyle, Phrase, Subject, Syntax, Tail, Target};

/// The test of a function.
#[derive(Clone, Copy)]
enum Asks {
    /// Whether the field has a value (true) or none (false).
    Presence(bool),
    /// Whether the address is in a network.
    Network,
    /// Whether the field contains a text.
    Text,
}

/// How the result of a function may be compared.
const COMPARISONS: [Operator; 6] = [
    Operator::Equal,
    Operator::NotEqual,
    Operator::Greater,
    Operator::GreaterOrEqual,
    Operator::Less,
    Operator::LessOrEqual,
];

/// What the result of a function says.
#[derive(Clone, Copy)]
enum Returns {
    /// Whether something is so.
    Truth,
    /// Where a text begins in another one, counted from 1; 0 where it does not.
    Position,
    /// 0 where two values are equal.
    Order,
}

impl Returns {
    /// Whether the result, compared by `operator` with `value`, says that something was found (true) or not (false);
    /// none where it says something else.
    fn is_found(self, operator: Operator, value: &str) -> Option<bool> {
        let is_true = match (self, operator, value) {
            (Self::Truth, Operator::Equal, "1" | "true")
            | (Self::Truth, Operator::NotEqual, "0" | "false")
            | (Self::Position, Operator::NotEqual | Operator::Greater, "0")
            | (Self::Position, Operator::GreaterOrEqual, "1")
            | (Self::Order, Operator::Equal, "0") => true,
            (Self::Truth, Operator::Equal, "0" | "false")
            | (Self::Truth, Operator::NotEqual, "1" | "true")
            | (Self::Position, Operator::Equal | Operator::LessOrEqual, "0")
            | (Self::Position, Operator::Less, "1")
            | (Self::Order, Operator::NotEqual, "0") => false,
            _ => return None,
        };
        Some(is_true)
    }
}

/// The functions, as Logs Insights spells them.
const FUNCTIONS: [(&str, Asks); 7] = [
    ("isIpv4InSubnet", Asks::Network),
    ("isIpv6InSubnet", Asks::Network),
    ("isIpInSubnet", Asks::Network),
    ("ispresent", Asks::Presence(true)),
    ("isempty", Asks::Presence(false)),
    ("isblank", Asks::Presence(false)),
    ("strcontains", Asks::Text),
];

fn functions() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|(name, _)| *name)
}

/// Whether `text` names a function of Logs Insights.
pub(in crate::query) fn is_function(text: &str) -> bool {
    functions().any(|name| name.eq_ignore_ascii_case(text))
}

impl Parser<'_> {
    /// Whether a function is called here, known or not: a word with an opening parenthesis right after it.
    pub(super) fn is_call(&self) -> bool {
        let (Some(name), Some(open)) = (self.peek(), self.peek_at(1)) else {
            return false;
        };
        let beside = name.span.end == open.span.start || is_function(name.text);
        let beside = beside
            && name
                .text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_');
        name.kind == LexemeKind::Word && open.kind == LexemeKind::Open(Bracket::Round) && beside
    }

    pub(super) fn call(&mut self, name: &Lexeme<'_>) -> Option<Phrase> {
        let known = FUNCTIONS
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name.text));
        let Some((_, asks)) = known else {
            self.report_unknown_function(name);
            return None;
        };
        self.at += 2;
        let subject = self.field("a field")?;
        let mut values = Vec::new();
        let what = match asks {
            Asks::Presence(_) => None,
            Asks::Network => Some("a network"),
            Asks::Text => Some("text"),
        };
        if let Some(what) = what {
            if self.peek().map(|lexeme| lexeme.kind) != Some(LexemeKind::Comma) {
                self.expected(&format!("a comma and {what}"));
                return None;
            }
            self.at += 1;
            let mut value = self.value(what)?;
            if value.style == AtomStyle::Quoted && matches!(asks, Asks::Network) {
                value.style = AtomStyle::Word;
            }
            values.push(value);
        }
        if self.peek().map(|lexeme| lexeme.kind) != Some(LexemeKind::Close(Bracket::Round)) {
            self.expected("\")\"");
            return None;
        }
        self.at += 1;
        if self.reports_compared_call(name, *asks, &subject, values.first()) {
            return None;
        }
        let (operator, negated) = match asks {
            Asks::Presence(there) => (Operator::Missing, *there),
            Asks::Network => (Operator::Equal, false),
            Asks::Text => (Operator::Contains, false),
        };
        Some(Phrase {
            protocol: None,
            subject,
            tail: Tail {
                written: Some(operator),
                negated,
                span: name.span.clone(),
                values,
                bracketed: false,
            },
        })
    }

    /// Reports a function that is compared with a truth value, as in `isIpv4InSubnet(srcAddr, "10.0.0.0/8") = 1`.
    fn reports_compared_call(
        &mut self,
        name: &Lexeme<'_>,
        asks: Asks,
        subject: &Subject,
        value: Option<&Atom>,
    ) -> bool {
        let Some((end, Some(is_true))) = self.comparison(Returns::Truth) else {
            return false;
        };
        let Target::Field { name: field, .. } = &subject.target else {
            return false;
        };
        let value = value.map_or("", |value| value.text.as_str());
        let (filter, is_true) = match asks {
            Asks::Presence(there) => (format!("exists {field}"), is_true == there),
            Asks::Network => (format!("{field} in {value}"), is_true),
            Asks::Text => (
                format!("{field} contains {}", crate::query::lex::quoted(value)),
                is_true,
            ),
        };
        let filter = if is_true {
            filter
        } else {
            format!("not {filter}")
        };
        let message = format!(
            "{} is a filter by itself, which cannot be compared: write {filter}",
            name.text
        );
        self.report(name.span.start..end, Problem::new(message).suggest(filter));
        self.at += 2;
        true
    }

    /// The comparison that follows the call of a function: where it ends, and whether it holds where the function finds
    /// what it looks for; none where that cannot be told.
    fn comparison(&self, returns: Returns) -> Option<(usize, Option<bool>)> {
        let operator = self
            .peek_operator()
            .filter(|operator| COMPARISONS.contains(operator))?;
        let value = self.peek_at(1)?;
        let text = match value.kind {
            LexemeKind::Quoted { .. } => value.quoted_text().to_ascii_lowercase(),
            _ => value.text.to_ascii_lowercase(),
        };
        Some((value.span.end, returns.is_found(operator, &text)))
    }

    /// Reports a function that is not known, with the filter that it stands for where that can be told.
    fn report_unknown_function(&mut self, name: &Lexeme<'_>) {
        self.at += 2;
        let start = self.at;
        let mut depth = 1;
        while let Some(lexeme) = self.next() {
            match lexeme.kind {
                LexemeKind::Open(Bracket::Round) => depth += 1,
                LexemeKind::Close(Bracket::Round) => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        if self.is_full() {
            return;
        }
        let inside = self.lexemes.get(start..self.at).unwrap_or_default();
        let filter = functions_of_others::filter(name.text, inside, self.catalog);
        let mut end = inside.last().map_or(name.span.end, |last| last.span.end);
        let mut is_true = Some(true);
        if depth == 0
            && let Some(comparison) = self.comparison(functions_of_others::returns(name.text))
        {
            (end, is_true) = comparison;
            self.at += 2;
        }
        let filter = filter.zip(is_true).filter(|_| depth == 0);
        let Some((filter, is_true)) = filter else {
            let names: Vec<&str> = functions().collect();
            let message = format!(
                "unknown function: {}; known functions: {}",
                name.text,
                names.join(", ")
            );
            return self.error(name.span.clone(), message);
        };
        let filter = if is_true {
            filter
        } else {
            format!("not {filter}")
        };
        let message = format!("unknown function: {}; write {filter}", name.text);
        self.report(name.span.start..end, Problem::new(message).suggest(filter));
    }

    /// `@message like "x"`: a text that is found anywhere in the line.
    pub(super) fn whole_line(&mut self, lexeme: &Lexeme<'_>) -> Option<Syntax> {
        self.at += 1;
        let not = self.accept(Operator::Not);
        let operator = self.peek_operator();
        let regular = match operator {
            Some(Operator::Contains | Operator::Like) => false,
            Some(Operator::Matches | Operator::NotMatches) => true,
            _ => {
                self.expected(&format!("like after {}", lexeme.text));
                return None;
            }
        };
        self.at += 1;
        let mut atom = self.value("text or a regular expression")?;
        if matches!(atom.style, AtomStyle::Word | AtomStyle::Quoted) {
            atom.style = if regular {
                AtomStyle::Pattern(String::new())
            } else {
                AtomStyle::Quoted
            };
        }
        let text = Syntax::Text(atom);
        Some(if not == (operator == Some(Operator::NotMatches)) {
            text
        } else {
            Syntax::Not(Box::new(text))
        })
    }
}
