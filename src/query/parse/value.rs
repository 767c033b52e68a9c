//! Reads one field or one value, and joins what is written in several words but is one value.

use super::super::address;
use super::super::begins;
use super::super::diagnostic::Severity;
use super::super::expression::Name;
use super::super::lex::{Lexeme, Shape};
use super::super::suggest;
use super::super::syntax::{Atom, Form, Subject, Target};
use super::super::{time, value};
use super::{DIAGNOSTICS, Parser, is_value};
use crate::schema::Kind;

impl<'a> Parser<'a> {
    /// A field by its name.
    pub(super) fn field(&mut self, what: &str) -> Option<Subject> {
        let lexeme = match self.peek() {
            Some(lexeme) if matches!(lexeme.shape, Shape::Word | Shape::Name { .. }) => {
                lexeme.clone()
            }
            Some(lexeme) if matches!(lexeme.shape, Shape::Dollar { .. }) => {
                let (span, name) = (lexeme.span.clone(), lexeme.dollar_text());
                let message = format!("a field stands here without $: {name}");
                self.report(Severity::Error, span, message, Some(name));
                return None;
            }
            _ => {
                self.expected(what);
                return None;
            }
        };
        if let Shape::Name { closed } = lexeme.shape {
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
        let field = match lexeme.shape {
            Shape::Name { .. } => Name::field_in_backquotes(self.catalog, &lexeme.name_text()),
            // The hyphens of a name do not count, but one before it is no part of it.
            _ if lexeme.text.starts_with('-') => None,
            _ => self.catalog.lookup(lexeme.text),
        };
        field.map(|field| Name::of(self.catalog, field))
    }

    pub(super) fn unknown_field(&mut self, lexeme: &Lexeme<'_>) {
        if self.diagnostics.len() >= DIAGNOSTICS {
            return;
        }
        let text = match lexeme.shape {
            Shape::Name { .. } => lexeme.name_text(),
            _ => lexeme.text.to_owned(),
        };
        let (message, suggestion) = suggest::not_a_field(&text, self.catalog);
        let unfinished = lexeme.span.end >= self.end && begins::field(&text, self.catalog);
        let severity = if unfinished {
            Severity::Incomplete
        } else {
            Severity::Error
        };
        self.report(severity, lexeme.span.clone(), message, suggestion);
    }

    /// A value, of which `what` is said where there is none.
    pub(super) fn value(&mut self, what: &str) -> Option<Atom> {
        match self.peek() {
            Some(lexeme) if is_value(lexeme) => self.atom(),
            _ => {
                self.expected(what);
                None
            }
        }
    }

    /// The lexeme here as a value; `a .. b` is one, and a date with a time of day is one.
    pub(super) fn atom(&mut self) -> Option<Atom> {
        let lexeme = self.next()?;
        let span = lexeme.span.clone();
        let (text, form) = match lexeme.shape {
            Shape::Quoted { closed } => {
                self.closed(closed, &lexeme, "quote")?;
                (lexeme.quoted_text(), Form::Quoted)
            }
            Shape::Name { closed } => {
                self.closed(closed, &lexeme, "backquote")?;
                (lexeme.name_text(), Form::Field)
            }
            Shape::Pattern { closed } => {
                self.closed(closed, &lexeme, "/")?;
                let (source, letters) = lexeme.pattern_text();
                (source, Form::Pattern(letters.to_owned()))
            }
            Shape::Dollar { closed } => {
                self.closed(closed, &lexeme, "backquote")?;
                let quoted = lexeme.text.starts_with("$`");
                (lexeme.dollar_text(), Form::Dollar { quoted })
            }
            _ => (lexeme.text.to_owned(), Form::Word),
        };
        let mut atom = Atom {
            text,
            form,
            span,
            from: None,
        };
        if atom.form == Form::Word {
            self.clock(&mut atom);
            let number = atom.text.ends_with(|c: char| c.is_ascii_alphanumeric());
            let spread = self.is_word(0, &[".."]) || number && self.is_word(0, &["-"]);
            if spread && self.word_at(1).is_some() {
                self.at += 1;
                self.append(&mut atom, "..");
                self.clock(&mut atom);
            }
        }
        Some(atom)
    }

    /// Joins a date and the time of day behind it.
    fn clock(&mut self, atom: &mut Atom) {
        let date = atom.text.rsplit("..").next().is_some_and(time::is_date);
        if date && self.word_at(0).is_some_and(time::is_clock) {
            self.append(atom, "T");
        }
    }

    /// Joins a number and the unit behind it: `last 15 minutes`, `bytes > 10 MB`.
    pub(super) fn unit(&mut self, kind: Kind, atom: &mut Atom) {
        if atom.form != Form::Word {
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
        if atom.form != Form::Word || atom.text.contains('/') {
            return Some(());
        }
        let said = self.is_word(0, &["mask", "netmask"]);
        self.at += usize::from(said);
        let length = self.word_at(0).and_then(address::mask_length);
        if length.is_none() && !said {
            return Some(());
        }
        let Some(length) = length else {
            self.expected("a netmask as 255.255.0.0");
            return None;
        };
        let mask = self.next()?;
        atom.text = format!("{}/{length}", atom.text);
        atom.span.end = mask.span.end;
        Some(())
    }

    /// The word `ahead`, where it is no operator.
    fn word_at(&self, ahead: usize) -> Option<&'a str> {
        let lexeme = self.peek_at(ahead)?;
        (lexeme.shape == Shape::Word && lexeme.operator().is_none()).then_some(lexeme.text)
    }

    /// Takes the next word into `atom`, behind `joint`.
    fn append(&mut self, atom: &mut Atom, joint: &str) {
        if let Some(lexeme) = self.next() {
            atom.text.push_str(joint);
            atom.text.push_str(lexeme.text);
            atom.span.end = lexeme.span.end;
        }
    }

    fn closed(&mut self, closed: bool, lexeme: &Lexeme<'_>, what: &str) -> Option<()> {
        if !closed {
            self.report(
                Severity::Incomplete,
                lexeme.span.clone(),
                format!("the {what} is never closed"),
                None,
            );
        }
        closed.then_some(())
    }
}
