//! Filter texts and their canonical forms.

use super::*;
use crate::schema::id;

#[test]
fn the_examples_of_the_language_mean_what_they_say() {
    check("", "");
    check("  # only a comment", "");
    check("reject", "action == REJECT");
    check("ssh and reject", "port == 22 and action == REJECT");
    check(
        "src net 10.0.0.0/8 and not dst net 10/8",
        "srcaddr in {10.0.0.0/8} and not dstaddr in {10.0.0.0/8}",
    );
    check(
        "src host 10.0.1.5 and (dst port 22 or 3389)",
        "srcaddr == 10.0.1.5 and (dstport == 22 or dstport == 3389)",
    );
    check("not tcp port 22", "not (protocol == tcp and port == 22)");
    check(
        "udp dst port 53 or domain or 5353",
        "protocol == udp and dstport == 53 or protocol == udp and dstport == 53 or protocol == udp and dstport == 5353",
    );
    check(
        "port in {22, 3389, 8000..8010}",
        "port in {22, 3389, 8000..8010}",
    );
    check("portrange 6000-6008", "port in {6000..6008}");
    check("dstPort in [22, 3389]", "dstport in {22, 3389}");
    check(
        "ip.src == 10.0.0.0/8 && tcp.dstport in {443, 4430..4434}",
        "srcaddr in {10.0.0.0/8} and protocol == tcp and dstport in {443, 4430..4434}",
    );
    check(
        "dport:443 src:10.0.1.5",
        "dstport == 443 and srcaddr == 10.0.1.5",
    );
    check(
        "srcaddr != 10.0.0.0/8",
        "exists srcaddr and not srcaddr in {10.0.0.0/8}",
    );
    check("bytes > 1k and packets < 3", "bytes > 1000 and packets < 3");
    check(
        "scope outbound bytes > 100MB",
        "scope == outbound and bytes > 100000000",
    );
    check(
        "flags S and not flags A",
        "tcp-flags has syn and not tcp-flags has ack",
    );
    check(
        "log-status in {NODATA, SKIPDATA}",
        "log-status in {NODATA, SKIPDATA}",
    );
    check(
        "exists pkt-srcaddr and srcaddr != pkt-srcaddr # NAT or middlebox",
        "exists pkt-srcaddr and srcaddr != pkt-srcaddr",
    );
    check(
        "flow-direction egress and traffic-path == 8",
        "flow-direction == egress and traffic-path == 8",
    );
    check("last 15m reject", "last 15m and action == REJECT");
    check(
        "eni-0435cbb62960f230e reject",
        "interface-id == eni-0435cbb62960f230e and action == REJECT",
    );
}

#[test]
fn operators_have_many_spellings_and_one_canonical_form() {
    for operator in ["==", "=", "eq", "EQ", "is", ""] {
        check(&format!("dstport {operator} 22"), "dstport == 22");
    }
    for operator in ["!=", "<>", "ne", "is not"] {
        check(&format!("dstport {operator} 22"), "dstport != 22");
    }
    for (spelling, symbol) in [
        ("gt", ">"),
        ("ge", ">="),
        ("lt", "<"),
        ("le", "<="),
        (">", ">"),
    ] {
        check(&format!("bytes {spelling} 5"), &format!("bytes {symbol} 5"));
    }
    check(
        "a.b == x or bytes==5".trim_start_matches("a.b == x or "),
        "bytes == 5",
    );
    check(
        "reject && accept || ok",
        "action == REJECT and action == ACCEPT or log-status == OK",
    );
    check(
        "reject accept or ok",
        "action == REJECT and action == ACCEPT or log-status == OK",
    );
    check("! reject", "not action == REJECT");
    check("not not reject", "not not action == REJECT");
    check("srcaddr is missing", "srcaddr is missing");
    check("srcaddr is not missing", "exists srcaddr");
    check("srcaddr == -", "srcaddr is missing");
    check("srcaddr != -", "exists srcaddr");
}

#[test]
fn parentheses_stand_only_where_the_tree_needs_them() {
    check("(reject)", "action == REJECT");
    check(
        "((reject and ok)) and (tcp)",
        "action == REJECT and log-status == OK and protocol == tcp",
    );
    check(
        "(reject and ok) or tcp",
        "action == REJECT and log-status == OK or protocol == tcp",
    );
    check(
        "reject and (ok or tcp)",
        "action == REJECT and (log-status == OK or protocol == tcp)",
    );
    check("not (reject)", "not action == REJECT");
    check(
        "not (reject or ok)",
        "not (action == REJECT or log-status == OK)",
    );
    check("not reject ok", "not action == REJECT and log-status == OK");
}

#[test]
fn directions_and_protocols_are_inherited() {
    check(
        "tcp dst port 80 or 443",
        "protocol == tcp and dstport == 80 or protocol == tcp and dstport == 443",
    );
    check(
        "src 10.0.0.1 or 10.0.0.2",
        "srcaddr == 10.0.0.1 or srcaddr == 10.0.0.2",
    );
    check("dstport == 22 or 3389", "dstport == 22 or dstport == 3389");
    check(
        "dst port 22 reject or 443",
        "dstport == 22 and action == REJECT or dstport == 443",
    );
    check("(dst port 22) or 443", "dstport == 22 or port == 443");
    check(
        "dst port 22 bytes > 5 443",
        "dstport == 22 and bytes > 5 and port == 443",
    );
    check("443 10.0.0.1", "port == 443 and addr == 10.0.0.1");
    check("src and dst port 22", "srcport == 22 and dstport == 22");
    check("src or dst port 22", "port == 22");
    check("dst or src host 10.0.0.1", "addr == 10.0.0.1");
    check(
        "src and dst net 10 or 10.0.0.1",
        "srcaddr in {10.0.0.0/8} and dstaddr in {10.0.0.0/8} or srcaddr == 10.0.0.1 and dstaddr == 10.0.0.1",
    );
    check("source ssh", "srcport == 22");
    check("dst > 1024", "dstport > 1024");
    check("dst in {22, 443}", "dstport in {22, 443}");
    check("dst public", "dstaddr == public");
}

#[test]
fn values_are_read_by_the_kind_of_their_field() {
    check(
        "srcaddr 10.0.0.5..10.0.0.9",
        "srcaddr in {10.0.0.5..10.0.0.9}",
    );
    check("addr 10.0.*.7", "addr in {10.0.*.7}");
    check("addr == 2001:DB8::/32", "addr in {2001:db8::/32}");
    check("srcaddr:2001:db8::1", "srcaddr == 2001:db8::1");
    check(
        "net 10 or net 192.168.1",
        "addr in {10.0.0.0/8} or addr in {192.168.1.0/24}",
    );
    check("10/8", "addr in {10.0.0.0/8}");
    check("srcaddr private", "srcaddr == private");
    check(
        "srcaddr in {private, loopback}",
        "srcaddr in {private, loopback}",
    );
    check("srcaddr > 10.0.0.5", "srcaddr > 10.0.0.5");
    check("port https", "port == 443");
    check("port 1024-65535", "port in {1024..65535}");
    check("port 22, 443", "port in {22, 443}");
    check("port {22 443}", "port in {22, 443}");
    check("port (22 or 443)", "port in {22, 443}");
    check("port 8000 .. 8010", "port in {8000..8010}");
    check("port not in {22}", "port != 22");
    check("port not in {22, 443}", "port not in {22, 443}");
    check("port != 22, 443", "port not in {22, 443}");
    check("dport: {22, 443}", "dstport in {22, 443}");
    check("dport:>1024", "dstport > 1024");
    check("protocol 6", "protocol == tcp");
    check("proto UDP", "protocol == udp");
    check("protocol 250", "protocol == 250");
    check("protocol in {tcp, 17}", "protocol in {tcp, udp}");
    check("action reject", "action == REJECT");
    check("verdict = 'accept'", "action == ACCEPT");
    check("type ipv6", "type == IPv6");
    check("bytes 1.5MB", "bytes == 1500000");
    check("bytes in {1KiB..1MiB}", "bytes in {1024..1048576}");
    check("duration > 1h30m", "duration > 90m");
    check("duration 30", "duration == 30s");
    check("line 10..20", "line in {10..20}");
}

#[test]
fn flags_have_names_letters_and_numbers() {
    check("tcp-flags == syn", "tcp-flags == syn");
    check("flags SA", "tcp-flags has syn+ack");
    check("flags has 18", "tcp-flags has syn+ack");
    check("flags & rst+fin", "tcp-flags hasany fin+rst");
    check("flags hasany 0x3", "tcp-flags hasany fin+syn");
    check("tcp-flags 0", "tcp-flags == 0");
    check("tcp-flags in {syn, syn+ack}", "tcp-flags in {syn, syn+ack}");
    check("syn", "tcp-flags has syn");
    check("syn+ack", "tcp-flags has syn+ack");
    check("tcp.flags S", "protocol == tcp and tcp-flags has syn");
    check("tcp.port:443", "protocol == tcp and port == 443");
    check(
        "not udp.dstport == 53",
        "not (protocol == udp and dstport == 53)",
    );
}

#[test]
fn words_are_exact_have_forms_or_are_searched() {
    check("interface-id eni-1", "interface-id == eni-1");
    check("eni eni-0*", "interface-id == eni-0*");
    check("region in {us-east-1, eu-*}", "region in {us-east-1, eu-*}");
    check("region == \"eu-*\"", "region == \"eu-*\"");
    check("region contains east", "region contains \"east\"");
    check("region not contains east", "region not contains \"east\"");
    check("region matches ^eu-", "region matches /^eu-/");
    check("region ~ /^EU-/i", "region matches /^EU-/i");
    check("region !~ \"a/b\"", r"region !~ /a\/b/");
    check(r"region =~ /a\/b\\/", r"region matches /a\/b\\/");
    check("region like \"eu\"", "region contains \"eu\"");
    check("region not like /eu/", "region !~ /eu/");
    check("instance-tag == \"srcaddr\"", "instance-tag == \"srcaddr\"");
    check("instance-tag == \"and\"", "instance-tag == \"and\"");
    check("instance-tag \"-\"", "instance-tag == \"-\"");
    check(
        r#"instance-tag == "a\"b\\c""#,
        r#"instance-tag == "a\"b\\c""#,
    );
    check("file == \"/var/log/x.log\"", "file == \"/var/log/x.log\"");
    check("\"10.0.0.1 443\"", "\"10.0.0.1 443\"");
    check(
        "/REJECT|NODATA/i and reject",
        "/REJECT|NODATA/i and action == REJECT",
    );
}

#[test]
fn fields_compare_with_fields_of_their_sort() {
    check("srcaddr == pkt_srcaddr", "srcaddr == pkt-srcaddr");
    check("addr != pkt-dstaddr", "addr != pkt-dstaddr");
    check("srcport dport", "srcport == dstport");
    check("packets >= bytes", "packets >= bytes");
    check("az-id != next-hop-az-id", "az-id != next-hop-az-id");
    check(
        "az-id == `cost-center`",
        "az-id == cost-center"
            .replace("cost-center", "`cost-center`")
            .as_str(),
    );
    check("start < end", "start < end");
}

#[test]
fn columns_of_a_file_are_fields_too() {
    check("cost-center == 5", "cost-center == 5");
    check("CostCenter 5", "cost-center == 5");
    check("`odd:name` == 5", "`odd:name` == 5");
    check("exists `odd:name`", "exists `odd:name`");
}

#[test]
fn times_have_a_precision() {
    check("start >= 1418530010", "start >= 1418530010");
    check("start >= 1418530010000", "start >= 1418530010");
    check("start == 2026-11-23", "start == 2026-11-23");
    check(
        "start in {2026-11, 2025-01..2025-03}",
        "start in {2026-11, 2025-01..2025-03}",
    );
    check("end < 2026-11-23T17", "end < 2026-11-23T17Z");
    check("time 2026-11-23T17:00", "time == 2026-11-23T17:00Z");
    check(
        "time 2026-11-23T17:00:05.123Z",
        "time == 2026-11-23T17:00:05Z",
    );
    check("since 2026-11-23T17:00+02:00", "since 2026-11-23T15:00Z");
    check("until 17:00", "until 17:00");
    check("at 17:00:01", "at 17:00:01");
    check("since -15m", "since -15m");
    check("first 2h", "first 2h");
    check("start 10:00..11:30", "start in {10:00..11:30}");
}

#[test]
fn habits_of_logs_insights_are_read() {
    check(
        "isIpv4InSubnet(srcAddr, \"10.0.0.0/8\")",
        "srcaddr in {10.0.0.0/8}",
    );
    check(
        "isIpv6InSubnet(dstAddr,'2001:db8::/32') and reject",
        "dstaddr in {2001:db8::/32} and action == REJECT",
    );
    check("ispresent(pktSrcAddr)", "exists pkt-srcaddr");
    check(
        "interfaceId = \"eni-1\" and logStatus = \"OK\"",
        "interface-id == eni-1 and log-status == OK",
    );
    check(
        "numbytes > 5 and sourceaddress = 10.0.0.1",
        "bytes > 5 and srcaddr == 10.0.0.1",
    );
}

#[test]
fn a_time_of_day_falls_on_the_day_of_the_data() {
    let catalog = catalog();
    let canonical = |text: &str, span| {
        let context = Context {
            catalog: &catalog,
            fields: &[],
            span: Some(span),
            selected: None,
            saved: &[],
        };
        let compiled = compile(text, &context);
        match compiled.expression {
            Some(expression) => expression.to_string(),
            None => compiled.diagnostics[0].message.clone(),
        }
    };
    let day = 1_763_856_000; // 2025-11-23
    assert_eq!(
        canonical("since 17:00", (day + 5, day + 50_000)),
        "since 2025-11-23T17:00Z"
    );
    // The last record reaches over midnight: there is one 17:00 all the same.
    assert_eq!(
        canonical("since 17:00", (day + 5, day + 86_430)),
        "since 2025-11-23T17:00Z"
    );
    assert_eq!(
        canonical("since 17:00", (day, day + 3 * 86_400)),
        "the data have several days: 2025-11-23, 2025-11-24, 2025-11-25 … 2025-11-26"
    );
}

#[test]
fn a_term_for_a_value_is_a_filter() {
    let catalog = catalog();
    let check = |field, value: &str, wanted, expected: &str| {
        let text = term(&catalog, field, value, wanted);
        assert_eq!(text, expected);
        super::check(
            &text,
            compiled(&text)
                .expression
                .unwrap_or_else(|| panic!("{text}"))
                .to_string()
                .as_str(),
        );
    };
    check(id::SRCADDR, "10.0.0.1", true, "srcaddr == 10.0.0.1");
    check(id::SRCADDR, "10.0.0.1", false, "srcaddr != 10.0.0.1");
    check(id::SRCADDR, "-", true, "srcaddr is missing");
    check(id::SRCADDR, "-", false, "exists srcaddr");
    check(id::ACTION, "REJECT", true, "action == REJECT");
    check(id::PROTOCOL, "6", true, "protocol == 6");
    check(id::TCP_FLAGS, "19", false, "tcp-flags != 19");
    check(id::FILE, "/a b/c.log", true, "file == \"/a b/c.log\"");
    check(id::INTERFACE_ID, "eni-*", true, "interface-id == \"eni-*\"");
    check(id::REGION, "a\"b", true, r#"region == "a\"b""#);
    check(
        catalog.header_field("odd:name"),
        "x",
        true,
        "`odd:name` == x",
    );
    let action = catalog.dictionaries.of(id::ACTION);
    action.code("DENY");
    let text = term(&catalog, id::ACTION, "DENY", true);
    let context = Context {
        catalog: &catalog,
        fields: &[],
        span: None,
        selected: None,
        saved: &[],
    };
    assert_eq!(
        compile(&text, &context).expression.unwrap().to_string(),
        "action == \"DENY\""
    );
}

#[test]
fn narrowing_joins_with_and_but_not_twice() {
    let check = |filter, term, expected| assert_eq!(narrow(filter, term), expected, "{filter}");
    check("", "reject", "reject");
    check("  ", "reject", "reject");
    check("ssh", "reject", "ssh and reject");
    check("ssh or dns", "reject", "(ssh or dns) and reject");
    check("(ssh or dns)", "reject", "(ssh or dns) and reject");
    check(
        "port in (22 or 53)",
        "reject",
        "port in (22 or 53) and reject",
    );
    check(
        "src or dst port 22",
        "reject",
        "src or dst port 22 and reject",
    );
    check("ssh", "reject or ok", "ssh and (reject or ok)");
    check("ssh and reject", "reject", "ssh and reject");
    check("ssh && reject && ok", "reject", "ssh && reject && ok");
    check("ssh or reject", "reject", "(ssh or reject) and reject");
    check("ssh # why", "reject", "ssh and reject");
}

#[test]
fn every_protocol_and_every_service_keeps_its_number() {
    for number in 0..=255 {
        let expression = compiled(&format!("protocol {number}")).expression.unwrap();
        let again = compiled(&expression.to_string()).expression;
        assert_eq!(again, Some(expression), "{number}");
    }
    for port in 0..=65_535 {
        let Some(service) = crate::schema::protocol::service(port) else {
            continue;
        };
        let number = crate::schema::protocol::port(service).unwrap();
        check(service, &format!("port == {number}"));
    }
}

#[test]
fn words_that_stand_alone_mean_one_thing() {
    let flags = ["fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr"];
    for word in bare::words().chain(flags) {
        assert_eq!(crate::schema::protocol::port(word), None, "{word}");
        assert_eq!(crate::schema::protocol::number(word), None, "{word}");
        assert_eq!(crate::schema::lookup(word), None, "{word}");
    }
}
