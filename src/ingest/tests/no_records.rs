//! Objects and rows that are no records, alone and among flow logs: none is read, and each is accounted for.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::store::Compression;

/// What is said of a file of which nothing is read.
#[track_caller]
fn error_of(text: &str) -> String {
    let loaded = load_bytes(text.as_bytes());
    let source = &loaded.store.sources()[0];
    assert_eq!(loaded.store.rows(), 0, "{text}");
    assert!(source.line_counts.is_balanced(), "{:?}", source.line_counts);
    assert!(matches!(source.status, Status::Unreadable(_)), "{source:?}");
    source.status.error().unwrap()
}

#[track_caller]
fn check(text: &str, says: &str) {
    let error = error_of(text);
    assert!(error.contains(says), "{error}");
}

#[test]
fn findings_events_and_descriptions_are_named() {
    check(
        r#"{"schemaVersion":"2.0","accountId":"123456789012","region":"us-east-1","partition":"aws","type":"Recon:EC2/Portscan","severity":5}"#,
        "this is a GuardDuty finding, not a flow log; to see the traffic, open the VPC flow logs",
    );
    check(
        r#"{"Findings":[{"AccountId":"123456789012","Partition":"aws","SchemaVersion":"2.0","Severity":5}]}"#,
        "a GuardDuty finding",
    );
    check(
        r#"{"awsAccountId":"123456789012","findingArn":"arn:aws:inspector2:::finding/1","status":"ACTIVE","type":"NETWORK_REACHABILITY"}"#,
        "an Inspector finding, not a flow log",
    );
    check(
        r#"{"version":"0","id":"x","detail-type":"ECS Task State Change","source":"aws.ecs","account":"123456789012","time":"2026-11-23T02:21:00Z","region":"us-east-1","resources":[],"detail":{}}"#,
        "an EventBridge event, not a flow log",
    );
    check(
        "{\"NetworkInterfaceId\":\"eni-1\",\"VpcId\":\"vpc-1\",\"InterfaceType\":\"interface\"}\n",
        "a description of network interfaces, not a flow log",
    );
    check(
        r#"{"Reservations":[{"ReservationId":"r-1","Instances":[{"InstanceId":"i-1"}]}]}"#,
        "a description of EC2 instances",
    );
    check(
        "InstanceId,SubnetId,VpcId,PrivateIpAddress\ni-1,subnet-1,vpc-1,10.0.0.1\n",
        "a description of EC2 instances",
    );
}

#[test]
fn logs_that_lie_beside_flow_logs_are_named() {
    check(
        r#"{"version":"1.100000","srcaddr":"10.0.0.1","vpc_id":"vpc-1","query_timestamp":"2026-11-23T02:21:00Z","query_name":"example.com.","query_type":"A","rcode":"NOERROR"}"#,
        "a log of queries to Route 53 Resolver, not a flow log",
    );
    check(
        r#"{"firewall_name":"f","availability_zone":"us-east-1a","event_timestamp":"1795400460","event":{"event_type":"netflow","src_ip":"10.0.0.1"}}"#,
        "a log of AWS Network Firewall, not a flow log",
    );
    check(
        r#"{"eventTimestamp":"t","serviceNetworkArn":"arn","sourceIpPort":"10.0.0.1:80","startTime":"2026-11-23T02:21:00Z","duration":5}"#,
        "an access log of VPC Lattice, not a flow log",
    );
    check(
        r#"{"records":[{"time":"t","systemId":"s","macAddress":"m","category":"NetworkSecurityGroupFlowEvent","resourceId":"/SUBSCRIPTIONS/","operationName":"NetworkSecurityGroupFlowEvents","properties":{"Version":2,"flows":[]}}]}"#,
        "an Azure log of network flows, not a flow log",
    );
    check(
        r#"{"insertId":"x","jsonPayload":{"bytes_sent":"1","connection":{"src_ip":"10.0.0.1"},"start_time":"t"},"logName":"projects/p/logs/vpc_flows"}"#,
        "a log entry of Google Cloud",
    );
}

#[test]
fn what_nobody_knows_is_told_by_its_names_and_what_a_record_needs() {
    let needs =
        "export at least one of srcaddr, dstaddr, pkt-srcaddr, pkt-dstaddr, start, end as well";
    for text in [
        "{\"level\":\"info\",\"version\":3,\"deep\":{}}\n{\"a\":1}\n",
        "[[{\"field\":\"level\",\"value\":\"x\"},{\"field\":\"version\",\"value\":\"1\"}]]",
    ] {
        let error = error_of(text);
        assert!(
            error.contains("JSON without an address or a time of a flow log (its first object has level, version)")
                && error.contains(needs),
            "{error}"
        );
    }
    check("srcport,bytes\n22,5\n", "(its columns are srcport, bytes)");
    check("action;count\nACCEPT;5\n", needs);
    check(
        "{\"deep\":{}}",
        "JSON without an address or a time of a flow log, not a flow log",
    );
    let long = format!("instance-id,y{}\n", "\u{202e}x".repeat(100));
    let error = error_of(&long);
    assert!(
        error.contains("y\\u{202e}x") && error.contains("…)"),
        "{error}"
    );
    assert!(!error.contains('\u{202e}') && error.len() < 600, "{error}");
}

/// The text of a file that is no flow log, though nothing names it.
const README: &str =
    "# Flow logs\n\nThis folder has the flow logs of November.\nSee the wiki for more.\n";

#[test]
fn text_without_a_likeness_to_records_is_no_flow_log() {
    check(
        README,
        "this is text, not a flow log: none of its 2 lines is like a record; if it is one, name the order of its fields",
    );
    check(
        "hello\n",
        "this is text, not a flow log: its only line is not like a record",
    );
    check(
        "\u{1}\u{2}\u{3}\n\u{1}\n",
        "this is binary data, not a flow log",
    );
    // A header, or a line that could be a damaged record, makes it one.
    for (text, rejects) in [
        (format!("{HEADER}\nhello world\n"), 1),
        (
            format!("{README}2 123456789012 eni-1 10.0.0.1 10.0.0.2 1 2 6\n"),
            3,
        ),
        (
            "2 123456789012 eni-1 10.0.0.1 \u{1} 10.0.0.2 1 2 6\n".to_owned(),
            1,
        ),
    ] {
        let loaded = load_bytes(text.as_bytes());
        assert_eq!(loaded.store.sources()[0].status, Status::Ok, "{text}");
        assert_eq!(loaded.store.line_counts().rejects, rejects, "{text}");
    }
}

#[test]
fn what_is_no_flow_log_is_skipped_in_a_folder_and_in_no_sum() {
    let cloudtrail = r#"{"Records":[{"eventVersion":"1.08","userIdentity":{},"sourceIPAddress":"203.0.113.1"}]}"#;
    let damaged = format!("{HEADER}\nhello\n");
    let orc = b"ORC\x0a\x03\0\0".to_vec();
    let files = [
        RECORD.into(),
        cloudtrail.into(),
        README.into(),
        damaged.into_bytes(),
        orc,
        b"\x01\x02\x03\n".to_vec(),
    ];
    let loaded = load_files(&files, false);
    let sources = loaded.store.sources();
    let names: Vec<&str> = sources.iter().map(|source| source.status.name()).collect();
    // What may be a flow log, or what is left of one, is not skipped.
    let expected = ["ok", "skipped", "skipped", "ok", "unreadable", "ok"];
    assert_eq!(names, expected);
    let counts = loaded.store.line_counts();
    assert_eq!((counts.lines, counts.records, counts.rejects), (4, 1, 2));
    assert!(counts.is_balanced());
    assert!(sources[1].message().unwrap().contains("CloudTrail"));
    assert!(!sources[1].status.is_failure() && sources[4].status.is_failure());
}

#[test]
fn a_file_that_is_named_beside_its_folder_is_named() {
    let folder = folder(&[("a.log", RECORD.as_bytes()), ("b.md", README.as_bytes())]);
    let path = folder.path().to_owned();
    for inputs in [[path.clone(), path.join("b.md")], [path.join("b.md"), path]] {
        let inputs = inputs.map(Input::Path).to_vec();
        let loaded = load(inputs, Options::default()).unwrap();
        let mut names: Vec<_> = loaded
            .store
            .sources()
            .iter()
            .map(|s| s.status.name())
            .collect();
        names.sort_unstable();
        assert_eq!(names, ["ok", "unreadable"]);
    }
}

#[test]
fn what_is_a_record_stays_one() {
    for (text, records) in [
        (
            "{\"srcaddr\":\"10.0.0.1\",\"dstaddr\":\"10.0.0.2\",\"packets\":5}",
            1,
        ),
        (
            "{\"interface_id\":\"eni-1\",\"start\":1,\"end\":2,\"log_status\":\"NODATA\"}",
            1,
        ),
        ("{\"srcaddr\":null,\"bytes\":5}", 1),
        ("{\"PktSrcAddr\":\"10.0.0.1\"}", 1),
        (
            "{\"windowstart\":\"1795400460\",\"account\":\"123456789012\"}",
            1,
        ),
        ("srcaddr,bytes\n10.0.0.1,5\n", 1),
        ("end,bytes\n7,5\n", 1),
        // Somebody chose these fields for a flow log.
        ("interface-id bytes action\neni-1 5 ACCEPT\n", 1),
        ("interface-id\tbytes\taction\neni-1\t5\tACCEPT\n", 1),
    ] {
        let loaded = load_bytes(text.as_bytes());
        assert_eq!(loaded.store.rows(), records, "{text}");
        assert_eq!(loaded.store.sources()[0].status, Status::Ok, "{text}");
        assert_eq!(loaded.store.line_counts().rejects, 0, "{text}");
    }
}

#[test]
fn what_is_among_records_is_counted_by_what_it_is() {
    let text = "{\"srcaddr\":\"10.0.0.1\"}\n{\"version\":1}\n{\"findingArn\":\"x\"}\n{\"findingArn\":\"y\"}\n7\n";
    let loaded = load_bytes(text.as_bytes());
    let source = &loaded.store.sources()[0];
    assert_eq!(source.status, Status::Ok);
    assert_eq!(
        (source.line_counts.records, source.line_counts.rejects),
        (1, 4)
    );
    let rejects = loaded.store.rejects();
    let reasons: Vec<_> = rejects
        .by_reason
        .iter()
        .map(|(r, n)| (r.to_string(), *n))
        .collect();
    let expected = [
        ("neither a message nor a row", 1),
        ("neither an address nor a time", 1),
        ("an Inspector finding, not a flow log", 2),
    ];
    assert_eq!(
        reasons,
        expected.map(|(reason, count)| (reason.to_owned(), count))
    );
    assert_eq!(rejects.kept[1].text, "{\"findingArn\":\"x\"}");
}

#[test]
fn a_broken_document_is_told_before_what_it_is_not() {
    let cut = load_bytes(br#"[{"version":1},{"version":2"#);
    assert_eq!(cut.store.sources()[0].status.name(), "truncated");
    assert_eq!(cut.store.line_counts().rejects, 2);
}

/// An element of a document, and whether it is a record where it stands behind one.
fn element() -> impl Strategy<Value = (&'static str, bool)> {
    select(vec![
        (r#"{"srcaddr":"10.0.0.1","bytes":5}"#, true),
        (
            r#"{"message":"2 123456789012 eni-1 - - - - - - - 1 2 - NODATA"}"#,
            true,
        ),
        (r#"{"bytes":6}"#, true),
        (r#"{"bytes":6,"new":1}"#, false),
        (r#"{"new":{"srcaddr":"10.0.0.1"}}"#, true),
        (r#"{"findingArn":"x","region":"us-east-1"}"#, false),
        (
            r#"{"srcaddr":"10.0.0.1","query_name":"a.","query_type":"A"}"#,
            false,
        ),
        (
            r#"{"detail-type":"x","source":"y","detail":{"end":1}}"#,
            false,
        ),
        ("7", false),
        ("{}", false),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_element_is_a_record_or_a_reject(
        elements in prop::collection::vec(element(), 0..40),
        sizes in prop::collection::vec(1usize..200, 1..20),
        is_list in any::<bool>(),
    ) {
        let first = (r#"{"srcaddr":"10.0.0.1","bytes":4}"#, true);
        let elements: Vec<_> = std::iter::once(first).chain(elements).collect();
        let texts: Vec<&str> = elements.iter().map(|(text, _)| *text).collect();
        let document = if is_list { format!("[{}]", texts.join(",")) } else { texts.join("\n") };
        let seen = properties::read(document.into_bytes(), sizes, Compression::NONE);
        let lines = |is_record: bool| -> Vec<u64> {
            let all = (1..).zip(&elements);
            all.filter(|(_, (_, record))| *record == is_record).map(|(line, _)| line).collect()
        };
        let records: Vec<u64> = seen.records.iter().map(|record| record.1).collect();
        let rejects: Vec<u64> = seen.rejects.iter().map(|reject| reject.1).collect();
        prop_assert_eq!(records, lines(true));
        prop_assert_eq!(rejects, lines(false));
        prop_assert!(seen.line_counts.is_balanced());
    }

    #[test]
    fn tables_one_behind_another_are_accounted_for(
        tables in prop::collection::vec((any::<bool>(), 0usize..4), 1..6),
        sizes in prop::collection::vec(1usize..60, 1..20),
    ) {
        let mut text = String::new();
        for (has_flow, rows) in &tables {
            text += if *has_flow { "srcaddr,bytes\n" } else { "srcport,bytes\n" };
            text += &if *has_flow { "10.0.0.1,5\n" } else { "22,5\n" }.repeat(*rows);
        }
        let seen = properties::read(text.clone().into_bytes(), sizes, Compression::NONE);
        prop_assert!(seen.line_counts.is_balanced());
        if tables[0].0 {
            let rows = |flow: bool| tables.iter().filter(|t| t.0 == flow).map(|t| t.1 as u64).sum::<u64>();
            prop_assert_eq!(seen.line_counts.lines, text.lines().count() as u64);
            prop_assert_eq!(seen.line_counts.records, rows(true));
            let headers = tables.iter().filter(|table| !table.0).count() as u64;
            prop_assert_eq!(seen.line_counts.rejects, rows(false) + headers);
        } else {
            prop_assert_eq!(seen.line_counts.lines, 0);
        }
    }
}
