//! What the parser makes of a text: the shape of the filter, with values still as text.

use std::ops::Range;

use crate::query::expression::Name;
use crate::query::operators::Operator;

/// A part of a filter whose values have not been read yet.
#[derive(Debug)]
pub(super) enum Syntax {
    /// Joined by `and`, written or implied.
    All(Vec<Self>),
    /// Joined by `or`.
    Any(Vec<Self>),
    /// Negated.
    Not(Box<Self>),
    /// In parentheses: a direction that was said inside is forgotten outside.
    Group(Box<Self>),
    /// Something said of a field, a direction or a protocol.
    Phrase(Phrase),
    /// A value that stands alone.
    Bare(Atom),
    /// A text to find anywhere in the line.
    Text(Atom),
    /// `$name` where a filter could stand.
    Saved(Atom),
    /// `exists field`.
    Exists(Subject),
    /// `since`, `until`, `at`, `last` and `first`.
    Window(Operator, Atom),
}

/// `tcp dst port in {22, 80}`.
#[derive(Debug)]
pub(super) struct Phrase {
    /// A protocol that was said with it.
    pub protocol: Option<u64>,
    /// What it is about.
    pub subject: Subject,
    /// What it says.
    pub tail: Tail,
}

/// What a phrase is about.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    /// The field or the direction.
    pub target: Target,
    /// Where it stands.
    pub span: Range<usize>,
}

/// A field, or a direction that becomes one.
#[derive(Clone, Debug)]
pub(super) enum Target {
    /// A field; `net` lets one to three octets be a network.
    Field {
        /// Which.
        name: Name,
        /// Whether it was called `net`.
        net: bool,
    },
    /// The addresses or the ports of one direction or of both.
    Side(Side, Option<EndpointKind>),
}

/// Which end of a flow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Side {
    /// Either.
    #[default]
    Either,
    /// The source.
    Source,
    /// The destination.
    Destination,
    /// Both.
    Both,
}

/// Which value of the endpoint of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EndpointKind {
    Address,
    /// An address, where one to three octets are a network: `net 10`.
    Network,
    Port,
}

/// What a phrase says of its subject.
#[derive(Clone, Debug)]
pub(super) struct Tail {
    /// The operator; [`Operator::Equal`] where none was written.
    pub operator: Operator,
    /// Whether none was written.
    pub implied: bool,
    /// Whether `not` stands before it: `not in`, `is not`.
    pub negated: bool,
    /// Where the operator stands, or the subject where none was written.
    pub span: Range<usize>,
    /// The values, one at least but for [`Operator::Missing`].
    pub values: Vec<Atom>,
    /// Whether they stood in brackets.
    pub bracketed: bool,
}

/// A value as it was written.
#[derive(Clone, Debug)]
pub(super) struct Atom {
    /// Its text, without quotes.
    pub text: String,
    /// How it was written.
    pub style: AtomStyle,
    /// Where it stands.
    pub span: Range<usize>,
    /// The field of the selected record whose value it is, where `$` and its name were written.
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
        /// Whether the name stood in backquotes.
        quoted: bool,
    },
    /// As a regular expression between slashes, with the letters behind them.
    Pattern(String),
}
