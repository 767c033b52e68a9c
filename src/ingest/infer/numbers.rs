//! The readings of the columns of numbers: by what each value tells, and by how those of one line go together.

use std::collections::HashMap;

use super::sample::{Sample, count, is_rare, weigh};
use super::{Reading, likelihood};
use crate::schema::{FieldId, id};

/// The numeric fields, the first of two that belong together first.
const FIELDS: [FieldId; 11] = [
    id::VERSION,
    id::PROTOCOL,
    id::PACKETS,
    id::BYTES,
    id::START,
    id::END,
    id::TCP_FLAGS,
    id::SRCPORT,
    id::DSTPORT,
    id::TRAFFIC_PATH,
    id::ENCRYPTION_STATUS,
];
const TRANSIT_FIELDS: [FieldId; 4] = [
    id::PACKETS_LOST_NO_ROUTE,
    id::PACKETS_LOST_BLACKHOLE,
    id::PACKETS_LOST_MTU_EXCEEDED,
    id::PACKETS_LOST_TTL_EXPIRED,
];
/// So many of the best readings of some columns are continued with the next column.
const MAX_READINGS: usize = 400;
/// Readings whose score is lower than the best by more than this are left out.
const MAX_GAP: f64 = 30.0;
/// What a value tells counts less than calculated, because real traffic differs from the assumed one.
const CAUTION: f64 = 0.5;
/// What a value tells that a field cannot have: it may be damaged.
const DAMAGED: f64 = -12.0;
/// How often fields that vary have one value in all lines, as a logarithm: the lines may be filtered.
const CONSTANT: f64 = -4.0;
/// How often a constant is a version, as a logarithm.
const VERSION: f64 = -2.0;
/// What it counts against a reading that a column of numbers is no known field.
const UNKNOWN: f64 = -40.0;

/// A column of numbers: those of each row, none where it is missing or damaged.
struct Numbers {
    column: usize,
    values: Vec<Option<u64>>,
    /// The fields that it may be, each with the score that its values alone give.
    candidates: Vec<(FieldId, f64)>,
    /// The score if it is none of them.
    unknown: f64,
}

/// Readings of the first columns of numbers while the next are added: the field of each.
#[derive(Clone)]
struct Partial {
    fields: Vec<Option<FieldId>>,
    score: f64,
}

/// Pairs of columns as pairs of fields, and the scores that their values together give; none where they contradict.
type PairScores = HashMap<(usize, FieldId, usize, FieldId), Option<f64>>;

/// The best readings of all columns of numbers, the best first.
pub(super) fn readings(sample: &Sample<'_>) -> Vec<Reading> {
    let mut columns: Vec<Numbers> = (0..sample.width)
        .filter_map(|column| Numbers::of(sample, column))
        .collect();
    columns.sort_by_key(|numbers| numbers.candidates.len());
    let mut scores = PairScores::new();
    let mut partials = vec![Partial {
        fields: Vec::new(),
        score: 0.0,
    }];
    for index in 0..columns.len() {
        let mut next = Vec::new();
        for partial in &partials {
            extend(partial, &columns, index, &mut scores, &mut next);
        }
        next.sort_by(|a, b| b.score.total_cmp(&a.score));
        next.truncate(MAX_READINGS);
        let best = next.first().map_or(0.0, |best| best.score);
        next.retain(|partial| partial.score >= best - MAX_GAP);
        partials = next;
    }
    let readings = partials.into_iter().map(|partial| {
        let fields = columns.iter().zip(&partial.fields);
        let fields = fields.filter_map(|(numbers, field)| Some((numbers.column, (*field)?)));
        let mut reading = Reading {
            fields: fields.collect(),
            score: partial.score,
        };
        reading.score += habit(&reading);
        reading
    });
    readings.collect()
}

/// Whether `column` has numbers, accounts aside.
pub(super) fn is_numeric(sample: &Sample<'_>, column: usize) -> bool {
    let (mut count, mut wrong) = (0, 0);
    for word in sample.words(column) {
        count += 1;
        wrong += usize::from(number(word).is_none());
    }
    count > 0 && is_rare(wrong, count) && !sample.is_typical(column, id::ACCOUNT_ID)
}

fn number(word: &str) -> Option<u64> {
    let is_digits = word.bytes().all(|byte| byte.is_ascii_digit());
    word.parse().ok().filter(|_| is_digits)
}

/// Adds to `next` what `partial` becomes with the fields that the column at `index` may be.
fn extend(
    partial: &Partial,
    columns: &[Numbers],
    index: usize,
    scores: &mut PairScores,
    next: &mut Vec<Partial>,
) {
    let Some(numbers) = columns.get(index) else {
        return;
    };
    let with = |field: Option<FieldId>, score: f64| {
        let mut fields = partial.fields.clone();
        fields.push(field);
        Partial {
            fields,
            score: partial.score + score,
        }
    };
    next.push(with(None, numbers.unknown));
    for (field, own) in &numbers.candidates {
        if partial.fields.contains(&Some(*field)) {
            continue;
        }
        let mut sum = Some(*own);
        for (other, known) in columns.iter().zip(&partial.fields) {
            let Some(known) = known else { continue };
            let score = scores
                .entry((numbers.column, *field, other.column, *known))
                .or_insert_with(|| pair_score((numbers, *field), (other, *known)));
            sum = sum.zip(*score).map(|(sum, score)| sum + score);
        }
        if let Some(score) = sum {
            next.push(with(Some(*field), score));
        }
    }
}

/// What two columns tell together as two fields; none where their values contradict that.
fn pair_score(a: (&Numbers, FieldId), b: (&Numbers, FieldId)) -> Option<f64> {
    let place = |field: FieldId| FIELDS.iter().position(|known| *known == field);
    let (first, second) = if place(a.1) < place(b.1) {
        (a, b)
    } else {
        (b, a)
    };
    let pairs = first.0.values.iter().zip(&second.0.values);
    let pairs = count(pairs.filter_map(|(a, b)| Some(((*a)?, (*b)?))));
    let tells = |(a, b): &(u64, u64)| likelihood::of_pair((first.1, *a), (second.1, *b));
    let (mut all, mut wrong) = (0, 0);
    for (pair, count) in &pairs {
        all += *count as usize;
        wrong += if tells(pair).is_none() {
            *count as usize
        } else {
            0
        };
    }
    is_rare(wrong, all).then(|| {
        let score = CAUTION * weigh(&pairs, |pair| tells(pair).unwrap_or(DAMAGED));
        // Ports that suit the flags may be chance.
        if first.1 == id::TCP_FLAGS {
            score.min(2.0)
        } else {
            score
        }
    })
}

impl Numbers {
    fn of(sample: &Sample<'_>, column: usize) -> Option<Self> {
        if !is_numeric(sample, column) {
            return None;
        }
        let words = sample.rows.iter().map(|row| row.get(column).copied());
        let mut numbers = Self {
            column,
            values: words.map(|word| word.and_then(number)).collect(),
            candidates: Vec::new(),
            unknown: UNKNOWN,
        };
        let values = count(numbers.all());
        numbers.unknown += CAUTION * weigh(&values, |number| likelihood::of_unknown(*number));
        let transit: &[FieldId] = if sample.is_transit {
            &TRANSIT_FIELDS
        } else {
            &[]
        };
        for field in FIELDS.iter().chain(transit) {
            let is_allowed =
                sample.allows(column, *field) && !(sample.is_transit && *field == id::TRAFFIC_PATH);
            if is_allowed && let Some(score) = numbers.score(sample, *field) {
                numbers.candidates.push((*field, score));
            }
        }
        Some(numbers)
    }

    fn all(&self) -> impl Iterator<Item = u64> {
        self.values.iter().copied().flatten()
    }

    /// What the values of the column alone tell for `field`; none where they contradict it.
    fn score(&self, sample: &Sample<'_>, field: FieldId) -> Option<f64> {
        let values = count(self.all());
        let wrong = self
            .all()
            .filter(|number| !likelihood::is_possible(field, *number))
            .count();
        let are_times = || self.all().all(likelihood::is_time);
        let is_amount = [id::PACKETS, id::BYTES].contains(&field);
        if !is_rare(wrong, self.all().count())
            || is_amount && are_times()
            || field == id::VERSION && values.len() > 1
        {
            return None;
        }
        let missing = self.score_of_missing(sample, field)?;
        let tells = |number: &u64| {
            if likelihood::is_possible(field, *number) {
                likelihood::of_number(field, *number)
            } else {
                DAMAGED
            }
        };
        let mut score = CAUTION * weigh(&values, tells);
        if let (1, Some(number)) = (values.len(), values.first().map(|(number, _)| number)) {
            score = score.max(CONSTANT + tells(number));
        }
        if field == id::VERSION {
            score = VERSION;
        }
        Some(missing + score)
    }

    /// What it tells where the column has values and where not.
    fn score_of_missing(&self, sample: &Sample<'_>, field: FieldId) -> Option<f64> {
        if field == id::TRAFFIC_PATH {
            return self.score_of_gaps(sample);
        }
        let (with, without) = sample.presence(self.column);
        let is_always = [id::VERSION, id::START, id::END].contains(&field);
        let is_sometimes = [id::TCP_FLAGS, id::ENCRYPTION_STATUS].contains(&field);
        // Damaged lines aside.
        let (few, most) = (0.05, 0.95);
        let has_silent = sample.has_traffic.contains(&false);
        match (is_always, is_sometimes) {
            (true, _) => (with >= most && without >= most).then_some(0.0),
            (_, true) => (!has_silent || without <= few).then_some(-3.0 * (1.0 - with)),
            _ => (with >= most && (!has_silent || without <= few)).then_some(0.0),
        }
    }

    /// A path is missing where something comes in, though there is traffic.
    fn score_of_gaps(&self, sample: &Sample<'_>) -> Option<f64> {
        let direction =
            (0..sample.width).find(|column| sample.is_typical(*column, id::FLOW_DIRECTION));
        let (mut right, mut wrong, mut present, mut absent) = (0, 0, 0.0, 0.0);
        let mut gaps = 0.0;
        let rows = sample
            .rows
            .iter()
            .zip(&self.values)
            .zip(&sample.has_traffic);
        for ((row, value), _) in rows.filter(|(_, has_traffic)| **has_traffic) {
            match direction.and_then(|column| row.get(column)) {
                Some(&"egress") if value.is_some() => right += 1,
                Some(&"ingress") if value.is_none() => {
                    right += 1;
                    gaps += 1.0;
                }
                Some(&("egress" | "ingress")) => wrong += 1,
                Some(_) | None if value.is_some() => present += 1.0,
                _ => absent += 1.0,
            }
        }
        if right + wrong > 0 {
            return is_rare(wrong, right + wrong).then_some(f64::min(gaps, 6.0));
        }
        // Without a direction, all that can be told is that some have it and some have not.
        Some(if absent == 0.0 {
            -f64::min(2.0 * present, 8.0)
        } else {
            -2.0
        })
    }
}

/// How usual it is to have these fields and not others.
fn habit(reading: &Reading) -> f64 {
    let has = |field| reading.column(field).is_some();
    let mut score = 0.0;
    for (one, other, penalty) in [
        (id::SRCPORT, id::DSTPORT, 1.5),
        (id::PACKETS, id::BYTES, 0.5),
        (id::START, id::END, 1.0),
    ] {
        if has(one) != has(other) {
            score -= penalty;
        }
    }
    if has(id::ENCRYPTION_STATUS) {
        score -= 2.0;
    }
    if has(id::TCP_FLAGS) && !has(id::PROTOCOL) {
        score -= 2.0;
    }
    score
}
