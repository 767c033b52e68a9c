//! Records in base64 and gzip.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};

use std::io::Write;

use super::*;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn envelope(ports: &[u16]) -> String {
    let events: Vec<String> = ports
        .iter()
        .map(|port| {
            format!(
                r#"{{"id":"{port}","timestamp":1,"message":"{}"}}"#,
                record(*port)
            )
        })
        .collect();
    format!(
        r#"{{"messageType":"DATA_MESSAGE","owner":"1","logEvents":[{}]}}"#,
        events.join(",")
    )
}

pub(super) fn packed(text: &str) -> String {
    STANDARD.encode(gzip(text.as_bytes()))
}

#[test]
fn deliveries_of_kinesis_lambda_and_firehose_are_their_records() {
    let (one, two) = (record(1), record(2));
    let both = packed(&envelope(&[1, 2]));
    let [first, second] = [packed(&envelope(&[1])), packed(&envelope(&[2]))];
    let twice = packed(&(envelope(&[1]) + &envelope(&[2])));
    let probe = packed(
        r#"{"messageType":"CONTROL_MESSAGE","logEvents":[{"id":"","message":"CWL CONTROL MESSAGE: x"}]}"#,
    );
    for document in [
        format!(r#"{{"awslogs":{{"data":"{both}"}}}}"#),
        format!(r#"{{"awslogs":{{"data":"{twice}"}}}}"#),
        format!(
            r#"{{"Records":[{{"kinesis":{{"partitionKey":"1","data":"{first}"}},"eventSource":"aws:kinesis"}},{{"kinesis":{{"data":"{probe}"}}}},{{"kinesis":{{"data":"{second}"}}}}]}}"#
        ),
        format!(
            r#"{{"requestId":"x","timestamp":1,"records":[{{"data":"{first}"}},{{"data":"{second}"}}]}}"#
        ),
        format!(r#"{{"attemptsMade":4,"errorMessage":"no way out","rawData":"{both}"}}"#),
        format!(r#"{{"body":"{}"}}"#, both.replace('/', "\\/")),
    ] {
        check(&document, "json-events", &[&one, &two]);
    }
}

#[test]
fn base64_without_gzip_is_read_in_every_alphabet() {
    let (one, two) = (record(1), record(2));
    let text = format!("{one}\r\n{two}\n");
    let json = format!(r#"{{"message":"{one}"}}{{"message":"{two}"}}"#);
    for data in [
        STANDARD.encode(&text),
        STANDARD_NO_PAD.encode(&text),
        URL_SAFE.encode(&json),
        STANDARD.encode(&json),
    ] {
        check(
            &format!(r#"{{"records":[{{"recordId":"1","data":"{data}"}}]}}"#),
            "json-messages",
            &[&one, &two],
        );
        check(&format!(r#"["{data}"]"#), "json-messages", &[&one, &two]);
    }
}

#[test]
fn what_cannot_be_unpacked_is_a_reject() {
    let data = packed(&envelope(&[1]));
    let cut = data.get(..data.len() - 20).unwrap();
    for (data, reason) in [
        (cut.to_owned(), "BadPacked"),
        (packed(&" ".repeat((16 << 20) + 1)), "PackedTooLarge"),
    ] {
        let document = format!(r#"{{"awslogs":{{"data":"{data}"}}}}"#);
        let (lines, ..) = lines(document.as_bytes(), 1 << 20);
        assert_eq!(lines.len(), 1, "{reason}");
        assert!(
            lines[0].starts_with(&format!("reject {reason} {{\"awslogs\"")),
            "{:.80}",
            lines[0]
        );
    }
}

#[test]
fn packing_is_bounded_in_depth() {
    let mut data = envelope(&[1]);
    for depth in 1..8 {
        data = format!(r#"{{"awslogs":{{"data":"{}"}}}}"#, packed(&data));
        let (lines, ..) = lines(data.as_bytes(), 1 << 20);
        assert_eq!(lines.len(), 1, "{depth}");
        assert_eq!(
            lines[0] == record(1),
            depth <= 4,
            "{depth}: {:.80}",
            lines[0]
        );
        assert_eq!(lines[0].starts_with("reject PackedTooDeep"), depth > 4);
    }
}

#[test]
fn other_base64_is_left_alone() {
    let token = STANDARD.encode(r#"{"version":1,"token":"abcdefghijklmnopqrstuvwxyz"}"#);
    check(
        &format!(
            r#"{{"srcaddr":"10.0.0.1","token":"{token}","hash":"{}"}}"#,
            "0123456789abcdef".repeat(4)
        ),
        "json-rows",
        &[
            "layout srcaddr|token|hash",
            &format!("10.0.0.1 {token} {}", "0123456789abcdef".repeat(4)),
        ],
    );
}

#[test]
fn all_strings_of_an_object_have_one_budget() {
    let rows = r#"{"start":1,"bytes":2}"#.repeat(1000) + &" ".repeat(8 << 20);
    let many: Vec<String> = (0..12)
        .map(|_| format!(r#"{{"data":"{}"}}"#, packed(&rows)))
        .collect();
    let document = format!(
        r#"{{"data":"{}"}}"#,
        packed(&format!("[{}]", many.join(",")))
    );
    assert!(document.len() < 1 << 16);
    let (lines, ..) = lines(document.as_bytes(), 1 << 20);
    assert_eq!(lines.len(), 1 + 7000 + 5, "{:?}", lines.last());
    let reason = lines.iter().find(|line| line.starts_with("reject "));
    assert!(reason.unwrap().starts_with("reject PackedTooLarge "));
}

#[test]
fn what_is_written_of_a_string_is_bounded() {
    let names: Vec<String> = (0..440).map(|name| format!(r#""n{name}":1"#)).collect();
    let rows = r#"{"start":1}"#.repeat(100_000);
    let nested = packed(&format!(r#"{{"start":1,{}}}{rows}"#, names.join(",")));
    let (lines, ..) = lines(format!(r#"{{"data":"{nested}"}}"#).as_bytes(), 1 << 20);
    let bytes: usize = lines.iter().map(String::len).sum();
    assert!(bytes <= 65 << 20, "{bytes}");
    assert!(lines.last().unwrap().starts_with("reject PackedTooLarge "));
}

#[test]
fn a_broken_element_of_a_list_in_a_string_is_counted() {
    let list = r#"[{"srcaddr":{"x":1},"start":5},{"srcaddr":"10.0.0.1"}]"#;
    check(
        &format!(r#"{{"message":"{}"}}"#, list.replace('"', "\\\"")),
        "json-rows",
        &[
            "layout srcaddr",
            "10.0.0.1",
            r#"reject NestedValue(FieldId(3)) {"srcaddr":{"x":1},"start":5}"#,
        ],
    );
}
