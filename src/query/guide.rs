//! Examples of the filter language, and its common pitfalls, for the help and the documentation.

#[cfg(test)]
mod tests;

/// An example filter in one or several spellings.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// The spellings, the recommended one first.
    pub filters: &'static [&'static str],
    /// The records that it selects, in words.
    pub selects: &'static str,
}

/// A rule of the language that is easy to get wrong.
#[derive(Clone, Copy, Debug)]
pub struct Awkward {
    /// The rule, in one sentence.
    pub says: &'static str,
    /// An example filter.
    pub filter: &'static str,
    /// The canonical form of `filter`.
    pub is: &'static str,
}

/// Examples for the help, the README and docs/filter-language.md.
#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(&["reject"], "traffic that was rejected"),
    example(&["dst port 22", "dport:22", "dstport == ssh"], "SSH, by destination port"),
    example(&["src host 10.0.100.10", "srcaddr == 10.0.100.10"], "sent by this address"),
    example(&["addr in 10.0.0.0/16", "net 10.0/16"], "to or from this network"),
    example(&["dstport in {22, 3389, 8000..8010}"], "one of these ports"),
    example(&["bytes > 1MB or packets < 3"], "large flows, or ones with few packets"),
    example(&["flags S and not flags A"], "connection attempts: SYN without ACK"),
    example(&["scope outbound"], "from a private address to a public one"),
    example(&["srcaddr != 10.0.0.1"], "records with another source"),
    example(&["not srcaddr 10.0.0.1"], "the same, and records without a source"),
    example(&["srcaddr != pkt-srcaddr"], "the source was rewritten on the path (NAT)"),
    example(&["pkt-addr 10.0.100.10"], "either address within the packets, even behind NAT"),
    example(&["log-status in {NODATA, SKIPDATA}"], "no traffic, or records that were skipped"),
    example(&["last 15m", "since 17:00 until 17:30"], "the end of the data, or part of its day"),
    example(&["interface-id eni-0*", "interface-id matches /f60011$/"], "IDs that match a pattern"),
    example(&["\"10.0.100\"", "/eni-.*11/"], "anywhere in the original line"),
    example(&["srcaddr == $srcaddr"], "the same source as the selected record"),
    example(&["$web and reject"], "a saved filter, narrowed"),
];

/// Pitfalls for the help and docs/filters.md.
#[rustfmt::skip]
pub const AWKWARD: &[Awkward] = &[
    awkward("A comparison with a missing value (-) is always false, even with !=.", "srcaddr != 10.0.0.0/8", "exists srcaddr and not srcaddr in {10.0.0.0/8}"),
    awkward("So not (…) is true for records without a value.", "not srcaddr 10.0.0.1", "not srcaddr == 10.0.0.1"),
    awkward("To a filter, records of protocols without ports have no port, although they print 0.", "srcport is missing", "srcport is missing"),
    awkward("addr, pkt-addr and port mean either side; != and not in mean neither.", "port != 22", "port != 22"),
    awkward("A bare address or port inherits the direction and the protocol before it.", "tcp dst port 80 or 443", "protocol == tcp and dstport == 80 or protocol == tcp and dstport == 443"),
    awkward("A protocol and the phrase after it belong together: not negates both.", "not tcp port 22", "not (protocol == tcp and port == 22)"),
    awkward("not binds tighter than and, and and tighter than or.", "not reject ssh or tcp", "not action == REJECT and port == 22 or protocol == tcp"),
    awkward("tcp.port, udp.port and the like include the protocol.", "udp.dstport == 53", "protocol == udp and dstport == 53"),
    awkward("Without an operator, flags tests that these flags are set; == tests for exactly these.", "flags S", "tcp-flags has syn"),
    awkward("A field name in place of a value compares two fields.", "srcaddr dstaddr", "srcaddr == dstaddr"),
    awkward("A date means all of it: a whole month, day, hour or minute.", "start 2026-11-23", "start == 2026-11-23"),
    awkward("last and first count from the data, not from the current time.", "last 15 minutes", "last 15m"),
    awkward("Units are powers of 1000; KiB, MiB and GiB are powers of 1024.", "bytes > 10 MB", "bytes > 10000000"),
    awkward("* and ? are wildcards, except in quotes.", "region in {eu-*, \"eu-*\"}", "region in {eu-*, \"eu-*\"}"),
    awkward("Two values of one field side by side select nothing; join them with a comma or with or.", "dst port 22, 80", "dstport in {22, 80}"),
    awkward("A set of one value is that value; networks and ranges are sets.", "srcaddr 10.0/16", "srcaddr in {10.0.0.0/16}"),
];

const fn example(filters: &'static [&'static str], selects: &'static str) -> Example {
    Example { filters, selects }
}

const fn awkward(says: &'static str, filter: &'static str, is: &'static str) -> Awkward {
    Awkward { says, filter, is }
}
