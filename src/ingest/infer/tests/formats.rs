//! Draws log formats: subsets of the fields, in the orders in which programs and people write them.

use super::random::Random;
use crate::schema::{FIELDS, FieldId, Origin, id};

/// How the fields of a format are ordered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Order {
    /// By chance.
    Random,
    /// As AWS's documents list them.
    Version,
    /// The same, with up to three fields elsewhere, but no destination before its source.
    Moved,
    /// By name, as the console sorts them.
    Alphabetical,
    /// What belongs to one end of a flow side by side.
    BySide,
}

pub(super) const ORDERS: [Order; 5] = [
    Order::Random,
    Order::Version,
    Order::Moved,
    Order::Alphabetical,
    Order::BySide,
];

/// The fields of one end of a flow and what follows them, as people write them.
const BY_SIDE: [&str; 29] = [
    "version",
    "account-id",
    "vpc-id",
    "subnet-id",
    "instance-id",
    "interface-id",
    "srcaddr",
    "srcport",
    "pkt-srcaddr",
    "pkt-src-aws-service",
    "dstaddr",
    "dstport",
    "pkt-dstaddr",
    "pkt-dst-aws-service",
    "protocol",
    "tcp-flags",
    "type",
    "flow-direction",
    "traffic-path",
    "packets",
    "bytes",
    "start",
    "end",
    "action",
    "log-status",
    "region",
    "az-id",
    "sublocation-type",
    "sublocation-id",
];

/// A format in `order`, of up to all fields.
pub(super) fn format(random: &mut Random, order: Order) -> Vec<FieldId> {
    let newest = if random.chance(15) { 11 } else { 5 };
    let share = random.between(20, 100);
    let mut fields: Vec<FieldId> = Vec::new();
    for (index, def) in FIELDS.iter().enumerate() {
        let field = FieldId::from_index(index);
        let is_address = [id::SRCADDR, id::DSTADDR].contains(&field);
        if def.origin == Origin::Vpc
            && def.version <= newest
            && (is_address || random.chance(share))
        {
            fields.push(field);
        }
    }
    arrange(random, order, &mut fields);
    fields
}

fn arrange(random: &mut Random, order: Order, fields: &mut [FieldId]) {
    let name = |field: &FieldId| field.def().unwrap().name;
    match order {
        Order::Random => random.shuffle(fields),
        Order::Version => {}
        Order::Moved => {
            for _ in 0..random.between(1, 3) {
                let count = fields.len() as u64;
                let mut at = || usize::try_from(random.below(count)).unwrap();
                let (from, to) = (at(), at());
                let is_of_a_side =
                    name(&fields[from]).contains("src") || name(&fields[from]).contains("dst");
                if is_of_a_side || [id::START, id::END].contains(&fields[from]) {
                    continue;
                }
                if from < to {
                    fields[from..=to].rotate_left(1);
                } else {
                    fields[to..=from].rotate_right(1);
                }
            }
        }
        Order::Alphabetical => fields.sort_by_key(name),
        Order::BySide => {
            fields.sort_by_key(|field| {
                BY_SIDE
                    .iter()
                    .position(|known| *known == name(field))
                    .unwrap_or(99)
            });
        }
    }
}

/// What AWS writes as the version of such records.
pub(super) fn version(fields: &[FieldId]) -> u8 {
    let versions = fields.iter().map(|field| field.def().unwrap().version);
    versions.max().unwrap_or(2)
}
