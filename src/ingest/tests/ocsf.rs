//! Events in the schema of OCSF as JSON: what Security Lake and `parseToOCSF` make of flow logs.

use super::*;

/// An event of the flow of a record, with or without line ends.
fn event(own: &str, other: &str, rest: &str) -> String {
    format!(
        r#"{{"metadata": {{"product": {{"version": "5", "name": "Amazon VPC", "feature": {{"name": "Flowlogs"}}}},
        "profiles": ["cloud", "datetime"], "version": "1.5.0"}}, "class_uid": 4001, "class_name": "Network Activity",
        "cloud": {{"account": {{"uid": "123456789012"}}, "region": "eu-west-1", "provider": "AWS"}},
        "src_endpoint": {{{own}, "port": 40000, "svc_name": "-"}}, "dst_endpoint": {{{other}, "port": 443}},
        "connection_info": {{"protocol_num": 6, "tcp_flags": 3, "boundary_id": 4, "direction_id": 2}},
        "traffic": {{"bytes": 4249, "packets": 8}}, "time": 1700000000000, "end_time_dt": "2023-11-14 22:14:20+00:00",
        "observables": [{{"name": "src_endpoint.ip", "value": "10.0.0.5", "type": "IP Address", "type_id": 2}}],
        "unmapped": {{"sublocation_type": "-", "reject_reason": "BPA"}}, {rest}}}"#
    )
}

const LINE: &str = "5 123456789012 eni-1 10.0.0.7 198.51.100.9 40000 443 6 8 4249 1700000000 1700000060 REJECT OK 3 \
    10.0.0.5 198.51.100.9 eu-west-1 - - egress 1 - BPA";

#[test]
fn events_of_network_activity_are_records_and_others_are_rejected() {
    let own = r#""ip": "10.0.0.5", "intermediate_ips": ["10.0.0.7"], "interface_uid": "eni-1""#;
    let other = r#""ip": "198.51.100.9", "svc_name": "-""#;
    let flow = event(own, other, r#""status_code": "OK", "action": "Denied""#);
    let api =
        r#"{"class_uid": 6003, "src_endpoint": {"ip": "10.0.0.5"}, "dst_endpoint": {}, "time": 1}"#;
    for document in [
        format!("{}\n{api}\n", flow.replace('\n', " ")),
        format!("[{flow}, {api}]"),
    ] {
        let loaded = load_bytes(document.as_bytes());
        let source = &loaded.store.sources()[0];
        assert_eq!(source.format, "ocsf");
        let records = seen(&loaded.store).records;
        let lines: Vec<_> = records
            .iter()
            .map(|(_, _, line, _)| line.as_str())
            .collect();
        assert_eq!(lines, [LINE]);
        let class = RejectReason::OtherLog("an OCSF event of class 6003 (API Activity)");
        assert_eq!(loaded.store.rejects().by_reason[&class], 1);
    }
}

#[test]
fn a_file_with_events_of_other_classes_alone_is_not_a_flow_log() {
    let api = r#"{"class_uid": 6003, "src_endpoint": {"ip": "10.0.0.5"}, "time": 1}"#;
    let dns = r#"{"class_uid": 4003, "src_endpoint": {"ip": "10.0.0.5"}, "time": 1}"#;
    for (document, expected) in [
        (
            api.to_owned(),
            "this is not a flow log: the only object in it is an OCSF event of class 6003 (API Activity)",
        ),
        (
            format!("{api}\n{api}\n"),
            "this is not a flow log: each of the 2 objects in it is an OCSF event of class 6003 (API Activity)",
        ),
        (
            format!("[{api}, {dns}, {api}]"),
            "this is not a flow log: 2 of the 3 objects in it are each an OCSF event of class 6003 (API Activity), \
             and the others are no flows either",
        ),
    ] {
        let loaded = load_bytes(document.as_bytes());
        let source = &loaded.store.sources()[0];
        let error = source.status.error().unwrap();
        assert_eq!(
            error,
            format!("{expected}; flow logs are OCSF events of class 4001 (Network Activity)")
        );
        assert!(source.line_counts.is_balanced());
        assert_eq!(loaded.store.rejects().count(), 0);
    }
}

#[test]
fn several_addresses_on_the_way_are_said() {
    let own = r#""ip": "10.0.0.5", "intermediate_ips": ["10.0.0.7", "10.0.0.8"], "interface_uid": "eni-1""#;
    let other = r#""ip": "198.51.100.9", "svc_name": "-""#;
    let flow = event(own, other, r#""status_code": "OK", "action": "Denied""#);
    let loaded = load_bytes(flow.as_bytes());
    let records = seen(&loaded.store).records;
    assert_eq!(records[0].2, LINE);
    assert_eq!(
        loaded.store.sources()[0].warnings,
        [
            "intermediate_ips has several addresses in some events; the first one was taken for the address that the \
             interface sees"
        ]
    );
}

#[test]
fn events_in_the_hits_of_a_search_are_records_too() {
    let own = r#""ip": "10.0.0.5", "intermediate_ips": ["10.0.0.7"], "interface_uid": "eni-1""#;
    let other = r#""ip": "198.51.100.9", "svc_name": "-""#;
    let flow = event(own, other, r#""status_code": "OK", "action": "Denied""#);
    let document = format!(r#"{{"hits": {{"hits": [{{"_index": "x", "_source": {flow}}}]}}}}"#);
    let loaded = load_bytes(document.as_bytes());
    assert_eq!(loaded.store.sources()[0].format, "ocsf");
    let records = seen(&loaded.store).records;
    assert_eq!(records.len(), 1);
    assert_eq!(records[0].2, LINE);
}

#[test]
fn a_table_of_events_is_named() {
    let table =
        "time,class_uid,start_time,src_endpoint.ip,dst_endpoint.ip\n1,4001,1,10.0.0.1,10.0.0.2\n";
    let error = load_bytes(table.as_bytes()).store.sources()[0]
        .status
        .error();
    assert!(error.is_some_and(|error| error.contains("a table of OCSF events")));
}
