//! Records in an order that no header tells, in tables and JSON: they are read as lines of text are.

use super::orders::{guess, lab};
use super::*;
use crate::schema::id;

/// The records of the lab without a header, one without traffic first, and the names of their fields.
fn records() -> (String, Vec<String>) {
    let (header, mut lines) = lab();
    let silent = lines.iter().position(|line| line.contains("NODATA"));
    lines.swap(0, silent.expect("the lab has NODATA"));
    lines.truncate(200);
    (header, lines)
}

/// The records of a file, which all have been read, with the values of each.
#[track_caller]
fn values(loaded: &Loaded, text: &str) -> Vec<Vec<String>> {
    let text: String = text.chars().take(600).collect();
    assert_eq!(loaded.store.rejects().kept, [], "{text}");
    let records = seen(&loaded.store).records.into_iter();
    records.map(|(.., values)| values).collect()
}

/// Checks that `text` has the records of the lab, in an order that was inferred and used.
#[track_caller]
fn check(text: &str) -> Loaded {
    let (header, lines) = records();
    let expected = load_bytes((lines.join("\n") + "\n").as_bytes());
    let loaded = load_bytes(text.as_bytes());
    assert_eq!(values(&loaded, text), values(&expected, ""));
    let guess = guess(&loaded).expect("an inferred order");
    assert!(guess.is_used && guess.names() == header, "{guess:?}");
    assert_eq!(loaded.store.sources()[0].assumed.len(), 1);
    loaded
}

fn joined(rows: impl Iterator<Item = String>) -> String {
    rows.map(|row| row + "\n").collect()
}

#[test]
fn messages_in_a_column_of_a_table_have_an_inferred_order() {
    let (_, lines) = records();
    let time = "2026-11-23 02:21:00.000";
    for (header, before, after) in [
        (
            "@timestamp,@message,@ptr\n",
            "2026-11-23 02:21:00.000,\"",
            "\",\"Cm\"",
        ),
        (
            "_time,host,_raw,source\n",
            "\"2026-11-23T02:21:00.000+0000\",h,\"",
            "\",s",
        ),
        ("message\n", "", ""),
        ("\"@message\"\n", "\"", "\""),
        ("id,line\n", "7,", ""),
        ("id\tline\n", "7\t", ""),
        ("", "2026-11-23T02:21:00Z,\"", "\""),
        ("", "7;\"", "\";x"),
    ] {
        let rows = lines.iter().map(|line| format!("{before}{line}{after}"));
        check(&(header.to_owned() + &joined(rows)));
    }
    let logs = lines.iter().map(|line| format!("{time},\"{line}\""));
    let gzipped = gzip((format!("time,log\n{}", joined(logs))).as_bytes());
    assert_eq!(load_bytes(&gzipped).store.rows(), lines.len());
}

#[test]
fn rows_without_a_header_have_an_inferred_order() {
    let (_, lines) = records();
    for separator in [",", ";", "|", "\u{1}", "\t"] {
        for missing in ["-", "", "NA", "NULL", "\\N"] {
            let row = |line: &String| {
                let words = line.split(' ');
                let words = words.map(|word| if word == "-" { missing } else { word });
                words.collect::<Vec<_>>().join(separator)
            };
            let text = joined(lines.iter().map(row));
            if separator == "\t" && missing.is_empty() {
                continue;
            }
            let loaded = check(&text);
            assert!(text.starts_with(&loaded.store.line_text(RowId(0))));
        }
    }
}

#[test]
fn an_index_quotation_marks_and_points_are_no_part_of_values() {
    let (_, lines) = records();
    let row = |line: &String, quote: &str| {
        let words = line.split(' ').map(|word| format!("{quote}{word}{quote}"));
        words.collect::<Vec<_>>().join(",")
    };
    check(&joined(lines.iter().map(|line| row(line, "\""))));
    let numbered = lines.iter().enumerate();
    let numbered = numbered.map(|(index, line)| format!("{index},{}", row(line, "")));
    let loaded = check(&joined(numbered));
    assert!(loaded.store.line_text(RowId(3)).starts_with("3,"));
    // pandas makes fractions of numbers where one is missing.
    let fraction = |line: &String| {
        let words = line.split(' ').map(|word| match word {
            "-" => String::new(),
            word if word.len() < 6 && word.parse::<u16>().is_ok() => format!("{word}.0"),
            word => word.to_owned(),
        });
        words.collect::<Vec<_>>().join(",")
    };
    check(&joined(lines.iter().map(fraction)));
}

#[test]
fn one_row_is_a_question_as_one_line_is() {
    let (header, lines) = records();
    let line = lines.iter().find(|line| line.contains("ACCEPT")).unwrap();
    for text in [
        line.replace(' ', ","),
        line.replace(' ', "\u{1}"),
        format!("@timestamp,@message\n7,\"{line}\""),
        format!("id,line\n7,\"{line}\""),
    ] {
        let loaded = load_bytes(text.as_bytes());
        assert_eq!(loaded.store.rows(), 0, "{text}");
        let reasons: Vec<_> = loaded.store.rejects().by_reason.keys().collect();
        assert_eq!(reasons, [&RejectReason::UnknownLayout], "{text}");
        let guess = guess(&loaded).expect("a proposal");
        assert!(!guess.is_used, "{guess:?}");
        assert_eq!(guess.columns.len(), header.split(' ').count());
    }
}

#[test]
fn lines_of_text_with_commas_in_a_value_are_no_table() {
    let (_, lines) = records();
    let tagged = joined(lines.iter().map(|line| format!("{line} a,b")));
    let loaded = load_bytes(tagged.as_bytes());
    assert_eq!(loaded.store.sources()[0].format, "text");
    assert_eq!(loaded.store.rows(), lines.len());
}

#[test]
fn an_inferred_order_holds_behind_rows_with_names_too() {
    let (_, lines) = records();
    let row = "{\"srcaddr\":\"10.0.0.1\",\"bytes\":60}\n";
    let messages = joined(lines.iter().map(|line| format!("{{\"log\":\"{line}\"}}")));
    let loaded = load_bytes(format!("{messages}{row}{messages}").as_bytes());
    assert_eq!(loaded.store.rejects().kept, []);
    assert_eq!(loaded.store.rows(), 2 * lines.len() + 1);
}

/// The default format with the addresses in each other's place.
const SWAPPED: &str = "version account-id interface-id dstaddr srcaddr srcport dstport protocol packets bytes start end action log-status";

/// The only file, read in the order that the user gives.
fn with_order(text: &str, log_format: &str) -> Loaded {
    let folder = folder(&[("file", text.as_bytes())]);
    let options = Options {
        log_format: Some(log_format.into()),
        ..Options::default()
    };
    load_path(folder.path(), options)
}

/// The default format in every form without a header.
fn forms() -> [String; 6] {
    let words: Vec<&str> = RECORD.split(' ').collect();
    [
        RECORD.to_owned(),
        words.join(","),
        format!("0,{}", words.join(",")),
        format!("@timestamp,@message\n7,\"{RECORD}\""),
        format!("{{\"log\":\"{RECORD}\"}}"),
        format!("[\"{}\"]", words.join("\",\"")),
    ]
}

#[test]
fn a_given_order_wins_over_a_known_one_in_every_form() {
    for text in forms() {
        let loaded = with_order(&(text.clone() + "\n"), SWAPPED);
        assert_eq!(loaded.store.rejects().kept, [], "{text}");
        let address = loaded.store.cell_text(RowId(0), id::SRCADDR);
        assert_eq!(address, "172.31.16.21", "{text}");
        assert_eq!(loaded.store.sources()[0].warnings, [""; 0], "{text}");
    }
}

#[test]
fn a_given_order_that_does_not_fit_is_said() {
    for text in forms() {
        let loaded = with_order(&(text.clone() + "\n"), "srcaddr dstaddr action");
        assert_eq!(loaded.store.rejects().kept, [], "{text}");
        let address = loaded.store.cell_text(RowId(0), id::SRCADDR);
        assert_eq!(address, "172.31.16.139", "{text}");
        let warnings = loaded.store.sources()[0].warnings.join("\n");
        assert!(warnings.contains("--log-format"), "{text}: {warnings}");
    }
    for text in [
        "10.0.0.1 10.0.0.2 6 REJECT\n",
        "10.0.0.1,10.0.0.2,6,REJECT\n",
    ] {
        let loaded = with_order(text, "srcaddr dstaddr action");
        assert_eq!(loaded.store.rejects().count(), 1, "{text}");
        let warnings = loaded.store.sources()[0].warnings.join("\n");
        assert!(
            warnings.contains("1 line does not fit --log-format"),
            "{text}: {warnings}"
        );
    }
}

#[test]
fn an_accepted_order_is_used_for_tables_and_said() {
    let folder = folder(&[(
        "in/a.csv",
        b"7,10.0.0.1,10.0.0.2,x\n8,10.0.0.1,10.0.0.2,y\n",
    )]);
    let order = "bytes srcaddr dstaddr note";
    let options = Options {
        remembered: vec![(folder.path().join("in"), order.into())],
        ..Options::default()
    };
    let loaded = load_path(folder.path(), options);
    assert_eq!(loaded.store.cell_text(RowId(1), id::BYTES), "8");
    let warnings = loaded.store.sources()[0].warnings.join("\n");
    assert!(warnings.contains("accepted for its folder"), "{warnings}");
}

#[test]
fn text_in_rows_without_a_header_stays_as_it_is() {
    let (_, lines) = records();
    let row = |(index, line): (usize, &String)| {
        let tag = ["web server", "NA", "b"][index % 3];
        format!("{},{tag}", line.replace(' ', ","))
    };
    let loaded = load_bytes(joined(lines.iter().enumerate().map(row)).as_bytes());
    let values = values(&loaded, "");
    let tags: Vec<&str> = values[..3]
        .iter()
        .map(|values| &**values.last().unwrap())
        .collect();
    let tags: Vec<&str> = tags
        .iter()
        .map(|tag| tag.split_once('=').unwrap().1)
        .collect();
    assert_eq!(tags, ["web server", "NA", "b"]);
}
