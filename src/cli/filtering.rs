//! The filter of a command: `--filter`, `--since` and `--until` as one expression, and what is wrong with them.

use std::sync::Arc;

use unicode_width::UnicodeWidthStr;

use super::failure::Failure;
use super::options::Reading;
use super::report;
use crate::config::Places;
use crate::format;
use crate::query;
use crate::query::Context;
use crate::query::Diagnostic;
use crate::query::Expression;
use crate::query::Saved;
use crate::query::Severity;
use crate::store::Store;

/// How many columns of a long filter are shown on either side of what is wrong.
const AROUND: usize = 60;

/// The records that `reading` asks for, or none for all of them.
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

/// The filters that have a name, where the filter speaks of names; else they are none of its business.
fn saved(reading: &Reading) -> Result<Vec<Saved>, Failure> {
    let filter = reading.filter.as_deref().unwrap_or_default();
    if !filter.contains('$') {
        return Ok(Vec::new());
    }
    let saved = Places::from_environment().saved();
    let (saved, faults) = saved.map_err(Failure::Message)?;
    for fault in faults {
        report::warn(&fault);
    }
    Ok(saved)
}

/// The filter as it stands in the filter bar of the explorer, which says itself what is wrong with it.
pub(super) fn text(reading: &Reading) -> Result<String, Failure> {
    let mut text = reading.filter.clone().unwrap_or_default();
    for (option, keyword, time) in bounds(reading) {
        text = query::narrow(&text, &bound(option, keyword, time)?);
    }
    Ok(text)
}

/// The bounds in time: the option, the word of the filter language, and the time.
fn bounds(reading: &Reading) -> impl Iterator<Item = (&'static str, &'static str, &str)> {
    let since = reading.since.iter();
    let until = reading.until.iter();
    let since = since.map(|time| ("--since", "since", time.as_str()));
    since.chain(until.map(|time| ("--until", "until", time.as_str())))
}

/// The filter term for a bound in time. Only what a time is written with gets into it.
fn bound(option: &str, keyword: &str, time: &str) -> Result<String, Failure> {
    let time = time.trim();
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-+:.".contains(c);
    // A date and a time with a space between them are one value.
    let joined = time.replacen(' ', "T", 1);
    if joined.is_empty() || !joined.chars().all(allowed) {
        return Err(Failure::Message(format!(
            "not a time: {option} {}: write epoch seconds, 2026-11-23T02:23, 02:23 or -15m",
            format::visible(time)
        )));
    }
    Ok(format!("{keyword} {joined}"))
}

fn compile(option: &str, text: &str, context: &Context<'_>) -> Result<Arc<Expression>, Failure> {
    let compiled = query::compile(text, context);
    let errors = |d: &&Diagnostic| d.severity != Severity::Warning;
    if let Some(error) = compiled.diagnostics.iter().find(errors) {
        return Err(Failure::Message(explain(option, text, error)));
    }
    for warning in &compiled.diagnostics {
        report::warn(&explain(option, text, warning));
    }
    compiled.expression.ok_or_else(|| {
        Failure::Message(format!("not a filter: {option} {}", format::visible(text)))
    })
}

/// What is wrong, on one line; under it the text, with a caret under the place.
fn explain(option: &str, text: &str, diagnostic: &Diagnostic) -> String {
    let sentence = diagnostic.sentence();
    let sentence = format::visible(&sentence);
    format!("{option}: {sentence}\n{}", pointer(text, diagnostic))
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
