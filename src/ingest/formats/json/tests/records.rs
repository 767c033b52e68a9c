//! Records in strings, at any depth and under any name.

use super::*;

/// Whatever the document is, its records are these two.
#[track_caller]
fn check_two(document: &str) {
    let expected = [record(1), record(2)];
    for size in [1, 3, 64, 1 << 20] {
        let (lines, _, fault) = lines(document.as_bytes(), size);
        assert_eq!(lines, expected, "in portions of {size}: {document}");
        assert_eq!(fault, None);
    }
}

#[test]
fn a_string_that_reads_as_a_record_is_the_record() {
    let (one, two) = (record(1), record(2));
    for element in [
        r#"{"_raw":"RECORD","_time":1795400460.1,"host":"h","source":"s3://b/AWSLogs/x"}"#,
        r#"{"preview":false,"offset":0,"result":{"_raw":"RECORD","_time":"2026-11-23 02:21:00.000 UTC"}}"#,
        r#"{"line":"RECORD","timestamp":"1795400460000000000","fields":{"job":"vpc"}}"#,
        r#"{"log":"RECORD\n","stream":"stdout"}"#,
        r#"{"id":"A","content":{"tags":["source:vpc"],"message":"RECORD","attributes":{"network":{"client":{"ip":"198.51.100.7"}}}}}"#,
        r#"{"@timestamp":"2026-11-23T02:21:00Z","event":{"original":"RECORD"},"source":{"ip":"10.0.9.9"}}"#,
        r#"{"message":{"event":{"original":"RECORD"}}}"#,
        r#"{"a":{"b":[{"c":{"text":"RECORD"}}]}}"#,
        r#"{"tags":["a","b"],"labels":{"x":"one two three"},"body":"RECORD"}"#,
        r#"{"Content":"RECORD","Host":"h"}"#,
    ] {
        let document = [&one, &two].map(|text| element.replace("RECORD", text));
        check_two(&document.join("\n"));
        check_two(&format!("[{}]", document.join(",")));
        check_two(&format!(
            r#"{{"data":{{"items":[{}]}}}}"#,
            document.join(",")
        ));
    }
}

#[test]
fn blank_lines_may_stand_above_texts_and_lists() {
    let (one, two) = (record(1), record(2));
    let texts = format!("\n\"{one}\"\n\"{two}\"\n");
    check(&texts, "json-messages", &[&one, &two]);
    let words: Vec<String> = one.split(' ').map(|word| format!("\"{word}\"")).collect();
    let words = words.join(",").replace("\"2\"", "2");
    check(&format!("\n[{words}]\n"), "json-rows", &[&one]);
}

#[test]
fn lists_of_strings_pairs_and_nested_lists_are_records() {
    let (one, two) = (record(1), record(2));
    for document in [
        format!(r#"[["{one}"],["{two}"]]"#),
        format!(r#"["{one}","{two}"]"#),
        format!(r#"[[1795400460000,"{one}"],[1795400461000,"{two}"]]"#),
        format!(r#"[["{one}",1795400460000],["{two}",1795400461000]]"#),
        format!(
            r#"{{"status":"success","data":{{"resultType":"streams","result":[{{"stream":{{"job":"vpc"}},"values":[["1795400460000000000","{one}"],["1795400460000000001","{two}"]]}}]}}}}"#
        ),
        format!(r#"{{"lines":["{one}","{two}"]}}"#),
        format!(r#"{{"body":"{one}\n{two}\n","statusCode":200}}"#),
        format!(r#"{{"events":["{one}"]}}{{"events":["{two}"]}}"#),
        format!(r#"[1795400460.5,{{"log":"{one}"}}] [1795400461.5,{{"log":"{two}"}}]"#),
        format!(
            r#"{{"hits":{{"total":2,"hits":[{{"_id":"1","_source":{{"message":"{one}"}}}},{{"_source":{{"message":"{two}"}}}}]}}}}"#
        ),
        format!(r#"{{"message":"{{\"log\":\"{one}\"}}"}} {{"log":"{{\"message\":\"{two}\"}}"}}"#),
    ] {
        check_two(&document);
    }
}

#[test]
fn an_object_has_at_most_one_record_that_of_the_first_of_these_names() {
    let [one, two, three, four] = [1, 2, 3, 4].map(record);
    check(
        &format!(
            r#"{{"x":"{one}","event":{{"original":"{two}"}},"_raw":"{three}","@message":"{four}"}}
               {{"x":"{one}","event":{{"original":"{two}"}},"_raw":"{three}"}}
               {{"x":"{one}","event":{{"original":"{two}"}}}} {{"x":"{one}","y":"{two}"}}
               {{"_raw":"{two}","message":"not a record at all"}} {{"@message":"{two}","message":"{one}"}}"#
        ),
        "insights-json",
        &[&four, &three, &two, &one, &two, &one],
    );
}

#[test]
fn a_header_in_a_string_is_a_header() {
    let names = "version account-id srcaddr dstaddr";
    check(
        &format!(r#"{{"log":"{names}"}} {{"log":"{}"}}"#, record(1)),
        "json-messages",
        &[names, &record(1)],
    );
}

#[test]
fn a_list_that_holds_records_counts_what_is_none() {
    let one = record(1);
    check(
        &format!(r#"{{"items":[{{"a":1}},{{"text":"{one}"}},{{"b":"x"}}],"other":[{{"c":1}}]}}"#),
        "json-messages",
        &[
            &one,
            r#"reject NoRecord {"a":1}"#,
            r#"reject NoRecord {"b":"x"}"#,
        ],
    );
    check(
        &format!(r#"["{one}","{one}","this is no record","{one}"]"#),
        "json-messages",
        &[&one, &one, "this is no record", &one],
    );
}

#[test]
fn a_message_whose_order_is_unknown_is_taken_as_it_is() {
    check(
        r#"{"content":{"message":"10.0.0.1 10.0.0.2 443 ACCEPT"}} {"line":"10.0.0.1 10.0.0.3 443 ACCEPT"}
           {"line":"nothing to see here"}"#,
        "json-messages",
        &[
            "10.0.0.1 10.0.0.2 443 ACCEPT",
            "10.0.0.1 10.0.0.3 443 ACCEPT",
            r#"reject NoRecord {"line":"nothing to see here"}"#,
        ],
    );
}

#[test]
fn a_message_beside_fields_is_a_column_if_it_is_no_record() {
    check(
        r#"{"srcaddr":"10.0.0.1","message":"hello there"}"#,
        "json-rows",
        &["layout srcaddr|message", "row 10.0.0.1|hello there"],
    );
}

#[test]
fn a_finding_with_an_address_in_its_title_is_still_named() {
    let finding = r#"{"schemaVersion":"2.0","partition":"aws","severity":2,"title":"i-1 is probed by 198.51.100.7 on port 22"}"#;
    let (lines, format, _) = lines(finding.as_bytes(), 7);
    assert_eq!((lines.len(), format), (0, "guardduty-finding"));
}

#[test]
fn a_text_beside_a_record_in_a_list_is_said() {
    let one = record(1);
    let (lines, found) = outcome(format!(r#"["2 123 eni-1 cut","{one}"]"#).as_bytes(), 3);
    assert_eq!(lines, std::slice::from_ref(&one));
    assert_eq!(
        found.warnings,
        [
            "in lists with one record, other texts were skipped, such as \"2 123 eni-1 cut\"; if they are records, name the \
          order of their fields with --log-format"
        ]
    );
    let (_, found) = outcome(
        format!(r#"[["2026-11-23 02:21:00.000","{one}"],["app","{one}"]]"#).as_bytes(),
        3,
    );
    assert!(found.warnings.is_empty(), "{:?}", found.warnings);
}
