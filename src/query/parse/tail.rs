//! The tail of a phrase: an operator and values, a set, or values alone.

use super::{Parser, is_value};
use crate::query::diagnostic::Problem;
use crate::query::lex::{Bracket, Lexeme, LexemeKind};
use crate::query::operators::{Operator, OperatorPosition};
use crate::query::syntax::{Atom, AtomStyle, EndpointKind, Subject, Tail, Target};
use crate::query::{other_dialects, suggest};
use crate::schema::{Kind, id};

/// Words after `is` that mean a missing value.
pub(in crate::query) const MISSING: [&str; 2] = ["missing", "null"];

/// Operators of other languages, and their equivalents.
const GLUED: [(&str, &str); 7] = [
    ("===", "=="),
    ("=>", ">="),
    ("=<", "<="),
    ("=!", "!="),
    ("!==", "!="),
    ("~=", "=~"),
    ("==~", "=~"),
];

/// An operator as it was written, before its values.
struct WrittenOperator {
    operator: Operator,
    negated: bool,
    lexeme: Span,
}

type Span = std::ops::Range<usize>;

impl Parser<'_> {
    pub(super) fn tail(&mut self, subject: &Subject) -> Option<Tail> {
        let negated = self.accept(Operator::Not);
        let Some(lexeme) = self.peek().cloned() else {
            return self.report_missing_tail(subject, negated);
        };
        match lexeme.operator() {
            Some(operator) if operator.def().position == OperatorPosition::Comparing => {
                self.at += 1;
                let written = WrittenOperator {
                    operator,
                    negated,
                    lexeme: lexeme.span.clone(),
                };
                if lexeme.text.eq_ignore_ascii_case("is") {
                    return self.after_is(subject, written, &lexeme);
                }
                self.compared(subject, written, &lexeme)
            }
            None if matches!(lexeme.kind, LexemeKind::Open(_)) => {
                let values = self.set()?;
                let tail = implied(subject, values, true);
                Some(Tail { negated, ..tail })
            }
            None if is_value(&lexeme) => {
                if let Some(meant) = self.meant_operator(subject, &lexeme) {
                    return self.report_meant_operator(subject, &lexeme, meant);
                }
                if self.reports_calculation_at_value(subject, Operator::Equal) {
                    return None;
                }
                let values = self.list(subject, "a value")?;
                let tail = implied(subject, values, false);
                Some(Tail { negated, ..tail })
            }
            Some(_) | None => self.report_missing_tail(subject, negated),
        }
    }

    /// `is [not] missing`, `is [not] in {22}`, `is [not] 22`.
    fn after_is(
        &mut self,
        subject: &Subject,
        written: WrittenOperator,
        lexeme: &Lexeme<'_>,
    ) -> Option<Tail> {
        let negated = written.negated | self.accept(Operator::Not);
        if self.is_word(0, &MISSING) {
            self.at += 1;
            return Some(Tail {
                written: Some(Operator::Missing),
                negated,
                span: written.lexeme,
                values: Vec::new(),
                bracketed: false,
            });
        }
        let in_set = [Operator::In, Operator::Between]
            .into_iter()
            .find(|operator| self.accept(*operator));
        let operator = in_set.unwrap_or(written.operator);
        let written = WrittenOperator {
            operator,
            negated,
            ..written
        };
        self.compared(subject, written, lexeme)
    }

    /// Reports two signs that together are not an operator, such as `=>`.
    fn reports_glued_signs(&mut self, first: &Lexeme<'_>) -> bool {
        let Some(next) = self.peek() else {
            return false;
        };
        let signs = |lexeme: &Lexeme<'_>| matches!(lexeme.kind, LexemeKind::Symbol(_));
        if !signs(first) || !signs(next) || first.span.end != next.span.start {
            return false;
        }
        let signs = format!("{}{}", first.text, next.text);
        let span = first.span.start..next.span.end;
        let known = GLUED.iter().find(|(glued, _)| *glued == signs);
        let Some((_, meant)) = known else {
            return false;
        };
        let message = format!("{signs} is not an operator: did you mean {meant}?");
        self.report(span, Problem::new(message).suggest(*meant));
        true
    }

    /// The values after an operator.
    fn compared(
        &mut self,
        subject: &Subject,
        written: WrittenOperator,
        lexeme: &Lexeme<'_>,
    ) -> Option<Tail> {
        if self.reports_glued_signs(lexeme)
            || self.reports_calculation_at_value(subject, written.operator)
        {
            return None;
        }
        let bracketed = matches!(
            self.peek().map(|lexeme| lexeme.kind),
            Some(LexemeKind::Open(_))
        );
        let values = if written.operator == Operator::Between {
            vec![self.between(subject)?]
        } else if bracketed {
            self.set()?
        } else {
            self.list(subject, &format!("a value after {}", lexeme.text))?
        };
        Some(Tail {
            written: Some(written.operator),
            negated: written.negated,
            span: written.lexeme,
            values,
            bracketed,
        })
    }

    /// `20 and 25` after `between`: a range that includes both ends.
    fn between(&mut self, subject: &Subject) -> Option<Atom> {
        let symbol = Operator::Between.symbol();
        let mut range = self.subject_value(subject, &format!("a value after {symbol}"))?;
        if !self.accept(Operator::And) {
            self.expected("`and` and a second value");
            return None;
        }
        let to = self.subject_value(subject, "a second value")?;
        let plain = |atom: &&Atom| !matches!(atom.style, AtomStyle::Word | AtomStyle::Quoted);
        if let Some(other) = [&range, &to].into_iter().find(plain) {
            let span = other.span.clone();
            self.error(span, format!("{symbol} takes two plain values"));
            return None;
        }
        range.text = format!("{}..{}", range.text, to.text);
        range.style = AtomStyle::Word;
        range.span.end = to.span.end;
        Some(range)
    }

    /// The operator that a word after a text field was meant as, where a value follows.
    fn meant_operator(&self, subject: &Subject, lexeme: &Lexeme<'_>) -> Option<&'static str> {
        let Target::Field { name, .. } = &subject.target else {
            return None;
        };
        let words = name.field.kind() == Kind::Text && lexeme.kind == LexemeKind::Word;
        let followed = self.peek_at(1).is_some_and(is_value);
        if !words || !followed {
            return None;
        }
        other_dialects::operator(lexeme.text).or_else(|| suggest::operator(lexeme.text))
    }

    fn report_meant_operator(
        &mut self,
        subject: &Subject,
        lexeme: &Lexeme<'_>,
        meant: &str,
    ) -> Option<Tail> {
        if let Target::Field { name, .. } = &subject.target {
            let problem = Problem::new(format!("did you mean {name} {meant}?"));
            self.report(lexeme.span.clone(), problem.suggest(meant));
        }
        self.at += 2;
        None
    }

    fn report_missing_tail(&mut self, subject: &Subject, negated: bool) -> Option<Tail> {
        let what = match &subject.target {
            _ if negated => "a value after not".to_owned(),
            Target::Field { name, .. } => {
                format!(
                    "an operator or a value, or {} {name}",
                    Operator::Exists.symbol()
                )
            }
            Target::Side(_, Some(EndpointKind::Port)) => "a port".to_owned(),
            Target::Side(_, Some(EndpointKind::Address | EndpointKind::Network)) => {
                "an address".to_owned()
            }
            Target::Side(_, None) => "an address or a port".to_owned(),
        };
        let joined = [Operator::And, Operator::Or]
            .map(Some)
            .contains(&self.peek_operator());
        match (&subject.target, self.peek_at(0)) {
            // `src or d` may become `src or dst port 22`.
            (Target::Side(_, None), Some(operator)) if joined => {
                let last = self.peek_at(1).unwrap_or(operator);
                let span = operator.span.start..last.span.end;
                self.error(span, format!("expected {what}"));
                self.give_up();
            }
            _ => self.expected(&what),
        }
        None
    }

    fn list(&mut self, subject: &Subject, what: &str) -> Option<Vec<Atom>> {
        let mut values = vec![self.subject_value(subject, what)?];
        while self
            .peek()
            .is_some_and(|lexeme| lexeme.kind == LexemeKind::Comma)
        {
            self.at += 1;
            values.push(self.subject_value(subject, "a value after the comma")?);
        }
        Some(values)
    }

    /// A value with the unit or the netmask that may follow one of the subject's kind.
    fn subject_value(&mut self, subject: &Subject, what: &str) -> Option<Atom> {
        let mut atom = self.value(what)?;
        match &subject.target {
            Target::Field { net: true, .. } | Target::Side(_, Some(EndpointKind::Network)) => {
                self.mask(&mut atom)?;
            }
            Target::Field { name, .. } => match name.field.kind() {
                // Line numbers and versions have no unit.
                Kind::Number if name.field == id::LINE || name.field == id::VERSION => {}
                kind @ (Kind::Number | Kind::Duration) => self.unit(kind, &mut atom),
                _ => {}
            },
            Target::Side(..) => {}
        }
        Some(atom)
    }

    /// Values in brackets, with commas, spaces or `or` between them.
    fn set(&mut self) -> Option<Vec<Atom>> {
        let open = self.next()?;
        let LexemeKind::Open(bracket) = open.kind else {
            return None;
        };
        let mut values = Vec::new();
        loop {
            let Some(lexeme) = self.peek().cloned() else {
                self.expected(&format!("a value or \"{}\"", bracket.close()));
                return None;
            };
            match lexeme.kind {
                LexemeKind::Close(closing) if closing == bracket => {
                    self.at += 1;
                    if values.is_empty() {
                        self.error(open.span.start..lexeme.span.end, "the set is empty");
                        return None;
                    }
                    return Some(values);
                }
                LexemeKind::Comma => self.at += 1,
                _ if lexeme.operator() == Some(Operator::Or) => self.at += 1,
                _ => {
                    let what = format!("a value or \"{}\"", bracket.close());
                    let Some(value) = self.value(&what) else {
                        self.leave(bracket);
                        return None;
                    };
                    values.push(value);
                }
            }
        }
    }

    /// Skips the rest of a set that could not be parsed.
    pub(super) fn leave(&mut self, bracket: Bracket) {
        while let Some(lexeme) = self.next() {
            if lexeme.kind == LexemeKind::Close(bracket) {
                return;
            }
        }
    }
}

/// A tail without an operator.
pub(super) fn implied(subject: &Subject, values: Vec<Atom>, bracketed: bool) -> Tail {
    Tail {
        written: None,
        negated: false,
        span: subject.span.clone(),
        values,
        bracketed,
    }
}
