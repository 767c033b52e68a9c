//! Joins the readings of numbers, addresses and shapes to readings of whole lines, and finds out how much better the
//! best is than the others.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::addresses::{self, Direction};
use super::order::Orders;
use super::sample::Sample;
use super::{ColumnGuess, Inference, MAX_CONFIDENCE, MIN_CONFIDENCE, Reading};
use crate::schema::{FieldId, Origin, id};
use crate::store::InferredOrder;

/// The most readings of whole lines that are compared.
const MAX_READINGS: usize = 4096;
/// Readings of a part whose score is lower than the best by more than this are left out.
const MAX_GAP: f64 = 25.0;
/// The confidence where there is a reason to ask, at most, in percent.
const DOUBTFUL: f64 = 60.0;
/// With so many records, the doubt in an order counts twice; with more, less.
const DOUBLE_DOUBT_RECORDS: f64 = 10.0;
/// The fewest bytes of a packet.
const MIN_PACKET_BYTES: u64 = 20;

/// The order of readings from the best down.
#[derive(PartialEq)]
struct Rank(f64);

impl Eq for Rank {}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rank {
    fn cmp(&self, other: &Self) -> Ordering {
        other.0.total_cmp(&self.0)
    }
}

/// Scores readings of whole lines.
struct Scorer<'s, 'a> {
    sample: &'s Sample<'a>,
    orders: Orders,
    direction: Option<Direction>,
    /// What the direction tells of a source and a destination.
    by_direction: HashMap<(usize, usize, Direction), f64>,
    /// What services tell of ports.
    by_service: HashMap<(usize, usize, usize), f64>,
}

/// The best reading of all that `parts` give, each of other columns.
pub(super) fn best(sample: &Sample<'_>, mut parts: Vec<Vec<Reading>>) -> Inference {
    let orders = Orders::new();
    limit(&mut parts, &orders);
    let mut joined = vec![Reading::default()];
    for part in &parts {
        let mut next = Vec::with_capacity(joined.len() * part.len());
        for reading in &joined {
            for more in part {
                let mut reading = reading.clone();
                reading.fields.extend(&more.fields);
                reading.score += more.score;
                next.push(reading);
            }
        }
        joined = next;
    }
    let mut scorer = Scorer {
        sample,
        orders,
        direction: addresses::direction(sample),
        by_direction: HashMap::new(),
        by_service: HashMap::new(),
    };
    for reading in &mut joined {
        reading.fields.sort_unstable();
        reading.score += scorer.score(reading);
    }
    joined.sort_by(|a, b| b.score.total_cmp(&a.score));
    conclude(sample, &joined)
}

/// Leaves the best readings of each part, so that there are not too many of the whole.
fn limit(parts: &mut Vec<Vec<Reading>>, orders: &Orders) {
    parts.retain(|part| !part.is_empty());
    for part in parts.iter_mut() {
        let best = part
            .iter()
            .map(|reading| reading.score)
            .fold(f64::MIN, f64::max);
        part.retain(|reading| reading.score >= best - MAX_GAP);
        let rank = |reading: &Reading| {
            let mut fields = reading.fields.clone();
            fields.sort_unstable();
            let fields: Vec<FieldId> = fields.into_iter().map(|(_, field)| field).collect();
            reading.score + orders.score(&fields)
        };
        part.sort_by_cached_key(|reading| Rank(rank(reading)));
    }
    let count = |parts: &[Vec<Reading>]| parts.iter().map(Vec::len).product::<usize>();
    while count(parts) > MAX_READINGS {
        let Some(largest) = parts.iter_mut().max_by_key(|part| part.len()) else {
            return;
        };
        largest.truncate(largest.len() - 1);
    }
}

impl Scorer<'_, '_> {
    /// What the parts of a reading tell together.
    fn score(&mut self, reading: &Reading) -> f64 {
        let sample = self.sample;
        let column = |field| reading.column(field);
        let fields: Vec<FieldId> = reading.fields.iter().map(|(_, field)| *field).collect();
        let mut score = self.orders.score(&fields) + score_of_version(sample, reading);
        let has_gaps = |column: &usize| sample.presence(*column).0 < 0.98;
        let path = column(id::TRAFFIC_PATH)
            .filter(has_gaps)
            .map(Direction::Path);
        if let (Some(src), Some(dst), Some(direction)) = (
            column(id::SRCADDR),
            column(id::DSTADDR),
            self.direction.or(path),
        ) {
            score += *self
                .by_direction
                .entry((src, dst, direction))
                .or_insert_with(|| addresses::score_of_direction(sample, (src, dst), direction));
        }
        if let (Some(src), Some(dst)) = (column(id::SRCPORT), column(id::DSTPORT)) {
            for (service, own, other) in [
                (id::PKT_SRC_AWS_SERVICE, src, dst),
                (id::PKT_DST_AWS_SERVICE, dst, src),
            ] {
                let Some(service) = column(service) else {
                    continue;
                };
                score += *self
                    .by_service
                    .entry((service, own, other))
                    .or_insert_with(|| addresses::score_of_served(sample, service, (own, other)));
            }
        }
        score
    }
}

/// The version of a record is that of its newest field.
fn score_of_version(sample: &Sample<'_>, reading: &Reading) -> f64 {
    let Some(column) = reading.column(id::VERSION) else {
        return 0.0;
    };
    let version = sample
        .words(column)
        .next()
        .and_then(|word| word.parse::<u8>().ok());
    let versions = reading.fields.iter().filter_map(|(_, field)| field.def());
    let newest = versions
        .filter(|def| def.origin == Origin::Vpc)
        .map(|def| def.version)
        .max();
    let (Some(version), Some(newest)) = (version, newest) else {
        return 0.0;
    };
    let is_complete = reading.fields.len() == sample.width;
    match version {
        _ if sample.is_transit => {
            if version == 6 {
                0.0
            } else {
                -4.0
            }
        }
        6 | 12.. => -9.0,
        _ if version < newest => -9.0,
        _ if version > newest && is_complete => -7.0,
        _ => 0.0,
    }
}

/// The best of `readings`, which are in the order of their scores, and how sure each of its fields is.
fn conclude(sample: &Sample<'_>, readings: &[Reading]) -> Inference {
    let best = readings.first().cloned().unwrap_or_default();
    let share = |reading: &Reading| f64::exp(reading.score - best.score);
    let all: f64 = readings.iter().map(share).sum();
    let columns = (0..sample.width).map(|column| {
        let field = |reading: &Reading| {
            let found = reading.fields.iter().find(|(known, _)| *known == column);
            found.map(|(_, field)| *field)
        };
        let chosen = field(&best);
        let same = readings.iter().filter(|reading| field(reading) == chosen);
        let confidence = match chosen {
            Some(_) => 100.0 * same.map(share).sum::<f64>() / all,
            None => 0.0,
        };
        ColumnGuess {
            field: chosen,
            confidence: confidence.min(MAX_CONFIDENCE),
        }
    });
    let columns: Vec<ColumnGuess> = columns.collect();
    // Few records vary less than the calculation supposes.
    let caution = 1.0 + DOUBLE_DOUBT_RECORDS / sample.records().max(1) as f64;
    let share = f64::powf(1.0 / all, caution);
    let confidence = f64::min(100.0 * share, limit_of_confidence(sample, &best));
    Inference {
        columns,
        confidence,
        records: sample.records(),
    }
}

/// The highest confidence that an order may have, in percent.
fn limit_of_confidence(sample: &Sample<'_>, best: &Reading) -> f64 {
    let has = |field| best.column(field).is_some();
    let unknown: Vec<usize> = (0..sample.width)
        .filter(|column| !best.fields.iter().any(|(known, _)| known == column))
        .filter(|column| !sample.is_missing(*column))
        .collect();
    let known = best.fields.len();
    if !has(id::SRCADDR) || !has(id::DSTADDR) || known < 4 {
        return 25.0;
    }
    if 3 * unknown.len() > known {
        return 50.0;
    }
    let is_number = |column: &usize| super::numbers::is_numeric(sample, *column);
    if unknown.iter().any(is_number) || ports_may_be_amounts(sample, best) {
        return DOUBTFUL;
    }
    if sample.records() < InferredOrder::MIN_RECORDS {
        return MIN_CONFIDENCE - 1.0;
    }
    MAX_CONFIDENCE
}

/// Whether two numbers directly behind the addresses may be ports as well as packets and bytes: both are at most
/// 65,535, the second is large enough in every line, and no other columns are of the other kind.
fn ports_may_be_amounts(sample: &Sample<'_>, best: &Reading) -> bool {
    let (Some(src), Some(dst)) = (best.column(id::SRCADDR), best.column(id::DSTADDR)) else {
        return false;
    };
    let (first, second) = (src.min(dst), src.max(dst));
    let pair = if second == first + 1 {
        (second + 1, second + 2)
    } else if second == first + 2 {
        (first + 1, second + 1)
    } else {
        return false;
    };
    let field = |column: usize| {
        let found = best.fields.iter().find(|(known, _)| *known == column);
        found.map(|(_, field)| *field)
    };
    let fields = [field(pair.0), field(pair.1)];
    let are = |one, other| fields.contains(&Some(one)) && fields.contains(&Some(other));
    let has = |field| best.column(field).is_some();
    let is_open = are(id::SRCPORT, id::DSTPORT) && !has(id::PACKETS) && !has(id::BYTES)
        || are(id::PACKETS, id::BYTES) && !has(id::SRCPORT) && !has(id::DSTPORT);
    let number = |row: &[&str], column: usize| row.get(column).and_then(|word| word.parse().ok());
    is_open
        && sample
            .traffic()
            .all(|row| match (number(row, pair.0), number(row, pair.1)) {
                (Some(first), Some(second)) => {
                    (1..=65_535_u64).contains(&first)
                        && second <= 65_535
                        && second >= MIN_PACKET_BYTES * first
                }
                _ => true,
            })
}
