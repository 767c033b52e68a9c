//! The readings of the columns of addresses and of the services that they belong to.

use std::collections::{BTreeMap, BTreeSet};

use super::sample::{Sample, address, count, is_rare, weigh};
use super::{Reading, assignments};
use crate::schema::{Address, FieldId, id};

const ADDRESSES: [FieldId; 4] = [id::SRCADDR, id::DSTADDR, id::PKT_SRCADDR, id::PKT_DSTADDR];
pub(super) const SERVICES: [FieldId; 2] = [id::PKT_SRC_AWS_SERVICE, id::PKT_DST_AWS_SERVICE];
/// The services that AWS lists. Their list grows, so a column of services has one of these at least.
const KNOWN_SERVICES: [&str; 26] = [
    "AMAZON",
    "AMAZON_APPFLOW",
    "AMAZON_CONNECT",
    "API_GATEWAY",
    "AURORA_DSQL",
    "CHIME_MEETINGS",
    "CHIME_VOICECONNECTOR",
    "CLOUD9",
    "CLOUDFRONT",
    "CLOUDFRONT_ORIGIN_FACING",
    "CODEBUILD",
    "DYNAMODB",
    "EBS",
    "EC2",
    "EC2_INSTANCE_CONNECT",
    "GLOBALACCELERATOR",
    "IVS_LOW_LATENCY",
    "IVS_REALTIME",
    "KINESIS_VIDEO_STREAMS",
    "MEDIA_PACKAGE_V2",
    "ROUTE53",
    "ROUTE53_HEALTHCHECKS",
    "ROUTE53_HEALTHCHECKS_PUBLISHING",
    "ROUTE53_RESOLVER",
    "S3",
    "WORKSPACES_GATEWAYS",
];
/// The most that one piece of evidence counts.
const MAX_EVIDENCE: f64 = 14.0;
/// The score of addresses of packets without those of the flow, which few formats have.
const LONE_PACKET_ADDRESS: f64 = -12.0;

/// Which end of each record is the interface's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Direction {
    /// A column has the words `ingress` and `egress`.
    Words(usize),
    /// A column has the path, which only what goes out has.
    Path(usize),
}

/// The readings of all columns of addresses and services.
pub(super) fn readings(sample: &Sample<'_>) -> Vec<Reading> {
    let typical = |column: &usize| sample.is_typical(*column, id::SRCADDR);
    let columns: Vec<usize> = (0..sample.width).filter(typical).collect();
    let services: Vec<usize> = (0..sample.width)
        .filter(|column| has_services(sample, *column))
        .collect();
    let of_services = match services.len() {
        1 | 2 => assignments(&services, &SERVICES),
        _ => vec![Vec::new()],
    };
    let of_addresses = match columns.len() {
        1..=4 => assignments(&columns, &ADDRESSES),
        _ => vec![Vec::new()],
    };
    let mut readings = Vec::new();
    for addresses in of_addresses {
        let reading = Reading {
            fields: addresses,
            score: 0.0,
        };
        let score = score_of_packets(sample, &reading);
        for services in &of_services {
            let mut reading = reading.clone();
            reading.fields.extend(services);
            let mut fields = reading.fields.iter();
            if fields.all(|(column, field)| sample.allows(*column, *field)) {
                reading.score = score + score_of_services(sample, &reading);
                readings.push(reading);
            }
        }
    }
    readings
}

/// Whether the words of `column` are names of services, of which one is known.
fn has_services(sample: &Sample<'_>, column: usize) -> bool {
    sample.is_typical(column, id::PKT_SRC_AWS_SERVICE)
        && sample
            .words(column)
            .any(|word| KNOWN_SERVICES.contains(&word))
}

/// The column that tells the direction in words.
pub(super) fn direction(sample: &Sample<'_>) -> Option<Direction> {
    let typical = |column: &usize| sample.is_typical(*column, id::FLOW_DIRECTION);
    (0..sample.width).find(typical).map(Direction::Words)
}

/// What tells the addresses of a flow from those of its packets: these are mostly the same, and where they are not,
/// the interface's own address is that of the flow.
fn score_of_packets(sample: &Sample<'_>, reading: &Reading) -> f64 {
    let [src, dst, packet_src, packet_dst] = ADDRESSES.map(|field| reading.column(field));
    let mut score = 0.0;
    for (flow, packet, other) in [(src, packet_src, dst), (dst, packet_dst, src)] {
        if flow.is_none() && packet_src.or(packet_dst).is_some() {
            score += LONE_PACKET_ADDRESS;
        }
        let (Some(flow), Some(packet)) = (flow, packet) else {
            continue;
        };
        let (mut same, mut other_same, mut all) = (0.0, 0.0, 0.0);
        let (mut flows, mut packets) = (BTreeSet::new(), BTreeSet::new());
        for row in sample.traffic() {
            all += 1.0;
            if other.is_some_and(|other| row.get(other) == row.get(packet)) {
                other_same += 1.0;
            }
            if row.get(flow) == row.get(packet) {
                same += 1.0;
            } else {
                flows.insert(row.get(flow));
                packets.insert(row.get(packet));
            }
        }
        score += f64::min(all, 12.0) * (same - other_same) / f64::max(all, 1.0);
        score += 2.0 * f64::ln((packets.len() as f64 + 1.0) / (flows.len() as f64 + 1.0));
    }
    score.clamp(-2.0 * MAX_EVIDENCE, 2.0 * MAX_EVIDENCE) + score_of_presence(sample, src, dst)
}

/// Each record of an interface has its address at one of its ends.
fn score_of_presence(sample: &Sample<'_>, src: Option<usize>, dst: Option<usize>) -> f64 {
    let (Some(src), Some(dst), Some(interface)) = (src, dst, interface(sample)) else {
        return 0.0;
    };
    let mut addresses: BTreeMap<&str, (u32, BTreeMap<Address, u32>)> = BTreeMap::new();
    for row in sample.traffic() {
        let Some(interface) = row.get(interface) else {
            continue;
        };
        let (ends, counts) = addresses.entry(interface).or_default();
        *ends += 1;
        let (src, dst) = (address(row.get(src)), address(row.get(dst)));
        for end in [src, dst.filter(|_| src != dst)].into_iter().flatten() {
            *counts.entry(end).or_default() += 1;
        }
    }
    let mut score = 0.0;
    for (all, counts) in addresses.values() {
        let most = counts.values().max().copied().unwrap_or(0);
        score -= f64::from(all - most).min(4.0);
    }
    score.max(-MAX_EVIDENCE)
}

/// The column of the interface that a record is of.
fn interface(sample: &Sample<'_>) -> Option<usize> {
    let typical = |column: &usize| sample.is_typical(*column, id::INTERFACE_ID);
    let columns = (0..sample.width).filter(typical);
    // That of the next hop is missing where it is not known.
    columns.max_by(|a, b| {
        let presence = |column: &usize| sample.presence(*column);
        presence(a)
            .partial_cmp(&presence(b))
            .unwrap_or(std::cmp::Ordering::Equal)
    })
}

/// Only public addresses belong to a service.
fn score_of_services(sample: &Sample<'_>, reading: &Reading) -> f64 {
    let mut score = 0.0;
    for (service, packet, flow) in [
        (id::PKT_SRC_AWS_SERVICE, id::PKT_SRCADDR, id::SRCADDR),
        (id::PKT_DST_AWS_SERVICE, id::PKT_DSTADDR, id::DSTADDR),
    ] {
        let end = reading.column(packet).or_else(|| reading.column(flow));
        let (Some(service), Some(end)) = (reading.column(service), end) else {
            continue;
        };
        let rows = sample.traffic();
        let rows = rows.map(|row| (address(row.get(end)), row.get(service) != Some(&"-")));
        score += weigh(&count(rows), |(end, has_service)| {
            match (end.is_some_and(Address::is_public), has_service) {
                (true, true) => 0.5,
                (false, true) => -3.0,
                (true, false) => -0.2,
                (false, false) => 0.1,
            }
        });
    }
    score.clamp(-MAX_EVIDENCE, MAX_EVIDENCE)
}

/// What the direction tells of the source and the destination: the own end has the primary private address of the
/// interface, the other end has many.
pub(super) fn score_of_direction(
    sample: &Sample<'_>,
    (src, dst): (usize, usize),
    direction: Direction,
) -> f64 {
    let interface = interface(sample);
    let mut ends: BTreeMap<&str, [BTreeSet<Address>; 2]> = BTreeMap::new();
    let mut pairs = Vec::new();
    for row in sample.traffic() {
        let is_egress = match direction {
            Direction::Words(column) => match row.get(column) {
                Some(&"egress") => true,
                Some(&"ingress") => false,
                _ => continue,
            },
            Direction::Path(column) => row.get(column) != Some(&"-"),
        };
        let (own, other) = if is_egress { (src, dst) } else { (dst, src) };
        let (Some(own), Some(other)) = (address(row.get(own)), address(row.get(other))) else {
            continue;
        };
        let interface = interface.and_then(|column| row.get(column)).unwrap_or(&"-");
        // An interface may have several IPv6 addresses.
        if matches!(own, Address::V4(_)) && matches!(other, Address::V4(_)) {
            let [owns, others] = ends.entry(interface).or_default();
            owns.insert(own);
            others.insert(other);
        }
        pairs.push((own, other));
    }
    let is_v4 = |address: &Address| matches!(address, Address::V4(_));
    let of_class = |(own, other): &(Address, Address)| match (own.is_public(), other.is_public()) {
        (false, true) if is_v4(own) => 2.0,
        (true, false) if is_v4(other) => -2.0,
        _ => 0.0,
    };
    let by_class = weigh(&count(pairs.into_iter()), of_class);
    let by_count: f64 = ends
        .values()
        .map(|[owns, others]| {
            let ratio = (others.len() as f64 + 1.0) / (owns.len() as f64 + 1.0);
            let several = interface.is_some() && owns.len() > 1 && others.len() == 1;
            2.5 * f64::ln(ratio) - if several { 4.0 } else { 0.0 }
        })
        .sum();
    let limit = MAX_EVIDENCE;
    let score = by_class.clamp(-limit, limit) + by_count.clamp(-limit, limit);
    match direction {
        Direction::Words(_) => score,
        // Other readings of that column have no direction, and are not worse for that.
        Direction::Path(_) => score.min(2.0),
    }
}

/// Whether rows with a service on one side have the port of a server there. Clients of AWS have few of the services.
pub(super) fn score_of_served(sample: &Sample<'_>, service: usize, ports: (usize, usize)) -> f64 {
    let (own, other) = ports;
    let mut total = 0.0;
    let port =
        |row: &[&str], column: usize| row.get(column).and_then(|word| word.parse::<u32>().ok());
    let (mut right, mut wrong) = (0, 0);
    for row in sample.traffic() {
        let serves = |word: &&str| ["S3", "DYNAMODB", "CLOUDFRONT", "API_GATEWAY"].contains(word);
        if !row.get(service).is_some_and(serves) {
            continue;
        }
        match (port(row, own), port(row, other)) {
            (Some(443 | 80), Some(1024..)) => right += 1,
            (Some(1024..), Some(443 | 80)) => wrong += 1,
            _ => {}
        }
    }
    if is_rare(right.min(wrong), right + wrong) {
        total += 1.5 * (right as f64 - wrong as f64);
    }
    total.clamp(-8.0, 8.0)
}
