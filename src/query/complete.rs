//! What could be written at the cursor of a filter text.
//!
//! A word that nobody writes is put at the place of the cursor and the text is parsed as ever: where that word
//! ends up says what may stand there, and what stands around it is the rest of the filter.

mod list;
mod place;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::Arc;

use super::check::Checker;
use super::expression::Expression;
use super::lex::{self, Lexeme, Shape};
use super::print;
use super::value;
use super::{Context, MAX_TEXT_BYTES};
use crate::schema::{FieldId, Kind, Storage, id, protocol};
use list::List;
use place::{Asked, PROBE};

/// What could be written at the cursor.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Completion {
    /// The bytes of the text that a candidate takes the place of: the word before the cursor, and what is left
    /// of it behind.
    pub span: Range<usize>,
    /// What could stand there, the likeliest first.
    pub candidates: Vec<Candidate>,
    /// The field whose values could stand there too.
    pub values: Option<Wanted>,
    /// Whether the text is a whole filter without anything there.
    pub is_whole: bool,
}

/// Something that could be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What is written.
    pub text: String,
    /// What it is.
    pub sort: Sort,
    /// A word or a line about it; may be empty.
    pub help: String,
    /// How many records have the value, where that is known.
    pub count: Option<u64>,
}

/// What a candidate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// The name of a field.
    Field(FieldId),
    /// What compares a field.
    Operator,
    /// The beginning of a phrase, or a word of the language.
    Phrase,
    /// A saved filter.
    Saved,
    /// A value.
    Value,
}

/// Values that are wanted from the records.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// The field whose values they are.
    pub field: FieldId,
    /// The records that have them: those that the rest of the filter selects; none for all.
    pub rest: Option<Arc<Expression>>,
    /// What the values begin with, as far as it is typed.
    pub prefix: String,
}

/// What could be written at byte `cursor` of `text`. Nothing where the text is not one that could be read, or
/// in the middle of a comment or of a regular expression.
pub fn complete(text: &str, cursor: usize, context: &Context<'_>) -> Completion {
    let word = (text.len() <= MAX_TEXT_BYTES).then(|| Word::at(text, cursor));
    let Some(word) = word.flatten() else {
        return Completion {
            span: cursor..cursor,
            ..Completion::default()
        };
    };
    let asked = place::find(text, &word, context.catalog);
    let mut list = List::new(context, word.prefix.clone());
    let mut field = None;
    match &asked.asked {
        Asked::Filter => list.beginnings(),
        Asked::Joint => {
            list.joints();
            list.beginnings();
        }
        Asked::Field => {
            list.fields(true);
            list.fields(false);
        }
        Asked::Tail(name) => {
            list.operators(name.field.kind());
            field = Some(name.clone());
        }
        Asked::Side(name) => {
            list.ends();
            field = Some(name.clone());
        }
        Asked::Value(name) => field = Some(name.clone()),
        Asked::Window(operator) => list.window(*operator),
        Asked::Nothing => {}
    }
    if word.is_quoted {
        // In quotes there are values alone.
        list.candidates.clear();
    }
    let values = field.map(|name| {
        list.choices(name.field);
        Wanted {
            field: name.field,
            rest: rest(context, asked.rest.as_ref()),
            prefix: word.prefix.clone(),
        }
    });
    Completion {
        span: word.span,
        candidates: list.candidates,
        values,
        is_whole: asked.asked == Asked::Joint,
    }
}

/// The rest of the filter as far as it can be read.
fn rest(context: &Context<'_>, syntax: Option<&super::syntax::Syntax>) -> Option<Arc<Expression>> {
    let mut checker = Checker::new(context);
    let expression = checker.check(syntax?)?;
    (expression.depth() <= super::parse::MAX_DEPTH).then(|| Arc::new(expression))
}

/// A value of `field` that a flow log prints as `label`, as a candidate.
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
        sort: Sort::Value,
        help,
        count: Some(count),
    }
}

/// Whether a value of `field` that a flow log prints as `label` is one that `prefix` may become.
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
    // The end of an id is what people know of it.
    let inside = field.storage() == Storage::Word && prefix.len() > 2 && label.contains(prefix);
    starts(label) || inside || label.parse().is_ok_and(named)
}

/// The word that the cursor is in or behind.
pub(super) struct Word {
    /// Which bytes it has.
    pub(super) span: Range<usize>,
    /// Its text before the cursor, without a quote.
    prefix: String,
    is_quoted: bool,
}

impl Word {
    /// None in a comment or in a regular expression.
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
        match lexeme.shape {
            Shape::Comment | Shape::Pattern { .. } | Shape::Stray => None,
            Shape::Word => {
                // `dport:44` is a field and the beginning of a value.
                let typed = before.get(lexeme.span.start..).unwrap_or_default();
                match typed
                    .split_once(':')
                    .filter(|(name, _)| place::is_head(name))
                {
                    Some((name, _)) => plain(lexeme, name.len() + 1),
                    None => plain(lexeme, 0),
                }
            }
            Shape::Dollar { .. } => plain(lexeme, 0),
            Shape::Quoted { closed } => {
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
            Shape::Name { .. }
            | Shape::Space
            | Shape::Symbol(_)
            | Shape::Open(_)
            | Shape::Close(_)
            | Shape::Comma => nothing(),
        }
    }

    /// What stands in the text before it.
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

/// Whether `field` may be completed with values of the records: numbers that hardly two records share may not.
pub fn has_listable_values(field: FieldId) -> bool {
    !matches!(field.kind(), Kind::Time | Kind::Duration)
        && !matches!(
            field,
            id::BYTES | id::PACKETS | id::LINE | id::BPS | id::PPS | id::BPP
        )
}
