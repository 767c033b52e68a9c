//! Values that are whole filters by themselves: `10.0.0.5`, `443`, `ssh`, `reject`.

use super::tail::equal;
use super::{Checker, operand};
use crate::query::bare::{self, Meaning};
use crate::query::expression::{Expression, Name, Operand, Term};
use crate::query::other_dialects;
use crate::query::suggest;
use crate::query::syntax::{Atom, AtomStyle};
use crate::schema::{FieldId, id};

impl Checker<'_> {
    /// The filter that a bare value stands for.
    pub(super) fn bare(&mut self, atom: &Atom) -> Option<Expression> {
        let meaning = match atom.style {
            AtomStyle::Word => bare::meaning(&atom.text),
            _ => None,
        };
        match meaning {
            Some(Meaning::Port) => self.endpoint(atom, true),
            Some(Meaning::Address) => self.endpoint(atom, false),
            Some(Meaning::Is(field, operand)) => {
                let name = self.named(field, atom);
                if let Some(unknown) = self.unknown_word(&name, &operand) {
                    self.warn_of_word(&atom.span, unknown);
                }
                Some(equal(name, operand))
            }
            Some(Meaning::Flags(mask)) => Some(Expression::Term(Term::Flags {
                field: self.named(id::TCP_FLAGS, atom),
                any: false,
                mask,
            })),
            // Guessing takes time: thousands of unknown words must not lead to thousands of guesses.
            None if self.is_full() => None,
            None => {
                let problem = suggest::unknown(&atom.text, self.context.catalog);
                self.problem(atom, problem);
                None
            }
        }
    }

    fn named(&mut self, field: FieldId, atom: &Atom) -> Name {
        let name = Name::of(self.context.catalog, field);
        self.mention(&name, &atom.span);
        name
    }

    /// An address or a port, of the direction and the protocol of the phrase before it.
    fn endpoint(&mut self, atom: &Atom, port: bool) -> Option<Expression> {
        let mut parts = Vec::new();
        if let Some(number) = self.protocol {
            parts.push(self.protocol_is(number, &atom.span));
        }
        for name in self.ends(self.side, port) {
            self.mention(&name, &atom.span);
            let operand: Operand = match operand::read(self.context, &name, false, atom) {
                Ok(operand) => operand,
                Err(problem) => {
                    let problem = match other_dialects::account(&atom.text) {
                        Some(account) => problem.suggest(account),
                        None => problem,
                    };
                    self.problem(atom, problem);
                    return None;
                }
            };
            parts.push(equal(name, operand));
        }
        Some(Expression::all(parts))
    }
}
