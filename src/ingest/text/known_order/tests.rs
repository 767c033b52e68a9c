use super::*;
use crate::schema::DEFAULT_FORMAT;

const RECORD: &str = "2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK";

fn recognized(line: &str) -> Option<(usize, usize, usize)> {
    let line = recognize(&record_words(line))?;
    Some((line.prefix, line.fields.len(), line.extra))
}

#[test]
fn a_record_is_found_behind_the_words_that_tools_put_before_it() {
    for (prefix, count) in [
        ("", 0),
        ("1418530010000 ", 1),
        ("2014-12-14T04:06:50.000Z\t", 1),
        ("eni-1235b8ca123456789-all 2014-12-14T04:06:50Z ", 2),
        (
            "/vpc/flow eni-1235b8ca123456789-all 2014-12-14T04:06:50Z 2014-12-14T04:08:00Z ",
            4,
        ),
        ("<134>Oct  2 22:41:00 host vpcflow: ", 5),
        ("Oct 20 22:41:00 host vpcflow[12]: ", 5),
        ("<134>1 2025-10-20T22:41:00Z host vpcflow - - - ", 7),
        ("2025-10-20T22:41:00.123456789Z stdout F ", 3),
        (
            "EVENTS\t3745\t1418530100000\teni-1235b8ca123456789-all\t",
            4,
        ),
    ] {
        let line = format!("{prefix}{RECORD}");
        assert_eq!(recognized(&line), Some((count, 14, 0)), "{line}");
        assert!(reads_as_record(&line), "{line}");
        let line = format!("{prefix}{RECORD}\teni-1-all\t1418530010000 # remark\r\n");
        assert_eq!(recognized(&line), Some((count, 14, 2)), "{line}");
        assert!(reads_as_record(&line), "{line}");
    }
    let line = format!("a b c d e f g h i {RECORD}");
    assert!(!reads_as_record(&line), "nine words are too many");
}

#[test]
fn records_without_traffic_and_altered_ones_are_records() {
    for line in [
        "2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - NODATA",
        "2 unknown - - - - - - - - 1431280876 1431280934 - SKIPDATA",
        "2 123456789010 eni-4b118871 - - - - - - - 1512564058000 1512564059000 - SKIPDATA",
        "2 xxxxxxxxxxxx eni-1 1.2.3.4 1.2.3.5 1 22 6 20 4249 1418530010 1418530070 REJECT OK",
        "2 12345678 eni-1 2001:db8::1 2001:db8::2 1 22 58 20 4249 1418530010 1418530070 REJECT OK",
    ] {
        assert!(reads_as_record(line), "{line}");
    }
}

#[test]
fn the_longest_order_that_fits_is_taken() {
    let version_5 = format!(
        "{} vpc-1 subnet-1 i-1 2 IPv4 10.0.0.1 10.0.0.2 us-east-1 use1-az1 - - - S3 egress 8",
        RECORD.replacen('2', "5", 1)
    );
    assert_eq!(recognized(&version_5), Some((0, 29, 0)));
    let version_2 = format!("{RECORD} 2 10.0.0.1 10.0.0.2 egress 8");
    assert_eq!(recognized(&version_2), Some((0, 14, 5)));
}

#[test]
fn the_orders_of_the_examples_of_aws_are_known() {
    for (line, count) in [
        (
            "3 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456 eni-1235b8ca123456789 123456789010 IPv4 52.213.180.42 10.0.0.62 43638 5001 52.213.180.42 10.0.0.62 6 1260 17 1566933133 1566933193 ACCEPT 3 OK",
            21,
        ),
        (
            "3 eni-33333333333333333 123456789010 vpc-abcdefab012345678 subnet-22222222bbbbbbbbb - 10.20.33.164 10.40.2.236 39812 80 6 3 IPv4 10.20.33.164 10.40.2.236 ACCEPT OK",
            17,
        ),
        (
            "5 52.95.128.179 10.0.0.71 80 34210 6 1616729292 1616729349 IPv4 14 15044 123456789012 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-0c50d5961bcb2d47b eni-1235b8ca123456789 ap-southeast-2 apse2-az3 - - ACCEPT 19 52.95.128.179 10.0.0.71 S3 - - ingress OK",
            29,
        ),
    ] {
        let found = recognize(&record_words(line)).unwrap();
        assert_eq!(
            (found.prefix, found.fields.len(), found.extra),
            (0, count, 0),
            "{line}"
        );
        assert_ne!(found.fields, DEFAULT_FORMAT);
    }
}

#[test]
fn other_texts_do_not_read_as_records() {
    for text in [
        "",
        "what is this",
        "2 3 5 7 11 13 17 19 23 29 31 37 41 43",
        "- - - - - - - - - - - - - -",
        r#"203.0.113.7 - - [20/Oct/2025:22:41:00 +0000] "GET /index.html HTTP/1.1" 200 612 "-" "curl/8.5.0 (x86_64) libcurl OK""#,
        "Oct 20 22:41:00 host sshd[812]: Failed password for invalid user admin from 203.0.113.7 port 51111 ssh2 after 2 tries",
        r#"{"eventVersion": "1.08", "eventTime": "2025-10-20T22:41:00Z", "sourceIPAddress": "203.0.113.7", "a": 1, "b": 2, "c": 3}"#,
        "https 2025-10-20T22:41:00.123456Z app/lb/50dc6c495c0c9188 203.0.113.7:2817 10.0.0.1:80 0.000 0.001 0.000 200 200 34 366 \"GET https://example.com:443/ HTTP/1.1\" \"curl/8.5.0\" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2",
        "1761000000.123    52 10.0.0.5 TCP_MISS/200 1045 GET http://example.com/ - HIER_DIRECT/203.0.113.7 text/html - - - - -",
        "22:50:01        all      2.12      0.00      0.53      0.05      0.00     97.30 1 2 3 4 5 6",
        "1.1 123456789012 vpc-0c10dd1abc10dd1ab 2025-10-20T22:41:00Z example.com. A IN NOERROR 10.0.0.5 41022 UDP ACCEPT - OK",
        r#""message":"2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK""#,
        "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status",
        "2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT",
        "2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK",
        "2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 70641 22 6 20 4249 1418530010 1418530070 ACCEPT OK",
        "2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 MAYBE OK",
        "2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 12 1418530070 ACCEPT OK",
        "2 123456789010 lo0 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK",
    ] {
        assert!(!reads_as_record(text), "{text}");
    }
    let twice = format!("{RECORD}\t{RECORD}");
    assert!(!reads_as_record(&twice), "two records are not one");
    assert!(!reads_as_record(&format!("{RECORD}\n{RECORD}")));
}
