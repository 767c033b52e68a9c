//! Compiles patterns for lines of ASCII text so that no match is longer than its line, whatever the pattern is.
//!
//! A search in many lines that could go on in the next line would be slow where it often does, and wrong.

use regex_automata::meta::{Config, Regex};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{
    Class, ClassBytes, ClassBytesRange, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look,
    Repetition,
};

use crate::query::pattern::{LARGE, Pattern};

/// What a pattern is searched in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Haystack {
    /// One line without its line feed.
    Line,
    /// Lines with line feeds between them.
    Block,
}

/// The syntax tree of a pattern, with the same flags as that which records are tested with.
pub(super) fn parse(pattern: &Pattern) -> Option<Hir> {
    match pattern {
        Pattern::Text(text) => Some(Hir::literal(text.as_bytes())),
        Pattern::Regex(regex) => ParserBuilder::new()
            .case_insensitive(regex.ignore_case)
            .build()
            .parse(&regex.source)
            .ok(),
    }
}

/// Whether matches can only begin where a line does.
pub(super) fn is_anchored(pattern: &Hir) -> bool {
    let looks = pattern.properties().look_set_prefix();
    [Look::Start, Look::StartLF, Look::StartCRLF]
        .iter()
        .any(|look| looks.contains(*look))
}

/// Compiles `pattern`; none where that takes more memory than is allowed.
pub(super) fn compile(pattern: &Hir, haystack: Haystack) -> Option<Regex> {
    let config = Config::new()
        .utf8_empty(false)
        .nfa_size_limit(Some(LARGE.program))
        .hybrid_cache_capacity(LARGE.cache);
    let within_line = within_line(pattern, haystack);
    Regex::builder()
        .configure(config)
        .build_from_hir(&within_line)
        .ok()
}

/// `pattern` without what is in no line of ASCII text: line feeds and other characters than ASCII.
fn within_line(pattern: &Hir, haystack: Haystack) -> Hir {
    let all = |parts: &[Hir]| {
        let parts = parts.iter().map(|part| within_line(part, haystack));
        parts.collect::<Vec<_>>()
    };
    match pattern.kind() {
        HirKind::Empty => Hir::empty(),
        HirKind::Literal(literal) if literal.0.iter().all(|byte| is_in_line(*byte)) => {
            pattern.clone()
        }
        HirKind::Literal(_) => Hir::fail(),
        HirKind::Class(class) => Hir::class(class_within_line(class)),
        HirKind::Look(look) => Hir::look(look_in(*look, haystack)),
        HirKind::Repetition(repetition) => Hir::repetition(Repetition {
            sub: Box::new(within_line(&repetition.sub, haystack)),
            ..repetition.clone()
        }),
        // Only whether there is a match is asked for.
        HirKind::Capture(capture) => within_line(&capture.sub, haystack),
        HirKind::Concat(parts) => Hir::concat(all(parts)),
        HirKind::Alternation(parts) => Hir::alternation(all(parts)),
    }
}

fn is_in_line(byte: u8) -> bool {
    byte.is_ascii() && byte != b'\n'
}

fn class_within_line(class: &Class) -> Class {
    match class {
        Class::Unicode(class) => {
            let mut class = class.clone();
            let ranges = [('\0', '\x09'), ('\x0b', '\x7f')];
            let ranges = ranges.map(|(first, last)| ClassUnicodeRange::new(first, last));
            class.intersect(&ClassUnicode::new(ranges));
            Class::Unicode(class)
        }
        Class::Bytes(class) => {
            let mut class = class.clone();
            let ranges = [(0, 0x09), (0x0b, 0x7f)];
            let ranges = ranges.map(|(first, last)| ClassBytesRange::new(first, last));
            class.intersect(&ClassBytes::new(ranges));
            Class::Bytes(class)
        }
    }
}

/// What `look` means in a line. At the ends of a line, the others mean the same as at those of a text, since a line feed is
/// no part of a word.
fn look_in(look: Look, haystack: Haystack) -> Look {
    match (look, haystack) {
        (Look::Start | Look::StartLF | Look::StartCRLF, Haystack::Line) => Look::Start,
        (Look::Start | Look::StartLF | Look::StartCRLF, Haystack::Block) => Look::StartLF,
        (Look::End | Look::EndLF | Look::EndCRLF, Haystack::Line) => Look::End,
        (Look::End | Look::EndLF | Look::EndCRLF, Haystack::Block) => Look::EndLF,
        (other, _) => other,
    }
}
