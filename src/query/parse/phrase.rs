//! Phrases: a field or a direction, and a comparison.
//!
//! ```text
//! phrase = ( direction [ kind ] | "portrange" | field | field ":" ) tail ;
//! tail   = comparison values | [ "not" ] "in" set | "contains" text | "has" flags
//!        | [ "not" ] "between" value "and" value
//!        | "is" [ "not" ] ( "missing" | value ) | [ "not" ] ( set | values ) ;
//! set    = "{" { value [ "," ] } "}" | "[" … "]" | "(" … ")" | values ;
//! values = value { "," value } ;
//! ```

use super::tail::implied;
use super::{Parser, known};
use crate::query::expression::Name;
use crate::query::lex::{Lexeme, LexemeKind};
use crate::query::operators::{Operator, OperatorPosition};
use crate::query::syntax::{Atom, AtomStyle, EndpointKind, Phrase, Side, Subject, Tail, Target};
use crate::schema::{FieldId, Kind, id, protocol};

/// The part of a phrase before its tail.
struct Head {
    protocol: Option<u64>,
    subject: Subject,
    /// The value of `field:value`.
    value: Option<Atom>,
}

/// The result of parsing a phrase.
pub(super) enum ParsedPhrase {
    /// No phrase starts here.
    Nothing,
    /// A phrase with a problem.
    Wrong,
    Phrase(Phrase),
}

impl From<Option<Phrase>> for ParsedPhrase {
    fn from(phrase: Option<Phrase>) -> Self {
        phrase.map_or(Self::Wrong, Self::Phrase)
    }
}

/// Wireshark's names of TCP flags, and ours.
const FLAG_FIELDS: [(&str, &str); 9] = [
    ("fin", "fin"),
    ("syn", "syn"),
    ("reset", "rst"),
    ("push", "psh"),
    ("ack", "ack"),
    ("urg", "urg"),
    ("ece", "ece"),
    ("ecn", "ece"),
    ("cwr", "cwr"),
];

const SOURCE: [&str; 2] = ["src", "source"];
const DESTINATION: [&str; 2] = ["dst", "destination"];

impl Parser<'_> {
    pub(super) fn phrase(&mut self) -> ParsedPhrase {
        if let Some(flag) = self.peek().and_then(|lexeme| flag_field(lexeme.text)) {
            return self.flag(flag).into();
        }
        let before = self.at;
        let mut protocol_before = None;
        if let Some(number) = self.peek().and_then(protocol_word) {
            // `tcp port 80` is one phrase; `tcp` alone is a value.
            self.at += 1;
            protocol_before = Some(number);
        }
        let Some(head) = self
            .head()
            .or_else(|| self.bare_head(protocol_before.is_some()))
        else {
            self.at = before;
            return ParsedPhrase::Nothing;
        };
        let protocol = head.protocol.or(protocol_before);
        let subject = head.subject;
        let tail = match head.value {
            Some(value) => Some(implied(&subject, vec![value], false)),
            None if self.reports_calculation_at_subject(&subject) => None,
            None => self.tail(&subject),
        };
        let Some(tail) = tail.filter(|tail| !self.reports_wrong_follower(&subject, tail)) else {
            return ParsedPhrase::Wrong;
        };
        ParsedPhrase::Phrase(Phrase {
            protocol,
            subject,
            tail,
        })
    }

    /// `tcp.flags.syn == 1`, as in Wireshark.
    fn flag(&mut self, flag: &str) -> Option<Phrase> {
        let lexeme = self.next()?;
        let set = match self.peek_operator() {
            Some(Operator::Equal) => true,
            Some(Operator::NotEqual) => false,
            _ => {
                self.expected(&format!("== 1 or == 0 after {}", lexeme.text));
                return None;
            }
        };
        let span = self.next()?.span;
        let mut value = self.value("1 or 0")?;
        let on = match value.text.to_ascii_lowercase().as_str() {
            "1" | "true" => set,
            "0" | "false" => !set,
            _ => {
                self.error(value.span, format!("{} takes 1 or 0", lexeme.text));
                return None;
            }
        };
        flag.clone_into(&mut value.text);
        value.style = AtomStyle::Word;
        let name = Name::of(self.catalog, id::TCP_FLAGS);
        let head = field_head(name, false, &lexeme);
        Some(Phrase {
            protocol: protocol::number("tcp").map(u64::from),
            subject: head.subject,
            tail: Tail {
                written: Some(Operator::Has),
                negated: !on,
                span,
                values: vec![value],
                bracketed: false,
            },
        })
    }

    /// An address or a port after a protocol: `tcp 443`.
    fn bare_head(&self, behind_protocol: bool) -> Option<Head> {
        let lexeme = self.peek()?;
        let bare = lexeme.kind == LexemeKind::Word && crate::query::bare::is_endpoint(lexeme.text);
        (behind_protocol && bare).then(|| Head {
            protocol: None,
            subject: Subject {
                target: Target::Side(Side::Either, None),
                span: lexeme.span.clone(),
            },
            value: None,
        })
    }

    /// The subject of a phrase that starts here.
    fn head(&mut self) -> Option<Head> {
        let lexeme = self.peek()?.clone();
        match lexeme.kind {
            LexemeKind::Word => {}
            LexemeKind::Name { closed: true } => {
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
        // A column named like a protocol or a service is a field only where it is compared.
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

    /// Whether the lexeme `ahead` is an operator after a field.
    pub(super) fn compares(&self, ahead: usize) -> bool {
        let operator = self.peek_at(ahead).and_then(Lexeme::operator);
        operator.is_some_and(|operator| operator.def().position == OperatorPosition::Comparing)
    }

    /// `src`, `dst`, `src or dst`, `src and dst`.
    fn side(&mut self) -> Option<Side> {
        let first = if self.is_word(0, &SOURCE) {
            Side::Source
        } else if self.is_word(0, &DESTINATION) {
            Side::Destination
        } else {
            return None;
        };
        self.at += 1;
        let other = if first == Side::Source {
            DESTINATION
        } else {
            SOURCE
        };
        let joined = self.peek_operator().filter(|_| self.is_word(1, &other));
        let side = match joined {
            Some(Operator::Or) => Side::Either,
            Some(Operator::And) => Side::Both,
            _ => return Some(first),
        };
        self.at += 2;
        Some(side)
    }

    fn side_head(&mut self, side: Side, first: &Lexeme<'_>) -> Head {
        let end = if self.is_word(0, &["port", "portrange"]) {
            Some(EndpointKind::Port)
        } else if self.is_word(0, &["net"]) {
            Some(EndpointKind::Network)
        } else if self.is_word(0, &["host", "ip", "addr"]) {
            Some(EndpointKind::Address)
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

    /// `dport:443` and `src:10.0.1.5`; with nothing after the colon, a tail follows.
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
            style: AtomStyle::Word,
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

/// The number of a protocol whose name may precede a phrase.
fn protocol_word(lexeme: &Lexeme<'_>) -> Option<u64> {
    let free = lexeme.kind == LexemeKind::Word && known(lexeme.text).is_none();
    let number = free.then(|| protocol::number(lexeme.text)).flatten()?;
    protocol::port(lexeme.text)
        .is_none()
        .then(|| u64::from(number))
}

/// `tcp.srcport`: a protocol, and a field of ports or flags.
pub(in crate::query) fn qualified(text: &str) -> Option<(u64, FieldId)> {
    if known(text).is_some() {
        return None;
    }
    let (protocol, field) = text.split_once('.')?;
    let number = protocol::number(protocol)?;
    let field = known(field).filter(|field| matches!(field.kind(), Kind::Port | Kind::Flags))?;
    Some((u64::from(number), field))
}

/// The address that the name of a side means where a field is expected, as in metric filters: `exists source`.
pub(in crate::query) fn address_of_side(text: &str) -> Option<FieldId> {
    match text.to_ascii_lowercase().as_str() {
        "source" => Some(id::SRCADDR),
        "destination" => Some(id::DSTADDR),
        _ => None,
    }
}

/// The flag that a field of Wireshark means: `tcp.flags.syn`.
pub(in crate::query) fn flag_field(text: &str) -> Option<&'static str> {
    let (before, name) = text.rsplit_once('.')?;
    if !before.eq_ignore_ascii_case("tcp.flags") {
        return None;
    }
    let known = |(wireshark, _): &&(&str, &str)| wireshark.eq_ignore_ascii_case(name);
    FLAG_FIELDS.iter().find(known).map(|(_, flag)| *flag)
}
