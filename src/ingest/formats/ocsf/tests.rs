use super::*;

/// What an event with these values gives, field by field; fields without a value are left out.
fn values(words: &[(&str, &'static str)]) -> String {
    let words: Vec<(Attribute, &str)> = words
        .iter()
        .map(|(path, word)| (attribute(path).unwrap(), *word))
        .collect();
    let attributes: Vec<Attribute> = words.iter().map(|(attribute, _)| *attribute).collect();
    let event = Event::new(words);
    let mut values = Vec::new();
    for field in fields(&attributes) {
        if let Some(value) = event.value(field) {
            values.push(format!("{}={value}", field.def().unwrap().name));
        }
    }
    values.join(" ")
}

#[test]
fn an_event_of_security_lake_gives_the_record_that_it_was_made_of() {
    let words = [
        ("class_uid", "4001"),
        ("metadata.product.version", "5"),
        ("cloud.account.uid", "123456789012"),
        ("cloud.region", "eu-west-1"),
        ("cloud.zone", "euw1-az2"),
        ("time", "1700000000000"),
        ("start_time_dt", "2023-11-14 22:13:20+00:00"),
        ("end_time_dt", "2023-11-14 22:14:20.000+00:00"),
        ("status_code", "OK"),
        ("action", "Allowed"),
        ("connection_info.protocol_num", "6"),
        ("connection_info.protocol_ver", "IPv4"),
        ("connection_info.tcp_flags", "19"),
        ("connection_info.boundary_id", "11"),
        ("connection_info.direction_id", "2"),
        ("traffic.packets", "8"),
        ("traffic.bytes", "4249"),
        ("src_endpoint.ip", "10.0.0.5"),
        ("src_endpoint.port", "40000"),
        ("src_endpoint.interface_uid", "eni-0a1b"),
        ("src_endpoint.vpc_uid", "vpc-0c"),
        ("src_endpoint.subnet_uid", "subnet-0d"),
        ("src_endpoint.instance_uid", "i-0e"),
        ("src_endpoint.svc_name", "-"),
        ("dst_endpoint.ip", "198.51.100.9"),
        ("dst_endpoint.intermediate_ips", "10.0.0.1"),
        ("dst_endpoint.port", "443"),
        ("dst_endpoint.svc_name", "S3"),
        ("unmapped.reject_reason", "-"),
        ("unmapped.sublocation_type", "outpost"),
    ];
    assert_eq!(
        values(&words),
        "version=5 account-id=123456789012 interface-id=eni-0a1b srcaddr=10.0.0.5 dstaddr=10.0.0.1 srcport=40000 \
         dstport=443 protocol=6 packets=8 bytes=4249 start=1700000000 end=1700000060 action=ACCEPT log-status=OK \
         vpc-id=vpc-0c subnet-id=subnet-0d instance-id=i-0e tcp-flags=19 type=IPv4 pkt-srcaddr=10.0.0.5 \
         pkt-dstaddr=198.51.100.9 region=eu-west-1 az-id=euw1-az2 pkt-dst-aws-service=S3 flow-direction=egress \
         traffic-path=8 sublocation-type=outpost"
    );
}

#[test]
fn the_direction_says_whose_interface_it_is() {
    let both = |direction| {
        values(&[
            ("connection_info.direction", direction),
            ("src_endpoint.interface_uid", "eni-1"),
            ("dst_endpoint.interface_uid", "eni-2"),
        ])
    };
    assert_eq!(both("Inbound"), "interface-id=eni-2 flow-direction=ingress");
    assert_eq!(both("Outbound"), "interface-id=eni-1 flow-direction=egress");
    assert_eq!(both("Unknown"), "");
    let only = values(&[("dst_endpoint.interface_uid", "eni-2")]);
    assert_eq!(only, "interface-id=eni-2");
}

#[test]
fn the_action_is_named_numbered_or_told_by_the_activity() {
    let action = |words: &[(&str, &'static str)]| values(words);
    assert_eq!(action(&[("action", "Denied")]), "action=REJECT");
    assert_eq!(
        action(&[("action", "-"), ("action_id", "1")]),
        "action=ACCEPT"
    );
    assert_eq!(
        action(&[("disposition", "Blocked"), ("activity_id", "5")]),
        "action=REJECT"
    );
    assert_eq!(action(&[("disposition_id", "2")]), "action=REJECT");
    assert_eq!(action(&[("activity_id", "6")]), "action=ACCEPT");
    assert_eq!(action(&[("activity_id", "2")]), "action=REJECT");
    assert_eq!(
        action(&[("activity_id", "6"), ("status_code", "NODATA")]),
        "log-status=NODATA"
    );
    assert_eq!(
        action(&[("action_id", "0"), ("action", "Observed")]),
        "action=Observed"
    );
}

#[test]
fn packet_addresses_are_not_made_up_for_formats_without_them() {
    let ip = ("src_endpoint.ip", "10.0.0.5");
    assert_eq!(values(&[ip]), "srcaddr=10.0.0.5");
    let version_2 = values(&[("metadata.product.version", "2"), ip]);
    assert_eq!(version_2, "version=2 srcaddr=10.0.0.5");
    let version_3 = values(&[("metadata.product.version", "3"), ip]);
    assert_eq!(version_3, "version=3 srcaddr=10.0.0.5 pkt-srcaddr=10.0.0.5");
}

#[test]
fn boundaries_that_are_no_paths_are_missing() {
    assert_eq!(
        values(&[("connection_info.boundary_id", "4")]),
        "traffic-path=1"
    );
    assert_eq!(values(&[("connection_info.boundary_id", "99")]), "");
    assert_eq!(values(&[("connection_info.boundary_id", "0")]), "");
}

#[test]
fn events_of_other_classes_are_named() {
    let check = |class| Event::new([(Attribute::ClassUid, class)]).check();
    assert_eq!(
        check("6003"),
        Err(RejectReason::OtherLog(
            "an OCSF event of class 6003 (API Activity)"
        ))
    );
    assert_eq!(
        check("9999"),
        Err(RejectReason::OtherLog(
            "an OCSF event of another class than 4001"
        ))
    );
    assert_eq!(check("4001"), Err(RejectReason::NoFlow));
    let time = (Attribute::Time, "1700000000000");
    assert_eq!(
        Event::new([(Attribute::ClassUid, "4001"), time]).check(),
        Ok(())
    );
    assert_eq!(attribute("severity"), None);
    assert_eq!(
        attribute("src_endpoint.intermediate_ips.list.element"),
        Some(Attribute::Source(Endpoint::IntermediateIp))
    );
}
