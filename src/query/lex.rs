//! Splits a filter text into lexemes that cover the whole text.
//!
//! A word is one run of characters, so that an address, a network, a date, `1.5MB` and `6000-6008` need no
//! quotes. The parser and the kind of the field decide what a word means.

#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::query::operators::{self, Operator};

/// A piece of a filter text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lexeme<'a> {
    pub kind: LexemeKind,
    pub text: &'a str,
    pub span: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LexemeKind {
    Space,
    /// `#` up to the end of the line.
    Comment,
    /// A run of characters.
    Word,
    /// An operator made of punctuation.
    Symbol(Operator),
    Open(Bracket),
    Close(Bracket),
    Comma,
    /// Text in quotes; `closed` is false where the text ends first.
    Quoted {
        closed: bool,
    },
    /// `/regular expression/i`.
    Pattern {
        closed: bool,
    },
    /// The name of a field in backquotes.
    Name {
        closed: bool,
    },
    /// `$` and a name, which may be in backquotes.
    Dollar {
        /// True also without backquotes.
        closed: bool,
    },
    /// Punctuation that means nothing.
    Stray,
}

/// A pair of brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bracket {
    /// `( )`.
    Round,
    /// `{ }`.
    Curly,
    /// `[ ]`.
    Square,
}

impl Bracket {
    pub(super) fn open(self) -> char {
        match self {
            Self::Round => '(',
            Self::Curly => '{',
            Self::Square => '[',
        }
    }

    pub(super) fn close(self) -> char {
        match self {
            Self::Round => ')',
            Self::Curly => '}',
            Self::Square => ']',
        }
    }
}

/// Splits `text`; the spans cover it without gaps.
pub(super) fn lex(text: &str) -> Vec<Lexeme<'_>> {
    let mut lexemes = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let (kind, length) = first(rest);
        let (piece, _) = rest.split_at(length);
        lexemes.push(Lexeme {
            kind,
            text: piece,
            span: at..at + length,
        });
        at += length;
    }
    lexemes
}

/// Whether another character after `text` may change its last word, sign or open quote. Brackets, comments and closed
/// quotes are finished.
pub(super) fn can_grow(text: &str) -> bool {
    let lexemes = lex(text);
    let mut lexemes = lexemes.iter().rev();
    let last = lexemes.find(|lexeme| lexeme.kind != LexemeKind::Space);
    last.is_some_and(|last| match last.kind {
        LexemeKind::Word
        | LexemeKind::Symbol(_)
        | LexemeKind::Stray
        | LexemeKind::Dollar { .. } => true,
        LexemeKind::Quoted { closed }
        | LexemeKind::Pattern { closed }
        | LexemeKind::Name { closed } => !closed,
        LexemeKind::Space
        | LexemeKind::Comment
        | LexemeKind::Open(_)
        | LexemeKind::Close(_)
        | LexemeKind::Comma => false,
    })
}

/// The kind and the length in bytes of the first lexeme of a text that is not empty.
fn first(rest: &str) -> (LexemeKind, usize) {
    let c = rest.chars().next().unwrap_or(' ');
    let bracket = |kind| (kind, 1);
    match c {
        _ if c.is_whitespace() => (LexemeKind::Space, run(rest, |c| !c.is_whitespace())),
        '#' => (LexemeKind::Comment, run(rest, |c| c == '\n')),
        '(' => bracket(LexemeKind::Open(Bracket::Round)),
        '{' => bracket(LexemeKind::Open(Bracket::Curly)),
        '[' => bracket(LexemeKind::Open(Bracket::Square)),
        ')' => bracket(LexemeKind::Close(Bracket::Round)),
        '}' => bracket(LexemeKind::Close(Bracket::Curly)),
        ']' => bracket(LexemeKind::Close(Bracket::Square)),
        ',' => (LexemeKind::Comma, 1),
        '"' | '\'' => {
            let (closed, length) = delimited(rest, c);
            (LexemeKind::Quoted { closed }, length)
        }
        '`' => {
            let (closed, length) = delimited_name(rest);
            (LexemeKind::Name { closed }, length)
        }
        '/' => {
            let (closed, length) = delimited(rest, c);
            let flags = rest.get(length..).map_or(0, |rest| run(rest, ends_word));
            (
                LexemeKind::Pattern { closed },
                length + if closed { flags } else { 0 },
            )
        }
        '$' => {
            let name = rest.get(1..).unwrap_or_default();
            let (closed, length) = match name.chars().next() {
                Some('`') => delimited_name(name),
                _ => (true, run(name, ends_word)),
            };
            (LexemeKind::Dollar { closed }, 1 + length)
        }
        _ => match operators::symbol(rest) {
            Some((operator, length)) => (LexemeKind::Symbol(operator), length),
            None if ends_word(c) => (LexemeKind::Stray, c.len_utf8()),
            None => (LexemeKind::Word, run(rest, ends_word)),
        },
    }
}

/// The bytes before the first character for which `ends` holds.
fn run(text: &str, ends: impl Fn(char) -> bool) -> usize {
    text.find(ends).unwrap_or(text.len())
}

/// Whether a word ends before `c`.
pub(super) fn ends_word(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '(' | ')'
                | '{'
                | '}'
                | '['
                | ']'
                | ','
                | '"'
                | '\''
                | '`'
                | '='
                | '<'
                | '>'
                | '!'
                | '&'
                | '|'
                | '~'
                | '$'
        )
}

/// Whether the text that starts with `quote` has a closing one without a backslash before it, and its length in
/// bytes up to there.
fn delimited(text: &str, quote: char) -> (bool, usize) {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == quote {
            return (true, at + 1);
        }
    }
    (false, text.len())
}

/// As [`delimited`], for a name in backquotes, where two backquotes are one.
fn delimited_name(text: &str) -> (bool, usize) {
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = characters.next() {
        if c == '`' && characters.next_if(|(_, next)| *next == '`').is_none() {
            return (true, at + 1);
        }
    }
    (false, text.len())
}

/// `text` in double quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// `name` in backquotes.
pub(super) fn backquoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

impl Lexeme<'_> {
    /// The operator that this spells.
    pub(super) fn operator(&self) -> Option<Operator> {
        match self.kind {
            LexemeKind::Symbol(operator) => Some(operator),
            LexemeKind::Word => operators::word(self.text),
            _ => None,
        }
    }

    /// The text between the quotes, with `\"`, `\'` and `\\` unescaped.
    pub(super) fn quoted_text(&self) -> String {
        let mut out = String::new();
        let mut characters = self.inner().chars().peekable();
        while let Some(c) = characters.next() {
            match characters.next_if(|next| c == '\\' && matches!(next, '\\' | '"' | '\'')) {
                Some(escaped) => out.push(escaped),
                None => out.push(c),
            }
        }
        out
    }

    /// The name between the backquotes.
    pub(super) fn name_text(&self) -> String {
        self.inner().replace("``", "`")
    }

    /// The name after `$`.
    pub(super) fn dollar_text(&self) -> String {
        let name = self.text.strip_prefix('$').unwrap_or(self.text);
        match name.strip_prefix('`') {
            Some(inner) => inner.strip_suffix('`').unwrap_or(inner).replace("``", "`"),
            None => name.to_owned(),
        }
    }

    /// The regular expression between the slashes, and the flags after it.
    pub(super) fn pattern_text(&self) -> (String, &str) {
        let (closed, length) = delimited(self.text, '/');
        let end = if closed { length - 1 } else { length };
        let source = self.text.get(1..end).unwrap_or_default();
        let flags = self.text.get(length..).unwrap_or_default();
        (source.to_owned(), flags)
    }

    /// The text without the opening and the closing character.
    fn inner(&self) -> &str {
        let closed = matches!(
            self.kind,
            LexemeKind::Quoted { closed: true } | LexemeKind::Name { closed: true }
        );
        let end = self.text.len() - usize::from(closed);
        self.text.get(1..end).unwrap_or_default()
    }
}
