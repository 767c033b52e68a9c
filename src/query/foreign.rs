//! Words of other tools that flow logs have no answer to, and what to write instead.

#[cfg(test)]
mod tests;

use super::parse::NO_ARITHMETIC;
use crate::schema::protocol;

/// Words of another tool: why they mean nothing here, and the filter that comes nearest.
struct Foreign {
    words: &'static [&'static str],
    message: &'static str,
    instead: Option<&'static str>,
}

const BELOW: &str = "flow logs know nothing below IP: no MAC addresses, ARP or VLANs";
const SIZES: &str =
    "flow logs count whole flows, not packets: bytes, packets, and bpp for bytes a packet";
const HEADERS: &str =
    "flow logs keep addresses, ports, protocol and TCP flags of packets, and nothing else";
const ROUTING: &str = "flow logs know neither routers, autonomous systems nor countries";
const GROUPS: &str = "a filter asks one record at a time; groups are counted elsewhere";
const STATES: &str = "flow logs have no states of connections; SYN without ACK tells who began one";

#[rustfmt::skip]
const FOREIGN: &[Foreign] = &[
    row(&["arp", "rarp", "ether", "eth", "eth.addr", "eth.src", "eth.dst", "vlan", "mac", "lldp", "broadcast"], BELOW, None),
    row(&["less", "greater", "len", "length", "frame", "frame.len", "ip.len", "tcp.len", "udp.length"], SIZES, Some("bpp > 100")),
    row(&["ttl", "tos", "dscp", "ip.ttl", "icmp.type", "icmp.code", "icmp-type", "icmptype", "icmp-code", "icmpcode"], HEADERS, None),
    row(&["ip.version"], "the addresses of one family are ipv4 and ipv6", Some("ipv4")),
    row(&["tls", "ssl"], "TLS is told by its port", Some("port https")),
    row(&["quic", "http3"], "QUIC is told by its port", Some("udp port 443")),
    row(&["ping"], "ping is a part of icmp", Some("icmp")),
    row(&["from"], "the source is called src, and the beginning since", Some("src 10.0.0.1")),
    row(&["to"], "the destination is called dst, the end until, and a range is 22..80", Some("dst 10.0.0.1")),
    row(&["after"], "later than a time is since", Some("since 17:00")),
    row(&["before"], "earlier than a time is until", Some("until 17:00")),
    row(&["now", "today", "yesterday"], "times are those of the data, not of the clock on the wall", Some("last 1d")),
    row(&["service", "app", "application"], "a service is told by its port", Some("port ssh")),
    row(&["gateway", "asn", "srcas", "dstas", "country", "geo"], ROUTING, None),
    row(&["filter", "where"], "filter and where may stand at the beginning alone", None),
    row(&["any", "all"], "an empty filter selects all records", None),
    row(&["count", "flows", "avg"], GROUPS, None),
    row(&["@timestamp", "@ingestionTime", "timestamp"], "a record has a start and an end", Some("start")),
    row(&["allow", "allowed", "pass", "permit", "accepted"], "what was let through is accept", Some("accept")),
    row(&["deny", "denied", "drop", "dropped", "block", "blocked", "rejected"], "what was not let through is reject", Some("reject")),
    row(&["established", "related"], STATES, Some("syn and not ack")),
    row(&["+", "%"], NO_ARITHMETIC, None),
];

/// What the ids begin with that no field has.
#[rustfmt::skip]
const IDS: &[(&str, &str)] = &[
    ("sg-", "flow logs do not say which security group decided"),
    ("acl-", "flow logs do not say which network ACL decided"),
    ("igw-", "flow logs do not name gateways; traffic-path tells which way traffic took"),
    ("rtb-", "flow logs do not name route tables; traffic-path tells which way traffic took"),
];

/// The words that a query of another language begins with.
const QUERY: [&str; 8] = [
    "fields", "stats", "sort", "limit", "display", "parse", "dedup", "select",
];

/// The operators of other languages, and those of this one.
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

/// What the fields of Wireshark begin with that look into packets.
const LAYERS: &[&str] = &[
    "eth", "frame", "ip", "ipv6", "tcp", "udp", "icmp", "icmpv6", "http", "http2", "dns", "tls",
    "ssl", "ssh", "smb", "dhcp", "arp", "vlan", "data",
];

/// What to say of the bytes of a packet.
pub(super) const NOT_IN_LOGS: &str =
    "flow logs do not look into packets; flags are asked for with tcp-flags has syn";

/// What to say of a whole query of another language.
pub(super) const NOT_A_QUERY: &str =
    "of a query only its filter stands here: what follows filter or WHERE";

const fn row(
    words: &'static [&'static str],
    message: &'static str,
    instead: Option<&'static str>,
) -> Foreign {
    Foreign {
        words,
        message,
        instead,
    }
}

/// What to say of a word of another tool, and what to write instead.
pub(super) fn word(text: &str) -> Option<(String, Option<String>)> {
    let is = |word: &&str| word.eq_ignore_ascii_case(text);
    if let Some(foreign) = FOREIGN.iter().find(|foreign| foreign.words.iter().any(&is)) {
        let instead = foreign.instead.map(str::to_owned);
        return Some((foreign.message.to_owned(), instead));
    }
    if let Some(filter) = protocol_and_port(text) {
        let message = "a protocol and a port are two words".to_owned();
        return Some((message, Some(filter)));
    }
    let (_, message) = IDS.iter().find(|(start, _)| text.starts_with(start))?;
    Some(((*message).to_owned(), None))
}

/// What to say of a field of another tool that looks into packets.
pub(super) fn layer(text: &str) -> Option<(String, Option<String>)> {
    let (layer, _) = text.split_once('.').filter(|(_, rest)| !rest.is_empty())?;
    LAYERS
        .iter()
        .find(|name| name.eq_ignore_ascii_case(layer))?;
    let message = format!(
        "flow logs do not look into packets: {text}; there are ip.src, ip.dst, tcp.port, udp.port, tcp.flags and their like"
    );
    Some((message, None))
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

/// The filter for an account, which is a number of twelve digits.
pub(super) fn account(text: &str) -> Option<String> {
    let account = text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
    account.then(|| format!("account-id {text}"))
}

/// The operator that a word of another language means.
pub(super) fn operator(text: &str) -> Option<&'static str> {
    let known = |(word, _): &&(&str, &str)| word.eq_ignore_ascii_case(text);
    OPERATORS.iter().find(known).map(|(_, operator)| *operator)
}

/// Whether a query of another language begins with `text`.
pub(super) fn begins_query(text: &str) -> bool {
    QUERY.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// What to say of a sign that means nothing.
pub(super) fn sign(text: &str) -> String {
    match text {
        "|" => format!("| means nothing here: `or` is ||, and {NOT_A_QUERY}"),
        _ => format!("{text} means nothing here"),
    }
}
