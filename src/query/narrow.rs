//! Adds a term to a filter text, as when a value on the screen is selected.

use crate::query::lex::{self, Lexeme, LexemeKind};
use crate::query::operators::{Operator, OperatorPosition};
use crate::query::parse;

/// `filter` narrowed by `term`: joined with `and`, in parentheses where precedence requires them; a term that the
/// filter has already is not added.
pub fn narrow(filter: &str, term: &str) -> String {
    let (old, new) = (pieces(filter), pieces(term));
    if old.is_empty() || new.is_empty() {
        return bracketed(if old.is_empty() { &new } else { &old }, false);
    }
    let text = |pieces: &[Lexeme<'_>]| {
        pieces
            .iter()
            .map(|p| p.text.to_owned())
            .collect::<Vec<String>>()
    };
    let wanted = text(&new);
    if !has_or(&old) && parts(&old).any(|part| text(part) == wanted) {
        return bracketed(&old, false);
    }
    let and = Operator::And.symbol();
    format!("{} {and} {}", bracketed(&old, true), bracketed(&new, true))
}

/// `filter` widened by `term`: joined with `or`, unless the filter selects everything or has the term already.
pub fn widen(filter: &str, term: &str) -> String {
    let (old, new) = (pieces(filter), pieces(term));
    if old.is_empty() || new.is_empty() {
        return String::new();
    }
    let text = |pieces: &[Lexeme<'_>]| pieces.iter().map(|piece| piece.text).collect::<String>();
    let (old, new) = (text(&old), text(&new));
    if old == new || old.ends_with(&format!(" {} {new}", Operator::Or.symbol())) {
        return old;
    }
    format!("{old} {} {new}", Operator::Or.symbol())
}

/// `filter` without those of the parts that `and` joins for which `is_unwanted` holds.
pub fn without(filter: &str, is_unwanted: impl Fn(&str) -> bool) -> String {
    let pieces = pieces(filter);
    if has_or(&pieces) {
        return filter.to_owned();
    }
    let text = |part: &[Lexeme<'_>]| part.iter().map(|piece| piece.text).collect::<String>();
    let all: Vec<String> = parts(&pieces).map(text).collect();
    let kept: Vec<&str> = all
        .iter()
        .map(String::as_str)
        .filter(|part| !is_unwanted(part))
        .collect();
    if kept.len() == all.len() {
        return filter.to_owned();
    }
    kept.join(&format!(" {} ", Operator::And.symbol()))
}

/// The lexemes of a text without comments, leading words and outer spaces.
fn pieces(text: &str) -> Vec<Lexeme<'_>> {
    let mut pieces = lex::lex(text);
    pieces.retain(|piece| piece.kind != LexemeKind::Comment);
    while pieces
        .first()
        .is_some_and(|piece| piece.kind == LexemeKind::Space)
    {
        pieces.remove(0);
    }
    // A leading `filter` or `where` would end up inside of the text.
    let leading = |piece: &Lexeme<'_>| {
        parse::LEADING
            .iter()
            .any(|word| word.eq_ignore_ascii_case(piece.text))
    };
    if let [first, space, next, ..] = pieces.as_slice()
        && leading(first)
        && space.kind == LexemeKind::Space
        && next
            .operator()
            .is_none_or(|o| o.def().position != OperatorPosition::Comparing)
    {
        pieces.drain(..2);
    }
    while pieces
        .last()
        .is_some_and(|piece| piece.kind == LexemeKind::Space)
    {
        pieces.pop();
    }
    pieces
}

/// The text of `pieces`, in parentheses if it is joined to another one and has an `or` outside of brackets.
fn bracketed(pieces: &[Lexeme<'_>], joined: bool) -> String {
    let text: String = pieces.iter().map(|piece| piece.text).collect();
    if joined && has_or(pieces) {
        format!("({text})")
    } else {
        text
    }
}

/// The indices of `operator` outside of brackets, where it joins two parts rather than two directions.
fn joints(pieces: &[Lexeme<'_>], operator: Operator) -> Vec<usize> {
    let mut depth = 0_i32;
    let mut found = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        match piece.kind {
            LexemeKind::Open(_) => depth += 1,
            LexemeKind::Close(_) => depth -= 1,
            _ if depth == 0 && piece.operator() == Some(operator) => {
                let beside =
                    |words: &[Lexeme<'_>]| words.iter().any(|word| is_direction(word.text));
                let before = pieces.get(at.saturating_sub(2)..at).unwrap_or_default();
                let after = pieces
                    .get(at + 1..(at + 3).min(pieces.len()))
                    .unwrap_or_default();
                // `src or dst port 22` is a single part.
                if !(beside(before) && beside(after)) {
                    found.push(at);
                }
            }
            _ => {}
        }
    }
    found
}

fn is_direction(word: &str) -> bool {
    ["src", "source", "dst", "destination"]
        .iter()
        .any(|direction| direction.eq_ignore_ascii_case(word))
}

fn has_or(pieces: &[Lexeme<'_>]) -> bool {
    !joints(pieces, Operator::Or).is_empty()
}

/// The parts that `and` joins, without the spaces around them.
fn parts<'a, 'b>(pieces: &'b [Lexeme<'a>]) -> impl Iterator<Item = &'b [Lexeme<'a>]> {
    let ends = joints(pieces, Operator::And);
    let starts = std::iter::once(0).chain(ends.clone().into_iter().map(|at| at + 1));
    let ends = ends.into_iter().chain([pieces.len()]);
    starts.zip(ends).map(|(start, end)| {
        let mut part = pieces.get(start..end).unwrap_or_default();
        while let [first, rest @ ..] = part {
            if first.kind != LexemeKind::Space {
                break;
            }
            part = rest;
        }
        while let [rest @ .., last] = part {
            if last.kind != LexemeKind::Space {
                break;
            }
            part = rest;
        }
        part
    })
}
