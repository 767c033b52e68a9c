use super::*;
use crate::teach::tests::{V2, store_of};

/// A custom format with the version 5 fields about the path of a flow.
const V5: &str = "interface-id srcaddr dstaddr srcport dstport pkt-srcaddr pkt-dstaddr protocol tcp-flags \
    packets bytes start end action log-status flow-direction traffic-path";

#[track_caller]
fn check(header: &str, line: &str, told: &str) {
    assert_eq!(sentence(&store_of(header, &[line]), RowId(0)), told);
}

#[track_caller]
fn check_first(header: &str, line: &str, told: &str) {
    let sentence = sentence(&store_of(header, &[line]), RowId(0));
    let first = sentence.split_inclusive(". ").next().unwrap();
    assert_eq!(first.trim_end(), told);
}

#[test]
fn a_rejected_syn_is_a_probe_that_was_not_let_in() {
    check(
        V5,
        "eni-11 10.0.100.10 10.0.100.11 57413 3389 10.0.100.10 10.0.100.11 6 2 1 44 1795400597 1795400597 REJECT OK ingress -",
        "10.0.100.10 tried to reach rdp (TCP port 3389) on 10.0.100.11, and a security group or network ACL did not \
         let it in: a probe that nothing answered. 1 packet (44 B) came in at interface eni-11 at 02:23:17 UTC on \
         2026-11-23.",
    );
}

#[test]
fn without_flags_the_same_reject_may_be_a_late_packet() {
    let line = "2 123456789012 eni-11 10.0.100.10 10.0.100.11 57413 3389 6 1 44 1795400597 1795400597 REJECT OK";
    check_first(
        V2,
        line,
        "10.0.100.10 tried to reach rdp (TCP port 3389) on 10.0.100.11, and a security group or network ACL did \
         not let it through: a probe that nothing answered, or a late packet of a connection already closed.",
    );
    let own = "2 123456789012 eni-11 10.0.100.12 10.0.100.11 40000 80 6 1 44 1795400597 1795400597 ACCEPT OK";
    let told = sentence(&store_of(V2, &[line, own]), RowId(0));
    assert!(
        told.contains("did not let it in: a probe that nothing answered"),
        "{told}"
    );
}

#[test]
fn a_rejected_record_without_flags_is_told_by_its_way_its_size_and_its_protocol() {
    let remark = |row: &str| {
        let line = format!("2 123456789012 eni-11 {row} 1795400597 1795400597 REJECT OK");
        let told = sentence(&store_of(V2, &[&line]), RowId(0));
        let first = told.split(". ").next().unwrap().to_owned();
        first.split_once(" did not let it ").unwrap().1.to_owned()
    };
    assert_eq!(
        remark("203.0.113.12 10.0.0.5 57413 32776 6 1 44"),
        "in: a probe that nothing answered, or a late packet of a connection already closed"
    );
    assert_eq!(
        remark("203.0.113.12 10.0.0.5 57413 53 17 2 150"),
        "in: a probe that nothing answered"
    );
    assert_eq!(
        remark("203.0.113.12 10.0.0.5 57413 22 6 40 2400"),
        "in: nothing answered"
    );
    assert_eq!(
        remark("10.0.0.5 203.0.113.12 57413 53 17 2 150"),
        "out: it never got further than this interface"
    );
    assert_eq!(remark("203.0.113.12 10.0.0.5 0 0 47 1 76"), "in");
}

#[test]
fn a_reject_without_syn_is_told_as_a_late_packet() {
    check_first(
        V5,
        "eni-11 10.0.100.10 10.0.100.11 57413 80 10.0.100.10 10.0.100.11 6 1 1 40 1795400597 1795400597 REJECT OK ingress -",
        "10.0.100.10 tried to reach http (TCP port 80) on 10.0.100.11, and a security group or network ACL did \
         not let it in: with no SYN among them, they may be late packets of a connection already closed.",
    );
}

#[test]
fn what_accept_does_not_say_is_said() {
    check(
        V5,
        "eni-10 10.0.100.10 10.0.100.11 57413 3389 10.0.100.10 10.0.100.11 6 2 1 44 1795400597 1795400597 ACCEPT OK egress 1",
        "10.0.100.10 tried to open a connection to rdp (TCP port 3389) on 10.0.100.11; security group and network \
         ACL allowed it, which does not mean that the application answered. 1 packet (44 B) went out at interface \
         eni-10 at 02:23:17 UTC on 2026-11-23, to another resource in the same VPC.",
    );
}

#[test]
fn a_large_upload_shows_its_size_and_its_way_out() {
    check(
        V5,
        "eni-11 10.0.100.11 198.51.100.77 37412 443 10.0.100.11 198.51.100.77 6 7 20776 31080348 1795400770 1795400775 ACCEPT OK egress 8",
        "10.0.100.11 opened and broke off a connection to https (TCP port 443) on 198.51.100.77; security group and \
         network ACL allowed it. 20,776 packets (31.1 MB) went out at interface eni-11 between 02:26:10 and 02:26:15 \
         UTC on 2026-11-23, through an internet gateway.",
    );
}

#[test]
fn a_service_at_the_source_is_a_reply() {
    check(
        V2,
        "2 123456789012 eni-11 203.0.113.7 10.0.100.11 80 41234 6 12 9000 1795400770 1795400775 ACCEPT OK",
        "203.0.113.7 replied to 10.0.100.11 from its http (TCP port 80); security group and network ACL allowed it. \
         12 packets (9.0 kB) came in at interface eni-11 between 02:26:10 and 02:26:15 UTC on 2026-11-23.",
    );
    check_first(
        V5,
        "eni-11 10.0.100.11 10.0.100.10 443 57413 10.0.100.11 10.0.100.10 6 4 1 40 1795400595 1795400595 ACCEPT OK egress 1",
        "10.0.100.11 refused or broke off a connection of 10.0.100.10 to its https (TCP port 443); security group \
         and network ACL allowed it.",
    );
    check_first(
        V5,
        "eni-11 10.0.100.11 10.0.100.10 2345 57413 10.0.100.11 10.0.100.10 6 18 1 44 1795400595 1795400595 ACCEPT OK egress 1",
        "10.0.100.11 answered 10.0.100.10, which had asked for a connection to its TCP port 2345; security group and \
         network ACL allowed it.",
    );
}

#[test]
fn a_rejected_reply_points_at_the_network_acl() {
    check_first(
        V5,
        "eni-11 10.0.100.11 203.0.113.12 80 44658 10.0.100.11 203.0.113.12 6 18 1 44 1795400595 1795400595 REJECT OK egress 8",
        "10.0.100.11 answered 203.0.113.12, which had asked for a connection to its http (TCP port 80), and a \
         security group or network ACL did not let it out: as a security group lets replies pass, that points at the \
         network ACL, or at packets that came after the connection was closed.",
    );
    check(
        V2,
        "2 123456789012 eni-11 172.31.16.139 203.0.113.12 0 0 1 4 336 1432917094 1432917142 REJECT OK",
        "172.31.16.139 sent ICMP (ping or another control message; it has no ports) to 203.0.113.12, and a security \
         group or network ACL did not let it out: if it is the reply to something that was let in, it is the network \
         ACL, as a security group lets replies pass. 4 packets (336 B) went out at interface eni-11 between 16:31:34 \
         and 16:32:22 UTC on 2015-05-29.",
    );
}

#[test]
fn protocols_without_ports_and_ports_without_a_service_are_told_plainly() {
    let told = |protocol, ports| {
        let line = format!(
            "2 123456789012 eni-1 203.0.113.7 10.0.0.1 {ports} {protocol} 1 76 1795400597 1795400597 ACCEPT OK"
        );
        let sentence = sentence(&store_of(V2, &[&line]), RowId(0));
        sentence.split(';').next().unwrap().to_owned()
    };
    assert_eq!(
        told(58, "0 0"),
        "203.0.113.7 sent ICMPv6 (ping or another control message"
    );
    assert_eq!(
        told(47, "0 0"),
        "203.0.113.7 sent GRE (Generic Routing Encapsulation, a tunnel"
    );
    assert_eq!(
        told(200, "0 0"),
        "203.0.113.7 sent protocol 200 (a protocol number without a name) to 10.0.0.1"
    );
    assert_eq!(
        told(17, "123 123"),
        "203.0.113.7 sent UDP from port 123 to port 123 (ntp) to 10.0.0.1"
    );
    assert_eq!(
        told(17, "50001 50002"),
        "203.0.113.7 sent UDP from port 50001 to port 50002 to 10.0.0.1"
    );
    assert_eq!(
        told(6, "41234 30080"),
        "203.0.113.7 sent to TCP port 30080 on 10.0.0.1"
    );
}

#[test]
fn packets_with_other_addresses_inside_point_to_a_middlebox() {
    check(
        V5,
        "eni-nat 203.0.113.5 10.0.0.220 443 39812 203.0.113.5 10.0.1.5 6 19 9 7200 1795400505 1795400519 ACCEPT OK ingress -",
        "203.0.113.5 answered 10.0.0.220, which had asked for a connection to its https (TCP port 443); security \
         group and network ACL allowed it. 9 packets (7.2 kB) came in at interface eni-nat between 02:21:45 and \
         02:21:59 UTC on 2026-11-23; the packets themselves are for 10.0.1.5, which points to a NAT gateway, another \
         middlebox, or a second address of the interface.",
    );
}

#[test]
fn silence_and_loss_have_sentences_of_their_own() {
    check(
        V2,
        "2 123456789012 eni-11 - - - - - - - 1795400460 1795400519 - NODATA",
        "Interface eni-11 had no traffic between 02:21:00 and 02:21:59 UTC on 2026-11-23. NODATA means that nothing \
         came in or went out, so there was nothing to accept or reject.",
    );
    check(
        V2,
        "2 123456789012 eni-11 - - - - - - - 1795400460 1795400519 - SKIPDATA",
        "Records of interface eni-11 between 02:21:00 and 02:21:59 UTC on 2026-11-23 were lost: AWS reached a \
         capacity limit, or had an internal error. One SKIPDATA line can stand for many flows, so every total over \
         this time is a lower bound.",
    );
    check(
        V2,
        "2 123456789012 eni-11 - - - - - - - 1795400460 1795400519 - INCOMPLETEDATA",
        "A flow of interface eni-11 between 02:21:00 and 02:21:59 UTC on 2026-11-23 could not be correlated from end to \
         end, because of a delay or an internal error. Totals over this time may lack it.",
    );
    check(
        "interface-id srcaddr dstaddr start end",
        "eni-11 - - 1795400460 1795400519",
        "The record names no flow of interface eni-11 between 02:21:00 and 02:21:59 UTC on 2026-11-23. It may stand \
         for an interval without traffic; log-status would tell, but the record does not have it.",
    );
}

#[test]
fn a_transit_gateway_routes_and_does_not_judge() {
    let header = "tgw-id srcaddr dstaddr srcport dstport protocol packets bytes start end log-status \
        packets-lost-no-route packets-lost-blackhole packets-lost-mtu-exceeded packets-lost-ttl-expired";
    check(
        header,
        "tgw-0a1b 10.1.0.5 10.2.0.7 40112 443 6 14 5200 1795400505 1795400519 OK 0 0 0 0",
        "10.1.0.5 sent to https (TCP port 443) on 10.2.0.7; a transit gateway routes it without accepting or \
         rejecting and lost no packet. Transit gateway tgw-0a1b saw 14 packets (5.2 kB) between 02:21:45 and \
         02:21:59 UTC on 2026-11-23.",
    );
    check_first(
        header,
        "tgw-0a1b 10.1.0.5 10.9.0.7 40112 443 6 14 5200 1795400505 1795400519 OK 14 0 2 -",
        "10.1.0.5 sent to https (TCP port 443) on 10.9.0.7; a transit gateway routes it without accepting or \
         rejecting, and lost packets: 14 for lack of a route, 2 as too large for the path.",
    );
}

#[test]
fn special_reasons_are_named_and_unknown_words_are_repeated() {
    let header =
        "srcaddr dstaddr srcport dstport protocol packets action reject-reason flow-direction";
    let told = |action_and_reason, told: &str| {
        let line = format!("203.0.113.9 10.0.0.5 50123 22 6 2 {action_and_reason} ingress");
        check_first(header, &line, told);
    };
    told(
        "REJECT BPA",
        "203.0.113.9 tried to reach ssh (TCP port 22) on 10.0.0.5, and VPC Block Public Access did not let it in.",
    );
    told(
        "REJECT EC",
        "203.0.113.9 tried to reach ssh (TCP port 22) on 10.0.0.5, and a VPC endpoint refused it because of \
         encryption controls.",
    );
    told(
        "DROP -",
        "203.0.113.9 sent to ssh (TCP port 22) on 10.0.0.5; its action is DROP, which is neither ACCEPT nor REJECT.",
    );
}

#[test]
fn a_record_with_few_fields_is_told_with_what_there_is() {
    check(
        "srcaddr dstaddr",
        "2001:db8::1 2001:db8::2",
        "2001:db8::1 sent packets to 2001:db8::2; the record does not say whether it was let through.",
    );
    check(
        "dstport bytes action",
        "22 1200 ACCEPT",
        "A sender that the record does not name sent to ssh (port 22) on a receiver that the record does not name; \
         security group and network ACL allowed it, which does not mean that the application answered. It was 1.2 kB.",
    );
}

#[test]
fn what_is_stopped_on_its_way_out_never_got_further() {
    check_first(
        V5,
        "eni-11 10.0.100.11 198.51.100.77 37412 25 10.0.100.11 198.51.100.77 6 2 3 180 1795400770 1795400775 REJECT OK egress -",
        "10.0.100.11 tried to reach smtp (TCP port 25) on 198.51.100.77, and a security group or network ACL did \
         not let it out: it never got further than this interface.",
    );
}

#[test]
fn a_sentence_never_capitalises_a_value() {
    let line =
        "2 123456789012 eni-11 fd00::1 fd00::2 40000 443 6 1 44 1795400597 1795400597 ACCEPT OK";
    let told = sentence(&store_of(V2, &[line]), RowId(0));
    assert!(told.starts_with("fd00::1 sent to https"), "{told}");
    let unnamed =
        "2 123456789012 eni-11 - 10.0.0.2 40000 443 6 1 44 1795400597 1795400597 ACCEPT OK";
    let told = sentence(&store_of(V2, &[unnamed]), RowId(0));
    assert!(told.starts_with("A sender that"), "{told}");
}

#[test]
fn an_end_before_the_start_is_said() {
    let line =
        "2 123456789012 eni-11 10.0.0.1 10.0.0.2 40000 443 6 1 44 1795400597 1795400500 ACCEPT OK";
    let told = sentence(&store_of(V2, &[line]), RowId(0));
    let expected =
        "at 02:23:17 UTC on 2026-11-23 (its end, 02:21:40 UTC on 2026-11-23, is before its start)";
    assert!(told.contains(expected), "{told}");
}
