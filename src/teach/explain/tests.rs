use super::*;
use crate::teach::tests::{V2, store_of};

fn facts_of(header: &str, line: &str) -> Vec<Fact> {
    explain(&store_of(header, &[line]), RowId(0)).facts
}

#[track_caller]
fn fact_of(facts: &[Fact], name: &str) -> Fact {
    facts.iter().find(|fact| fact.name == name).unwrap().clone()
}

#[test]
fn facts_follow_the_order_of_the_record_and_not_of_the_table() {
    let facts = facts_of(
        "action dstport my-column protocol srcaddr",
        "REJECT 22 blue 6 10.0.0.1",
    );
    let told: Vec<_> = facts
        .iter()
        .map(|fact| {
            (
                fact.name.as_str(),
                fact.value.as_str(),
                fact.decoded.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("action", "REJECT", Some("it was not let through")),
            (
                "dstport",
                "22",
                Some("ssh, Secure Shell: remote login and file copy")
            ),
            ("my-column", "blue", None),
            ("protocol", "6", Some("tcp")),
            ("srcaddr", "10.0.0.1", Some("private")),
        ]
    );
    assert!(facts[0].meaning.starts_with("ACCEPT: security groups"));
    assert!(facts[2].meaning.starts_with("A column of this file"));
}

#[test]
fn a_missing_value_says_why_it_is_missing_here() {
    let header = format!("{V2} traffic-path sublocation-id vpc-id my-column");
    let nodata = "2 123456789012 eni-1 - - - - - - - 5 9 - NODATA - - - -";
    let facts = facts_of(&header, nodata);
    let why = |name| fact_of(&facts, name).missing.unwrap_or_default();
    for name in ["srcaddr", "bytes", "action", "traffic-path"] {
        assert_eq!(
            why(name),
            "There was no traffic in this interval.",
            "{name}"
        );
    }
    assert_eq!(
        why("sublocation-id"),
        "The interface is in an ordinary availability zone."
    );
    assert_eq!(why("vpc-id"), NOT_APPLICABLE);
    assert_eq!(why("my-column"), NOT_APPLICABLE);
    assert_eq!(
        (why("start"), fact_of(&facts, "srcaddr").value.as_str()),
        ("", "-")
    );

    let facts = facts_of(&header, &nodata.replace("NODATA", "SKIPDATA"));
    let why = |name| fact_of(&facts, name).missing.unwrap_or_default();
    assert!(why("srcaddr").starts_with("The records of this interval were lost"));

    let flow = "2 123456789012 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 40 5 9 ACCEPT OK - - - -";
    let why = fact_of(&facts_of(&header, flow), "traffic-path")
        .missing
        .unwrap();
    assert!(why.starts_with("The traffic came in"), "{why}");
}

#[test]
fn the_zeros_of_ping_are_told_apart_from_ports() {
    let line = "2 123456789012 eni-1 10.0.0.1 10.0.0.2 0 0 1 4 336 5 9 ACCEPT OK";
    let port = fact_of(&facts_of(V2, line), "dstport");
    assert_eq!((port.value.as_str(), port.missing), ("0", None));
    assert_eq!(port.decoded.as_deref(), Some("none: icmp has no ports"));
}

#[test]
fn the_port_of_a_client_is_not_named_as_a_service() {
    let decoded = |source: u64, destination: u64, name: &str| {
        let line = format!("{source} {destination} 6");
        fact_of(&facts_of("srcport dstport protocol", &line), name).decoded
    };
    assert_eq!(decoded(3389, 443, "srcport"), None);
    assert!(decoded(3389, 443, "dstport").is_some_and(|text| text.starts_with("https")));
    assert_eq!(decoded(443, 3389, "dstport"), None);
    assert!(decoded(3389, 50_000, "srcport").is_some_and(|text| text.starts_with("rdp")));
    assert!(decoded(123, 123, "srcport").is_some_and(|text| text.starts_with("ntp")));
}

#[test]
fn tags_are_decoded() {
    let facts = facts_of("srcaddr instance-tag", "10.0.0.1 web%20server");
    let tag = fact_of(&facts, "instance-tag");
    assert_eq!((tag.value.as_str(), tag.decoded), ("web server", None));
}
