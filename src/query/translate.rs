//! Translates texts that are whole queries of other tools: metric filters of `CloudWatch`, and queries of Logs Insights,
//! KQL and SQL. The translation is the suggestion of an error.

mod metric_filter;
#[cfg(test)]
mod tests;

use super::diagnostic::{Diagnostic, Problem};
use super::lex::{self, Lexeme, LexemeKind};
use super::{Context, compile_filter, narrow};

/// The words that begin a part of a query which selects records.
const SELECTING: [&str; 3] = ["filter", "where", "search"];

/// The words that begin another part of a query.
const COMMANDS: [&str; 35] = [
    "anomaly",
    "count",
    "dedup",
    "diff",
    "display",
    "distinct",
    "estimate",
    "eval",
    "extend",
    "fields",
    "fillmissing",
    "head",
    "join",
    "limit",
    "logcompare",
    "lookup",
    "order",
    "outlier",
    "parse",
    "pattern",
    "project",
    "relevantfields",
    "render",
    "select",
    "sessionize",
    "sort",
    "stats",
    "summarize",
    "table",
    "tail",
    "take",
    "timechart",
    "top",
    "topk",
    "unmask",
];

/// The words that end the condition of a query in SQL.
const AFTER_WHERE: [&str; 8] = [
    "group", "order", "limit", "having", "offset", "union", "window", "fetch",
];

/// The error about a text that is a whole query of another tool, with the filter to write instead; none for any other
/// text.
pub(super) fn query(text: &str, context: &Context<'_>) -> Option<Diagnostic> {
    let lexemes = lex::lex(text);
    let mut kept = lexemes.iter().filter(|lexeme| !is_blank(lexeme));
    let start = kept.next()?.span.start;
    let end = kept.next_back()?.span.end;
    let whole = text.get(start..end)?;
    let problem = if whole.starts_with('[') {
        let terms = metric_filter::terms(whole, context)?;
        translated("this is a metric filter", &terms, context)
    } else if whole.starts_with('{') {
        let terms = metric_filter::of_json(whole)?;
        translated("this is a metric filter", &[terms], context)
    } else {
        let conditions = conditions(whole)?;
        translated("this is a query, not only its filter", &conditions, context)
    };
    Some(problem.at(start..end))
}

/// The problem with a query whose conditions, each as a text, all have to hold.
fn translated(what: &str, conditions: &[String], context: &Context<'_>) -> Problem {
    let mut filter = String::new();
    for condition in conditions {
        let Some(expression) = compile_filter(condition, context).expression else {
            return Problem::new(format!(
                "{what}, and this part of it cannot be translated: {}",
                condition.trim()
            ));
        };
        filter = narrow(&filter, &expression.to_string());
    }
    if filter.is_empty() {
        return Problem::new(format!(
            "{what}, and it selects every record, as an empty filter does"
        ));
    }
    Problem::new(format!("{what}: write {filter}")).suggest(filter)
}

/// The conditions of a query: of a pipeline or of a statement in SQL; none if the text is neither.
fn conditions(text: &str) -> Option<Vec<String>> {
    let lexemes = lex::lex(text);
    let parts: Vec<&[Lexeme<'_>]> = lexemes.split(is_bar).collect();
    let first = first_word(parts.first()?)?;
    if first.eq_ignore_ascii_case("select") {
        return of_statement(text, &lexemes);
    }
    let is_command = |word: &str| {
        COMMANDS
            .iter()
            .any(|known| known.eq_ignore_ascii_case(word))
    };
    let is_selecting = |word: &str| {
        SELECTING
            .iter()
            .any(|known| known.eq_ignore_ascii_case(word))
    };
    // `display` and others are also names of services, and may be compared as columns.
    let begins_query =
        is_command(first) && words(parts.first()?) > 1 && !is_compared(parts.first()?);
    let mut rest = parts.iter().skip(1).filter_map(|part| first_word(part));
    if !begins_query && !rest.any(|word| is_command(word) || is_selecting(word)) {
        return None;
    }
    let mut conditions = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let Some(word) = first_word(part) else {
            continue;
        };
        if is_selecting(word) || index == 0 && !begins_query {
            // The name of a table may stand alone.
            if is_selecting(word) || words(part) > 1 {
                conditions.push(text_of(text, part, usize::from(is_selecting(word))));
            }
        }
    }
    Some(conditions)
}

/// The condition of a statement in SQL.
fn of_statement(text: &str, lexemes: &[Lexeme<'_>]) -> Option<Vec<String>> {
    let is = |lexeme: &Lexeme<'_>, words: &[&str]| {
        lexeme.kind == LexemeKind::Word && words.iter().any(|w| lexeme.text.eq_ignore_ascii_case(w))
    };
    if !lexemes.iter().any(|lexeme| is(lexeme, &["from"])) {
        return None;
    }
    let Some(at) = lexemes.iter().position(|lexeme| is(lexeme, &["where"])) else {
        return Some(Vec::new());
    };
    let rest = lexemes.get(at + 1..).unwrap_or_default();
    let end = rest
        .iter()
        .position(|lexeme| is(lexeme, &AFTER_WHERE) || lexeme.text == ";");
    let condition = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
    let condition = text_of(text, condition, 0);
    Some(vec![condition.trim_end_matches([';', ' ']).to_owned()])
}

fn is_bar(lexeme: &Lexeme<'_>) -> bool {
    lexeme.kind == LexemeKind::Stray && lexeme.text == "|"
}

fn is_blank(lexeme: &Lexeme<'_>) -> bool {
    matches!(lexeme.kind, LexemeKind::Space | LexemeKind::Comment)
}

fn first_word<'a>(part: &[Lexeme<'a>]) -> Option<&'a str> {
    let first = part.iter().find(|lexeme| !is_blank(lexeme))?;
    (first.kind == LexemeKind::Word).then_some(first.text)
}

fn words(part: &[Lexeme<'_>]) -> usize {
    part.iter().filter(|lexeme| !is_blank(lexeme)).count()
}

/// Whether an operator follows the first word.
fn is_compared(part: &[Lexeme<'_>]) -> bool {
    let second = part.iter().filter(|lexeme| !is_blank(lexeme)).nth(1);
    second.is_some_and(|second| second.operator().is_some())
}

/// The text of `part` after its first `skipped` words.
fn text_of(text: &str, part: &[Lexeme<'_>], skipped: usize) -> String {
    let mut kept = part.iter().filter(|lexeme| !is_blank(lexeme)).skip(skipped);
    let Some(first) = kept.next() else {
        return String::new();
    };
    let last = kept.last().unwrap_or(first);
    text.get(first.span.start..last.span.end)
        .unwrap_or_default()
        .to_owned()
}
