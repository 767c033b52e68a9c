//! Examples of the filter language, and its common pitfalls, for the help and the documentation.

#[cfg(test)]
mod tests;

/// A filter, in one spelling or several, and what it selects.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// The spellings, the recommended one first.
    pub filters: &'static [&'static str],
    /// What it selects.
    pub selects: &'static str,
}

/// A rule of the language that is easy to get wrong.
#[derive(Clone, Copy, Debug)]
pub struct Awkward {
    /// A sentence.
    pub says: &'static str,
    /// A filter that shows it.
    pub filter: &'static str,
    /// Its canonical form.
    pub is: &'static str,
}

/// Examples of filters.
#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example(&["reject"], "what was not let in or out"),
    example(&["dst port 22", "dport:22", "dstport == ssh"], "to the port of ssh"),
    example(&["src host 10.0.100.10", "srcaddr == 10.0.100.10"], "sent by this address"),
    example(&["addr in 10.0.0.0/16", "net 10.0/16"], "from or to this network"),
    example(&["dstport in {22, 3389, 8000..8010}"], "one of these"),
    example(&["bytes > 1MB or packets < 3"], "big, or hardly anything"),
    example(&["flags S and not flags A"], "who opened the connection"),
    example(&["scope outbound"], "from a private address to a public one"),
    example(&["srcaddr != 10.0.0.1"], "has a source, and it is another one"),
    example(&["not srcaddr 10.0.0.1"], "the same, and also records without a source"),
    example(&["srcaddr != pkt-srcaddr"], "something on the path rewrote the source: NAT"),
    example(&["pkt-addr 10.0.100.10"], "either address inside the packets: behind NAT too"),
    example(&["log-status in {NODATA, SKIPDATA}"], "no traffic; or records that were lost"),
    example(&["last 15m", "since 17:00 until 17:30"], "the end of the data; or a part of its day"),
    example(&["interface-id eni-0*", "interface-id matches /f60011$/"], "words by their form"),
    example(&["\"10.0.100\"", "/eni-.*11/"], "anywhere in the original line"),
    example(&["srcaddr == $srcaddr"], "as the record of the cursor has it"),
    example(&["$web and reject"], "a saved filter, and more"),
];

/// The pitfalls.
#[rustfmt::skip]
pub const AWKWARD: &[Awkward] = &[
    awkward("Every comparison with a missing value (-) is false, != included.", "srcaddr != 10.0.0.0/8", "exists srcaddr and not srcaddr in {10.0.0.0/8}"),
    awkward("So not (…) is true of records without a value.", "not srcaddr 10.0.0.1", "not srcaddr == 10.0.0.1"),
    awkward("Records of protocols without ports have no port to a filter, though they print 0.", "srcport is missing", "srcport is missing"),
    awkward("addr, pkt-addr and port mean either side; != and not in mean neither.", "port != 22", "port != 22"),
    awkward("An address or a port that stands alone takes the direction and the protocol before it.", "tcp dst port 80 or 443", "protocol == tcp and dstport == 80 or protocol == tcp and dstport == 443"),
    awkward("A protocol and the phrase behind it are one: not is about both.", "not tcp port 22", "not (protocol == tcp and port == 22)"),
    awkward("not binds closer than and, and and closer than or.", "not reject ssh or tcp", "not action == REJECT and port == 22 or protocol == tcp"),
    awkward("tcp.port, udp.port and their like mean the protocol too.", "udp.dstport == 53", "protocol == udp and dstport == 53"),
    awkward("Flags without an operator are set, whatever else is; == wants exactly these.", "flags S", "tcp-flags has syn"),
    awkward("The name of a field at the place of a value compares two fields.", "srcaddr dstaddr", "srcaddr == dstaddr"),
    awkward("A date is its whole length: a month, a day, an hour, a minute.", "start 2026-11-23", "start == 2026-11-23"),
    awkward("last and first count from the data, not from the clock on the wall.", "last 15 minutes", "last 15m"),
    awkward("Units count in thousands; KiB, MiB and GiB in 1,024s.", "bytes > 10 MB", "bytes > 10000000"),
    awkward("* and ? stand for letters, but in quotes for themselves.", "region in {eu-*, \"eu-*\"}", "region in {eu-*, \"eu-*\"}"),
    awkward("Two values of one field side by side select nothing; a comma or an or parts them.", "dst port 22, 80", "dstport in {22, 80}"),
    awkward("A set of one value is that value; a network and a range are sets.", "srcaddr 10.0/16", "srcaddr in {10.0.0.0/16}"),
];

const fn example(filters: &'static [&'static str], selects: &'static str) -> Example {
    Example { filters, selects }
}

const fn awkward(says: &'static str, filter: &'static str, is: &'static str) -> Awkward {
    Awkward { says, filter, is }
}
