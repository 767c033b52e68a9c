//! Tells the source from the destination, where columns look alike: by what they do, and by the order in which
//! AWS writes fields.

use std::collections::HashSet;

use super::{Group, Sample};
use crate::schema::{FIELDS, FieldId, id};

/// What one piece of evidence may weigh at most.
const WEIGHT: f64 = 50.0;
/// TCP flags of an attempt to open a connection.
const SYN: &str = "2";

/// Whether a field is of one side of a flow, and the other side has one that looks the same.
pub(super) fn is_of_a_side(field: FieldId) -> bool {
    [
        id::SRCADDR,
        id::DSTADDR,
        id::PKT_SRCADDR,
        id::PKT_DSTADDR,
        id::PKT_SRC_AWS_SERVICE,
        id::PKT_DST_AWS_SERVICE,
    ]
    .contains(&field)
}

/// Enters the columns of `groups` that look alike, and puts the ports in order.
pub(super) fn find(case: &mut Sample<'_>, groups: &[Group]) {
    let is_sorted = is_alphabetical(case);
    let addresses = groups
        .iter()
        .find(|(_, fields)| fields.first() == Some(&id::SRCADDR))
        .map_or(&[][..], |(columns, _)| columns);
    let pairs = pairs(case, addresses);
    let ports = case.place(id::SRCPORT).zip(case.place(id::DSTPORT));
    let order = if is_sorted { 1.0 / WEIGHT } else { 8.0 };
    let odds = order * own_addresses(case, pairs) * doors(case, ports);
    // The chance that what comes first is of the source.
    let chance = odds / (1.0 + odds);
    let source_first = chance >= 0.5;
    let sure = 100.0 * chance.max(1.0 - chance);
    if let Some((src, dst, pkt)) = pairs {
        let mut enter = |(first, second): (usize, usize), fields: (FieldId, FieldId)| {
            let (src, dst) = if source_first {
                fields
            } else {
                (fields.1, fields.0)
            };
            case.enter(first, src, sure);
            case.enter(second, dst, sure);
        };
        enter((src, dst), (id::SRCADDR, id::DSTADDR));
        if let Some(pkt) = pkt {
            enter(pkt, (id::PKT_SRCADDR, id::PKT_DSTADDR));
        }
    } else if let [only] = addresses {
        case.enter(*only, id::SRCADDR, 50.0);
    }
    if let Some((first, second)) = ports {
        let (src, dst) = if source_first {
            (first, second)
        } else {
            (second, first)
        };
        case.enter(src, id::SRCPORT, sure);
        case.enter(dst, id::DSTPORT, sure);
    }
    for (columns, fields) in groups {
        if columns.len() > 1 || fields.first().is_some_and(|field| is_of_a_side(*field)) {
            enter_group(case, (columns, fields), is_sorted, source_first);
        }
    }
}

/// Enters columns that look alike in the order of the table, or of the alphabet.
fn enter_group(
    case: &mut Sample<'_>,
    (columns, fields): (&[usize], &[FieldId]),
    is_sorted: bool,
    source_first: bool,
) {
    if fields.first() == Some(&id::SRCADDR) || columns.len() > fields.len() {
        return;
    }
    let sure = match (columns.len(), fields.len()) {
        (1, 2..) => 50.0,
        (columns, fields) if columns == fields => 90.0,
        _ => 60.0,
    };
    let mut chosen: Vec<FieldId> = fields.iter().copied().take(columns.len()).collect();
    if is_sorted {
        chosen.sort_by_key(|field| field.def().map(|def| def.name));
    }
    let sides = [id::PKT_SRC_AWS_SERVICE, id::PKT_DST_AWS_SERVICE];
    if chosen.iter().all(|field| sides.contains(field)) && !source_first {
        chosen.sort_by_key(|field| std::cmp::Reverse(field.index()));
    }
    for (column, field) in columns.iter().zip(chosen) {
        case.enter(*column, field, sure);
    }
}

/// Whether the columns that are sure stand in the order of the alphabet rather than in that of the versions.
fn is_alphabetical(case: &Sample<'_>) -> bool {
    let known: Vec<FieldId> = case
        .columns
        .iter()
        .flatten()
        .filter(|guess| guess.confidence >= 90.0)
        .filter_map(|guess| guess.field)
        .filter(|field| ![id::SRCPORT, id::DSTPORT].contains(field))
        .collect();
    let pairs = known.windows(2).count();
    let name = |field: &FieldId| FIELDS.get(field.index()).map(|def| def.name);
    let sorted = known.windows(2).filter(|pair| match pair {
        [a, b] => name(a) < name(b),
        _ => false,
    });
    let in_order = known
        .windows(2)
        .filter(|pair| matches!(pair, [a, b] if a < b));
    let (sorted, in_order) = (sorted.count(), in_order.count());
    pairs >= 3 && sorted > in_order && 5 * sorted >= 4 * pairs
}

/// The columns of the addresses of a flow, and those of its packets: the first and the second side.
type Pairs = (usize, usize, Option<(usize, usize)>);

/// Which columns of addresses belong together: those of the packets are mostly those of the flow.
fn pairs(case: &Sample<'_>, addresses: &[usize]) -> Option<Pairs> {
    match *addresses {
        [a, b] => Some((a, b, None)),
        [a, b, c, d] => {
            let same = |x: usize, y: usize| {
                let rows = case.rows.iter();
                rows.filter(|row| row.get(x) == row.get(y)).count()
            };
            if same(a, b) + same(c, d) > same(a, c) + same(b, d) {
                // By the alphabet: dstaddr, pkt-dstaddr, pkt-srcaddr, srcaddr.
                Some((a, d, Some((b, c))))
            } else {
                Some((a, b, Some((c, d))))
            }
        }
        _ => None,
    }
}

/// The odds that the first address is the source: what comes in goes to an address of the interface, what goes
/// out comes from one, and there are few of them.
fn own_addresses(case: &Sample<'_>, pairs: Option<Pairs>) -> f64 {
    let (Some((first, second, _)), Some(direction)) = (pairs, case.place(id::FLOW_DIRECTION))
    else {
        return 1.0;
    };
    let (mut own_if_source, mut own_if_not) = (HashSet::new(), HashSet::new());
    for row in &case.rows {
        let (Some(first), Some(second)) = (row.get(first), row.get(second)) else {
            continue;
        };
        let (one, other) = match row.get(direction) {
            Some(&"ingress") => (second, first),
            Some(&"egress") => (first, second),
            _ => continue,
        };
        own_if_source.insert(one);
        own_if_not.insert(other);
    }
    let odds = (own_if_not.len() + 1) as f64 / (own_if_source.len() + 1) as f64;
    // Twice as many addresses are no accident.
    odds.powi(3).clamp(1.0 / WEIGHT, WEIGHT)
}

/// The odds that the first port is the source: who knocks has a high port, and asks for a low one.
fn doors(case: &Sample<'_>, ports: Option<(usize, usize)>) -> f64 {
    let Some((first, second)) = ports else {
        return 1.0;
    };
    let (action, flags) = (case.place(id::ACTION), case.place(id::TCP_FLAGS));
    let (mut high_first, mut low_first) = (1.0, 1.0);
    for row in &case.rows {
        let word = |column: Option<usize>| column.and_then(|column| row.get(column)).copied();
        if word(action) != Some("REJECT") && word(flags) != Some(SYN) {
            continue;
        }
        let port = |column: usize| row.get(column).and_then(|word| word.parse::<u32>().ok());
        match (port(first), port(second)) {
            (Some(first), Some(second)) if first > second => high_first += 1.0,
            (Some(first), Some(second)) if first < second => low_first += 1.0,
            _ => {}
        }
    }
    f64::clamp(high_first / low_first, 1.0 / WEIGHT, WEIGHT)
}
