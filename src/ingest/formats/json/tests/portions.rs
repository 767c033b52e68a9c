//! Any document gives the same, however its bytes come, and wherever it is cut.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

/// A string, a number or a word of JSON as flow logs have them.
fn leaf() -> impl Strategy<Value = String> {
    prop_oneof![
        select(vec![
            "1795400460",
            "22",
            "null",
            "true",
            "-1.5e3",
            r#""""#,
            r#""-""#,
            r#""10.0.0.1""#,
            r#""srcaddr""#,
            r#""start""#,
            r#""Int64""#,
            r#""a b\nc d""#,
            r#""\u00fc\\""#,
            r#""NA""#,
        ])
        .prop_map(str::to_owned),
        (0u16..4).prop_map(|port| format!("\"{}\"", record(port))),
        (0u16..4).prop_map(|port| format!("\"Nov 23 10:00:00 h x: {}\\n{0}\"", record(port))),
        select(vec![
            r#"{"srcaddr":"10.0.0.1","start":1795400460,"bytes":5}"#,
            r#"[{"srcaddr":{"x":1}},{"srcaddr":"10.0.0.1"}]"#,
            r#"{"name":"nightly export of all","end":1795000100}"#,
        ])
        .prop_map(|text| format!("\"{}\"", text.replace('"', "\\\""))),
        any::<bool>().prop_map(|is_cut| {
            let text = format!(r#"{{"message":"{}"}}"#, record(7));
            let mut encoder =
                flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            encoder.write_all(text.as_bytes()).unwrap();
            let mut packed = encoder.finish().unwrap();
            packed.truncate(packed.len() - 9 * usize::from(is_cut));
            format!("\"{}\"", STANDARD.encode(packed))
        }),
    ]
}

/// A value of JSON with what documents of flow logs are made of.
fn value() -> impl Strategy<Value = String> {
    let name = select(vec![
        "srcaddr",
        "start",
        "message",
        "_raw",
        "event",
        "original",
        "data",
        "rows",
        "logEvents",
        "columns",
        "name",
        "type",
        "field",
        "value",
        "VarCharValue",
        "0",
        "1",
        "x",
        "_source",
        "aws.vpc.bytes",
        "account_id",
        "source",
        "events",
        "Data",
        "extractedFields",
        "messageType",
        "",
        "bytes",
        "history",
        "records",
        "@message",
        "@ptr",
        "meta",
        "2",
        "labels",
    ]);
    leaf().prop_recursive(4, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5)
                .prop_map(|values| format!("[{}]", values.join(","))),
            prop::collection::vec((name.clone(), inner), 0..5).prop_map(|members| {
                let members: Vec<String> = members
                    .iter()
                    .map(|(name, value)| format!("\"{name}\":{value}"))
                    .collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_document_gives_the_same_in_any_portions(
        values in prop::collection::vec(value(), 1..4),
        size in 1usize..40,
        cut in any::<prop::sample::Index>(),
    ) {
        // What begins with neither is recognized by more than its first bytes.
        let document = format!("[{}]{}", r#"{"a":1}"#, values.join("\n"));
        let whole = lines(document.as_bytes(), 1 << 20);
        prop_assert_eq!(&lines(document.as_bytes(), size), &whole);
        let part = &document.as_bytes()[..cut.index(document.len())];
        prop_assert_eq!(lines(part, size), lines(part, 1 << 20));
    }
}
