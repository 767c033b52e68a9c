use super::*;
use crate::schema::id;

#[track_caller]
fn check(path: &str, expected: &[(FieldId, Option<&str>)], warnings: usize) {
    let mut source = Source {
        path: path.into(),
        ..Source::default()
    };
    enter(&mut source);
    let values: Vec<_> = source
        .folder_values
        .iter()
        .map(|value| (value.field, value.word.as_deref()))
        .collect();
    assert_eq!(values, expected, "{path}");
    assert_eq!(source.warnings.len(), warnings, "{path}");
}

#[test]
fn folders_named_after_a_field_give_its_value_in_any_spelling() {
    check(
        "logs/action=REJECT/a.log",
        &[(id::ACTION, Some("REJECT"))],
        0,
    );
    check(
        "log-status=OK/interface_id=eni-0a1b/dstPort=443/a.log",
        &[
            (id::LOG_STATUS, Some("OK")),
            (id::INTERFACE_ID, Some("eni-0a1b")),
            (id::DSTPORT, Some("443")),
        ],
        0,
    );
    check(
        "srcaddr=2001%3Adb8%3A%3A1/x",
        &[(id::SRCADDR, Some("2001:db8::1"))],
        0,
    );
    check(
        "action=__HIVE_DEFAULT_PARTITION__/x",
        &[(id::ACTION, None)],
        0,
    );
    check("action=/x", &[(id::ACTION, None)], 0);
    check(
        "action=ACCEPT/action=REJECT/x",
        &[(id::ACTION, Some("REJECT"))],
        0,
    );
}

#[test]
fn other_folders_and_the_name_of_the_file_give_nothing() {
    check(
        "aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=us-east-1/x",
        &[],
        0,
    );
    check("year=2026/month=11/day=23/hour=02/x", &[], 0);
    check("team=net/a=b=c/plain/action=REJECT", &[], 0);
    check("-", &[], 0);
}

#[test]
fn a_value_that_its_field_cannot_have_is_ignored_with_a_warning() {
    check("dstport=https/x", &[], 1);
    check("account=production/srcaddr=nowhere/x", &[], 2);
    check("action=%FF/x", &[], 1);
    check("start=2026-11-23 02%3A20%3A00/x", &[], 1);
}

#[test]
fn an_account_that_was_a_number_gets_its_zeros_back() {
    check(
        "account-id=123456789012/x",
        &[(id::ACCOUNT_ID, Some("123456789012"))],
        0,
    );
    check(
        "account_id=12345678901/x",
        &[(id::ACCOUNT_ID, Some("012345678901"))],
        1,
    );
    check(
        "account-id=123456789012.0/x",
        &[(id::ACCOUNT_ID, Some("123456789012"))],
        0,
    );
    check("account-id=12345678/x", &[], 1);
}
