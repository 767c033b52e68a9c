use super::*;

#[track_caller]
fn check(text: &str, format: &str) {
    let found = by_first_line(text.as_bytes()).map(|unsupported| unsupported.format);
    assert_eq!(found, Some(format), "{text}");
}

#[test]
fn logs_of_other_services_are_known_by_their_first_line() {
    check(
        "h2 2026-11-23T02:23:00.186641Z app/web/50dc6c495c0c9188 203.0.113.39:2817 10.0.0.1:80 0.000 0.001 0.000 200 200 34 366 \"GET https://www.example.com:443/ HTTP/2.0\" \"curl\" - -",
        "alb-access-log",
    );
    check(
        "tls 2.0 2026-11-23T02:59:40 net/lb/c6e77e28c25b2234 g3d4b5e8bb8464cd 203.0.113.154:51341 10.0.0.185:443 5 2 98 246 -",
        "nlb-access-log",
    );
    check(
        "2026-11-23T23:39:43.945958Z my-lb 203.0.113.39:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200 200 0 29 \"GET http://www.example.com:80/ HTTP/1.1\" \"curl\" - -",
        "clb-access-log",
    );
    check(
        "version aws_account_id accelerator_id client_ip client_port gip gip_port endpoint_ip",
        "globalaccelerator-flow-log",
    );
    check(
        "2.0 123456789012 5b45f2a9-0000-4000-8000-abcdefabcdef 203.0.113.2 45423",
        "globalaccelerator-flow-log",
    );
    check(
        "#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method\n",
        "cloudfront-log",
    );
    check(
        &format!(
            "{} bucket [06/Feb/2026:00:00:38 +0000] 203.0.113.3 - 3E57 REST.GET.OBJECT",
            "7".repeat(64)
        ),
        "s3-access-log",
    );
    check(
        "203.0.113.3 - - [06/Feb/2026:00:00:38 +0000] \"GET / HTTP/1.1\" 200 5",
        "web-access-log",
    );
    check(
        "1.0 2026-11-23T08:16:02.130Z Z123412341234 example.com A NOERROR UDP FRA6 203.0.113.1 -",
        "route53-query-log",
    );
}

#[test]
fn flow_logs_are_not_taken_for_others() {
    for text in [
        "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status",
        "2 123456789010 eni-1 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK",
        "2025-11-23T00:00:00 2 123456789010 eni-1 10.0.0.1 10.0.0.2 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK",
        "#Fields: version srcaddr dstaddr\n",
        "#Version: 1.0\n#Fields: srcaddr time-taken\n",
        "{\"events\":[{\"message\":\"2 1 eni-1\"}]}",
        "[]",
        "",
        "x",
    ] {
        assert_eq!(by_first_line(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn only_remarks_are_read_on_to_see_what_they_begin() {
    assert!(is_enough(b"x\n"));
    assert!(!is_enough(b"#Version: 1.0\n"));
    assert!(is_enough(&[b'#'; LOG_SNIFF_BYTES]));
}
