//! How likely the values of each numeric field are, as natural logarithms. Only the differences between fields matter,
//! so rough numbers do.

use crate::schema::{FieldId, id};

/// The first second that a flow log can be of, as far as guessing is concerned, and the last.
const TIMES: std::ops::Range<u64> = 1_400_000_000..4_102_444_800;
/// Ports of servers that are seen often, in the order of how often.
const SERVER_PORTS: [u64; 40] = [
    443, 80, 53, 22, 123, 3306, 5432, 6379, 8080, 8443, 3389, 445, 23, 25, 389, 636, 1433, 9092,
    27017, 2049, 9200, 9300, 5672, 11211, 10250, 6443, 2379, 8000, 8081, 8125, 9090, 9100, 88, 135,
    139, 143, 993, 587, 500, 4500,
];
/// The ports that clients get from Linux by default.
const CLIENT_PORTS: std::ops::RangeInclusive<u64> = 32_768..=60_999;
/// Clients have no ports below.
const FIRST_CLIENT_PORT: u64 = 1024;
const SYN: u64 = 2;
const ACK: u64 = 16;
/// The protocols that have ports: TCP, UDP, SCTP and UDP-Lite.
const WITH_PORTS: [u64; 4] = [6, 17, 132, 136];

/// Whether a number may be a time of a flow log, in seconds or milliseconds.
pub(super) fn is_time(number: u64) -> bool {
    TIMES.contains(&number) || TIMES.contains(&(number / 1000))
}

/// Whether `field` can have `number` at all.
pub(super) fn is_possible(field: FieldId, number: u64) -> bool {
    match field {
        id::VERSION => (2..=30).contains(&number),
        id::SRCPORT | id::DSTPORT => number <= 65_535,
        id::PROTOCOL => number <= 255,
        id::PACKETS => number >= 1,
        id::BYTES => number >= 20,
        id::START | id::END => is_time(number),
        id::TCP_FLAGS => number <= 63,
        id::TRAFFIC_PATH => (1..=8).contains(&number),
        id::ENCRYPTION_STATUS => number <= 3,
        _ => true,
    }
}

/// How likely a number of an unknown field is.
pub(super) fn of_unknown(number: u64) -> f64 {
    f64::ln(0.02 / (number as f64 + 1.0))
}

/// How likely `field` is to have `number`.
pub(super) fn of_number(field: FieldId, number: u64) -> f64 {
    let likelihood = match field {
        id::SRCPORT | id::DSTPORT => port(number),
        id::PROTOCOL => match number {
            6 => 0.6,
            17 => 0.25,
            1 => 0.08,
            58 => 0.03,
            2 | 47 | 50 | 51 | 132 => 0.005,
            _ => 0.0001,
        },
        id::PACKETS => 0.36 / (number as f64).powf(1.6),
        id::BYTES => match number {
            0..40 => 0.0005,
            _ => 0.06 / number as f64,
        },
        id::TCP_FLAGS => match number {
            0 => 0.4,
            2 | 3 | 18 | 19 => 0.11,
            1 | 4 => 0.04,
            5 | 6 | 7 | 16 | 17 | 20..=23 => 0.008,
            // Acknowledgements without SYN and other flags are not logged.
            _ => 0.00001,
        },
        id::TRAFFIC_PATH => match number {
            1 | 8 => 0.35,
            2 | 7 => 0.1,
            _ => 0.02,
        },
        id::ENCRYPTION_STATUS => match number {
            0 => 0.5,
            1 => 0.3,
            _ => 0.1,
        },
        id::PACKETS_LOST_NO_ROUTE
        | id::PACKETS_LOST_BLACKHOLE
        | id::PACKETS_LOST_MTU_EXCEEDED
        | id::PACKETS_LOST_TTL_EXPIRED => match number {
            0 => 0.97,
            _ => 0.01 / (number as f64).powf(1.35),
        },
        // Times are known by being possible, and versions by being constant.
        _ => return 0.0,
    };
    f64::ln(likelihood)
}

fn port(number: u64) -> f64 {
    if number == 0 {
        return 0.05;
    }
    let mut likelihood = 0.05 / 65_536.0;
    if let Some(rank) = SERVER_PORTS.iter().position(|port| *port == number) {
        likelihood += 0.4 / (rank as f64 + 3.0);
    }
    if number < FIRST_CLIENT_PORT {
        likelihood += 0.02 / 1024.0;
    } else {
        likelihood += 0.1 / 64_512.0;
    }
    if CLIENT_PORTS.contains(&number) {
        likelihood += 0.4 / 28_232.0;
    }
    likelihood
}

/// What two numbers of a record tell beside what each tells alone; none where no record has both.
pub(super) fn of_pair((first, a): (FieldId, u64), (second, b): (FieldId, u64)) -> Option<f64> {
    match (first, second) {
        (id::PACKETS, id::BYTES) => of_packets_and_bytes(a, b),
        (id::PROTOCOL, id::SRCPORT | id::DSTPORT) => match (WITH_PORTS.contains(&a), b) {
            (true, 0) => Some(-4.0),
            (true, _) => Some(0.0),
            (false, 0) => Some(3.0),
            (false, _) if matches!(a, 1 | 58) => None,
            (false, _) => Some(-6.0),
        },
        (id::PROTOCOL, id::TCP_FLAGS) => match (a, b) {
            (6, _) => Some(0.0),
            (_, 0) => Some(0.9),
            _ => None,
        },
        (id::TCP_FLAGS, id::SRCPORT) => Some(of_opening(opens(a) * client(b))),
        (id::TCP_FLAGS, id::DSTPORT) => Some(of_opening(-opens(a) * client(b))),
        (id::SRCPORT, id::DSTPORT) => Some(match (a, b) {
            (0, 0) => 3.0,
            (0, _) | (_, 0) => -4.0,
            (a, b) if a == b => 0.0,
            (a, b) if a.max(b) < FIRST_CLIENT_PORT => -3.0,
            _ => 0.0,
        }),
        (id::START, id::END) => b.checked_sub(a).map(|length| match length {
            0..=4000 => 0.0,
            _ if is_time(b / 1000) && length <= 4_000_000 => 0.0,
            _ => -3.0,
        }),
        _ => Some(0.0),
    }
}

fn of_packets_and_bytes(packets: u64, bytes: u64) -> Option<f64> {
    let size = bytes.checked_div(packets)?;
    let likelihood = match size {
        0..20 => return None,
        20..40 => 0.005,
        40..=1500 => 0.27,
        1501..=9001 => 0.02,
        _ => 0.001,
    };
    // In place of what the bytes tell alone.
    Some(f64::ln(likelihood / bytes as f64) - of_number(id::BYTES, bytes))
}

/// Whether flags are those of the side that opens a connection, 1, or of the one that answers, -1.
fn opens(flags: u64) -> f64 {
    match (flags & SYN != 0, flags & ACK != 0) {
        (true, false) => 1.0,
        (true, true) => -1.0,
        _ => 0.0,
    }
}

/// Whether a port looks like that of a client, 1, or of a server, -1.
fn client(port: u64) -> f64 {
    match port {
        0 => 0.0,
        _ if SERVER_PORTS.contains(&port) || port < FIRST_CLIENT_PORT => -1.0,
        _ if port >= *CLIENT_PORTS.start() => 1.0,
        _ => 0.0,
    }
}

/// How likely it is that the side that opens a connection has the port of a client, where 1 stands for that and -1
/// for the port of a server.
fn of_opening(is_usual: f64) -> f64 {
    if is_usual < 0.0 {
        2.0 * is_usual
    } else {
        0.4 * is_usual
    }
}
