//! Completion at the cursor of a filter text.
//!
//! A probe word that no filter contains is inserted at the cursor and the text is parsed as usual. The place of the
//! probe in the syntax tree determines what can be written there; the rest of the tree is the rest of the filter.

mod candidates;
mod partial_address;
mod slot;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::Arc;

use crate::query::check::Checker;
use crate::query::expression::{Expression, Name};
use crate::query::lex::{self, Lexeme, LexemeKind};
use crate::query::print;
use crate::query::value;
use crate::query::{Context, MAX_TEXT_BYTES};
use crate::schema::{FieldId, Kind, Storage, id, protocol};
use crate::store::Catalog;
pub use partial_address::may_be_partial_address;

use candidates::CandidateList;
use slot::{PROBE, Slot};

/// The candidates at the cursor.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Completion {
    /// The bytes that a candidate replaces: the word at the cursor.
    pub span: Range<usize>,
    /// Most likely first.
    pub candidates: Vec<Candidate>,
    /// The field whose values are candidates too.
    pub values: Option<WantedValues>,
    /// Whether the text is a complete filter without a candidate.
    pub is_whole: bool,
}

/// A text that completes the word at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub(crate) text: String,
    pub(crate) kind: CandidateKind,
    /// A short description; may be empty.
    pub help: String,
    /// How many records have the value, if known.
    pub count: Option<u64>,
}

/// The kind of a candidate, for its color and its help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CandidateKind {
    /// A field name.
    Field(FieldId),
    /// An operator after a field.
    Operator,
    /// The start of a phrase, or a keyword.
    Phrase,
    /// A saved filter, `$name`.
    Saved,
    /// A value of the field at the cursor.
    Value,
}

/// A request for values from the records.
#[derive(Clone, Debug, PartialEq)]
pub struct WantedValues {
    pub(crate) field: FieldId,
    /// The rest of the filter, which selects the records; none for all records.
    pub rest: Option<Arc<Expression>>,
    /// The text of the values typed so far.
    pub prefix: String,
}

/// The completion at byte `cursor` of `text`. Empty in comments and regular expressions, and where the text is too
/// long.
pub fn complete(text: &str, cursor: usize, context: &Context<'_>) -> Completion {
    let word = (text.len() <= MAX_TEXT_BYTES).then(|| Word::at(text, cursor));
    let Some(word) = word.flatten() else {
        return Completion {
            span: cursor..cursor,
            ..Completion::default()
        };
    };
    let found = slot::find(text, &word, context.catalog);
    let mut list = CandidateList::new(context, word.prefix.clone());
    let mut field = None;
    match &found.slot {
        Slot::Filter => {
            list.beginnings();
            field = bare_field(&word.prefix, context.catalog);
        }
        Slot::Joint => {
            list.joints();
            list.beginnings();
            field = bare_field(&word.prefix, context.catalog);
        }
        Slot::Field => {
            list.fields(true);
            list.fields(false);
        }
        Slot::Tail(name) => {
            list.operators(name.field.kind());
            field = Some(name.clone());
        }
        Slot::Side(name) => {
            list.ends();
            field = Some(name.clone());
        }
        Slot::Value(name) => field = Some(name.clone()),
        Slot::Window(operator) => list.window(*operator),
        Slot::Nothing => {}
    }
    if word.is_quoted {
        // Only values are in quotes.
        list.candidates.clear();
    }
    let values = field.map(|name| {
        list.choices(name.field);
        WantedValues {
            field: name.field,
            rest: rest(context, found.rest.as_ref()),
            prefix: word.prefix.clone(),
        }
    });
    Completion {
        span: word.span,
        candidates: list.candidates,
        values,
        is_whole: found.slot == Slot::Joint,
    }
}

/// The field whose values complete a word that begins a filter: an address, or a port if the number is too large for
/// an octet.
fn bare_field(prefix: &str, catalog: &Catalog) -> Option<Name> {
    let field = if partial_address::looks_like_start(prefix) {
        id::ADDR
    } else if !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit()) {
        id::PORT
    } else {
        return None;
    };
    Some(Name::of(catalog, field))
}

/// The rest of the filter, if it is valid.
fn rest(
    context: &Context<'_>,
    syntax: Option<&crate::query::syntax::Syntax>,
) -> Option<Arc<Expression>> {
    let mut checker = Checker::new(context);
    let expression = checker.check(syntax?)?;
    (expression.depth() <= crate::query::parse::MAX_DEPTH).then(|| Arc::new(expression))
}

/// The candidate for a value of `field` that a flow log prints as `label`.
pub fn value(field: FieldId, label: &str, count: u64) -> Candidate {
    let number = label.parse().ok();
    let (text, help) = match (field.kind(), number) {
        (Kind::Protocol, Some(number)) => {
            let text = protocol::name(number).filter(|name| protocol::number(name).is_some());
            (
                text.map_or_else(|| label.to_owned(), str::to_owned),
                label.to_owned(),
            )
        }
        (Kind::Port, Some(port)) => (
            label.to_owned(),
            protocol::service(port).unwrap_or_default().to_owned(),
        ),
        (Kind::Flags, Some(mask)) => (value::flag_names(mask), label.to_owned()),
        (Kind::Time, Some(time)) => (label.to_owned(), crate::format::iso(time)),
        _ if field.storage() == Storage::Word => {
            (print::word_text(field.kind(), label), String::new())
        }
        _ => (label.to_owned(), String::new()),
    };
    Candidate {
        text,
        kind: CandidateKind::Value,
        help,
        count: Some(count),
    }
}

/// Whether `prefix` may become the value of `field` that a flow log prints as `label`.
pub fn begins(field: FieldId, label: &str, prefix: &str) -> bool {
    if prefix.is_empty() {
        return true;
    }
    let starts = |text: &str| {
        let head = text.get(..prefix.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(prefix))
    };
    let named = |number: u64| match field.kind() {
        Kind::Protocol => protocol::name(number).is_some_and(starts),
        Kind::Port => protocol::service(number).is_some_and(starts),
        Kind::Flags => starts(&value::flag_names(number)),
        _ => false,
    };
    // Users often have only the end of an ID.
    let inside = field.storage() == Storage::Word && prefix.len() > 2 && label.contains(prefix);
    starts(label) || inside || label.parse().is_ok_and(named)
}

/// The word at the cursor.
pub(super) struct Word {
    pub(super) span: Range<usize>,
    /// Its text before the cursor, without a quote.
    prefix: String,
    is_quoted: bool,
}

impl Word {
    /// None in comments and regular expressions.
    fn at(text: &str, cursor: usize) -> Option<Self> {
        let before = text.get(..cursor)?;
        let lexemes = lex::lex(text);
        let touching = lexemes
            .iter()
            .find(|lexeme| lexeme.span.start < cursor && cursor <= lexeme.span.end);
        let plain = |lexeme: &Lexeme<'_>, skipped: usize| {
            let start = lexeme.span.start + skipped;
            Some(Self {
                span: start..lexeme.span.end,
                prefix: before.get(start..).unwrap_or_default().to_owned(),
                is_quoted: false,
            })
        };
        let nothing = || {
            Some(Self {
                span: cursor..cursor,
                prefix: String::new(),
                is_quoted: false,
            })
        };
        let Some(lexeme) = touching else {
            return nothing();
        };
        match lexeme.kind {
            LexemeKind::Comment | LexemeKind::Pattern { .. } | LexemeKind::Stray => None,
            LexemeKind::Word => {
                // `dport:44` is a field and the start of a value.
                let typed = before.get(lexeme.span.start..).unwrap_or_default();
                match typed
                    .split_once(':')
                    .filter(|(name, _)| slot::is_head(name))
                {
                    Some((name, _)) => plain(lexeme, name.len() + 1),
                    None => plain(lexeme, 0),
                }
            }
            LexemeKind::Dollar { .. } => plain(lexeme, 0),
            LexemeKind::Quoted { closed } => {
                if closed && cursor == lexeme.span.end {
                    return nothing();
                }
                let quote = lexeme.span.start + 1;
                Some(Self {
                    span: lexeme.span.clone(),
                    prefix: before.get(quote..).unwrap_or_default().to_owned(),
                    is_quoted: true,
                })
            }
            LexemeKind::Name { .. }
            | LexemeKind::Space
            | LexemeKind::Symbol(_)
            | LexemeKind::Open(_)
            | LexemeKind::Close(_)
            | LexemeKind::Comma => nothing(),
        }
    }

    /// The text before it.
    pub(super) fn before<'a>(&self, text: &'a str) -> &'a str {
        text.get(..self.span.start).unwrap_or_default()
    }

    /// The text with the probe in its place.
    pub(super) fn probed(&self, text: &str) -> String {
        let after = text.get(self.span.end..).unwrap_or_default();
        let before = self.before(text);
        // A colon belongs to the field before it.
        let glue = if before.ends_with(':') { "" } else { " " };
        format!("{before}{glue}{PROBE} {after}")
    }
}

/// Whether `field` is completed with values from the records. Numbers that hardly repeat are not.
pub fn has_listable_values(field: FieldId) -> bool {
    !matches!(field.kind(), Kind::Time | Kind::Duration)
        && !matches!(
            field,
            id::BYTES | id::PACKETS | id::LINE | id::BPS | id::PPS | id::BPP
        )
}
