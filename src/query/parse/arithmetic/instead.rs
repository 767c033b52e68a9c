//! What to write instead of a calculation: the field that has its result, or the number that it equals.

use std::ops::Range;

use super::read::{Calculation, Reader, Term};
use crate::query::operators::{self, Operator};
use crate::query::value;
use crate::schema::{FieldId, Kind};
use crate::store::Catalog;

/// Calculations whose result is a field, and the factor from their unit to the unit of the field.
const FIELDS: [(&str, &str, u64); 9] = [
    ("end-start", "duration", 1),
    ("bytes/packets", "bpp", 1),
    ("packets/duration", "pps", 1),
    ("packets/(end-start)", "pps", 1),
    ("bytes/duration", "bps", BITS),
    ("bytes/(end-start)", "bps", BITS),
    ("bytes*8/duration", "bps", 1),
    ("bytes*8/(end-start)", "bps", 1),
    ("8*bytes/duration", "bps", 1),
];

/// Bits per byte.
const BITS: u64 = 8;

/// What the result of a calculation is for.
#[derive(Clone, Copy, Debug)]
pub(super) enum About {
    Nothing,
    Value(Kind),
    /// A value that a field is compared with.
    Compared {
        field: FieldId,
        operator: Operator,
        /// The first byte of the field.
        from: usize,
    },
}

impl About {
    /// Whether it is compared with `<` or `>`, so that a range cannot be meant.
    pub(super) fn is_ordered(self) -> bool {
        let Self::Compared { operator, .. } = self else {
            return false;
        };
        matches!(
            operator,
            Operator::Greater | Operator::GreaterOrEqual | Operator::Less | Operator::LessOrEqual
        )
    }
}

/// What to write instead.
pub(super) struct Instead {
    /// The bytes to replace.
    pub(super) span: Range<usize>,
    pub(super) filter: String,
    /// A remark for the message.
    pub(super) note: &'static str,
}

/// The comparison after a calculation: `> 60`.
struct Comparison<'a> {
    operator: Operator,
    /// The value with its unit.
    value: &'a str,
    end: usize,
}

/// What to write instead of `found`, if known.
pub(super) fn instead(
    found: &Calculation<'_>,
    about: About,
    text: &str,
    catalog: &Catalog,
) -> Option<Instead> {
    match about {
        About::Nothing => {
            let mut reader = Reader::new(text, found.end, catalog);
            let comparison = comparison(&mut reader);
            known(found, comparison.as_ref()).or_else(|| solved(found, &comparison?, catalog))
        }
        About::Value(kind) => result(found, kind),
        About::Compared {
            field,
            operator,
            from,
        } => result(found, field.kind())
            .or_else(|| turned(found, operator, &catalog.name(field), from)),
    }
}

/// `end - start > 60` is `duration > 60`.
fn known(found: &Calculation<'_>, comparison: Option<&Comparison<'_>>) -> Option<Instead> {
    let (_, field, factor) = FIELDS
        .iter()
        .find(|(formula, _, _)| *formula == found.formula)?;
    let value = comparison.and_then(|comparison| {
        let value = times(comparison.value, *factor)?;
        Some((comparison, value))
    });
    let (end, filter) = match value {
        Some((comparison, value)) => {
            let symbol = comparison.operator.symbol();
            (comparison.end, format!("{field} {symbol} {value}"))
        }
        None => (found.end, (*field).to_owned()),
    };
    Some(Instead {
        span: found.start..end,
        filter,
        note: note(*factor),
    })
}

/// `bytes > packets * 1000` is `bpp > 1000`, and `end > start + 60` is `duration > 60`.
fn turned(found: &Calculation<'_>, operator: Operator, name: &str, from: usize) -> Option<Instead> {
    let ([Term::Field(_), Term::Number(number)], [sign]) =
        (found.terms.as_slice(), found.signs.as_slice())
    else {
        return None;
    };
    let inverse = match sign.symbol {
        '+' => '-',
        '*' => '/',
        _ => return None,
    };
    let (other, _) = found.formula.split_once(sign.symbol)?;
    let formula = format!("{name}{inverse}{other}");
    let (_, field, factor) = FIELDS.iter().find(|(known, _, _)| *known == formula)?;
    let value = times(number, *factor)?;
    Some(Instead {
        span: from..found.end,
        filter: format!("{field} {} {value}", operator.symbol()),
        note: note(*factor),
    })
}

/// `bytes * 8 > 1000` is `bytes > 125`.
fn solved(
    found: &Calculation<'_>,
    comparison: &Comparison<'_>,
    catalog: &Catalog,
) -> Option<Instead> {
    let ([Term::Field(field), Term::Number(number)], [sign]) =
        (found.terms.as_slice(), found.signs.as_slice())
    else {
        return None;
    };
    let read = reader_of(field.kind())?;
    let (value, number) = (read(&comparison.value.replace(' ', ""))?, read(number)?);
    let value = match sign.symbol {
        '+' => value.checked_sub(number)?,
        '-' => value.checked_add(number)?,
        '*' if number > 0 && value.is_multiple_of(number) => value / number,
        '/' => value.checked_mul(number)?,
        _ => return None,
    };
    let symbol = comparison.operator.symbol();
    Some(Instead {
        span: found.start..comparison.end,
        filter: format!("{} {symbol} {value}", catalog.name(*field)),
        note: "",
    })
}

/// `10 * 1000` is `10000`.
fn result(found: &Calculation<'_>, kind: Kind) -> Option<Instead> {
    let read = reader_of(kind)?;
    let number = |term: &Term<'_>| match term {
        Term::Number(text) => read(text).map(i128::from),
        _ => None,
    };
    if found.formula.contains('(') {
        return None;
    }
    let mut terms = found.terms.iter().map(number);
    // The sum so far, and the product after the last `+` or `-`.
    let (mut before, mut last) = (0, terms.next()??);
    for (sign, term) in found.signs.iter().zip(terms) {
        let term = term?;
        match sign.symbol {
            '*' => last = i128::checked_mul(last, term)?,
            '/' if term > 0 && last % term == 0 => last /= term,
            '+' | '-' => {
                before = i128::checked_add(before, last)?;
                last = if sign.symbol == '+' { term } else { -term };
            }
            _ => return None,
        }
    }
    let result = u64::try_from(before.checked_add(last)?).ok()?;
    Some(Instead {
        span: found.start..found.end,
        filter: result.to_string(),
        note: "",
    })
}

/// The function that reads values of a kind.
fn reader_of(kind: Kind) -> Option<fn(&str) -> Option<u64>> {
    match kind {
        Kind::Number => Some(|text| value::number(text).ok()),
        Kind::Duration => Some(|text| value::seconds(text).ok()),
        _ => None,
    }
}

/// `value` times `factor`; unchanged where the factor is one.
fn times(value: &str, factor: u64) -> Option<String> {
    if factor == 1 {
        return Some(value.to_owned());
    }
    let number = value::number(&value.replace(' ', "")).ok()?;
    Some(number.checked_mul(factor)?.to_string())
}

fn note(factor: u64) -> &'static str {
    if factor == BITS {
        " (in bits per second)"
    } else {
        ""
    }
}

/// The comparison here: an operator, a number and its unit.
fn comparison<'a>(reader: &mut Reader<'a>) -> Option<Comparison<'a>> {
    reader.skip(')');
    let word = reader
        .rest()
        .split(|c: char| !c.is_ascii_alphabetic())
        .next()?;
    let (operator, length) = operators::symbol(reader.rest())
        .or_else(|| operators::word(word).map(|operator| (operator, word.len())))?;
    let compares = matches!(
        operator,
        Operator::Equal
            | Operator::NotEqual
            | Operator::Greater
            | Operator::GreaterOrEqual
            | Operator::Less
            | Operator::LessOrEqual
    );
    if !compares {
        return None;
    }
    reader.at += length;
    reader.skip(' ');
    let from = reader.at;
    let Some(Term::Number(_)) = reader.term() else {
        return None;
    };
    let mut end = reader.at;
    reader.skip(' ');
    let rest = reader.rest();
    let unit = rest.split(|c: char| !c.is_ascii_alphabetic()).next()?;
    if value::is_unit(Kind::Duration, unit) || value::is_unit(Kind::Number, unit) {
        end = reader.at + unit.len();
    }
    let value = reader.slice(from..end)?;
    Some(Comparison {
        operator,
        value,
        end,
    })
}
