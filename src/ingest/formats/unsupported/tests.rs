use super::known::{AWS_CLI_TABLE, AWS_CLI_YAML, SPREADSHEET};
use super::*;
use crate::format;

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
        "<134>1 2026-11-23T02:21:00Z host flow - - - 2 123456789010 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 40 1418530010 1418530070 ACCEPT OK",
        "- - 2 eni-1 10.0.0.1 10.0.0.2",
        "---\n2 123456789010 eni-1",
        "version: 2\nservices:\n",
    ] {
        assert_eq!(by_first_line(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn what_other_programs_print_is_known_by_its_first_lines() {
    check(
        "2026-11-23T17:05:15.514108Z 203.0.113.1 36280 443 TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 4.036 \"CN=x\" - - Success TID_1",
        "alb-connection-log",
    );
    check(
        "#separator \\x09\n#set_separator\t,\n#fields\tts\tuid\tid.orig_h\n",
        "zeek",
    );
    check(
        "Date first seen          Duration Proto      Src IP Addr:Port          Dst IP Addr:Port   Packets\n",
        "nfdump",
    );
    check(
        "   StartTime      Flgs  Proto            SrcAddr  Sport   Dir            DstAddr  Dport  TotPkts\n",
        "argus",
    );
    check(
        "02:21:00.123456 IP 10.0.0.1.443 > 10.0.0.2.1234: Flags [S], seq 1, length 0\n",
        "tcpdump",
    );
    check(
        "2026-11-23 02:21:00.123456 IP6 2001:db8::1.443 > 2001:db8::2.1234: Flags [S]\n",
        "tcpdump",
    );
    check(
        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n",
        "git-lfs",
    );
    check(
        "\nAn error occurred (AccessDenied) when calling the FilterLogEvents operation\n",
        "aws-error",
    );
    check("-----BEGIN PGP MESSAGE-----\n\nhQ\n", "encrypted");
}

#[test]
fn markup_is_named_by_what_it_says() {
    check(
        "<!DOCTYPE html>\n<html><body>10.0.0.1</body></html>",
        "html",
    );
    check("<html>", "html");
    check(
        "<table border=\"1\" class=\"dataframe\">\n<tr><th>srcaddr</th></tr>",
        "html",
    );
    check("<?xml version=\"1.0\"?>\n<a/>", "xml");
    check(
        "<?xml version=\"1.0\"?>\n<ListBucketResult><Name>b</Name></ListBucketResult>",
        "s3-listing",
    );
    for error in [
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code><Message>x</Message></Error>",
        "<Error><Code>AccessDenied</Code></Error>",
    ] {
        let found = by_first_line(error.as_bytes()).unwrap();
        assert_eq!(
            (found.format, &*found.name),
            ("s3-error", "an error message of S3 (AccessDenied)")
        );
    }
}

#[test]
fn yaml_and_drawn_tables_are_flow_logs_in_another_form() {
    let record = "2 123456789012 eni-0a1b 10.0.1.5 198.51.100.7 49152 443 6 10 4200 1795400400 1795400460 ACCEPT OK";
    for text in [
        format!("events:\n- eventId: '1'\n  message: {record}\n"),
        format!("results:\n- - field: '@message'\n    value: {record}\n"),
        format!("- events:\n  - eventId: '1'\n    message: {record}\n"),
        format!("- {record}\n- {record}\n"),
        format!("- '{record}'\n"),
        format!("- message: {record}\n  timestamp: 1795400400000\n"),
        "events: []\nsearchedLogStreams: []\n".to_owned(),
    ] {
        check(&text, "yaml");
    }
    let unnamed = record.replacen("2 ", "- ", 1);
    for record in [unnamed.clone(), unnamed.replace("123456789012", "1")] {
        assert_eq!(by_first_line(record.as_bytes()), None, "{record}");
    }
    check("-----------\n|  Events |\n+---------+\n", "table");
    check("+---------+-------+\n| srcaddr | bytes |\n", "table");
    check("┌─────────┬───────┐\n│ srcaddr │ bytes │\n", "table");
    check("┏━━━━━━━━━┳━━━━━━━┓\n┃ srcaddr ┃ bytes ┃\n", "table");
    check(
        "shape: (2, 2)\n┌─────────┬───────┐\n│ srcaddr ┆ bytes │\n",
        "table",
    );
    for problem in [AWS_CLI_YAML, AWS_CLI_TABLE].map(|unsupported| unsupported.problem()) {
        assert!(
            matches!(problem, ReadProblem::Unsupported { .. }),
            "{problem:?}"
        );
        assert!(
            format::Problem::sentence(&problem).contains("--output json"),
            "{problem:?}"
        );
    }
}

#[test]
fn what_flowlogs_reader_prints_has_too_many_columns_without_a_value() {
    let record = "2 123456789012 eni-0a1b 10.0.1.5 198.51.100.7 49152 443 6 10 4200 1795400400 1795400460 ACCEPT OK";
    let line = |rest: usize, word: &str| format!("{record}{}\n", format!(" {word}").repeat(rest));
    check(&line(33, "-"), "flowlogs-reader");
    for text in [line(0, "-"), line(32, "-"), line(34, "-"), line(33, "5")] {
        assert_eq!(by_first_line(text.as_bytes()), None, "{text}");
    }
}

#[track_caller]
fn check_magic(bytes: &[u8], format: Option<&str>) {
    let found = by_magic(bytes).map(|unsupported| unsupported.format);
    assert_eq!(found, format, "{bytes:?}");
}

#[test]
fn no_first_bytes_stand_twice_among_the_known_ones() {
    let mut magics: Vec<&[u8]> = known::MAGICS.iter().map(|(magic, _)| *magic).collect();
    let count = magics.len();
    magics.sort_unstable();
    magics.dedup();
    assert_eq!(magics.len(), count);
}

#[test]
fn archives_documents_and_databases_are_known_by_their_first_bytes() {
    for (bytes, format) in [
        (&b"ORC\x0a\x03"[..], "orc"),
        (b"Obj\x01\x04\x14avro.codec", "avro"),
        (b"ARROW1\0\0\xff\xff\xff\xff", "arrow"),
        (b"FEA1\0\0\0\0", "arrow"),
        (b"\xff\xff\xff\xff\x10\x02\0\0\x10\0\0\0", "arrow"),
        (b"\x5d\0\0\x80\0\xff\xff\xff", "lzma"),
        (b"\x1f\x9d\x90", "compress (.Z)"),
        (b"\xff\x06\0\0sNaPpY\x01", "snappy"),
        (b"\x02\x21\x4c\x18\x10\0\0\0", "LZ4 (legacy frame)"),
        (b"7z\xbc\xaf\x27\x1c\0\x04", "7z"),
        (b"Rar!\x1a\x07\x01", "rar"),
        (b"SQLite format 3\0", "sqlite"),
        (b"\x11\x22\x33\x44\x55\x66\x77\x88DUCK\x40", "duckdb"),
        (b"\xd4\xc3\xb2\xa1\x02\0\x04\0", "pcap"),
        (b"\n\r\r\n\x1c\0\0\0\x4d\x3c\x2b\x1a", "pcap"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "spreadsheet"),
        (b"\x80\x04\x95\0", "pickle"),
        (b"%PDF-1.7", "document"),
    ] {
        check_magic(bytes, Some(format));
    }
    for bytes in [
        &b""[..],
        b"2 123456789012 eni-1",
        b"\n\r\r\n\r\n2 123",
        b"\xff\xff\xff\xff",
        b"\xff\xff\xff\xff\x11\0\0\0",
        b"PK\x01",
    ] {
        check_magic(bytes, None);
    }
}

/// The local header of a zip entry that is stored as it is, and its content.
fn zip_entry(name: &str, content: &str) -> Vec<u8> {
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.resize(26, 0);
    bytes.extend([u8::try_from(name.len()).unwrap(), 0, 0, 0]);
    bytes.extend(name.as_bytes());
    bytes.extend(content.as_bytes());
    bytes
}

#[test]
fn spreadsheets_are_told_from_other_zip_archives() {
    let zip = |entries: &[(&str, &str)]| -> Vec<u8> {
        entries
            .iter()
            .flat_map(|(name, content)| zip_entry(name, content))
            .collect()
    };
    for (entries, format) in [
        (
            &[("[Content_Types].xml", "<x/>"), ("xl/workbook.xml", "")][..],
            "spreadsheet",
        ),
        (
            &[
                ("_rels/.rels", "<x/>"),
                ("docProps/app.xml", "<x/>"),
                ("xl/a.xml", ""),
            ],
            "spreadsheet",
        ),
        (
            &[("mimetype", "application/vnd.oasis.opendocument.spreadsheet")],
            "spreadsheet",
        ),
        (
            &[("mimetype", "application/vnd.oasis.opendocument.text")],
            "document",
        ),
        (
            &[("[Content_Types].xml", "<x/>"), ("word/document.xml", "")],
            "document",
        ),
        (&[("flow.log", "2 123456789012")], "zip"),
    ] {
        check_magic(&zip(entries), Some(format));
    }
    check_magic(b"PK\x03\x04\x14", Some("zip"));
    assert!(!is_enough(b"PK\x03\x04\x14"));
    assert!(format::Problem::sentence(&SPREADSHEET.problem()).contains("save it as CSV"));
}

/// The header of a tar archive whose first file is called `name`.
fn tar_header(name: &str, magic: &[u8]) -> Vec<u8> {
    let mut block = vec![0; 512];
    block[..name.len()].copy_from_slice(name.as_bytes());
    block[100..108].copy_from_slice(b"0000644\0");
    block[257..257 + magic.len()].copy_from_slice(magic);
    let sum = block.iter().map(|byte| u32::from(*byte)).sum::<u32>() + 8 * 32;
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

#[test]
fn a_tar_archive_is_known_by_the_checksum_of_its_first_header() {
    for magic in [&b"ustar\x0000"[..], b"ustar  \0", b""] {
        let mut header = tar_header("logs/flow.log", magic);
        check_magic(&header, Some("tar"));
        check_magic(&header[..511], None);
        header[0] += 1;
        check_magic(&header, None);
    }
    check_magic(&[0; 1024], None);
}

#[test]
fn only_remarks_are_read_on_to_see_what_they_begin() {
    assert!(is_enough(b"x\n"));
    assert!(!is_enough(b"#Version: 1.0\n"));
    assert!(is_enough(&[b'#'; SNIFF_BYTES]));
}

#[test]
fn rows_of_single_fields_in_the_text_of_the_aws_cli_are_named() {
    for text in [
        "RESULTS\tsrcAddr\t10.0.0.5\nRESULTS\tbytes\t40\n",
        "Complete\nRESULTS\t@timestamp\t2026-11-23 02:21:00.000\nRESULTS\tsrcAddr\t10.0.0.5\n",
    ] {
        check(text, "insights-text");
    }
    for text in [
        "Complete\nRESULTS\t@timestamp\t2026-11-23 02:21:00.000\nRESULTS\t@message\t2 1 eni-1\n",
        "Complete nonsense\nRESULTS\tsrcAddr\t10.0.0.5\n",
    ] {
        assert_eq!(by_first_line(text.as_bytes()), None, "{text}");
    }
}
