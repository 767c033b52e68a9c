//! The typed filter: the output of [`crate::query::compile`], and the input of planning and printing.

use std::sync::Arc;

use crate::query::operators::Operator;
use crate::query::pattern::Pattern;
use crate::query::time::Moment;
use crate::schema::{Address, AddressClass, FIELDS, FieldId};
use crate::store::Catalog;

/// A typed filter. Its `Display` is the canonical form, which parses to the same expression.
///
/// `All` and `Any` have at least two parts, none of the same variant: `(a and b) and c` is one list of three.
/// `Everything` is never part of another expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// The empty filter: every record.
    Everything,
    /// Every part holds.
    All(Vec<Self>),
    /// At least one part holds.
    Any(Vec<Self>),
    /// The inner filter does not hold.
    Not(Box<Self>),
    /// A single condition.
    Term(Term),
}

/// A single condition on a record.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// The field has a value.
    Exists(Name),
    /// The field has no value.
    Missing(Name),
    /// The value compares with another one.
    Compare(Name, Comparison, Operand),
    /// The value is in a set; with `negated`, it is present and not in the set.
    In {
        /// As named in the filter.
        field: Name,
        /// Whether the value must be outside of the set.
        negated: bool,
        /// Values and ranges.
        members: Vec<Operand>,
    },
    /// TCP flags are set.
    Flags {
        /// As named in the filter.
        field: Name,
        /// Whether one flag is enough.
        any: bool,
        /// The flags to test, as bits of `tcp-flags`.
        mask: u64,
    },
    /// The values of two fields of a record compare.
    Fields(Name, Comparison, Name),
    /// A pattern is found in the value of a field, or in the original line where there is no field.
    Find {
        /// None for the original line.
        field: Option<Name>,
        /// Whether the value must be present and not contain it.
        negated: bool,
        /// The pattern.
        pattern: Pattern,
    },
    /// The record is within a time window.
    Window(Window),
}

/// A field and how the canonical form writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    pub(crate) field: FieldId,
    /// AWS's name, or the name in the header of the file.
    pub text: Arc<str>,
}

/// How two values compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// A value or a range of values, as the kind of a field reads it.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// A number, port, protocol or mask of flags; seconds for a duration.
    Number(u64),
    /// From one number to another, both included.
    Numbers(u64, u64),
    /// An address.
    Address(Address),
    /// From one address to another of the same family, both included.
    Addresses(Address, Address),
    /// An address without host bits, and the prefix length.
    Network(Address, u8),
    /// Four octets, some of them of any value.
    Octets([Option<u8>; 4]),
    /// The addresses of one class.
    Class(AddressClass),
    /// A time.
    Time(Moment),
    /// From the start of one time to the end of another.
    Times(Moment, Moment),
    /// A word, exactly.
    Word(String),
    /// Words that match: `*` for any characters, `?` for one.
    Glob(String),
}

pub(super) const ADDRESS_CLASSES: [(&str, AddressClass); 5] = [
    ("private", AddressClass::Private),
    ("public", AddressClass::Public),
    ("loopback", AddressClass::Loopback),
    ("linklocal", AddressClass::LinkLocal),
    ("multicast", AddressClass::Multicast),
];

/// A time window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// Starts at that time or later.
    Since(Moment),
    /// Starts before that time.
    Until(Moment),
    /// The time lies between start and end.
    At(Moment),
    /// Ends in the last N seconds of the data.
    Last(u64),
    /// Starts in the first N seconds of the data.
    First(u64),
}

impl Name {
    pub(super) fn of(catalog: &Catalog, field: FieldId) -> Self {
        Self {
            field,
            text: catalog.name(field).into(),
        }
    }

    /// The field that `text` names in backquotes, where names from file headers come before those of the table.
    pub(super) fn field_in_backquotes(catalog: &Catalog, text: &str) -> Option<FieldId> {
        let found = catalog.lookup(text)?;
        if found.def().is_none() {
            return Some(found);
        }
        let names = catalog.extra_names();
        let extra = names.iter().position(|extra| extra == text);
        let extra = extra.map(|index| FieldId::from_index(FIELDS.len() + index));
        extra.or(Some(found))
    }
}

impl Comparison {
    /// The operator that the canonical form uses.
    pub(super) fn operator(self) -> Operator {
        match self {
            Self::Equal => Operator::Equal,
            Self::NotEqual => Operator::NotEqual,
            Self::Less => Operator::Less,
            Self::LessOrEqual => Operator::LessOrEqual,
            Self::Greater => Operator::Greater,
            Self::GreaterOrEqual => Operator::GreaterOrEqual,
        }
    }

    /// Whether it holds of two values.
    pub(super) fn holds<T: Ord>(self, left: T, right: T) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
        }
    }
}

impl Operand {
    /// Whether it is a range or a network, which is tested with `in`.
    pub(super) fn is_set(&self) -> bool {
        match self {
            Self::Numbers(..)
            | Self::Addresses(..)
            | Self::Network(..)
            | Self::Octets(_)
            | Self::Times(..) => true,
            Self::Number(_)
            | Self::Address(_)
            | Self::Class(_)
            | Self::Time(_)
            | Self::Word(_)
            | Self::Glob(_) => false,
        }
    }

    fn is_anchored(&self) -> bool {
        match self {
            Self::Time(moment) => moment.is_anchored(),
            Self::Times(from, to) => from.is_anchored() || to.is_anchored(),
            _ => false,
        }
    }
}

impl Expression {
    /// All of `parts`; one part is itself.
    pub(super) fn all(parts: Vec<Self>) -> Self {
        let flatten = |part| match part {
            Self::All(parts) => parts,
            part => vec![part],
        };
        Self::joined(parts.into_iter().flat_map(flatten).collect(), Self::All)
    }

    /// Any of `parts`, of which there is at least one; one part is itself.
    pub(super) fn any(parts: Vec<Self>) -> Self {
        let flatten = |part| match part {
            Self::Any(parts) => parts,
            part => vec![part],
        };
        Self::joined(parts.into_iter().flat_map(flatten).collect(), Self::Any)
    }

    fn joined(mut parts: Vec<Self>, join: fn(Vec<Self>) -> Self) -> Self {
        match parts.len() {
            0 => Self::Everything,
            1 => parts.remove(0),
            _ => join(parts),
        }
    }

    pub(super) fn negate(part: Self) -> Self {
        Self::Not(Box::new(part))
    }

    /// Whether the filter depends on the start or the end of the loaded data (`last 15m`), so that records that
    /// arrive later can change which earlier ones it selects.
    pub fn is_anchored(&self) -> bool {
        match self {
            Self::Everything => false,
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::is_anchored),
            Self::Not(part) => part.is_anchored(),
            Self::Term(term) => match term {
                Term::Compare(_, _, operand) => operand.is_anchored(),
                Term::In { members, .. } => members.iter().any(Operand::is_anchored),
                Term::Window(window) => match window {
                    Window::Since(moment) | Window::Until(moment) | Window::At(moment) => {
                        moment.is_anchored()
                    }
                    Window::Last(_) | Window::First(_) => true,
                },
                Term::Exists(_)
                | Term::Missing(_)
                | Term::Flags { .. }
                | Term::Fields(..)
                | Term::Find { .. } => false,
            },
        }
    }

    /// Whether it searches the text of lines, which is slow compared with everything else.
    pub fn reads_lines(&self) -> bool {
        match self {
            Self::Everything => false,
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::reads_lines),
            Self::Not(part) => part.reads_lines(),
            Self::Term(term) => matches!(term, Term::Find { field: None, .. }),
        }
    }

    /// The nesting depth of brackets and `not` in the canonical form.
    pub(super) fn depth(&self) -> usize {
        let deepest = |parts: &[Self]| parts.iter().map(Self::depth).max().unwrap_or(0);
        match self {
            Self::Everything | Self::Term(_) => 0,
            Self::Any(parts) => deepest(parts),
            Self::All(parts) => {
                let bracketed =
                    |part: &Self| part.depth() + usize::from(matches!(part, Self::Any(_)));
                parts.iter().map(bracketed).max().unwrap_or(0)
            }
            Self::Not(part) => {
                let bracketed = matches!(**part, Self::All(_) | Self::Any(_));
                1 + usize::from(bracketed) + part.depth()
            }
        }
    }
}
