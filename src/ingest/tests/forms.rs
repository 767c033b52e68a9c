//! The forms other than text: what is read of them is what text would have given, however the bytes come.

use std::borrow::Cow;
use std::fmt::Write as _;

use proptest::prelude::*;

use super::properties::{print, read, read_plainly, text, word};
use super::*;
use crate::ingest::text::{account, parse};
use crate::schema::{FIELDS, FieldId};
use crate::store::{Compression, Layout, LineStyle};

/// The samples of the records that are there in every form, and what each is.
const SAMPLES: &[(&str, &str)] = &[
    ("athena-results.csv", "csv"),
    ("awscli-page.txt", "messages"),
    ("cloudwatch-events.json", "json-events"),
    ("console-events.csv", "csv-messages"),
    ("firehose-messages.json", "json-messages"),
    ("insights-results.csv", "csv-messages"),
    ("insights-results.json", "insights-json"),
    ("rows.json", "json-rows"),
    ("subscription.json.gz", "json-events"),
];

/// The values of every record, by the names of the fields of the default format.
fn values(store: &Store) -> Vec<Vec<String>> {
    let rows = (0..u32::try_from(store.rows()).unwrap()).map(RowId);
    let value = |row| {
        let fields = crate::schema::DEFAULT_FORMAT.iter();
        fields.map(|field| store.cell_text(row, *field)).collect()
    };
    rows.map(value).collect()
}

#[test]
fn the_samples_hold_the_same_records_in_every_form() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-logs/formats");
    let mut first = None;
    for (name, format) in SAMPLES {
        let loaded = load_path(&folder.join(name), Options::default());
        let store = &loaded.store;
        let source = &store.sources()[0];
        assert_eq!((source.format, &source.status), (*format, &Status::Ok));
        assert_eq!(store.line_counts().rejects, 0, "{name}");
        let values = values(store);
        assert_eq!(values.len(), 12);
        assert_eq!(
            first.get_or_insert_with(|| values.clone()),
            &values,
            "{name}"
        );
    }
}

#[test]
fn lines_of_messages_are_the_messages_and_those_of_rows_their_words() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-logs/formats");
    let line = |name: &str| {
        let store = load_path(&folder.join(name), Options::default()).store;
        store.line_text(RowId(11))
    };
    let message =
        "2 123456789012 eni-0c3d5e7f901234567 - - - - - - - 1795400880 1795400939 - NODATA";
    for name in ["cloudwatch-events.json", "console-events.csv", "rows.json"] {
        assert_eq!(line(name), message, "{name}");
    }
    let row = "\"2\",\"123456789012\",\"eni-0c3d5e7f901234567\",\"-\",\"-\",,,,,,\"1795400880\",\"1795400939\",\"-\",\"NODATA\"";
    assert_eq!(line("athena-results.csv"), row);
}

#[test]
fn a_damaged_document_gives_what_came_before_the_damage() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-logs/formats");
    for (name, format) in SAMPLES {
        let whole = fs::read(folder.join(name)).unwrap();
        for at in (98..whole.len()).step_by(97) {
            let loaded = load_bytes(&whole[..at]);
            let line_counts = loaded.store.line_counts();
            assert_eq!(loaded.store.rows() as u64, line_counts.records);
            assert!(
                line_counts.rejects <= 1 && line_counts.records <= 12,
                "{name}: {at}"
            );
            let status = loaded.store.sources()[0].status.name();
            // Formats of lines may end with any line.
            let has_lines = [
                "csv",
                "csv-messages",
                "json-messages",
                "json-rows",
                "messages",
            ];
            assert!(
                status == "truncated" || has_lines.contains(format),
                "{name}: {at}: {status}"
            );
            let mut damaged = whole.clone();
            damaged[at] ^= 0x15;
            let loaded = load_bytes(&damaged);
            assert_eq!(
                loaded.store.rows() as u64,
                loaded.store.line_counts().records
            );
        }
    }
}

#[test]
fn a_broken_document_is_named_with_the_event_and_a_way_out() {
    let document = format!("{{\"events\":[{{\"message\":\"{RECORD}\"}},{{\"message\" 7}}]}}");
    let loaded = load_bytes(document.as_bytes());
    let source = &loaded.store.sources()[0];
    assert_eq!(source.status.name(), "corrupt");
    let error = source.status.error().unwrap();
    assert!(
        error.contains("event 2") && error.contains("download the file again"),
        "{error}"
    );
    assert_eq!(
        (source.line_counts.records, source.line_counts.rejects),
        (1, 1)
    );
    let cut = load_bytes(&document.as_bytes()[..document.len() - 12]);
    assert_eq!(cut.store.sources()[0].status.name(), "truncated");
}

#[test]
fn an_empty_document_has_nothing_and_is_whole() {
    for document in [
        "{\"events\":[]}",
        "[]",
        "{\"results\":[],\"status\":\"Complete\"}",
    ] {
        let loaded = load_bytes(document.as_bytes());
        let source = &loaded.store.sources()[0];
        assert_eq!((&source.status, source.line_counts.lines), (&Status::Ok, 0));
    }
}

#[test]
fn spellings_of_every_other_tool_are_fields() {
    let document = r#"[{"AccountId":"1","InterfaceId":"eni-1","SrcAddr":"1.2.3.4","dst_addr":"1.2.3.5","srcPort":1,"DstPort":"22",
        "numbytes":5,"numpackets":1,"starttime":10,"endtime":20,"log-status":"OK","pktSrcAddr":"1.2.3.6","azId":"use1-az1",
        "sourceaddress":"9.9.9.9","windowstart":"1","flowlogstatus":"OK","destinationport":"1","nextHopAzId":"use1-az2"}]"#;
    let loaded = load_bytes(document.as_bytes());
    let names: Vec<String> = loaded.store.sources()[0].layouts[0]
        .fields
        .iter()
        .map(|field| loaded.store.catalog.name(*field))
        .collect();
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    assert_eq!(
        known,
        [
            "account-id",
            "interface-id",
            "srcaddr",
            "dstaddr",
            "srcport",
            "dstport",
            "bytes",
            "packets",
            "start",
            "end",
            "log-status",
            "pkt-srcaddr",
            "az-id",
            "sourceaddress (2)",
            "windowstart (2)",
            "flowlogstatus (2)",
            "destinationport (2)",
            "next-hop-az-id"
        ]
    );
}

/// Lines as a document of events.
fn document(lines: &[String], shape: usize) -> Vec<u8> {
    let mut out = String::new();
    let quoted = |line: &String| serde_json::to_string(line).unwrap();
    match shape {
        0 => {
            let events: Vec<String> = lines
                .iter()
                .map(|line| {
                    format!(
                        "{{\"timestamp\":1, \"message\": {} , \"x\":[{{}}]}}",
                        quoted(line)
                    )
                })
                .collect();
            write!(
                out,
                "{{\"events\":[{}],\"nextToken\":null}}",
                events.join(",\n")
            )
            .unwrap();
        }
        1 => {
            for line in lines {
                write!(out, "{{\"message\":{}}}", quoted(line)).unwrap();
            }
        }
        // A list of single words would be a row of values.
        2 if lines.iter().all(|line| line.contains(' ')) => {
            let events: Vec<String> = lines.iter().map(quoted).collect();
            write!(out, "[{}]", events.join(" ,")).unwrap();
        }
        3 => {
            for chunk in lines.chunks(3) {
                let events: Vec<String> = chunk
                    .iter()
                    .map(|line| format!("{{\"id\":\"1\",\"message\":{},\"extractedFields\":{{\"srcaddr\":\"-\"}}}}", quoted(line)))
                    .collect();
                let events = events.join(",");
                writeln!(
                    out,
                    "{{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[{events}]}}"
                )
                .unwrap();
            }
        }
        _ => {
            let rows: Vec<String> = lines
                .iter()
                .map(|line| format!("[{{\"field\":\"@message\",\"value\":{}}}]", quoted(line)))
                .collect();
            write!(out, "{{\"results\":[{}]}}", rows.join(",")).unwrap();
        }
    }
    out.into_bytes()
}

/// The fields of rows, and rows of words that mostly fit them.
fn table() -> impl Strategy<Value = (Vec<usize>, Vec<Vec<String>>)> {
    let fields = prop::sample::subsequence((0..72).collect::<Vec<usize>>(), 1..14);
    fields.prop_flat_map(|fields| {
        let words: Vec<_> = fields
            .iter()
            .map(|field| word(FIELDS[*field].kind))
            .collect();
        (Just(fields), prop::collection::vec(words, 0..20))
    })
}

/// Values of records and reasons of rejects, each with its line.
type Outcome = (Vec<(u64, Vec<String>)>, Vec<(u64, RejectReason)>);

/// What is to be read of rows: values of records and reasons of rejects, each with its line.
fn expected(fields: &[usize], rows: &[Vec<String>], first: u64) -> Outcome {
    let layout = Layout {
        fields: fields
            .iter()
            .map(|field| crate::schema::FieldId::from_index(*field))
            .collect(),
        style: LineStyle::Values,
        ..Layout::default()
    };
    let (mut records, mut rejects) = (Vec::new(), Vec::new());
    for (line, row) in (first..).zip(rows) {
        let words = layout.fields.iter().zip(row).map(|(field, word)| {
            let word = word.trim();
            let account = account::is_account(*field)
                .then(|| account::of_number(word))
                .flatten();
            account.unwrap_or(Cow::Borrowed(word))
        });
        let words: Vec<Cow<'_, str>> = words.collect();
        let words = words.iter().map(AsRef::as_ref);
        match parse::values(words, &layout, InputZone::Assumed) {
            Ok(record) => records.push((line, print(&Catalog::default(), &layout, &record.values))),
            Err(reason) => rejects.push((line, reason)),
        }
    }
    (records, rejects)
}

fn found(seen: &Seen) -> Outcome {
    let records = seen
        .records
        .iter()
        .map(|(_, line, _, values)| (*line, values.clone()));
    let rejects = seen
        .rejects
        .iter()
        .map(|(_, line, reason, _)| (*line, reason.clone()));
    (records.collect(), rejects.collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn messages_are_read_as_the_lines_that_they_are(
        text in text(),
        shape in 0usize..5,
        sizes in prop::collection::vec(1usize..400, 1..20),
    ) {
        let text = String::from_utf8_lossy(&text).into_owned();
        let text = text.strip_suffix('\n').unwrap_or(&text);
        let lines: Vec<String> = text.split('\n').map(|line| line.trim_end_matches('\r').to_owned()).collect();
        let expected = read_plainly(format!("{}\n", lines.join("\n")).as_bytes());
        let seen = read(document(&lines, shape), sizes.clone(), Compression::NONE);
        prop_assert_eq!(&seen, &expected);
        let mut csv = ::csv::Writer::from_writer(Vec::new());
        csv.write_record(["timestamp", "message"]).unwrap();
        for line in &lines {
            csv.write_record(["1", line]).unwrap();
        }
        let seen = read(csv.into_inner().unwrap(), sizes, Compression::NONE);
        let records = |seen: &Seen| -> Vec<_> { seen.records.iter().map(|record| record.2.clone()).collect() };
        prop_assert_eq!(records(&seen), records(&expected));
        prop_assert_eq!(seen.line_counts.headers, expected.line_counts.headers + 1);
        prop_assert_eq!(seen.line_counts.rejects, expected.line_counts.rejects);
    }

    #[test]
    fn rows_have_the_values_that_they_were_written_with(
        (fields, rows) in table(),
        sizes in prop::collection::vec(1usize..400, 1..20),
        style in 0usize..3,
    ) {
        let names: Vec<&str> = fields.iter().map(|field| FIELDS[*field].column).collect();
        let mut json = String::from("[");
        for row in &rows {
            let members: Vec<String> = names.iter().zip(row)
                .map(|(name, word)| format!("\"{name}\":{}", serde_json::to_string(word.trim()).unwrap()))
                .collect();
            write!(json, "{}{{{}}}", if json.len() > 1 { "," } else { "" }, members.join(",")).unwrap();
        }
        json.push(']');
        let seen = read(json.into_bytes(), sizes.clone(), Compression::NONE);
        prop_assert!(seen.line_counts.is_balanced());
        let has_flow = fields.iter().any(|field| FieldId::from_index(*field).is_address_or_time());
        if !has_flow && fields.len() == 1 {
            // One name alone is the header of a text.
            return Ok(());
        }
        if !has_flow {
            let lines = (1..).zip(&rows).map(|(line, _)| (line, RejectReason::NoFlow));
            prop_assert_eq!(found(&seen), (Vec::new(), lines.collect()));
            let csv = format!("{}\n{}", names.join(","), rows.iter().map(|row| row.join(",")).collect::<Vec<_>>().join("\n"));
            let seen = read(csv.into_bytes(), sizes, Compression::NONE);
            prop_assert!(seen.records.is_empty() && seen.line_counts.is_balanced());
            return Ok(());
        }
        prop_assert_eq!(found(&seen), expected(&fields, &rows, 1));

        if fields.len() == 1 {
            return Ok(());
        }
        let quoting = [::csv::QuoteStyle::Necessary, ::csv::QuoteStyle::Always, ::csv::QuoteStyle::NonNumeric][style];
        let mut csv = ::csv::WriterBuilder::new().quote_style(quoting).from_writer(Vec::new());
        csv.write_record(&names).unwrap();
        for row in &rows {
            csv.write_record(row).unwrap();
        }
        let csv = csv.into_inner().unwrap();
        // What no table begins with is another thing.
        let rows: Vec<Vec<String>> = rows.into_iter().filter(|row| !row[0].starts_with('#') || style > 0).collect();
        let seen = read(csv.clone(), sizes, Compression::NONE);
        prop_assert!(seen.line_counts.is_balanced());
        if seen.line_counts.comments == 0 {
            prop_assert_eq!(found(&seen), expected(&fields, &rows, 2));
        }
        let text = String::from_utf8(csv).unwrap();
        let lines: Vec<&str> = text.split('\n').collect();
        for (_, number, line, _) in &seen.records {
            prop_assert_eq!(line, lines[usize::try_from(*number).unwrap() - 1]);
        }
    }
}
