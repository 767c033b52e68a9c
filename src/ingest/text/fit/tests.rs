use super::*;

#[track_caller]
fn check(field: FieldId, word: &str, expected: Fit) {
    assert_eq!(fit(field, word), expected, "{field:?} {word}");
}

#[test]
fn values_look_as_their_fields_have_them() {
    for (field, word) in [
        (id::INTERFACE_ID, "eni-0a1b2c3d"),
        (id::VPC_ID, "vpc-1"),
        (id::INSTANCE_ID, "i-0a1b"),
        (id::ACCOUNT_ID, "000000000012"),
        (id::ACCOUNT_ID, "unknown"),
        (id::REGION, "us-gov-west-1"),
        (id::REGION, "eusc-de-east-1"),
        (id::AZ_ID, "use1-lax1-az1"),
        (id::PKT_SRC_AWS_SERVICE, "S3"),
        (id::PKT_SRC_AWS_SERVICE, "CLOUDFRONT_ORIGIN_FACING"),
        (id::SRCADDR, "2001:db8::1"),
        (id::START, "1763856000"),
        (id::ACTION, "REJECT"),
    ] {
        check(field, word, Fit::Typical);
    }
}

#[test]
fn values_of_other_fields_contradict() {
    for (field, word) in [
        (id::INTERFACE_ID, "vpc-1"),
        (id::INSTANCE_ID, "10.0.0.1"),
        (id::ACCOUNT_ID, "12"),
        (id::REGION, "use1-az2"),
        (id::REGION, "web-server-1"),
        (id::AZ_ID, "us-east-1"),
        (id::PKT_SRC_AWS_SERVICE, "ACCEPT"),
        (id::PKT_SRC_AWS_SERVICE, "NODATA"),
        (id::START, "80"),
        (id::START, "-"),
        (id::VERSION, "443"),
        (id::ACTION, "OK"),
        (id::TCP_FLAGS, "443"),
    ] {
        check(field, word, Fit::Contradicts);
    }
}

#[test]
fn what_is_missing_or_common_says_nothing() {
    check(id::SRCADDR, "-", Fit::Possible);
    check(id::BYTES, "44", Fit::Possible);
    check(id::VERSION, "5", Fit::Possible);
    check(id::SRCADDR, "0a:1b:2c:3d:4e:5f", Fit::Possible);
}

#[test]
fn the_time_of_an_event_is_known_in_every_spelling() {
    for word in [
        "2023-09-25T18:00:01",
        "2023-09-25T18:00:01.000000+00:00",
        "2025-02-25T12:25:04.000Z",
        "1740486304000",
    ] {
        assert!(is_event_time(word), "{word}");
    }
    for word in [
        "1740486304",
        "2023-09-25",
        "2023-09-25T18:00",
        "12:25:04",
        "-",
        "",
        "2023-09-25T18:00:01x",
    ] {
        assert!(!is_event_time(word), "{word}");
    }
}

#[test]
fn a_damaged_record_looks_like_one_and_other_text_does_not() {
    for line in [
        "2 123456789012 eni-0a1b2c 10.0.1.5 198.51.100.7 49152 443 6 10 4200 1795400400 ACCEPT OK",
        "10.0.1.5 198.51.100.7",
        "\"10.0.1.5\",\"198.51.100.7\"",
        "x 1795400400 y z 1795400460 w",
        "something NODATA",
        "eni-0a1b",
        "6 10 4200 x",
        "10.0.1.5 4200",
        "vpc-0a1b2c3d4e5f60718 us-east-1",
        "2 2001:db8::1 - - 5 7 a b c",
    ] {
        assert!(resembles_record(line), "{line}");
    }
    for line in [
        "",
        "See the wiki for more.",
        "Nov 23 02:20:01 ip-10-0-0-5 sshd[123]: Accepted publickey for ubuntu from 203.0.113.5 port 52222 ssh2",
        "services:",
        "vpc-flow-logs of i-deadbeats",
        "  image: nginx:1.27",
        "Ann,Oslo",
        "5",
        "accepted 12 of 14 items on 2026-11-23",
    ] {
        assert!(!resembles_record(line), "{line}");
    }
}
