//! Odd lines, one by one: what becomes of each, and that the file gets its line back.

use super::*;
use crate::schema::{FieldId, id};

/// Loads a good line and then `line`, both under the default format.
fn second(line: &str) -> Loaded {
    load_bytes(&text_of(&[RECORD, line]))
}

/// `line` is a record, whose value of `field` is `value`, and the file gets it back byte for byte.
#[track_caller]
fn check(line: &str, field: FieldId, value: &str) {
    let loaded = second(line);
    let rejects = loaded.store.rejects();
    assert_eq!(loaded.store.rows(), 2, "{line}: {rejects:?}");
    assert_eq!(loaded.store.cell_text(RowId(1), field), value, "{line}");
    assert_eq!(loaded.store.line_text(RowId(1)), line);
}

#[track_caller]
fn check_reject(line: &str, reason: RejectReason) {
    let loaded = second(line);
    let kept = &loaded.store.rejects().kept;
    assert_eq!(kept.len(), 1, "{line}");
    let reject = &kept[0];
    assert_eq!(
        (&reject.reason, reject.line, &*reject.text),
        (&reason, 2, line)
    );
}

fn with(old: &str, new: &str) -> String {
    assert!(RECORD.contains(old));
    RECORD.replace(old, new)
}

#[test]
fn a_field_that_is_out_of_range_or_no_number_is_a_reject() {
    for port in [
        "65536",
        "-1",
        "+22",
        "0x50",
        "20641.0",
        "99999999999999999999",
        "2²",
    ] {
        check_reject(&with("20641", port), RejectReason::BadValue(id::SRCPORT));
    }
    check_reject(
        &with(" 6 20 ", " 256 20 "),
        RejectReason::BadValue(id::PROTOCOL),
    );
    check_reject(
        &with(" 6 20 ", " ospf 20 "),
        RejectReason::BadValue(id::PROTOCOL),
    );
    check_reject(
        &with("4249", "18446744073709551616"),
        RejectReason::BadValue(id::BYTES),
    );
    check_reject(
        &with("4249", &"9".repeat(400)),
        RejectReason::BadValue(id::BYTES),
    );
    check_reject(&with("1418530010", "-5"), RejectReason::BadValue(id::START));
    check_reject(
        &with("1418530010", "9223372036854775807"),
        RejectReason::BadValue(id::START),
    );
    check_reject(
        &RECORD.replacen('2', "x", 1),
        RejectReason::BadValue(id::VERSION),
    );
}

#[test]
fn an_address_is_read_strictly() {
    for address in [
        "999.1.1.1",
        "172.31.16",
        "0172.031.016.0139",
        "1.2.3.256",
        "1.2.3.4.",
        ".1.2.3",
        "1..2.3",
        "1.2.3.04",
        "1.2.3.4.5",
        "fe80::1%eth0",
        ":::",
        "10.0.0.1:80",
        "a.b.c.d",
        "1234567",
        "0a:1b:2c:3d:4e:5f",
    ] {
        check_reject(
            &with("172.31.16.139", address),
            RejectReason::BadValue(id::SRCADDR),
        );
    }
    for address in [
        "0.0.0.0",
        "255.255.255.255",
        "1.2.3.4",
        "::",
        "::1",
        "2001:db8::1",
        "::ffff:10.0.0.1",
    ] {
        check(&with("172.31.16.139", address), id::SRCADDR, address);
    }
    check(
        &with("172.31.16.139", "2001:DB8:0:0::1"),
        id::SRCADDR,
        "2001:db8::1",
    );
}

#[test]
fn the_number_of_words_must_be_right_but_a_remark_may_follow() {
    check_reject(&with(" OK", ""), RejectReason::TooFewFields);
    check_reject(&with(" OK", " OK extra"), RejectReason::TooManyFields);
    check(&with(" OK", " OK # extra words"), id::LOG_STATUS, "OK");
    check(&with(" OK", " OK #extra"), id::LOG_STATUS, "OK");
    check_reject(
        &format!("\"{RECORD}\""),
        RejectReason::BadValue(id::VERSION),
    );
    check_reject(&RECORD.replace(' ', ","), RejectReason::TooFewFields);
}

#[test]
fn white_space_between_words_does_not_matter_and_comes_back() {
    check(&RECORD.replace(' ', "  "), id::BYTES, "4249");
    check(&RECORD.replace(' ', "\t"), id::BYTES, "4249");
    check(&format!(" {RECORD}"), id::BYTES, "4249");
    check(&format!("{RECORD} "), id::BYTES, "4249");
    check(&format!("{RECORD}\r"), id::LOG_STATUS, "OK");
    check(&RECORD.replacen(' ', "  ", 1), id::BYTES, "4249");
}

#[test]
fn words_are_kept_as_they_are() {
    for action in [
        "accept",
        "BLOCK",
        "+ACCEPT",
        "=1+1",
        "ZUSTÄNDIG",
        "\u{1b}[31m",
        "x\u{202e}y",
        &"w".repeat(25),
    ] {
        check(&with("ACCEPT", action), id::ACTION, action);
    }
    check(&with("123456789010", "unknown"), id::ACCOUNT_ID, "unknown");
    check(
        &with("123456789010", "000000000001"),
        id::ACCOUNT_ID,
        "000000000001",
    );
    check(&with(" OK", " MAYBE"), id::LOG_STATUS, "MAYBE");
    check(
        &with("eni-1235b8ca123456789", "eni-\u{1b}]52;c;ZXZpbA==\u{7}"),
        id::SRCPORT,
        "20641",
    );
}

#[test]
fn numbers_are_kept_whole_whatever_their_spelling() {
    check(
        &with("4249", "18446744073709551615"),
        id::BYTES,
        "18446744073709551615",
    );
    check(&with("4249", "4294967296"), id::BYTES, "4294967296");
    check(
        &with("4249", "123456789012345678"),
        id::BYTES,
        "123456789012345678",
    );
    check(&with("4249", "0004249"), id::BYTES, "4249");
    check(&with("4249", "0"), id::BYTES, "0");
    check(&with(" 6 20 ", " tcp 20 "), id::PROTOCOL, "6");
    check(&with(" 6 20 ", " UDP 20 "), id::PROTOCOL, "17");
    check(&with(" 6 20 ", " icmp 20 "), id::PROTOCOL, "1");
    check(&RECORD.replacen('2', "99", 1), id::VERSION, "99");
}

#[test]
fn times_in_smaller_units_become_seconds_with_one_warning() {
    for zeros in [3, 6, 9] {
        let time = format!("1418530010{}", "0".repeat(zeros));
        check(&with("1418530010", &time), id::START, "1418530010");
    }
    let loaded = second(&with("1418530010", "1418530010123"));
    assert_eq!(loaded.store.sources()[0].warnings.len(), 1);
    let plain = second(&with("1418530010", "4102444800"));
    assert_eq!(plain.store.sources()[0].warnings, [""; 0]);
    // The end may lie before the start: odd, and kept.
    check(&with("1418530070", "1418530000"), id::END, "1418530000");
}

#[test]
fn a_missing_value_is_not_zero() {
    let line = "2 123456789010 eni-1 - - - - - - - 1431280876 1431280934 - NODATA";
    for field in [id::SRCADDR, id::DSTPORT, id::BYTES, id::ACTION] {
        check(line, field, "-");
    }
    check(line, id::LOG_STATUS, "NODATA");
    check("2 - - - - - - - - - 1 2 - SKIPDATA", id::INTERFACE_ID, "-");
}

#[test]
fn a_mac_address_is_for_efa_alone() {
    let efa =
        "type srcaddr dstaddr\nEFA 0a:1b:2c:3d:4e:5f -\nIPv4 0a:1b:2c:3d:4e:5f -\n- 1.2.3.4 -\n";
    let loaded = load_bytes(efa.as_bytes());
    assert_eq!(loaded.store.rows(), 2);
    assert_eq!(
        loaded.store.cell_text(RowId(0), id::SRCADDR),
        "0a:1b:2c:3d:4e:5f"
    );
    assert_eq!(loaded.store.rejects().kept[0].line, 3);
}

#[test]
fn rejected_lines_leave_no_words_behind() {
    let loaded = second(&with("eni-1235b8ca123456789", "eni-other").replace("20641", "99999"));
    assert_eq!(loaded.store.rejects().count(), 1);
    assert_eq!(loaded.store.interfaces(), 1);
}

#[test]
fn a_header_in_the_middle_changes_the_columns() {
    let text = text_of(&[
        RECORD,
        "srcaddr my-tag srcaddr action",
        "1.2.3.4 x 5.6.7.8 ACCEPT",
        "1.2.3.4 x 5.6.7.8",
        HEADER,
        RECORD,
    ]);
    let loaded = load_bytes(&text);
    let store = &loaded.store;
    assert_eq!(
        (
            store.rows(),
            store.line_counts().headers,
            store.line_counts().rejects
        ),
        (3, 2, 1)
    );
    let field = |name: &str| store.catalog.lookup(name).unwrap();
    assert_eq!(store.cell_text(RowId(1), field("my-tag")), "x");
    assert_eq!(store.cell_text(RowId(1), id::SRCADDR), "1.2.3.4");
    assert_eq!(store.cell_text(RowId(1), field("srcaddr (2)")), "5.6.7.8");
    assert_eq!(store.cell_text(RowId(1), id::DSTADDR), "-");
    assert_eq!(store.cell_text(RowId(2), field("my-tag")), "-");
    assert_eq!(store.line_text(RowId(1)), "1.2.3.4 x 5.6.7.8 ACCEPT");
    assert_eq!(store.sources()[0].layouts.len(), 3);
}

#[test]
fn a_log_format_holds_until_a_header_says_otherwise() {
    let text = text_of(&["ACCEPT 1.2.3.4", "srcaddr action", "5.6.7.8 REJECT"]);
    let folder = folder(&[("a", &text)]);
    let options = Options {
        log_format: Some("${action} ${srcaddr}".into()),
        threads: 1,
        ..Options::default()
    };
    let loaded = load_path(folder.path(), options);
    assert_eq!(loaded.store.rows(), 2);
    assert_eq!(loaded.store.cell_text(RowId(0), id::SRCADDR), "1.2.3.4");
    assert_eq!(loaded.store.cell_text(RowId(1), id::ACTION), "REJECT");
}
