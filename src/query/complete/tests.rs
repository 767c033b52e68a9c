use super::*;
use crate::query::Saved;
use crate::schema;
use crate::store::Catalog;

fn context<'a>(catalog: &'a Catalog, saved: &'a [Saved]) -> Context<'a> {
    Context {
        fields: &schema::DEFAULT_FORMAT,
        span: Some((1_763_856_000, 1_763_859_600)),
        saved,
        ..Context::new(catalog)
    }
}

/// The completion at the `|` in the text.
fn completed(text: &str) -> Completion {
    let catalog = Catalog::default();
    catalog.header_field("cost-center");
    let saved = [Saved {
        name: "scan".into(),
        text: "reject and tcp".into(),
    }];
    let cursor = text.find('|').expect("the place of the cursor");
    complete(
        &text.replacen('|', "", 1),
        cursor,
        &context(&catalog, &saved),
    )
}

fn texts(text: &str) -> Vec<String> {
    let candidates = completed(text).candidates.into_iter();
    candidates.map(|candidate| candidate.text).collect()
}

#[track_caller]
fn check(text: &str, first: &[&str]) {
    let found = texts(text);
    let head: Vec<&str> = found.iter().take(first.len()).map(String::as_str).collect();
    assert_eq!(head, first, "{text}: {found:?}");
}

/// The field whose values are wanted, what they begin with, and the rest of the filter.
#[track_caller]
fn check_values(text: &str, field: FieldId, prefix: &str, rest: &str) {
    let wanted = completed(text).values.unwrap_or_else(|| panic!("{text}"));
    let filter = wanted.rest.map(|rest| rest.to_string());
    assert_eq!(
        (
            wanted.field,
            wanted.prefix.as_str(),
            filter.as_deref().unwrap_or("")
        ),
        (field, prefix, rest),
        "{text}"
    );
}

#[test]
fn a_filter_begins_with_the_fields_of_the_files_then_phrases_then_saved_filters() {
    let found = texts("|");
    let place = |text: &str| found.iter().position(|other| other == text).unwrap();
    assert_eq!(&found[..3], ["srcaddr", "dstaddr", "srcport"]);
    assert!(place("version") < place("src host"));
    assert!(place("src host") < place("$scan"));
    assert!(place("$scan") < place("exists"));
    // What no file has is offered when it is asked for by name.
    assert!(!found.contains(&"tcp-flags".to_owned()));
    check("tcp-f|", &["tcp-flags"]);
    for text in [
        "(|",
        "not |",
        "reject and |",
        "reject or |",
        "! |",
        "reject && (|",
    ] {
        check(text, &["srcaddr"]);
    }
}

#[test]
fn words_are_completed_whatever_the_spelling() {
    check("src|", &["srcaddr", "srcport", "src host"]);
    check("SRC_P|", &["srcport"]);
    check("dpo|", &["dstport"]);
    check("octe|", &["bytes"]);
    check("rej|", &["REJECT", "reject-reason"]);
    check("dst p|", &["port", "private", "public"]);
    check("pri|", &["private"]);
    check("$|", &["$scan"]);
    check("sca|", &["$scan"]);
    check("sin|", &["since"]);
}

#[test]
fn a_field_goes_on_with_the_operators_of_its_kind() {
    assert_eq!(
        texts("bytes |"),
        [
            "==",
            "!=",
            ">",
            ">=",
            "<",
            "<=",
            "in",
            "between",
            "is missing",
            "not in"
        ]
    );
    check("action |", &["==", "!=", "in", "contains"]);
    check("tcp-flags |", &["==", "!=", "in", "has", "hasany"]);
    check("interface-id con|", &["contains"]);
    check("src |", &["host", "port", "net"]);
}

#[test]
fn after_a_whole_filter_comes_what_joins_it_to_another() {
    check("reject |", &["and", "or", "srcaddr"]);
    check("dstport 22 a|", &["and", "action", "account-id"]);
    check("(reject) |", &["and", "or"]);
    check("port in {22, 80} |", &["and", "or"]);
    check("last 15m |", &["and", "or"]);
    check(
        "reject s|",
        &[
            "srcaddr",
            "srcport",
            "start",
            "scope",
            "log-status",
            "src host",
        ],
    );
}

#[test]
fn values_are_wanted_of_the_field_under_the_rest_of_the_filter() {
    check_values("srcaddr == |", id::SRCADDR, "", "");
    check_values("srcaddr |", id::SRCADDR, "", "");
    check_values("srcaddr == 10.0|", id::SRCADDR, "10.0", "");
    check_values(
        "reject and dstport == 4|",
        id::DSTPORT,
        "4",
        "action == REJECT",
    );
    check_values("reject dstport 4|", id::DSTPORT, "4", "action == REJECT");
    check_values("dstport in {22, 4|", id::DSTPORT, "4", "");
    check_values(
        "tcp and port in [22 |] and reject",
        id::PORT,
        "",
        "protocol == tcp and action == REJECT",
    );
    check_values("dport:4| and reject", id::DSTPORT, "4", "action == REJECT");
    check_values("src:10.|", id::SRCADDR, "10.", "");
    check_values("src port |", id::SRCPORT, "", "");
    check_values("src or dst host |", id::ADDR, "", "");
    check_values("interface-id == \"eni-|", id::INTERFACE_ID, "eni-", "");
    check_values("not srcaddr == |", id::SRCADDR, "", "");
}

#[test]
fn what_could_hold_of_any_record_is_no_part_of_the_rest() {
    check_values(
        "reject and (tcp or srcaddr == |)",
        id::SRCADDR,
        "",
        "action == REJECT",
    );
    check_values("tcp or srcaddr == |", id::SRCADDR, "", "");
    check_values(
        "reject and (tcp and srcaddr == |",
        id::SRCADDR,
        "",
        "action == REJECT and protocol == tcp",
    );
    check_values(
        "not (tcp and srcaddr == |) and reject",
        id::SRCADDR,
        "",
        "not protocol == tcp and action == REJECT",
    );
    // A rest that cannot be read asks nothing.
    check_values("bytes > x and srcaddr == |", id::SRCADDR, "", "");
}

#[test]
fn values_that_are_known_without_the_records_are_offered_at_once() {
    check("action == |", &["ACCEPT", "REJECT"]);
    check("action == r|", &["REJECT"]);
    check("srcaddr == pu|", &["public"]);
    check("tcp-flags has |", &["fin", "syn", "rst"]);
    check("last |", &["5m", "15m"]);
    check(
        "since |",
        &["2025-11-23T00:00:00Z", "2025-11-23T01:00:00Z", "-15m"],
    );
    check("exists |", &["srcaddr"]);
}

#[test]
fn the_word_that_is_replaced_is_the_one_at_the_cursor() {
    for (text, span) in [
        ("re|", 0..2),
        ("re|ject and", 0..6),
        ("dstport == |", 11..11),
        ("dstport == 2|2 and reject", 11..13),
        ("dport:44|", 6..8),
        ("region == \"eu|", 10..13),
        ("region == \"eu\"|", 14..14),
        ("a |", 2..2),
    ] {
        assert_eq!(completed(text).span, span, "{text}");
    }
}

#[test]
fn comments_and_regular_expressions_are_left_alone() {
    for text in ["# re|", "region ~ /eu|", "reject # so|"] {
        let found = completed(text);
        assert!(
            found.candidates.is_empty() && found.values.is_none(),
            "{text}"
        );
    }
}

#[test]
fn values_are_written_as_the_language_reads_them() {
    let text = |field, label: &str| {
        let found = value(field, label, 1);
        (found.text, found.help)
    };
    assert_eq!(text(id::PROTOCOL, "6"), ("tcp".into(), "6".into()));
    assert_eq!(text(id::DSTPORT, "443"), ("443".into(), "https".into()));
    assert_eq!(text(id::TCP_FLAGS, "18"), ("syn+ack".into(), "18".into()));
    assert_eq!(text(id::ACTION, "DROPPED").0, "DROPPED");
    assert_eq!(text(id::REGION, "a b").0, "\"a b\"");
}

#[test]
fn a_value_is_found_by_its_name_too() {
    assert!(begins(id::DSTPORT, "443", "htt"));
    assert!(begins(id::DSTPORT, "443", "44"));
    assert!(!begins(id::DSTPORT, "8443", "44"));
    assert!(begins(id::PROTOCOL, "17", "ud"));
    assert!(begins(id::INTERFACE_ID, "eni-0a1b2c3d4e5f60011", "60011"));
    assert!(!begins(id::SRCADDR, "10.0.0.1", "0.0"));
}

#[test]
fn every_place_of_every_text_can_be_completed() {
    let texts = [
        "srcaddr == 10.0.0.1 and (dst port 22 or 80) and not tcp # so",
        "src or dst host 10.0.1.5, 10.0.0.0/8 \"any text\" /é.*/i $scan",
        "`cost-center` ~ /x/ port in {22, 8000..8010} tcp-flags has syn+ack is missing",
        "isIpv4InSubnet(srcaddr, \"10.0.0.0/8\") since 17:00 ))) {{ [ é & ~",
    ];
    for text in texts {
        for (cursor, _) in text.char_indices().chain([(text.len(), ' ')]) {
            let (before, after) = text.split_at(cursor);
            for text in [format!("{before}|{after}"), format!("{before}|")] {
                let found = completed(&text);
                let plain = text.replacen('|', "", 1);
                assert!(plain.get(found.span).is_some(), "{text}");
            }
        }
    }
}
