//! The orders that AWS gives, recognised by the shapes of the words of one line.

use super::fit::{Score, is_event_time};
use super::layouts::MAX_FIELDS;
use super::value;
use super::words::words;
use crate::schema::formats;
use crate::schema::{DEFAULT_FORMAT, FieldId, Value, id};

/// So many of the typed words of a line may be wrong and it still has the shape of an order.
const WRONG_ALLOWED: usize = 2;
/// So many words have to look as those of their fields do; the lines without traffic have as many.
const TYPICAL_NEEDED: usize = 4;

/// The order of a line, and how many words about an event it has before its record.
pub(crate) fn order(line: &str) -> Option<(usize, &'static [FieldId])> {
    let words = record_words(line);
    event_counts(&words).iter().find_map(|count| {
        let words = words.get(*count..)?;
        Some((*count, order_of(words)?))
    })
}

/// Whether a line is a record of the default format.
pub(crate) fn is_default(line: &str) -> bool {
    order(line) == Some((0, &DEFAULT_FORMAT))
}

/// The words of a line before a comment at its end.
pub(crate) fn record_words(line: &str) -> Vec<&str> {
    let words = words(line).take(MAX_FIELDS + 1);
    let words = words.take_while(|word| !word.starts_with('#'));
    words.collect()
}

/// How many of the first words may be about an event.
pub(crate) fn event_counts(words: &[&str]) -> &'static [usize] {
    match words.first() {
        Some(first) if is_event_time(first) => &[1, 2],
        _ => &[0],
    }
}

fn order_of(words: &[&str]) -> Option<&'static [FieldId]> {
    let same_length = formats::known()
        .iter()
        .filter(|order| order.len() == words.len());
    let mut best: Option<(Score, &[FieldId])> = None;
    for order in same_length {
        if **order == DEFAULT_FORMAT {
            return has_default_shape(words).then_some(order);
        }
        let Some(score) = Score::of(order, words) else {
            continue;
        };
        let is_better = |known: &Score| (score.wrong, known.typical) < (known.wrong, score.typical);
        if best.as_ref().is_none_or(|(known, _)| is_better(known)) {
            best = Some((score, order));
        }
    }
    let (score, order) = best?;
    (score.wrong <= WRONG_ALLOWED && score.typical >= TYPICAL_NEEDED).then_some(order)
}

/// Whether these are the words of the default format, version 2, where its numbers and addresses are. The others
/// may be anything, because few records have been more often altered by hand.
fn has_default_shape(words: &[&str]) -> bool {
    let wrong = DEFAULT_FORMAT.iter().zip(words).filter(|(field, word)| {
        let value = value::read(**field, word);
        let needed = [id::VERSION, id::START, id::END].contains(field);
        value.is_none() || needed && value == Some(Value::Missing)
    });
    wrong.count() <= WRONG_ALLOWED
}
