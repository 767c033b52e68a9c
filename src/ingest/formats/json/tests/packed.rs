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

fn packed(text: &str) -> String {
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
