//! Tables as spreadsheets, R, pandas, Hive and other tools write them.

use super::*;
use crate::store::Assumed;

const NODATA: &str =
    "2 123456789010 eni-1235b8ca123456789 - - - - - - - 1418530010 1418530070 - NODATA";

/// The values of every record of a file as a line of the default format, without columns of other names.
#[track_caller]
fn values(text: &str) -> Vec<String> {
    let loaded = load_bytes(text.as_bytes());
    assert_eq!(loaded.store.rejects().kept, [], "{text}");
    words(&loaded.store)
}

fn words(store: &Store) -> Vec<String> {
    let names: Vec<&str> = HEADER.split(' ').collect();
    let records = seen(store).records.into_iter();
    let words = records.map(|(.., values)| {
        let known = values.iter().filter_map(|value| value.split_once('='));
        let known: Vec<&str> = known
            .filter(|(name, _)| names.contains(name))
            .map(|(_, value)| value)
            .collect();
        known.join(" ")
    });
    words.collect()
}

/// The default format as a table: `names` and rows are joined by `separator`, and what is missing is `missing`.
fn table(separator: &str, missing: &str) -> String {
    let row = |line: &str| {
        let words = line.split(' ');
        let words = words.map(|word| if word == "-" { missing } else { word });
        words.collect::<Vec<_>>().join(separator)
    };
    let header = HEADER.replace(' ', separator);
    format!(
        "{header}\n{}\n{}\n{}\n",
        row(NODATA),
        row(RECORD),
        row(NODATA)
    )
}

#[test]
fn words_for_missing_values_are_read_in_every_separator() {
    for separator in [",", ";", "\t", "|", "\u{1}"] {
        for missing in ["", "NA", "NULL", "\\N", "nan", "N/A", "None"] {
            let text = table(separator, missing);
            assert_eq!(values(&text), [NODATA, RECORD, NODATA], "{text}");
            let headless = text.split_once('\n').unwrap().1;
            let is_text = separator == "\t" && !missing.is_empty();
            if !is_text {
                assert_eq!(values(headless), [NODATA, RECORD, NODATA], "{headless}");
            }
        }
    }
}

#[test]
fn a_word_is_missing_in_text_only_where_numbers_have_it_too() {
    let tag = |rows: &str| -> Vec<String> {
        let text = format!("srcaddr,bytes,note\n{rows}");
        let loaded = load_bytes(text.as_bytes());
        let records = seen(&loaded.store).records.into_iter();
        records.map(|(.., values)| values[2].clone()).collect()
    };
    assert_eq!(tag("1.2.3.4,5,NA\n1.2.3.4,,x\n"), ["note=NA", "note=x"]);
    assert_eq!(tag("1.2.3.4,5,NA\n1.2.3.4,NA,x\n"), ["note=-", "note=x"]);
    assert_eq!(
        tag("1.2.3.4,NULL,NA\n1.2.3.4,5,NULL\n"),
        ["note=NA", "note=-"]
    );
    let far = format!(
        "1.2.3.4,5,NA\n{}1.2.3.4,NA,NA\n",
        "1.2.3.4,5,x\n".repeat(40_000)
    );
    let loaded = load_bytes(format!("srcaddr,bytes,note\n{far}").as_bytes());
    let warnings = &loaded.store.sources()[0].warnings;
    assert!(
        warnings[0].starts_with("`NA` in columns of text was kept as text"),
        "{warnings:?}"
    );
}

#[test]
fn an_index_or_names_of_rows_are_no_values() {
    let rows: Vec<String> = [NODATA, RECORD]
        .iter()
        .map(|row| row.replace(' ', ","))
        .collect();
    let header = HEADER.replace(' ', ",");
    let expected = [NODATA, RECORD];
    for text in [
        format!(",{header}\n0,{}\n1,{}\n", rows[0], rows[1]),
        format!("{header}\n\"1\",{}\n\"2\",{}\n", rows[0], rows[1]),
        format!("{header},\n{},\n{},\n", rows[0], rows[1]),
        format!("{header}\n{},\n{},\n", rows[0], rows[1]),
        format!("Unnamed: 0,{header}\n0,{}\n1,{}\n", rows[0], rows[1]),
        format!("...1,{header}\n0,{}\n1,{}\n", rows[0], rows[1]),
        format!("sep=,\r\n{header}\n{}\n{}\n", rows[0], rows[1]),
        format!("\n# made by hand\n\n{header}\n{}\n{}\n", rows[0], rows[1]),
        format!("{}\n{}\n{}\n", header.replace('-', "."), rows[0], rows[1]),
        format!(
            "flows.{}\n{}\n{}\n",
            header.replace(',', ",flows."),
            rows[0],
            rows[1]
        ),
    ] {
        assert_eq!(values(&text), expected, "{text}");
    }
}

#[test]
fn blanks_separate_values_where_r_writes_them() {
    let quoted = |line: &str| format!("\"{}\"", line.replace(' ', "\" \""));
    let row = |name: &str, line: &str| {
        let words: Vec<&str> = line
            .split(' ')
            .map(|word| if word == "-" { "NA" } else { word })
            .collect();
        format!("{name} {}", words.join(" "))
    };
    let header = quoted(HEADER);
    let rows = format!("{}\n{}\n", row("\"1\"", RECORD), row("\"2\"", NODATA));
    assert_eq!(values(&format!("{header}\n{rows}")), [RECORD, NODATA]);
    assert_eq!(
        values(&format!("{HEADER}\n{}", rows.replace('"', ""))),
        [RECORD, NODATA]
    );
}

/// The bytes of every record, and the reasons of the rejects.
fn bytes(rows: &[&str]) -> (Vec<String>, Vec<String>) {
    let text = format!("srcaddr;bytes\n1.2.3.4;{}\n", rows.join("\n1.2.3.4;"));
    let loaded = load_bytes(text.as_bytes());
    let records = seen(&loaded.store).records.into_iter();
    let rejects = loaded.store.rejects().kept.iter();
    (
        records
            .map(|(.., values)| values[1].replace("bytes=", ""))
            .collect(),
        rejects.map(|reject| reject.reason.to_string()).collect(),
    )
}

#[test]
fn numbers_of_spreadsheets_are_read_where_there_is_one_way_to() {
    let ambiguous = "comma or point in bytes may separate thousands or a fraction";
    let read = |rows: &[&str], expected: &[&str], rejected: &[&str]| {
        let (records, rejects) = bytes(rows);
        assert_eq!(
            (records, rejects),
            (owned(expected), owned(rejected)),
            "{rows:?}"
        );
    };
    read(&["8,855", "5,000,000,000"], &["8855", "5000000000"], &[]);
    read(&["8,855", "44"], &["44"], &[ambiguous]);
    read(&["57413,0", "44,00"], &["57413", "44"], &[]);
    read(&["57413,0", "1,000"], &["57413", "1"], &[]);
    read(&["57413,0", "8,855"], &["57413"], &[ambiguous]);
    read(
        &["57413.0", "5e+09", "=\"65536\"", "'65536"],
        &["57413", "5000000000", "65536", "65536"],
        &[],
    );
    read(&["1,5"], &[], &["bad bytes"]);
    read(&["1.000", "1.234.567"], &["1000", "1234567"], &[]);
    read(&["1.000", "840"], &["840"], &[ambiguous]);
}

#[test]
fn points_between_thousands_are_read_in_every_separator() {
    let bytes = |separator: &str, rows: &[&str]| {
        let rows: Vec<String> = rows
            .iter()
            .map(|row| format!("10.0.0.1,10.0.0.2,{row}\n"))
            .collect();
        let table = format!("srcaddr,dstaddr,bytes\n{}", rows.concat()).replace(',', separator);
        let loaded = load_bytes(table.as_bytes());
        let records = (0..u32::try_from(loaded.store.rows()).unwrap()).map(RowId);
        let bytes: Vec<_> = records
            .filter_map(|row| loaded.store.number(row, crate::schema::id::BYTES))
            .collect();
        (bytes, loaded.store.line_counts().rejects)
    };
    for separator in [",", ";", "\t", "|"] {
        let rows = ["840", "1.000", "1.234.567", "8.855"];
        assert_eq!(
            bytes(separator, &rows),
            (vec![840, 1000, 1_234_567, 8855], 0),
            "{separator}"
        );
        let rows = ["840.0", "1.000", "57413.000"];
        assert_eq!(
            bytes(separator, &rows),
            (vec![840, 1, 57413], 0),
            "{separator}"
        );
    }
    for (separator, read) in [(",", vec![840, 1]), ("\t", vec![840])] {
        let rejects = u64::from(separator == "\t");
        assert_eq!(
            bytes(separator, &["840", "1.000"]),
            (read, rejects),
            "{separator}"
        );
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[test]
fn accounts_that_were_numbers_get_their_zeros_back_and_that_is_said() {
    let accounts = |rows: &str| {
        let text = format!("account-id,srcaddr\n{rows}");
        let loaded = load_bytes(text.as_bytes());
        let records = seen(&loaded.store).records.into_iter();
        let accounts: Vec<String> = records
            .map(|(_, _, line, values)| {
                format!("{} of {line}", values[0].replace("account-id=", ""))
            })
            .collect();
        (accounts, loaded.store.sources()[0].assumed.clone())
    };
    assert_eq!(
        accounts(
            "123456789012,::1\n12345678901,::1\n123456789,::1\n123456789012.0,::1\n12345,::1\n"
        ),
        (
            owned(&[
                "123456789012 of 123456789012,::1",
                "012345678901 of 12345678901,::1",
                "000123456789 of 123456789,::1",
                "123456789012 of 123456789012.0,::1",
                "12345 of 12345,::1",
            ]),
            vec![Assumed::Zeros("12345678901".into())]
        )
    );
    let (_, assumed) = accounts("1.23457E+11,::1\n=\"012345678901\",::1\n");
    assert!(matches!(&assumed[..], [Assumed::Digits(_)]), "{assumed:?}");
}

#[test]
fn dates_of_spreadsheets_are_read_where_a_day_above_twelve_tells_the_order() {
    let starts = |rows: &[&str]| {
        let text = format!("srcaddr,start\n::1,{}\n", rows.join("\n::1,"));
        let loaded = load_bytes(text.as_bytes());
        let records = seen(&loaded.store).records.into_iter();
        let rejects = loaded.store.rejects().kept.iter();
        (
            records
                .map(|(.., values)| values[1].clone())
                .collect::<Vec<_>>(),
            rejects
                .map(|reject| reject.reason.to_string())
                .collect::<Vec<_>>(),
        )
    };
    let (records, rejects) = starts(&["12/2/2025 2:21", "12/23/2025 2:21:07 PM"]);
    assert_eq!(records, ["start=1764642060", "start=1766499667"]);
    assert_eq!(rejects, [""; 0]);
    let (records, rejects) = starts(&["12/2/2025 2:21", "1764642060"]);
    assert_eq!(records, ["start=1764642060"]);
    assert_eq!(
        rejects,
        ["day and month of start may be the other way round"]
    );
}

#[test]
fn the_text_of_a_record_in_a_cell_is_the_record() {
    for text in [
        format!("\"Time\",\"Line\",\"tsNs\"\n1,\"{RECORD}\",2\n2,\"{NODATA}\",3\n"),
        format!("Date,Host,Content\n1,,\"{RECORD}\"\n2,h,\"{NODATA}\"\n"),
        format!("_time,_raw,source\n1,\"{RECORD}\",a\n2,\"{NODATA}\",a\n"),
        format!("\"Line\"\n\"{RECORD}\"\n\"{NODATA}\"\n"),
        format!("message,text\nx,\"{RECORD}\"\ny,\"{NODATA}\"\n"),
    ] {
        assert_eq!(values(&text), [RECORD, NODATA], "{text}");
    }
    let text = format!("Time,Line\n1,\"{RECORD}\"\n2,hello\n");
    let loaded = load_bytes(text.as_bytes());
    assert_eq!(loaded.store.rows(), 1);
    assert_eq!(
        loaded.store.rejects().kept[0].reason,
        RejectReason::NoRecord
    );
}

#[test]
fn the_time_of_an_event_stands_in_for_start_where_there_is_no_other() {
    let start = |text: &str| {
        let loaded = load_bytes(text.as_bytes());
        let source = &loaded.store.sources()[0];
        let is_said = source.assumed.contains(&Assumed::Start("@timestamp"));
        (
            loaded.store.number(RowId(0), crate::schema::id::START),
            is_said,
        )
    };
    let time = "2014-12-13 20:20:10.000 UTC";
    for text in [
        format!("@timestamp,srcAddr\n{time},::1\n"),
        format!("{{\"@timestamp\":\"{time}\",\"srcAddr\":\"::1\"}}\n"),
    ] {
        assert_eq!(start(&text), (Some(1_418_502_010), true), "{text}");
    }
    for text in [
        format!("@timestamp,srcAddr,start\n{time},::1,1418530010\n"),
        format!("{{\"@timestamp\":\"{time}\",\"srcAddr\":\"::1\",\"start\":1418530010}}\n"),
    ] {
        assert_eq!(start(&text), (Some(1_418_530_010), false), "{text}");
    }
}
