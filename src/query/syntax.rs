//! The syntax tree of a filter, with its values still as text.

use std::ops::Range;

use crate::query::expression::Name;
use crate::query::operators::Operator;

/// A node of the syntax tree.
#[derive(Debug)]
pub(super) enum Syntax {
    /// Joined by `and`, written or implied.
    All(Vec<Self>),
    /// Joined by `or`.
    Any(Vec<Self>),
    Not(Box<Self>),
    /// In parentheses, where an inherited direction ends.
    Group(Box<Self>),
    Phrase(Phrase),
    /// A value that is a complete filter: `10.0.0.5`.
    Bare(Atom),
    /// Text to search for in the original line.
    Text(Atom),
    /// `$name`, a saved filter.
    Saved(Atom),
    /// `exists field`.
    Exists(Subject),
    /// `since`, `until`, `at`, `last` and `first`.
    Window(Operator, Atom),
}

/// `tcp dst port in {22, 80}`.
#[derive(Debug)]
pub(super) struct Phrase {
    /// `tcp` in `tcp dst port 80`.
    pub protocol: Option<u64>,
    pub subject: Subject,
    pub tail: Tail,
}

/// The field or the direction of a phrase.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    pub target: Target,
    pub span: Range<usize>,
}

/// A field, or a direction that implies one.
#[derive(Clone, Debug)]
pub(super) enum Target {
    /// A field; with `net`, one to three octets are a network.
    Field {
        name: Name,
        /// Whether it was written as `net`.
        net: bool,
    },
    /// The addresses or the ports of one direction or of both.
    Side(Side, Option<EndpointKind>),
}

/// An endpoint of a flow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Side {
    #[default]
    Either,
    Source,
    Destination,
    Both,
}

/// Which value of an endpoint is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EndpointKind {
    Address,
    /// An address; one to three octets are a network: `net 10`.
    Network,
    Port,
}

/// The operator and the values of a phrase.
#[derive(Clone, Debug)]
pub(super) struct Tail {
    /// The operator as written: `port 22` has none, and means [`Operator::Equal`].
    pub written: Option<Operator>,
    /// `not in`, `is not`.
    pub negated: bool,
    /// The operator, or the subject where no operator was written.
    pub span: Range<usize>,
    /// At least one, except for [`Operator::Missing`].
    pub values: Vec<Atom>,
    /// `{22, 80}` rather than `22, 80`: one value in brackets is still a set.
    pub bracketed: bool,
}

impl Tail {
    pub(super) fn operator(&self) -> Operator {
        self.written.unwrap_or(Operator::Equal)
    }

    /// Whether no operator was written.
    pub(super) fn is_implied(&self) -> bool {
        self.written.is_none()
    }
}

/// A value as it was written.
#[derive(Clone, Debug)]
pub(super) struct Atom {
    /// Without quotes.
    pub text: String,
    pub style: AtomStyle,
    pub span: Range<usize>,
    /// The field of the selected record that it was taken from, for `$field`.
    pub from: Option<Name>,
}

/// How a value was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum AtomStyle {
    /// As a run of characters.
    Word,
    /// In quotes.
    Quoted,
    /// As the name of a field, in backquotes.
    Field,
    /// As `$` and a name.
    Dollar {
        /// Whether the name was in backquotes.
        quoted: bool,
    },
    /// As a regular expression between slashes, with the flags after it.
    Pattern(String),
}
