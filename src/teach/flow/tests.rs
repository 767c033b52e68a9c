use super::*;
use crate::teach::tests::{V2, store_of};

#[test]
fn the_side_of_the_service_is_told_by_the_ports() {
    let check = |source, destination, role| {
        assert_eq!(
            role_of(source, destination),
            role,
            "{source} → {destination}"
        );
    };
    check(51_234, 443, Role::Request);
    check(443, 51_234, Role::Reply);
    check(1_157, 3_389, Role::Request);
    check(3_389, 1_157, Role::Reply);
    check(40_000, 12_345, Role::Request);
    check(12_345, 40_000, Role::Reply);
    check(12_345, 51_820, Role::Request);
    check(123, 123, Role::Unknown);
    check(52_000, 53_000, Role::Unknown);
    check(12_345, 12_346, Role::Unknown);
}

#[test]
fn flags_know_better_than_ports() {
    let header = "srcaddr dstaddr srcport dstport protocol tcp-flags";
    let check = |line, role| {
        let store = store_of(header, &[line]);
        let flow = Flow {
            store: &store,
            row: RowId(0),
        };
        assert_eq!(flow.role(), role, "{line}");
    };
    check("10.0.0.1 10.0.0.2 443 40000 6 2", Role::Request);
    check("10.0.0.1 10.0.0.2 40000 443 6 18", Role::Reply);
    check("10.0.0.1 10.0.0.2 40000 443 6 0", Role::Request);
    check("10.0.0.1 10.0.0.2 443 40000 6 4", Role::Reply);
    check("10.0.0.1 10.0.0.2 0 0 1 0", Role::Unknown);
}

#[track_caller]
fn check_direction(header: &str, lines: &[&str], direction: Option<Direction>) {
    let store = store_of(header, lines);
    let flow = Flow {
        store: &store,
        row: RowId(0),
    };
    assert_eq!(flow.direction(), direction, "{lines:?}");
}

#[test]
fn the_direction_is_what_the_record_says() {
    let header = "srcaddr dstaddr flow-direction";
    check_direction(
        header,
        &["10.0.0.1 8.8.8.8 ingress"],
        Some(Direction::Ingress),
    );
    check_direction(
        header,
        &["8.8.8.8 10.0.0.1 egress"],
        Some(Direction::Egress),
    );
}

#[test]
fn a_public_address_is_never_on_the_side_of_the_interface() {
    let line = |from: &str, to: &str| format!("2 1 eni-1 {from} {to} 1 2 6 1 40 5 9 ACCEPT OK");
    check_direction(
        V2,
        &[&line("203.0.113.12", "10.0.0.1")],
        Some(Direction::Ingress),
    );
    check_direction(
        V2,
        &[&line("10.0.0.1", "203.0.113.12")],
        Some(Direction::Egress),
    );
    check_direction(V2, &[&line("2600::1", "fd00::1")], None);
}

#[test]
fn another_record_of_the_interface_tells_which_address_is_its_own() {
    let line = |interface: &str, from: &str, to: &str| {
        format!("2 1 {interface} {from} {to} 1 2 6 1 40 5 9 ACCEPT OK")
    };
    let first = line("eni-1", "10.0.0.1", "10.0.0.2");
    let back = line("eni-1", "10.0.0.2", "10.0.0.1");
    let elsewhere = line("eni-2", "10.0.0.1", "10.0.0.9");
    let nodata = "2 1 eni-1 - - - - - - - 5 9 - NODATA";
    check_direction(V2, &[&first, &back, &elsewhere, nodata], None);
    let own = line("eni-1", "10.0.0.7", "10.0.0.2");
    check_direction(V2, &[&first, &back, &own], Some(Direction::Ingress));
    let own = line("eni-1", "10.0.0.7", "10.0.0.1");
    check_direction(V2, &[&first, &back, &own], Some(Direction::Egress));
    let neither = line("eni-1", "10.0.0.7", "10.0.0.8");
    check_direction(V2, &[&first, &neither, &own], None);
}
