//! Known orders behind and before other words, and several of them in one file.

use std::fmt::Write as _;

use proptest::prelude::*;
use proptest::sample::select;

use super::properties::{read, read_plainly};
use super::*;
use crate::schema::id;
use crate::store::{Assumed, Compression};

const VERSION_5: &str = "5 123456789010 eni-1235b8ca123456789 10.0.0.1 10.0.0.2 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK vpc-1 subnet-1 i-1 2 IPv4 10.0.0.1 10.0.0.2 us-east-1 use1-az1 - - - S3 egress 8";
const TRANSIT_GATEWAY: &str = "6 TransitGateway 123456789010 tgw-1 tgw-attach-1 123456789010 123456789011 vpc-1 vpc-2 subnet-1 subnet-2 eni-1 eni-2 use1-az1 use1-az2 tgw-attach-2 10.0.0.1 10.0.0.2 443 20641 6 20 4249 1418530010 1418530070 OK IPv4 0 0 0 0 18 us-east-1 egress - -";
const THROUGH_GATEWAY: &str = "3 eni-33333333333333333 123456789010 vpc-1 subnet-1 - 10.0.0.1 10.0.0.2 39812 80 6 3 IPv4 10.0.0.1 10.0.0.3 ACCEPT OK";
const NODATA: &str =
    "2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - NODATA";
/// Records of several orders, and with words around them.
const LINES: [&str; 5] = [RECORD, VERSION_5, TRANSIT_GATEWAY, THROUGH_GATEWAY, NODATA];
const PREFIXES: [&str; 6] = [
    "",
    "2025-11-23T00:00:00.123Z eni-1235b8ca123456789-all ",
    "/vpc/flow eni-1235b8ca123456789-all 2025-11-23T00:00:00Z 2025-11-23T00:00:09Z ",
    "<134>Oct 20 22:41:00 host vpcflow: ",
    "<134>1 2025-10-20T22:41:00Z host vpcflow - - - ",
    "2025-10-20T22:41:00.123456789Z stdout F ",
];

fn line() -> impl Strategy<Value = String> {
    let record = (select(&LINES), 1024u16..65_535)
        .prop_map(|(line, port)| line.replace(" 20641 ", &format!(" {port} ")));
    (select(&PREFIXES), record).prop_map(|(prefix, record)| format!("{prefix}{record}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn any_mixture_of_known_orders_is_read_in_any_portions(
        lines in prop::collection::vec(line(), 1..60),
        sizes in prop::collection::vec(1usize..3000, 1..20),
    ) {
        let text = lines.join("\n").into_bytes();
        let expected = read_plainly(&text);
        prop_assert_eq!(expected.line_counts.records, lines.len() as u64);
        for (record, line) in expected.records.iter().zip(&lines) {
            prop_assert_eq!(&record.2, line);
        }
        prop_assert_eq!(&read(text.clone(), sizes, Compression::NONE), &expected);
        let loaded = load_bytes(&text);
        prop_assert_eq!(seen(&loaded.store).records, expected.records);
    }
}

#[test]
fn the_order_of_most_lines_is_that_of_the_file_and_others_are_read_line_by_line() {
    let mut lines = vec![
        TRANSIT_GATEWAY,
        "...",
        RECORD,
        RECORD,
        "what is this",
        RECORD,
    ];
    let count = |lines: &[&str]| {
        let loaded = load_bytes(&text_of(lines));
        let counts = loaded.store.line_counts();
        (counts.records, counts.comments, counts.rejects)
    };
    assert_eq!(count(&lines), (4, 1, 1));
    // Below a header, too.
    lines.insert(0, HEADER);
    assert_eq!(count(&lines), (4, 1, 1));
    let loaded = load_bytes(&text_of(&lines));
    assert_eq!(loaded.store.cell_text(RowId(0), id::TGW_ID), "tgw-1");
    assert_eq!(loaded.store.line_text(RowId(0)), TRANSIT_GATEWAY);
}

#[test]
fn what_is_left_of_a_damaged_line_is_no_record() {
    let (half, _) = RECORD.split_at(40);
    let joined = format!("{half}{RECORD}");
    let behind = format!("{RECORD}{RECORD}");
    let apart = format!("{half} {RECORD}");
    let twice = format!("{RECORD} {RECORD}");
    for line in [&joined, &behind, &apart, &twice, &format!("{RECORD} extra")] {
        let loaded = load_bytes(&text_of(&[RECORD, RECORD, line, RECORD]));
        let counts = loaded.store.line_counts();
        assert_eq!((counts.records, counts.rejects), (3, 1), "{line}");
    }
}

#[test]
fn words_behind_records_of_version_2_become_columns() {
    let line = format!("{RECORD} web-1 eni-1235b8ca123456789-all 1418530010000");
    let loaded = load_bytes(&text_of(&[&line, &line]));
    let source = &loaded.store.sources()[0];
    let names: Vec<String> = source.layouts[0].fields[14..]
        .iter()
        .map(|field| loaded.store.catalog.name(*field))
        .collect();
    assert_eq!(names, ["extra-15", "log-stream", "timestamp"]);
    assert_eq!(source.assumed, [Assumed::Names(vec!["extra-15".into()])]);
    assert_eq!(loaded.store.line_text(RowId(1)), line);
}

#[test]
fn a_log_group_before_addresses_of_version_6_is_no_place_of_grep() {
    let record = RECORD
        .replace("172.31.16.139", "2001:db8::1")
        .replace("172.31.16.21", "2001:db8::2");
    let line = format!("/vpc/flow eni-1235b8ca123456789-all {record}");
    let loaded = load_bytes(&text_of(&[&line, &line]));
    assert_eq!(loaded.store.cell_text(RowId(1), id::SRCADDR), "2001:db8::1");
    assert_eq!(loaded.store.line_counts().rejects, 0);
}

#[test]
fn the_text_output_of_awscli_is_read() {
    let token = "37".repeat(28);
    let text = format!(
        "b/{token}/s\tf/{token}/s\nEVENTS\t3745\t1418530100000\teni-1235b8ca123456789-all\t{RECORD}\t1418530010000\nEVENTS\t3746\t1418530100000\teni-1235b8ca123456789-all\t{NODATA}\t1418530010000\nSEARCHEDLOGSTREAMS\tTrue\teni-1235b8ca123456789-all\n"
    );
    let loaded = load_bytes(text.as_bytes());
    let counts = loaded.store.line_counts();
    assert_eq!((counts.records, counts.comments, counts.rejects), (2, 2, 0));
    assert_eq!(loaded.store.cell_text(RowId(0), id::BYTES), "4249");
    let results = format!(
        "Complete\nRESULTS\t@message\t{RECORD}\nRESULTS\t@ptr\tCmEK\nSTATISTICS\t1.0\t1.0\n"
    );
    let counts = load_bytes(results.as_bytes()).store.line_counts();
    assert_eq!((counts.records, counts.comments, counts.rejects), (1, 3, 0));
}

#[test]
fn every_message_of_a_page_on_one_line_counts_as_a_line() {
    let page = vec![RECORD; 30].join("\t");
    let text = format!("{page}\n{NODATA}\t{RECORD}\r\n");
    let loaded = load_bytes(text.as_bytes());
    let counts = loaded.store.line_counts();
    assert_eq!((counts.records, counts.lines), (32, 32));
    assert_eq!(loaded.store.sources()[0].format, "messages");
    assert_eq!(loaded.store.line_text(RowId(31)), RECORD);
    assert_eq!(loaded.store.source_position(RowId(31)), (0, 32));
}

#[test]
fn a_great_many_layouts_are_no_burden() {
    let names: Vec<&str> = HEADER.split(' ').collect();
    let mut text = Vec::new();
    for number in 0..20_000 {
        let mut rest: Vec<&str> = names.clone();
        let mut left = number;
        let mut order = Vec::new();
        while !rest.is_empty() {
            order.push(rest.remove(left % rest.len()));
            left = left / (rest.len() + 1) + 1;
        }
        writeln!(text, "{}\n{}", order.join(" "), vec!["-"; 14].join(" ")).unwrap();
    }
    let loaded = load_bytes(&text);
    assert_eq!(loaded.store.rows(), 20_000);
    assert_eq!(loaded.store.fields().len(), 14);
}

#[test]
fn a_line_that_was_cut_off_is_no_record_of_a_shorter_order() {
    let words: Vec<&str> = VERSION_5.split(' ').collect();
    for count in 14..words.len() {
        let cut = words[..count].join(" ");
        let lines = [VERSION_5, VERSION_5, RECORD, &cut, VERSION_5];
        let loaded = load_bytes(lines.join("\n").as_bytes());
        let reasons: Vec<_> = loaded.store.rejects().by_reason.iter().collect();
        assert_eq!(reasons, [(&RejectReason::TooFewFields, &1)], "{cut}");
        assert_eq!(loaded.store.rows(), 4, "{cut}");
    }
}

#[test]
fn any_number_of_odd_lines_leaves_room_for_known_orders_and_other_files() {
    let mut odd = format!("{RECORD}\n{RECORD}\n{VERSION_5}\n");
    for first in ["", "2025-11-23T00:00:00Z ", "eni-1-all "] {
        for before in 0..7 {
            for after in 1..=64 {
                let (before, after) = ("x.y ".repeat(before), " -".repeat(after));
                writeln!(odd, "{first}{before}{RECORD}{after}").unwrap();
            }
        }
    }
    writeln!(odd, "{TRANSIT_GATEWAY}").unwrap();
    let other = format!("{RECORD}\n{RECORD}\n{RECORD}\nx.y x.y x.y {RECORD} - - -\n");
    let folder = folder(&[("a", odd.as_bytes()), ("b", other.as_bytes())]);
    let loaded = load_path(folder.path(), Options::default());
    let counts = |index: usize| loaded.store.sources()[index].line_counts;
    let last = u64::try_from(odd.lines().count()).unwrap();
    let rejects = &loaded.store.rejects().kept;
    assert!(counts(0).rejects > 0, "some are too many");
    assert!(rejects.iter().all(|reject| reject.line != last));
    assert_eq!((counts(1).records, counts(1).rejects), (4, 0));
}
