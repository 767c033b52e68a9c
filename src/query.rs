//! The filter language: text becomes a typed expression, and an expression becomes a mask of rows.
//!
//! `lex → parse → check → plan → evaluate`. Parsing never fails: it gives what it understood and
//! diagnostics with spans. What a missing value means is the rule people trip over: every comparison with
//! it is false, `!=` included, and so `not (…)` is true.

mod address;
mod bare;
mod begins;
mod check;
pub mod complete;
pub mod diagnostic;
mod evaluate;
pub mod expression;
mod foreign;
pub mod guide;
mod kernel;
mod lex;
mod line;
pub mod mask;
mod narrow;
pub mod operators;
mod parse;
mod plan;
mod print;
mod ranges;
mod row;
mod selected;
mod step;
mod suggest;
mod syntax;
#[cfg(test)]
pub(crate) mod tests;
pub mod time;
pub mod tokens;
mod value;

use std::sync::Arc;

pub use complete::{Candidate, Completion, complete};
pub use diagnostic::{Diagnostic, Severity};
pub use expression::Expression;
pub use mask::Mask;
pub use narrow::{narrow, term};
pub use operators::{OPERATORS, Operator};
pub use step::Step;
pub use tokens::{Token, tokens};

use crate::schema::FieldId;
use crate::store::{Catalog, Chunk, RowId, Source, Store};

/// The most bytes of a filter.
const TEXT_BYTES: usize = 64 << 10;

/// What a filter text may refer to.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The names of extra fields, and the words of all.
    pub catalog: &'a Catalog,
    /// The fields of the loaded files; a filter on another one gets a warning. Empty before anything is loaded.
    pub fields: &'a [FieldId],
    /// The loaded files; a filter on a field that was not read of one of them is wrong.
    pub sources: &'a [Source],
    /// [`Store::span`]: it says which day `17:00` is on.
    pub span: Option<(u64, u64)>,
    /// The record whose values `$srcaddr` and its like stand for, where there is one.
    pub selected: Option<Selected<'a>>,
    /// The filters that have a name, which `$name` stands for.
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

    /// What `store` gives, whose files have `fields`, without a selected record and without saved filters.
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

/// What became of a filter text.
#[derive(Clone, Debug, Default)]
pub struct Compiled {
    /// The filter; none where the text has an error or is not complete. An empty text selects all records.
    pub expression: Option<Arc<Expression>>,
    /// What is wrong or doubtful, in the order of the text.
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
    if text.len() > TEXT_BYTES {
        return Compiled {
            expression: None,
            diagnostics: vec![Diagnostic {
                severity: Severity::Error,
                span: 0..text.len(),
                message: format!("a filter has at most {TEXT_BYTES} bytes"),
                suggestion: None,
            }],
        };
    }
    let (syntax, mut diagnostics) = parse::parse(text, context.catalog, 0);
    let end = text.trim_end().len();
    let mut expression = None;
    match syntax {
        None if diagnostics.is_empty() => expression = Some(Expression::Everything),
        None => {}
        Some(syntax) => {
            let mut checker = check::Checker::new(context, end);
            expression = checker.check(&syntax);
            diagnostics.append(&mut checker.diagnostics);
        }
    }
    if expression
        .as_ref()
        .is_some_and(|expression| expression.depth() > parse::DEPTH)
    {
        diagnostics.push(Diagnostic {
            severity: Severity::Error,
            span: 0..end,
            message: parse::too_deep(),
            suggestion: None,
        });
    }
    diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
    for diagnostic in &mut diagnostics {
        diagnostic.on_one_line();
    }
    let sound = diagnostics
        .iter()
        .all(|diagnostic| diagnostic.severity == Severity::Warning);
    Compiled {
        expression: expression.filter(|_| sound).map(Arc::new),
        diagnostics,
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

    /// Which of the rows of `among` match; of the other rows of `chunk` it says anything.
    pub fn evaluate_among(&self, chunk: &Chunk, among: &Mask) -> Mask {
        evaluate::evaluate(&self.root, chunk, among)
    }
}
