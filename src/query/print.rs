//! The canonical form of a filter: AWS's names, one spelling of every operator, the fewest parentheses that
//! keep the tree.

use std::fmt::{self, Display as _};

use crate::query::expression::{
    ADDRESS_CLASSES, Comparison, Expression, Name, Operand, Term, Window,
};
use crate::query::lex;
use crate::query::operators::{self, Operator};
use crate::query::value;
use crate::schema::{self, AddressClass, FieldId, Kind, Storage, protocol};
use crate::store::Catalog;

/// Words that the parser treats as keywords where a field is possible.
pub(super) const RESERVED: &[&str] = &[
    "src",
    "source",
    "dst",
    "destination",
    "portrange",
    "missing",
    "null",
];

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everything => Ok(()),
            Self::All(parts) => join(f, parts, Operator::And, |part| matches!(part, Self::Any(_))),
            Self::Any(parts) => join(f, parts, Operator::Or, |_| false),
            Self::Not(part) => {
                write!(f, "{} ", Operator::Not.symbol())?;
                bracket(f, part, matches!(**part, Self::All(_) | Self::Any(_)))
            }
            Self::Term(term) => term.fmt(f),
        }
    }
}

fn join(
    f: &mut fmt::Formatter<'_>,
    parts: &[Expression],
    operator: Operator,
    bracketed: impl Fn(&Expression) -> bool,
) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            write!(f, " {} ", operator.symbol())?;
        }
        bracket(f, part, bracketed(part))?;
    }
    Ok(())
}

fn bracket(f: &mut fmt::Formatter<'_>, part: &Expression, bracketed: bool) -> fmt::Result {
    if bracketed {
        write!(f, "({part})")
    } else {
        part.fmt(f)
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exists(field) => write!(f, "{} {field}", Operator::Exists.symbol()),
            Self::Missing(field) => write!(f, "{field} {}", Operator::Missing.symbol()),
            Self::Compare(field, comparison, operand) => {
                write!(f, "{field} {comparison} {}", In(field.field, operand))
            }
            Self::In {
                field,
                negated,
                members,
            } => {
                let not = if *negated { "not " } else { "" };
                write!(f, "{field} {not}{} {{", Operator::In.symbol())?;
                for (index, member) in members.iter().enumerate() {
                    let comma = if index > 0 { ", " } else { "" };
                    write!(f, "{comma}{}", In(field.field, member))?;
                }
                f.write_str("}")
            }
            Self::Flags { field, any, mask } => {
                let operator = if *any {
                    Operator::HasAny
                } else {
                    Operator::Has
                };
                write!(
                    f,
                    "{field} {} {}",
                    operator.symbol(),
                    value::flag_names(*mask)
                )
            }
            Self::Fields(left, comparison, right) => {
                write!(f, "{left} {comparison} ")?;
                // As a value, a word is a field only if the table has it.
                match right.field.def() {
                    Some(_) => right.fmt(f),
                    None => f.write_str(&lex::backquoted(&right.text)),
                }
            }
            Self::Find {
                field: None,
                pattern,
                ..
            } => pattern.fmt(f),
            Self::Find {
                field: Some(field),
                negated,
                pattern,
            } => match (pattern.operator(), negated) {
                (Operator::Matches, true) => {
                    write!(f, "{field} {} {pattern}", Operator::NotMatches.symbol())
                }
                (operator, true) => write!(f, "{field} not {} {pattern}", operator.symbol()),
                (operator, false) => write!(f, "{field} {} {pattern}", operator.symbol()),
            },
            Self::Window(window) => window.fmt(f),
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.operator().symbol())
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A name from the header of a file may contain anything, and may be a keyword.
        if self.field.def().is_some()
            || (is_plain(&self.text) && !is_word_of_the_language(&self.text))
        {
            return f.write_str(&self.text);
        }
        f.write_str(&lex::backquoted(&self.text))
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Since(moment) => write!(f, "{} {moment}", Operator::Since.symbol()),
            Self::Until(moment) => write!(f, "{} {moment}", Operator::Until.symbol()),
            Self::At(moment) => write!(f, "{} {moment}", Operator::At.symbol()),
            Self::Last(seconds) => {
                write!(
                    f,
                    "{} {}",
                    Operator::Last.symbol(),
                    value::seconds_text(*seconds)
                )
            }
            Self::First(seconds) => {
                write!(
                    f,
                    "{} {}",
                    Operator::First.symbol(),
                    value::seconds_text(*seconds)
                )
            }
        }
    }
}

/// Prints an operand by the kind of its field.
struct In<'a>(FieldId, &'a Operand);

impl fmt::Display for In<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(field, operand) = *self;
        match operand {
            Operand::Number(number) => f.write_str(&number_text(field.kind(), *number)),
            Operand::Numbers(from, to) => {
                let text = |number| match field.kind() {
                    Kind::Duration => value::seconds_text(number),
                    _ => number.to_string(),
                };
                write!(f, "{}..{}", text(*from), text(*to))
            }
            Operand::Address(address) => address.fmt(f),
            Operand::Addresses(from, to) => write!(f, "{from}..{to}"),
            Operand::Network(address, prefix) => write!(f, "{address}/{prefix}"),
            Operand::Octets(octets) => {
                let text = |octet: &Option<u8>| octet.map_or("*".into(), |octet| octet.to_string());
                f.write_str(&octets.iter().map(text).collect::<Vec<String>>().join("."))
            }
            Operand::Class(class) => class.fmt(f),
            Operand::Time(moment) => moment.fmt(f),
            Operand::Times(from, to) => write!(f, "{from}..{to}"),
            Operand::Word(word) => f.write_str(&word_text(field.kind(), word)),
            Operand::Glob(glob) => f.write_str(glob),
        }
    }
}

impl fmt::Display for AddressClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = ADDRESS_CLASSES.iter().find(|(_, class)| class == self);
        f.write_str(name.map_or("", |(name, _)| name))
    }
}

fn number_text(kind: Kind, number: u64) -> String {
    match kind {
        Kind::Protocol => protocol::name(number)
            .filter(|name| protocol::number(name).map(u64::from) == Some(number))
            .map_or_else(|| number.to_string(), str::to_owned),
        Kind::Flags => value::flag_names(number),
        Kind::Duration => value::seconds_text(number),
        _ => number.to_string(),
    }
}

/// `word` as a value of a field of `kind`, in quotes where it would be read as something else.
pub(super) fn word_text(kind: Kind, word: &str) -> String {
    // Without quotes another spelling of a word of a closed list stands for all of them.
    let is_other_spelling = || matches!(kind, Kind::Choice(choices) if choices.iter().any(|choice| choice.eq_ignore_ascii_case(word)));
    let as_it_is = value::is_listed(kind, word)
        || !is_other_spelling()
            && is_plain(word)
            && word != "-"
            && operators::word(word).is_none()
            && !RESERVED.iter().any(|r| r.eq_ignore_ascii_case(word))
            && schema::lookup(word).is_none();
    if as_it_is {
        word.to_owned()
    } else {
        lex::quoted(word)
    }
}

/// The filter for records whose `field` is, or with `wanted` false is not, `value` as a flow log prints it (`-` for
/// missing): `srcaddr == 10.0.0.1`, `srcaddr != 10.0.0.1`, `srcaddr is missing`, `exists srcaddr`.
pub fn term(catalog: &Catalog, field: FieldId, value: &str, wanted: bool) -> String {
    let name = Name::of(catalog, field);
    let operator = match (value, wanted) {
        ("-", true) => return format!("{name} {}", Operator::Missing.symbol()),
        ("-", false) => return format!("{} {name}", Operator::Exists.symbol()),
        (_, true) => Operator::Equal,
        (_, false) => Operator::NotEqual,
    };
    let value = match field.storage() {
        Storage::Word => word_text(field.kind(), value),
        Storage::Number | Storage::Address => value.to_owned(),
    };
    format!("{name} {} {value}", operator.symbol())
}

/// Whether a word needs no quotes.
fn is_plain(word: &str) -> bool {
    word.chars()
        .all(|c| c.is_ascii_graphic() && !lex::ends_word(c) && !"*?".contains(c))
        && word.starts_with(|c| !"/#".contains(c))
        && !word.contains("..")
}

/// Whether the parser reads the name of a field as something else.
fn is_word_of_the_language(word: &str) -> bool {
    word.contains([':', '/'])
        || !word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        || operators::word(word).is_some()
        || RESERVED.iter().any(|r| r.eq_ignore_ascii_case(word))
        || word
            .split_once('.')
            .is_some_and(|(prefix, _)| protocol::number(prefix).is_some())
        || schema::lookup(word).is_some()
        || protocol::number(word).is_some()
        || protocol::port(word).is_some()
}
