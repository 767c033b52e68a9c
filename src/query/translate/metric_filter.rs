//! Metric filters and filter patterns of `CloudWatch` Logs: `[version, account, eni, source, action="REJECT", …]` for
//! lines of words, `{ $.action = "REJECT" }` for JSON.

use crate::query::Context;
use crate::query::expression::Name;
use crate::query::lex::{self, Lexeme, LexemeKind};
use crate::query::operators::Operator;
use crate::query::parse;
use crate::query::print;
use crate::schema::{self, DEFAULT_FORMAT, FieldId, Storage};

/// The conditions of the words of a line, each as a filter; none if `text` is no such filter.
pub(super) fn terms(text: &str, context: &Context<'_>) -> Option<Vec<String>> {
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    let mut lexemes = lex::lex(inner);
    lexemes.retain(|lexeme| !matches!(lexeme.kind, LexemeKind::Space | LexemeKind::Comment));
    let items: Vec<&[Lexeme<'_>]> = lexemes
        .split(|lexeme| lexeme.kind == LexemeKind::Comma)
        .collect();
    let rest = items.iter().position(|item| is_rest(item));
    let mut conditions = Vec::new();
    for (index, item) in items.iter().enumerate() {
        if is_rest(item) || item.is_empty() {
            continue;
        }
        let place = match rest {
            // Behind the dots, words are counted from the end of the line.
            Some(rest) if index > rest => (DEFAULT_FORMAT.len() + index).checked_sub(items.len()),
            _ => Some(index),
        };
        let field = field(item, place, context)?;
        conditions.extend(condition(item, field, context)?);
    }
    Some(conditions)
}

/// Whether an item stands for any number of words.
fn is_rest(item: &[Lexeme<'_>]) -> bool {
    matches!(item, [dots] if dots.text == "...")
}

/// The field of an item: the one that it names, or else the one at its place in the default format.
fn field(item: &[Lexeme<'_>], place: Option<usize>, context: &Context<'_>) -> Option<FieldId> {
    let name = item.iter().find(|lexeme| lexeme.kind == LexemeKind::Word)?;
    let named = context.catalog.lookup(name.text);
    let named = named.or_else(|| parse::address_of_side(name.text));
    named.or_else(|| DEFAULT_FORMAT.get(place?).copied())
}

/// What stands for a condition such as `port = 22 || port = 80`; none inside where the item is only a name.
#[expect(clippy::option_option, reason = "the outer one is a failure")]
fn condition(item: &[Lexeme<'_>], field: FieldId, context: &Context<'_>) -> Option<Option<String>> {
    let mut out = String::new();
    let mut lexemes = item.iter().peekable();
    let mut is_either = false;
    while let Some(lexeme) = lexemes.next() {
        match (lexeme.kind, lexeme.operator()) {
            (LexemeKind::Open(_) | LexemeKind::Close(_), _) => out += lexeme.text,
            (_, Some(operator @ (Operator::And | Operator::Or))) => {
                is_either |= operator == Operator::Or;
                out.extend([" ", operator.symbol(), " "]);
            }
            (LexemeKind::Word, None) => {
                let Some(operator) = lexemes.peek().and_then(|next| next.operator()) else {
                    // Only a name.
                    return (item.len() == 1).then_some(None);
                };
                lexemes.next();
                let value = lexemes.next()?;
                out += &comparison(field, operator, value, context);
            }
            _ => return None,
        }
    }
    Some(Some(if is_either { format!("({out})") } else { out }))
}

fn comparison(
    field: FieldId,
    operator: Operator,
    value: &Lexeme<'_>,
    context: &Context<'_>,
) -> String {
    let value = match value.kind {
        LexemeKind::Quoted { .. } => value.quoted_text(),
        _ => value.text.to_owned(),
    };
    let is_equality = matches!(operator, Operator::Equal | Operator::NotEqual);
    if is_equality && !value.contains('*') {
        return print::term(context.catalog, field, &value, operator == Operator::Equal);
    }
    let name = Name::of(context.catalog, field);
    let is_glob = value.contains('*') || field.storage() != Storage::Word;
    let value = if is_glob { value } else { lex::quoted(&value) };
    format!("{name} {} {value}", operator.symbol())
}

/// The condition of a filter pattern for JSON, as a filter; none if `text` is no such pattern.
pub(super) fn of_json(text: &str) -> Option<String> {
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    if !inner.contains("$.") {
        return None;
    }
    let mut out = String::new();
    for lexeme in lex::lex(inner) {
        match lexeme.kind {
            LexemeKind::Dollar { .. } => {
                // The last part that names a field: `$.detail.srcAddr`.
                let name = lexeme.text.trim_start_matches(['$', '.']);
                let last = name.rsplit('.').next().unwrap_or(name);
                out += if schema::lookup(name).is_some() {
                    name
                } else {
                    last
                };
            }
            LexemeKind::Quoted { .. } if lexeme.text.contains('*') => out += &lexeme.quoted_text(),
            _ => out += lexeme.text,
        }
    }
    Some(out)
}
