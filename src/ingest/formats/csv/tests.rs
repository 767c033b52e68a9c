use std::fmt::Write as _;

use super::*;
use crate::format::Problem as _;
use crate::ingest::tests::{HEADER, RECORD, load_bytes};
use crate::schema::id;
use crate::store::{RowId, Store};

/// The lines of a table, with notes made visible, and what it is.
fn lines(table: &str, size: usize) -> (Vec<String>, &'static str) {
    let separator = recognize(table.as_bytes());
    let mut csv = Csv::new(separator.expect("a table"), None);
    let mut out = Piece::default();
    out.open_rows();
    for portion in table.as_bytes().chunks(size) {
        csv.input.extend(portion);
        csv.run(&mut out, Rest::More);
    }
    csv.finish(&End::Whole, &mut out);
    out.close_rows();
    (out.visible_lines(), csv.format())
}

#[track_caller]
fn check(table: &str, format: &str, expected: &[&str]) {
    for size in [1, 2, 7, 1 << 16] {
        let (lines, found) = lines(table, size);
        assert_eq!(lines, expected, "in portions of {size}");
        assert_eq!(found, format);
    }
}

#[test]
fn simple_rows_are_words_and_odd_ones_take_their_line_along() {
    check(
        "version,src_addr,note\n2,1.2.3.4,x\n2,1.2.3.4,\"a, b\"\n2,1.2.3.4,a b\n2,,None\n\n# x\n2,::1\n",
        "csv",
        &[
            "header version|src_addr|note|version,src_addr,note",
            "2 1.2.3.4 x",
            "row 2|1.2.3.4|a, b|2,1.2.3.4,\"a, b\"",
            "row 2|1.2.3.4|a b|2,1.2.3.4,a b",
            "row 2|-|None|2,,None",
            "",
            "#",
            "row 2|::1|2,::1",
        ],
    );
}

#[test]
fn messages_stand_in_a_column_and_nothing_else_counts() {
    check(
        "timestamp,message\n1,2 a b\n2,\"2 c\n\"\n3\n4,5,6\n",
        "csv-messages",
        &[
            "header ",
            "2 a b",
            "2 c",
            "reject TooFewFields 3",
            "reject TooManyFields 4,5,6",
        ],
    );
    check(
        "@timestamp,@message,@ptr\r\n2023-09-25 18:00:01.000,2 a,x\r\n",
        "csv-messages",
        &["header ", "2 a"],
    );
    check("@message\n2 a b\n", "csv-messages", &["header ", "2 a b"]);
}

#[test]
fn a_first_row_with_the_text_of_a_record_is_no_header() {
    let record = "2 123456789012 eni-0a1b2c3d4e5f60718 10.0.1.5 10.0.2.9 49152 443 6 10 4400 1795400460 1795400519 ACCEPT OK";
    for row in [
        format!("2026-11-23T02:21:00Z,{record}"),
        format!("\"{record}\",web"),
        format!("a;b;{record}"),
    ] {
        check(
            &format!("{row}\n{row}\n"),
            "csv-messages",
            &[record, record],
        );
        check(&format!("{row}\n"), "csv-messages", &[record]);
    }
    let labelled = format!("2026-11-23T02:21:00Z {{job=\"vpc\", env=\"a\"}} {record}\n");
    assert_eq!(super::recognize(labelled.repeat(2).as_bytes()), None);
}

#[test]
fn a_message_beside_fields_is_a_column_unless_it_is_a_record() {
    let record = "2 123456789012 eni-0a1b2c3d4e5f60718 10.0.1.5 10.0.2.9 49152 443 6 10 4400 1795400460 1795400519 ACCEPT OK";
    for name in ["message", "_raw", "event.original"] {
        let header = format!("{name},srcaddr,bytes");
        let table = format!(
            "{header}\n,10.0.0.1,5\n{record},10.0.0.2,6\n{record},10.0.0.2,6\nhello there,10.0.0.3,7\nx,10.0.0.4,8\n"
        );
        let columns = format!("{name}|srcaddr|bytes|{header}");
        check(
            &table,
            "csv",
            &[
                &format!("header {columns}"),
                "row -|10.0.0.1|5|,10.0.0.1,5",
                "no layout",
                record,
                record,
                &format!("layout {columns}"),
                "row hello there|10.0.0.3|7|hello there,10.0.0.3,7",
                "x 10.0.0.4 8",
            ],
        );
    }
    let store =
        load_bytes(format!("_raw,srcaddr,bytes\n{record},10.0.0.2,6\nx,10.0.0.4,8\n").as_bytes())
            .store;
    let bytes = |row| store.number(RowId(row), id::BYTES);
    assert_eq!((bytes(0), bytes(1)), (Some(4400), Some(8)));
    // A time alone is that of the message.
    check(
        "start,message\n1795400460,2 a b\n",
        "csv-messages",
        &["header ", "2 a b"],
    );
}

#[test]
fn rows_of_a_wrong_width_show_nothing_of_how_values_are_written() {
    let text = "srcaddr,note,start\n::1,23/11/2026 2:21:00\n::1,11/23/2026 2:21:00\n::1,x,11/02/2026 2:21:00\n\
                ::1,x,11/23/2026 2:21:00\n::1,x,y,23/11/2026 2:21:00\n";
    let store = load_bytes(text.as_bytes()).store;
    let starts: Vec<_> = (0..2)
        .map(|row| store.number(RowId(row), id::START))
        .collect();
    assert_eq!(starts, [Some(1_793_586_060), Some(1_795_400_460)]);
    let short =
        "srcaddr,start\n::1,11/23/2026 2:21:00\n23/11/2026 2:21:00\n::1,11/02/2026 2:21:00\n";
    let loaded = load_bytes(short.as_bytes());
    assert_eq!(loaded.store.rows(), 2);
    let reasons: Vec<_> = loaded
        .store
        .rejects()
        .kept
        .iter()
        .map(|reject| reject.reason.to_string())
        .collect();
    assert_eq!(reasons, ["too few fields"]);
}

#[test]
fn the_start_of_a_record_is_read_whichever_column_the_time_of_the_event_is() {
    for header in ["@timestamp,start,srcaddr", "start,@timestamp,srcaddr"] {
        let row = "11/23/2026 2:21:00,11/23/2026 2:21:00,::1";
        let store = load_bytes(format!("{header}\n{row}\n").as_bytes()).store;
        assert_eq!(
            store.number(RowId(0), id::START),
            Some(1_795_400_460),
            "{header}"
        );
    }
}

/// What is written of `table` while more may come, and then at its end.
fn settled(table: &str, rest: &str) -> (Vec<String>, Vec<String>) {
    let mut csv = Csv::new(b',', None);
    let mut lines = [table, rest].into_iter().enumerate().map(|(index, text)| {
        let mut out = Piece::default();
        out.open_rows();
        csv.input.extend(text.as_bytes());
        csv.read(&mut out);
        if index == 0 {
            csv.settle(&mut out);
        } else {
            csv.finish(&End::Whole, &mut out);
        }
        out.close_rows();
        out.visible_lines()
    });
    let first = lines.next().expect("two");
    (first, lines.next().expect("two"))
}

#[test]
fn at_the_end_of_a_file_that_grows_only_rows_with_one_reading_are_read() {
    let (now, later) = settled("version,note\n", "2,\"2 a b\"\n");
    assert_eq!((now.len(), later.len()), (0, 0), "its rows are no records");
    let record = "2 123456789012 eni-0a1b2c3d4e5f60718 10.0.1.5 10.0.2.9 49152 443 6 10 4400 1795400460 1795400519 ACCEPT OK";
    let (now, later) = settled("version,note\n", &format!("2,\"{record}\"\n"));
    assert_eq!(
        (now.len(), later.as_slice()),
        (0, &["header ".to_owned(), record.to_owned()][..])
    );
    let (now, later) = settled(
        "srcaddr,start\n::1,1795400460\n::1,11/02/2026 2:21:00\n::1,1795400460\n",
        "::1,11/23/2026 2:21:00\n",
    );
    assert_eq!(now.len(), 2, "the header and the first row");
    assert_eq!(later.len(), 3);
    assert!(
        later[0].starts_with("row ::1|2026-11-02 02:21:00|"),
        "{later:?}"
    );
    // Words are shown as they are: nothing may ever show what they mean.
    let (now, _) = settled("srcaddr,bytes,note\n::1,5,NA\n", "");
    assert_eq!(now[1], "row ::1|5|NA|::1,5,NA");
    let (now, _) = settled("srcaddr,bytes,note\n::1,5,NA\n::1,NA,x\n", "");
    assert_eq!(now[1], "row ::1|5|-|::1,5,NA");
}

#[test]
fn a_row_may_have_line_ends_and_a_mark_that_nothing_closes_costs_one_line() {
    check(
        "srcaddr,note\n1.2.3.4,\"a\nb\"\n1.2.3.5,\"x\n1.2.3.6,y\n",
        "csv",
        &[
            "header srcaddr|note|srcaddr,note",
            "row 1.2.3.4|a↵b|1.2.3.4,\"a↵b\"",
            "reject OpenQuote 1.2.3.5,\"x",
            "1.2.3.6 y",
        ],
    );
}

#[test]
fn other_separators_are_known_by_the_header() {
    check(
        "srcaddr;bytes\n1.2.3.4;5\n",
        "csv",
        &["header srcaddr|bytes|srcaddr;bytes", "1.2.3.4 5"],
    );
    check(
        "srcaddr\tsum of bytes\n1.2.3.4\t5\n",
        "csv",
        &[
            "header srcaddr|sum_of_bytes|srcaddr\tsum of bytes",
            "1.2.3.4 5",
        ],
    );
    check(
        "Source IP;Dst Port;@x\n1.2.3.4;5;6\n",
        "csv",
        &[
            "header Source_IP|Dst_Port|x|Source IP;Dst Port;@x",
            "1.2.3.4 5 6",
        ],
    );
    for text in [
        HEADER,
        RECORD,
        "srcaddr dstaddr\tbytes packets",
        "a,b,c",
        "1,2,3",
        "what, then",
        "",
        ",",
        "\"",
    ] {
        assert_eq!(recognize(text.as_bytes()), None, "{text}");
    }
    let table = |line: &str, separator: &str| line.replace(' ', separator);
    assert_eq!(recognize(table(RECORD, ",").as_bytes()), Some(b','));
    assert_eq!(recognize(table(RECORD, "\u{1}").as_bytes()), Some(1));
    assert_eq!(recognize(table(HEADER, "\t").as_bytes()), Some(b'\t'));
    assert_eq!(
        recognize(table(RECORD, "\t").as_bytes()),
        None,
        "words of text"
    );
    assert_eq!(recognize(b"sep=;\r\na;b\r\n"), Some(b';'));
    assert_eq!(
        recognize(b"# of R\n\n\"srcaddr\" \"dstaddr\"\n"),
        Some(b' ')
    );
    assert_eq!(recognize(b"#Fields: srcaddr dstaddr\n1,2\n"), None);
}

/// Loads a table whose every line must come back.
#[track_caller]
fn load(table: &str) -> Store {
    let loaded = load_bytes(table.as_bytes());
    let store = loaded.store;
    let (mut out, mut last) = (String::new(), None);
    for row in (0..u32::try_from(store.rows()).unwrap()).map(RowId) {
        let (chunk, offset) = store.chunk_of(row);
        let header = &chunk.run(offset).layout.header;
        if let Some(text) = header.as_ref().filter(|_| last.as_ref() != Some(header)) {
            writeln!(out, "{text}").unwrap();
        }
        last = Some(header.clone());
        writeln!(out, "{}", store.line_text(row)).unwrap();
    }
    assert_eq!(out, table);
    store
}

#[test]
fn every_line_comes_back_byte_for_byte() {
    let rows = |separator: &str, quote: &str, end: &str| {
        let mut table = String::new();
        for line in [HEADER, RECORD, &RECORD.replace("22", "0022"), RECORD] {
            let words: Vec<String> = line
                .split(' ')
                .map(|word| format!("{quote}{word}{quote}"))
                .collect();
            writeln!(table, "{}{end}", words.join(separator)).unwrap();
        }
        table
    };
    for separator in [",", ";"] {
        for quote in ["", "\""] {
            for end in ["", "\r"] {
                let store = load(&rows(separator, quote, end));
                assert_eq!(store.rows(), 3);
                assert_eq!(store.sources()[0].format, "csv");
                assert_eq!(store.number(RowId(1), id::DSTPORT), Some(22));
                let kept = store.chunks()[0].originals().count();
                assert_eq!(
                    kept, 1,
                    "only what is odd is kept: {separator} {quote} {end:?}"
                );
            }
        }
    }
}

#[test]
fn values_that_are_missing_are_nothing_or_a_dash() {
    let store = load("srcaddr,bytes,action\n,,\n1.2.3.4,5,ACCEPT\n1.2.3.4,,OK\n,6,\n");
    assert_eq!(store.cell_text(RowId(0), id::SRCADDR), "-");
    assert_eq!(store.number(RowId(3), id::BYTES), Some(6));
    assert_eq!(store.chunks()[0].originals().count(), 0);
    let store = load("srcaddr,bytes,action\n-,-,-\n1.2.3.4,-,OK\n,,OK\n");
    assert_eq!(store.chunks()[0].originals().count(), 1);
    let store = load("\"srcaddr\",\"bytes\"\n\"1.2.3.4\",\n\"1.2.3.4\",\"5\"\n\"-\",\n");
    assert_eq!(store.cell_text(RowId(0), id::BYTES), "-");
}

#[test]
fn numbers_and_times_of_other_tools_are_read() {
    let store = load(
        "srcaddr,bytes,start,end,protocol\n1.2.3.4,443.0,2023-09-25 18:00:01.000,2023-09-25T18:00:02Z,6.0\n\
         1.2.3.4,1.5e3,1695664801000,1695664802.0,tcp\n",
    );
    for row in [RowId(0), RowId(1)] {
        assert_eq!(store.number(row, id::START), Some(1_695_664_801));
        assert_eq!(store.number(row, id::END), Some(1_695_664_802));
        assert_eq!(store.number(row, id::PROTOCOL), Some(6));
    }
    assert_eq!(store.number(RowId(1), id::BYTES), Some(1500));
    let store = load(
        "srcaddr,protocol,start,end\n1.2.3.4,ICMPv6,2023/09/25 18:00:01,\"Sep 25, 2023 @ 18:00:02.000\"\n",
    );
    assert_eq!(store.number(RowId(0), id::PROTOCOL), Some(58));
    assert_eq!(store.number(RowId(0), id::START), Some(1_695_664_801));
    assert_eq!(store.number(RowId(0), id::END), Some(1_695_664_802));
}

#[test]
fn rows_with_too_many_or_too_few_values_are_rejects_with_their_line() {
    let table =
        "srcaddr,bytes,action\n1.2.3.4,5\n1.2.3.4,5,OK,\"x\ny\"\n1.2.3.4,x,OK\n1.2.3.4,5,OK\n";
    let loaded = load_bytes(table.as_bytes());
    let rejects = loaded.store.rejects();
    let kept: Vec<_> = rejects
        .kept
        .iter()
        .map(|reject| (reject.line, reject.reason.to_string(), reject.text.as_str()))
        .collect();
    assert_eq!(
        kept,
        [
            (2, "too few fields".to_owned(), "1.2.3.4,5"),
            (3, "too many fields".to_owned(), "1.2.3.4,5,OK,\"x\ny\""),
            (4, "bad bytes".to_owned(), "1.2.3.4,x,OK"),
        ]
    );
    assert_eq!(loaded.store.source_position(RowId(0)), (0, 5));
}

#[test]
fn a_header_in_the_middle_changes_the_columns() {
    let store = load("srcaddr,bytes\n1.2.3.4,5\nbytes,srcaddr\n6,1.2.3.4\n");
    assert_eq!(store.line_counts().headers, 2);
    assert_eq!(store.number(RowId(1), id::BYTES), Some(6));
}

#[test]
fn a_table_with_neither_an_address_nor_a_time_has_no_records() {
    for size in [1, 7, 1 << 16] {
        let table = "action,count\nACCEPT,5\nREJECT,6\n";
        assert_eq!(lines(table, size), (Vec::new(), "csv"));
    }
    let unsupported = |table: &str| {
        let mut csv = Csv::new(b',', None);
        csv.input.extend(table.as_bytes());
        csv.finish(&End::Whole, &mut Piece::default());
        csv.unsupported()
    };
    let sentence = |table: &str| unsupported(table).unwrap().problem().sentence();
    assert_eq!(
        sentence("srcport,bytes\n22,5\n"),
        "this is a table without an address or a time of a flow log (its columns are srcport, bytes), which is not \
         supported; export at least one of srcaddr, dstaddr, pkt-srcaddr, pkt-dstaddr, start, end as well; groups \
         and sums are not records"
    );
    assert!(
        sentence("InstanceId,VpcId,PrivateIpAddress\n").contains("EC2 instances, not a flow log")
    );
    assert!(sentence("srcaddr,query_name,query_type\n").contains("queries to Route 53"));
    for table in [
        "srcaddr,bytes\n",
        "pkt_dstaddr,bytes\n",
        "end,bytes\n",
        "action,message\n",
        "Start Time,action\n",
    ] {
        assert_eq!(unsupported(table), None, "{table}");
    }
}

#[test]
fn a_table_without_records_in_the_middle_is_rejects_until_another_header() {
    check(
        "srcaddr,bytes\n1.2.3.4,5\nsrcport,bytes\n22,5\n\n\"23\",\"6\"\nsrcaddr,bytes\n1.2.3.5,6\n",
        "csv",
        &[
            "header srcaddr|bytes|srcaddr,bytes",
            "1.2.3.4 5",
            "reject NoFlow srcport,bytes",
            "reject NoFlow 22,5",
            "",
            "reject NoFlow \"23\",\"6\"",
            "header srcaddr|bytes|srcaddr,bytes",
            "1.2.3.5 6",
        ],
    );
}

#[test]
fn a_table_without_a_header_has_the_default_order() {
    let line = RECORD.replace(' ', ",");
    let store = load(&format!("{line}\n{line}\n"));
    assert_eq!((store.rows(), store.line_counts().headers), (2, 0));
    assert_eq!(store.number(RowId(1), id::DSTPORT), Some(22));
}

#[test]
fn what_follows_an_open_quotation_mark_is_read_however_long_it_is() {
    let rows = "1.2.3.4,5\n".repeat(60_000);
    let table = format!("srcaddr,bytes\n\"{rows}");
    let loaded = load_bytes(table.as_bytes());
    let counts = loaded.store.line_counts();
    assert_eq!(
        (counts.headers, counts.records, counts.rejects),
        (1, 59_999, 1)
    );
}

#[test]
fn what_a_value_means_does_not_depend_on_how_many_bytes_have_come() {
    for count in [10, 19_000, 30_000] {
        let rows = "1.2.3.4;5;x\n".repeat(count);
        let table = format!(
            "srcaddr;bytes;note\n1.2.3.4;8,855;NA\n{rows}1.2.3.4;5,000,000;y\n1.2.3.4;NA;NA\n1.2.3.4;1,000;\n"
        );
        let (whole, _) = lines(&table, 1 << 20);
        let first = if count == 30_000 {
            "reject AmbiguousNumber"
        } else {
            "row 1.2.3.4|8855|-|"
        };
        assert!(whole[1].starts_with(first), "{}", whole[1]);
        assert!(whole.last().unwrap().starts_with("row 1.2.3.4|1000|-|"));
        for size in [5000, 1 << 16] {
            assert_eq!(lines(&table, size).0, whole, "in portions of {size}");
        }
    }
}

#[test]
fn records_between_tabs_without_a_line_of_names_are_text() {
    let line = "2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT \
                OK\teni-1235b8ca123456789-all\t1418530010000\n";
    assert_eq!(recognize(line.repeat(2).as_bytes()), None);
}
