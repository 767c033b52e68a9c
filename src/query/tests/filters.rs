//! Random filter texts over the fields of the records of these tests.

use proptest::prelude::*;

pub(crate) fn pick(words: &'static [&'static str]) -> impl Strategy<Value = &'static str> + Clone {
    prop::sample::select(words)
}

const COMPARISONS: &[&str] = &["==", "!=", "<", "<=", ">", ">="];
const NUMBERS: &[&str] = &[
    "0",
    "1",
    "2",
    "40",
    "59",
    "60",
    "1k",
    "79999",
    "80k",
    "8GB",
    "18446744073709551615",
];
const PORTS: &[&str] = &[
    "0",
    "22",
    "443",
    "https",
    "53",
    "8000..8010",
    "1-1023",
    "65535",
];
const NETWORKS: &[&str] = &[
    "10.0.0.1",
    "10.0.0.0/24",
    "10/8",
    "10.0.0.2..10.0.1.9",
    "10.0.*.7",
    "*.*.0.*",
    "private",
    "public",
    "8.8.8.8",
    "2001:db8::1",
    "2001:db8::/32",
    "02:00:00:00:00:00",
    "0.0.0.0/0",
    "::/0",
    "multicast",
    "10.0.0.3/32",
];
const TIMES: &[&str] = &[
    "2025-11-23",
    "2025-11-23T01",
    "2025-11-23T00:10",
    "1763856100",
    "00:05",
    "12:00:30",
    "-1h",
    "-90m",
    "2025-11",
    "2025-11-24",
    "2025",
    "2025-11-23 00:20",
];
const WORDS: &[&str] = &[
    "eni-1",
    "eni-*",
    "eni-?",
    "?*-1",
    "*",
    "*-*-?",
    "??",
    "\"eni-2\"",
    "cost",
    "*st*",
    "eu-west-1",
    "zzz",
];

pub(crate) fn one() -> impl Strategy<Value = String> {
    prop_oneof![
        numbers(),
        ends(),
        words(),
        times(),
        others(),
        habits(),
        references()
    ]
}

/// Habits from other tools.
fn habits() -> impl Strategy<Value = String> {
    pick(&[
        "tcp.flags.syn == 1",
        "tcp.flags.ack == 0",
        "flags not S",
        "tcp-flags not hasany syn+fin",
        "port not 22",
        "port not {22, 443}",
        "dstport between 20 and 30",
        "bytes not between 1 and 10 k",
        "duration < 1 minute",
        "last 1h 30m",
        "ip host 10.0.0.1",
        "not ip6 proto 17",
        "ipv4",
        "net 10.0.0.0 mask 255.255.255.0",
        "src net 10.0.1.0 255.255.255.0",
        "tcp 443",
        "not udp 53",
        "srcaddr in {10.0.0.0/24, dstaddr, 8.8.8.8}",
        "srcaddr not in {10.0.0.0/24, pkt-srcaddr}",
        "port in {443, dstport}",
        "isIpv4InSubnet(srcAddr, \"10.0.0.0/25\")",
        "isempty(pktSrcAddr)",
        "strcontains(region, \"eu\")",
        "@message like \"eni-1\"",
        "@message not like /REJECT/",
        "region is null",
        "start between 2025-11-23T00:05 and 2025-11-23T00:10",
    ])
    .prop_map(str::to_owned)
}

/// Values of the selected record, which may be missing there, and saved filters.
fn references() -> impl Strategy<Value = String> {
    let pairs = pick(&[
        "srcaddr C $srcaddr",
        "addr C $dstaddr",
        "pkt-addr C $srcaddr",
        "srcport C $dstport",
        "bytes C $packets",
        "packets C $packets",
        "start C $end",
        "time C $start",
        "duration C $duration",
        "bps C $pps",
        "line C $line",
        "protocol C $protocol",
    ]);
    let either = pick(&[
        "addr I $addr",
        "srcaddr I $pkt-addr",
        "port I {$port, 443}",
        "time I $time",
        "region I {$region, eu-*}",
        "scope I $scope",
        "file I $file",
        "action I $action",
        "tcp-flags I $tcp-flags",
        "cost-center I $cost-center",
    ]);
    prop_oneof![
        (pairs, pick(COMPARISONS)).prop_map(|(p, c)| p.replace('C', c)),
        (either, pick(&["==", "!=", "in", "not in"])).prop_map(|(e, i)| e.replace('I', i)),
        pick(&[
            "src $srcport",
            "since $start",
            "at $end",
            "last $duration",
            "flags $tcp-flags"
        ])
        .prop_map(str::to_owned),
        pick(&["$web", "$inside", "$both", "tcp $web or 22", "not $both"]).prop_map(str::to_owned),
    ]
}

/// The saved filters.
pub(crate) const SAVED: [(&str, &str); 3] = [
    ("web", "dst port 80 or 443"),
    ("inside", "src and dst private"),
    ("both", "$web and (not $inside or reject)"),
];

fn numbers() -> impl Strategy<Value = String> {
    let fields = pick(&["bytes", "packets", "bps", "pps", "bpp", "duration", "line"]);
    let flags = pick(&[
        "flags",
        "tcp-flags has",
        "tcp-flags hasany",
        "tcp-flags ==",
        "tcp-flags !=",
    ]);
    let number = |text: &str| text.trim_end_matches(['k', 'G', 'B']).to_owned();
    prop_oneof![
        (fields.clone(), pick(COMPARISONS), pick(NUMBERS))
            .prop_map(move |(f, c, n)| format!("{f} {c} {}", number(n))),
        (
            fields.clone(),
            pick(&["in", "not in"]),
            prop::collection::vec(0u64..100, 1..40)
        )
            .prop_map(|(f, i, n)| {
                let set = n
                    .iter()
                    .map(|n| format!("{}..{}", n * 7, n * 7 + n % 3))
                    .collect::<Vec<String>>();
                format!("{f} {i} {{{}}}", set.join(", "))
            }),
        (
            pick(&["bytes", "packets"]),
            pick(COMPARISONS),
            pick(NUMBERS)
        )
            .prop_map(|(f, c, n)| format!("{f} {c} {n}")),
        (flags, pick(&["syn", "syn+ack", "fin", "0", "19"])).prop_map(|(f, v)| format!("{f} {v}")),
        (pick(COMPARISONS), pick(&["tcp", "udp", "1", "50", "255"]))
            .prop_map(|(c, p)| format!("protocol {c} {p}")),
    ]
}

fn ends() -> impl Strategy<Value = String> {
    let ports = pick(&["srcport", "dstport", "port"]);
    let addresses = pick(&["srcaddr", "dstaddr", "addr", "pkt-srcaddr", "pkt-addr"]);
    let several = |words| prop::collection::vec(pick(words), 1..5).prop_map(|v| v.join(", "));
    let phrases = pick(&[
        "src port",
        "tcp dst port",
        "src and dst port",
        "not udp port",
        "src",
        "icmp port",
        "tcp.dstport",
    ]);
    let nets = pick(&[
        "src net",
        "dst host",
        "src and dst",
        "tcp src",
        "host",
        "udp net",
    ]);
    prop_oneof![
        (
            ports.clone(),
            pick(COMPARISONS),
            pick(&["0", "22", "443", "65535"])
        )
            .prop_map(|(f, c, p)| format!("{f} {c} {p}")),
        (ports, pick(&["in", "not in", ""]), several(PORTS))
            .prop_map(|(f, i, s)| format!("{f} {i} {{{s}}}")),
        (
            addresses.clone(),
            pick(&["in", "not in", "=="]),
            several(NETWORKS)
        )
            .prop_map(|(f, i, s)| format!("{f} {i} {{{s}}}")),
        (addresses.clone(), pick(&["==", "!=", ""]), pick(NETWORKS))
            .prop_map(|(f, c, n)| format!("{f} {c} {n}")),
        (
            addresses,
            pick(COMPARISONS),
            pick(&["10.0.0.200", "2001:db8::2", "0.0.0.0"])
        )
            .prop_map(|(f, c, n)| format!("{f} {c} {n}")),
        (phrases, pick(PORTS)).prop_map(|(f, p)| format!("{f} {p}")),
        (nets, pick(NETWORKS)).prop_map(|(f, n)| format!("{f} {n}")),
        pick(NETWORKS).prop_map(str::to_owned),
        pick(PORTS).prop_map(str::to_owned),
    ]
}

fn words() -> impl Strategy<Value = String> {
    let fields = pick(&["interface-id", "region", "cost-center", "file"]);
    prop_oneof![
        (fields.clone(), pick(&["==", "!="]), pick(WORDS))
            .prop_map(|(f, c, w)| format!("{f} {c} {w}")),
        (
            fields.clone(),
            pick(&["in", "not in"]),
            pick(WORDS),
            pick(WORDS)
        )
            .prop_map(|(f, i, a, b)| format!("{f} {i} {{{a} {b}}}")),
        (
            fields,
            pick(&["contains", "matches", "!~", "not contains"]),
            pick(&["eu", "\"1\"", "st"])
        )
            .prop_map(|(f, c, w)| format!("{f} {c} {w}")),
        pick(&[
            "reject",
            "action != ACCEPT",
            "action == \"DENY\"",
            "ok",
            "log-status in {NODATA, SKIPDATA}",
            "file *0.log",
            "file not in {/logs/1.log}"
        ])
        .prop_map(|t| t.replace("/logs/1.log", "\"/logs/1.log\"")),
        pick(&[
            "scope outbound",
            "scope != internal",
            "scope in {inbound, external}",
            "scope contains ter",
            "exists scope"
        ])
        .prop_map(str::to_owned),
        pick(&[
            "\"10.0.0.1\"",
            "/ eni-[12] .*REJECT/i",
            "\"- -\"",
            "/^eni-1/"
        ])
        .prop_map(str::to_owned),
    ]
}

fn times() -> impl Strategy<Value = String> {
    let fields = pick(&["start", "end", "time"]);
    prop_oneof![
        (fields.clone(), pick(COMPARISONS), pick(TIMES))
            .prop_map(|(f, c, t)| format!("{f} {c} {t}")),
        (fields, pick(&["in", "not in"]), pick(TIMES)).prop_map(|(f, i, t)| format!(
            "{f} {i} {{{t}, 2025-11-23T03..2025-11-23T05, -10m..-5m}}"
        )),
        (pick(&["since", "until", "at"]), pick(TIMES)).prop_map(|(w, t)| format!("{w} {t}")),
        (
            pick(&["last", "first"]),
            pick(&["0", "1s", "15m", "2h", "9d", "60000w"])
        )
            .prop_map(|(w, d)| format!("{w} {d}")),
    ]
}

fn others() -> impl Strategy<Value = String> {
    let fields = pick(&[
        "srcaddr",
        "addr",
        "pkt-addr",
        "srcport",
        "port",
        "protocol",
        "bytes",
        "time",
        "duration",
        "bps",
        "pps",
        "bpp",
        "scope",
        "action",
        "tcp-flags",
        "cost-center",
        "file",
        "line",
        "vpc-id",
    ]);
    let pairs = pick(&[
        "srcaddr C pkt-srcaddr",
        "addr C dstaddr",
        "addr C addr",
        "pkt-addr C addr",
        "srcaddr C pkt-addr",
        "srcport C dstport",
        "port C dstport",
        "packets C bytes",
        "start C end",
        "bps C pps",
        "line C packets",
    ]);
    prop_oneof![
        (fields, pick(&["is missing", "is not missing"])).prop_map(|(f, m)| format!("{f} {m}")),
        (pairs, pick(COMPARISONS)).prop_map(|(p, c)| p.replace('C', c)),
        (
            pick(&[
                "region C `cost-center`",
                "interface-id C region",
                "`cost-center` C interface-id"
            ]),
            pick(&["==", "!="])
        )
            .prop_map(|(p, c)| p.replace('C', c)),
    ]
}

pub(crate) fn filter() -> impl Strategy<Value = String> {
    one().prop_recursive(4, 24, 4, |inner| {
        let joined = |word: &'static str| {
            prop::collection::vec(inner.clone(), 2..4).prop_map(move |parts| parts.join(word))
        };
        prop_oneof![
            joined(" and "),
            joined(" or "),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| side_by_side(&parts)),
            inner.clone().prop_map(|part| format!("not ({part})")),
            inner.prop_map(|part| format!("({part})")),
        ]
    })
}

/// The parts side by side, but with `and` before a number, which would otherwise follow a comparison of numbers.
fn side_by_side(parts: &[String]) -> String {
    let is_number = |part: &str| {
        let word = part.split(' ').next().unwrap_or_default();
        word.bytes().all(|b| b.is_ascii_digit())
    };
    let mut text = parts[0].clone();
    for part in &parts[1..] {
        text.push_str(if is_number(part) { " and " } else { " " });
        text.push_str(part);
    }
    text
}
