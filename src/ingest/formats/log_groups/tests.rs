use super::*;

#[test]
fn log_groups_are_known_by_the_names_of_many_programs() {
    for name in [
        "@log",
        "logGroup",
        "log-group",
        "log_group",
        "Log Group",
        "logGroupName",
        "aws.cloudwatch.log_group",
    ] {
        assert!(is_group(name), "{name}");
    }
    for name in ["log", "group", "logStream", "message"] {
        assert!(!is_group(name), "{name}");
    }
    assert!(is_stream("@logStream") && is_stream("logStreamName") && is_stream("log-stream"));
    assert!(is_group_value("log", "123456789012:/vpc/a"));
    assert!(!is_group_value("log", "info"));
}

#[test]
fn the_account_is_not_part_of_the_name() {
    assert_eq!(name("123456789012:/vpc/a"), "/vpc/a");
    assert_eq!(
        name("arn:aws:logs:eu-west-1:123456789012:log-group:/vpc/a:*"),
        "/vpc/a"
    );
    assert_eq!(name("/vpc/a"), "/vpc/a");
    assert_eq!(name("team:vpc"), "team:vpc");
}

#[test]
fn an_interface_in_two_log_groups_is_said_unless_one_has_what_the_other_lacks() {
    let groups = |events: &[(&str, Option<&str>, &str)]| {
        let mut groups = LogGroups::default();
        for (group, stream, message) in events {
            groups.note(
                group.as_bytes(),
                stream.map(str::as_bytes),
                message.as_bytes(),
            );
        }
        groups
    };
    let one = groups(&[
        ("/a", Some("eni-1-all"), ""),
        ("123456789012:/a", None, "2 x eni-1 y"),
    ]);
    assert_eq!((one.only(), one.warning()), (Some("/a"), None));
    let two = groups(&[("/a", Some("eni-1-all"), ""), ("/b", None, "2 x eni-1 y")]);
    assert_eq!(two.only(), None);
    let warning = two.warning().unwrap();
    assert!(
        warning.starts_with("the interface eni-1 is in two log groups, /a and /b,"),
        "{warning}"
    );
    let others = groups(&[("/a", Some("eni-1-all"), ""), ("/b", Some("eni-2-all"), "")]);
    assert_eq!(others.warning(), None);
    let parts = groups(&[
        ("/a", Some("eni-1-accept"), ""),
        ("/b", Some("eni-1-reject"), ""),
    ]);
    assert_eq!(parts.warning(), None);
}
