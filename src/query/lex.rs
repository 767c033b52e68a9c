//! Cuts a filter text into lexemes that together are the whole text.
//!
//! A lexeme is one run of characters, so that an address, a network, a date, `1.5MB` and `6000-6008` are one
//! each and need no quotes. What a run means is for the parser and the kind of the field to say.

#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::query::operators::{self, Operator};

/// A piece of a filter text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lexeme<'a> {
    /// What it is.
    pub shape: Shape,
    /// Its text as it stands.
    pub text: &'a str,
    /// Where it stands.
    pub span: Range<usize>,
}

/// What a piece of a filter text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// White space.
    Space,
    /// `#` up to the end of the line.
    Comment,
    /// A run of characters.
    Word,
    /// An operator made of punctuation.
    Symbol(Operator),
    /// An opening bracket.
    Open(Bracket),
    /// A closing bracket.
    Close(Bracket),
    /// A comma.
    Comma,
    /// Text in quotes; not `closed` where the text ends first.
    Quoted {
        /// Whether the closing quote is there.
        closed: bool,
    },
    /// `/regular expression/i`.
    Pattern {
        /// Whether the closing slash is there.
        closed: bool,
    },
    /// The name of a field in backquotes.
    Name {
        /// Whether the closing backquote is there.
        closed: bool,
    },
    /// `$` and a name, which may stand in backquotes.
    Dollar {
        /// Whether the closing backquote is there, if there is an opening one.
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
    /// The opening character.
    pub(super) fn open(self) -> char {
        match self {
            Self::Round => '(',
            Self::Curly => '{',
            Self::Square => '[',
        }
    }

    /// The closing character.
    pub(super) fn close(self) -> char {
        match self {
            Self::Round => ')',
            Self::Curly => '}',
            Self::Square => ']',
        }
    }
}

/// Cuts `text`; the spans follow one another without a gap from 0 to its end.
pub(super) fn lex(text: &str) -> Vec<Lexeme<'_>> {
    let mut lexemes = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let (shape, length) = first(rest);
        let (piece, _) = rest.split_at(length);
        lexemes.push(Lexeme {
            shape,
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
    let last = lexemes.find(|lexeme| lexeme.shape != Shape::Space);
    last.is_some_and(|last| match last.shape {
        Shape::Word | Shape::Symbol(_) | Shape::Stray | Shape::Dollar { .. } => true,
        Shape::Quoted { closed } | Shape::Pattern { closed } | Shape::Name { closed } => !closed,
        Shape::Space | Shape::Comment | Shape::Open(_) | Shape::Close(_) | Shape::Comma => false,
    })
}

/// The shape and the length of the first lexeme of a text that is not empty.
fn first(rest: &str) -> (Shape, usize) {
    let c = rest.chars().next().unwrap_or(' ');
    let bracket = |shape| (shape, 1);
    match c {
        _ if c.is_whitespace() => (Shape::Space, run(rest, |c| !c.is_whitespace())),
        '#' => (Shape::Comment, run(rest, |c| c == '\n')),
        '(' => bracket(Shape::Open(Bracket::Round)),
        '{' => bracket(Shape::Open(Bracket::Curly)),
        '[' => bracket(Shape::Open(Bracket::Square)),
        ')' => bracket(Shape::Close(Bracket::Round)),
        '}' => bracket(Shape::Close(Bracket::Curly)),
        ']' => bracket(Shape::Close(Bracket::Square)),
        ',' => (Shape::Comma, 1),
        '"' | '\'' => {
            let (closed, length) = delimited(rest, c);
            (Shape::Quoted { closed }, length)
        }
        '`' => {
            let (closed, length) = delimited_name(rest);
            (Shape::Name { closed }, length)
        }
        '/' => {
            let (closed, length) = delimited(rest, c);
            let flags = rest.get(length..).map_or(0, |rest| run(rest, ends_word));
            (
                Shape::Pattern { closed },
                length + if closed { flags } else { 0 },
            )
        }
        '$' => {
            let name = rest.get(1..).unwrap_or_default();
            let (closed, length) = match name.chars().next() {
                Some('`') => delimited_name(name),
                _ => (true, run(name, ends_word)),
            };
            (Shape::Dollar { closed }, 1 + length)
        }
        _ => match operators::symbol(rest) {
            Some((operator, length)) => (Shape::Symbol(operator), length),
            None if ends_word(c) => (Shape::Stray, c.len_utf8()),
            None => (Shape::Word, run(rest, ends_word)),
        },
    }
}

/// The bytes before the first character for which `ends` holds.
fn run(text: &str, ends: impl Fn(char) -> bool) -> usize {
    text.find(ends).unwrap_or(text.len())
}

/// Whether a word stops before `c`.
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

/// Whether the text that begins with `quote` has a second one that no backslash stands before, and how long
/// it is up to there.
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

/// As [`delimited`] for a name, in which a backquote is written twice.
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
    /// Whether this is one of the operator's spellings.
    pub(super) fn operator(&self) -> Option<Operator> {
        match self.shape {
            Shape::Symbol(operator) => Some(operator),
            Shape::Word => operators::word(self.text),
            _ => None,
        }
    }

    /// What stands between quotes, with `\"`, `\'` and `\\` read.
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

    /// What stands between backquotes.
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

    /// The regular expression between slashes, and the letters after it.
    pub(super) fn pattern_text(&self) -> (String, &str) {
        let (closed, length) = delimited(self.text, '/');
        let end = if closed { length - 1 } else { length };
        let source = self.text.get(1..end).unwrap_or_default();
        let flags = self.text.get(length..).unwrap_or_default();
        (source.to_owned(), flags)
    }

    /// The text without its first character, and without its last where that closes it.
    fn inner(&self) -> &str {
        let closed = matches!(
            self.shape,
            Shape::Quoted { closed: true } | Shape::Name { closed: true }
        );
        let end = self.text.len() - usize::from(closed);
        self.text.get(1..end).unwrap_or_default()
    }
}
