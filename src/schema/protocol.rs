//! IANA's protocol numbers and the names of ports, read from the assets.

use std::collections::HashMap;
use std::sync::LazyLock;

static PROTOCOLS: LazyLock<Names> =
    LazyLock::new(|| Names::read(include_str!("../../assets/protocols.tsv")));
static SERVICES: LazyLock<Names> =
    LazyLock::new(|| Names::read(include_str!("../../assets/services.tsv")));

/// Numbers and names, both ways. The first name of a number is the one that is shown.
struct Names {
    by_number: HashMap<u16, &'static str>,
    by_name: HashMap<&'static str, u16>,
}

impl Names {
    /// Reads lines of `number`, tab, `name`, tab and anything; `#` begins a comment.
    fn read(text: &'static str) -> Self {
        let mut names = Self {
            by_number: HashMap::new(),
            by_name: HashMap::new(),
        };
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut parts = line.split('\t');
            let (Some(number), Some(name)) =
                (parts.next().and_then(|n| n.parse().ok()), parts.next())
            else {
                continue;
            };
            names.by_number.entry(number).or_insert(name);
            names.by_name.entry(name).or_insert(number);
        }
        names
    }
}

/// The lower-case name of an IANA protocol number: 6 is `tcp`.
pub fn name(number: u64) -> Option<&'static str> {
    PROTOCOLS
        .by_number
        .get(&u16::try_from(number).ok()?)
        .copied()
}

/// The number of a protocol name, in any case: `tcp` is 6.
pub fn number(name: &str) -> Option<u8> {
    let number = PROTOCOLS.by_name.get(name.to_ascii_lowercase().as_str())?;
    u8::try_from(*number).ok()
}

/// The service that is registered for, or commonly met at, a port: 22 is `ssh`.
pub fn service(port: u64) -> Option<&'static str> {
    SERVICES.by_number.get(&u16::try_from(port).ok()?).copied()
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
