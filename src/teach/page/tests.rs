use super::*;
use crate::schema::{id, lookup};

#[test]
fn a_page_begins_with_the_summary_and_ends_with_a_filter_and_the_other_names() {
    let page = page(id::ACTION).unwrap();
    assert_eq!(page.name, "action");
    assert_eq!(page.origin, "version 2 · ACCEPT | REJECT");
    let labels: Vec<_> = page.paragraphs.iter().map(|p| p.label).collect();
    assert_eq!(
        labels,
        [
            "",
            "",
            "values",
            "if missing",
            "common mistake",
            "try",
            "also called"
        ]
    );
    let text = |label| {
        &page
            .paragraphs
            .iter()
            .find(|p| p.label == label)
            .unwrap()
            .text
    };
    assert_eq!(
        text("values"),
        "ACCEPT = the filters let it pass; REJECT = it was not let through"
    );
    assert_eq!(
        text("try"),
        "action == REJECT and not srcaddr in private (finds what was rejected from outside)"
    );
    assert_eq!(text("also called"), "verdict, disposition");
}

#[test]
fn values_that_are_numbers_stand_in_their_order() {
    let flags = page(id::TCP_FLAGS).unwrap();
    let values = flags.paragraphs.iter().find(|p| p.label == "values");
    let numbers: Vec<&str> = values
        .unwrap()
        .text
        .split("; ")
        .map(|v| v.split(' ').next().unwrap())
        .collect();
    assert_eq!(
        numbers,
        [
            "0", "1", "2", "3", "4", "5", "6", "7", "18", "19", "22", "23"
        ]
    );
}

#[test]
fn where_a_field_comes_from_is_said() {
    let check =
        |name, origin: &str| assert_eq!(page(lookup(name).unwrap()).unwrap().origin, origin);
    check("srcaddr", "version 2 · address");
    check("tgw-id", "Transit Gateway flow logs, version 6 · text");
    check("duration", "computed from other fields · seconds");
    assert_eq!(page(FieldId::from_index(FIELDS.len())), None);
}

#[test]
fn every_field_is_listed_once_with_its_summary() {
    let lines = listing();
    assert_eq!(lines.len(), FIELDS.len());
    for (line, def) in lines.iter().zip(FIELDS) {
        assert_eq!((line.name, line.version), (def.name, def.version));
        assert!(
            !line.summary.is_empty() && !line.kind.is_empty(),
            "{}",
            def.name
        );
    }
}
