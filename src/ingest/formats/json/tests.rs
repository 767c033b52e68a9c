mod decision;
mod packed;
mod portions;
mod records;
mod rows;
mod tables;

use std::sync::atomic::AtomicBool;

use super::*;
use crate::ingest::formats::piece_reader::{Mode, Outcome, PieceReader};
use crate::ingest::source::decode::Decoder;
use crate::ingest::source::raw::Raw;
use crate::store::Compression;

/// What comes of a document, given in portions of `size` bytes: lines with notes made visible, the format, and
/// the fault.
fn lines(document: &[u8], size: usize) -> (Vec<String>, &'static str, Option<String>) {
    let (lines, outcome) = outcome(document, size);
    let fault = outcome.problem.map(|problem| problem.to_string());
    (lines, outcome.format, fault)
}

fn outcome(document: &[u8], size: usize) -> (Vec<String>, Outcome) {
    let stop = AtomicBool::new(false);
    let portions = Portions {
        bytes: document.to_vec(),
        size,
    };
    let decoder = Decoder::new(Raw::new(Box::new(portions), 0), Compression::NONE, &stop);
    let mut feed = PieceReader::new(decoder, Mode::Stream);
    let (mut piece, mut lines) = (Piece::default(), Vec::new());
    while feed.next(&mut piece) {
        lines.extend(piece.visible_lines());
    }
    (lines, feed.into_outcome())
}

/// A record of the default format, of this port.
fn record(port: u16) -> String {
    format!(
        "2 123456789012 eni-0a1b2c3d4e5f60718 10.0.1.5 10.0.2.9 {port} 443 6 10 4400 1795400460 1795400519 ACCEPT OK"
    )
}

struct Portions {
    bytes: Vec<u8>,
    size: usize,
}

impl std::io::Read for Portions {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.size.min(into.len()).min(self.bytes.len());
        into[..count].copy_from_slice(&self.bytes[..count]);
        self.bytes.drain(..count);
        Ok(count)
    }
}

/// The lines of a document are these, however its bytes come.
#[track_caller]
fn check(document: &str, format: &str, expected: &[&str]) {
    for size in [1, 2, 3, 7, 64, 1 << 20] {
        let (lines, found, fault) = lines(document.as_bytes(), size);
        assert_eq!(lines, expected, "in portions of {size}: {document}");
        assert_eq!((found, fault), (format, None), "in portions of {size}");
    }
}

/// As [`check`], of a document that is broken; `fault` is a part of what is said of it.
#[track_caller]
fn check_broken(document: &str, expected: &[&str], fault: &str) {
    for size in [1, 2, 3, 7, 64, 1 << 20] {
        let (lines, _, found) = lines(document.as_bytes(), size);
        assert_eq!(lines, expected, "in portions of {size}: {document}");
        let found = found.unwrap_or_default();
        assert!(
            found.contains(fault) && (fault.is_empty() == found.is_empty()),
            "{found}"
        );
    }
}

#[test]
fn events_of_cloudwatch_are_their_messages() {
    check(
        r#"{"events":[{"logStreamName":"eni-1-all","timestamp":1,"message":"2 a b","eventId":"3"},
           {"message":"2 c d"}],"searchedLogStreams":[],"nextToken":"x"}"#,
        "json-events",
        &["2 a b", "2 c d"],
    );
    check(r#"{"events":[],"nextToken":"x"}"#, "json", &[]);
    check(
        r#"{"nextForwardToken":"f/1","events":[{"timestamp":1,"message":"2 a\tb"}]}"#,
        "json-events",
        &["2 a\tb"],
    );
}

#[test]
fn envelopes_of_subscriptions_need_nothing_between_them() {
    let data = r#"{"messageType":"DATA_MESSAGE","owner":"1","logEvents":[{"id":"1","message":"2 a","extractedFields":{"srcaddr":"1.2.3.4","message":"no"}}]}"#;
    let control =
        r#"{"messageType":"CONTROL_MESSAGE","logEvents":[{"id":"","message":"are you there?"}]}"#;
    let late = r#"{"logEvents":[{"message":"CWL CONTROL MESSAGE: Checking health of destination"}],"messageType":"CONTROL_MESSAGE"}"#;
    check(
        &format!("{control}{data}{late}{data}\n{data}"),
        "json-events",
        &["2 a", "2 a", "2 a"],
    );
    check(
        r#"[{"messageType":"DATA_MESSAGE","subscriptionFilters":["2 x"],"logEvents":[{"message":"2 a"}]}]"#,
        "json-events",
        &["2 a"],
    );
}

#[test]
fn messages_stand_in_objects_in_lists_and_alone() {
    let expected = ["2 a", "2 b"];
    for document in [
        r#"{"message":"2 a"}{"message":"2 b"}"#,
        "{\"message\":\"2 a\"}\n{\"message\":\"2 b\\n\"}\n",
        r#"{"host":{"name":"x"},"message":"2 a","tags":["2 c"]} {"Message":"2 b","n":1}"#,
        r#"["2 a","2 b"]"#,
        "\"2 a\"\n\"2 b\"\n",
        r#"{"message":"2 a"},{"message":"2 b"}"#,
    ] {
        check(document, "json-messages", &expected);
    }
}

#[test]
fn results_of_insights_are_messages_or_rows() {
    check(
        r#"{"results":[[{"field":"@timestamp","value":"2023"},{"field":"@message","value":"2 a"},{"field":"@ptr","value":"x"}],
           [{"value":"2 b","field":"@message"}]],"statistics":{"recordsMatched":2.0},"status":"Complete"}"#,
        "insights-json",
        &["2 a", "2 b"],
    );
    check(
        r#"{"results":[[{"field":"srcAddr","value":"1.2.3.4"},{"field":"bytes","value":"443.0"},{"field":"@ptr","value":"x"}],
           [{"field":"dstAddr","value":"1.2.3.5"},{"field":"@timestamp","value":"2023-09-25 18:00:01.000"}]]}"#,
        "insights-json",
        &[
            "layout srcAddr|bytes",
            "1.2.3.4 443",
            "layout srcAddr|bytes|dstAddr|@timestamp",
            "row -|-|1.2.3.5|2023-09-25 18:00:01.000",
        ],
    );
    check(
        r#"[{"@timestamp":"t","@message":"2 a"}]"#,
        "insights-json",
        &["2 a"],
    );
    check(
        r#"[{"srcAddr":"1.2.3.4","sum(bytes)":"415"}]"#,
        "json-rows",
        &["layout srcAddr|sum(bytes)", "1.2.3.4 415"],
    );
}

#[test]
fn rows_name_their_fields_in_any_order_and_may_leave_some_out() {
    check(
        r#"{"srcaddr":"1.2.3.4","bytes":1.4e9,"start":null,"x":true}
           {"bytes":5,"srcaddr":"::1","y":"a b"} {"start":443.0,"log_status":"None","srcaddr":""}"#,
        "json-rows",
        &[
            "layout srcaddr|bytes|start|x",
            "1.2.3.4 1.4e9 - true",
            "layout srcaddr|bytes|start|x|y",
            "row ::1|5|-|-|a b",
            "layout srcaddr|bytes|start|x|y|log_status",
            "- - 443 - - None",
        ],
    );
}

#[test]
fn a_row_is_never_taken_for_a_header_or_a_remark() {
    check(
        r##"[{"srcaddr":"bytes"},{"srcaddr":"#x"},{"srcaddr":"-"}]"##,
        "json-rows",
        &["layout srcaddr", "row bytes", "row #x", "-"],
    );
}

#[test]
fn what_is_neither_message_nor_row_is_a_reject_with_its_text() {
    check(
        r#"[{"a":1},7,null,true,[{"field":"x"}],{},{"message":5},{"message":"2 a"}]"#,
        "json-messages",
        &[
            r#"reject NoRecord {"a":1}"#,
            "reject NoRecord 7",
            "reject NoRecord null",
            "reject NoRecord true",
            r#"reject NoRecord {"field":"x"}"#,
            "reject NoRecord {}",
            r#"reject NoRecord {"message":5}"#,
            "2 a",
        ],
    );
}

#[test]
fn a_message_cannot_be_two_lines() {
    check(
        r#"["2 a\n2 b","\u0001x","\u0003","2 c\r\n"]"#,
        "json-messages",
        &["2 a␀2 b", "\u{1}x", "\u{3}", "2 c"],
    );
}

#[test]
fn escapes_are_read() {
    check(
        r#"["a \"\\\/\t\u00fc\ud83d\ude00\ud83dx\ude00"]"#,
        "json-messages",
        &["a \"\\/\tü😀\u{fffd}x\u{fffd}"],
    );
    check_broken(
        r#"["a \x"] "#,
        &[r#"reject BadJson "a \x"]"#],
        "invalid escape",
    );
}

#[test]
fn what_came_before_a_break_stays_and_the_break_is_told() {
    let event = r#"{"message":"2 a"}"#;
    check_broken(
        &format!(r#"{{"events":[{event},{event},{{"message":"2 b"#),
        &["2 a", "2 a", r#"reject CutOff {"message":"2 b"#],
        "ends early, in event 3",
    );
    check_broken(
        &format!(r#"{{"events":[{event},"#),
        &["2 a"],
        "ends early, in event 2",
    );
    check_broken(
        &format!(r#"{{"events":[{event},{{"message" "2 b"}},{event}]}}"#),
        &[
            "2 a",
            r#"reject BadJson {"message" "2 b"},{"message":"2 a"}]}"#,
        ],
        "invalid JSON in event 2 at byte 45 (expected a colon",
    );
    check_broken(
        &format!("{event}\nWhat is this?\n"),
        &["2 a", "reject BadJson What is this?"],
        "expected a value",
    );
}

#[test]
fn a_broken_line_among_lines_costs_itself_alone() {
    check_broken(
        "{\"message\":\"2 a\"}\n{\"message\":\"2 b\n{\"message\":\"2 c\"}\n{\"message\"\n{\"message\":\"2 d\"}\n",
        &[
            "2 a",
            "reject BadJson {\"message\":\"2 b",
            "2 c",
            "reject BadJson {\"message\"",
            "2 d",
        ],
        "",
    );
}

#[test]
fn nesting_and_lengths_are_bounded() {
    let deep = "[".repeat(100);
    let (lines, _, fault) = lines(deep.as_bytes(), 1000);
    assert_eq!(lines.len(), 1);
    assert!(fault.unwrap().contains("nested deeper than 64"));
    let long = "x".repeat(3_000_000);
    let document =
        format!(r#"[{{"message":"{long}"}},{{"srcaddr":"{long}"}},"{long}",{{"message":"2 a"}}]"#);
    for size in [1000, 1 << 20] {
        let (lines, _, fault) = super::tests::lines(document.as_bytes(), size);
        assert_eq!((lines.len(), fault), (4, None));
        for (line, begin) in lines.iter().zip([r#"{"mes"#, r#"{"src"#, "\"xxx", ""]) {
            if !begin.is_empty() {
                assert!(
                    line.starts_with(&format!("reject LineTooLong {begin}")),
                    "{line:.40}"
                );
                assert_eq!(line.len(), "reject LineTooLong ".len() + REJECT_BYTES);
            }
        }
        assert_eq!(lines[3], "2 a");
    }
}

#[test]
fn a_row_has_an_address_or_a_time_or_only_names_that_rows_before_it_had() {
    check(
        r#"{"action":"ACCEPT","bytes":1} {"srcaddr":"1.2.3.4","bytes":2,"action":"REJECT"} {"bytes":3}
           {"bytes":4,"region":"x"} {"end":5} {"x":1} {"bytes":6,"end":null}"#,
        "json-rows",
        &[
            r#"reject NoFlow {"action":"ACCEPT","bytes":1}"#,
            "layout srcaddr|bytes|action",
            "1.2.3.4 2 REJECT",
            "- 3 -",
            r#"reject NoFlow {"bytes":4,"region":"x"}"#,
            "layout srcaddr|bytes|action|end",
            "- - - 5",
            r#"reject NoRecord {"x":1}"#,
            "- 6 - -",
        ],
    );
}

#[test]
fn an_envelope_may_have_names_of_fields_beside_its_list() {
    check(
        r#"{"region":"us-east-1","version":"1","records":[{"srcaddr":"1.2.3.4"}]}"#,
        "json-rows",
        &["layout srcaddr", "1.2.3.4"],
    );
}

#[test]
fn an_object_of_another_log_behind_records_is_a_reject_that_says_which() {
    let finding =
        r#"{"schemaVersion":"2.0","partition":"aws","severity":2,"region":"x","service":{}}"#;
    let query = r#"{"srcaddr":"1.2.3.4","query_name":"a.","query_type":"A","answers":[]}"#;
    let document = format!(r#"{{"srcaddr":"1.2.3.4"}}{finding}{query}{{"srcaddr":"1.2.3.5"}}"#);
    for size in [1, 7, 1 << 20] {
        let (lines, format, fault) = lines(document.as_bytes(), size);
        assert_eq!((format, fault), ("json-rows", None));
        let [first, second, third, fourth, fifth] = &lines[..] else {
            panic!("{lines:#?}");
        };
        assert_eq!(
            [first, second, fifth],
            ["layout srcaddr", "1.2.3.4", "1.2.3.5"]
        );
        assert!(
            third.starts_with("reject ") && third.ends_with(finding),
            "{third}"
        );
        assert!(
            fourth.starts_with("reject ") && fourth.ends_with(query),
            "{fourth}"
        );
    }
}

#[test]
fn what_is_no_flow_log_is_named() {
    for (document, format) in [
        (
            r#"{"FlowLogs":[{"LogFormat":"${version}"}]}"#,
            "flow-log-description",
        ),
        (
            r#"{"NetworkInterfaces":[{"NetworkInterfaceId":"eni-1","VpcId":"vpc-1"}]}"#,
            "network-interfaces",
        ),
        (
            r#"[{"NetworkInterfaceId":"eni-1","VpcId":"vpc-1"}]"#,
            "network-interfaces",
        ),
        (
            r#"{"Reservations":[{"Instances":[{"InstanceId":"i-1"}]}]}"#,
            "instances",
        ),
        (
            r#"{"findings":[{"awsAccountId":"1","findingArn":"arn","type":"x"}]}"#,
            "inspector-finding",
        ),
        (
            r#"{"timestamp":1,"formatVersion":1,"webaclId":"arn","httpRequest":{}}"#,
            "waf-log",
        ),
        (
            " {\"Records\":[{\"eventVersion\":\"1.08\",\"userIdentity\":{}}]}",
            "cloudtrail",
        ),
        (
            r#"{"version":"0","detail-type":"x","source":"aws.ecs","region":"x","detail":{}}"#,
            "eventbridge-event",
        ),
        (
            r#"{"records":[{"time":"t","macAddress":"0","category":"c","resourceId":"r","operationName":"o"}]}"#,
            "azure-flow-log",
        ),
    ] {
        let (lines, found, _) = lines(document.as_bytes(), 5);
        assert_eq!((lines.len(), found), (0, format), "{document}");
    }
}
