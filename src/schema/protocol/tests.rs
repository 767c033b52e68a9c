use std::collections::HashSet;

use super::*;
use crate::schema::{FIELDS, Kind, lookup, normalize};

const PROTOCOL_ROWS: &str = include_str!("../../../assets/protocols.tsv");
const SERVICE_ROWS: &str = include_str!("../../../assets/services.tsv");

/// Words that the filter language reads in another way than as the name of a port or protocol.
const WORDS: &str = "and or not in is eq ne gt ge lt le like has hasany contains matches exists missing \
    since until last first at src dst source destination host net addr ip port portrange \
    private public loopback multicast linklocal fin syn rst psh ack urg ece cwr";

/// The numbers, names and meanings of an asset, as they stand there.
fn rows(text: &'static str) -> Vec<(u16, &'static str, &'static str)> {
    let row = |line: &'static str| {
        let parts: Vec<&str> = line.split('\t').collect();
        assert_eq!(parts.len(), 3, "{line}");
        (parts[0].parse().unwrap(), parts[1], parts[2])
    };
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(row).collect()
}

#[test]
fn numbers_have_names_and_names_have_numbers() {
    let check = |protocol, shown, names: &[&str]| {
        assert_eq!(name(protocol), Some(shown));
        for other in names.iter().chain([&shown]) {
            assert_eq!(number(other).map(u64::from), Some(protocol), "{other}");
        }
    };
    check(1, "icmp", &["ICMP"]);
    check(4, "ipip", &["ipencap"]);
    check(6, "tcp", &["TCP"]);
    check(17, "udp", &[]);
    check(58, "icmp6", &["ipv6-icmp", "icmpv6"]);
    check(89, "ospf", &["ospfigp"]);
    check(132, "sctp", &[]);
    assert_eq!((name(200), name(u64::MAX)), (None, None));
    assert_eq!(meaning(47), Some("Generic Routing Encapsulation, a tunnel"));
}

#[test]
fn a_protocol_number_that_iana_assigned_has_a_name_and_one_that_it_did_not_has_none() {
    let named: Vec<u64> = (0..=255).filter(|number| name(*number).is_some()).collect();
    let assigned: Vec<u64> = (0..=147).chain(253..=255).collect();
    assert_eq!(named, assigned);
}

#[test]
fn ports_go_by_the_names_that_people_use_and_answer_to_those_of_iana() {
    let check = |number, shown, others: &[&str]| {
        assert_eq!(service(number), Some(shown));
        for other in others.iter().chain([&shown]) {
            assert_eq!(port(other).map(u64::from), Some(number), "{other}");
        }
    };
    check(22, "ssh", &["SSH"]);
    check(25, "smtp", &[]);
    check(53, "dns", &["domain"]);
    check(80, "http", &["www"]);
    check(123, "ntp", &[]);
    check(443, "https", &[]);
    check(445, "smb", &["microsoft-ds"]);
    check(3306, "mysql", &[]);
    check(3389, "rdp", &["ms-wbt-server"]);
    check(5353, "mdns", &[]);
    check(5432, "postgresql", &["postgres"]);
    check(6379, "redis", &[]);
    check(8080, "http-alt", &[]);
    check(27017, "mongodb", &[]);
    assert_eq!(
        (service(0), service(57_413), service(70_000)),
        (None, None, None)
    );
    assert_eq!(service_meaning(3389), Some("remote desktop of Windows"));
}

#[test]
fn a_service_that_is_met_often_ranks_before_one_that_is_registered_only() {
    let rank = |port| service_rank(port).unwrap();
    assert!(rank(443) < rank(5439) && rank(5439) < rank(1));
    assert_eq!(service_rank(57_413), None);
}

#[test]
fn no_name_of_a_port_or_protocol_means_something_else_in_a_filter() {
    let mut taken: HashSet<String> = WORDS.split_whitespace().map(normalize).collect();
    for def in FIELDS {
        if let Kind::Choice(words) = def.kind {
            taken.extend(words.iter().map(|word| normalize(word)));
        }
    }
    let mut seen = HashSet::new();
    for (number, name, _) in rows(PROTOCOL_ROWS).into_iter().chain(rows(SERVICE_ROWS)) {
        assert_eq!(lookup(name), None, "{name} of {number} is a field");
        assert!(
            !taken.contains(&normalize(name)),
            "{name} of {number} is a word of the language"
        );
        assert!(
            seen.insert(name),
            "{name} of {number} is a name of another number too"
        );
    }
}

#[test]
fn every_name_is_one_lower_case_word_that_cannot_be_a_number() {
    for (number, name, meaning) in rows(PROTOCOL_ROWS).into_iter().chain(rows(SERVICE_ROWS)) {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_+".contains(c);
        assert!(name.chars().all(plain), "{name} of {number}");
        assert!(
            name.len() > 1 && name.starts_with(|c: char| c.is_ascii_lowercase()),
            "{name} of {number}"
        );
        assert_eq!(meaning.trim(), meaning, "{name} of {number}");
    }
}
