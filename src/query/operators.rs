//! The operators of the filter language: one table that the lexer, the parser, help and completion read.

#[cfg(test)]
mod tests;

use crate::schema::Kind;

/// The meaning of an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// Both sides hold.
    And,
    /// One side holds, or both.
    Or,
    /// The operand does not hold.
    Not,
    /// The field is the value.
    Equal,
    /// The field has a value other than this one.
    NotEqual,
    /// The field is greater than the value.
    Greater,
    /// The field is the value or greater.
    GreaterOrEqual,
    /// The field is less than the value.
    Less,
    /// The field is the value or less.
    LessOrEqual,
    /// The field is one of a set.
    In,
    /// The field is one of two values, or lies between them.
    Between,
    /// The field contains the text.
    Contains,
    /// A regular expression matches in the field.
    Matches,
    /// The field has a value, and a regular expression does not match in it.
    NotMatches,
    /// `contains` for a string, `matches` for a regular expression.
    Like,
    /// All of the flags are set.
    Has,
    /// At least one of the flags is set.
    HasAny,
    /// The field has a value.
    Exists,
    /// The field has no value.
    Missing,
    /// The record starts at this time or later.
    Since,
    /// The record starts before this time.
    Until,
    /// The record ends in the last part of the loaded data.
    Last,
    /// The record starts in the first part of the loaded data.
    First,
    /// That time lies between start and end of the record.
    At,
}

/// The position of an operator in a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperatorPosition {
    /// Between two filters: `a and b`.
    Joining,
    /// Before a filter: `not a`.
    Negating,
    /// Between a field and a value: `dstport == 22`.
    Comparing,
    /// Before a field: `exists srcaddr`.
    BeforeField,
    /// After a field: `srcaddr is missing`.
    AfterField,
    /// Before a time or a duration: `last 15m`.
    BeforeTime,
}

/// One row of the table of operators.
#[derive(Clone, Copy, Debug)]
pub struct OperatorDef {
    pub(crate) operator: Operator,
    /// All spellings, the canonical form first.
    pub spellings: &'static [&'static str],
    pub(crate) position: OperatorPosition,
    /// Whether it applies to fields of a kind.
    pub(crate) accepts: fn(Kind) -> bool,
    /// One line, for help and documents.
    pub help: &'static str,
}

/// Every operator, in the order in which help shows them.
#[rustfmt::skip]
pub const OPERATORS: &[OperatorDef] = &[
    row(Operator::Equal, &["==", "=", "eq", "is"], OperatorPosition::Comparing, any, "equals the value; the default where no operator is written"),
    row(Operator::NotEqual, &["!=", "<>", "ne"], OperatorPosition::Comparing, any, "has a value other than this one"),
    row(Operator::Greater, &[">", "gt"], OperatorPosition::Comparing, ordered, "is greater than the value, or later"),
    row(Operator::GreaterOrEqual, &[">=", "ge"], OperatorPosition::Comparing, ordered, "is the value or greater, or later"),
    row(Operator::Less, &["<", "lt"], OperatorPosition::Comparing, ordered, "is less than the value, or earlier"),
    row(Operator::LessOrEqual, &["<=", "le"], OperatorPosition::Comparing, ordered, "is the value or less, or earlier"),
    row(Operator::In, &["in"], OperatorPosition::Comparing, any, "is in a set of values, ranges or networks: {22, 8000..8010}; `not in` for outside of it"),
    row(Operator::Between, &["between"], OperatorPosition::Comparing, ordered, "is between two values, both included: between 20 and 25"),
    row(Operator::Contains, &["contains"], OperatorPosition::Comparing, worded, "contains the text"),
    row(Operator::Matches, &["matches", "~", "=~"], OperatorPosition::Comparing, worded, "matches a regular expression: /…/ or /…/i"),
    row(Operator::NotMatches, &["!~"], OperatorPosition::Comparing, worded, "has a value that does not match a regular expression"),
    row(Operator::Like, &["like"], OperatorPosition::Comparing, worded, "contains a \"string\" or matches a /regular expression/"),
    row(Operator::Has, &["has"], OperatorPosition::Comparing, flags, "has all of these flags: has syn+ack"),
    row(Operator::HasAny, &["hasany", "&"], OperatorPosition::Comparing, flags, "has at least one of these flags"),
    row(Operator::Exists, &["exists"], OperatorPosition::BeforeField, any, "has a value"),
    row(Operator::Missing, &["is missing"], OperatorPosition::AfterField, any, "has no value (`-` in the file); `is not missing` for the opposite"),
    row(Operator::And, &["and", "&&"], OperatorPosition::Joining, any, "both hold; two filters side by side mean the same"),
    row(Operator::Or, &["or", "||"], OperatorPosition::Joining, any, "at least one holds; binds less tightly than `and`"),
    row(Operator::Not, &["not", "!"], OperatorPosition::Negating, any, "does not hold; also true where the value is missing"),
    row(Operator::Since, &["since"], OperatorPosition::BeforeTime, time, "starts at this time or later"),
    row(Operator::Until, &["until"], OperatorPosition::BeforeTime, time, "starts before this time"),
    row(Operator::At, &["at"], OperatorPosition::BeforeTime, time, "this time is between start and end"),
    row(Operator::Last, &["last"], OperatorPosition::BeforeTime, time, "ends within the last part of the data: last 15m"),
    row(Operator::First, &["first"], OperatorPosition::BeforeTime, time, "starts within the first part of the data: first 1h"),
];

const fn row(
    operator: Operator,
    spellings: &'static [&'static str],
    position: OperatorPosition,
    accepts: fn(Kind) -> bool,
    help: &'static str,
) -> OperatorDef {
    OperatorDef {
        operator,
        spellings,
        position,
        accepts,
        help,
    }
}

fn any(_: Kind) -> bool {
    true
}

fn ordered(kind: Kind) -> bool {
    match kind {
        Kind::Address
        | Kind::Port
        | Kind::Protocol
        | Kind::Number
        | Kind::Time
        | Kind::Duration => true,
        Kind::Flags | Kind::Choice(_) | Kind::Text => false,
    }
}

fn worded(kind: Kind) -> bool {
    matches!(kind, Kind::Choice(_) | Kind::Text)
}

fn flags(kind: Kind) -> bool {
    kind == Kind::Flags
}

fn time(kind: Kind) -> bool {
    kind == Kind::Time
}

impl Operator {
    /// The row in [`OPERATORS`].
    ///
    /// # Panics
    ///
    /// Never: every operator has a row, which a test checks.
    pub fn def(self) -> &'static OperatorDef {
        OPERATORS
            .iter()
            .find(|def| def.operator == self)
            .expect("every operator has a row")
    }

    /// The canonical spelling.
    pub fn symbol(self) -> &'static str {
        self.def().spellings[0]
    }
}

/// The operator that a whole word means, in any case.
pub fn word(text: &str) -> Option<Operator> {
    let spelled = |def: &&OperatorDef| def.spellings.iter().any(|s| s.eq_ignore_ascii_case(text));
    OPERATORS.iter().find(spelled).map(|def| def.operator)
}

/// The longest operator made of punctuation that `text` begins with, and its length in bytes.
pub(super) fn symbol(text: &str) -> Option<(Operator, usize)> {
    let spellings = |def: &'static OperatorDef| def.spellings.iter().map(|s| (def.operator, *s));
    OPERATORS
        .iter()
        .flat_map(spellings)
        .filter(|(_, s)| !s.starts_with(|c: char| c.is_ascii_alphabetic()) && text.starts_with(s))
        .max_by_key(|(_, s)| s.len())
        .map(|(operator, s)| (operator, s.len()))
}
