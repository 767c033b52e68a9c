//! Filter texts derived from other texts, from values and from tables.

use super::*;
use crate::schema::id;

#[test]
fn a_time_of_day_falls_on_the_day_of_the_data() {
    let catalog = catalog();
    let canonical = |text: &str, span| {
        let context = Context {
            span: Some(span),
            ..Context::new(&catalog)
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
        "the data covers several days: 2025-11-23, 2025-11-24, 2025-11-25 … 2025-11-26"
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
    let context = Context::new(&catalog);
    assert_eq!(
        compile(&text, &context).expression.unwrap().to_string(),
        "action == DENY"
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
    check("filter ssh or dns", "reject", "(ssh or dns) and reject");
    check("22, 443", "reject", "22, 443 and reject");
    check("$web", "$scan", "$web and $scan");
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
fn names_of_other_tools_mean_the_fields_of_aws() {
    for (name, aliases) in [
        (
            "srcaddr",
            "src_addr SrcAddr source_ip sip saddr ip.src addr.src sourceaddress ipv6.src source.ip",
        ),
        (
            "dstaddr",
            "dst_addr DstAddr destination_ip dip daddr ip.dst addr.dst destinationaddress ipv6.dst destination.ip",
        ),
        ("srcport", "src_port sport port.src sourceport source.port"),
        (
            "dstport",
            "dst_port dport port.dst destinationport destination.port",
        ),
        ("addr", "ip host net ip.addr ipv6.addr"),
        ("port", "aport"),
        ("pkt-addr", "pkt-ip pkt-host pktAddr"),
        ("protocol", "proto ip.proto Protocol"),
        ("tcp-flags", "flags tcpFlags tcp_flags"),
        ("interface-id", "eni if interface interfaceId interfaceid"),
        ("instance-id", "instance"),
        ("vpc-id", "vpc"),
        ("subnet-id", "subnet"),
        ("action", "verdict disposition"),
        ("log-status", "status log_status logStatus logstatus"),
        ("bytes", "octets numbytes"),
        ("packets", "pkts numpackets"),
        ("start", "starttime"),
        ("end", "endtime"),
        ("flow-direction", "direction dir flowdir"),
        ("traffic-path", "path"),
        ("account-id", "account accountId"),
        ("az-id", "az"),
        ("pkt-srcaddr", "pktsrcaddr pkt_src_addr pktSrcAddr"),
        ("pkt-dstaddr", "pktdstaddr pkt_dst_addr pktDstAddr"),
    ] {
        for alias in aliases.split(' ') {
            check(&format!("exists {alias}"), &format!("exists {name}"));
        }
    }
    for field in ["srcport", "dstport", "port"] {
        for protocol in ["tcp", "udp"] {
            let canonical = format!("protocol == {protocol} and {field} == 53");
            check(&format!("{protocol}.{field} 53"), &canonical);
        }
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

#[test]
fn a_column_may_be_called_like_a_calculation() {
    let catalog = catalog();
    for name in ["end-start", "bytes/packets", "bytes*8"] {
        let context = Context::new(&catalog);
        let said = |text: &str| {
            let compiled = compile(text, &context);
            let filter = compiled.expression.map(|expression| expression.to_string());
            filter.unwrap_or_else(|| compiled.diagnostics[0].message.clone())
        };
        let before = said(&format!("{name} == 5"));
        assert!(
            before.starts_with("filters do not support arithmetic"),
            "{before}"
        );
        catalog.header_field(name);
        let after = said(&format!("{name} == 5"));
        assert_eq!(said(&after), after);
        assert!(after.ends_with(" == 5"), "{after}");
    }
}
