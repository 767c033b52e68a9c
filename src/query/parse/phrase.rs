//! Phrases: a field or a direction, and what is said of it.
//!
//! ```text
//! phrase = ( direction [ kind ] | "portrange" | field | field ":" ) tail ;
//! tail   = comparison values | [ "not" ] "in" set | "contains" text | "has" flags
//!        | "is" [ "not" ] ( "missing" | value ) | set | values ;
//! set    = "{" { value [ "," ] } "}" | "[" … "]" | "(" … ")" | values ;
//! values = value { "," value } ;
//! ```

use super::super::diagnostic::Severity;
use super::super::expression::Name;
use super::super::lex::{Bracket, Lexeme, Shape};
use super::super::operators::{Operator, Place};
use super::super::syntax::{Atom, End, Form, Phrase, Side, Subject, Tail, Target};
use super::{Parser, is_value, known};
use crate::schema::{Kind, id, protocol};

/// What stands before a tail.
struct Head {
    protocol: Option<u64>,
    subject: Subject,
    /// The value of `field:value`.
    value: Option<Atom>,
}

/// The functions of Logs Insights that are read, in lower case.
const SUBNET_FUNCTIONS: [&str; 3] = ["isipv4insubnet", "isipv6insubnet", "isipinsubnet"];
const PRESENT_FUNCTION: &str = "ispresent";

/// Whether a phrase begins at a place.
pub(super) enum Found {
    /// None does.
    Nothing,
    /// One does, and it is wrong.
    Wrong,
    /// This one.
    Phrase(Phrase),
}

impl From<Option<Phrase>> for Found {
    fn from(phrase: Option<Phrase>) -> Self {
        phrase.map_or(Self::Wrong, Self::Phrase)
    }
}

impl Parser<'_> {
    /// The phrase that begins here, if one does.
    pub(super) fn phrase(&mut self) -> Found {
        if let Some(present) = self.is_call() {
            return self.call(present).into();
        }
        let before = self.at;
        let mut said = None;
        if let Some(number) = self.peek().and_then(protocol_word) {
            // `tcp port 80` is one phrase; `tcp` alone is a value.
            self.at += 1;
            said = Some(number);
        }
        let Some(head) = self.head() else {
            self.at = before;
            return Found::Nothing;
        };
        let protocol = head.protocol.or(said);
        let subject = head.subject;
        let tail = match head.value {
            Some(value) => Some(implied(&subject, vec![value], false)),
            None => self.tail(&subject),
        };
        let phrase = tail.map(|tail| Phrase {
            protocol,
            subject,
            tail,
        });
        phrase.into()
    }

    /// Whether a function of Logs Insights is called here, and whether it is the one that asks for presence.
    fn is_call(&self) -> Option<bool> {
        let present = self.is_word(0, &[PRESENT_FUNCTION]);
        let open = self.peek_at(1)?.shape == Shape::Open(Bracket::Round);
        (open && (present || self.is_word(0, &SUBNET_FUNCTIONS))).then_some(present)
    }

    /// `isIpv4InSubnet(field, "10.0.0.0/8")` and `ispresent(field)`.
    fn call(&mut self, present: bool) -> Option<Phrase> {
        let span = self.next()?.span;
        self.at += 1;
        let subject = self.field("a field")?;
        let mut values = Vec::new();
        if !present {
            if self.peek().map(|lexeme| lexeme.shape) != Some(Shape::Comma) {
                self.expected("a comma and a network");
                return None;
            }
            self.at += 1;
            let mut network = self.value("a network")?;
            if network.form == Form::Quoted {
                network.form = Form::Word;
            }
            values.push(network);
        }
        if self.peek().map(|lexeme| lexeme.shape) != Some(Shape::Close(Bracket::Round)) {
            self.expected("\")\"");
            return None;
        }
        self.at += 1;
        let tail = Tail {
            operator: if present {
                Operator::Missing
            } else {
                Operator::Equal
            },
            implied: false,
            negated: present,
            span,
            values,
            bracketed: false,
        };
        Some(Phrase {
            protocol: None,
            subject,
            tail,
        })
    }

    /// The subject of a phrase, if one begins here.
    fn head(&mut self) -> Option<Head> {
        let lexeme = self.peek()?.clone();
        match lexeme.shape {
            Shape::Word => {}
            Shape::Name { closed: true } => {
                let name = self.resolve(&lexeme)?;
                self.at += 1;
                return Some(field_head(name, false, &lexeme));
            }
            _ => return None,
        }
        if let Some(side) = self.side() {
            return Some(self.side_head(side, &lexeme));
        }
        if lexeme.text.eq_ignore_ascii_case("portrange") {
            self.at += 1;
            return Some(field_head(Name::of(self.catalog, id::PORT), false, &lexeme));
        }
        if let Some(head) = self.short(&lexeme) {
            return Some(head);
        }
        if let Some((number, field)) = qualified(lexeme.text) {
            self.at += 1;
            let head = field_head(Name::of(self.catalog, field), false, &lexeme);
            return Some(Head {
                protocol: Some(number),
                ..head
            });
        }
        let name = self.resolve(&lexeme)?;
        // The name of a column must not take the place of a word that means something by itself, unless it is
        // used as a field.
        let meaningful =
            protocol::number(lexeme.text).is_some() || protocol::port(lexeme.text).is_some();
        if known(lexeme.text).is_none() && meaningful && !self.compares(1) {
            return None;
        }
        self.at += 1;
        Some(field_head(
            name,
            lexeme.text.eq_ignore_ascii_case("net"),
            &lexeme,
        ))
    }

    /// Whether the lexeme `ahead` says something of a field before it.
    pub(super) fn compares(&self, ahead: usize) -> bool {
        let operator = self.peek_at(ahead).and_then(Lexeme::operator);
        operator.is_some_and(|operator| operator.def().place == Place::Comparing)
    }

    /// `src`, `dst`, `src or dst`, `src and dst`.
    fn side(&mut self) -> Option<Side> {
        let source = ["src", "source"];
        let destination = ["dst", "destination"];
        let first = if self.is_word(0, &source) {
            Side::Source
        } else if self.is_word(0, &destination) {
            Side::Destination
        } else {
            return None;
        };
        self.at += 1;
        let other = if first == Side::Source {
            destination
        } else {
            source
        };
        let joined = self.peek_operator().filter(|_| self.is_word(1, &other));
        let side = match joined {
            Some(Operator::Or) => Side::Either,
            Some(Operator::And) => Side::Both,
            _ => return Some(first),
        };
        // `src and dst port 22` is one phrase, but `src and dst` followed by nothing of the sort is not.
        self.at += 2;
        Some(side)
    }

    fn side_head(&mut self, side: Side, first: &Lexeme<'_>) -> Head {
        let end = if self.is_word(0, &["port", "portrange"]) {
            Some(End::Port)
        } else if self.is_word(0, &["net"]) {
            Some(End::Address { net: true })
        } else if self.is_word(0, &["host", "ip", "addr"]) {
            Some(End::Address { net: false })
        } else {
            None
        };
        self.at += usize::from(end.is_some());
        let last = self
            .lexemes
            .get(self.at - 1)
            .map_or(first.span.end, |l| l.span.end);
        Head {
            protocol: None,
            subject: Subject {
                target: Target::Side(side, end),
                span: first.span.start..last,
            },
            value: None,
        }
    }

    /// `dport:443` and `src:10.0.1.5`; with nothing behind the colon the tail follows as elsewhere.
    fn short(&mut self, lexeme: &Lexeme<'_>) -> Option<Head> {
        let (before, after) = lexeme.text.split_once(':')?;
        let side = match before.to_ascii_lowercase().as_str() {
            "src" | "source" => Some(Side::Source),
            "dst" | "destination" => Some(Side::Destination),
            _ => None,
        };
        let qualified = qualified(before);
        let target = match (side, qualified) {
            (Some(side), _) => Target::Side(side, None),
            (None, Some((_, field))) => Target::Field {
                name: Name::of(self.catalog, field),
                net: false,
            },
            (None, None) => Target::Field {
                name: Name::of(self.catalog, self.catalog.lookup(before)?),
                net: before.eq_ignore_ascii_case("net"),
            },
        };
        self.at += 1;
        let colon = lexeme.span.start + before.len() + 1;
        let value = (!after.is_empty()).then(|| Atom {
            text: after.to_owned(),
            form: Form::Word,
            span: colon..lexeme.span.end,
            from: None,
        });
        Some(Head {
            protocol: qualified.map(|(number, _)| number),
            subject: Subject {
                target,
                span: lexeme.span.start..colon - 1,
            },
            value,
        })
    }

    /// What is said of `subject`.
    fn tail(&mut self, subject: &Subject) -> Option<Tail> {
        let mut negated = false;
        if self.peek_operator() == Some(Operator::Not) && self.compares(1) {
            negated = true;
            self.at += 1;
        }
        let Some(lexeme) = self.peek().cloned() else {
            return self.no_tail(subject);
        };
        match lexeme.operator() {
            Some(operator) if operator.def().place == Place::Comparing => {
                self.at += 1;
                if operator == Operator::Equal && lexeme.text.eq_ignore_ascii_case("is") {
                    negated |= self.accept(Operator::Not);
                    if self.is_word(0, &["missing"]) {
                        self.at += 1;
                        return Some(Tail {
                            operator: Operator::Missing,
                            implied: false,
                            negated,
                            span: lexeme.span,
                            values: Vec::new(),
                            bracketed: false,
                        });
                    }
                }
                let (values, bracketed) = self.values(&lexeme)?;
                Some(Tail {
                    operator,
                    implied: false,
                    negated,
                    span: lexeme.span,
                    values,
                    bracketed,
                })
            }
            None if matches!(lexeme.shape, Shape::Open(_)) => {
                let values = self.set()?;
                Some(implied(subject, values, true))
            }
            None if is_value(&lexeme) => {
                let values = self.list("a value")?;
                Some(implied(subject, values, false))
            }
            Some(_) | None => self.no_tail(subject),
        }
    }

    fn no_tail(&mut self, subject: &Subject) -> Option<Tail> {
        let what = match &subject.target {
            Target::Field { name, .. } => {
                format!(
                    "an operator or value; presence: {} {name}",
                    Operator::Exists.symbol()
                )
            }
            Target::Side(_, Some(End::Port)) => "a port".to_owned(),
            Target::Side(_, Some(End::Address { .. })) => "an address".to_owned(),
            Target::Side(_, None) => "an address or a port".to_owned(),
        };
        self.expected(&what);
        None
    }

    /// The values behind an operator, and whether they stand in brackets.
    fn values(&mut self, operator: &Lexeme<'_>) -> Option<(Vec<Atom>, bool)> {
        if matches!(self.peek().map(|lexeme| lexeme.shape), Some(Shape::Open(_))) {
            return self.set().map(|values| (values, true));
        }
        let what = format!("a value after {}", operator.text);
        self.list(&what).map(|values| (values, false))
    }

    fn list(&mut self, what: &str) -> Option<Vec<Atom>> {
        let mut values = vec![self.value(what)?];
        while self
            .peek()
            .is_some_and(|lexeme| lexeme.shape == Shape::Comma)
        {
            self.at += 1;
            values.push(self.value("a value after the comma")?);
        }
        Some(values)
    }

    /// Values in brackets, with commas, spaces or `or` between them.
    fn set(&mut self) -> Option<Vec<Atom>> {
        let open = self.next()?;
        let Shape::Open(bracket) = open.shape else {
            return None;
        };
        let mut values = Vec::new();
        loop {
            let Some(lexeme) = self.peek().cloned() else {
                let message = format!("\"{}\" never closed", bracket.open());
                self.report(Severity::Incomplete, open.span, message, None);
                return None;
            };
            match lexeme.shape {
                Shape::Close(closing) if closing == bracket => {
                    self.at += 1;
                    if values.is_empty() {
                        self.error(open.span.start..lexeme.span.end, "the set is empty");
                        return None;
                    }
                    return Some(values);
                }
                Shape::Comma => self.at += 1,
                _ if lexeme.operator() == Some(Operator::Or) => self.at += 1,
                _ => {
                    let what = format!("a value or \"{}\"", bracket.close());
                    let Some(value) = self.value(&what) else {
                        self.leave(bracket);
                        return None;
                    };
                    values.push(value);
                }
            }
        }
    }

    /// Goes behind the bracket that closes a set which could not be read.
    pub(super) fn leave(&mut self, bracket: Bracket) {
        while let Some(lexeme) = self.next() {
            if lexeme.shape == Shape::Close(bracket) {
                return;
            }
        }
    }
}

fn implied(subject: &Subject, values: Vec<Atom>, bracketed: bool) -> Tail {
    Tail {
        operator: Operator::Equal,
        implied: true,
        negated: false,
        span: subject.span.clone(),
        values,
        bracketed,
    }
}

fn field_head(name: Name, net: bool, lexeme: &Lexeme<'_>) -> Head {
    Head {
        protocol: None,
        subject: Subject {
            target: Target::Field { name, net },
            span: lexeme.span.clone(),
        },
        value: None,
    }
}

/// The number of a protocol whose name a phrase may follow.
fn protocol_word(lexeme: &Lexeme<'_>) -> Option<u64> {
    let free = lexeme.shape == Shape::Word && known(lexeme.text).is_none();
    let number = free.then(|| protocol::number(lexeme.text)).flatten()?;
    protocol::port(lexeme.text)
        .is_none()
        .then(|| u64::from(number))
}

/// `tcp.srcport`: a protocol, and a field of ports or flags.
pub(in super::super) fn qualified(text: &str) -> Option<(u64, crate::schema::FieldId)> {
    if known(text).is_some() {
        return None;
    }
    let (protocol, field) = text.split_once('.')?;
    let number = protocol::number(protocol)?;
    let field = known(field).filter(|field| matches!(field.kind(), Kind::Port | Kind::Flags))?;
    Some((u64::from(number), field))
}

/// Whether `text` names a function of Logs Insights.
pub(in super::super) fn is_function(text: &str) -> bool {
    let functions = SUBNET_FUNCTIONS.iter().chain([&PRESENT_FUNCTION]);
    functions
        .into_iter()
        .any(|name| name.eq_ignore_ascii_case(text))
}
