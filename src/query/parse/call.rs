//! Functions of Logs Insights, and its name for the whole line: `isIpv4InSubnet(srcAddr, "10.0.0.0/8")`,
//! `ispresent(srcAddr)`, `@message like "x"`.

use super::Parser;
use crate::query::lex::{Bracket, Lexeme, LexemeKind};
use crate::query::operators::Operator;
use crate::query::syntax::{AtomStyle, Phrase, Syntax, Tail};

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
            let names: Vec<&str> = functions().collect();
            let message = format!(
                "unknown function: {}; known functions: {}",
                name.text,
                names.join(", ")
            );
            self.error(name.span.clone(), message);
            self.at += 2;
            self.leave(Bracket::Round);
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
