//! Tells the columns of numbers apart: by how large they are, and by how those of one line go together.

use super::{MAX_CONFIDENCE, Sample};
use crate::schema::{FieldId, id};

/// Protocols that nearly all records have.
const PROTOCOLS: [u64; 4] = [1, 6, 17, 58];
/// Protocols of which every log has one.
const USUAL: [u64; 2] = [6, 17];
/// Ports below those of clients that are seen often.
const SERVICES: [u64; 20] = [
    0, 22, 23, 25, 53, 80, 123, 135, 137, 138, 139, 143, 389, 443, 445, 465, 587, 853, 993, 995,
];
/// Below this clients have no ports.
const CLIENTS: u64 = 1024;
/// The bytes of the smallest packet, and an upper bound of the largest.
const PACKET: (u64, u64) = (20, 1 << 16);
/// Flags that only a mask of flags has: SYN-ACK with and without others.
const ANSWERS: [u64; 6] = [18, 19, 20, 21, 22, 23];
/// The largest code of a traffic path that is in use.
const PATH: u64 = 8;
/// In fewer lines, a constant value says little.
const MIN_SAMPLE_LINES: usize = 10;
/// Versions that are accepted, including ones that AWS may add.
const VERSIONS: std::ops::RangeInclusive<u64> = 2..=30;

/// A column of numbers: those of each line, missing where there is none.
struct Numbers {
    column: usize,
    values: Vec<Option<u64>>,
}

/// Enters the columns of numbers.
pub(super) fn find(case: &mut Sample<'_>) {
    let mut numbers: Vec<Numbers> = (0..case.columns.len())
        .filter_map(|column| of_column(case, column))
        .collect();
    find_times(case, &mut numbers);
    find_protocol(case, &mut numbers);
    find_version(case, &mut numbers);
    find_amounts(case, &mut numbers);
    find_ports(case, &mut numbers);
    find_codes(case, &mut numbers);
}

fn of_column(case: &Sample<'_>, column: usize) -> Option<Numbers> {
    let mut values = Vec::with_capacity(case.rows.len());
    for row in &case.rows {
        let word = *row.get(column)?;
        let value = if word == "-" {
            None
        } else {
            // An account is twelve digits and no number.
            Some(word.parse().ok().filter(|_| word.len() != 12)?)
        };
        values.push(value);
    }
    values
        .iter()
        .any(Option::is_some)
        .then_some(Numbers { column, values })
}

impl Numbers {
    fn all(&self) -> impl Iterator<Item = u64> {
        self.values.iter().copied().flatten()
    }

    /// The share of the numbers that are such.
    fn share(&self, is_such: impl Fn(u64) -> bool) -> f64 {
        let such = self.all().filter(|number| is_such(*number)).count();
        such as f64 / self.all().count().max(1) as f64
    }

    fn is_constant(&self) -> bool {
        let mut all = self.all();
        let first = all.next();
        all.all(|number| Some(number) == first)
    }

    /// How often the numbers of a line, this one's first, are such, of the lines that have both.
    fn share_with(&self, other: &Self, is_such: impl Fn(u64, u64) -> bool) -> f64 {
        let pairs = self.values.iter().zip(&other.values);
        let pairs = pairs.filter_map(|(a, b)| Some(((*a)?, (*b)?)));
        let (mut count, mut such) = (0_u32, 0_u32);
        for (a, b) in pairs {
            count += 1;
            such += u32::from(is_such(a, b));
        }
        f64::from(such) / f64::from(count.max(1))
    }
}

/// Enters what `numbers[index]` is, and takes it away.
fn enter(
    case: &mut Sample<'_>,
    numbers: &mut Vec<Numbers>,
    index: usize,
    (field, confidence): (FieldId, f64),
) {
    case.enter(numbers.remove(index).column, field, confidence);
}

/// Two columns of times, of which the one is never later than the other.
fn find_times(case: &mut Sample<'_>, numbers: &mut Vec<Numbers>) {
    let times: Vec<usize> = (0..numbers.len())
        .filter(|index| {
            let column = numbers.get(*index).map_or(0, |numbers| numbers.column);
            case.is_typical(column, id::START)
        })
        .collect();
    let (first, second) = match times.as_slice() {
        [one] => return enter(case, numbers, *one, (id::START, 60.0)),
        [first, second] => (*first, *second),
        _ => return,
    };
    let (Some(a), Some(b)) = (numbers.get(first), numbers.get(second)) else {
        return;
    };
    let before = a.share_with(b, |a, b| a < b);
    let after = a.share_with(b, |a, b| a > b);
    let confidence = match (before > 0.0, after > 0.0) {
        (true, true) => 100.0 * before.max(after),
        // All records of no length: the order of the versions has the start first.
        (false, false) => 80.0,
        _ => MAX_CONFIDENCE,
    };
    let fields = if after > before {
        (id::END, id::START)
    } else {
        (id::START, id::END)
    };
    enter(case, numbers, second, (fields.1, confidence));
    enter(case, numbers, first, (fields.0, confidence));
}

fn find_protocol(case: &mut Sample<'_>, numbers: &mut Vec<Numbers>) {
    let likely: Vec<usize> = (0..numbers.len())
        .filter(|index| {
            numbers.get(*index).is_some_and(|numbers| {
                numbers.all().all(|number| number <= 255)
                    && numbers.share(|number| PROTOCOLS.contains(&number)) > 0.9
                    && numbers.share(|number| USUAL.contains(&number)) > 0.2
            })
        })
        .collect();
    // What is always 6 may be a version.
    let varied = likely.iter().find(|index| {
        numbers
            .get(**index)
            .is_some_and(|numbers| !numbers.is_constant())
    });
    let (chosen, confidence) = match (varied, likely.as_slice()) {
        (Some(varied), _) => (*varied, MAX_CONFIDENCE),
        (None, [only]) => (*only, 92.0),
        (None, [.., last]) => (*last, 85.0),
        (None, []) => return,
    };
    enter(case, numbers, chosen, (id::PROTOCOL, confidence));
}

/// The number that is the same in every line and missing in none.
fn find_version(case: &mut Sample<'_>, numbers: &mut Vec<Numbers>) {
    let is_likely = |numbers: &Numbers| {
        numbers.is_constant()
            && numbers.values.iter().all(Option::is_some)
            && numbers.all().all(|number| VERSIONS.contains(&number))
    };
    let likely: Vec<usize> = (0..numbers.len())
        .filter(|index| numbers.get(*index).is_some_and(is_likely))
        .collect();
    let is_first = |index: usize| {
        numbers
            .get(index)
            .is_some_and(|numbers| numbers.column == 0)
    };
    match likely.as_slice() {
        [] => {}
        [first, ..] if is_first(*first) => {
            enter(case, numbers, *first, (id::VERSION, MAX_CONFIDENCE));
        }
        // In a few lines other numbers are the same, too.
        [only] => {
            let confidence = if case.rows.len() < MIN_SAMPLE_LINES {
                60.0
            } else {
                90.0
            };
            enter(case, numbers, *only, (id::VERSION, confidence));
        }
        // Alphabetical orders have it near the end.
        [.., last] => enter(case, numbers, *last, (id::VERSION, 60.0)),
    }
}

/// Packets and bytes: a packet has at least so many bytes and at most so many.
fn find_amounts(case: &mut Sample<'_>, numbers: &mut Vec<Numbers>) {
    let mut best: Option<(f64, usize, usize)> = None;
    for (packets, few) in numbers.iter().enumerate() {
        for (bytes, many) in numbers.iter().enumerate() {
            if packets == bytes {
                continue;
            }
            let share = few.share_with(many, |few, many| {
                few >= 1
                    && many >= few.saturating_mul(PACKET.0)
                    && many < few.saturating_mul(PACKET.1)
            });
            // Of several such pairs that of the largest numbers, which no other field has; neighbours first.
            let large = many.share(|number| number > 65_535);
            let near = many.column.abs_diff(few.column) == 1;
            let score = share + 0.5 * large + 0.2 * f64::from(u8::from(near));
            if share > 0.97 && best.is_none_or(|(known, ..)| score > known) {
                best = Some((score, packets, bytes));
            }
        }
    }
    let Some((score, packets, bytes)) = best else {
        return;
    };
    let confidence = if score > 1.15 { MAX_CONFIDENCE } else { 85.0 };
    let (low, high) = (packets.min(bytes), packets.max(bytes));
    let field = |index| {
        if index == packets {
            id::PACKETS
        } else {
            id::BYTES
        }
    };
    enter(case, numbers, high, (field(high), confidence));
    enter(case, numbers, low, (field(low), confidence));
}

/// Columns of ports; which side they are of is found out later.
fn find_ports(case: &mut Sample<'_>, numbers: &mut Vec<Numbers>) {
    let is_port = |number: u64| number >= CLIENTS || SERVICES.contains(&number);
    let likely: Vec<usize> = (0..numbers.len())
        .filter(|index| {
            numbers.get(*index).is_some_and(|numbers| {
                numbers.all().all(|number| number <= 65_535)
                    && numbers.all().any(|number| number > 19)
                    && numbers.share(is_port) > 0.5
            })
        })
        .collect();
    let ([_] | [_, _]) = likely.as_slice() else {
        return;
    };
    let fields = [id::SRCPORT, id::DSTPORT];
    let sure = if likely.len() == 2 {
        MAX_CONFIDENCE
    } else {
        50.0
    };
    for (index, field) in likely.iter().zip(fields).rev() {
        enter(case, numbers, *index, (field, sure));
    }
}

/// Flags, traffic paths and encryption: small numbers, each with some that the others do not have. What is not
/// sure stays unknown.
fn find_codes(case: &mut Sample<'_>, numbers: &mut Vec<Numbers>) {
    let protocol = case.place(id::PROTOCOL);
    let mut unclear = Vec::new();
    for numbers in numbers.drain(..) {
        let most = numbers.all().max().unwrap_or(0);
        let least = numbers.all().min().unwrap_or(0);
        let has_answers = numbers.all().any(|number| ANSWERS.contains(&number));
        // A path is missing where something comes in, though there is traffic.
        let mut rows = case.rows.iter().zip(&numbers.values);
        let has_gaps = rows.any(|(row, value)| {
            let protocol = protocol.and_then(|column| row.get(column));
            value.is_none() && protocol.is_some_and(|word| *word != "-")
        });
        match (most, least) {
            (0..=63, _) if has_answers => case.enter(numbers.column, id::TCP_FLAGS, MAX_CONFIDENCE),
            (0..=PATH, 1..) if has_gaps => case.enter(numbers.column, id::TRAFFIC_PATH, 92.0),
            (4..=63, 0) => case.enter(numbers.column, id::TCP_FLAGS, 90.0),
            (0..=PATH, 1..) => unclear.push(numbers.column),
            _ => {}
        }
    }
    // In every order of AWS the flags come first.
    match (
        case.place(id::TCP_FLAGS),
        case.place(id::TRAFFIC_PATH),
        unclear.as_slice(),
    ) {
        (None, None, [flags, path]) => {
            case.enter(*flags, id::TCP_FLAGS, 85.0);
            case.enter(*path, id::TRAFFIC_PATH, 85.0);
        }
        (None, Some(path), [flags]) if *flags < path => case.enter(*flags, id::TCP_FLAGS, 85.0),
        (Some(flags), None, [path]) if flags < *path => case.enter(*path, id::TRAFFIC_PATH, 85.0),
        _ => {}
    }
}
