//! The filter of a command: `--filter`, `--since` and `--until` as one expression, and its diagnostics.

use std::fmt;
use std::sync::Arc;

use unicode_width::UnicodeWidthStr;

use super::failure::Failure;
use super::failure::Problem;
use super::options::Reading;
use super::report;
use crate::config::StateFiles;
use crate::format;
use crate::query;
use crate::query::Context;
use crate::query::Diagnostic;
use crate::query::Expression;
use crate::query::Saved;
use crate::query::Severity;
use crate::query::TextFilter;
use crate::store::{Catalog, Store};

/// How many columns of a long filter are shown on either side of an error.
const AROUND: usize = 60;

/// The filter of `reading`, or none for all records.
pub(super) fn expression(
    reading: &Reading,
    store: &Store,
) -> Result<Option<Arc<Expression>>, Failure> {
    let fields = store.fields();
    let saved = saved(reading)?;
    let context = Context {
        saved: &saved,
        ..Context::of(store, &fields)
    };
    let mut expression = match &reading.filter {
        Some(text) if !text.trim().is_empty() => Some(compile("--filter", text, &context)?),
        _ => None,
    };
    for (option, keyword, time) in bounds(reading) {
        let term = bound(option, keyword, time)?;
        compile(option, &term, &context)?;
        let text = match &expression {
            Some(expression) => query::narrow(&expression.to_string(), &term),
            None => term,
        };
        expression = Some(compile(option, &text, &context)?);
    }
    Ok(expression)
}

/// The filter of `reading` where it needs nothing but the text of lines and there is nothing to say about it. It does
/// not depend on what the files have.
pub(super) fn text_filter(reading: &Reading) -> Option<TextFilter> {
    let text = reading.filter.as_deref().unwrap_or_default();
    if bounds(reading).next().is_some() {
        return None;
    }
    let catalog = Catalog::default();
    let compiled = query::compile(text, &Context::new(&catalog));
    let expression = compiled
        .expression
        .filter(|_| compiled.diagnostics.is_empty())?;
    TextFilter::new(&expression)
}

/// The saved filters, loaded only if the filter may refer to one.
pub(super) fn saved(reading: &Reading) -> Result<Vec<Saved>, Failure> {
    let filter = reading.filter.as_deref().unwrap_or_default();
    if !filter.contains('$') {
        return Ok(Vec::new());
    }
    let saved = StateFiles::from_environment().saved();
    let (saved, problems) = saved?;
    for problem in problems {
        report::warn(&problem.to_string());
    }
    Ok(saved)
}

/// The filter text for the explorer, which reports errors itself.
pub(super) fn text(reading: &Reading) -> Result<String, Failure> {
    let mut text = reading.filter.clone().unwrap_or_default();
    for (option, keyword, time) in bounds(reading) {
        text = query::narrow(&text, &bound(option, keyword, time)?);
    }
    Ok(text)
}

/// The time bounds: option, keyword of the filter language, and time.
fn bounds(reading: &Reading) -> impl Iterator<Item = (&'static str, &'static str, &str)> {
    let since = reading.since.iter();
    let until = reading.until.iter();
    let since = since.map(|time| ("--since", "since", time.as_str()));
    since.chain(until.map(|time| ("--until", "until", time.as_str())))
}

/// The filter term for a time bound. Rejects characters that cannot be part of a time.
fn bound(option: &str, keyword: &str, time: &str) -> Result<String, Failure> {
    let time = time.trim();
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-+:.".contains(c);
    // A date and a time separated by a space are one value.
    let joined = time.replacen(' ', "T", 1);
    if joined.is_empty() || !joined.chars().all(allowed) {
        return Err(Failure::at(option, Problem::NotATime(time.to_owned())));
    }
    Ok(format!("{keyword} {joined}"))
}

fn compile(option: &str, text: &str, context: &Context<'_>) -> Result<Arc<Expression>, Failure> {
    let compiled = query::compile(text, context);
    let errors = |d: &&Diagnostic| d.severity != Severity::Warning;
    let located = |diagnostic: &Diagnostic| FilterError {
        option: option.to_owned(),
        text: text.to_owned(),
        diagnostic: diagnostic.clone(),
    };
    if let Some(error) = compiled.diagnostics.iter().find(errors) {
        return Err(Failure::Filter(Box::new(located(error))));
    }
    for warning in &compiled.diagnostics {
        report::warn(&located(warning).to_string());
    }
    let expression = compiled.expression;
    expression.ok_or_else(|| Failure::at(option, Problem::NotAFilter))
}

/// A diagnostic on one line, and below it the filter with carets under the span.
#[derive(Clone, Debug)]
pub(super) struct FilterError {
    option: String,
    text: String,
    diagnostic: Diagnostic,
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentence = self.diagnostic.sentence();
        let pointer = pointer(&self.text, &self.diagnostic);
        write!(
            f,
            "{}: {}\n{pointer}",
            self.option,
            format::visible(&sentence)
        )
    }
}

/// The text around the span of `diagnostic`, and carets under the span.
fn pointer(text: &str, diagnostic: &Diagnostic) -> String {
    let cut = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    let start = diagnostic.span.start.min(text.len());
    let end = diagnostic.span.end.clamp(start, text.len());
    let (before, marked, after) = (cut(0, start), cut(start, end), cut(end, text.len()));
    let skipped = before.chars().count().saturating_sub(AROUND);
    let before: String = before.chars().skip(skipped).collect();
    let lead = if skipped > 0 { "…" } else { "" };
    let marked: String = marked.chars().take(AROUND).collect();
    let mut rest = after.chars();
    let after: String = rest.by_ref().take(AROUND).collect();
    let tail = if rest.next().is_some() { "…" } else { "" };
    let (before, marked) = (format::visible(&before), format::visible(&marked));
    let indent = lead.width() + before.width();
    let carets = "^".repeat(marked.width().max(1));
    let after = format::visible(&after);
    format!(
        "  {lead}{before}{marked}{after}{tail}\n  {:indent$}{carets}",
        ""
    )
}
