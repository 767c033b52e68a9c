//! Rows whose members are nested or have dotted names.

use super::*;
use crate::ingest::tests::load_bytes;

/// A row of these four fields, however their names are spelled.
#[track_caller]
fn check_row(document: &str, expected: &[&str]) {
    check(document, "json-rows", expected);
}

const ROW: [&str; 2] = [
    "layout version|srcaddr|dstaddr|action",
    "2 10.0.0.1 10.0.0.2 ACCEPT",
];

#[test]
fn the_last_parts_of_a_path_name_the_field() {
    for prefix in ["aws.vpc", "data.aws", "aws.vpcflow", "any.thing", "_source"] {
        let dotted = format!(
            r#"{{"{prefix}.version":2,"{prefix}.srcaddr":"10.0.0.1","{prefix}.dstaddr":"10.0.0.2","{prefix}.action":"ACCEPT"}}"#
        );
        check_row(&dotted, &ROW);
        let open = format!(r#"{{"{}":"#, prefix.replace('.', r#"":{""#));
        let close = "}".repeat(prefix.split('.').count());
        check_row(
            &format!(
                r#"{open}{{"version":2,"srcaddr":"10.0.0.1","dstaddr":"10.0.0.2","action":"ACCEPT"}}{close}"#
            ),
            &ROW,
        );
    }
    check_row(
        r#"{"fields":{"version":[2],"srcaddr":["10.0.0.1"],"dstaddr":["10.0.0.2"],"action":["ACCEPT"]}}"#,
        &ROW,
    );
}

#[test]
fn a_prefix_that_could_be_a_part_of_a_name_is_a_prefix_if_the_field_is_the_same() {
    check_row(
        r#"{"r":{"flow":{"version":2,"srcaddr":"10.0.0.1","log_status":"OK"}}}"#,
        &["layout version|srcaddr|log-status", "2 10.0.0.1 OK"],
    );
    check_row(
        r#"{"r":{"pkt":{"srcaddr":"10.0.0.1"},"srcaddr":"10.0.0.2"}}"#,
        &["layout pkt-srcaddr|srcaddr", "10.0.0.1 10.0.0.2"],
    );
}

#[test]
fn hits_of_a_search_are_rows() {
    let hit =
        r#"{"_source":{"version":2,"srcaddr":"10.0.0.1","dstaddr":"10.0.0.2","action":"ACCEPT"}}"#;
    check_row(
        &format!(r#"{{"took":3,"hits":{{"total":{{"value":2}},"hits":[{hit},{hit}]}}}}"#),
        &[ROW[0], ROW[1], ROW[1]],
    );
}

#[test]
fn names_of_search_engines_are_fields() {
    check_row(
        r#"{"start_time":1795400460,"aws.vpc.srcaddr":"10.0.0.1","aws.vpc.connection.tcp_flags":"2","aws.vpc.status_code":"OK"}"#,
        &[
            "layout start|srcaddr|tcp-flags|log-status",
            "1795400460 10.0.0.1 2 OK",
        ],
    );
    check_row(
        r#"{"source":{"ip":"10.0.0.1","port":1},"destination":{"ip":"10.0.0.2","port":22},"event":{"start":"1795400460"},
            "network":{"bytes":44,"iana_number":"6"},"aws":{"vpcflow":{"version":"2","action":"ACCEPT"}},"ecs":{"version":"8.11"}}"#,
        &[
            "layout srcaddr|srcport|dstaddr|dstport|start|bytes|protocol|version|action|ecs.version",
            "10.0.0.1 1 10.0.0.2 22 1795400460 44 6 2 ACCEPT 8.11",
        ],
    );
}

#[test]
fn names_of_the_metric_filter_are_fields_among_others_of_flow_logs() {
    check_row(
        r#"{"version":"2","eni":"eni-1","source":"10.0.0.1","destination":"10.0.0.2","srcport":"1","destport":"22","windowstart":"10"}
           {"srcaddr":"10.0.0.1","srcport":1,"bytes":2,"source":"s3"}"#,
        &[
            "layout version|interface-id|srcaddr|dstaddr|srcport|dstport|start",
            "2 eni-1 10.0.0.1 10.0.0.2 1 22 10",
            "layout version|interface-id|srcaddr|dstaddr|srcport|dstport|start|bytes|source",
            "- - 10.0.0.1 - 1 - - 2 s3",
        ],
    );
}

#[test]
fn two_paths_to_one_field_give_the_first_and_a_warning_where_they_differ() {
    let same = br#"{"x":{"srcaddr":"10.0.0.1"},"srcaddr":"10.0.0.1"}"#;
    let (lines, found) = outcome(same, 5);
    assert_eq!(lines, ["layout srcaddr", "10.0.0.1"]);
    assert!(found.warnings.is_empty(), "{:?}", found.warnings);
    let differing = br#"{"x":{"srcaddr":"10.0.0.9"},"srcaddr":"10.0.0.1"}"#;
    let (lines, found) = outcome(differing, 5);
    assert_eq!(lines, ["layout srcaddr", "10.0.0.1"]);
    assert_eq!(
        found.warnings,
        ["srcaddr has different values in srcaddr and x.srcaddr; the first one is used"]
    );
}

#[test]
fn an_object_or_several_values_in_the_place_of_one_is_a_reject() {
    check_row(
        r#"{"srcaddr":"10.0.0.1","dstport":[22]} {"srcaddr":"10.0.0.1","dstport":[22,23]} {"srcaddr":"10.0.0.1","dstport":{"low":1}}"#,
        &[
            "layout srcaddr|dstport",
            "10.0.0.1 22",
            r#"reject NestedValue(FieldId(6)) {"srcaddr":"10.0.0.1","dstport":[22,23]}"#,
            r#"reject NestedValue(FieldId(6)) {"srcaddr":"10.0.0.1","dstport":{"low":1}}"#,
        ],
    );
}

#[test]
fn lists_of_several_values_under_unknown_names_are_said() {
    let warnings = |document: &str| {
        let (lines, outcome) = outcome(document.as_bytes(), 5);
        assert!(
            !lines.iter().any(|line| line.starts_with("reject")),
            "{lines:?}"
        );
        outcome.warnings
    };
    let said = "lists of several values were skipped: labels, tags; write each list as one string to keep it";
    for document in [
        r#"{"srcaddr":"10.0.0.1","tags":["a","b"],"labels":[{"k":1}]} {"srcaddr":"10.0.0.1","tags":["c","d","e"]}"#,
        r#"{"tags":["a","b"],"labels":[{"k":1}],"srcaddr":"10.0.0.1"}"#,
    ] {
        assert_eq!(warnings(document), [said], "{document}");
    }
    assert!(warnings(r#"{"srcaddr":["10.0.0.1"],"tags":["a"],"none":[]}"#).is_empty());
    check_row(
        r#"{"srcaddr":"10.0.0.1"} {"srcaddr":"10.0.0.1","dstport":[{"low":1}]}"#,
        &[
            "layout srcaddr",
            "10.0.0.1",
            r#"reject NestedValue(FieldId(6)) {"srcaddr":"10.0.0.1","dstport":[{"low":1}]}"#,
        ],
    );
}

#[test]
fn a_row_with_too_many_names_leaves_room_for_the_rows_after_it() {
    let row = r#""srcaddr":"10.0.0.1","dstaddr":"10.0.0.2","note":"x""#;
    for count in [600, 900, 8000] {
        let names: Vec<String> = (0..count).map(|index| format!("\"k{index}\":1")).collect();
        let names = names.join(",");
        for wide in [
            format!("{{{names},{row}}}"),
            format!("{{{row},{names}}}"),
            format!("{{\"k\":{{{names}}},{row}}}"),
        ] {
            let text = format!("{wide}\n{{{row}}}\n{{{row},\"tag\":\"y\"}}\n");
            let store = load_bytes(text.as_bytes()).store;
            assert_eq!(store.rows(), 3, "{count}: {:?}", store.rejects().by_reason);
            assert_eq!(store.rejects().count(), 0, "{count}");
            assert!(store.catalog.lookup("tag").is_some());
        }
    }
}
