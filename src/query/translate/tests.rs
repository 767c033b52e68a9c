use super::*;
use crate::query::compile;
use crate::store::Catalog;

#[track_caller]
fn check(text: &str, filter: &str) {
    let catalog = Catalog::default();
    let context = Context::new(&catalog);
    let compiled = compile(text, &context);
    let [diagnostic] = compiled.diagnostics.as_slice() else {
        panic!("{text}: {:?}", compiled.diagnostics);
    };
    assert!(compiled.expression.is_none(), "{text}");
    assert_eq!(diagnostic.suggestion.as_deref(), Some(filter), "{text}");
    assert!(diagnostic.sentence().contains(filter), "{text}");
    let again = compile(filter, &context);
    let canonical = again.expression.map(|filter| filter.to_string());
    assert_eq!(canonical.as_deref(), Some(filter), "{text}");
}

#[test]
fn a_metric_filter_is_translated() {
    let cases = [
        (
            "[version, account, eni, source, destination, srcport, destport=\"22\", protocol=\"6\", packets, bytes, windowstart, windowend, action=\"REJECT\", flowlogstatus]",
            "dstport == 22 and protocol == tcp and action == REJECT",
        ),
        (
            "[version, account, eni, source = 10.1.*, destination, srcport, destport = 22 || destport = 3389, protocol, packets, bytes, windowstart, windowend, action != \"ACCEPT\", flowlogstatus = *DATA]",
            "srcaddr in {10.1.0.0/16} and (dstport == 22 or dstport == 3389) and action != ACCEPT and log-status == *DATA",
        ),
        (
            "[version, account, eni, source, destination, srcport, destport, protocol, packets, bytes > 1000 && bytes < 5000, ...]",
            "bytes > 1000 and bytes < 5000",
        ),
        // Other names mean the words at their places, and behind dots those from the end.
        ("[w1, w2, w3 = eni-0a*, ...]", "interface-id == eni-0a*"),
        ("[..., verdict = REJECT, s]", "action == REJECT"),
        ("[..., w13 = REJECT, w14]", "action == REJECT"),
        ("[v, a, e, s = \"-\", ...]", "srcaddr is missing"),
        ("[v, a, e, s != -, ...]", "exists srcaddr"),
        (
            "{ ($.srcAddr = \"10.1.*\") && ($.action = \"REJECT\") }",
            "srcaddr in {10.1.0.0/16} and action == REJECT",
        ),
    ];
    for (text, filter) in cases {
        check(text, filter);
    }
}

#[test]
fn a_query_is_translated() {
    let cases = [
        (
            "filter action = \"REJECT\" | stats count(*) by srcAddr",
            "action == REJECT",
        ),
        (
            "fields @timestamp, srcAddr | filter action = \"REJECT\" | filter dstPort = 22 or dstPort = 3389 | sort @timestamp desc | limit 20",
            "action == REJECT and (dstport == 22 or dstport == 3389)",
        ),
        (
            "action = 'REJECT' | stats sum(bytes) as total by srcAddr",
            "action == REJECT",
        ),
        (
            "AWSVPCFlow | where Action == \"REJECT\" and DstPort in (22, 3389) | summarize count() by SrcAddr",
            "action == REJECT and dstport in {22, 3389}",
        ),
        (
            "SELECT srcaddr, sum(bytes) FROM vpc_flow_logs WHERE action = 'REJECT' AND dstport BETWEEN 20 AND 25 GROUP BY srcaddr ORDER BY 2 DESC LIMIT 10;",
            "action == REJECT and dstport in {20..25}",
        ),
    ];
    for (text, filter) in cases {
        check(text, filter);
    }
}

#[test]
fn what_cannot_be_translated_is_named() {
    let catalog = Catalog::default();
    let cases = [
        (
            "[version, account, eni, source = 10.1*, ...]",
            "cannot be translated: srcaddr == 10.1*",
        ),
        (
            "fields @timestamp, srcAddr | sort @timestamp",
            "selects every record",
        ),
        (
            "filter strlen(action) > 3 | limit 5",
            "cannot be translated: strlen(action) > 3",
        ),
    ];
    for (text, message) in cases {
        let diagnostics = compile(text, &Context::new(&catalog)).diagnostics;
        let first = diagnostics.first().expect("it is no filter");
        assert!(first.message.contains(message), "{text}: {}", first.message);
        assert_eq!(first.suggestion, None, "{text}");
    }
}

#[test]
fn filters_are_no_queries() {
    let catalog = Catalog::default();
    let filters = [
        "filter action = \"REJECT\"",
        "where port 22",
        "display",
        "reject || accept",
        "\"fields | filter\"",
        "count == 5",
        "{22, 443}",
        "reject | ok",
    ];
    for text in filters {
        assert_eq!(query(text, &Context::new(&catalog)), None, "{text}");
    }
}
