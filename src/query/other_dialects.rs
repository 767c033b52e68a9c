//! Words of other filter and query languages: the error message and a suggestion for each.

#[cfg(test)]
mod tests;

use crate::query::diagnostic::Problem;
use crate::schema::protocol;

/// Words of another language, why they mean nothing here, and the filter that comes nearest.
struct Unsupported {
    words: &'static [&'static str],
    message: &'static str,
    instead: Option<&'static str>,
}

const BELOW_IP: &str = "flow logs record nothing below IP: no MAC addresses, ARP or VLANs";
const SIZES: &str =
    "flow logs count whole flows, not packets: use bytes, packets, or bpp (bytes per packet)";
const HEADERS: &str =
    "flow logs record only the addresses, ports, protocol and TCP flags of packets";
const ROUTING: &str = "flow logs do not record routers, autonomous systems or countries";
const GROUPS: &str = "a filter tests one record at a time; it cannot count or group";
const STATES: &str =
    "flow logs do not record connection states; SYN without ACK shows who opened a connection";

/// The message about arithmetic, which filters do not have.
pub(super) const NO_ARITHMETIC: &str = "filters do not support arithmetic";

#[rustfmt::skip]
const UNSUPPORTED: &[Unsupported] = &[
    row(&["arp", "rarp", "ether", "eth", "eth.addr", "eth.src", "eth.dst", "vlan", "mac", "lldp", "broadcast"], BELOW_IP, None),
    row(&["less", "greater", "len", "length", "frame", "frame.len", "ip.len", "tcp.len", "udp.length"], SIZES, Some("bpp > 100")),
    row(&["ttl", "tos", "dscp", "ip.ttl", "icmp.type", "icmp.code", "icmp-type", "icmptype", "icmp-code", "icmpcode"], HEADERS, None),
    row(&["ip.version"], "select one address family with ipv4 or ipv6", Some("ipv4")),
    row(&["tls", "ssl"], "select TLS by its port", Some("port https")),
    row(&["quic", "http3"], "select QUIC by its port", Some("udp port 443")),
    row(&["ping"], "ping is part of ICMP", Some("icmp")),
    row(&["from"], "use src for the source, or since for a start time", Some("src 10.0.0.1")),
    row(&["to"], "use dst for the destination, until for an end time, or 22..80 for a range", Some("dst 10.0.0.1")),
    row(&["after"], "use since for a start time", Some("since 17:00")),
    row(&["before"], "use until for an end time", Some("until 17:00")),
    row(&["now", "today", "yesterday"], "times count from the end of the data, not from the current time", Some("last 1d")),
    row(&["service", "app", "application"], "select a service by its port", Some("port ssh")),
    row(&["gateway", "asn", "srcas", "dstas", "country", "geo"], ROUTING, None),
    row(&["filter", "where"], "filter and where are allowed only at the start", None),
    row(&["any", "all"], "an empty filter selects all records", None),
    row(&["count", "flows", "avg"], GROUPS, None),
    row(&["@timestamp", "@ingestionTime", "timestamp"], "a record has two times: start and end", Some("start")),
    row(&["allow", "allowed", "pass", "permit", "accepted"], "the word for allowed traffic is accept", Some("accept")),
    row(&["deny", "denied", "drop", "dropped", "block", "blocked", "rejected"], "the word for denied traffic is reject", Some("reject")),
    row(&["established", "related"], STATES, Some("syn and not ack")),
    row(&["+", "%"], NO_ARITHMETIC, None),
];

/// Prefixes of resource IDs that no field holds.
#[rustfmt::skip]
const IDS: &[(&str, &str)] = &[
    ("sg-", "flow logs do not record which security group decided"),
    ("acl-", "flow logs do not record which network ACL decided"),
    ("igw-", "flow logs do not record gateway IDs; traffic-path shows the path that the traffic took"),
    ("rtb-", "flow logs do not record route tables; traffic-path shows the path that the traffic took"),
];

/// The first words of queries in SQL and Logs Insights.
const QUERY: [&str; 8] = [
    "fields", "stats", "sort", "limit", "display", "parse", "dedup", "select",
];

/// Operators of other languages, and the operators that they mean here.
const OPERATORS: &[(&str, &str)] = &[
    ("equals", "=="),
    ("equal", "=="),
    ("above", ">"),
    ("over", ">"),
    ("greater", ">"),
    ("below", "<"),
    ("under", "<"),
    ("less", "<"),
    ("includes", "contains"),
    ("startswith", "matches"),
    ("endswith", "matches"),
    ("regex", "matches"),
    ("regexp", "matches"),
    ("rlike", "matches"),
    ("ilike", "like"),
    ("cidr", "in"),
    ("within", "in"),
    ("inside", "in"),
];

/// The first parts of Wireshark fields that look into packets.
const LAYERS: &[&str] = &[
    "eth", "frame", "ip", "ipv6", "tcp", "udp", "icmp", "icmpv6", "http", "http2", "dns", "tls",
    "ssl", "ssh", "smb", "dhcp", "arp", "vlan", "data",
];

/// The message about the bytes of a packet, as in `tcp[13]`.
pub(super) const NO_PACKET_CONTENTS: &str =
    "flow logs do not record packet contents; to test TCP flags write tcp-flags has syn";

/// The message about a whole query of another language.
pub(super) const NOT_A_QUERY: &str = "paste only the filter part of the query";

const fn row(
    words: &'static [&'static str],
    message: &'static str,
    instead: Option<&'static str>,
) -> Unsupported {
    Unsupported {
        words,
        message,
        instead,
    }
}

/// The problem with a word of another language.
pub(super) fn word(text: &str) -> Option<Problem> {
    let is = |word: &&str| word.eq_ignore_ascii_case(text);
    if let Some(unsupported) = UNSUPPORTED.iter().find(|row| row.words.iter().any(&is)) {
        return Some(Problem {
            message: unsupported.message.to_owned(),
            suggestion: unsupported.instead.map(str::to_owned),
        });
    }
    if let Some(filter) = protocol_and_port(text) {
        let message = "write the protocol and the port as two words";
        return Some(Problem::new(message).suggest(filter));
    }
    let (_, message) = IDS.iter().find(|(start, _)| text.starts_with(start))?;
    Some(Problem::new(*message))
}

/// The problem with a field of Wireshark that looks into packets.
pub(super) fn layer(text: &str) -> Option<Problem> {
    let (layer, _) = text.split_once('.').filter(|(_, rest)| !rest.is_empty())?;
    LAYERS
        .iter()
        .find(|name| name.eq_ignore_ascii_case(layer))?;
    Some(Problem::new(format!(
        "flow logs do not record packet contents, so there is no {text}; there are ip.src, ip.dst, tcp.port, udp.port and tcp.flags"
    )))
}

/// The filter for a protocol and a port in one word: `22/tcp`, `tcp/22`, `tcp:22`.
pub(super) fn protocol_and_port(text: &str) -> Option<String> {
    let (first, second) = text.split_once(['/', ':'])?;
    let (name, port) = if first.bytes().all(|b| b.is_ascii_digit()) {
        (second, first)
    } else {
        (first, second)
    };
    protocol::number(name)?;
    port.parse::<u16>().ok()?;
    Some(format!("{name} port {port}"))
}

/// The filter for an account ID, a number of twelve digits.
pub(super) fn account(text: &str) -> Option<String> {
    let account = text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
    account.then(|| format!("account-id {text}"))
}

/// The operator that a word of another language means.
pub(super) fn operator(text: &str) -> Option<&'static str> {
    let known = |(word, _): &&(&str, &str)| word.eq_ignore_ascii_case(text);
    OPERATORS.iter().find(known).map(|(_, operator)| *operator)
}

/// Whether `text` is the first word of a query in another language.
pub(super) fn begins_query(text: &str) -> bool {
    QUERY.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// The message about punctuation that means nothing.
pub(super) fn sign(text: &str) -> String {
    match text {
        "|" => format!("| is not an operator: write ||, or {NOT_A_QUERY}"),
        _ => format!("unexpected {text}"),
    }
}
