//! The candidates for a slot, in order.

use super::{Candidate, CandidateKind};
use crate::query::Context;
use crate::query::bare;
use crate::query::expression::Name;
use crate::query::operators::{OPERATORS, Operator, OperatorPosition};
use crate::query::value;
use crate::schema::{self, FIELDS, FieldId, Kind, id};

/// Phrases that are not names of fields, and their help.
const PHRASES: &[(&str, &str)] = &[
    ("src host", "the source is an address: src host 10.0.1.5"),
    ("dst host", "the destination is an address"),
    ("src port", "the source port"),
    ("dst port", "the destination port: dst port 22 or 80"),
    ("src net", "the source is in a network: src net 10.0.0.0/8"),
    ("dst net", "the destination is in a network"),
    ("src", "a source address or port"),
    ("dst", "a destination address or port"),
    (
        "portrange",
        "a range of ports, on either side: portrange 1-1024",
    ),
    ("tcp port", "a TCP port on either side"),
    ("udp port", "a UDP port on either side"),
];

/// What may follow a direction.
const ENDS: &[(&str, &str)] = &[
    ("host", "an address"),
    ("port", "a port or a service"),
    ("net", "a network: 10.0.0.0/8"),
];

/// Common durations.
const DURATIONS: &[&str] = &["5m", "15m", "1h", "1d"];

/// The most used fields; other fields of the files follow in the order of their columns.
const USUAL: [FieldId; 12] = [
    id::SRCADDR,
    id::DSTADDR,
    id::SRCPORT,
    id::DSTPORT,
    id::PROTOCOL,
    id::ACTION,
    id::INTERFACE_ID,
    id::BYTES,
    id::PACKETS,
    id::START,
    id::END,
    id::LOG_STATUS,
];

/// Collects candidates that start with the word at the cursor.
pub(super) struct CandidateList<'a> {
    context: &'a Context<'a>,
    prefix: String,
    pub(super) candidates: Vec<Candidate>,
}

impl<'a> CandidateList<'a> {
    pub(super) fn new(context: &'a Context<'a>, prefix: String) -> Self {
        Self {
            context,
            prefix,
            candidates: Vec::new(),
        }
    }

    fn add(&mut self, text: impl Into<String>, kind: CandidateKind, help: impl Into<String>) {
        let text = text.into();
        if !self
            .candidates
            .iter()
            .any(|candidate| candidate.text == text)
        {
            self.candidates.push(Candidate {
                text,
                kind,
                help: help.into(),
                count: None,
            });
        }
    }

    fn begins(&self, text: &str) -> bool {
        let head = text.get(..self.prefix.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(&self.prefix))
    }

    /// What a filter can start with: fields of the files, phrases, saved filters, bare words.
    pub(super) fn beginnings(&mut self) {
        if !self.prefix.starts_with('$') {
            self.fields(true);
            self.phrases(PHRASES);
        }
        self.saved();
        self.operators_at(&[
            OperatorPosition::BeforeField,
            OperatorPosition::BeforeTime,
            OperatorPosition::Negating,
        ]);
        if self.prefix.is_empty() {
            return;
        }
        for word in bare::words() {
            if self.begins(word) {
                self.add(word, CandidateKind::Value, "");
            }
        }
        self.fields(false);
    }

    /// With `known`, the fields of the files and then the computed ones; otherwise all others that match the word.
    pub(super) fn fields(&mut self, known: bool) {
        let prefix = schema::normalize(&self.prefix);
        let all = || (0..FIELDS.len()).map(FieldId::from_index);
        let loaded = self.context.fields;
        let is_known = |field: &FieldId| loaded.contains(field) || field.is_computed();
        let fields: Vec<FieldId> = if known {
            let computed = all().filter(|field| field.is_computed());
            let usual = USUAL.into_iter().filter(|field| loaded.contains(field));
            let others = loaded.iter().copied();
            let others = others.filter(|field| !USUAL.contains(field));
            usual.chain(others).chain(computed).collect()
        } else if prefix.is_empty() {
            Vec::new()
        } else {
            all().filter(|field| !is_known(field)).collect()
        };
        let mut ranked: Vec<(u8, FieldId)> = Vec::new();
        for field in fields {
            let name = schema::normalize(&self.context.catalog.name(field));
            let aliases = field.def().map_or(&[][..], |def| def.aliases);
            let mut aliases = aliases.iter().map(|alias| schema::normalize(alias));
            if name.starts_with(&prefix) {
                ranked.push((0, field));
            } else if aliases.any(|alias| alias.starts_with(&prefix)) {
                ranked.push((1, field));
            } else if prefix.len() > 2 && name.contains(&prefix) {
                ranked.push((2, field));
            }
        }
        ranked.sort_by_key(|(rank, _)| *rank);
        for (_, field) in ranked {
            let name = Name::of(self.context.catalog, field).to_string();
            self.add(name, CandidateKind::Field(field), "");
        }
    }

    fn phrases(&mut self, phrases: &[(&str, &str)]) {
        for (phrase, help) in phrases {
            if self.begins(phrase) {
                self.add(*phrase, CandidateKind::Phrase, *help);
            }
        }
    }

    pub(super) fn ends(&mut self) {
        self.phrases(ENDS);
    }

    fn saved(&mut self) {
        for saved in self.context.saved {
            let text = format!("${}", saved.name);
            if self.begins(&text) || !self.prefix.is_empty() && self.begins(&saved.name) {
                self.add(text, CandidateKind::Saved, saved.text.as_str());
            }
        }
    }

    /// What may follow a filter.
    pub(super) fn joints(&mut self) {
        self.operators_at(&[OperatorPosition::Joining]);
    }

    fn operators_at(&mut self, places: &[OperatorPosition]) {
        for def in OPERATORS
            .iter()
            .filter(|def| places.contains(&def.position))
        {
            let word = def.spellings[0];
            if self.begins(word) {
                self.add(word, CandidateKind::Phrase, def.help);
            }
        }
    }

    /// The operators that fields of `kind` take.
    pub(super) fn operators(&mut self, kind: Kind) {
        let places = [OperatorPosition::Comparing, OperatorPosition::AfterField];
        for def in OPERATORS
            .iter()
            .filter(|def| places.contains(&def.position))
        {
            let word = def.spellings[0];
            if (def.accepts)(kind) && self.begins(word) {
                self.add(word, CandidateKind::Operator, def.help);
            }
        }
        if self.begins("not in") {
            self.add(
                "not in",
                CandidateKind::Operator,
                "has a value outside of the set",
            );
        }
    }

    /// Times and durations.
    pub(super) fn window(&mut self, operator: Operator) {
        if matches!(operator, Operator::Last | Operator::First) {
            for length in DURATIONS {
                if self.begins(length) {
                    self.add(*length, CandidateKind::Value, "");
                }
            }
            return;
        }
        self.times();
    }

    /// The start and the end of the data, and a time shortly before its end.
    fn times(&mut self) {
        let Some((first, last)) = self.context.span else {
            return;
        };
        let ends = [(first, "start of the data"), (last, "end of the data")];
        for (time, help) in ends {
            let text = crate::format::iso(time);
            if self.begins(&text) {
                self.add(text, CandidateKind::Value, help);
            }
        }
        if self.begins("-15m") {
            self.add(
                "-15m",
                CandidateKind::Value,
                "15 minutes before the end of the data",
            );
        }
    }

    /// Values that are known without reading records.
    pub(super) fn choices(&mut self, field: FieldId) {
        match field.kind() {
            Kind::Choice(words) => {
                for word in words {
                    if self.begins(word) {
                        self.add(*word, CandidateKind::Value, "");
                    }
                }
            }
            Kind::Address => {
                for word in bare::classes() {
                    if self.begins(word) {
                        self.add(word, CandidateKind::Value, "");
                    }
                }
            }
            Kind::Flags => {
                for flag in value::flag_list() {
                    if self.begins(flag) {
                        self.add(flag, CandidateKind::Value, "");
                    }
                }
            }
            Kind::Time => self.times(),
            Kind::Duration | Kind::Number | Kind::Port | Kind::Protocol | Kind::Text => {}
        }
        if self.prefix.starts_with('$') && self.context.selected.is_some() {
            let fields = self.context.fields.iter();
            for field in fields.filter(|other| other.kind() == field.kind()) {
                let text = format!("${}", self.context.catalog.name(*field));
                if self.begins(&text) {
                    self.add(
                        text,
                        CandidateKind::Value,
                        "the value in the selected record",
                    );
                }
            }
        }
    }
}
