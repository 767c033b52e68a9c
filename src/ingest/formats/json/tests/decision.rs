//! What an object is: a record, a row, or the envelope of others, whichever of its members comes first.

use super::packed::packed;
use super::*;

const FIELDS: &str = r#""srcaddr":"10.0.0.1","dstaddr":"10.0.0.2","bytes":840,"start":1795400460"#;
const ROW: &str = "10.0.0.1 10.0.0.2 840 1795400460";

/// An object with `member` before and behind the fields of a row is that row, to which `member` adds these columns.
#[track_caller]
fn check_row_with(member: &str, columns: &str) {
    for document in [
        format!("{{{FIELDS},{member}}}"),
        format!("{{{member},{FIELDS}}}"),
    ] {
        for size in [1, 7, 1 << 20] {
            let (lines, format, fault) = lines(document.as_bytes(), size);
            assert_eq!((format, fault), ("json-rows", None), "{document}");
            let [layout, row] = &lines[..] else {
                panic!("{lines:#?} of {document}");
            };
            let names = layout.strip_prefix("layout ").unwrap();
            let mut names: Vec<&str> = names.split('|').collect();
            names.sort_unstable();
            let mut expected = vec!["srcaddr", "dstaddr", "bytes", "start"];
            expected.extend(columns.split(' ').filter(|name| !name.is_empty()));
            expected.sort_unstable();
            assert_eq!(names, expected, "{document}");
            let values = row.replace('|', " ");
            let all = ROW.split(' ').all(|value| values.contains(value));
            assert!(all, "{row} of {document}");
        }
    }
}

#[test]
fn fields_of_an_object_come_before_what_its_strings_hold() {
    let probe = packed(
        r#"{"messageType":"CONTROL_MESSAGE","logEvents":[{"message":"CWL CONTROL MESSAGE: x"}]}"#,
    );
    check_row_with(
        r#""job":"{\"name\":\"nightly export\",\"start\":1795000000,\"end\":1795000100}""#,
        "job",
    );
    check_row_with(
        &format!(
            r#""ctx":"{}""#,
            packed(r#"{"cluster":"prod","namespace":"default"}"#)
        ),
        "ctx",
    );
    check_row_with(&format!(r#""probe":"{probe}""#), "probe");
    check_row_with(r#""note":"one\ntwo""#, "note");
}

#[test]
fn fields_of_an_object_come_before_what_its_lists_hold() {
    for list in [
        r#""history":[{"start":1795000000,"state":"x"}]"#,
        r#""findings":[{"start":1795000000,"end":1795000001}]"#,
        r#""tags":["a","b"]"#,
        r#""nested":{"list":[{"srcaddr":"10.0.0.9","start":1}]}"#,
        r#""lists":[[1,2],[{"start":5}]]"#,
    ] {
        check_row_with(list, "");
    }
    check_row_with(&format!(r#""lines":["{}","x y"]"#, record(1)), "");
    check_row_with(r#""x":{"0":"a","1":"b"}"#, "x.0 x.1");
}

#[test]
fn the_text_of_a_record_comes_before_what_lists_hold() {
    let (one, two) = (record(1), record(2));
    for document in [
        format!(r#"{{"old":[{{"message":"{two}"}}],"message":"{one}"}}"#),
        format!(r#"{{"message":"{one}","old":[{{"message":"{two}"}}]}}"#),
        format!(r#"{{"a":{{"old":["{two}","{two}"]}},"b":{{"text":"{one}"}}}}"#),
    ] {
        check(&document, "json-messages", &[&one]);
    }
}

#[test]
fn an_object_with_times_alone_is_the_envelope_of_its_list() {
    let one = record(1);
    for document in [
        format!(
            r#"{{"startTime":1795400000000,"endTime":1795400600000,"events":[{{"message":"{one}"}}]}}"#
        ),
        format!(
            r#"{{"events":[{{"message":"{one}"}}],"startTime":1795400000000,"endTime":1795400600000}}"#
        ),
    ] {
        check(&document, "json-events", &[&one]);
    }
    for document in [
        format!(r#"{{"message":"success","records":[{{"log":"{one}"}}]}}"#),
        format!(r#"{{"records":[{{"log":"{one}"}}],"message":"success"}}"#),
        format!(r#"{{"start":1795400460,"end":1795400519,"items":[{{"log":"{one}"}}]}}"#),
        format!(r#"{{"query":{{"srcaddr":"10.0.0.1"}},"items":[{{"log":"{one}"}}]}}"#),
    ] {
        check(&document, "json-messages", &[&one]);
    }
    check(r#"{"startTime":1,"endTime":2,"events":[]}"#, "json", &[]);
}

#[test]
fn what_was_not_taken_of_an_object_is_said() {
    let one = record(1);
    let long = "x".repeat(70_000);
    for (document, line, warning) in [
        (
            format!(r#"{{"events":[{{"message":"{one}"}}],{FIELDS}}}"#),
            one.clone(),
            "1 object has both a record and a list of records: only the list was read",
        ),
        (
            format!(r#"{{"items":[{{"log":"{one}"}}],"pad":"{long}",{FIELDS}}}"#),
            one.clone(),
            "1 object has both a record and a list of records: only the list was read",
        ),
        (
            format!(r#"{{{FIELDS},"records":[{{"message":"{one}"}}]}}"#),
            ROW.to_owned(),
            "1 record has a list of records, which was not read: an object is one record",
        ),
    ] {
        for size in [1000, 1 << 20] {
            let (lines, outcome) = outcome(document.as_bytes(), size);
            assert_eq!(lines.last(), Some(&line), "{document:.200}");
            assert_eq!(outcome.warnings, [warning], "{document:.200}");
        }
    }
}

#[test]
fn an_object_has_at_most_one_string_with_records() {
    let (one, two) = (record(1), record(2));
    let quoted = |text: &str| text.replace('"', "\\\"");
    let row = quoted(&format!("{{{FIELDS}}}"));
    for document in [
        format!(r#"{{"message":"{row}","event":{{"original":"{row}"}}}}"#),
        format!(r#"{{"event":{{"original":"{row}"}},"message":"{row}"}}"#),
        format!(r#"{{"x":"{}","message":"{row}"}}"#, packed(&one)),
    ] {
        check(
            &document,
            "json-rows",
            &["layout srcaddr|dstaddr|bytes|start", ROW],
        );
    }
    for document in [
        format!(r#"{{"message":"{one}\n{two}","event":{{"original":"{one}\n{two}"}}}}"#),
        format!(r#"{{"x":"{one}","message":"{one}\n{two}"}}"#),
        format!(
            r#"{{"job":"{{\"a\":\"b\"}}","data":"{}"}}"#,
            packed(&format!("{one}\n{two}"))
        ),
    ] {
        check(&document, "json-messages", &[&one, &two]);
    }
    check(
        &format!(r#"{{"x":"{row}","y":"{one}"}}"#),
        "json-messages",
        &[&one],
    );
}

#[test]
fn strings_under_numbers_are_messages() {
    let (one, two) = (record(1), record(2));
    check(
        &format!(r#"{{"0":"{one}","1":"{two}","2":null,"3":"no record"}}"#),
        "json-messages",
        &[&one, &two, "no record"],
    );
    check(
        &format!(r#"{{"lines":{{"0":"{one}","1":"{two}"}}}}"#),
        "json-messages",
        &[&one, &two],
    );
    check(
        r#"{"0":"10.0.0.1","srcaddr":"10.0.0.1"}"#,
        "json-rows",
        &["layout 0|srcaddr", "10.0.0.1 10.0.0.1"],
    );
}

#[test]
fn records_before_an_object_of_a_list_are_read() {
    let (one, two) = (record(1), record(2));
    check(
        &format!(r#"["{one}",{{"message":"{two}"}}]"#),
        "json-messages",
        &[&one, &two],
    );
    check(
        &format!(r#"["10.0.0.1 10.0.0.2 443 ACCEPT",[5],{{"message":"{two}"}}]"#),
        "json-messages",
        &["10.0.0.1 10.0.0.2 443 ACCEPT", "5", &two],
    );
    check(
        &format!(r#"{{"x":["{one}","a b",7,{{"message":"{two}"}}]}}"#),
        "json-messages",
        &[&one, &two],
    );
}

#[test]
fn a_row_of_cells_has_at_most_one_record() {
    let (one, two) = (record(1), record(2));
    let rows = |row: &str| format!("[{row},{}]", row.replace(&one, &two));
    for row in [
        format!(r#"["2026-11-23 02:21:00.000","{one}","{one}"]"#),
        format!(r#"["host","{one}","a text of the row with many blanks in it"]"#),
        format!(r#"["{one}","x",5]"#),
    ] {
        check(&rows(&row), "json-messages", &[&one, &two]);
        check(
            &format!(
                r#"{{"columns":["@timestamp","@message","_raw"],"data":{}}}"#,
                rows(&row)
            ),
            "insights-json",
            &[&one, &two],
        );
    }
    let wrapped = format!("Nov 23 10:00:00 h flowlogs: {one}");
    check(
        &format!(r#"[["host","{wrapped}","x"]]"#),
        "json-messages",
        &[&wrapped],
    );
    check(
        &format!(r#"["host","{wrapped}","x"]"#),
        "json-messages",
        &[&wrapped],
    );
}

#[test]
fn a_pointer_of_logs_insights_is_nothing() {
    let one = record(1);
    let pointer = "CmEKJgoiMTIzNDU2Nzg5MDEyOi9hd3MvdnBjL2Zsb3dCmEKJgoiMTIzNDU2Nzg5MDEyOi9hd3";
    check(
        &format!(
            r#"[{{"@ptr":"{pointer}","@message":"{one}"}},{{"@ptr":"a\nb","@message":"{one}"}}]"#
        ),
        "insights-json",
        &[&one, &one],
    );
}

#[test]
fn columns_are_a_table_whichever_comes_first() {
    check(
        r#"{"meta":[{"name":"version","type":"UInt8"},{"name":"account_id","type":"String"},{"name":"srcaddr","type":"String"}],
            "data":{"version":[2,2],"account_id":["123456789012","123456789012"],"srcaddr":["10.0.0.1","10.0.0.2"],"bytes":[5,6]}}"#,
        "json-rows",
        &[
            "layout version|account-id|srcaddr|bytes",
            "2 123456789012 10.0.0.1 5",
            "2 123456789012 10.0.0.2 6",
        ],
    );
    check(
        r#"{"":[0,1],"other":["x","y"],"srcaddr":["10.0.0.1","10.0.0.2"]}"#,
        "json-rows",
        &[
            "layout Unnamed:_0|other|srcaddr",
            "0 x 10.0.0.1",
            "1 y 10.0.0.2",
        ],
    );
    check(
        r#"{"fields":{"tags":["a","b"],"srcaddr":["10.0.0.1"],"bytes":[5]}}"#,
        "json-rows",
        &["layout srcaddr|bytes", "10.0.0.1 5"],
    );
}

#[test]
fn names_without_a_field_never_cost_a_record() {
    let rows: Vec<String> = (0..6000)
        .map(|row| format!(r#"{{{FIELDS},"labels":{{"k{row}":"x"}}}}"#))
        .collect();
    let (lines, found) = outcome(rows.join("\n").as_bytes(), 1 << 20);
    let is_reject = |line: &&String| line.starts_with("reject");
    assert_eq!(lines.iter().find(is_reject), None);
    let is_row = |line: &&String| line.starts_with("10.0.0.1 ");
    assert_eq!(lines.iter().filter(is_row).count(), 6000);
    assert_eq!(found.warnings.len(), 1, "{:?}", found.warnings);
    let said = "5,556 records have values that were left out";
    assert!(found.warnings[0].starts_with(said), "{:?}", found.warnings);
    let last = rows.join("\n") + r#"{"srcaddr":"10.0.0.1","flow-direction":"ingress"}"#;
    let (lines, _) = outcome(last.as_bytes(), 1 << 20);
    assert!(lines.last().unwrap().ends_with(" ingress"));
    let long = "n".repeat(300);
    let wide: Vec<String> = (0..2000).map(|name| format!(r#""w{name}":1"#)).collect();
    let wide = wide.join(",");
    for row in [
        format!(r#"{{{FIELDS},"x":{{"{long}":1}}}}"#),
        format!(r#"{{"":"0",{FIELDS}}}"#),
        format!(r#"{{{FIELDS},"labels":{{{wide}}}}}"#),
        format!(r#"{{"labels":{{{wide}}},{FIELDS}}}"#),
    ] {
        let (lines, _) = outcome(row.as_bytes(), 1 << 20);
        assert_eq!(lines.len(), 2, "{row:.80}");
        assert!(!lines[1].starts_with("reject"), "{:.80}", lines[1]);
    }
}
