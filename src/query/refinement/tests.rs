use super::*;
use crate::query::{Context, compile};
use crate::store::Catalog;

/// The step from one text to another: `and …`, `or …`, or nothing.
fn step(old: &str, new: &str) -> Option<String> {
    let catalog = Catalog::default();
    let context = Context::new(&catalog);
    let read = |text| compile(text, &context).expression.unwrap();
    read(new).refinement_of(&read(old)).map(|step| match step {
        Refinement::Narrowed(rest) => format!("and {rest}"),
        Refinement::Widened(rest) => format!("or {rest}"),
    })
}

#[track_caller]
fn check(old: &str, new: &str, wanted: Option<&str>) {
    assert_eq!(step(old, new).as_deref(), wanted, "{old} → {new}");
}

#[test]
fn a_term_that_is_added_is_the_step() {
    check("reject", "reject and port 22", Some("and port == 22"));
    check("reject", "port 22 reject", Some("and port == 22"));
    check("reject", "reject or port 22", Some("or port == 22"));
    check(
        "reject and tcp",
        "tcp and (port 22 or port 23) and reject",
        Some("and port == 22 or port == 23"),
    );
    check(
        "tcp or udp",
        "udp or icmp or tcp",
        Some("or protocol == icmp"),
    );
}

#[test]
fn the_same_parts_in_another_order_ask_nothing_more() {
    check("reject and tcp", "tcp and reject", Some("and "));
}

#[test]
fn what_was_taken_away_or_changed_is_no_step() {
    check("reject and tcp", "reject", None);
    check("reject or tcp", "reject", None);
    check("port 2", "port 22", None);
    check("", "reject", None);
    check("reject and tcp", "reject or tcp", None);
    check("reject", "not reject", None);
}
