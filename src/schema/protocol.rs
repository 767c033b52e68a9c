//! IANA's protocol numbers and the names of ports, read from the assets.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{FieldId, id};

/// The first port of the ephemeral range of most systems.
pub const EPHEMERAL: u64 = 32_768;
/// The first port after the system ports (RFC 6335).
const SYSTEM_PORTS_END: u64 = 1_024;

static PROTOCOLS: LazyLock<Names> =
    LazyLock::new(|| Names::read(include_str!("../../assets/protocols.tsv")));
static SERVICES: LazyLock<Names> =
    LazyLock::new(|| Names::read(include_str!("../../assets/services.tsv")));

/// Numbers and names, both ways. The first name of a number is the one that is shown.
struct Names {
    /// Every name, in the order of the file.
    all: Vec<&'static str>,
    by_number: HashMap<u16, Row>,
    by_name: HashMap<&'static str, u16>,
}

/// What the first row of a number says.
struct Row {
    /// The place of the row in its file.
    rank: usize,
    name: &'static str,
    meaning: &'static str,
}

impl Names {
    /// Reads lines of `number`, tab, `name`, tab, `meaning`; `#` begins a comment.
    fn read(text: &'static str) -> Self {
        let mut names = Self {
            all: Vec::new(),
            by_number: HashMap::new(),
            by_name: HashMap::new(),
        };
        let rows = text.lines().filter(|line| !line.starts_with('#'));
        for (rank, line) in rows.enumerate() {
            let mut parts = line.split('\t');
            let (Some(number), Some(name)) =
                (parts.next().and_then(|n| n.parse().ok()), parts.next())
            else {
                continue;
            };
            let meaning = parts.next().unwrap_or_default();
            names.by_number.entry(number).or_insert(Row {
                rank,
                name,
                meaning,
            });
            names.by_name.entry(name).or_insert(number);
            names.all.push(name);
        }
        names
    }

    fn row(&self, number: u64) -> Option<&Row> {
        self.by_number.get(&u16::try_from(number).ok()?)
    }
}

/// Every name of a protocol, by number.
pub fn names() -> impl Iterator<Item = &'static str> {
    PROTOCOLS.all.iter().copied()
}

/// Every name of a service, those that are met most first.
pub fn services() -> impl Iterator<Item = &'static str> {
    SERVICES.all.iter().copied()
}

/// The lower-case name of an IANA protocol number: 6 is `tcp`.
pub fn name(number: u64) -> Option<&'static str> {
    Some(PROTOCOLS.row(number)?.name)
}

/// What a protocol number is for, in a few words.
pub fn meaning(number: u64) -> Option<&'static str> {
    Some(PROTOCOLS.row(number)?.meaning)
}

/// The number of a protocol name, in any case: `tcp` is 6.
pub fn number(name: &str) -> Option<u8> {
    let number = PROTOCOLS.by_name.get(name.to_ascii_lowercase().as_str())?;
    u8::try_from(*number).ok()
}

/// The service that is registered for, or commonly met at, a port: 22 is `ssh`.
pub fn service(port: u64) -> Option<&'static str> {
    Some(SERVICES.row(port)?.name)
}

/// The length of the longest name of a service.
pub(crate) fn longest_service() -> usize {
    services().map(str::len).max().unwrap_or(0)
}

/// The service of a port of which nothing else is known, as in a group of records: none for ports that clients use.
/// Source ports are mostly those of clients, so only system ports are named among them.
pub fn likely_service(field: FieldId, port: u64) -> Option<&'static str> {
    let end = if field == id::SRCPORT {
        SYSTEM_PORTS_END
    } else {
        EPHEMERAL
    };
    service(port).filter(|_| port < end)
}

/// What the service of a port is, in a few words; none where its name says it.
pub fn service_meaning(port: u64) -> Option<&'static str> {
    Some(SERVICES.row(port)?.meaning).filter(|meaning| !meaning.is_empty())
}

/// How far down the list of services a port stands, 0 being the one that is met most; none where it has no
/// service. Of the two ports of a record the one with the lower rank is more likely the server's.
pub fn service_rank(port: u64) -> Option<usize> {
    Some(SERVICES.row(port)?.rank)
}

/// The port of a service name, in any case: `ssh` is 22.
pub fn port(service: &str) -> Option<u16> {
    SERVICES
        .by_name
        .get(service.to_ascii_lowercase().as_str())
        .copied()
}

/// Whether packets of a protocol carry ports: TCP, UDP, DCCP, SCTP and UDP-Lite.
///
/// Records of the others have 0 in both port fields.
pub fn has_ports(number: u64) -> bool {
    matches!(number, 6 | 17 | 33 | 132 | 136)
}
