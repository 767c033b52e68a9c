//! What the order of the columns tells: programs and people write fields in few of all possible orders.

use crate::schema::{FIELDS, FieldId, formats, lookup_header};

/// How often formats are in the order of AWS's documents, sorted by name, in another order that AWS prints, with
/// what belongs together side by side, or in no order. The last is taken for more frequent than it is, so that only
/// an order that cannot be chance counts.
const BY_VERSION: f64 = 0.03;
const BY_NAME: f64 = 0.015;
const PRINTED: f64 = 0.01;
const BY_TOPIC: f64 = 0.04;
const NO_ORDER: f64 = 0.9;
/// How often a field of such an order stands elsewhere.
const MOVED: f64 = 0.5;
/// How often people write a destination before its source, unless they sort by name, as a logarithm.
const REVERSED: f64 = -7.0;

/// Which field follows which in formats that people write, and how often.
const FOLLOWS: &[(&str, &str, f64)] = &[
    ("version", "account-id", 0.5),
    ("version", "vpc-id", 0.2),
    ("version", "interface-id", 0.2),
    ("account-id", "interface-id", 0.4),
    ("account-id", "vpc-id", 0.3),
    ("interface-id", "account-id", 0.1),
    ("interface-id", "srcaddr", 0.4),
    ("instance-id", "interface-id", 0.3),
    ("instance-id", "srcaddr", 0.3),
    ("vpc-id", "subnet-id", 0.6),
    ("subnet-id", "instance-id", 0.4),
    ("subnet-id", "az-id", 0.3),
    ("region", "az-id", 0.6),
    ("sublocation-type", "sublocation-id", 0.8),
    ("srcaddr", "dstaddr", 0.4),
    ("srcaddr", "srcport", 0.4),
    ("srcaddr", "pkt-srcaddr", 0.1),
    ("srcport", "dstport", 0.4),
    ("srcport", "dstaddr", 0.4),
    ("srcport", "pkt-src-aws-service", 0.1),
    ("srcport", "pkt-srcaddr", 0.1),
    ("dstaddr", "srcport", 0.4),
    ("dstaddr", "dstport", 0.4),
    ("dstaddr", "protocol", 0.1),
    ("dstaddr", "pkt-srcaddr", 0.1),
    ("dstaddr", "pkt-dstaddr", 0.1),
    ("dstport", "protocol", 0.6),
    ("dstport", "pkt-dst-aws-service", 0.1),
    ("dstport", "pkt-dstaddr", 0.1),
    ("protocol", "packets", 0.4),
    ("protocol", "tcp-flags", 0.3),
    ("protocol", "action", 0.1),
    ("tcp-flags", "type", 0.3),
    ("type", "pkt-srcaddr", 0.3),
    ("pkt-srcaddr", "pkt-dstaddr", 0.5),
    ("pkt-srcaddr", "pkt-src-aws-service", 0.3),
    ("pkt-src-aws-service", "pkt-dst-aws-service", 0.5),
    ("pkt-src-aws-service", "dstaddr", 0.2),
    ("pkt-dstaddr", "pkt-dst-aws-service", 0.3),
    ("flow-direction", "traffic-path", 0.6),
    ("packets", "bytes", 0.6),
    ("bytes", "packets", 0.5),
    ("bytes", "start", 0.5),
    ("packets", "start", 0.2),
    ("start", "end", 0.85),
    ("end", "action", 0.4),
    ("action", "log-status", 0.6),
    ("log-status", "vpc-id", 0.2),
    ("protocol", "srcport", 0.2),
    ("dstport", "bytes", 0.1),
    ("dstport", "packets", 0.1),
    ("dstport", "action", 0.1),
    ("dstport", "tcp-flags", 0.1),
    ("action", "srcaddr", 0.1),
    ("action", "tcp-flags", 0.1),
    ("tcp-flags", "flow-direction", 0.1),
    ("tcp-flags", "packets", 0.1),
    ("flow-direction", "srcaddr", 0.1),
    ("flow-direction", "action", 0.1),
    ("traffic-path", "action", 0.1),
    ("traffic-path", "pkt-srcaddr", 0.1),
    ("protocol", "flow-direction", 0.1),
    ("end", "log-status", 0.1),
    ("bytes", "action", 0.1),
    ("pkt-dstaddr", "srcport", 0.1),
    ("end", "interface-id", 0.1),
    ("start", "interface-id", 0.02),
    ("end", "srcaddr", 0.1),
];

/// Sources before their destinations, and addresses of flows before those of packets.
const SIDES: [(&str, &str); 12] = [
    ("srcaddr", "dstaddr"),
    ("srcport", "dstport"),
    ("pkt-srcaddr", "pkt-dstaddr"),
    ("pkt-src-aws-service", "pkt-dst-aws-service"),
    ("start", "end"),
    ("srcaddr", "pkt-srcaddr"),
    ("dstaddr", "pkt-dstaddr"),
    ("tgw-src-vpc-account-id", "tgw-dst-vpc-account-id"),
    ("tgw-src-vpc-id", "tgw-dst-vpc-id"),
    ("tgw-src-subnet-id", "tgw-dst-subnet-id"),
    ("tgw-src-eni", "tgw-dst-eni"),
    ("tgw-src-az-id", "tgw-dst-az-id"),
];

/// The orders that are compared with that of the columns.
pub(super) struct Orders {
    /// How often each is used, and the place of each field in it.
    templates: Vec<(f64, Vec<Option<usize>>)>,
    by_version: Vec<Option<usize>>,
    /// How often each field follows each field: those that follow the first one, then those of the second one.
    follows: Vec<f64>,
    sides: Vec<(FieldId, FieldId)>,
}

impl Orders {
    pub(super) fn new() -> Self {
        let by_version: Vec<FieldId> = (0..FIELDS.len()).map(FieldId::from_index).collect();
        let mut by_name = by_version.clone();
        by_name.sort_by_key(|field| field.def().map(|def| def.name));
        let by_version = places(&by_version);
        let by_name = places(&by_name);
        let is_new = |order: &&Vec<FieldId>| {
            let is_sorted = |places: &[Option<usize>]| {
                order.is_sorted_by_key(|field| places.get(field.index()).copied().flatten())
            };
            !is_sorted(&by_version) && !is_sorted(&by_name)
        };
        let printed: Vec<_> = formats::known()
            .iter()
            .filter(is_new)
            .map(|order| places(order))
            .collect();
        let share = PRINTED / printed.len().max(1) as f64;
        let mut templates: Vec<_> = printed.into_iter().map(|places| (share, places)).collect();
        templates.push((BY_VERSION, by_version.clone()));
        templates.push((BY_NAME, by_name));
        let field = |name| lookup_header(name);
        let mut follows = vec![0.0; FIELDS.len() * FIELDS.len()];
        for (first, second, often) in FOLLOWS {
            if let (Some(first), Some(second)) = (field(first), field(second))
                && let Some(entry) = follows.get_mut(pair(first, second))
            {
                *entry = *often;
            }
        }
        Self {
            templates,
            by_version,
            follows,
            sides: SIDES
                .iter()
                .filter_map(|(a, b)| Some((field(a)?, field(b)?)))
                .collect(),
        }
    }

    /// The logarithm of how likely it is that fields are written in this order.
    pub(super) fn score(&self, fields: &[FieldId]) -> f64 {
        let by_chance = f64::ln(NO_ORDER) - ln_factorial(fields.len());
        let mut sum = 1.0 + f64::exp(f64::ln(BY_TOPIC) + self.by_topic(fields) - by_chance);
        for (often, places) in &self.templates {
            let score = by_template(fields, places) + REVERSED * self.reversed(fields, places);
            sum += f64::exp(often.ln() + score - by_chance);
        }
        by_chance + sum.ln()
    }

    /// As people write: what belongs together side by side, and sources first.
    fn by_topic(&self, fields: &[FieldId]) -> f64 {
        let mut score = 0.0;
        for (index, neighbours) in fields.windows(2).enumerate() {
            let [a, b] = neighbours else {
                continue;
            };
            let often = self.follows.get(pair(*a, *b)).copied().unwrap_or(0.0);
            let left = (fields.len() - index - 1) as f64;
            let by_chance = 0.4 / left;
            score += f64::ln(often + by_chance);
        }
        score += REVERSED * self.reversed(fields, &self.by_version);
        score
    }

    /// How many sources and destinations stand in another order than in that of `places`.
    fn reversed(&self, fields: &[FieldId], places: &[Option<usize>]) -> f64 {
        let at = self::places(fields);
        let place = |field: &FieldId| at.get(field.index()).copied().flatten();
        let usual = |field: &FieldId| places.get(field.index()).copied().flatten();
        let mut count = 0.0;
        for (src, dst) in &self.sides {
            let (Some(src_at), Some(dst_at)) = (place(src), place(dst)) else {
                continue;
            };
            if let (Some(src), Some(dst)) = (usual(src), usual(dst))
                && (src_at < dst_at) != (src < dst)
            {
                count += 1.0;
            }
        }
        count
    }
}

/// The index of a pair of fields.
fn pair(first: FieldId, second: FieldId) -> usize {
    first.index() * FIELDS.len() + second.index()
}

/// The place of each field in `order`.
fn places(order: &[FieldId]) -> Vec<Option<usize>> {
    let mut places = vec![None; FIELDS.len()];
    for (place, field) in order.iter().enumerate() {
        if let Some(entry) = places.get_mut(field.index()) {
            *entry = Some(place);
        }
    }
    places
}

/// As in an order that is known, up to some fields that stand elsewhere.
fn by_template(fields: &[FieldId], places: &[Option<usize>]) -> f64 {
    // The longest row of fields that are in that order.
    let mut ends: Vec<usize> = Vec::new();
    for field in fields {
        let Some(place) = places.get(field.index()).copied().flatten() else {
            continue;
        };
        let at = ends.partition_point(|end| *end < place);
        match ends.get_mut(at) {
            Some(end) => *end = place,
            None => ends.push(place),
        }
    }
    let count = fields.len();
    let moved = count - ends.len();
    let ways = ln_factorial(count) - ln_factorial(moved) - ln_factorial(count - moved)
        + moved as f64 * f64::ln(count.max(1) as f64);
    (moved as f64 + 1.0) * MOVED.ln() - ways
}

fn ln_factorial(number: usize) -> f64 {
    (2..=number).map(|factor| f64::ln(factor as f64)).sum()
}
