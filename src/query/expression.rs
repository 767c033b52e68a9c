//! The typed filter: what [`super::compile`] makes of a text, and what plan and print read.

use std::sync::Arc;

use crate::query::operators::Operator;
use crate::query::pattern::Pattern;
use crate::query::time::Moment;
use crate::schema::{Address, AddressClass, FIELDS, FieldId};
use crate::store::Catalog;

/// A typed filter. Its `Display` is the canonical form, which parses to the same expression.
///
/// `All` and `Any` have two parts at least and never a part of their own sort: `(a and b) and c` is one list
/// of three. `Everything` stands only alone.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// Every record.
    Everything,
    /// Every part holds.
    All(Vec<Self>),
    /// One part holds, or more.
    Any(Vec<Self>),
    /// The inner filter does not hold.
    Not(Box<Self>),
    /// One thing asked of a record.
    Term(Term),
}

/// One thing asked of a record.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// The field has a value.
    Exists(Name),
    /// The field has none.
    Missing(Name),
    /// The value compares to another one.
    Compare(Name, Comparison, Operand),
    /// The value is in a set; or it is there and not in the set, where `negated`.
    In {
        /// The field.
        field: Name,
        /// Whether the set is one of values that it must not have.
        negated: bool,
        /// The set.
        members: Vec<Operand>,
    },
    /// Flags are set.
    Flags {
        /// The field.
        field: Name,
        /// Whether one of them is enough.
        any: bool,
        /// The flags.
        mask: u64,
    },
    /// The values of two fields of a record compare.
    Fields(Name, Comparison, Name),
    /// A text is found in the value of a field, or in the original line where there is no field.
    Find {
        /// The field.
        field: Option<Name>,
        /// Whether it must not be found in a value that is there.
        negated: bool,
        /// The text.
        pattern: Pattern,
    },
    /// The record lies in a part of time.
    Window(Window),
}

/// A field and how the canonical form writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The field.
    pub field: FieldId,
    /// AWS's name, or the header's own.
    pub text: Arc<str>,
}

/// How two values compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The same.
    Equal,
    /// Not the same.
    NotEqual,
    /// The left one is less.
    Less,
    /// The left one is less or the same.
    LessOrEqual,
    /// The left one is greater.
    Greater,
    /// The left one is greater or the same.
    GreaterOrEqual,
}

/// A value, or values that follow one another, as the kind of a field reads them.
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
    /// An address without the bits of the host, and the length of the prefix.
    Network(Address, u8),
    /// Four octets, some of them of any value.
    Octets([Option<u8>; 4]),
    /// The addresses of one sort.
    Class(AddressClass),
    /// A time.
    Time(Moment),
    /// From the beginning of one time to the end of another.
    Times(Moment, Moment),
    /// A word, exactly.
    Word(String),
    /// Words of this form: `*` for any characters, `?` for one.
    Glob(String),
}

/// The names of the sorts of addresses.
pub(super) const CLASSES: [(&str, AddressClass); 5] = [
    ("private", AddressClass::Private),
    ("public", AddressClass::Public),
    ("loopback", AddressClass::Loopback),
    ("linklocal", AddressClass::LinkLocal),
    ("multicast", AddressClass::Multicast),
];

/// A part of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// Starts at that time or later.
    Since(Moment),
    /// Starts before that time.
    Until(Moment),
    /// The time lies between start and end.
    At(Moment),
    /// Ends in that many last seconds of the data.
    Last(u64),
    /// Starts in that many first seconds of the data.
    First(u64),
}

impl Name {
    /// The name of `field`.
    pub(super) fn of(catalog: &Catalog, field: FieldId) -> Self {
        Self {
            field,
            text: catalog.name(field).into(),
        }
    }

    /// The field that `text` means in backquotes, which prefer the names that only files know.
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
    /// The operator that is written for it.
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
    /// Whether it stands for more than one value by its very form, so that it is asked for with `in`.
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

    /// Any of `parts`, of which there is one at least; one part is itself.
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

    /// What is not `part`.
    pub(super) fn negate(part: Self) -> Self {
        Self::Not(Box::new(part))
    }

    /// Whether the filter speaks of the beginning or the end of the loaded data (`last 15m`), so that records
    /// which arrive later can change what it says of those that are there.
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

    /// Whether the text of lines has to be looked at, which is slow beside all else.
    pub fn reads_lines(&self) -> bool {
        match self {
            Self::Everything => false,
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::reads_lines),
            Self::Not(part) => part.reads_lines(),
            Self::Term(term) => matches!(term, Term::Find { field: None, .. }),
        }
    }

    /// How deep brackets and `not` stand in one another in the canonical form.
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
