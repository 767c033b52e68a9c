//! Reads a value by the kind of its field.

use super::settled;
use crate::query::Context;
use crate::query::address;
use crate::query::bare::GLOB_BYTES;
use crate::query::diagnostic::Problem;
use crate::query::expression::{Name, Operand};
use crate::query::operators::Operator;
use crate::query::parse;
use crate::query::suggest;
use crate::query::syntax::{Atom, AtomStyle};
use crate::query::time::Moment;
use crate::query::value;
use crate::schema::{self, FieldId, Kind, Storage, id};
use crate::store::{self, Catalog};

/// In how many words of a field a word is looked for in any case.
const MAX_SEARCHED_WORDS: usize = 1_000;

/// The value of `atom` for the field `name`.
pub(super) fn read(
    context: &Context<'_>,
    name: &Name,
    net: bool,
    atom: &Atom,
) -> Result<Operand, Problem> {
    let text = atom.text.as_str();
    match atom.style {
        AtomStyle::Pattern(_) => {
            return Err(Problem::new(format!(
                "a regular expression needs matches: {name} matches /…/"
            )));
        }
        // `$field` was replaced by its value before.
        AtomStyle::Field | AtomStyle::Dollar { .. } => {
            return Err(Problem::new(format!(
                "a field cannot be a member of a set: {text}"
            )));
        }
        AtomStyle::Word | AtomStyle::Quoted => {}
    }
    let kind = name.field.kind();
    if atom.style == AtomStyle::Word && is_missing_word(kind, text) {
        let problem = Problem::new(format!(
            "{text} is a keyword; to use it as a value, put it in quotes"
        ));
        return Err(problem.suggest(format!("{name} is missing")));
    }
    if let Some(problem) = half_a_range(kind, text) {
        return Err(problem);
    }
    let number = |read: fn(&str) -> Result<u64, Problem>| numbers(text, read);
    let operand = match kind {
        Kind::Address => address::read(text, net),
        Kind::Port => match value::port_range(text) {
            Some((from, to)) => from.and_then(|from| ordered(from, to?)),
            None => number(value::port),
        },
        Kind::Protocol => number(value::protocol_number),
        Kind::Number => number(value::number),
        Kind::Duration => number(value::seconds),
        Kind::Flags => value::flags(text).map(Operand::Number),
        Kind::Time => times(context, text),
        Kind::Choice(choices) => choice(context, name, choices, atom),
        Kind::Text if atom.style == AtomStyle::Word && is_glob(text) => glob(text),
        Kind::Text => Ok(word(context, name, text)),
    };
    operand.map_err(|problem| explain(kind, name, text, problem))
}

fn is_glob(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// Whether a text value is a word for a missing value.
fn is_missing_word(kind: Kind, text: &str) -> bool {
    matches!(kind, Kind::Text | Kind::Choice(_))
        && parse::MISSING
            .iter()
            .any(|word| word.eq_ignore_ascii_case(text))
}

/// Adds what the field accepts, unless the problem has a suggestion already.
fn explain(kind: Kind, name: &Name, text: &str, problem: Problem) -> Problem {
    if parse::MISSING
        .iter()
        .any(|word| word.eq_ignore_ascii_case(text))
    {
        return problem.suggest(format!("{name} is missing"));
    }
    if problem.suggestion.is_some() {
        return problem;
    }
    match kind {
        Kind::Address => problem
            .suggest("10.0.1.5, 10.0.0.0/16, 10.0.0.5..10.0.0.9, 10.0.*.7, private or public"),
        Kind::Port => problem.suggest(
            "a number up to 65535, a service such as https, or a range such as 1024..65535",
        ),
        _ => problem,
    }
}

/// The other field of a comparison of two fields, if `atom` names one.
pub(super) fn other_field(catalog: &Catalog, name: &Name, atom: &Atom) -> Option<Name> {
    let field = match atom.style {
        AtomStyle::Field => Name::field_in_backquotes(catalog, &atom.text)?,
        // Only names of the table: the name of a column must not hide a word.
        AtomStyle::Word if atom.text.starts_with('-') => return None,
        AtomStyle::Word => {
            schema::lookup(&atom.text).or_else(|| parse::address_of_side(&atom.text))?
        }
        AtomStyle::Quoted | AtomStyle::Pattern(_) | AtomStyle::Dollar { .. } => return None,
    };
    if atom.style == AtomStyle::Word && reads(name.field.kind(), &atom.text) {
        return None;
    }
    Some(Name::of(catalog, field))
}

/// Whether a word that is also the name of a field is a value of `kind`.
fn reads(kind: Kind, text: &str) -> bool {
    match kind {
        Kind::Port => value::port(text).is_ok(),
        Kind::Protocol => value::protocol_number(text).is_ok(),
        Kind::Choice(choices) => choices
            .iter()
            .any(|choice| choice.eq_ignore_ascii_case(text)),
        Kind::Address => address::class(text).is_some(),
        Kind::Flags => value::flags(text).is_ok(),
        Kind::Number | Kind::Duration | Kind::Time | Kind::Text => false,
    }
}

/// The problem with a range without a start or an end.
fn half_a_range(kind: Kind, text: &str) -> Option<Problem> {
    if matches!(kind, Kind::Text | Kind::Choice(_) | Kind::Flags) {
        return None;
    }
    let (from, to) = text.split_once("..")?;
    let (operator, end) = match (from, to.trim_start_matches('.')) {
        ("", "") => return None,
        ("", to) => (Operator::LessOrEqual, to),
        (from, "") => (Operator::GreaterOrEqual, from),
        _ => return None,
    };
    let problem = Problem::new("a range needs two ends, such as 22..80");
    Some(problem.suggest(format!("{} {end}", operator.symbol())))
}

/// Whether the values of two fields can be compared.
pub(super) fn comparable(left: FieldId, right: FieldId) -> bool {
    // `time` compares by overlap; `scope` and `file` are not columns.
    let alone = [id::TIME, id::SCOPE, id::FILE];
    if alone.contains(&left) || alone.contains(&right) {
        return false;
    }
    let words = |field: FieldId| field.storage() == Storage::Word;
    left.kind() == right.kind() || words(left) && words(right)
}

pub(super) fn moment(context: &Context<'_>, text: &str) -> Result<Moment, Problem> {
    settled(Moment::read(text)?, context.span)
}

fn times(context: &Context<'_>, text: &str) -> Result<Operand, Problem> {
    let Some((from, to)) = text.split_once("..") else {
        return moment(context, text).map(Operand::Time);
    };
    let (from, to) = (moment(context, from)?, moment(context, to)?);
    if from.is_anchored() || to.is_anchored() || from.seconds(None).0 < to.seconds(None).1 {
        return Ok(Operand::Times(from, to));
    }
    Err(Problem::new("the range is empty").suggest(format!("{to}..{from}")))
}

fn numbers(text: &str, read: fn(&str) -> Result<u64, Problem>) -> Result<Operand, Problem> {
    match text.split_once("..") {
        Some((from, to)) => ordered(read(from)?, read(to)?),
        None => read(text).map(Operand::Number),
    }
}

fn ordered(from: u64, to: u64) -> Result<Operand, Problem> {
    if from > to {
        return Err(Problem::new("the range is empty").suggest(format!("{to}..{from}")));
    }
    Ok(Operand::Numbers(from, to))
}

/// A word of a closed list: of the list in any case, unless it is in quotes as a loaded file has it; else as a loaded file
/// has it. Any other word selects nothing.
fn choice(
    context: &Context<'_>,
    name: &Name,
    choices: &[&str],
    atom: &Atom,
) -> Result<Operand, Problem> {
    let text = atom.text.as_str();
    let listed = choices
        .iter()
        .find(|choice| choice.eq_ignore_ascii_case(text));
    if name.field.is_computed() {
        let problem = || {
            let problem = Problem::new(format!("{name} can be: {}", choices.join(", ")));
            match suggest::nearest(text, choices) {
                Some(near) => problem.suggest(near),
                None => problem,
            }
        };
        return listed
            .map(|choice| Operand::Word((*choice).to_owned()))
            .ok_or_else(problem);
    }
    let dictionary = context.catalog.dictionaries.of(name.field);
    let is_known = dictionary.find(text).is_some();
    let is_exact = is_known && atom.style == AtomStyle::Quoted;
    let word = if let Some(choice) = listed.filter(|_| !is_exact) {
        (*choice).to_owned()
    } else if is_known {
        text.to_owned()
    } else if atom.style == AtomStyle::Word && is_glob(text) {
        return glob(text);
    } else {
        let words = dictionary.first_words(MAX_SEARCHED_WORDS);
        let in_other_case = words.iter().find(|word| word.eq_ignore_ascii_case(text));
        in_other_case.map_or(text, |word| word).to_owned()
    };
    Ok(Operand::Word(word))
}

/// A word of a text field. A tag may be written as it is in the file.
fn word(context: &Context<'_>, name: &Name, text: &str) -> Operand {
    let decoded = store::decoded(text);
    if name.field.is_tag() && decoded != text {
        let dictionary = context.catalog.dictionaries.of(name.field);
        if dictionary.find(text).is_none() && dictionary.find(&decoded).is_some() {
            return Operand::Word(decoded.into_owned());
        }
    }
    Operand::Word(text.to_owned())
}

fn glob(text: &str) -> Result<Operand, Problem> {
    if text.len() > GLOB_BYTES {
        return Err(Problem::new(format!(
            "a pattern with * or ? has at most {GLOB_BYTES} bytes"
        )));
    }
    Ok(Operand::Glob(text.to_owned()))
}
