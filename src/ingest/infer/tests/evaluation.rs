//! Infers formats that are known, and counts what came out.

use super::formats::{ORDERS, Order, format, version};
use super::random::Random;
use super::traffic::Traffic;
use crate::ingest::infer::{Inference, MIN_CONFIDENCE, detect};
use crate::schema::{FieldId, id};

/// What came out of one case.
#[derive(Debug, PartialEq)]
pub(super) enum Outcome {
    /// It was sure, and all fields that it named are right.
    Right,
    /// It was sure, and a field is wrong.
    Wrong(String),
    /// It was not sure; whether its proposal is right.
    Asked(bool),
}

/// Lines of a known format.
pub(super) struct Case {
    pub(super) fields: Vec<FieldId>,
    pub(super) lines: Vec<String>,
}

impl Case {
    pub(super) fn new(seed: u64, order: Order, lines: usize) -> Self {
        let mut random = Random::new(seed);
        let fields = format(&mut random, order);
        let version = version(&fields).to_string();
        let mut traffic = Traffic::new(seed);
        let lines = (0..lines).map(|_| {
            let mut record = traffic.record();
            record[id::VERSION.index()].clone_from(&version);
            let words = fields.iter().map(|field| &*record[field.index()]);
            words.collect::<Vec<_>>().join(" ")
        });
        Self {
            lines: lines.collect(),
            fields,
        }
    }

    pub(super) fn infer(&self) -> Option<Inference> {
        let words = self
            .lines
            .iter()
            .take(400)
            .map(|line| line.split(' ').collect());
        detect(&words.collect::<Vec<Vec<&str>>>(), &[])
    }

    pub(super) fn outcome(&self) -> Outcome {
        let Some(inference) = self.infer() else {
            return Outcome::Asked(false);
        };
        let mut wrong = Vec::new();
        for (guess, truth) in inference.columns.iter().zip(&self.fields) {
            let name = |field: FieldId| field.def().unwrap().name;
            if let Some(field) = guess.field.filter(|field| field != truth) {
                wrong.push(format!(
                    "{} as {} ({:.2})",
                    name(*truth),
                    name(field),
                    guess.confidence
                ));
            }
        }
        let is_sure = inference.confidence >= MIN_CONFIDENCE;
        match (is_sure, wrong.is_empty()) {
            (true, true) => Outcome::Right,
            (true, false) => Outcome::Wrong(wrong.join(", ")),
            (false, is_right) => Outcome::Asked(is_right),
        }
    }
}

/// Counts the outcomes of `count` cases of each order and length, and returns those that are wrong.
pub(super) fn evaluate(count: u64, lengths: &[usize]) -> Vec<String> {
    let mut failed = Vec::new();
    for order in ORDERS {
        for length in lengths {
            let (mut right, mut wrong, mut asked, mut proposed) = (0, 0, 0, 0);
            for seed in 0..count {
                let seed = seed * 7919 + *length as u64 * 31 + order as u64;
                let case = Case::new(seed, order, *length);
                match case.outcome() {
                    Outcome::Right => right += 1,
                    Outcome::Asked(is_right) => {
                        asked += 1;
                        proposed += u64::from(is_right);
                    }
                    Outcome::Wrong(what) => {
                        wrong += 1;
                        failed.push(format!("seed {seed}, {order:?}, {length} lines: {what}"));
                    }
                }
            }
            println!(
                "{order:?}, {length} lines: {right} right, {wrong} wrong, {asked} asked ({proposed} with the right proposal)"
            );
        }
    }
    failed
}
