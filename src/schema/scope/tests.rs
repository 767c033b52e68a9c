use super::*;
use crate::schema::{Kind, id};

fn scope(source: &str, destination: &str, route: Route) -> Scope {
    Scope::of(
        source.parse().unwrap(),
        destination.parse().unwrap(),
        || route,
    )
}

const UNKNOWN: Route = Route {
    is_egress: None,
    traffic_path: None,
};

#[test]
fn the_number_of_a_scope_is_the_code_of_its_word() {
    let words = [
        (Scope::Internal, "internal"),
        (Scope::Inbound, "inbound"),
        (Scope::Outbound, "outbound"),
        (Scope::External, "external"),
    ];
    let Kind::Choice(choices) = id::SCOPE.kind() else {
        panic!("scope is not a list of words");
    };
    for (scope, word) in words {
        assert_eq!(choices[scope as usize], word);
    }
}

#[test]
fn the_side_that_is_public_is_outside() {
    assert_eq!(scope("10.0.0.1", "192.168.0.1", UNKNOWN), Scope::Internal);
    assert_eq!(scope("198.51.100.7", "10.0.0.1", UNKNOWN), Scope::Inbound);
    assert_eq!(scope("10.0.0.1", "198.51.100.7", UNKNOWN), Scope::Outbound);
    assert_eq!(scope("fd00::1", "2001:db8::1", UNKNOWN), Scope::Outbound);
    assert_eq!(
        scope("198.51.100.7", "203.0.113.9", UNKNOWN),
        Scope::External
    );
}

#[test]
fn two_public_ipv6_addresses_of_one_block_or_of_path_1_are_internal() {
    let [near, far] = ["2001:db8:1:a2ff::1", "2001:db8:1:a300::1"];
    assert_eq!(scope("2001:db8:1:a200::1", near, UNKNOWN), Scope::Internal);
    let ingress = Route {
        is_egress: Some(false),
        ..UNKNOWN
    };
    assert_eq!(scope("2001:db8:1:a200::1", far, ingress), Scope::Inbound);
    let within = Route {
        is_egress: Some(true),
        traffic_path: Some(1),
    };
    assert_eq!(scope("2001:db8:1:a200::1", far, within), Scope::Internal);
}

#[test]
fn the_direction_tells_which_of_two_public_ipv6_addresses_is_outside() {
    let [one, other] = ["2001:db8:1::1", "2001:db8:2::1"];
    for (is_egress, expected) in [
        (Some(true), Scope::Outbound),
        (Some(false), Scope::Inbound),
        (None, Scope::External),
    ] {
        let route = Route {
            is_egress,
            traffic_path: Some(8),
        };
        assert_eq!(scope(one, other, route), expected);
    }
}

#[test]
fn a_mapped_address_counts_as_its_ipv4_address() {
    let egress = Route {
        is_egress: Some(true),
        ..UNKNOWN
    };
    assert_eq!(
        scope("::ffff:10.0.0.1", "::ffff:198.51.100.7", UNKNOWN),
        Scope::Outbound
    );
    assert_eq!(
        scope("::ffff:198.51.100.7", "::ffff:203.0.113.9", egress),
        Scope::External
    );
}
