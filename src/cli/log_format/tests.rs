use super::*;

#[track_caller]
fn orders(document: &str) -> Vec<LogFormat> {
    let document = serde_json::from_str(document).unwrap();
    let mut orders = Vec::new();
    collect(&document, &mut orders);
    orders
}

#[test]
fn what_tells_the_files_of_a_flow_log_is_found_in_its_description() {
    let document = r#"{"FlowLogs":[
        {"FlowLogId":"fl-1","LogFormat":"${srcaddr}","LogDestination":"arn:aws:s3:::bucket/a/folder/","ResourceId":"vpc-1"},
        {"FlowLogId":"fl-2","LogFormat":"${dstaddr}","LogGroupName":"/mine/group","LogDestination":"arn:aws:logs:us-east-1:123456789012:log-group:/mine/group:*"},
        {"FlowLogId":"fl-3","LogFormat":"${bytes}","ResourceId":"eni-1"}]}"#;
    let orders = orders(document);
    let hints = |index: usize| orders[index].hints.join(" ");
    assert_eq!(hints(0), "fl-1 vpc-1 bucket/a/folder bucket a/folder");
    assert_eq!(hints(1), "fl-2 mine/group mine/group mine group");
    assert_eq!(hints(2), "fl-3 eni-1 eni-1-all eni-1-accept eni-1-reject");
}

#[test]
fn flow_logs_of_one_format_are_for_everything() {
    let same =
        orders(r#"[{"LogFormat":"${srcaddr}"},{"FlowLogId":"fl-2","LogFormat":"${srcaddr}"}]"#);
    let given = of_orders(same).unwrap();
    assert_eq!(given.all.as_deref(), Some("${srcaddr}"));
    assert_eq!(given.each, []);
    assert_eq!(of_orders(Vec::new()), None);
}

#[test]
fn descriptions_may_be_in_utf_16() {
    let text = "{\"LogFormat\":\"${srcaddr}\"}";
    let units = || "\u{feff}".encode_utf16().chain(text.encode_utf16());
    for bytes in [
        text.as_bytes().to_vec(),
        format!("\u{feff}{text}").into_bytes(),
        units().flat_map(u16::to_le_bytes).collect(),
        units().flat_map(u16::to_be_bytes).collect(),
    ] {
        assert_eq!(text_of(bytes).as_deref(), Some(text));
    }
    assert_eq!(text_of(vec![0xff, 0xfe, 0x41]), None);
    assert_eq!(text_of(vec![0xc3]), None);
}
