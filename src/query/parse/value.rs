//! Parses one field or one value, and joins words that are one value.

use super::{Parser, address_of_side, is_value};
use crate::query::address;
use crate::query::diagnostic::Problem;
use crate::query::expression::Name;
use crate::query::lex::{Lexeme, LexemeKind};
use crate::query::suggest;
use crate::query::syntax::{Atom, AtomStyle, Subject, Target};
use crate::query::{time, value};
use crate::schema::Kind;

impl<'a> Parser<'a> {
    /// A field by its name.
    pub(super) fn field(&mut self, what: &str) -> Option<Subject> {
        let lexeme = match self.peek() {
            Some(lexeme) if matches!(lexeme.kind, LexemeKind::Word | LexemeKind::Name { .. }) => {
                lexeme.clone()
            }
            Some(lexeme) if matches!(lexeme.kind, LexemeKind::Dollar { .. }) => {
                let (span, name) = (lexeme.span.clone(), lexeme.dollar_text());
                let problem = Problem::new(format!("write the field without $: {name}"));
                self.report(span, problem.suggest(name));
                return None;
            }
            _ => {
                self.expected(what);
                return None;
            }
        };
        if let LexemeKind::Name { closed } = lexeme.kind {
            self.closed(closed, &lexeme, "backquote")?;
        }
        let Some(name) = self.resolve(&lexeme) else {
            self.unknown_field(&lexeme);
            return None;
        };
        self.at += 1;
        let net = lexeme.text.eq_ignore_ascii_case("net");
        Some(Subject {
            target: Target::Field { name, net },
            span: lexeme.span,
        })
    }

    /// The field that a word or a name in backquotes means.
    pub(super) fn resolve(&self, lexeme: &Lexeme<'_>) -> Option<Name> {
        let field = match lexeme.kind {
            LexemeKind::Name { .. } => Name::field_in_backquotes(self.catalog, &lexeme.name_text()),
            // Hyphens within a name are ignored, but one before it is not part of it.
            _ if lexeme.text.starts_with('-') => None,
            _ => self
                .catalog
                .lookup(lexeme.text)
                .or_else(|| address_of_side(lexeme.text)),
        };
        field.map(|field| Name::of(self.catalog, field))
    }

    pub(super) fn unknown_field(&mut self, lexeme: &Lexeme<'_>) {
        if self.is_full() {
            return;
        }
        let text = match lexeme.kind {
            LexemeKind::Name { .. } => lexeme.name_text(),
            _ => lexeme.text.to_owned(),
        };
        let problem = suggest::unknown_field(&text, self.catalog);
        self.report(lexeme.span.clone(), problem);
    }

    /// A value, or the diagnostic that `what` was expected.
    pub(super) fn value(&mut self, what: &str) -> Option<Atom> {
        match self.peek() {
            Some(lexeme) if is_value(lexeme) => self.atom(),
            _ => {
                self.expected(what);
                None
            }
        }
    }

    /// A value; `a .. b` is one, and a date with a time of day is one.
    pub(super) fn atom(&mut self) -> Option<Atom> {
        let lexeme = self.next()?;
        let span = lexeme.span.clone();
        let (text, style) = match lexeme.kind {
            LexemeKind::Quoted { closed } => {
                self.closed(closed, &lexeme, "quote")?;
                (lexeme.quoted_text(), AtomStyle::Quoted)
            }
            LexemeKind::Name { closed } => {
                self.closed(closed, &lexeme, "backquote")?;
                (lexeme.name_text(), AtomStyle::Field)
            }
            LexemeKind::Pattern { closed } => {
                self.closed(closed, &lexeme, "/")?;
                let (source, letters) = lexeme.pattern_text();
                (source, AtomStyle::Pattern(letters.to_owned()))
            }
            LexemeKind::Dollar { closed } => {
                self.closed(closed, &lexeme, "backquote")?;
                let quoted = lexeme.text.starts_with("$`");
                (lexeme.dollar_text(), AtomStyle::Dollar { quoted })
            }
            _ => (lexeme.text.to_owned(), AtomStyle::Word),
        };
        let mut atom = Atom {
            text,
            style,
            span,
            from: None,
        };
        if atom.style == AtomStyle::Word {
            self.clock(&mut atom);
            self.range(&mut atom)?;
        }
        Some(atom)
    }

    /// Joins the two ends of a range: `8000 .. 8010`, `22 - 80`.
    fn range(&mut self, atom: &mut Atom) -> Option<()> {
        let ends_plain = atom.text.ends_with(|c: char| c.is_ascii_alphanumeric());
        let is_range = self.is_word(0, &[".."]) || ends_plain && self.is_word(0, &["-"]);
        let begins_with_digit = atom.text.starts_with(|c: char| c.is_ascii_digit());
        if is_range && self.word_at(1).is_some() {
            self.at += 1;
            self.append(atom, "..");
            self.clock(atom);
        } else if is_range && begins_with_digit && self.peek_at(1).is_none() {
            self.at += 1;
            self.expected("the end of the range");
            return None;
        }
        Some(())
    }

    /// Joins a date and the time of day after it.
    fn clock(&mut self, atom: &mut Atom) {
        let date = atom.text.rsplit("..").next().is_some_and(time::is_date);
        if date && self.word_at(0).is_some_and(time::is_clock) {
            self.append(atom, "T");
        }
    }

    /// Joins a number and the unit after it: `last 15 minutes`, `bytes > 10 MB`.
    pub(super) fn unit(&mut self, kind: Kind, atom: &mut Atom) {
        if atom.style != AtomStyle::Word {
            return;
        }
        let digits = |text: &str| text.ends_with(|c: char| c.is_ascii_digit());
        if digits(&atom.text)
            && self
                .word_at(0)
                .is_some_and(|word| value::is_unit(kind, word))
        {
            self.append(atom, "");
        }
        while kind == Kind::Duration
            && !digits(&atom.text)
            && self
                .word_at(0)
                .is_some_and(|word| !digits(word) && value::seconds(word).is_ok())
        {
            self.append(atom, "");
        }
    }

    /// Joins an address and its netmask: `net 10.0.0.0 mask 255.0.0.0`, where `mask` may be left out.
    pub(super) fn mask(&mut self, atom: &mut Atom) -> Option<()> {
        if atom.style != AtomStyle::Word || atom.text.contains('/') {
            return Some(());
        }
        let has_mask_word = self.is_word(0, &["mask", "netmask"]);
        self.at += usize::from(has_mask_word);
        let length = self.word_at(0).and_then(address::mask_length);
        if length.is_none() && !has_mask_word {
            return Some(());
        }
        let Some(length) = length else {
            self.expected("a netmask, such as 255.255.0.0");
            return None;
        };
        let mask = self.next()?;
        atom.text = format!("{}/{length}", atom.text);
        atom.span.end = mask.span.end;
        Some(())
    }

    /// The word `ahead`, unless it is an operator.
    fn word_at(&self, ahead: usize) -> Option<&'a str> {
        let lexeme = self.peek_at(ahead)?;
        (lexeme.kind == LexemeKind::Word && lexeme.operator().is_none()).then_some(lexeme.text)
    }

    /// Appends `joint` and the next word to `atom`.
    fn append(&mut self, atom: &mut Atom, joint: &str) {
        if let Some(lexeme) = self.next() {
            atom.text.push_str(joint);
            atom.text.push_str(lexeme.text);
            atom.span.end = lexeme.span.end;
        }
    }

    fn closed(&mut self, closed: bool, lexeme: &Lexeme<'_>, what: &str) -> Option<()> {
        if !closed {
            let span = lexeme.span.clone();
            self.error(span, format!("the closing {what} is missing"));
        }
        closed.then_some(())
    }
}
