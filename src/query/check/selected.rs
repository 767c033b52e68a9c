//! `$field` as a value: the value of the field in the selected record.

use std::borrow::Cow;

use super::Checker;
use crate::query::diagnostic::Problem;
use crate::query::expression::Name;
use crate::query::suggest;
use crate::query::syntax::{Atom, AtomStyle, EndpointKind, Subject, Tail, Target};
use crate::query::time::{LAST_SECOND, YEARS};
use crate::schema::{FieldId, Kind, Storage, id, protocol};

impl Checker<'_> {
    /// `tail` with each `$field` replaced by its value.
    pub(super) fn filled<'t>(
        &mut self,
        subject: &Subject,
        tail: &'t Tail,
    ) -> Option<Cow<'t, Tail>> {
        if !tail.values.iter().any(is_dollar) {
            return Some(Cow::Borrowed(tail));
        }
        let mut values = Vec::new();
        for atom in &tail.values {
            if is_dollar(atom) {
                values.extend(self.selected(&subject.target, atom)?);
            } else {
                values.push(atom.clone());
            }
        }
        Some(Cow::Owned(Tail {
            values,
            ..tail.clone()
        }))
    }

    /// The single value of `atom` after a word such as `since` or `last`.
    pub(super) fn filled_time<'t>(
        &mut self,
        field: FieldId,
        atom: &'t Atom,
    ) -> Option<Cow<'t, Atom>> {
        if !is_dollar(atom) {
            return Some(Cow::Borrowed(atom));
        }
        let target = Target::Field {
            name: Name::of(self.context.catalog, field),
            net: false,
        };
        let value = self.selected(&target, atom)?.into_iter().next()?;
        if value.text.contains("..") {
            let name = |field| Name::of(self.context.catalog, field);
            let (start, end) = (name(id::START), name(id::END));
            let message = format!("expected a single time: ${start} or ${end}");
            self.error(&atom.span, message);
            return None;
        }
        Some(Cow::Owned(value))
    }

    /// The values in the selected record of the field that `atom` names.
    fn selected(&mut self, target: &Target, atom: &Atom) -> Option<Vec<Atom>> {
        let catalog = self.context.catalog;
        let quoted = atom.style == AtomStyle::Dollar { quoted: true };
        let found = if quoted {
            Name::field_in_backquotes(catalog, &atom.text)
        } else {
            catalog.lookup(&atom.text)
        };
        let Some(field) = found else {
            self.not_a_field(atom);
            return None;
        };
        let from = Name::of(catalog, field);
        if !takes(target, field) {
            let message = match target {
                Target::Field { name, .. } => format!("{name} and {from} cannot be compared"),
                Target::Side(_, Some(EndpointKind::Port)) => format!("{from} is not a port"),
                Target::Side(_, Some(EndpointKind::Address | EndpointKind::Network)) => {
                    format!("{from} is not an address")
                }
                Target::Side(_, None) => format!("{from} is not an address or a port"),
            };
            self.error(&atom.span, message);
            return None;
        }
        let record = self.context.selected.filter(|selected| selected.exists());
        let Some(record) = record else {
            let message = format!("no record is selected, so ${from} has no value");
            self.problem(atom, Problem::new(message).suggest("the value itself"));
            return None;
        };
        let texts = record.texts(field);
        if texts.is_empty() {
            let ports = [id::PORT, id::SRCPORT, id::DSTPORT].contains(&field);
            let number = record
                .number(id::PROTOCOL)
                .filter(|number| ports && !protocol::has_ports(*number));
            let message = match number {
                Some(number) => {
                    let name = protocol::name(number)
                        .map_or_else(|| format!("protocol {number}"), str::to_owned);
                    format!("the selected record has no {from}: {name} does not use ports")
                }
                None => format!("{from} is missing in the selected record"),
            };
            let problem = Problem::new(message).suggest(format!("{from} is missing"));
            self.problem(atom, problem);
            return None;
        }
        if field.kind() == Kind::Time && texts.iter().any(|text| is_misread(text)) {
            self.error(
                &atom.span,
                format!("a filter cannot express the {from} of the selected record"),
            );
            return None;
        }
        let style = match field.storage() {
            Storage::Word => AtomStyle::Quoted,
            Storage::Number | Storage::Address => AtomStyle::Word,
        };
        let value = |text| Atom {
            text,
            style: style.clone(),
            span: atom.span.clone(),
            from: Some(from.clone()),
        };
        Some(texts.into_iter().map(value).collect())
    }

    fn not_a_field(&mut self, atom: &Atom) {
        let name = &atom.text;
        if name.is_empty() {
            self.error(&atom.span, "expected a field name after $");
            return;
        }
        if self.is_full() {
            return;
        }
        let mut saved = self.context.saved.iter();
        if saved.any(|saved| saved.name.eq_ignore_ascii_case(name)) {
            let message = format!("${name} is a saved filter, not a value");
            self.error(&atom.span, message);
            return;
        }
        let problem = match suggest::field(name, self.context.catalog) {
            Some(near) => Problem::did_you_mean(format!("${near}")),
            None => Problem::new(format!("unknown field: {name}")),
        };
        self.problem(atom, problem);
    }
}

fn is_dollar(atom: &Atom) -> bool {
    matches!(atom.style, AtomStyle::Dollar { .. })
}

/// Whether the subject of a phrase can have the values of `field`.
fn takes(target: &Target, field: FieldId) -> bool {
    let kind = field.kind();
    match target {
        Target::Field { name, .. } => {
            let words = |field: FieldId| field.storage() == Storage::Word;
            name.field.kind() == kind || words(name.field) && words(field)
        }
        Target::Side(_, Some(EndpointKind::Port)) => kind == Kind::Port,
        Target::Side(_, Some(EndpointKind::Address | EndpointKind::Network)) => {
            kind == Kind::Address
        }
        Target::Side(_, None) => matches!(kind, Kind::Port | Kind::Address),
    }
}

/// Whether a filter would read the seconds of a time as a year, or as milliseconds.
fn is_misread(text: &str) -> bool {
    let misread = |second: u64| {
        second > LAST_SECOND || u32::try_from(second).is_ok_and(|second| YEARS.contains(&second))
    };
    text.split("..").any(|text| text.parse().is_ok_and(misread))
}
