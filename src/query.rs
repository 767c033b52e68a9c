//! The filter language: text becomes a typed expression, and an expression becomes a mask of rows.
//!
//! `lex → parse → check → plan → evaluate`. Parsing never fails: it returns what it understood, and
//! diagnostics with spans. Mind missing values: every comparison with one is false, `!=` included, and so
//! `not (…)` is true.

mod address;
mod bare;
mod check;
pub mod complete;
pub mod diagnostic;
mod evaluate;
pub mod expression;
pub mod guide;
mod kernel;
mod lex;
pub mod mask;
mod narrow;
pub mod operators;
mod other_dialects;
mod parse;
pub mod pattern;
mod plan;
mod print;
mod ranges;
mod refinement;
mod selected;
mod start_range;
mod suggest;
mod syntax;
#[cfg(test)]
pub(crate) mod tests;
mod text_filter;
pub mod time;
pub(crate) mod tokens;
mod translate;
mod value;

use std::sync::Arc;

pub use complete::{Candidate, Completion, complete};
pub use diagnostic::{Diagnostic, Severity};
pub use expression::Expression;
pub use mask::Mask;
pub use narrow::{narrow, widen, without};
pub use operators::{OPERATORS, Operator};
pub use print::term;
pub use refinement::Refinement;
pub use text_filter::TextFilter;
pub(crate) use time::read_time;
pub use tokens::{Token, tokens};

use crate::query::diagnostic::Problem;
use crate::schema::FieldId;
use crate::store::{Catalog, Chunk, RowId, Source, Store};

/// The most bytes of a filter.
const MAX_TEXT_BYTES: usize = 64 << 10;

/// What a filter text may refer to.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The names of extra fields, and the words of all.
    pub catalog: &'a Catalog,
    /// The fields of the loaded files; a filter on another one gets a warning. Empty before anything is loaded.
    pub fields: &'a [FieldId],
    /// The loaded files; a filter on a field that could not be read from one of them is an error.
    pub sources: &'a [Source],
    /// [`Store::span`], which tells the day that `17:00` is on.
    pub span: Option<(u64, u64)>,
    /// The record that `$srcaddr` takes its value from.
    pub selected: Option<Selected<'a>>,
    /// The named filters that `$name` refers to.
    pub saved: &'a [Saved],
}

impl<'a> Context<'a> {
    /// Before anything is loaded, without saved filters.
    pub fn new(catalog: &'a Catalog) -> Self {
        Self {
            catalog,
            fields: &[],
            sources: &[],
            span: None,
            selected: None,
            saved: &[],
        }
    }

    /// A filter on `store`, whose files have `fields`, without a selected record or saved filters.
    pub fn of(store: &'a Store, fields: &'a [FieldId]) -> Self {
        Self {
            fields,
            sources: store.sources(),
            span: store.span(),
            ..Self::new(&store.catalog)
        }
    }
}

/// The record of the cursor.
#[derive(Clone, Copy, Debug)]
pub struct Selected<'a> {
    /// The store that it is in.
    pub store: &'a Store,
    /// Its row there.
    pub row: RowId,
}

/// A filter that has a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The name, without the `$`.
    pub name: String,
    /// The filter, as it was typed.
    pub text: String,
}

/// The result of reading a filter text.
#[derive(Clone, Debug, Default)]
pub struct Compiled {
    /// The filter; none where the text has an error or is incomplete. An empty text selects all records.
    pub expression: Option<Arc<Expression>>,
    /// Problems and warnings, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// An expression made ready for the chunks of one store: no names, no strings.
#[derive(Clone, Debug)]
pub struct Plan {
    root: plan::Node,
}

/// A number of bytes as people write it: `1500`, `2GB`, `512MiB`.
pub fn size(text: &str) -> Option<u64> {
    value::number(text).ok()
}

/// Reads a filter text.
pub fn compile(text: &str, context: &Context<'_>) -> Compiled {
    if text.len() > MAX_TEXT_BYTES {
        let problem = Problem::new(format!("a filter has at most {MAX_TEXT_BYTES} bytes"));
        return Compiled {
            expression: None,
            diagnostics: vec![problem.at(0..text.len())],
        };
    }
    if let Some(diagnostic) = translate::query(text, context) {
        let mut diagnostics = vec![diagnostic];
        mark_incomplete(text, &mut diagnostics);
        diagnostics.iter_mut().for_each(Diagnostic::tidy);
        return Compiled {
            expression: None,
            diagnostics,
        };
    }
    compile_filter(text, context)
}

/// As [`compile`], for a text that is no query of another tool.
fn compile_filter(text: &str, context: &Context<'_>) -> Compiled {
    let (syntax, mut diagnostics) = parse::parse(text, context.catalog, 0);
    let mut expression = None;
    match syntax {
        None if diagnostics.is_empty() => expression = Some(Expression::Everything),
        None => {}
        Some(syntax) => {
            let mut checker = check::Checker::new(context);
            checker.end = Some(text.trim_end().len());
            expression = checker.check(&syntax);
            diagnostics.append(&mut checker.diagnostics);
        }
    }
    mark_incomplete(text, &mut diagnostics);
    if expression
        .as_ref()
        .is_some_and(|expression| expression.depth() > parse::MAX_DEPTH)
    {
        diagnostics.push(Problem::new(parse::too_deep()).at(0..text.trim_end().len()));
    }
    diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
    for diagnostic in &mut diagnostics {
        diagnostic.tidy();
    }
    let is_filter = diagnostics
        .iter()
        .all(|diagnostic| diagnostic.severity == Severity::Warning);
    Compiled {
        expression: expression.filter(|_| is_filter).map(Arc::new),
        diagnostics,
    }
}

/// A problem that touches the cursor at the end of the text may go away as typing goes on, so it is incomplete; any
/// other one is an error.
fn mark_incomplete(text: &str, diagnostics: &mut [Diagnostic]) {
    let end = text.trim_end().len();
    let can_grow = lex::can_grow(text);
    for diagnostic in diagnostics {
        let touches = diagnostic.span.end >= end && (can_grow || diagnostic.span.is_empty());
        if touches && diagnostic.severity == Severity::Error {
            diagnostic.severity = Severity::Incomplete;
        }
    }
}

impl Plan {
    /// Makes `expression` ready for the chunks of `store`. The dictionaries may have grown when a later
    /// snapshot is asked, so a plan is made for each snapshot.
    pub fn new(expression: &Expression, store: &Store) -> Self {
        Self {
            root: plan::plan(expression, store),
        }
    }

    /// The rows of `chunk` that match.
    pub fn evaluate(&self, chunk: &Chunk) -> Mask {
        self.evaluate_among(chunk, &Mask::All)
    }

    /// The rows of `among` that match; bits of other rows of `chunk` are unspecified.
    pub fn evaluate_among(&self, chunk: &Chunk, among: &Mask) -> Mask {
        evaluate::evaluate(&self.root, chunk, among)
    }
}
