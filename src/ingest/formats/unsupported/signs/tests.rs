use super::*;

#[track_caller]
fn check(names: &str, has_flow: bool, expected: Option<&str>) {
    let names: Vec<&str> = names.split(' ').collect();
    let found = Signs::of_all(&names).recognize(has_flow);
    let format = found.as_ref().map(|unsupported| unsupported.format);
    assert_eq!(format, expected, "{names:?}");
    if let Some(unsupported) = found {
        let RejectReason::OtherLog(name) = unsupported.reason() else {
            panic!("{unsupported:?}");
        };
        assert_eq!(name, unsupported.name);
    }
}

#[test]
fn other_logs_are_known_even_where_they_have_addresses_and_times() {
    for has_flow in [false, true] {
        let known = |names: &str, format: &str| check(names, has_flow, Some(format));
        known(
            "srcaddr query_timestamp query_name query_type",
            "route53-query-log",
        );
        known("SRCADDR QueryName QueryType", "route53-query-log");
        known(
            "firewall_name event_timestamp event",
            "network-firewall-log",
        );
        known(
            "startTime serviceNetworkArn sourceIpPort",
            "vpc-lattice-access-log",
        );
        known(
            "version id detail-type source account time",
            "eventbridge-event",
        );
        known("insertId jsonPayload logName timestamp", "google-cloud-log");
        known(
            "connection start_time end_time reporter",
            "google-cloud-log",
        );
        known("timestamp flow_id event_type src_ip dest_ip", "suricata");
        known("ts uid id.orig_h id.orig_p id.resp_h", "zeek");
        known("ts te td sa da sp dp", "nfdump");
        known("eventVersion eventSource awsRegion s3", "s3-event");
    }
}

#[test]
fn findings_and_descriptions_are_known_where_nothing_says_who_or_when() {
    for (names, format) in [
        (
            "schemaVersion accountId partition severity type",
            "guardduty-finding",
        ),
        (
            "SchemaVersion AccountId Partition Severity Type",
            "guardduty-finding",
        ),
        ("awsAccountId findingArn status", "inspector-finding"),
        ("AwsAccountId GeneratorId Region", "securityhub-finding"),
        (
            "time macAddress category resourceId operationName",
            "azure-flow-log",
        ),
        (
            "time systemId category resourceId operationName",
            "azure-flow-log",
        ),
        ("NetworkInterfaceId SubnetId VpcId", "network-interfaces"),
        ("InstanceId ImageId VpcId", "instances"),
        ("instance_id private_ip_address", "instances"),
    ] {
        check(names, false, Some(format));
        check(names, true, None);
    }
}

#[test]
fn names_of_flow_logs_tell_nothing() {
    for names in [
        "version account_id interface_id srcaddr dstaddr start end action log_status",
        "instance_id bytes",
        "account source destination windowstart windowend",
        "query_name",
        "",
    ] {
        check(names, false, None);
        check(names, true, None);
    }
}

#[test]
fn there_are_bits_and_marks_enough() {
    assert!(NAMES.len() <= 64);
    assert!(SIGNS.len() < 0x80);
    for sign in SIGNS {
        for name in sign.names {
            assert_eq!(schema::normalize(name), *name);
        }
    }
}
