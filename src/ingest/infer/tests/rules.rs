//! One rule each: what excludes a reading, and what makes two equally good.

use crate::ingest::infer::{Inference, MIN_CONFIDENCE, detect};
use crate::schema::FieldId;

pub(super) fn infer(lines: &[&str], given: &[FieldId]) -> Inference {
    let words: Vec<Vec<&str>> = lines.iter().map(|line| line.split(' ').collect()).collect();
    detect(&words, given).unwrap()
}

pub(super) fn names(inference: &Inference) -> Vec<&'static str> {
    let columns = inference.columns.iter();
    let names = columns.map(|guess| guess.field.map_or("?", |field| field.def().unwrap().name));
    names.collect()
}

pub(super) fn is_used(inference: &Inference) -> bool {
    inference.confidence >= MIN_CONFIDENCE
}

#[test]
fn the_direction_tells_which_address_is_that_of_the_interface() {
    let lines = [
        "ACCEPT 91234 10.4.0.5 1763856000 1763856050 ingress OK 203.0.113.61 eni-0a1",
        "ACCEPT 120000 10.4.0.6 1763856003 1763856060 ingress OK 203.0.113.62 eni-0a2",
        "ACCEPT 77000 203.0.113.63 1763856004 1763856044 egress OK 10.4.0.7 eni-0a3",
        "ACCEPT 66000 10.4.0.5 1763856007 1763856051 ingress OK 10.4.0.9 eni-0a1",
        "ACCEPT 99000 10.4.0.8 1763856008 1763856052 egress OK 10.4.0.5 eni-0a1",
    ];
    let inference = infer(&lines, &[]);
    let expected = "action bytes dstaddr start end flow-direction log-status srcaddr interface-id";
    assert_eq!(names(&inference).join(" "), expected);
    assert!(is_used(&inference), "{inference:?}");
}

#[test]
fn times_are_neither_packets_nor_bytes() {
    for time in ["1763856000", "1763856000000"] {
        let lines: Vec<String> = (0..20)
            .map(|at| format!("10.0.0.{at} 10.0.1.1 {} ACCEPT 1 {time}", at + 1))
            .collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let inference = infer(&lines, &[]);
        let field = names(&inference)[5];
        assert!(["start", "end"].contains(&field), "{field}");
        assert!(!is_used(&inference), "a start or an end: {inference:?}");
    }
}

#[test]
fn numbers_directly_behind_the_addresses_are_ports() {
    let both_behind = [
        "eni-0a1 10.0.0.5 443 10.0.1.7 51000 6 ACCEPT OK",
        "eni-0a1 10.0.1.9 40112 10.0.0.5 443 6 ACCEPT OK",
        "eni-0a1 10.0.0.5 443 10.0.1.9 40112 6 ACCEPT OK",
    ];
    let names = names(&infer(&both_behind, &[]));
    assert_eq!(
        names[1..6],
        ["srcaddr", "srcport", "dstaddr", "dstport", "protocol"]
    );
}

#[test]
fn two_numbers_that_may_be_ports_or_packets_and_bytes_are_asked_for() {
    for factor in [21, 700] {
        let lines: Vec<String> = (1..30)
            .map(|packets| {
                format!(
                    "eni-0a1 10.0.0.5 203.0.113.{packets} {packets} {} 1763856000 1763856060 ACCEPT OK egress",
                    packets * factor + 30
                )
            })
            .collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let inference = infer(&lines, &[]);
        assert!(!is_used(&inference), "{inference:?}");
    }
}

#[test]
fn a_number_that_only_outgoing_records_have_is_the_path() {
    let lines = [
        "10.0.0.5 443 10.0.1.7 51000 6 egress 1 ACCEPT",
        "10.0.0.5 51422 203.0.113.9 443 6 egress 8 ACCEPT",
        "203.0.113.9 443 10.0.0.5 51422 6 ingress - ACCEPT",
        "10.0.1.7 51000 10.0.0.5 443 6 ingress - ACCEPT",
    ];
    assert_eq!(names(&infer(&lines, &[]))[6], "traffic-path");
}

#[test]
fn a_service_is_on_the_side_of_the_public_address() {
    let lines = [
        "10.0.0.5 51422 203.0.113.9 443 6 egress 8 ACCEPT 1763856000 1763856060 S3",
        "10.0.0.5 51423 203.0.113.7 443 6 egress 8 ACCEPT 1763856000 1763856060 S3",
        "10.0.0.5 51424 203.0.113.8 443 6 egress 8 ACCEPT 1763856000 1763856060 DYNAMODB",
        "203.0.113.9 443 10.0.0.5 51422 6 ingress - ACCEPT 1763856000 1763856060 -",
    ];
    assert_eq!(names(&infer(&lines, &[]))[10], "pkt-dst-aws-service");
}

#[test]
fn a_ping_has_no_ports_and_a_packet_has_twenty_bytes() {
    let lines = [
        "10.0.0.5 203.0.113.9 0 0 1 4 336 ACCEPT egress",
        "203.0.113.9 10.0.0.5 0 0 1 4 336 ACCEPT ingress",
        "10.0.0.5 203.0.113.9 51422 443 6 9 1800 ACCEPT egress",
        "203.0.113.9 10.0.0.5 443 51422 6 7 6100 ACCEPT ingress",
    ];
    let names = names(&infer(&lines, &[]));
    assert_eq!(names[4..7], ["protocol", "packets", "bytes"]);
    let ports = ["srcport", "dstport"];
    assert!(
        ports.contains(&names[2]) && ports.contains(&names[3]),
        "{names:?}"
    );
}

#[test]
fn few_records_give_a_proposal_and_no_more() {
    let record =
        "2 123456789012 eni-0a1 10.0.0.5 203.0.113.9 51422 443 6 9 1800 1763856000 1763856060 OK";
    let silent = "2 123456789012 eni-0a1 - - - - - - - 1763856000 1763856060 NODATA";
    let expected = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end log-status";
    for lines in [vec![record], vec![silent, silent, silent, record, record]] {
        let inference = infer(&lines, &[]);
        assert_eq!(names(&inference).join(" "), expected);
        assert!(!is_used(&inference), "{inference:?}");
    }
    let inference = infer(&[silent, record, record, record, record], &[]);
    assert!(is_used(&inference), "{inference:?}");
}

#[test]
fn the_first_columns_may_be_given() {
    let lines = [
        "10.0.0.5 203.0.113.9 51422 443 6 egress",
        "203.0.113.9 10.0.0.5 443 51422 6 ingress",
        "203.0.113.9 10.0.0.5 443 51423 6 ingress",
    ];
    let given = ["dstaddr", "srcaddr", "dstport", "srcport"];
    let given: Vec<FieldId> = given
        .iter()
        .map(|name| crate::schema::lookup_header(name).unwrap())
        .collect();
    let inference = infer(&lines, &given);
    let expected = "dstaddr srcaddr dstport srcport protocol flow-direction";
    assert_eq!(names(&inference).join(" "), expected);
}
